"""How long from a fresh clone to the first page, and from a stop or a kill -9 to the first page again.

The clone is a copy of the tracked files in a folder with a space in its name; package caches are those of the machine.
"""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

from launch.environment import HOME
from launch.rehearsal import RunningCopy, copy_of_tree, running

from bench.report import Report, resident_kib

RESTARTS = 5
FIRST_PAGE = "/"


def run(report: Report) -> None:
    """Measure the start of the demo; no peer is set beside it, the bounds are those of the product's own promise."""
    report.summary = (
        "Promise: first page within 180 s of a fresh clone with warm package caches, within 5 s on restart."
    )
    with tempfile.TemporaryDirectory(prefix="plumbline bench ") as folder:
        Path(folder).chmod(0o755)
        clone = copy_of_tree(HOME, Path(folder) / "a fresh clone")
        with running(clone, clone / "data") as copy:
            report.figure("fresh clone to first page, demo", copy.start("demo", patience_s=600), "s")
            status, page = copy.get(FIRST_PAGE)
            report.figure("first page", len(page) / 1000, "kB", note=f"status {status}, without styles")
            report.peak_memory("all processes together", resident_kib(list(copy.processes())))
            report.figure("restart after Ctrl-C, median of 5", median_restart(copy, signal.SIGINT), "s")
            report.figure("restart after kill -9, median of 5", median_restart(copy, signal.SIGKILL), "s")


def median_restart(copy: RunningCopy, signal_number: int) -> float:
    """Stop and start again some times; return the middle time from the start to the first answer."""
    times = []
    for _number in range(RESTARTS):
        copy.stop(signal_number)
        times.append(copy.start("demo"))
    return sorted(times)[RESTARTS // 2]
