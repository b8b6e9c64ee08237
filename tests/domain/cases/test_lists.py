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
from plumbline.domain.rows.listing import asking, paging
from plumbline.domain.rows.listing.spec import Wanted as Asked
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Hidden
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
    page = paging.page_of(queries.list_of_cases(), Asked(), scope=EVERYTHING, size=size)
    found = [row["number"] for row in page.rows]
    while page.next:
        page = paging.page_of(queries.list_of_cases(), Asked(token=page.next), scope=EVERYTHING, size=size)
        found += [row["number"] for row in page.rows]
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
        assert all_pages(2) == ["T-2", "T-3", "T-1", "T-0", "T-4"]


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 3),
        (Wanted(states=("submitted",)), 3),
        (Wanted(states=("issued",)), 0),
        (Wanted(is_open=True), 3),
        (Wanted(is_open=False), 0),
        (Wanted(due_before=TODAY + timedelta(days=2)), 1),
    ],
)
def test_a_list_is_narrowed_by_what_is_wanted(world: World, wanted: Wanted, count: int) -> None:
    with scoped(EVERYTHING):
        fill(world, [(1, 0), (2, 0), (None, 0)])
        assert len(queries.listed(wanted)) == count


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({"q": ["T-1"]}, 1), ({"q": ["测试"]}, 3), ({"q": ["%"]}, 0), ({"state": ["submitted", "issued"]}, 3),
        ({"phase": ["ended"]}, 0), ({"phase": ["all"]}, 3), ({"due_on.empty": ["yes"]}, 1),
        ({"due_on.to": [str(TODAY + timedelta(days=1))]}, 1), ({"region": ["330300"]}, 3),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_its_address(world: World, given: dict[str, list[str]], count: int) -> None:
    spec = queries.list_of_cases()
    with scoped(EVERYTHING):
        fill(world, [(1, 0), (2, 0), (None, 0)])
        assert len(paging.page_of(spec, asking.read(spec, given), scope=EVERYTHING).rows) == count


def test_a_list_shows_only_what_the_scope_sees(world: World) -> None:
    with scoped(EVERYTHING):
        fill(world, [(1, 0)])
    scope = world.actor("stranger").scope
    with scoped(scope):
        assert queries.listed(Wanted()) == ()
        assert paging.page_of(queries.list_of_cases(), Asked(), scope=scope).rows == []


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
            queries.listed(Wanted())


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
