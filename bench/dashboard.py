"""The figures at size: counting all of them, counting one part anew, asking them; beside them, counting on the page.

The peer is plain SQL over the facts themselves, as a report without kept figures asks: the same numbers come of it.
"""

from __future__ import annotations

from drills.stand.copy import OwnCopy, own_copy

from bench.bodies.figures import take_in
from bench.check import served
from bench.lists import ask, tell
from bench.load import PATIENCE_S, SIZES, told
from bench.report import Report

ROUNDS, PAGES = 7, 50


def run(report: Report, *, sizes: dict[str, int] = SIZES, rounds: int = ROUNDS) -> None:
    """Load a copy and count it."""
    report.summary = f"{told(sizes)}, one process, the database beside it; the reader sees the whole province."
    with own_copy("bench") as copy:
        copy.call("bench.bodies.filling", sizes, patience_s=PATIENCE_S)
        measure(report, copy, rounds=rounds)


def measure(report: Report, copy: OwnCopy, *, rounds: int = ROUNDS) -> None:
    """Count a copy that was loaded already, then ask for the pages through the web server."""
    take_in(report, copy.call("bench.bodies.counting", {"rounds": rounds}, patience_s=PATIENCE_S))
    asked = copy.call("bench.bodies.readers:figures", {"pages": PAGES})
    with served(copy) as (port, _pids):
        for each in asked:
            tell(report, each["name"], ask(port, each["paths"], cookie=each["cookie"]))
