"""One act on a case: once for a request, at the place its author saw, by whom it waits for."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest

from plumbline.domain.cases import actions, queries
from plumbline.domain.cases.actions import Opening
from plumbline.domain.cases.models import Case
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.journal.models import Act
from plumbline.domain.procedures import actions as procedures
from plumbline.domain.procedures import verification
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, Hidden, InputError, StateError
from tests.domain.databases import outcome, together
from tests.world import World, moment


def counts() -> tuple[int, int]:
    """Return how many cases and how many acts on cases there are."""
    with scoped(EVERYTHING):
        return Case.objects.count(), Act.objects.filter(subject_kind="case").count()


def form_of(world: World) -> dict[str, object]:
    """Return the form of an application for one nozzle."""
    nozzle = world.nozzles()[0]
    return {
        "site": str(nozzle.site_id), "instruments": [str(nozzle.id)], "place": "on_site", "contact_name": "测试",
        "contact_phone": "1",
    }  # fmt: skip


def performing(world: World, username: str, case: CaseFacts, request: ActRequest) -> partial[CaseFacts]:
    """Return the step of an act, to be run when told to."""
    step = partial(procedures.perform, case_id=case.id, request=request, at=moment())
    world.actor(username)  # asked now, so that the step does nothing else
    return partial(world.do, username, step)


def test_one_click_sent_twice_at_once_opens_one_case_and_answers_the_same(world: World) -> None:
    request = ActRequest("submit", form_of(world), seen=0, request_id=uuid4())
    step = partial(verification.apply, request=request, at=moment())
    world.actor("owner")
    first, second = together(*[partial(world.do, "owner", step)] * 2)
    assert (first, counts()) == (second, (1, 1))


def test_one_click_sent_twice_at_once_does_one_act_and_answers_the_same(world: World) -> None:
    case = world.apply()
    request = ActRequest("accept", {}, seen=1, request_id=uuid4())
    first, second = together(*[performing(world, "reception", case, request)] * 2)
    assert (first.state, second.state, counts()) == ("accepted", "accepted", (1, 2))


def test_of_two_different_acts_at_once_one_is_done_and_the_other_told(world: World) -> None:
    case = world.apply()
    accept = ActRequest("accept", {}, seen=1, request_id=uuid4())
    give_back = ActRequest("return", {"reason": "缺照片"}, seen=1, request_id=uuid4())
    steps = [performing(world, "reception", case, each) for each in (accept, give_back)]
    answers = together(*[partial(outcome, step) for step in steps])
    assert (sorted(answers), counts()) == (["StateError", "done"], (1, 2))


def test_of_two_applications_for_one_nozzle_at_once_one_is_refused(world: World) -> None:
    form = form_of(world)
    steps = [
        partial(verification.apply, request=ActRequest("submit", form, seen=0, request_id=uuid4()), at=moment())
        for _ in range(2)
    ]
    world.actor("owner")
    answers = together(*[partial(outcome, partial(world.do, "owner", step)) for step in steps])
    assert (sorted(answers), counts()) == (["StateError", "done"], (1, 1))


def test_a_request_that_somebody_else_made_is_refused(world: World) -> None:
    key = uuid4()
    case = world.apply(request_id=key)
    with pytest.raises(InputError, match="请求号"):
        world.act("reception", case, "accept", request_id=key)


def test_an_act_that_does_not_open_cannot_open_a_case(world: World) -> None:
    opening = Opening("verification", world.organisations["company"], world.organisations["institute"], "330302", "x")
    request = ActRequest("accept", {}, seen=0, request_id=uuid4())
    with pytest.raises(StateError, match="不能新开业务"):
        world.do("reception", partial(actions.open_case, opening=opening, request=request, at=moment()))


def test_an_act_that_the_procedure_does_not_have_is_refused(world: World) -> None:
    with pytest.raises(InputError):
        world.act("reception", world.apply(), "burn")


def test_a_case_that_does_not_exist_is_hidden(world: World) -> None:
    request = ActRequest("accept", {}, seen=1, request_id=uuid4())
    with pytest.raises(Hidden):
        world.do("reception", partial(procedures.perform, case_id=uuid4(), request=request, at=moment()))


def test_an_act_of_another_assigned_person_is_refused(world: World) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    world.act("reception", case, "assign", world.people())
    with pytest.raises(AccessError, match="指派给了别人"):
        world.act("verifier2", case, "go_on_site")


def test_a_refused_act_leaves_no_trace(world: World) -> None:
    case = world.apply()
    with pytest.raises(StateError):
        world.act("approver", case, "approve")
    assert (counts(), world.case(case)) == ((1, 1), case)


def test_the_form_of_an_act_is_kept_in_the_story(world: World) -> None:
    case = world.apply()
    world.act("reception", case, "return", {"reason": " 缺照片 ", "not_in_the_form": "x"})
    with scoped(EVERYTHING):
        assert queries.story(case.id)[-1].data["form"] == {"reason": "缺照片"}


def test_numbers_of_cases_do_not_repeat(world: World) -> None:
    first = world.apply()
    world.act("owner", first, "withdraw")
    assert world.apply().number != first.number


def test_a_case_is_found_by_its_number(world: World) -> None:
    case = world.apply()
    with scoped(EVERYTHING):
        assert queries.case_by_number(case.number) == case
