"""Lists: every row once, forth and back, over ties and rows without a value; what is not the list's is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from plumbline.domain.directory.models import Organisation
from plumbline.domain.rows.listing import asking, paging
from plumbline.domain.rows.listing.spec import BEGINS, SPAN, Column, Kind, ListSpec, Operator, Sort, Wanted
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.types import EVERYTHING
from plumbline.errors import InputError, InputErrors, say

pytestmark = pytest.mark.django_db


def spec(name: str = "things") -> ListSpec:
    """A list over organisations: a column with ties, one with rows that have no value, one that may not be asked."""
    return ListSpec(
        name,
        say("单位"),
        "register.read",
        rows=lambda _scope: Organisation.objects.all(),
        columns=(
            Column("region", say("地区"), Kind.CODE, "region_code", operators=BEGINS, is_sortable=True),
            Column("code", say("编号"), Kind.CODE, "institution_code", operators=(*BEGINS, Operator.EMPTY),
                   is_sortable=True, is_nullable=True),
            Column("at", say("时间"), Kind.MOMENT, "registered_at", sort_path="pk", operators=SPAN, is_sortable=True),
            Column("phone", say("电话"), Kind.CODE, "phone"),
        ),
        sort=Sort("at"),
    )  # fmt: skip


def make(rows: Sequence[tuple[str, str | None]]) -> None:
    Organisation.objects.bulk_create(
        Organisation(
            id=new_id(), name_zh="单位", region_code=region, institution_code=code, registered_at=timezone.now()
        )
        for region, code in rows
    )


def walk(wanted: Wanted, *, size: int) -> tuple[list[UUID], list[UUID]]:
    """Return the ids from the first page to the last, and those met on the way back from the last page."""
    page = paging.page_of(spec(), wanted, scope=EVERYTHING, size=size)
    there, numbers = ids(page.rows), [page.before]
    while page.next:
        page = paging.page_of(spec(), replace(wanted, token=page.next), scope=EVERYTHING, size=size)
        there += ids(page.rows)
        numbers.append(page.before)
    assert numbers == list(range(0, max(len(there), 1), size))
    back = ids(page.rows)
    while page.previous:
        page = paging.page_of(spec(), replace(wanted, token=page.previous), scope=EVERYTHING, size=size)
        back = ids(page.rows) + back
    return there, back


def ids(rows: Sequence[Mapping[str, Any]]) -> list[UUID]:  # Any: values of every kind
    return [row["id"] for row in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    rows=st.lists(st.tuples(st.sampled_from(["330302", "330303"]), st.booleans()), max_size=9),
    size=st.integers(1, 4),
    sort=st.sampled_from(["region", "code", "at"]),
    is_descending=st.booleans(),
)
def test_paging_there_and_back_meets_every_row_once(
    *, rows: list[tuple[str, bool]], size: int, sort: str, is_descending: bool
) -> None:
    Organisation.objects.all().delete()
    make([(region, f"T{number:03d}" if has_code else None) for number, (region, has_code) in enumerate(rows)])
    wanted = Wanted(sort=Sort(sort, is_descending))
    there, back = walk(wanted, size=size)
    assert sorted(there) == sorted(Organisation.objects.values_list("id", flat=True))
    assert back == there
    assert ids(list(paging.every_row(spec(), wanted, scope=EVERYTHING))) == there


@pytest.mark.parametrize("is_descending", [True, False])
def test_rows_without_a_value_come_last_whichever_way(*, is_descending: bool) -> None:
    make([("330302", None), ("330302", "A"), ("330302", "B")])
    page = paging.page_of(spec(), Wanted(sort=Sort("code", is_descending)), scope=EVERYTHING)
    assert [row["code"] for row in page.rows] == (["B", "A", None] if is_descending else ["A", "B", None])


def token_of(name: str = "things", **given: str) -> str:
    wanted = asking.read(spec(name), {key.replace("_", "."): [value] for key, value in given.items()})
    return paging.page_of(spec(name), wanted, scope=EVERYTHING, size=1).next


@pytest.mark.parametrize(
    "token",
    [lambda: token_of("others"), lambda: token_of(region_starts="33"), lambda: token_of(sort="-region"),
     lambda: "rubbish", lambda: token_of()[:-2]],
    ids=["of another list", "of another filter", "of another order", "of nobody", "cut"],
)  # fmt: skip
def test_a_token_made_elsewhere_is_refused(token: Any) -> None:  # Any: a maker of tokens
    make([("330302", None)] * 3)
    with pytest.raises(InputError, match="翻页的记号"):
        paging.page_of(spec(), Wanted(token=token()), scope=EVERYTHING)


@pytest.mark.parametrize(
    ("name", "value"),
    [("phone", "1"), ("password", "x"), ("region.from", "1"), ("at.from", "yesterday"), ("sort", "phone"),
     ("sort", "-nothing"), ("cols", "secret"), ("q", "x"), ("code.empty", "perhaps"), ("region", "\0")],
)  # fmt: skip
def test_what_the_list_does_not_have_is_refused_beside_its_name(name: str, value: str) -> None:
    with pytest.raises(InputErrors) as caught:
        asking.read(spec(), {name: [value]})
    assert caught.value.errors[0].field == name


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({"region": ["330302", "330303"]}, 3), ({"region": ["330303"]}, 1), ({"region.starts": ["33030"]}, 3),
        ({"code.empty": ["yes"]}, 1), ({"code.empty": ["no"]}, 2), ({"at.to": ["2000-01-01"]}, 0), ({}, 3),
        ({"region": [""]}, 3),
    ],
)  # fmt: skip
def test_a_condition_narrows_the_list(given: Mapping[str, Sequence[str]], count: int) -> None:
    make([("330302", None), ("330302", "A"), ("330303", "B")])
    wanted = asking.read(spec(), given)
    assert len(paging.page_of(spec(), wanted, scope=EVERYTHING).rows) == count
    assert asking.read(spec(), {key: [value] for key, value in dict(asking.pairs(wanted)).items()}).text == wanted.text


def test_an_address_says_all_that_is_wanted() -> None:
    given = {"region": ["1", "2"], "code.starts": ["A"], "sort": ["-code"], "cols": ["region,phone"], "page": ["x"]}
    wanted = asking.read(spec(), given)
    said: dict[str, list[str]] = {}
    for name, value in asking.pairs(wanted):
        said.setdefault(name, []).append(value)
    assert said == given


def test_a_count_stops_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED_MOST", 4)
    make([("330302", None)] * 6)
    page = paging.page_of(spec(), Wanted(), scope=EVERYTHING, size=2)
    assert page.count == paging.Count(4, is_whole=False)


def test_a_page_asks_as_many_questions_for_many_rows_as_for_few(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make([("330302", None)] * 30)
    with django_assert_num_queries(2):
        paging.page_of(spec(), Wanted(), scope=EVERYTHING, size=40)
    with django_assert_num_queries(2 + 5):  # a savepoint, the time a count may take, the count, the time again
        paging.page_of(spec(), Wanted(), scope=EVERYTHING, size=20)
