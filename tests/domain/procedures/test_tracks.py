"""What goes on side by side in a case: two officers at once, clocks of a track, whom it waits for."""

from __future__ import annotations

from uuid import uuid4

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.procedures import actions, queries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import StateError
from tests.walking import Walk, form_of, opened, step
from tests.world import World, moment

BEGUN = {"type": "type_waiting", "licence": "licence_waiting"}


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world, queries.procedure("parallel_approval"))


@pytest.fixture
def case(walk: Walk) -> CaseFacts:
    """A parallel approval with both decisions open."""
    return does(walk, opened(walk, {}), "accept")


def does(walk: Walk, case: CaseFacts, name: str) -> CaseFacts:
    return step(walk, case, act=walk.procedure.acts[name], said={})


def runs(case: CaseFacts) -> bool:
    """Tell whether the joint clock counts."""
    with scoped(EVERYTHING):
        return next(each.is_running for each in cases.folded(case).clocks if each.name == "joint")


def seen_at(walk: Walk, case: CaseFacts, name: str, *, seen: int) -> CaseFacts:
    """Do an act as somebody who has had the page open since then."""
    act = walk.procedure.acts[name]
    actor = walk.of(act)
    request = ActRequest(name, form_of(walk, act, said={}), seen=seen, request_id=uuid4())
    with scoped(actor.scope):
        return actions.perform(actor, case.id, request=request, at=moment(walk.day))


def test_both_decisions_are_open_and_waited_for(walk: Walk, case: CaseFacts) -> None:
    assert (case.state, case.tracks) == ("in_parallel", BEGUN)
    official = walk.actor("province_metrology", "bureau")
    with scoped(official.scope):
        assert [each.id for each in cases.waiting_for(official)] == [case.id]
        able = {each.act.name for each in cases.possible_acts(case, official) if each.is_awaited}
    assert able == {"grant_type", "grant_licence"}


def test_who_decides_the_other_track_is_not_in_the_way(walk: Walk, case: CaseFacts) -> None:
    before = case.sequence
    does(walk, case, "grant_type")
    after = seen_at(walk, case, "deny_licence", seen=before)
    assert (after.state, after.tracks, after.ended_at is not None) == ("first_granted", {}, True)


def test_who_decides_the_same_track_is_told_that_it_has_moved(walk: Walk, case: CaseFacts) -> None:
    before = case.sequence
    does(walk, case, "give_out_evaluation")
    with pytest.raises(StateError, match="您打开这一页以后"):
        seen_at(walk, case, "grant_type", seen=before)


def test_the_joint_clock_stands_while_one_track_is_evaluated(walk: Walk, case: CaseFacts) -> None:
    stands = [runs(case)]
    for name in ("give_out_evaluation", "take_evaluation"):
        case = does(walk, case, name)
        stands.append(runs(case))
    assert stands == [True, False, True]


def test_a_track_that_has_ended_waits_for_nobody(walk: Walk, case: CaseFacts) -> None:
    now = does(walk, case, "grant_licence")
    assert (now.state, now.tracks) == ("in_parallel", {**BEGUN, "licence": "licence_granted"})
    with pytest.raises(StateError, match="待决定、准予许可"):
        does(walk, now, "deny_licence")


def test_what_is_folded_is_what_is_kept(walk: Walk, case: CaseFacts) -> None:
    now = does(walk, case, "grant_licence")
    with scoped(EVERYTHING):
        kept, folded = cases.case(now.id), cases.folded(now)
    assert (folded.state, folded.tracks) == (kept.state, kept.tracks)
