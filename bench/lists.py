"""Lists and single pages at size, asked through the web server; beside them OFFSET paging and a plain Django admin.

One request after another, as one reader asks. The peer is Django's own changelist over the same tables, in a server
of its own with as many workers: it counts the whole table on each page, and goes to a later page by OFFSET.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any  # what a child answers is JSON

from drills.stand.copy import OwnCopy, own_copy
from launch.environment import HOME

from bench.bodies.figures import take_in
from bench.check import quantile, served
from bench.load import PATIENCE_S, SIZES, told
from bench.report import Report
from plumbline.config.ports import hold_port
from plumbline.config.processes import start_child
from plumbline.config.serving import HOST, WORKERS

PAGES, SEED, ROUNDS = 50, 20261122, 15
PLACES = [0.0, 0.5, 0.99]
ADMIN = (
    ("instruments", "/admin/registers/instrument/?p={page}"),
    ("certificates", "/admin/certificates/certificate/?p={page}"),
    ("cases", "/admin/cases/case/?p={page}"),
)


def run(report: Report, *, sizes: dict[str, int] = SIZES, pages: int = PAGES) -> None:
    """Load a copy and ask it."""
    with own_copy("bench") as copy:
        copy.call("bench.bodies.filling", sizes, patience_s=PATIENCE_S)
        measure(report, copy, sizes=sizes, pages=pages)


def measure(report: Report, copy: OwnCopy, *, sizes: dict[str, int], pages: int = PAGES) -> None:
    """Ask a copy that was loaded already."""
    report.summary = f"{told(sizes)}; {WORKERS} workers, {pages} requests of each kind, one at a time."
    copy.folder.keep(lookups_per_minute=0)  # one address asks for all
    asked = copy.call("bench.bodies.readers", {"pages": pages, "seed": SEED}, patience_s=PATIENCE_S)
    with served(copy) as (port, _pids):
        for each in asked:
            tell(report, each["name"], ask(port, each["paths"], cookie=each["cookie"]))
    take_in(report, copy.call("bench.bodies.paging", {"places": PLACES, "rounds": ROUNDS}))
    beside_admin(report, sizes, pages=pages)


def beside_admin(report: Report, sizes: dict[str, int], *, pages: int) -> None:
    """Ask the peer for the same lists at the same places; fewer times, since a page of it may take seconds."""
    with admin() as port:
        for name, address in ADMIN:
            last = sizes[name] // 50
            for place in PLACES:
                paths = [address.format(page=max(1, int(last * place)))] * max(3, pages // 10)
                tell(report, f"Django admin, {name} at {place:.0%}", ask(port, paths, cookie=""))


def tell(report: Report, name: str, took: list[float]) -> None:
    """Add the median and the 95th of a hundred of what requests took; the first one warms up."""
    ordered = sorted(took[1:])
    report.figure(name, 1000 * quantile(ordered, 0.5), "ms", note=f"p95 {1000 * quantile(ordered, 0.95):.0f} ms")


def ask(port: int, paths: list[str], *, cookie: str) -> list[float]:
    """Ask for some pages over one connection; return what each answer took in seconds. Raises: RuntimeError."""
    took = []
    connection = http.client.HTTPConnection(HOST, port, timeout=300)
    for path in paths:
        begun = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie, "Host": f"localhost:{port}"})
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - begun)
        if answer.status != 200 and not (answer.status == 404 and path.startswith("/c/")):
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return took


@contextmanager
def admin() -> Iterator[int]:
    """Have the peer run in a server like ours; yields its port."""
    held = hold_port(HOST, None)
    port = held.port
    held.release()
    environment: dict[str, Any] = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "bench.bodies.admin_settings", "PYTHONPATH": str(HOME),
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
               "--workers", str(WORKERS), "bench.bodies.admin_wsgi:application"]  # fmt: skip
    with (HOME / "build" / "admin-peer.log").open("wb") as log:
        process = start_child(command, output=log, environment=environment)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            ask(port, ["/admin/registers/instrument/"], cookie="")
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return
