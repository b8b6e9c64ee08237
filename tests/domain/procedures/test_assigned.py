"""Whom an act assigns: offered by what each has in hand, never of the house that applied, and only they may act."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.procedures import queries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import AccessError, InputError
from tests.domain.procedures.examination import NAME, act, apply, assigned
from tests.walking import Walk
from tests.world import World, moment

ROLE = "standard_examiner"


@pytest.fixture
def second(world: World) -> UUID:
    """Another examiner of the area, of another house."""
    return Walk(world, queries.procedure(NAME)).actor(ROLE, "other").person_id


def accepted(world: World) -> CaseFacts:
    return act(world, "official", apply(world), name="accept")


def offered(world: World, case: CaseFacts) -> list[tuple[UUID, int]]:
    found = world.do("official", lambda _: queries.assignable(ROLE, case, at=moment()))
    return [(each.person_id, each.in_hand) for each in found]


def test_who_has_least_in_hand_is_offered_first(world: World, second: UUID) -> None:
    first = world.actor("examiner").person_id
    case = accepted(world)
    assert dict(offered(world, case)) == {first: 0, second: 0}
    busy = assigned(world, case)
    assert offered(world, case) == [(second, 0), (first, 1)]
    act(world, "quality", busy, name="withdraw")
    assert dict(offered(world, case)) == {first: 0, second: 0}


def test_who_is_of_the_house_that_applied_is_not_offered(world: World, second: UUID) -> None:
    case = replace(accepted(world), owner_id=world.organisations["other"])
    assert second not in dict(offered(world, case))


def test_who_may_not_act_in_the_role_is_refused(world: World) -> None:
    said = {"examiner": str(world.actor("official").person_id)}
    with pytest.raises(InputError, match="从名单里选"):
        act(world, "official", accepted(world), name="assign_examiner", said=said)


def test_nobody_else_acts_in_the_place_of_who_is_assigned(world: World, second: UUID) -> None:
    said = {"examiner": str(second)}
    case = act(world, "official", accepted(world), name="assign_examiner", said=said)
    with pytest.raises(AccessError, match="指派给了别人"):
        act(world, "examiner", case, name="review_papers", said={"findings": "齐"})
    assert world.do("examiner", cases.waiting_count) == 0


def test_loads_are_one_query(world: World, django_assert_num_queries: partial[object]) -> None:
    people = [world.actor(name).person_id for name in ("examiner", "official", "quality")]
    with scoped(EVERYTHING), django_assert_num_queries(1):  # type: ignore[attr-defined]  # a context manager of pytest-django
        assert cases.open_loads(people) == dict.fromkeys(people, 0)
