"""A register taken in from a CSV file: rows per second through every check, and again when nothing is new; and 100,000
rows of two kinds as the page has them taken in by the worker.

The floor is PostgreSQL alone: the same rows by one COPY into a table without a check or an index. The peer is
frictionless (MIT), which checks the same columns of the same file and names each fault, without a register beside it.
"""

from __future__ import annotations

from drills.stand.copy import own_copy

from bench.bodies.figures import take_in
from bench.report import Report

ROWS = 30_000
LONG_ROWS = 100_000


def run(report: Report, *, rows: int = ROWS, long: int = LONG_ROWS) -> None:
    """Take a file of invented instruments in, twice, and one with a fault in every hundredth row."""
    report.summary = f"{rows:,} invented instruments by `plumbline import`, everything or nothing, report written."
    with own_copy("bench") as copy:
        take_in(report, copy.call("bench.bodies.intake", {"rows": rows, "long": long}))
