"""A procedure that its file alone runs: opened by its form, decided by others, timed, refused by its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.notices.models import Notice
from plumbline.domain.procedures import actions, queries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, Hidden, InputError, RuleError, StateError
from tests.domain.databases import together
from tests.domain.procedures.examination import NAME, act, apply, assigned, form
from tests.world import TODAY, World, moment


def test_from_application_to_the_decision(world: World) -> None:
    case = apply(world)
    assert (case.title, case.state, case.region_code) == ("压力标准装置", "submitted", "330300")
    assert case.body_id == world.organisations["bureau"]
    case = act(world, "official", case, name="accept")
    case = assigned(world, case)
    case = act(world, "examiner", case, name="review_papers", said={"findings": "齐"})
    case = act(world, "examiner", case, name="examine", said={"visited_on": "2026-11-19", "opinion": "pass"})
    case = act(world, "official", case, name="pass")
    assert (case.state, case.ended_at is not None, case.due_on) == ("passed", True, None)
    with scoped(EVERYTHING):
        told = [each.params["words"] for each in Notice.objects.filter(recipient_id=case.owner_id).order_by("at", "id")]
    assert ["已受理" in str(words) for words in told] == [True, False]


def test_its_clock_runs_until_it_is_accepted_and_says_when(world: World) -> None:
    case = apply(world)
    assert (case.clock_from, case.due_on) == (TODAY, date(2026, 11, 27))
    assert act(world, "official", case, name="accept").due_on is None


def test_what_names_people_stands_in_no_act(world: World) -> None:
    case = apply(world)
    with scoped(EVERYTHING):
        (opened,) = cases.story(case.id)
    said = opened.data["form"]
    assert isinstance(said, Mapping)
    assert not {"persons", "contact_name", "contact_phone"} & set(said)
    assert case.details["persons"] == [
        {"name": "测试甲", "qualification": "1"},
        {"name": "测试乙", "qualification": "2"},
    ]


def test_what_is_typed_becomes_what_it_means(world: World) -> None:
    details = apply(world).details
    assert (details["is_highest"], details["regulations"]) == (True, ["规程 1", "规程 2"])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"standard_name": ""}, "standard_name"),
        ({"kind": "again"}, "old_certificate"),
        ({"kind": "other"}, "kind"),
        ({"is_highest": "也许"}, "is_highest"),
        ({"report": [{"sha256": "0" * 64, "name": "x.txt", "size": 1, "kind": "text"}]}, "report"),
        ({"report": [{"sha256": "../../etc", "name": "x.pdf", "size": 1, "kind": "pdf"}]}, "report"),
        ({"report": []}, "report"),
        ({"persons": [{"name": "甲", "qualification": "1"}]}, "persons"),
        ({"persons": [{"name": "甲"}, {"name": "乙", "qualification": "2"}]}, "persons.0.qualification"),
    ],
)
def test_a_bad_application_is_refused_beside_its_field(world: World, changed: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as refused:
        apply(world, said=form(**changed))
    assert field in {one.field for one in refused.value.faults}
    with scoped(EVERYTHING):
        assert not cases.listed(cases.Wanted())


def test_what_another_answer_rules_out_is_neither_asked_nor_kept(world: World) -> None:
    assert "old_certificate" not in apply(world, said=form(old_certificate="不该有")).details


def test_sent_twice_at_once_it_opens_one_case(world: World) -> None:
    key = uuid4()
    world.actor("quality")
    first, second = together(*[partial(apply, world, key=key)] * 2)
    assert first.number == second.number


def test_a_role_that_opens_none_is_refused(world: World) -> None:
    with pytest.raises(AccessError):
        apply(world, "verifier")


def test_nobody_decides_on_their_own_house(world: World) -> None:
    """An official of the house that applied has the role and the area, and is refused by the word of the definition."""
    case = apply(world)
    with scoped(EVERYTHING):
        own = world.actor("official")
    request = ActRequest("accept", {}, seen=1, request_id=uuid4())
    there = replace(own, organisation_id=case.owner_id)
    with scoped(EVERYTHING), pytest.raises(RuleError, match="本单位自己"):
        actions.perform(there, case.id, request=request, at=moment())


def test_who_examined_does_not_decide(world: World) -> None:
    case = act(world, "official", apply(world), name="accept")
    case = assigned(world, case)
    case = act(world, "examiner", case, name="review_papers", said={"findings": "齐"})
    case = act(world, "examiner", case, name="examine", said={"visited_on": "2026-11-19", "opinion": "pass"})
    with scoped(EVERYTHING):
        official = replace(world.actor("official"), person_id=world.actor("examiner").person_id)
    request = ActRequest("pass", {}, seen=case.sequence, request_id=uuid4())
    with scoped(EVERYTHING), pytest.raises(RuleError, match="另一个人"):
        actions.perform(official, case.id, request=request, at=moment())


def test_an_act_out_of_order_says_which_states_would_do(world: World) -> None:
    case = apply(world)
    with pytest.raises(StateError, match="现在是“待受理”"):
        act(world, "official", case, name="pass")


def test_a_stranger_gets_the_answer_of_what_is_not_there(world: World) -> None:
    case = apply(world)
    for case_id in (case.id, uuid4()):
        request = ActRequest("withdraw", {}, seen=1, request_id=uuid4())
        with pytest.raises(Hidden, match="没有这个业务"):
            world.do("stranger", partial(actions.perform, case_id=case_id, request=request, at=moment()))


def test_the_applicant_corrects_what_was_returned_as_a_whole(world: World) -> None:
    case = act(world, "official", apply(world), name="return", said={"reason": "范围不清"})
    case = act(world, "quality", case, name="resubmit", said=form(range="(0~10) MPa"))
    assert (case.state, case.details["range"]) == ("submitted", "(0~10) MPa")


def test_who_applied_does_not_do_the_acts_of_who_decides(world: World) -> None:
    with pytest.raises(AccessError):
        act(world, "quality", apply(world), name="accept")


def test_a_look_over_writes_nothing_and_says_to_whom(world: World) -> None:
    step = partial(queries.preview, found=queries.procedure(NAME), form=form(), at=moment())
    seen = world.do("quality", step)
    assert (seen.title, seen.body.id) == ("压力标准装置", world.organisations["bureau"])
    with scoped(EVERYTHING):
        assert not cases.listed(cases.Wanted())


def test_where_nobody_decides_that_is_said(world: World) -> None:
    step = partial(queries.bodies, found=queries.procedure(NAME), at=moment(TODAY - timedelta(days=4000)))
    assert world.do("quality", step) == []


def test_an_unknown_procedure_is_not_there(world: World) -> None:  # a database
    for name in ("nothing", "verification"):
        with pytest.raises(Hidden):
            queries.procedure(name)
