"""Pages of a list in the database alone: by key, as the product's, and by OFFSET. asked: {"places", "rounds"}.

places: shares of the whole table at which a page begins. One page is the same fifty rows either way.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable

from bench.bodies.figures import Answer, as_answer
from bench.report import Report, seconds
from plumbline.domain.registers import queries
from plumbline.domain.registers.models import Instrument
from plumbline.domain.registers.types import InstrumentFilter
from plumbline.domain.rows.scope import EVERYTHING, scoped

PAGE = 50


def main(asked: dict[str, list[float] | int]) -> Answer:
    """Measure; returns the rows of the report."""
    report, places, rounds = Report("paging"), asked["places"], asked["rounds"]
    if not isinstance(places, list) or not isinstance(rounds, int):
        raise TypeError("places is a list, rounds a number")
    with scoped(EVERYTHING):
        total = Instrument.objects.count()
        for place in places:
            _page(report, place, int(total * place), rounds=rounds)
        report.figure("counting them all, as a plain list does", _median(Instrument.objects.count, rounds), "s")
    return as_answer(report)


def _page(report: Report, place: float, offset: int, *, rounds: int) -> None:
    rows = Instrument.objects.order_by("id")
    before = rows.values_list("id", flat=True)[max(offset - 1, 0)]
    name = f"50 instruments after {offset:,}"
    by_key = _median(lambda: queries.instruments(InstrumentFilter(), after=before if offset else None), rounds)
    by_offset = _median(lambda: list(rows[offset : offset + PAGE]), rounds)
    report.figure(name, 1000 * by_key, "ms", note="by key, median")
    report.figure(name, 1000 * by_offset, "ms", note=f"by OFFSET, median, at {place:.0%}")


def _median(work: Callable[[], object], rounds: int) -> float:
    return statistics.median(seconds(work) for _round in range(rounds))
