"""Instruments are found by two characters, initials, pieces of numbers, in spite of slips; by those who see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.db import ProgrammingError, connection, transaction
from pytest_django import Settings

from plumbline.config.postgres_roles import APP
from plumbline.domain.directory.models import Organisation
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows import bulk
from plumbline.domain.rows.codes import new_identity, new_lookup_code
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.domain.rows.searching import numbers
from plumbline.domain.rows.types import Scope
from tests.domain.searching.things import instrument, organisation, search, site
from tests.world import COUNTY, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Organisation:
    return organisation("宁川市鼎石加油站有限公司", 31)


def test_two_characters_anywhere_in_a_name_find_it(owner: Organisation) -> None:
    instrument(owner, "冷水水表")
    instrument(owner, "燃油加油机")

    assert search("水表").names == ["冷水水表"]


def test_the_nearer_to_what_was_typed_the_earlier(owner: Organisation) -> None:
    for name in ("冷水水表", "水表检定装置", "水表"):
        instrument(owner, name)

    assert search("水表").names == ["水表", "水表检定装置", "冷水水表"]


@pytest.mark.parametrize("typed", ["ryjyj", "jyj", "RYJ", "ryj yj"])
def test_initials_find_a_name(owner: Organisation, typed: str) -> None:
    instrument(owner, "燃油加油机")
    instrument(owner, "冷水水表")

    assert search(typed).names == ["燃油加油机"]


@pytest.mark.parametrize("typed", ["cq", "zq"])
def test_every_reading_of_a_character_counts(owner: Organisation, typed: str) -> None:
    instrument(owner, "重庆压力表")

    assert search(typed).names == ["重庆压力表"]


@pytest.mark.parametrize("typed", ["加由机", "然油加油机", "燃油加汕机", "燃加油机", "燃油油加油机"])
def test_a_slip_in_a_name_finds_what_was_meant_and_says_so(owner: Organisation, typed: str) -> None:
    instrument(owner, "燃油加油机")
    instrument(owner, "冷水水表")

    found = search(typed)
    assert (found.names, found.is_near) == (["燃油加油机"], True)


@pytest.mark.parametrize("sample", [0, 1_000])
@pytest.mark.parametrize("typed", ["00737", "ex-0000", "2024-00", "A7-EX"])
def test_a_piece_of_a_number_finds_it(
    owner: Organisation, typed: str, sample: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "SAMPLE_ROWS", sample)
    instrument(owner, "加油机", serial="2024-A7-EX-0000737", external_id="2024-00-1")
    instrument(owner, "水表", serial="9999")

    assert search(typed).names == ["加油机"]


@pytest.mark.parametrize("typed", ["EX0O00737", "EX000737", "XE0000737", "EX00007377"])
def test_a_slip_in_a_number_finds_it_and_says_so(owner: Organisation, typed: str) -> None:
    instrument(owner, "加油机", serial="EX0000737")

    found = search(typed)
    assert (found.names, found.is_near) == (["加油机"], True)


@pytest.mark.parametrize(
    "typed", ["PL-AKBM-2X9Q-8H-3", "pl8kbm2x9q8h3", "PL-KKBM-2X9Q-8H-U", "KBM2X9Q8H3", "PL-KBKM-2X9Q-8H-3"]
)
def test_a_slip_in_an_identity_finds_it(owner: Organisation, typed: str) -> None:
    instrument(owner, "加油机", identity="PL-KKBM-2X9Q-8H-3")

    assert search(typed).names == ["加油机"]


def test_the_whole_number_comes_before_those_that_hold_it(owner: Organisation) -> None:
    instrument(owner, "乙", serial="9737")
    instrument(owner, "甲", serial="737")

    assert search("737").names == ["甲", "乙"]


def test_a_place_and_a_name_together_find_what_stands_there(owner: Organisation) -> None:
    instrument(owner, "燃油加油机", site=site(owner, "鼎石北站"))
    there = instrument(owner, "燃油加油机", site=site(owner, "城南站"))
    instrument(owner, "压力表", site=there.site)

    assert search("城南 加油机").ids == [there.id]


def test_operators_and_wildcards_are_only_signs(owner: Organisation) -> None:
    instrument(owner, "燃油加油机")

    assert search("加油机 & ! | ( ) :* % _ '").names == ["燃油加油机"]
    assert search("燃%机_").names == []


def test_what_belongs_to_others_is_not_there(owner: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "SAMPLE_ROWS", 0)
    stranger = Scope((organisation("别的公司", 32).id,))
    made = instrument(owner, "燃油加油机", serial="EX0000737")

    assert [search(typed, scope=stranger).ids for typed in ("加油机", "ryjyj", "00737", made.identity, "EX000073")] == (
        [[]] * 5
    )


def test_an_office_finds_what_lies_in_its_area_alone(owner: Organisation) -> None:
    instrument(owner, "燃油加油机")

    assert search("加油机", scope=Scope(regions=(COUNTY,))).names == ["燃油加油机"]
    assert search("加油机", scope=Scope(regions=("330303",))).names == []


class Plain(NamedTuple):
    """An instrument as COPY brings it."""

    id: str
    identity: str
    lookup_code: str
    category: str
    name_zh: str
    name_en: str
    model: str
    serial: str
    maker: str
    range_text: str
    accuracy_class: str
    owner_id: str
    region_code: str
    state: str
    place: str
    attributes: str
    external_id: str
    is_demo: str
    registered_at: str


def test_rows_that_came_by_copy_are_found_alike(
    owner: Organisation, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PLUMBLINE_DEMO = True
    monkeypatch.setattr(numbers, "SAMPLE_ROWS", 0)
    row = Plain(str(new_id()), new_identity(), new_lookup_code(), "MV-NAWI", "电子计价秤", "", "", "K77001", "", "", "",
                str(owner.id), COUNTY, "in_use", "", "{}", "", "f", moment().isoformat())  # fmt: skip
    with scoped(EVERYTHING):
        bulk.take_in("registers_instrument", Plain, rows=[row])

    assert [search(typed).names for typed in ("计价", "dzjjc", "7700")] == [["电子计价秤"]] * 3


def test_a_changed_number_and_name_are_found_and_the_old_number_is_not(
    owner: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "SAMPLE_ROWS", 0)
    made = instrument(owner, "加油机", serial="OLD5551")
    with scoped(EVERYTHING):
        Instrument.objects.filter(pk=made.pk).update(serial="NEW7772", name_zh="电子汽车衡")

    assert [search(typed).names for typed in ("汽车衡", "7772", "5551")] == [["电子汽车衡"], ["电子汽车衡"], []]


def test_the_application_reads_neither_phrases_nor_numbers_beside_the_rows(owner: Organisation) -> None:
    def refused(table: str) -> bool:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"select 1 from {table}")  # noqa: S608  # named below
        except ProgrammingError as error:
            return "permission denied" in str(error)
        return False

    assert connection.settings_dict["USER"] == APP
    tables = ("rows_phrase", "registers_instrument_number", "cases_case_number", "certificates_certificate_number")
    assert all(refused(table) for table in tables)


@pytest.fixture
def plan() -> Callable[[str], str]:
    """Return how the database would answer a statement."""

    def told(statement: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute(f"explain {statement}")
            return "\n".join(line for (line,) in cursor.fetchall())

    return told


def test_equality_of_a_name_is_served_by_an_index_under_row_security(plan: Callable[[str], str]) -> None:
    with scoped(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        assert "instrument_by_name" in plan("select id from registers_instrument where name_zh in ('水表', '加油机')")
