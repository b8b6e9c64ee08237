"""Lists of the simple registers: columns of their type, what narrows and orders them, what strangers see of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plumbline.domain.registers.queries import entries
from plumbline.domain.rows.listing import asking, paging
from plumbline.domain.rows.listing.spec import Row, Wanted
from plumbline.domain.rows.scope import EVERYTHING, NOTHING, scoped
from plumbline.domain.rows.searching import phrases
from plumbline.errors import Hidden, InputErrors
from plumbline.rulebook import registers as rulebook
from tests.domain.registers.city import DAY, City
from tests.domain.registers.test_entries import INSTITUTES, change, city, entry_of

pytestmark = pytest.mark.django_db
__all__ = ["city"]


def listed(**given: str) -> list[Row]:
    """Return the rows of the list on the day, asked for as an address does."""
    spec = entries.list_of_entries(INSTITUTES, DAY)
    wanted = asking.read(spec, {name.replace("__", "."): [value] for name, value in given.items()})
    with scoped(EVERYTHING):
        return list(paging.page_of(spec, wanted, scope=EVERYTHING).rows)


def test_a_list_reads_each_field_as_its_type(city: City) -> None:
    entry_of(city, authorised_until="2027-06-30")
    (row,) = listed()
    assert (row["verification_items"], row["authorised_until"], row["level"], row["grade"]) == (
        12, date(2027, 6, 30), "municipal", "B",
    )  # fmt: skip
    assert (str(row["region_code"]).split()[0], row["state"], row["contact"]) == ("330300", "active", None)


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ({"level": "municipal"}, 1), ({"level": "county"}, 0), ({"verification_items__from": "12"}, 1),
        ({"verification_items__from": "13"}, 0), ({"authorised_until__to": "2027-06-30"}, 1),
        ({"authorised_until__to": "2027-06-29"}, 0), ({"authorised_until__empty": "yes"}, 0),
        ({"authorised_until__empty": "no"}, 1), ({"region_code": "330000"}, 1), ({"region_code": "210000"}, 0),
        ({"state": "suspended"}, 0), ({"name__starts": "示例市"}, 1), ({"q": "计量"}, 1), ({"q": "slsjly"}, 1),
        ({"q": "水表"}, 0), ({"valid_to__empty": "yes"}, 1),
    ],
)  # fmt: skip
def test_every_type_of_field_narrows_the_list(city: City, given: dict[str, str], count: int) -> None:
    entry_of(city, authorised_until="2027-06-30")
    assert len(listed(**given)) == count


@pytest.mark.parametrize(
    ("given", "field"),
    [({"level": "乡级"}, "level"), ({"verification_items__from": "十二"}, "verification_items.from"),
     ({"contact__from": "1"}, "contact.from"), ({"sort": "grade"}, "sort"), ({"on-day": "昨天"}, "on-day")],
)  # fmt: skip
def test_what_a_field_does_not_hold_is_refused_beside_it(given: dict[str, str], field: str) -> None:
    with pytest.raises(InputErrors) as refused:
        listed(**given)
    assert [error.field for error in refused.value.errors] == [field]


@pytest.mark.parametrize(
    ("given", "grades"),
    [({}, ["A"]), ({"q": "计量"}, ["A"]), ({"in-force": "ended"}, ["B"]), ({"on-day": "2025-06-01"}, ["B"]),
     ({"in-force": "all", "sort": "valid_to"}, ["B", "A"]), ({"in-force": "all", "sort": "-written-at"}, ["A", "B"])],
)  # fmt: skip
def test_the_list_shows_what_holds_today_unless_others_are_asked_for(
    city: City, given: dict[str, str], grades: list[str]
) -> None:
    change(city, entry_of(city), date(2026, 3, 1), grade="A")
    assert [row["grade"] for row in listed(**given)] == grades


def test_a_value_of_another_edition_that_is_not_of_the_type_reads_as_none(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry_of(city)
    register = rulebook.by_id(INSTITUTES)
    fields = dict(register.fields) | {"grade": replace(register.fields["grade"], type="date", choices=())}
    monkeypatch.setattr(rulebook, "by_id", lambda _id: replace(register, fields=fields))
    assert [row["grade"] for row in listed()] == [None]


def test_what_an_index_serves_is_asked_of_it(city: City) -> None:
    entry_of(city)
    code = city.institute.uscc or ""
    assert [len(listed(uscc=each)) for each in (code, city.company.uscc or "")] == [1, 0]
    with pytest.raises(InputErrors):
        listed(uscc="91330300TE5T0077X0")
    columns = {each.key: each for each in entries.list_of_entries("technical_committees", DAY).columns}
    (unique,) = rulebook.by_id("technical_committees").unique
    assert columns[unique].path == "key"


def test_a_field_named_like_a_word_of_every_address_is_no_page_token() -> None:
    columns = entries.list_of_entries("brands_and_awards", DAY).columns
    assert not {"page", "q", "sort", "cols"} & {each.key for each in columns if each.operators}


def test_the_search_reads_the_titles_where_more_are_called_so_than_are_looked_up(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry_of(city)
    entry_of(city, uscc=city.company.uscc or "", name="示例市第二计量院")
    monkeypatch.setattr(phrases, "PHRASES_MOST", 1)
    assert {row["name"] for row in listed(q="计量")} == {"示例市计量院", "示例市第二计量院"}


def test_the_list_of_strangers_has_public_fields_alone(city: City) -> None:
    entry_of(city, contact="张三 0577")
    spec = entries.list_of_published(INSTITUTES, DAY)
    with scoped(EVERYTHING):
        (row,) = paging.page_of(spec, Wanted(), scope=NOTHING).rows
    assert (row["name"], row["grade"]) == ("示例市计量院", "B")
    assert not {"contact", "verification_items"} & {*row, *(each.key for each in spec.columns)}


def test_a_register_that_is_not_public_has_no_list_for_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    register = replace(rulebook.by_id(INSTITUTES), is_public=False)
    monkeypatch.setattr(rulebook, "by_id", lambda _id: register)
    with pytest.raises(Hidden):
        entries.list_of_published(INSTITUTES, DAY)
