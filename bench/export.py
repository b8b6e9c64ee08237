"""Files of whole lists at size: rows a second and memory, as the page hands them out.

With the usual columns, which look up names and newest documents; and with columns of the list's own rows alone.
"""

from __future__ import annotations

from drills.stand.copy import OwnCopy, own_copy

from bench.bodies.figures import take_in
from bench.load import PATIENCE_S, SIZES, told
from bench.report import Report

FILES = [
    ["instruments", ""],
    ["instruments", "cols=identity,serial,model,maker,registered_at"],
    ["certificates", "cols=number,performed_on,valid_until,issued_at"],
    ["cases", "phase=all"],
]


def run(report: Report, *, sizes: dict[str, int] = SIZES) -> None:
    """Load a copy and export its lists."""
    report.summary = f"{told(sizes)}, one process, the database beside it; the reader sees the whole province."
    with own_copy("bench") as copy:
        copy.call("bench.bodies.filling", sizes, patience_s=PATIENCE_S)
        measure(report, copy)


def measure(report: Report, copy: OwnCopy) -> None:
    """Export the lists of a copy that was loaded already."""
    take_in(report, copy.call("bench.bodies.exporting", {"files": FILES}, patience_s=PATIENCE_S))
