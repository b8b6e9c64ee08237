"""Every procedure that its file alone runs, walked through until each of its acts was done once by who may do it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import product

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.procedures import queries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.rulebook import procedures
from plumbline.rulebook.procedures import Act, Procedure
from tests.walking import Walk, opened, step
from tests.world import World

GENERAL = [each.id for each in procedures.all_procedures().values() if each.is_general]


def variants(procedure: Procedure) -> Iterator[dict[str, str]]:
    """Yield the answers of the opening form by which cases take different ways."""
    asked = {key for act in procedure.acts.values() for key in act.when}
    fields = [each for each in procedure.opening_acts[0].form if each.key in asked and each.choices]
    for values in product(*[[one.value for one in each.choices] for each in fields]):
        yield {each.key: value for each, value in zip(fields, values, strict=True)}


def way(procedure: Procedure, case: CaseFacts, *, done: set[str]) -> list[Act]:
    """Return the shortest way from where a case stands to an act that was not done yet, none where there is none."""
    queue: deque[tuple[str, Mapping[str, str], list[Act]]] = deque([(case.state, case.tracks, [])])
    seen = {(case.state, *case.tracks.values())}
    while queue:
        state, tracks, before = queue.popleft()
        tracks = {name: now for name, now in tracks.items() if procedure.tracks[name].during == state}
        for each in procedure.possible((state, *tracks.values()), case.details):
            if each.act.name not in done:
                return [*before, each.act]
            next_state, next_tracks = procedure.moved(state, tracks, act=each.act)
            if (next_state, *next_tracks.values()) not in seen:
                seen.add((next_state, *next_tracks.values()))
                queue.append((next_state, next_tracks, [*before, each.act]))
    return []


def walked(walk: Walk, said: Mapping[str, str]) -> None:
    """Walk one case as far as there is something new to do on it."""
    case = opened(walk, said)
    while path := way(walk.procedure, case, done=walk.done):
        for act in path:
            case = step(walk, case, act=act, said=said)
    with scoped(EVERYTHING):
        assert cases.folded(case).state == cases.case(case.id).state


@pytest.mark.parametrize("name", GENERAL)
def test_each_act_of_a_procedure_can_be_done_by_who_may_do_it(world: World, name: str) -> None:
    walk = Walk(world, queries.procedure(name))
    for said in variants(walk.procedure):
        while True:
            before = len(walk.done)
            walked(walk, said)
            if len(walk.done) == before:
                break
    assert walk.done == set(walk.procedure.acts)
