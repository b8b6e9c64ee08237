"""The clock of a case counts in days of the kind its limit is set in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.kit.case_story import clock_of
from plumbline.faces.kit.shapes import Clock
from tests.domain.procedures.examination import apply
from tests.world import World

START, TODAY = date(2026, 11, 6), date(2026, 11, 20)


def clock(found: CaseFacts, region_code: str, due_on: date) -> Clock:
    """Return the clock of a case sent in, in a region, two weeks after it began."""
    case = replace(
        found, state="in_work", region_code=region_code, details={"place": "sent_in"}, clock_from=START, due_on=due_on
    )
    with scoped(EVERYTHING):
        shown = clock_of(case, TODAY)
    assert shown is not None
    return shown


@pytest.mark.parametrize(
    ("region_code", "due_on", "day", "total", "words"),
    [
        ("410100", date(2026, 11, 26), 14, 20, "还剩 6 个自然日"),
        ("330302", date(2026, 11, 17), 10, 7, "超出 3 个工作日"),
    ],
)
def test_a_clock_counts_in_the_days_of_its_limit(
    world: World, *, region_code: str, due_on: date, day: int, total: int, words: str
) -> None:
    shown = clock(world.apply(), region_code, due_on)
    assert (shown.day, shown.total, shown.words) == (day, total, words)


def test_the_clock_of_a_listed_case_reads_no_story(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = apply(world)
    with django_assert_num_queries(0):
        shown = clock_of(case, date(2026, 11, 24))
    assert shown is not None
    assert (shown.day, shown.total, shown.words) == (2, 5, "还剩 3 个工作日")
