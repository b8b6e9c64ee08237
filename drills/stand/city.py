"""Fills a stand's copy with the city of the demo and a station of its own whose verifications are approved.

Made by the same actions that clicks call; everything a certificate stands on is in the log when this returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any  # what is asked is JSON

from django.utils import timezone

from plumbline.domain.cases import queries as cases
from plumbline.domain.laboratory.types import JobFacts
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import InstrumentEntry, SiteEntry
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.commands.demo import city, plan
from plumbline.faces.commands.demo.acting import Cast, moment, weekday
from plumbline.faces.commands.demo.story import Storyteller, Visit

COMPANY, MOST = "company-a", 400
FAILING_EVERY = 25
"""Every so many nozzles one fails, so that result notices are issued too."""


def main(asked: dict[str, Any]) -> list[dict[str, str]]:
    """Build the city; asked: {"jobs": N, "a_case": M}. Returns the approved jobs, in order, and where each stands."""
    today = timezone.localdate()
    found = approved_jobs(asked["jobs"], asked["a_case"], today)
    with scoped(EVERYTHING):
        numbers = {key: each.number for key, each in cases.cases({job.case_id for job in found}).items()}
    return [
        {
            "job": str(job.id),
            "case": str(job.case_id),
            "case_number": numbers[job.case_id],
            "position": str(job.position),
        }
        for job in found
    ]


def approved_jobs(count: int, a_case: int, today: date) -> list[JobFacts]:
    """Return `count` approved jobs, `a_case` of them in each case, ready to be issued by the approver."""
    if not 1 <= count <= MOST:
        raise ValueError(f"1 to {MOST} jobs, not {count}")
    city.build(today)
    station = _station(count)
    _register(station, Cast(today), at=moment(today - city.BACK, 15))
    teller = Storyteller(today)
    visits = list(_visits(station, a_case, today))
    teller.tell(visits, lambda _: None)
    return [job for visit in visits for job in teller.jobs(visit)]


def _visits(station: plan.Station, a_case: int, today: date) -> Iterator[Visit]:
    applied_on = weekday(today - timedelta(days=7))
    failing = frozenset(nozzle.key for nozzle in station.nozzles[FAILING_EVERY - 1 :: FAILING_EVERY])
    for first in range(0, len(station.nozzles), a_case):
        part = station.nozzles[first : first + a_case]
        yield Visit(f"stand/{first}", station, applied_on, part, "approve", failing=failing)


def _station(count: int) -> plan.Station:
    maker, model = plan.MAKERS[0]
    nozzles = tuple(
        plan.Nozzle(
            f"T01-N{number:03d}", f"{number} 号枪 92#", "petrol", maker, model, f"EXT{number:05d}",
            0.001 * (number % 200 - 100),
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    return plan.Station("T01", COMPANY, "示例加油站（试验台）", "Example Station (stand)", plan.COUNTIES[0], nozzles)


def _register(station: plan.Station, cast: Cast, *, at: datetime) -> None:
    owner_id = cast.actor(station.company.replace("company", "station")).organisation_id
    site = cast.do(
        "bureau",
        lambda actor: registers.register_site(
            actor, SiteEntry(owner_id, station.name_zh, station.region_code, station.name_en, is_demo=True), at=at
        ),
    )
    entries = [
        InstrumentEntry(
            category=plan.CATEGORY, name_zh="燃油加油机（油枪）", name_en="Fuel dispenser (nozzle)", owner_id=owner_id,
            site_id=site.id, model=each.model, serial=each.serial, maker=each.maker, range_text="(5~60) L/min",
            accuracy_class="±0.30 %", place=each.place, attributes={"liquid": each.liquid}, external_id=each.key,
            is_demo=True,
        )
        for each in station.nozzles
    ]  # fmt: skip
    cast.do("bureau", lambda actor: [registers.register_instrument(actor, entry, at=at) for entry in entries])
