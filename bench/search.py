"""Search at size, asked through the web server as the box asks it; beside it a plain Django admin's search.

One request after another, as one reader types. One request of ours answers for every kind of thing; the peer, Django's
own changelist with `search_fields` (icontains) over the same tables, answers for one kind a request.
"""

from __future__ import annotations

from urllib.parse import quote

from drills.stand.copy import OwnCopy, own_copy

from bench.bodies.figures import take_in
from bench.check import quantile, served
from bench.lists import admin, ask, tell
from bench.load import PATIENCE_S, SIZES, told
from bench.report import Report
from plumbline.config.serving import WORKERS

EACH, SEED = 20, 20261122
PEER_ASKS = (
    ("instruments", "registers/instrument", "加油"),
    ("instruments, piece of a serial number", "registers/instrument", "EX0001"),
    ("certificates, piece of a number", "certificates/certificate", "0012"),
    ("cases", "cases/case", "地点0001"),
)


def run(report: Report, *, sizes: dict[str, int] = SIZES, each: int = EACH) -> None:
    """Load a copy and search it."""
    with own_copy("bench") as copy:
        copy.call("bench.bodies.filling", sizes, patience_s=PATIENCE_S)
        measure(report, copy, sizes=sizes, each=each)


def measure(report: Report, copy: OwnCopy, *, sizes: dict[str, int], each: int = EACH) -> None:
    """Search a copy that was loaded already."""
    report.summary = f"{told(sizes)}; {WORKERS} workers, {each} texts of each kind a reader, one request at a time."
    asked = copy.call("bench.bodies.searchers", {"each": each, "seed": SEED})
    whole: list[float] = []
    with served(copy) as (port, _pids):
        for kind in asked:
            took = ask(port, [kind["paths"][0], *kind["paths"]], cookie=kind["cookie"])
            tell(report, kind["name"], took)
            whole += took[1:]
    ordered = sorted(whole)
    report.figure("every search of every reader", 1000 * quantile(ordered, 0.5), "ms",
                  note=f"p95 {1000 * quantile(ordered, 0.95):.0f} ms, slowest {1000 * ordered[-1]:.0f} ms")  # fmt: skip
    take_in(report, copy.call("bench.bodies.search_sizes", {}))
    with admin() as port:
        for name, table, text in PEER_ASKS:
            tell(report, f"Django admin, {name}", ask(port, [f"/admin/{table}/?q={quote(text)}"] * 6, cookie=""))
