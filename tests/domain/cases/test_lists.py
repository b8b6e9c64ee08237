"""Work lists: pages that lose and repeat nothing, who waits for what, and how many questions that takes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries
from plumbline.domain.cases.models import Case
from plumbline.domain.cases.queries import Wanted
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Hidden, InputError
from tests.world import TODAY, World, moment

Row = tuple[int | None, int]
ROWS = st.lists(st.tuples(st.none() | st.integers(0, 3), st.integers(0, 3)), max_size=15)


def fill(world: World, rows: list[Row], *, state: str = "submitted") -> None:
    """Replace all cases by rows of (day of the limit or None, hour of opening)."""
    Case.objects.all().delete()
    Case.objects.bulk_create(
        Case(
            id=new_id(), serial=1000 + serial, number=f"T-{serial}", procedure="verification", edition="1",
            owner_id=world.organisations["company"], body_id=world.organisations["institute"], region_code="330302",
            title="测试站", opened_at=moment() + timedelta(hours=hour), state=state, sequence=1,
            due_on=None if due is None else TODAY + timedelta(days=due),
        )
        for serial, (due, hour) in enumerate(rows)
    )  # fmt: skip


def all_pages(size: int) -> list[str]:
    """Return the numbers on all pages, one after the other."""
    page = queries.page(Wanted(), size=size)
    found = [case.number for case in page.cases]
    while page.next_key:
        page = queries.page(Wanted(), after=page.next_key, size=size)
        found += [case.number for case in page.cases]
    return found


def waiting(world: World, username: str) -> list[str]:
    """Return the states of the cases that wait for an account."""
    actor = world.actor(username)
    with scoped(actor.scope):
        return [case.state for case in queries.waiting_for(actor)]


# ---- pages ---------------------------------------------------------------------------------------------------------


@given(rows=ROWS, size=st.integers(1, 6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_case_is_on_one_page_whatever_the_dates_and_the_size(world: World, rows: list[Row], size: int) -> None:
    with scoped(EVERYTHING):
        fill(world, rows)
        assert sorted(all_pages(size)) == sorted(f"T-{serial}" for serial in range(len(rows)))


def test_the_earliest_limit_comes_first_and_cases_without_one_last(world: World) -> None:
    with scoped(EVERYTHING):
        fill(world, [(None, 0), (2, 0), (1, 3), (1, 2), (None, 1)])
        assert all_pages(2) == ["T-3", "T-2", "T-1", "T-0", "T-4"]


def test_the_last_page_has_no_key(world: World) -> None:
    with scoped(EVERYTHING):
        fill(world, [(1, 0), (2, 0)])
        assert queries.page(Wanted(), size=2).next_key == ""


@pytest.mark.parametrize(
    "key",
    ["x", "~", "~~", "~~~", "2026-11-31~2026-11-20T10:00:00+08:00~" + "0" * 32, "~2026-11-20T10:00:00+08:00~no"],
)
def test_a_key_that_is_none_is_an_input_error(world: World, key: str) -> None:
    with pytest.raises(InputError, match="翻页"), scoped(EVERYTHING):
        queries.page(Wanted(), after=key)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 3),
        (Wanted(states=("submitted",)), 3),
        (Wanted(states=("issued",)), 0),
        (Wanted(is_open=True), 3),
        (Wanted(is_open=False), 0),
        (Wanted(due_before=TODAY + timedelta(days=2)), 1),
        (Wanted(text="T-1"), 1),
        (Wanted(text="测试站"), 3),
        (Wanted(text="%"), 0),
    ],
)
def test_a_list_is_narrowed_by_what_is_wanted(world: World, wanted: Wanted, count: int) -> None:
    with scoped(EVERYTHING):
        fill(world, [(1, 0), (2, 0), (None, 0)])
        assert len(queries.page(wanted).cases) == count


def test_a_list_shows_only_what_the_scope_sees(world: World) -> None:
    with scoped(EVERYTHING):
        fill(world, [(1, 0)])
    with scoped(world.actor("stranger").scope):
        assert queries.page(Wanted()).cases == ()


def test_a_case_that_is_not_mine_is_hidden_like_one_that_does_not_exist(world: World) -> None:
    case = world.apply()
    with pytest.raises(Hidden) as not_mine, scoped(world.actor("stranger").scope):
        queries.case(case.id)
    with pytest.raises(Hidden) as not_there, scoped(world.actor("stranger").scope):
        queries.case(new_id())
    assert str(not_mine.value) == str(not_there.value)


# ---- waiting -------------------------------------------------------------------------------------------------------


def test_a_new_case_waits_for_the_reception_alone(world: World) -> None:
    world.apply()
    names = ("reception", "owner", "verifier", "checker", "approver", "stranger", "county")
    assert {name: waiting(world, name) for name in names} == {
        "reception": ["submitted"], "owner": [], "verifier": [], "checker": [], "approver": [], "stranger": [],
        "county": [],
    }  # fmt: skip


def test_a_returned_case_waits_for_its_owner(world: World) -> None:
    world.act("reception", world.apply(), "return", {"reason": "缺照片"})
    assert (waiting(world, "owner"), waiting(world, "reception")) == (["returned"], [])


def test_an_assigned_case_waits_for_the_verifier_it_was_given_to(world: World) -> None:
    case = world.apply()
    world.act("reception", case, "accept")
    world.act("reception", case, "assign", world.people())
    assert (waiting(world, "verifier"), waiting(world, "verifier2")) == (["assigned"], [])


def test_a_measured_case_waits_for_its_checker_and_no_longer_for_its_verifier(world: World) -> None:
    world.record(world.on_site())
    assert (waiting(world, "checker"), waiting(world, "verifier"), waiting(world, "approver")) == (["measured"], [], [])


def test_a_withdrawn_case_waits_for_nobody(world: World) -> None:
    world.act("owner", world.apply(), "withdraw")
    assert [waiting(world, name) for name in ("reception", "owner")] == [[], []]


def test_the_counts_by_state_are_those_of_the_open_cases(world: World) -> None:
    with scoped(EVERYTHING):
        fill(world, [(1, 0), (2, 0)])
        Case.objects.filter(number="T-0").update(ended_at=moment(), state="withdrawn")
        assert queries.counts_by_state() == {"submitted": 1}


# ---- questions to the database -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 20])
def test_a_page_is_one_question_whatever_its_length(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    with scoped(EVERYTHING):
        fill(world, [(number % 5, number) for number in range(count)])
        with django_assert_num_queries(1):
            queries.page(Wanted())


@pytest.mark.parametrize("count", [1, 20])
def test_what_waits_is_one_question_whatever_its_length(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    reception: Actor = world.actor("reception")
    with scoped(EVERYTHING):
        fill(world, [(number % 5, number) for number in range(count)])
        with django_assert_num_queries(1):
            assert len(queries.waiting_for(reception)) == count


def test_the_cases_of_others_crowd_nobody_s_own_out(world: World) -> None:
    with scoped(EVERYTHING):
        fill(world, [*((0, number) for number in range(6)), (1, 0)], state="assigned")
        Case.objects.update(details={"place": "on_site"}, verifier_id=new_id())
        Case.objects.filter(number="T-6").update(verifier_id=world.actor("verifier").person_id)
        verifier = world.actor("verifier")
        assert [case.number for case in queries.waiting_for(verifier, most=5)] == ["T-6"]
        assert queries.waiting_count(verifier) == 1


def test_a_limit_of_a_list_is_kept(world: World) -> None:
    with scoped(EVERYTHING):
        fill(world, [(None, number) for number in range(7)])
        assert len(queries.waiting_for(world.actor("reception"), most=5)) == 5


def test_the_days_of_the_lists_are_legal_days() -> None:
    assert date(2026, 11, 20) == TODAY
