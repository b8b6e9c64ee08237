"""Cases that belong to others: one opened by an act of another, one that objects to what another decided."""

from __future__ import annotations

from uuid import uuid4

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.notices.models import Notice
from plumbline.domain.procedures import actions, queries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, RuleError, StateError
from tests.domain.procedures.examination import act as examination_act
from tests.domain.procedures.examination import apply
from tests.walking import Walk, ended_case, form_of, opened, settle, step, withdrawn
from tests.world import World, moment


def complained(walk: Walk) -> CaseFacts:
    """Return a complaint in mediation from which a clue was split off."""
    case = step(walk, opened(walk, {}), act=walk.procedure.acts["accept"], said={})
    return step(walk, case, act=walk.procedure.acts["split_off"], said={})


def objected(walk: Walk, number: str) -> CaseFacts:
    """Object to what was decided in a case."""
    act = walk.procedure.opening_acts[0]
    actor = walk.of(act)
    form = {**form_of(walk, act, said={}), "about_case": number}
    with scoped(actor.scope):
        request = ActRequest("", form, seen=0, request_id=uuid4())
        return actions.apply(actor, walk.procedure, request=request, at=moment(walk.day))


def test_a_clue_becomes_a_case_of_its_own_with_what_is_known(world: World) -> None:
    walk = Walk(world, queries.procedure("complaint"))
    case = complained(walk)
    with scoped(EVERYTHING):
        (clue,) = cases.sub_cases(case.id)
    assert (clue.procedure, clue.parent_id, clue.state) == ("offence_report", case.id, "submitted")
    said = {name: clue.details[name] for name in ("origin", "complaint_no", "suspect", "facts")}
    assert said == {
        "origin": "complaint", "complaint_no": case.number, "suspect": case.details["against"],
        "facts": "测试clue_facts",
    }  # fmt: skip
    assert (clue.due_on is not None, case.state) == (True, "mediating")


def test_what_another_case_would_lack_stops_the_act_as_a_whole(world: World) -> None:
    walk = Walk(world, queries.procedure("complaint"))
    case = step(walk, opened(walk, {}), act=walk.procedure.acts["accept"], said={})
    officer = walk.of(walk.procedure.acts["split_off"])
    request = ActRequest("split_off", {"clue_facts": ""}, seen=case.sequence, request_id=uuid4())
    with scoped(officer.scope), pytest.raises(InputError):
        actions.perform(officer, case.id, request=request, at=moment(walk.day))
    with scoped(EVERYTHING):
        assert (cases.sub_cases(case.id), cases.case(case.id).sequence) == ((), case.sequence)


def test_a_case_waits_for_those_it_has_opened(world: World) -> None:
    walk = Walk(world, queries.procedure("local_standard"))
    walk.actor("province_metrology", "bureau")
    case = opened(walk, {})
    for name in ("approve_project", "hand_in_draft", "open_consultation"):
        case = step(walk, case, act=walk.procedure.acts[name], said={})
    applicant = walk.actor(walk.applicant, "company")
    form = form_of(walk, walk.procedure.acts["hand_in_comments"], said={})
    request = ActRequest("hand_in_comments", form, seen=case.sequence, request_id=uuid4())
    with scoped(applicant.scope), pytest.raises(StateError, match="还没有办成"):
        actions.perform(applicant, case.id, request=request, at=moment(walk.day))
    settle(walk, case)
    with scoped(applicant.scope):
        assert actions.perform(applicant, case.id, request=request, at=moment(walk.day)).state == "review_ready"


def consulted(walk: Walk) -> CaseFacts:
    """Return a local standard whose consultation is open."""
    walk.actor("province_metrology", "bureau")
    case = opened(walk, {})
    for name in ("approve_project", "hand_in_draft", "open_consultation"):
        case = step(walk, case, act=walk.procedure.acts[name], said={})
    return case


