"""Outside calibrations: seen with their instrument, never changed, and due by assumed intervals."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from plumbline.domain.certificates import actions, queries
from plumbline.domain.certificates.intervals import Intervals, parse_intervals
from plumbline.domain.certificates.models import OutsideCalibration
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import Change, Placing
from plumbline.domain.rows.findings import ALL_OR_NOTHING, GOOD_ROWS, Intake
from plumbline.domain.rows.scope import NOTHING, Scope, scoped
from plumbline.errors import InputError
from plumbline.gateways.tables.template import Sheet, lay_out
from plumbline.gateways.tables.values import TableRow
from tests.domain.registers import city as made
from tests.domain.registers.city import AT, City

pytestmark = pytest.mark.django_db
HEADERS = ("external_id", "performed_on", "instrument_class", "document")


@pytest.fixture
def city() -> City:
    return made.build()


@pytest.fixture
def nozzle(city: City) -> UUID:
    return made.nozzle_at(city, made.site_of(city, city.company), external_id="A1").id


def intervals(**months: int) -> Intervals:
    lines = "\n".join(f"{name} = {count}" for name, count in months.items())
    text = f'status = "assumption"\nnote_zh = "甲"\nnote_en = "a"\ndefault_months = 12\n[months]\n{lines}'
    return parse_intervals(text, file="intervals.toml")


def take_in(city: City, *rows: tuple[str, ...], mode: str = ALL_OR_NOTHING) -> Intake:
    sheet = Sheet(lay_out(queries.calibration_template(), HEADERS, mapping={}), _lines(rows))
    office = city.actor(made.OFFICE)
    with scoped(office.scope):
        return actions.import_calibrations(office, sheet, owner_id=city.company.id, mode=mode, at=AT)


def _lines(rows: tuple[tuple[str, ...], ...]) -> list[TableRow]:
    return [TableRow(number, cells) for number, cells in enumerate(rows, start=2)]


def due_on(city: City, at: date, assumed: Intervals) -> list[tuple[date | None, int | None, str]]:
    with scoped(city.actor(made.OFFICE).scope):
        return [(row.due_on, row.months, row.status) for row in queries.due_rows(assumed, owner_id=None, at=at)]


def test_calibration_is_seen_with_its_instrument_and_not_without(city: City, nozzle: UUID) -> None:
    take_in(city, ("A1", "2020-01-31", "X", "a"))
    stranger = made.another_company()

    def seen(scope: Scope) -> int:
        with scoped(scope):
            return OutsideCalibration.objects.count()

    assert seen(Scope((city.company.id,))) == 1
    assert (seen(Scope((stranger.id,))), seen(NOTHING)) == (0, 0)


def test_calibration_follows_its_instrument_to_a_new_owner(city: City, nozzle: UUID) -> None:
    take_in(city, ("A1", "2020-01-31", "X", "a"))
    receiver = made.another_company()
    site = made.site_of(city, receiver, region="330302")
    office = city.actor(made.OFFICE)

    with scoped(office.scope):
        registers.change_owner(office, nozzle, to=Placing(site.id), change=Change("转让"), at=AT)

    with scoped(Scope((receiver.id,))):
        assert OutsideCalibration.objects.count() == 1


def test_calibration_is_never_changed(city: City, nozzle: UUID) -> None:
    take_in(city, ("A1", "2020-01-31", "X", "a"))

    with pytest.raises(DatabaseError), scoped(city.actor(made.OFFICE).scope), transaction.atomic():
        OutsideCalibration.objects.update(performed_on=date(2026, 1, 1))


def test_same_calibration_twice_in_a_file_is_an_error_and_two_classes_on_a_day_a_warning(
    city: City, nozzle: UUID
) -> None:
    rows = (("A1", "2020-01-31", "X", "a"), ("A1", "20200131", "X", "a"), ("A1", "2020-01-31", "Y", "a"))

    result = take_in(city, *rows, mode=GOOD_ROWS)

    assert {(each.code, each.rows) for each in result.tallies} == {("exactly_repeated", 1), ("same_day", 3)}
    assert (result.new, result.refused) == (2, 1)


def test_day_in_the_future_is_refused(city: City, nozzle: UUID) -> None:
    result = take_in(city, ("A1", "2026-11-21", "X", "a"))

    assert [each.code for each in result.tallies] == ["day_future"]
    assert not result.is_written


@pytest.mark.parametrize(
    ("at", "status"),
    [(date(2021, 1, 30), "in_time"), (date(2021, 1, 31), "overdue"), (date(2020, 1, 30), None)],
)
def test_instrument_is_overdue_from_the_day_the_interval_ends(
    city: City, nozzle: UUID, at: date, status: str | None
) -> None:
    take_in(city, ("A1", "2020-01-31", "X", "a"))

    assert [row[2] for row in due_on(city, at, intervals())] == ([status] if status else [])


def test_of_two_classes_on_the_latest_day_the_shorter_interval_counts(city: City, nozzle: UUID) -> None:
    take_in(city, ("A1", "2020-01-31", "X", "a"), ("A1", "2020-01-31", "Y", "b"), ("A1", "2019-01-31", "Z", "c"))

    assert due_on(city, date(2020, 2, 1), intervals(X=24, Y=13, Z=1)) == [(date(2021, 2, 28), 13, "in_time")]


def test_retired_instrument_falls_due_no_more(city: City, nozzle: UUID) -> None:
    take_in(city, ("A1", "2020-01-31", "X", "a"))
    office = city.actor(made.OFFICE)

    with scoped(office.scope):
        registers.retire_instrument(office, nozzle, change=Change("报废"), at=AT)

    assert due_on(city, date(2022, 1, 1), intervals()) == []


def test_unknown_mode_is_refused(city: City) -> None:
    with pytest.raises(InputError, match="sometimes"):
        take_in(city, mode="sometimes")
