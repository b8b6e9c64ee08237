"""The nightly sweep of clocks at size: the first night tells of all that is near or past, the second of nothing."""

from __future__ import annotations

from drills.stand.copy import OwnCopy, own_copy

from bench.bodies.figures import take_in
from bench.load import PATIENCE_S, SIZES, told
from bench.report import Report


def run(report: Report, *, sizes: dict[str, int] = SIZES) -> None:
    """Load a copy and sweep it."""
    report.summary = f"{told(sizes)}, one process, the database beside it."
    with own_copy("bench") as copy:
        copy.call("bench.bodies.filling", sizes, patience_s=PATIENCE_S)
        measure(report, copy)


def measure(report: Report, copy: OwnCopy) -> None:
    """Sweep a copy that was loaded already."""
    take_in(report, copy.call("bench.bodies.sweeping", {}, patience_s=PATIENCE_S))
