"""Acting for another: what is handed over, for how long, to whom; and that three persons stay three."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts import queries
from plumbline.domain.accounts.models import Membership
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import PROGRAM, Actor, DelegationFacts, Grant, Handing, NewToken
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.directory.types import QualificationEntry
from plumbline.domain.journal import queries as journal
from plumbline.domain.journal.models import Act
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.laboratory.types import Measurement
from plumbline.domain.notices import queries as notices
from plumbline.domain.procedures import actions as procedures
from plumbline.domain.procedures import verification
from plumbline.domain.registers import actions as registers
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, InputError, InputErrors, RuleError, StateError
from tests.world import FROM, TODAY, World, moment, readings, sequence

UNTIL = TODAY + timedelta(days=6)
CHECKING = ("verification.review", "verification.send_back")
APPROVING = ("verification.approve", "verification.issue")
RECEIVING = ("verification.accept", "verification.assign")


def user_id(username: str) -> UUID:
    """Return the key of an account."""
    found: UUID = get_user_model().objects.values_list("id", flat=True).get(username=username)
    return found


def also(world: World, username: str, role: str) -> None:
    """Give an account of the institute a further role; as an actor of the world it keeps its first one."""
    world.actor(username)
    with scoped(EVERYTHING):
        accounts.give_role(SYSTEM, user_id(username), grant=Grant(world.organisations["institute"], role, FROM))


def handing(to: str, rights: tuple[str, ...]) -> Handing:
    """Return what is handed to an account from today on."""
    return Handing(user_id(to), rights, TODAY, UNTIL, "出差")


def hand(world: World, giver: str, given: Handing) -> DelegationFacts:
    """Let somebody hand rights over."""
    return world.do(giver, partial(registers.hand_over, handing=given, at=moment()))


def stand_in(world: World, username: str, on: date = TODAY) -> Actor:
    """Return an account as it acts in the place of the one person it stands in for."""
    with scoped(EVERYTHING):
        (found,) = queries.stand_ins(user_id(username), on=on)
    return replace(found, assurance=PROGRAM)


def act(actor: Actor, case: CaseFacts, name: str, form: dict[str, object] | None = None) -> CaseFacts:
    """Do an act on a case as it stands, as somebody."""
    with scoped(actor.scope):
        asked = ActRequest(name, form or {}, seen=cases.case(case.id).sequence, request_id=uuid4())
        return procedures.perform(actor, case.id, request=asked, at=moment())


def measured(world: World) -> CaseFacts:
    """Take a case to the checker."""
    return world.record(world.on_site())


# ---------------------------------------------------------------- the act says both


def test_an_act_in_another_s_place_says_who_did_it_and_in_whose_place(world: World) -> None:
    also(world, "keeper", "checker")
    case = measured(world)
    hand(world, "checker", handing("keeper", CHECKING))
    act(stand_in(world, "keeper"), case, "review")
    with scoped(EVERYTHING):
        done = journal.acts_of(case.id)[-1]
    assert (done.person_name, done.behalf_name, done.role) == ("测试keeper", "测试checker", "checker")
    assert (done.person_id, done.behalf_id) == (
        world.actor("keeper").person_id, world.actor("checker").person_id,
    )  # fmt: skip


def test_who_acted_in_another_s_place_is_found_again_until_it_is_taken_back(world: World) -> None:
    given = hand(world, "reception", handing("keeper", RECEIVING))
    actor = stand_in(world, "keeper")
    find = partial(queries.actor_again, actor.person_id, membership_id=given.id, on=TODAY)
    with scoped(EVERYTHING):
        found = find()
    world.do("reception", partial(registers.take_back, delegation_id=given.id, at=moment()))
    with scoped(EVERYTHING), pytest.raises(AccessError):
        find()
    assert found == actor


def test_the_handing_over_and_its_end_stand_in_the_story_of_the_account(world: World) -> None:
    given = hand(world, "reception", handing("keeper", RECEIVING))
    world.do("reception", partial(registers.take_back, delegation_id=given.id, at=moment()))
    with scoped(EVERYTHING):
        told = [(each.name, each.data["rights"]) for each in journal.acts_of(user_id("reception"))]
    assert told == [("delegation.give", list(RECEIVING)), ("delegation.end", list(RECEIVING))]


def test_the_delegate_is_told_by_a_notice_of_their_own(world: World) -> None:
    hand(world, "reception", handing("keeper", RECEIVING))
    told = world.do("keeper", notices.latest)
    assert [(each.kind, each.is_personal) for each in told] == [("account", True)]
    assert world.do("checker", notices.latest) == []


def test_the_database_holds_no_act_done_in_one_s_own_place(world: World) -> None:
    person = world.actor("checker").person_id
    row = Act(
        subject_kind="x", subject_id=uuid4(), sequence=1, name="x", user_id=person, person_id=person, person_name="x",
        role="checker", organisation_id=world.organisations["institute"], at=moment(), behalf_id=person,
        behalf_name="x",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="act_behalf_is_another"), scoped(EVERYTHING), transaction.atomic():
        row.save(force_insert=True)


# ---------------------------------------------------------------- what a delegate may


def test_a_delegate_may_only_what_was_handed_over(world: World) -> None:
    case = world.apply()
    hand(world, "reception", handing("keeper", ("verification.accept",)))
    actor = stand_in(world, "keeper")
    act(actor, case, "accept")
    with pytest.raises(AccessError):
        act(actor, case, "assign", world.people())


def test_what_waits_for_the_giver_waits_for_the_delegate(world: World) -> None:
    also(world, "keeper", "checker")
    case = measured(world)
    hand(world, "checker", handing("keeper", CHECKING))
    actor = stand_in(world, "keeper")
    with scoped(actor.scope):
        assert [each.id for each in cases.waiting_for(actor)] == [case.id]


def test_what_waits_by_a_right_not_handed_over_waits_for_nobody_new(world: World) -> None:
    world.apply()
    hand(world, "reception", handing("keeper", ("verification.deliver",)))
    actor = stand_in(world, "keeper")
    with scoped(actor.scope):
        assert cases.waiting_count(actor) == 0


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), UNTIL + timedelta(days=1)])
def test_before_its_first_day_and_after_its_last_a_delegation_gives_nothing(world: World, day: date) -> None:
    hand(world, "reception", handing("keeper", RECEIVING))
    with scoped(EVERYTHING):
        assert queries.stand_ins(user_id("keeper"), on=day) == []


def test_taken_back_it_gives_nothing_from_that_moment(world: World) -> None:
    given = hand(world, "reception", handing("keeper", RECEIVING))
    world.do("reception", partial(registers.take_back, delegation_id=given.id, at=moment()))
    with scoped(EVERYTHING):
        assert queries.stand_ins(user_id("keeper"), on=TODAY) == []


def test_the_delegate_may_give_it_back_and_the_giver_is_told(world: World) -> None:
    given = hand(world, "reception", handing("keeper", RECEIVING))
    world.do("keeper", partial(registers.take_back, delegation_id=given.id, at=moment()))
    assert [each.is_personal for each in world.do("reception", notices.latest)] == [True]


def test_nobody_else_may_end_it(world: World) -> None:
    given = hand(world, "reception", handing("keeper", RECEIVING))
    with pytest.raises(AccessError):
        world.do("verifier", partial(registers.take_back, delegation_id=given.id, at=moment()))


def test_ended_twice_it_says_so(world: World) -> None:
    given = hand(world, "reception", handing("keeper", RECEIVING))
    end = partial(registers.take_back, delegation_id=given.id, at=moment())
    world.do("reception", end)
    with pytest.raises(StateError):
        world.do("reception", end)


@pytest.mark.parametrize("username", ["reception", "keeper"])
def test_it_falls_with_the_role_of_giver_or_delegate(world: World, username: str) -> None:
    hand(world, "reception", handing("keeper", RECEIVING))
    with scoped(EVERYTHING):
        Membership.objects.filter(user__username=username).update(valid_to=TODAY - timedelta(days=1))
        assert queries.stand_ins(user_id("keeper"), on=TODAY) == []


def test_it_falls_with_the_giver_s_account(world: World) -> None:
    hand(world, "reception", handing("keeper", RECEIVING))
    with scoped(EVERYTHING):
        get_user_model().objects.filter(username="reception").update(is_active=False)
        assert queries.stand_ins(user_id("keeper"), on=TODAY) == []


# ---------------------------------------------------------------- what cannot be handed over


def test_what_was_handed_over_is_not_handed_on(world: World) -> None:
    hand(world, "reception", handing("keeper", RECEIVING))
    actor = stand_in(world, "keeper")
    with pytest.raises(AccessError), scoped(actor.scope):
        registers.hand_over(actor, handing("verifier", RECEIVING), at=moment())


def test_no_token_is_made_in_another_s_place(world: World) -> None:
    hand(world, "reception", handing("keeper", RECEIVING))
    actor = stand_in(world, "keeper")
    wanted = NewToken("测试", ("cases:read",), UNTIL, is_machine=False)
    with pytest.raises(AccessError, match="自己的角色"), scoped(actor.scope):
        registers.make_token(actor, wanted, request_id=uuid4(), at=moment())


def test_rights_of_a_checker_go_only_to_a_checker(world: World) -> None:
    with pytest.raises(RuleError):
        hand(world, "checker", handing("keeper", CHECKING))


def test_rights_one_has_not_cannot_be_handed_over(world: World) -> None:
    with pytest.raises(RuleError):
        hand(world, "reception", handing("keeper", ("verification.issue",)))


@pytest.mark.parametrize("to", ["owner", "reception"])
def test_it_goes_neither_out_of_the_house_nor_to_oneself(world: World, to: str) -> None:
    with pytest.raises(InputError):
        hand(world, "reception", handing(to, RECEIVING))


@pytest.mark.parametrize(
    "changed",
    [
        {"rights": ()},
        {"valid_from": TODAY - timedelta(days=1)},
        {"valid_to": TODAY - timedelta(days=1)},
        {"valid_to": TODAY + timedelta(days=400)},
        {"reason": " "},
    ],
)
def test_what_cannot_be_is_said_beside_its_field(world: World, changed: dict[str, object]) -> None:
    with pytest.raises(InputErrors) as refused:
        hand(world, "reception", replace(handing("keeper", RECEIVING), **changed))  # type: ignore[arg-type]  # by name
    assert next(iter(changed)) in {each.field for each in refused.value.errors}


def test_the_same_days_are_handed_to_one_person_once(world: World) -> None:
    hand(world, "reception", handing("keeper", ("verification.accept",)))
    with pytest.raises(InputError):
        hand(world, "reception", handing("keeper", ("verification.assign",)))


# ---------------------------------------------------------------- three persons stay three


def test_who_measured_cannot_check_in_the_checker_s_place(world: World) -> None:
    also(world, "verifier", "checker")
    case = measured(world)
    hand(world, "checker", handing("verifier", CHECKING))
    with pytest.raises(RuleError):
        act(stand_in(world, "verifier"), case, "review")


def test_who_checked_in_another_s_place_cannot_approve(world: World) -> None:
    also(world, "approver", "checker")
    case = measured(world)
    hand(world, "checker", handing("approver", CHECKING))
    act(stand_in(world, "approver"), case, "review")
    with pytest.raises(RuleError):
        act(world.actor("approver"), case, "approve")


def test_who_checked_cannot_approve_in_the_approver_s_place(world: World) -> None:
    also(world, "checker", "approver")
    case = measured(world)
    act(world.actor("checker"), case, "review")
    hand(world, "approver", handing("checker", APPROVING))
    with pytest.raises(RuleError):
        act(stand_in(world, "checker"), case, "approve")


def test_who_measured_cannot_issue_in_the_approver_s_place(world: World) -> None:
    also(world, "verifier", "approver")
    case = world.approved()
    hand(world, "approver", handing("verifier", APPROVING))
    actor = stand_in(world, "verifier")
    with scoped(actor.scope):
        asked = ActRequest("issue", {}, seen=cases.case(case.id).sequence, request_id=uuid4())
        with pytest.raises(RuleError):
            verification.issue(actor, jobs.jobs_of(case.id)[0].id, request=asked, at=moment())


def test_who_measured_in_the_verifier_s_place_cannot_check_in_their_own(world: World) -> None:
    also(world, "checker", "verifier")
    with scoped(EVERYTHING):
        registers.grant_qualification(world.actor("bureau"), _qualification(world, "checker"), at=moment())
    sequence()
    case = world.on_site()
    hand(world, "verifier", handing("checker", ("verification.record",)))
    actor = stand_in(world, "checker")
    with scoped(actor.scope):
        job_id = jobs.jobs_of(case.id)[0].id
        done = Measurement(readings(), (world.standard_id,), TODAY, "测试站")
        asked = ActRequest("record", {}, seen=cases.case(case.id).sequence, request_id=uuid4())
        verification.record(actor, job_id, measurement=done, request=asked, at=moment())
    with pytest.raises(RuleError):
        act(world.actor("checker"), case, "review")


def test_who_has_no_qualification_cannot_measure_in_the_verifier_s_place(world: World) -> None:
    case = world.on_site()
    hand(world, "verifier", handing("verifier2", ("verification.record",)))
    actor = stand_in(world, "verifier2")
    with scoped(actor.scope):
        job_id = jobs.jobs_of(case.id)[0].id
        done = Measurement(readings(), (world.standard_id,), TODAY, "测试站")
        asked = ActRequest("record", {}, seen=cases.case(case.id).sequence, request_id=uuid4())
        with pytest.raises(RuleError):
            verification.record(actor, job_id, measurement=done, request=asked, at=moment())


def _qualification(world: World, username: str) -> QualificationEntry:
    person = world.actor(username).person_id
    return QualificationEntry(person, world.organisations["institute"], "MV-FUEL", "资 9", FROM, UNTIL)


# ---------------------------------------------------------------- absence


def test_an_absence_is_seen_in_its_house_on_its_days(world: World) -> None:
    world.do("checker", partial(registers.note_absence, first_day=TODAY, last_day=UNTIL, at=moment()))
    house = world.organisations["institute"]
    found = world.do("reception", lambda _: queries.absences(house, on=TODAY))
    after = world.do("reception", lambda _: queries.absences(house, on=UNTIL + timedelta(days=1)))
    assert (list(found), after) == ([world.actor("checker").person_id], {})
    assert world.do("stranger", lambda _: queries.absences(house, on=TODAY)) == {}


def test_an_absence_taken_back_is_none(world: World) -> None:
    noted = world.do("checker", partial(registers.note_absence, first_day=TODAY, last_day=UNTIL, at=moment()))
    world.do("checker", partial(registers.end_absence, absence_id=noted.id, at=moment()))
    assert world.do("checker", lambda actor: queries.absences(actor.organisation_id, on=TODAY)) == {}


def test_nobody_takes_back_the_absence_of_another(world: World) -> None:
    noted = world.do("checker", partial(registers.note_absence, first_day=TODAY, last_day=UNTIL, at=moment()))
    with pytest.raises(InputError):
        world.do("approver", partial(registers.end_absence, absence_id=noted.id, at=moment()))


@pytest.mark.parametrize(
    ("first", "last"),
    [(TODAY, TODAY - timedelta(days=1)), (TODAY - timedelta(days=9), TODAY - timedelta(days=2)),
     (TODAY, TODAY + timedelta(days=500))],
)  # fmt: skip
def test_days_that_cannot_be_are_refused(world: World, first: date, last: date) -> None:
    with pytest.raises(InputErrors):
        world.do("checker", partial(registers.note_absence, first_day=first, last_day=last, at=moment()))


def test_the_same_days_are_noted_once(world: World) -> None:
    note = partial(registers.note_absence, first_day=TODAY, last_day=UNTIL, at=moment())
    world.do("checker", note)
    with pytest.raises(InputError):
        world.do("checker", note)
