"""A running case goes on elsewhere, openly: under a newer edition of its procedure, or with another house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts, ClockReading
from plumbline.domain.notices.models import Notice
from plumbline.domain.procedures import actions, queries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, Hidden, InputError, InputErrors, StateError
from plumbline.rulebook import procedures
from plumbline.rulebook.procedures.links import with_former
from tests.walking import Walk, form_of, opened, step
from tests.world import TODAY, World, moment

OLD = procedures.load("parallel_approval", "1")


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world, OLD)


def begun_under(walk: Walk, *names: str) -> CaseFacts:
    """Return a case of the old edition after some acts, as it would be had it begun before the new one came."""
    newest = procedures.load(OLD.id)
    with pytest.MonkeyPatch.context() as patched:
        held = {**procedures.all_procedures(), OLD.id: OLD}
        patched.setattr(procedures, "all_procedures", lambda: held)
        case = opened(walk, {})
    assert newest.edition != case.edition
    for name in names:
        case = step(walk, case, act=OLD.acts[name], said={})
    return case


def move(walk: Walk, case: CaseFacts, *, role: str = "province_metrology", house: str = "bureau") -> CaseFacts:
    actor = walk.actor(role, house)
    request = ActRequest("move_edition", {"reason": "新版可以同时办"}, seen=case.sequence, request_id=uuid4())
    with scoped(actor.scope):
        return actions.perform(actor, case.id, request=request, at=moment(walk.day))


@pytest.mark.parametrize(
    ("acts", "tracks"),
    [
        (("accept",), {"type": "type_waiting", "licence": "licence_waiting"}),
        (("accept", "give_out_evaluation"), {"type": "type_evaluated", "licence": "licence_waiting"}),
        (("accept", "grant_first"), {"type": "type_granted", "licence": "licence_waiting"}),
    ],
)
def test_a_case_goes_on_where_the_new_edition_says(
    walk: Walk, *, acts: tuple[str, ...], tracks: Mapping[str, str]
) -> None:
    case = begun_under(walk, *acts)
    now = move(walk, case)
    assert (now.edition, now.state, now.tracks, now.details) == ("2", "in_parallel", tracks, case.details)
    with scoped(EVERYTHING):
        kept, folded = cases.case(case.id), cases.folded(now)
    assert (kept.edition, folded.tracks, folded.states) == ("2", tracks, now.states)


def clock_of(case: CaseFacts, name: str) -> ClockReading:
    with scoped(EVERYTHING):
        return next(each for each in cases.folded(case).clocks if each.name == name)


def test_a_clock_that_stood_before_a_move_stood_then(walk: Walk) -> None:
    case = begun_under(walk, "accept", "give_out_evaluation")
    walk.day = date(2026, 12, 18)
    now = move(walk, case)
    assert not clock_of(now, "joint").is_running
    newer = Walk(walk.world, procedures.load(OLD.id), day=walk.day)
    again = clock_of(step(newer, now, act=newer.procedure.acts["take_evaluation"], said={}), "joint")
    assert (again.is_running, again.days) == (True, 45)
    assert again.limit_on is None or again.limit_on > date(2027, 2, 1)


def test_what_was_done_in_time_before_a_move_was_done_then(walk: Walk) -> None:
    case = begun_under(walk, "accept")
    walk.day = date(2026, 12, 18)
    assert clock_of(move(walk, case), "accept").met_on == TODAY


def test_who_acts_on_a_case_without_deciding_it_does_not_move_it(walk: Walk) -> None:
    case = begun_under(walk, "accept")
    with pytest.raises(AccessError):
        move(walk, case, role="city_metrology")


def test_what_is_done_after_it_follows_the_new_edition_to_its_end(walk: Walk) -> None:
    now = move(walk, begun_under(walk, "accept", "grant_first"))
    newer = Walk(walk.world, procedures.load(OLD.id))
    assert step(newer, now, act=newer.procedure.acts["grant_licence"], said={}).state == "both_granted"


def test_the_applicant_is_told_and_the_story_says_why(walk: Walk) -> None:
    now = move(walk, begun_under(walk, "accept"))
    with scoped(EVERYTHING):
        last = cases.story(now.id)[-1]
        assert Notice.objects.filter(recipient_id=now.owner_id, params__edition="2").exists()
    assert (last.name, last.data["edition"]) == ("move_edition", "2")


def test_it_is_offered_to_who_decides_alone(walk: Walk) -> None:
    case = begun_under(walk, "accept")
    officer, applicant = walk.actor("province_metrology", "bureau"), walk.actor(walk.applicant, "company")
    offered = []
    for each in (officer, applicant):
        with scoped(each.scope):
            offered.append("move_edition" in {one.act.name for one in cases.possible_acts(case, each)})
    assert offered == [True, False]
    with pytest.raises(AccessError):
        move(walk, case, role=walk.applicant, house="company")


def test_a_case_of_the_newest_edition_has_nowhere_to_go(walk: Walk) -> None:
    now = move(walk, begun_under(walk, "accept"))
    with pytest.raises(StateError, match="没有新版"):
        move(walk, now)


def test_who_has_not_seen_the_last_act_does_not_move_the_case(walk: Walk) -> None:
    case = begun_under(walk, "accept")
    step(walk, case, act=OLD.acts["extend_joint"], said={})
    with pytest.raises(StateError, match="您打开这一页以后"):
        move(walk, case)


@pytest.mark.parametrize("states", [{}, {"deciding_type": "nowhere"}, {"deciding_type": "type_waiting"}])
def test_an_edition_that_would_leave_cases_behind_does_not_load(states: Mapping[str, str]) -> None:
    new = procedures.load(OLD.id)
    assert new.moves is not None
    with pytest.raises(InputError, match="转到哪里"):
        with_former([OLD, replace(new, former=None, moves=replace(new.moves, states=states))])


def test_an_edition_replaces_one_that_is_there() -> None:
    with pytest.raises(InputError, match="不在规则库里"):
        with_former([replace(procedures.load(OLD.id), former=None)])


# ---- handed over ---------------------------------------------------------------------------------------------------


@pytest.fixture
def complaint(world: World) -> Walk:
    return Walk(world, queries.procedure("complaint"))


def test_a_case_handed_over_is_decided_by_who_got_it_with_all_that_was_done(complaint: Walk) -> None:
    case = opened(complaint, {})
    step(complaint, case, act=complaint.procedure.acts["hand_over"], said={})
    other = complaint.actor("county_market", "other")
    with scoped(other.scope):
        now = cases.case(case.id)
        assert (now.body_id, len(cases.story(case.id))) == (other.organisation_id, 2)


def test_a_case_is_handed_to_a_house_of_the_list_alone(complaint: Walk) -> None:
    case = opened(complaint, {})
    act = complaint.procedure.acts["hand_over"]
    officer = complaint.of(act)
    form = {**form_of(complaint, act, said={}), "new_body": str(complaint.world.organisations["company"])}
    request = ActRequest("hand_over", form, seen=case.sequence, request_id=uuid4())
    with scoped(officer.scope), pytest.raises(InputErrors, match="不在名单上"):
        actions.perform(officer, case.id, request=request, at=moment(complaint.day))


def test_a_story_of_a_case_of_others_is_empty(complaint: Walk) -> None:
    case = opened(complaint, {})
    stranger = complaint.world.actor("stranger")
    with scoped(stranger.scope):
        assert cases.story(case.id) == ()
        with pytest.raises(Hidden):
            cases.case(case.id)
