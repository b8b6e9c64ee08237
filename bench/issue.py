"""Complete certificates per second on one core, and where the time goes.

One clerk, one core for the clerk's process and the database together: evaluate, DCC, PDF, sign, queue, commit, each
file and each commit synced to disk. The same jobs, cases and guards as in the product; the log is sequenced afterwards,
as by the sequencer of the platform, and told beside it.
"""

from __future__ import annotations

from drills.stand.copy import on_one_core, own_copy

from bench.bodies.figures import take_in
from bench.report import Report

WARMING, PLAIN, TIMED = 5, 60, 40
LIMIT_S = 30


def run(report: Report, *, plain: int = PLAIN, timed: int = TIMED) -> None:
    """Seed a city, then issue: some without any timer for the rate, some with timers for the parts."""
    report.summary = (
        "One core for the clerk and PostgreSQL together; a rate without timers, then the parts with them. "
        "The parts exclude one another and add up to the whole."
    )
    with on_one_core(), own_copy("bench") as copy:
        jobs = copy.call("drills.stand.city", {"jobs": WARMING + plain + timed, "a_case": 10})
        asked = {"jobs": jobs, "warming": WARMING, "plain": plain, "limit_s": LIMIT_S}
        take_in(report, copy.call("bench.bodies.issuing", asked))
