"""The nightly sweep: a near last day is told once, a missed one is raised once, and who applied is told to whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from plumbline.domain.cases import jobs
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.models import CaseClock, Raised
from plumbline.domain.notices import queries as notices
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.domain.procedures.examination import act, apply
from tests.faces.conftest import begin_session
from tests.world import World, moment

LAST, BEFORE, AFTER, LATER = date(2026, 12, 4), date(2026, 12, 3), date(2026, 12, 7), date(2026, 12, 9)
"""The limit of the verification of the world, applied for on a Friday: ten working days; the next ones after it."""


def told(world: World, username: str) -> list[str]:
    """Return what a house was told of its clocks, the newest first."""
    return [str(each.text) for each in world.do(username, notices.latest) if each.kind == "reminder"]


def test_a_near_last_day_is_told_once_to_who_answers(world: World) -> None:
    case = world.apply()
    assert case.due_on == LAST
    days = [date(2026, 12, 2), BEFORE, BEFORE, LAST]
    assert [jobs.sweep(moment(day)) for day in days] == [0, 1, 0, 0]
    assert ["检定时限" in each and "业务受理" in each for each in told(world, "reception")] == [True]
    assert told(world, "owner") == []


def test_a_missed_one_is_raised_once_to_the_house_above_and_all_sides_are_told(world: World) -> None:
    case = world.apply()
    assert [jobs.raise_past(moment(day)) for day in (LAST, AFTER, AFTER, LATER)] == [0, 1, 0, 0]
    (owners,) = told(world, "owner")
    assert owners == f"业务 {case.number} 的“检定时限”逾期 1 个工作日，已于 2026-12-07 提请测试局督办"
    assert len(told(world, "official")) == len(told(world, "reception")) == 1
    with scoped(EVERYTHING):
        (raised,) = cases.raised(case.id)
    assert (raised.limit_on, raised.days_over, raised.is_running) == (LAST, 1, True)


def test_a_clock_that_stands_is_not_raised(world: World) -> None:
    case = world.apply()
    world.act("reception", case, "return", {"reason": "缺照片"})
    assert jobs.sweep(moment(LATER)) == 0


def test_a_new_last_day_is_raised_anew(world: World) -> None:
    case = world.apply()
    jobs.sweep(moment(AFTER))
    world.act("reception", case, "return", {"reason": "缺照片"}, at=moment(AFTER))
    world.act("owner", case, "resubmit", world.case(case).details, at=moment(AFTER))
    assert [jobs.raise_past(moment(day)) for day in (date(2026, 12, 21), date(2026, 12, 22))] == [0, 1]
    with scoped(EVERYTHING):
        assert [each.is_running for each in cases.raised(case.id)] == [False, True]


def test_clocks_of_open_cases_that_have_none_are_kept_first(world: World) -> None:
    apply(world)
    with scoped(EVERYTHING):
        kept = CaseClock.objects.values_list("name", "due_on", "limit_on").get()
        CaseClock.objects.all().delete()
    jobs.sweep(moment())
    with scoped(EVERYTHING):
        assert CaseClock.objects.values_list("name", "due_on", "limit_on").get() == kept


def test_the_house_above_one_that_supervises_itself_lies_further_up(world: World) -> None:
    """The bureau of the city decides examinations and supervises in the city: nobody above it is registered here."""
    case = apply(world)
    assert case.due_on is not None
    jobs.sweep(moment(LATER))
    with scoped(EVERYTHING):
        assert Raised.objects.values_list("raised_to", flat=True).get() is None
    assert "没有登记" in told(world, "quality")[0]


def test_an_accepted_case_has_left_its_clock_behind(world: World) -> None:
    case = act(world, "official", apply(world), name="accept")
    jobs.sweep(moment(LATER))
    with scoped(EVERYTHING):
        assert not cases.raised(case.id)


@pytest.mark.parametrize(("username", "path"), [("owner", "/my/cases/"), ("reception", "/cases/")])
def test_the_page_of_the_case_says_to_whom_it_was_raised(world: World, username: str, path: str) -> None:
    case = world.apply()
    jobs.sweep(moment(AFTER))
    page = begin_session(Client(), username).get(f"{path}{case.number}/").content.decode()
    assert "已于 2026-12-07 提请测试局督办" in page
