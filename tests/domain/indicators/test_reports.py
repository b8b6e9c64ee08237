"""A frozen month: what is known then is counted once for good; what comes later never changes it; spoiling is found."""
# ruff: noqa: S608  # the statements are those of the tests themselves

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection

from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.certificates.models import Certificate
from plumbline.domain.certificates.queries import certificate
from plumbline.domain.files import queries as files
from plumbline.domain.indicators import actions, as_known, frozen, jobs, known, queries
from plumbline.domain.indicators.known import EVERYTHING_SO_FAR
from plumbline.domain.indicators.types import Difference, MonthFigures, Reach, Work
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import Change, InstrumentEntry, Placing, SiteEntry
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import ProofError, StateError
from tests.domain.certificates.issuing import issued, replaced, revoked
from tests.domain.ledger.log_of_its_own import tamper
from tests.world import COUNTY, TODAY, World, moment

ELSEWHERE = "330304"
MONTH = TODAY.replace(day=1)
FUEL = Reach(("MV-FUEL",))
AFTER = moment(date(2026, 12, 4))
NEXT = date(2026, 12, 5)


def figures(*, month: date = MONTH, place: int = EVERYTHING_SO_FAR) -> MonthFigures:
    """Return the figures of a month as known at a place."""
    with scoped(EVERYTHING):
        return as_known.figures_of(month, place=place)


def frozen_month(world: World) -> MonthFigures:
    """Freeze a month in which one nozzle passed and one failed; return what its file says."""
    issued(world)
    issued(world, number=1, error=0.5)
    actions.freeze(SYSTEM, MONTH, at=AFTER)
    return queries.frozen_report(MONTH).figures


def late(most: int = 9) -> list[tuple[str, str, int, int]]:
    """Return what became known since the month was frozen."""
    found = queries.since_frozen(MONTH, most=most)
    return [(each.figure, each.count, each.was, each.now) for each in found]


def test_a_month_says_how_instruments_stood_what_failed_and_what_was_done(world: World) -> None:
    found = frozen_month(world)
    [line] = found.coverage
    assert (line.region_code, line.category) == (COUNTY, "MV-FUEL")
    assert line[2:] == (1, 0, 0, 1, 0, 2)
    assert [(each.maker, each.measured, each.failed) for each in found.documents] == [("测试厂", 2, 1)]
    [work] = found.work
    assert (work.opened, work.on_time, work.too_late) == (2, 2, 0)


def test_a_month_counted_on_its_last_day_is_what_the_figures_of_that_day_are(world: World) -> None:
    issued(world)
    issued(world, number=1, error=0.5)
    revoked(world, issued(world, number=2))
    actions.refresh(at=moment())
    with scoped(EVERYTHING):
        [live] = queries.coverage(on=as_known.Month(MONTH).last, reach=FUEL)["category"]
        [failed] = queries.failures(since=MONTH, reach=FUEL)["category"]
    [line] = figures().coverage
    assert line[2:] == (live.valid, live.due, live.overdue, live.failed, live.revoked, live.never)
    assert [(each.measured, each.failed) for each in figures().documents] == [(failed.measured, failed.failed)]


@pytest.mark.parametrize("act", ["issue", "revoke", "supersede", "retire", "move", "register", "apply"])
def test_a_report_reproduces_after_later_acts(world: World, act: str) -> None:
    before = frozen_month(world)
    LATER[act](world)
    assert queries.first_difference(MONTH) is None
    assert queries.frozen_report(MONTH).figures == before


def test_late_facts_are_told_beside_the_report(world: World) -> None:
    frozen_month(world)
    issued(world, number=2)
    assert late() == [
        ("coverage", "valid", 1, 2), ("coverage", "never", 2, 1), ("documents", "measured", 2, 3),
        ("work", "opened", 2, 3), ("work", "on_time", 2, 3), ("work", "is_open", 2, 3),
    ]  # fmt: skip


def test_what_is_dated_after_the_month_is_no_late_fact(world: World) -> None:
    frozen_month(world)
    world.apply(first=2, at=moment(NEXT))
    _retire(world, on=NEXT)
    assert late() == []


def test_a_month_before_the_first_facts_is_empty(world: World) -> None:
    assert figures(month=date(2020, 1, 1)).documents == ()


def test_a_case_open_at_the_end_of_the_month_was_open_whatever_came_after(world: World) -> None:
    case = world.apply(at=moment(TODAY))
    world.act("reception", case, "accept", at=moment(NEXT))
    [work] = figures().work
    assert (work.opened, work.is_open, work.under_way) == (1, 1, 1)


def test_a_month_is_frozen_once(world: World) -> None:
    first = actions.freeze(SYSTEM, MONTH, at=AFTER)
    issued(world)
    assert actions.freeze(SYSTEM, MONTH, at=AFTER + timedelta(days=1)).sha256 == first.sha256


