"""Fills the whole city in as long work: registers what the plan holds, then tells four rounds of visits, by the actions
that clicks call. Every step has a key made from its name, so that a piece done twice changes nothing.

The pieces open transactions of their own: the log must have taken the records before a certificate stands on them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationEntry, OrganisationFacts
from plumbline.domain.errands.types import ErrandFacts, Progress
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers import queries as held
from plumbline.domain.registers.types import InstrumentEntry, SiteEntry, SiteFacts
from plumbline.errors import InputError, StateError
from plumbline.faces.commands.demo import plan, whole_plan
from plumbline.faces.commands.demo.acting import Cast, key, moment, sequence
from plumbline.faces.commands.demo.story import Storyteller
from plumbline.faces.commands.demo.whole_plan import Holder, Thing
from plumbline.faces.kit.demo_city import require_demo

OFFICIAL = "bureau"
THINGS_A_PIECE = 40
PATIENCE_S = 60.0


def fill(_actor: Actor, errand: ErrandFacts) -> Iterator[Progress]:
    """Yield the pieces of the city from where its errand stands. asked: day, from which every date is counted back."""
    require_demo()
    today = date.fromisoformat(str(errand.asked["day"]))
    cast = Cast(today)
    phase, done = str(errand.cursor.get("phase", "sites")), int(str(errand.cursor.get("next", 0)))
    if phase == "sites":
        yield from _register(cast, today, first=done)
        done = 0
    yield from _tell(Storyteller(today), today, first=done)


# ---------------------------------------------------------------- what there is


def _register(cast: Cast, today: date, *, first: int) -> Iterator[Progress]:
    """Register stations, then the holders of the other categories; `first`: how many of them are done."""
    count, total = 0, whole_plan.instrument_count()
    places: list[plan.Station | Holder] = [*whole_plan.stations(), *whole_plan.holders()]
    for number, place in enumerate(places):
        size = len(place.nozzles) if isinstance(place, plan.Station) else len(place.things)
        if number >= first:
            if isinstance(place, plan.Station):
                _station(cast, place, today=today)
            else:
                for begin in range(0, size, THINGS_A_PIECE):
                    _holder(cast, place, things=place.things[begin : begin + THINGS_A_PIECE], today=today)
                    cursor = {"phase": "sites", "next": number}
                    yield Progress(min(total, count + begin), total, "sites", cursor)
        count += size
        yield Progress(count, total, "sites", {"phase": "sites", "next": number + 1})


def _station(cast: Cast, station: plan.Station, *, today: date) -> None:
    at = moment(today - timedelta(days=whole_plan.DAYS), 10)

    def step(official: Actor) -> None:
        owner = directory.organisation_by_uscc(plan.uscc_of(station.company))
        site = _site(official, SiteEntry(owner.id, station.name_zh, station.region_code, station.name_en,
                                                is_demo=True), at=at)  # fmt: skip
        for each in station.nozzles:
            entry = InstrumentEntry(
                category=plan.CATEGORY, name_zh="燃油加油机（油枪）", name_en="Fuel dispenser (nozzle)",
                owner_id=owner.id, site_id=site.id, model=each.model, serial=each.serial, maker=each.maker,
                range_text="(5~60) L/min", accuracy_class="±0.30 %", place=each.place,
                attributes={"liquid": each.liquid}, external_id=each.key, is_demo=True,
            )  # fmt: skip
            registers.register_instrument(official, entry, at=at, request_id=key(f"city/{each.key}"))

    cast.do(OFFICIAL, step)


def _holder(cast: Cast, holder: Holder, *, things: tuple[Thing, ...], today: date) -> None:
    """Register some instruments of a holder: in the catalogue, without a method, so without any result."""
    at = moment(today - timedelta(days=whole_plan.DAYS), 11)

    def step(official: Actor) -> None:
        owner = _organisation(official, holder, at=at)
        site = _site(official, SiteEntry(owner.id, holder.name_zh, holder.region_code, holder.name_en,
                                                is_demo=True), at=at)  # fmt: skip
        for each in things:
            entry = InstrumentEntry(
                category=holder.category, name_zh=each.name_zh, name_en=each.name_en, owner_id=owner.id,
                site_id=site.id, model=each.model, serial=each.serial, maker=each.maker, place=each.place,
                external_id=each.key, is_demo=True,
            )  # fmt: skip
            came = moment(today - timedelta(days=each.days_ago), 14)
            registers.register_instrument(official, entry, at=came, request_id=key(f"city/{each.key}"))

    cast.do(OFFICIAL, step)


def _organisation(official: Actor, holder: Holder, *, at: datetime) -> OrganisationFacts:
    uscc = plan.uscc_of(holder.key)
    try:
        return directory.organisation_by_uscc(uscc)
    except InputError:
        entry = OrganisationEntry(
            uscc=uscc, name_zh=holder.name_zh, name_en=holder.name_en, region_code=holder.region_code,
            address_zh="示例路", address_en="Example Road", is_demo=True,
        )  # fmt: skip
        return registers.register_organisation(official, entry, at=at)


def _site(official: Actor, entry: SiteEntry, *, at: datetime) -> SiteFacts:
    found = next((each for each in held.sites_of(entry.owner_id) if each.name_zh == entry.name_zh), None)
    return found or registers.register_site(official, entry, at=at)


# ---------------------------------------------------------------- what happened


def _tell(teller: Storyteller, today: date, *, first: int) -> Iterator[Progress]:
    """Tell the visits, the oldest first; a piece is one visit up to its approval, the next its certificates."""
    certificates, total = first * whole_plan.NOZZLES, whole_plan.certificate_count()
    for number, visit in enumerate(whole_plan.visits(today)[first:], start=first):
        cursor = {"phase": "visits", "next": number}
        teller.work(visit)
        yield Progress(certificates, total, "visits", cursor)
        _when_logged(partial(teller.issue, visit))
        _when_logged(partial(teller.act, visit, "reception/deliver", form={"way": "online"}, at=(4, 15)))
        certificates += len(visit.nozzles)
        yield Progress(certificates, total, "visits", {**cursor, "next": number + 1})


def _when_logged(step: Callable[[], object]) -> None:
    """Do a step that stands on what the log has taken, beside the sequencer that may be running at the same time."""
    end = time.monotonic() + PATIENCE_S
    while True:
        sequence(timezone.now())
        try:
            step()
        except StateError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return
