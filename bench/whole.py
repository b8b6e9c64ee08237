"""The size the platform is promised for: one million instruments, three million certificates, one million cases.

One copy is loaded; then lists, search, figures and files are measured on it, each as its own bench measures it on less.
Takes the better part of an hour, and some ten gigabytes of disk.
"""

from __future__ import annotations

from drills.stand.copy import own_copy

from bench import dashboard, export, lists, search
from bench.bodies.figures import take_in
from bench.load import told
from bench.report import Report

SIZES = {"instruments": 1_000_000, "certificates": 3_000_000, "cases": 1_000_000}
PATIENCE_S = 4 * 3600


def run(report: Report, *, sizes: dict[str, int] = SIZES) -> None:
    """Load one copy and measure everything that must stay quick at size."""
    with own_copy("bench") as copy:
        take_in(report, copy.call("bench.bodies.filling", sizes, patience_s=PATIENCE_S))
        lists.measure(report, copy, sizes=sizes)
        search.measure(report, copy, sizes=sizes)
        dashboard.measure(report, copy)
        export.measure(report, copy)
    report.summary = f"{told(sizes)}: lists, single pages, search, figures and files on one loaded copy."