def test_a_month_that_runs_is_not_frozen(world: World) -> None:
    with pytest.raises(StateError, match="还没有过完"):
        actions.freeze(SYSTEM, MONTH, at=moment(date(2026, 11, 30)))


def test_the_month_that_is_over_is_frozen_by_the_clock_once(world: World) -> None:
    assert jobs.freeze_last_month(at=moment(date(2026, 12, 3))) is None
    made = jobs.freeze_last_month(at=AFTER)
    assert made is not None
    assert made.month == MONTH
    assert jobs.freeze_last_month(at=AFTER) is None


def test_a_spoiled_file_is_found(world: World) -> None:
    frozen_month(world)
    path = files.path_of(queries.frozen_report(MONTH).report.sha256)
    path.write_bytes(path.read_bytes().replace(b'"periodic"', b'"Periodic"'))
    with pytest.raises(ProofError, match="缺失或已被改动"):
        queries.first_difference(MONTH)


def test_another_file_in_its_place_is_found(world: World) -> None:
    frozen_month(world)
    tamper("indicators_report", f"update indicators_report set sha256 = '{'0' * 64}'")
    with pytest.raises(ProofError, match="与签名的声明不符"):
        queries.first_difference(MONTH)


@pytest.mark.parametrize(
    ("table", "statement", "figure", "count"),
    [
        ("certificates_certificate", "kind = 'J', valid_until = '2027-11-19' where kind = 'T'", "coverage", "valid"),
        ("certificates_certificate", "performed_on = '2026-12-01' where kind = 'T'", "coverage", "failed"),
        ("registers_instrument", "maker = 'X'", "documents", "measured"),
        ("journal_act", "at = at - interval '60 days' where name = 'submit'", "work", "on_time"),
    ],
)  # fmt: skip
def test_a_changed_fact_is_found(world: World, table: str, statement: str, figure: str, count: str) -> None:
    frozen_month(world)
    tamper(table, f"update {table} set {statement}")
    found = queries.first_difference(MONTH)
    assert found is not None
    assert (found.figure, found.count) == (figure, count)


def test_numbers_that_differ_are_named_in_order() -> None:
    empty = MonthFigures((), (), ())
    full = MonthFigures((), (), (Work("330302", "b", 1, 0, 0, 0, 1, 0, 0),))
    assert list(frozen.differences(empty, full)) == [
        Difference("work", ("330302", "b"), "opened", 0, 1), Difference("work", ("330302", "b"), "is_open", 0, 1),
    ]  # fmt: skip


def test_a_place_waits_for_those_who_are_writing(world: World) -> None:
    connection.ensure_connection()
    with pytest.raises(StateError, match="正在写入"):
        _beside(partial(known.settled_place, patience_s=0.2))


def _beside(step: Callable[[], object]) -> None:
    """Do a step on a connection of its own while this one is writing facts."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            step()
        except StateError as error:
            raised.append(error)
        finally:
            connection.close()

    with scoped(EVERYTHING), connection.cursor() as cursor:
        cursor.execute("update registers_instrument set maker = maker where false")
        thread = Thread(target=run)
        thread.start()
        thread.join()
    if raised:
        raise raised[0]


def _retire(world: World, *, on: date = NEXT) -> None:
    nozzle, change = world.nozzles()[3], Change("报废", uuid4())
    step = partial(registers.retire_instrument, instrument_id=nozzle.id, change=change, at=moment(on))
    world.do("bureau", step)


def _move(world: World) -> None:
    nozzle = world.nozzles()[3]
    entry = SiteEntry(nozzle.owner_id, "另一站", ELSEWHERE)
    site = world.do("bureau", lambda actor: registers.register_site(actor, entry, at=moment()))
    change, to = Change("搬站", uuid4()), Placing(site.id, "1 号枪")
    world.do("bureau", lambda actor: registers.move_instrument(actor, nozzle.id, to=to, change=change, at=moment()))


def _register(world: World) -> None:
    nozzle = world.nozzles()[0]
    entry = InstrumentEntry(
        owner_id=nozzle.owner_id, category="MV-FUEL", name_zh="加油枪", site_id=nozzle.site_id, region_code=COUNTY
    )
    world.do("bureau", lambda actor: registers.register_instrument(actor, entry, at=moment()))


def _of_first(world: World, step: Callable[..., object]) -> None:
    """Do something to the first document, dated in the month."""
    with scoped(EVERYTHING):
        key = Certificate.objects.filter(kind="J").values_list("id", flat=True)[0]
        document = certificate(key, on=TODAY)
    step(world, document)


LATER: dict[str, Callable[[World], object]] = {
    "issue": lambda world: issued(world, number=2),
    "revoke": lambda world: _of_first(world, revoked),
    "supersede": lambda world: _of_first(world, replaced),
    "retire": lambda world: _retire(world, on=TODAY),
    "move": _move,
    "register": _register,
    "apply": lambda world: world.apply(first=2),
}
