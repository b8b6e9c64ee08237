"""The size the platform is promised for: one million instruments, three million certificates, one million cases.

One copy is loaded; then lists, search, figures and files are measured on it, each as its own bench measures it on less,
and each writes a section of its own as soon as it is done. Takes an hour or more, and some twenty gigabytes of disk.
"""

from __future__ import annotations

from collections.abc import Callable

from drills.stand.copy import OwnCopy, own_copy

from bench import dashboard, export, lists, search, sweep
from bench.bodies.figures import take_in
from bench.load import told
from bench.report import Report
from bench.sections import tell

SIZES = {"instruments": 1_000_000, "certificates": 3_000_000, "cases": 1_000_000}
PATIENCE_S = 4 * 3600
PARTS: dict[str, Callable[[Report, OwnCopy], None]] = {
    "lists": lambda part, copy: lists.measure(part, copy, sizes=SIZES),
    "search": lambda part, copy: search.measure(part, copy, sizes=SIZES),
    "dashboard": dashboard.measure,
    "sweep": sweep.measure,
    "export": export.measure,
}


def run(report: Report) -> None:
    """Load one copy, unless an earlier run left it, and measure everything that must stay quick at size."""
    with own_copy("bench") as copy:
        take_in(report, copy.call("bench.bodies.filling", SIZES, patience_s=PATIENCE_S))
        report.summary = f"{told(SIZES)}, loaded by `./plumbline load`; measured in the sections that follow."
        for name, measure in PARTS.items():
            part = Report(f"whole, {name}", summary=f"{told(SIZES)} on one loaded copy.")
            measure(part, copy)
            tell(part)
