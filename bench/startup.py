"""How long from a fresh clone to the first page, and from a stop or a kill -9 to the first page again.

The clone is a copy of the tracked files in a folder with a space in its name; package caches are those of the machine.
The first page is the portal's, from the command to its last byte. No peer is set beside it: no other program does this
work, and how fast another one starts, with other records and other promises, says nothing of ours.
"""

from __future__ import annotations

import http
import signal
import statistics
import tempfile
import time
from pathlib import Path

from launch.environment import HOME
from launch.rehearsal import RunningCopy, copy_of_tree, running

from bench.report import Report, resident_kib

RESTARTS = 5
FIRST_PAGE = "/"


def run(report: Report) -> None:
    """Measure the start of the demo; the bounds are those of the product's own promise."""
    report.summary = (
        "Promise: first page within 180 s of a fresh clone with warm package caches, within 5 s on restart. "
        "No peer: no other program does this work."
    )
    with tempfile.TemporaryDirectory(prefix="plumbline bench ") as folder:
        Path(folder).chmod(0o755)
        clone = copy_of_tree(HOME, Path(folder) / "a fresh clone")
        with running(clone, clone / "data") as copy:
            report.figure("fresh clone to first page, demo", to_first_page(copy, patience_s=600), "s")
            report.figure("first page", len(copy.get(FIRST_PAGE)[1]) / 1000, "kB", note="without styles")
            report.peak_memory("all processes together", resident_kib(list(copy.processes())))
            for name, number in (("Ctrl-C", signal.SIGINT), ("kill -9", signal.SIGKILL)):
                stops, starts = zip(*[stop_and_start(copy, number) for _ in range(RESTARTS)], strict=True)
                note = f"median of {RESTARTS}; the slowest {max(starts):.3g} s"
                report.figure(f"restart after {name} to first page", statistics.median(starts), "s", note=note)
                if number == signal.SIGINT:
                    report.figure("stop by Ctrl-C", statistics.median(stops), "s", note=f"median of {RESTARTS}")


def to_first_page(copy: RunningCopy, *, patience_s: float = 120) -> float:
    """Start the demo; return the seconds to the whole first page. Raises: RuntimeError if that is no page."""
    begun = time.monotonic()
    copy.start("demo", patience_s=patience_s)
    status, _page = copy.get(FIRST_PAGE)
    if status != http.HTTPStatus.OK:
        raise RuntimeError(f"the first page has status {status}")
    return time.monotonic() - begun


def stop_and_start(copy: RunningCopy, signal_number: int) -> tuple[float, float]:
    """Stop, and start again; return the seconds of both."""
    begun = time.monotonic()
    copy.stop(signal_number)
    return time.monotonic() - begun, to_first_page(copy)
