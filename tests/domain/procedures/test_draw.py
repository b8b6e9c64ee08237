"""A draw in a case: the order of its steps, parties apart, who is left out and why, void and held again, its file."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.actions import Turn
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.ledger.models import Statement
from plumbline.domain.procedures import actions, queries
from plumbline.domain.procedures.drawing import STEPS, void
from plumbline.domain.procedures.types import DrawFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, RuleError, StateError
from plumbline.evidence.draw import record
from plumbline.evidence.statement import read_payload
from plumbline.rulebook.procedures import drawing
from tests.walking import Walk, draw_form, opened, step
from tests.world import World, moment

SEALS, OPENS = [[f"{step}_{party}" for party in ("applicant", "body", "third")] for step in ("seal", "open")]
FIRST = {"kind": "first"}


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world, queries.procedure("cma_accreditation"))


@pytest.fixture
def frozen(walk: Walk) -> CaseFacts:
    """A case whose list of assessors is frozen: four of another house, the first of them left out by the officer."""
    return does(walk, opened(walk, FIRST), "accept", "freeze_draw")


def does(walk: Walk, case: CaseFacts, *names: str) -> CaseFacts:
    for name in names:
        case = step(walk, case, act=walk.procedure.acts[name], said=FIRST)
    return case


def answers(walk: Walk, case: CaseFacts, name: str, form: dict[str, object]) -> CaseFacts:
    """Do an act with an answer of one's own."""
    act = walk.procedure.acts[name]
    actor = walk.of(act)
    request = ActRequest(name, form, seen=case.sequence, request_id=uuid4())
    with scoped(actor.scope):
        return actions.perform(actor, case.id, request=request, at=moment())


def drawn_now(walk: Walk, case: CaseFacts) -> DrawFacts:
    with scoped(EVERYTHING):
        found = queries.draw_of(walk.procedure, cases.story(case.id))
    assert found is not None
    return found


def test_each_step_of_a_draw_has_its_function() -> None:
    assert set(STEPS) == set(drawing.STEPS)


def test_who_is_drawn_acts_and_a_stranger_can_do_the_draw_again(walk: Walk, frozen: CaseFacts) -> None:
    case = does(walk, frozen, *SEALS, *OPENS, "draw_assessors")
    now = drawn_now(walk, case)
    assert now.done is not None
    again = record.check(record.write(now.done))
    assert again.drawn[0].teams[case.number] == tuple(
        str(case.people[duty]) for duty in ("lead_assessor", "second_assessor")
    )
    with scoped(EVERYTHING):
        said = [read_payload(bytes(each.payload)) for each in Statement.objects.filter(type__startswith="draw.")]
    assert sorted(str(each["type"]) for each in said) == ["draw.committed", "draw.resolved", *["draw.sealed"] * 3]
    assert now.manifest.sha256.hex() in {each.get("sha256") for each in said}


def test_nobody_opens_before_all_have_sealed(walk: Walk, frozen: CaseFacts) -> None:
    case = does(walk, frozen, *SEALS[:2])
    assert (case.state, case.tracks["seal_third"]) == ("sealing", "third_to_seal")
    able = {each.act.name for each in walk.procedure.possible(case.states, case.details) if each.is_awaited}
    assert able == {"seal_third"}


def test_who_must_not_be_drawn_is_frozen_with_the_reason(walk: Walk, world: World) -> None:
    of_applicant = walk.actor("assessor", "company").person_id
    case = does(walk, opened(walk, FIRST), "accept", "freeze_draw")
    left_out = walk.actor("assessor", "other", number=0).person_id
    now = drawn_now(walk, case)
    assert now.why == {str(of_applicant): "house", str(left_out): "excluded"}
    assert set(now.manifest.conflicts[case.number]) == set(now.why)


def test_why_somebody_is_left_out_stands_in_no_act(frozen: CaseFacts) -> None:
    with scoped(EVERYTHING):
        assert "测试" not in json.dumps(cases.story(frozen.id)[-1].data, ensure_ascii=False)
    assert frozen.told[str(frozen.sequence)]["excluded"] != []


def test_too_few_people_are_not_frozen(walk: Walk) -> None:
    case = does(walk, opened(walk, FIRST), "accept")
    walk.actor("assessor", "other")
    with pytest.raises(RuleError, match="能抽的只有 1 人"):
        answers(walk, case, "freeze_draw", {"way": "papers"})


def test_one_house_is_not_two_parties(walk: Walk, world: World, frozen: CaseFacts) -> None:
    case = does(walk, frozen, "seal_body")
    actor = walk.actor("auditor", "bureau")
    form = draw_form(walk, case, act=walk.procedure.acts["seal_third"])
    request = ActRequest("seal_third", form, seen=case.sequence, request_id=uuid4())
    with scoped(actor.scope), pytest.raises(RuleError, match="互相独立"):
        actions.perform(actor, case.id, request=request, at=moment())


def test_another_nonce_than_was_sealed_is_refused(walk: Walk, frozen: CaseFacts) -> None:
    case = does(walk, frozen, *SEALS)
    with pytest.raises(InputError, match="和封存的不符"):
        answers(walk, case, "open_applicant", {"nonce": "00" * 32})


def test_who_does_not_open_is_named_and_the_next_draw_names_the_void_one(walk: Walk, frozen: CaseFacts) -> None:
    case = does(walk, frozen, *SEALS, "open_body", "void_draw")
    with scoped(EVERYTHING):
        facts = cases.story(case.id)[-1].data["facts"]
    assert isinstance(facts, dict)
    assert (case.state, facts["missing"]) == ("accepted", ["applicant", "third"])
    case = does(walk, case, "freeze_draw")
    now = drawn_now(walk, case)
    assert (now.manifest.draw_id, now.replaces) == (f"{case.number}/2", f"{case.number}/1")


def test_a_draw_whose_result_can_be_known_is_not_declared_void(walk: Walk, frozen: CaseFacts) -> None:
    """By the states of the definition; and by the step itself, where a definition would let it."""
    case = does(walk, frozen, *SEALS, *OPENS)
    with pytest.raises(StateError, match="现在是“待抽取评审组”"):
        answers(walk, case, "void_draw", {"reason": "测试"})
    with scoped(EVERYTHING):
        story = cases.story(case.id)
        turn = Turn(case, story, cases.folded(case, story), walk.procedure, walk.procedure.acts["void_draw"], {})
        with pytest.raises(RuleError, match="不能再作废"):
            void(walk.actor("province_metrology", "bureau"), turn, at=moment())


def test_what_was_sealed_once_is_not_sealed_again(walk: Walk, frozen: CaseFacts) -> None:
    first = draw_form(walk, frozen, act=walk.procedure.acts["seal_applicant"])
    case = does(walk, frozen, "seal_applicant", "void_draw", "freeze_draw")
    with pytest.raises(InputError, match="用过了"):
        answers(walk, case, "seal_applicant", first)


def test_what_is_drawn_cannot_be_typed(walk: Walk, frozen: CaseFacts) -> None:
    case = does(walk, frozen, *SEALS, *OPENS)
    wanted = str(walk.actor("assessor", "other", number=0).person_id)
    draw_form(walk, case, act=walk.procedure.acts["draw_assessors"])
    case = answers(walk, case, "draw_assessors", {"lead_assessor": wanted, "second_assessor": wanted})
    assert wanted not in {str(person) for person in case.people.values()}
