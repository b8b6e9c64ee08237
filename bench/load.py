"""A database for a load test: rows a second by `plumbline load`, every constraint and policy in force.

Smaller than the command's own default; `bench whole` measures that.
"""

from __future__ import annotations

from drills.stand.copy import own_copy

from bench.bodies.figures import take_in
from bench.report import Report

SIZES = {"instruments": 20_000, "certificates": 60_000, "cases": 20_000}
PATIENCE_S = 3600


def run(report: Report, *, sizes: dict[str, int] = SIZES) -> None:
    """Load a new copy, once and again."""
    report.summary = f"{told(sizes)}, with the acts and jobs of the cases: COPY, one INSERT a batch under row security."
    with own_copy("bench") as copy:
        take_in(report, copy.call("bench.bodies.filling", sizes, patience_s=PATIENCE_S))


def told(sizes: dict[str, int]) -> str:
    """Return what was loaded, in words."""
    return ", ".join(f"{count:,} {name}" for name, count in sizes.items())