def test_a_consultation_that_was_withdrawn_is_none(world: World) -> None:
    walk = Walk(world, queries.procedure("local_standard"))
    case = consulted(walk)
    withdrawn(walk, case)
    applicant = walk.actor(walk.applicant, "company")
    form = form_of(walk, walk.procedure.acts["hand_in_comments"], said={})
    request = ActRequest("hand_in_comments", form, seen=case.sequence, request_id=uuid4())
    with scoped(applicant.scope), pytest.raises(StateError, match="还没有办成"):
        actions.perform(applicant, case.id, request=request, at=moment(walk.day))


def test_the_end_of_a_sub_case_is_told_to_who_decides_the_first(world: World) -> None:
    walk = Walk(world, queries.procedure("local_standard"))
    withdrawn(walk, consulted(walk))
    with scoped(EVERYTHING):
        assert Notice.objects.filter(recipient_id=world.organisations["bureau"], params__has_key="parent").exists()


def test_a_clue_is_not_withdrawn_by_who_complained(world: World) -> None:
    walk = Walk(world, queries.procedure("complaint"))
    with pytest.raises(StateError):
        withdrawn(walk, complained(walk))


def test_a_case_that_others_applied_for_is_not_objected_to(world: World) -> None:
    about = examination_act(world, "official", apply(world, "owner"), name="refuse", said={"reason": "不属于本机关"})
    official = world.actor("official")
    with scoped(EVERYTHING), pytest.raises(InputError, match="没有业务"):
        queries.asked_for(
            official, queries.procedure("decision_review"), form={"about_case": about.number}, at=moment()
        )


def test_an_objection_goes_to_the_house_that_decided(world: World) -> None:
    walk = Walk(world, queries.procedure("decision_review"))
    walk.actor("city_metrology", "bureau")
    number = ended_case(world)
    case = objected(walk, number)
    with scoped(EVERYTHING):
        about = cases.case_by_number(number)
    assert (case.parent_id, case.body_id) == (about.id, about.body_id)


def test_a_case_that_goes_on_is_not_objected_to(world: World) -> None:
    walk = Walk(world, queries.procedure("decision_review"))
    other = Walk(world, queries.procedure("standard_examination"))
    with pytest.raises(StateError, match="还没有办结"):
        objected(walk, opened(other, {"kind": "new"}).number)


@pytest.mark.parametrize("number", ["2026-999999", "不是号"])
def test_a_case_that_is_not_there_and_one_of_others_are_refused_alike(world: World, number: str) -> None:
    walk = Walk(world, queries.procedure("decision_review"))
    theirs = apply(world).number
    said = []
    for each in (number, theirs):
        with pytest.raises(InputError) as refused:
            objected(walk, each)
        said.append((str(refused.value.remedy), refused.value.field))
    assert said[0] == said[1]


def test_what_an_objection_is_about_stays(world: World) -> None:
    walk = Walk(world, queries.procedure("decision_review"))
    walk.actor("city_metrology", "bureau")
    case = step(walk, objected(walk, ended_case(world)), act=walk.procedure.acts["return"], said={})
    other = ended_case(world)
    again = {**form_of(walk, walk.procedure.acts["resubmit"], said={}), "about_case": other}
    applicant = walk.actor(walk.applicant, "company")
    request = ActRequest("resubmit", again, seen=case.sequence, request_id=uuid4())
    with scoped(applicant.scope), pytest.raises(InputError, match="另一项业务"):
        actions.perform(applicant, case.id, request=request, at=moment(walk.day))


def test_who_had_a_part_in_a_case_does_not_review_it(world: World) -> None:
    about = examination_act(world, "official", apply(world), name="refuse", said={"reason": "不属于本机关"})
    form = {
        "about_case": about.number, "objection": "不予受理", "facts": "属于", "contact_name": "甲",
        "contact_phone": "1",
    }  # fmt: skip
    quality = world.actor("quality")
    with scoped(quality.scope):
        found = queries.procedure("decision_review")
        request = ActRequest("", form, seen=0, request_id=uuid4())
        case = actions.apply(quality, found, request=request, at=moment())
        assert [each.id for each in queries.reviews(quality, about)] == ["decision_review"]
    with pytest.raises(RuleError, match="没有参与过"):
        examination_act(world, "official", case, name="accept")
