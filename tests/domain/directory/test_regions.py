"""Regions in the database: every edition is accepted, and an area is a tree that remembers its old codes."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plumbline.domain.directory import actions, queries
from plumbline.errors import InputError

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded() -> None:
    actions.load_regions(AT)


def test_loading_is_one_statement_a_table() -> None:
    with CaptureQueriesContext(connection) as captured:
        actions.load_regions(AT)

    inserts = [each["sql"] for each in captured.captured_queries if "insert into" in each["sql"]]
    assert len(inserts) == 2


def test_loading_again_changes_nothing() -> None:
    assert actions.load_regions(AT) == 0


@pytest.mark.parametrize(
    ("code", "name", "state"),
    [("330305", "洞头区", "current"), ("330322", "洞头县", "ended"), ("110103", "崇文区", "ended")],
)
def test_code_of_every_edition_is_accepted(code: str, name: str, state: str) -> None:
    found = queries.region(code)

    assert (found.name, found.is_current) == (name, state == "current")


def test_code_of_no_edition_is_refused() -> None:
    with pytest.raises(InputError, match="999999"):
        queries.region("999999")


def test_name_is_that_of_the_year_asked_for() -> None:
    assert queries.region("360402", date(2010, 6, 1)).name == "庐山区"
    assert queries.region("360402", date(2025, 6, 1)).name == "濂溪区"


def test_area_holds_old_codes_of_its_tree() -> None:
    wenzhou = queries.codes_under("330300")

    assert {"330300", "330305", "330322", "330383", "330327"} <= set(wenzhou)
    assert "330102" not in wenzhou


def test_area_of_a_successor_holds_the_ended_code() -> None:
    assert queries.codes_under("330305") == ("330305", "330322")


def test_area_of_a_split_off_city_does_not_hold_the_county_that_stands() -> None:
    assert queries.codes_under("330383") == ("330383",)


def test_ended_code_that_was_divided_counts_for_each_successor() -> None:
    assert "330104" in queries.codes_under("330102")
    assert "330104" in queries.codes_under("330114")


def test_area_of_an_unknown_code_is_itself_alone() -> None:
    assert queries.codes_under("999999") == ("999999",)


def test_path_leads_from_county_to_province() -> None:
    assert [(each.code, each.name) for each in queries.path("330305")] == [
        ("330305", "洞头区"),
        ("330300", "温州市"),
        ("330000", "浙江省"),
    ]


def test_path_of_a_code_listed_twice_ends() -> None:
    assert [each.code for each in queries.path("441900")] == ["441900", "440000"]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("330305", "现行代码"),
        ("330322", "代码已停用，后继：330305 洞头区"),
        ("330104", "代码已停用，后继：330102 上城区、330114 钱塘区"),
        ("330185", "代码已停用，后继未知"),
    ],
)
def test_standing_of_a_code_is_said(code: str, sentence: str) -> None:
    assert str(queries.standing(code)) == sentence


def test_day_is_given_only_where_a_source_told_it() -> None:
    days = {each.successor_code: each.day for each in queries.successions("330322")}

    assert days == {"330305": date(2015, 7, 23)}
    assert [each.day for each in queries.successions("330327")] == [None]
