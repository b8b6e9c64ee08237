"""How the cases of a procedure go, against a small world counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from plumbline.domain.indicators import actions, queries
from plumbline.domain.indicators.types import ClockLine, Course, FlowLine, PlaceLine, Reach, StepLine
from plumbline.rulebook import procedures
from plumbline.science.statistics.counted import quantile
from tests.domain.procedures.examination import NAME, act, apply
from tests.world import COUNTY, World, moment

MONDAY, NEXT, MUCH_LATER = date(2026, 11, 2), date(2026, 11, 4), date(2026, 12, 21)


def course(world: World, username: str, name: str = "verification", *, on: date = MUCH_LATER) -> Course:
    """Return the figures of a procedure as somebody sees them."""
    actions.refresh(at=moment(on))
    asked = procedures.load(name)
    return world.do(username, lambda _: queries.course(asked, on=on, since=queries.year_before(on), reach=Reach(())))


@pytest.fixture
def busy(world: World) -> World:
    """Give a world with a verification withdrawn after two days, one accepted after two, one not looked at."""
    withdrawn, accepted = world.apply(at=moment(MONDAY)), world.apply(first=1, at=moment(MONDAY))
    world.apply(first=2, at=moment(NEXT))
    world.act("owner", withdrawn, "withdraw", at=moment(NEXT))
    world.act("reception", accepted, "accept", at=moment(NEXT))
    return world


def test_what_came_in_what_ended_and_what_is_open(busy: World) -> None:
    found = course(busy, "reception")
    assert found.months == (FlowLine("2026-11", 3, 0, 1),)
    assert found.states == {"accepted": 1, "submitted": 1}
    assert found.ages == (0, 0, 2, 0, 0)
    assert found.clocks == (ClockLine("finish", "", 0, 0, 2, 2),)
    assert found.places == (PlaceLine(COUNTY, 3, 2, 0, 0, 2),)


def test_a_step_counts_for_those_that_have_left_it(busy: World) -> None:
    assert course(busy, "reception").steps == (StepLine("accept", 2, 2, 2),)


def test_each_clock_of_a_file_is_counted_by_the_month_it_was_met_in(world: World) -> None:
    act(world, "official", apply(world), name="accept")
    assert course(world, "official", NAME).clocks == (ClockLine("accept", "2026-11", 1, 0, 0, 0),)


def test_nobody_sees_the_cases_of_another_area_or_house(busy: World) -> None:
    assert course(busy, "stranger") == Course((), {}, (0, 0, 0, 0, 0), (), (), ())


def test_a_quantile_is_a_value_that_was_seen() -> None:
    assert [quantile({1: 5, 3: 4, 20: 1}, share) for share in (0.1, 0.5, 0.51, 0.9, 0.91, 1)] == [1, 1, 3, 3, 20, 20]
