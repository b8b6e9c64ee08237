"""The cells of the figures: whatever happens, what is counted bit by bit is what a whole recount gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest

from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.indicators import actions, queries
from plumbline.domain.indicators.models import Coverage, Handled, Measured, Stale, Standing
from plumbline.domain.indicators.types import Reach
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import Change, Placing, SiteEntry
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.rulebook import notices
from tests.domain.certificates.issuing import issued, replaced, revoked
from tests.world import COUNTY, TODAY, World, moment

NOTHING_DIFFERS = {"coverage": 0, "measured": 0, "handled": 0, "timed": 0, "stays": 0}
ELSEWHERE = "330304"


def counted() -> dict[tuple[str, str, date | None], int]:
    """Count what changed; return the instruments by county, standing and last day."""
    actions.refresh(at=moment())
    with scoped(EVERYTHING):
        return {key: count for row in Coverage.objects.all() for key, count in by_day(row)}


def by_day(row: Coverage) -> Iterator[tuple[tuple[str, str, date | None], int]]:
    """Yield how many instruments of a cell have each last day, those without one at the end."""
    for day, until, before in zip(row.days, row.until, [0, *row.until], strict=False):
        yield (row.region_code, row.standing, day), until - before
    if left := row.count - (row.until[-1] if row.until else 0):
        yield (row.region_code, row.standing, None), left


@pytest.mark.parametrize("on", [TODAY + timedelta(days=days) for days in (-40, -1, 0, 1, 9, 10, 11, 29, 30, 31, 200)])
def test_a_day_divides_a_cell_as_it_divides_its_days(world: World, on: date) -> None:
    ends = {TODAY: 1, TODAY + timedelta(days=10): 2, TODAY + timedelta(days=60): 4}
    soon = notices.soon(on)
    with scoped(EVERYTHING):
        Coverage.objects.create(
            region_code=COUNTY, category="MV-FUEL", state="in_use", standing="passed", days=sorted(ends),
            until=[1, 3, 7], count=7,
        )  # fmt: skip
        [line] = queries.coverage(on=on, reach=Reach(("MV-FUEL",)))["category"]
    assert (line.valid, line.due, line.overdue) == (
        sum(count for day, count in ends.items() if day > soon),
        sum(count for day, count in ends.items() if on <= day <= soon),
        sum(count for day, count in ends.items() if day < on),
    )


def documents() -> dict[tuple[str, str, str], int]:
    """Return the counted documents by what divides them, its value and their kind."""
    with scoped(EVERYTHING):
        return {(row.cut, row.value, row.kind): row.count for row in Measured.objects.all()}


def test_an_instrument_without_a_document_was_never_verified(world: World) -> None:
    assert counted() == {(COUNTY, "never", None): 4}


def test_each_document_moves_its_instrument(world: World) -> None:
    counted()
    passed, failed = issued(world), issued(world, number=1, error=0.5)
    assert (passed.kind, failed.kind) == ("J", "T")
    assert counted() == {
        (COUNTY, "failed", None): 1, (COUNTY, "never", None): 2, (COUNTY, "passed", passed.valid_until): 1,
    }  # fmt: skip
    assert documents() == {
        ("maker", "测试厂", "J"): 1, ("maker", "测试厂", "T"): 1, ("age", "", "J"): 1, ("age", "", "T"): 1,
    }  # fmt: skip


def test_a_revoked_document_is_no_validity_and_no_measurement(world: World) -> None:
    document = issued(world)
    counted()
    revoked(world, document)
    assert counted() == {(COUNTY, "never", None): 3, (COUNTY, "revoked", None): 1}
    assert documents() == {}


def test_a_replaced_document_counts_once(world: World) -> None:
    old = issued(world)
    counted()
    new = replaced(world, old)
    assert counted()[COUNTY, "passed", new.valid_until] == 1
    assert sum(documents().values()) == 2  # once by maker, once by age


def test_an_instrument_that_moved_counts_where_it_is(world: World) -> None:
    counted()
    _move(world)
    assert counted() == {(COUNTY, "never", None): 3, (ELSEWHERE, "never", None): 1}


def test_an_instrument_that_moved_counts_once_also_when_one_county_waits(world: World) -> None:
    counted()
    _move(world)
    with scoped(EVERYTHING):
        Stale.objects.filter(region_code=ELSEWHERE).delete()
        counted()
        Stale.objects.create(figure="coverage", region_code=ELSEWHERE, part="MV-FUEL")
    assert counted() == {(COUNTY, "never", None): 3, (ELSEWHERE, "never", None): 1}


def test_what_is_no_longer_in_use_is_counted_apart(world: World) -> None:
    counted()
    nozzle = world.nozzles()[0]
    change = Change("停用检修", uuid4())
    world.do(
        "bureau", lambda actor: registers.change_state(actor, nozzle.id, state="sealed", change=change, at=moment())
    )
    counted()
    with scoped(EVERYTHING):
        assert {row.state: row.count for row in Coverage.objects.all()} == {"in_use": 3, "sealed": 1}


def test_a_case_is_on_time_when_its_limit_was_met(world: World) -> None:
    case = world.approved(at=moment(TODAY - timedelta(days=1)))
    world.issue(case)
    actions.refresh(at=moment())
    with scoped(EVERYTHING):
        [cell] = Handled.objects.all()
    assert (cell.state, cell.is_on_time, cell.ended_month, cell.count) == ("issued", True, TODAY.replace(day=1), 1)


def test_a_case_that_took_too_long_is_not_on_time(world: World) -> None:
    case = world.approved(at=moment(TODAY - timedelta(days=60)))
    world.issue(case)
    actions.refresh(at=moment())
    with scoped(EVERYTHING):
        assert [cell.is_on_time for cell in Handled.objects.all()] == [False]


def test_a_case_under_way_is_neither_late_nor_on_time(world: World) -> None:
    world.act("reception", world.apply(), "accept")
    actions.refresh(at=moment())
    with scoped(EVERYTHING):
        [cell] = Handled.objects.all()
    assert (cell.is_on_time, cell.due_on is None) == (None, False)


def test_counted_bit_by_bit_equals_a_whole_recount(world: World) -> None:
    documents: list[CertificateFacts] = []
    for number, error in enumerate((0.1, 0.5, 0.1)):
        documents.append(issued(world, number=number, error=error))
        actions.refresh(at=moment())
    revoked(world, documents[2])
    replaced(world, documents[0])
    _move(world)
    actions.refresh(at=moment())
    assert actions.recount(at=moment()) == NOTHING_DIFFERS


def test_a_recount_tells_what_the_marks_have_missed(world: World) -> None:
    counted()
    with scoped(EVERYTHING):
        Coverage.objects.update(count=5)
        Standing.objects.filter(instrument_id=world.nozzles()[0].id).update(standing="passed")
    assert actions.recount(at=moment())["coverage"] == 2
    assert counted() == {(COUNTY, "never", None): 4}


def test_nothing_new_costs_nothing(world: World) -> None:
    counted()
    assert actions.refresh(at=moment()) == 0


def _move(world: World) -> None:
    nozzle = world.nozzles()[3]
    entry = SiteEntry(nozzle.owner_id, "另一站", ELSEWHERE)
    site = world.do("bureau", lambda actor: registers.register_site(actor, entry, at=moment()))
    change = Change("搬站", uuid4())
    world.do(
        "bureau",
        lambda actor: registers.move_instrument(
            actor, nozzle.id, to=Placing(site.id, "1 号枪"), change=change, at=moment()
        ),
    )
