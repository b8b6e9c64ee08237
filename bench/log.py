"""The transparency log: entries sequenced per second, an audit of all of them, one proof.

With the database as in the product (statements signed and queued, rows, tiles, a signed head), and the store of tiles
alone at a size a city reaches in years. The floor beside it: the same leaves hashed, the same bytes written and synced.
The peer: a tree of the same leaves that pymerkle (GPL-3.0-or-later, a process of its own) keeps in SQLite.
"""

from __future__ import annotations

from drills.stand.copy import own_copy

from bench.bodies.figures import take_in
from bench.report import Report

STATEMENTS, LEAVES = 6_000, 200_000


def run(report: Report, *, statements: int = STATEMENTS, leaves: int = LEAVES) -> None:
    """Fill the queue, sequence it, audit it, prove; then the same for the tiles alone."""
    report.summary = f"{statements:,} statements through the database, {leaves:,} leaves in the store of tiles alone."
    with own_copy("bench") as copy:
        take_in(report, copy.call("bench.bodies.logging_", {"statements": statements, "leaves": leaves}))
