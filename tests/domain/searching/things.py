"""A few things to search for, written as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from plumbline.domain.directory.models import Organisation
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.models import Instrument, Site
from plumbline.domain.rows.codes import new_identity, new_lookup_code
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.domain.rows.searching.asking import read
from plumbline.domain.rows.types import Scope
from tests.world import COUNTY, moment, uscc


def organisation(name: str, number: int) -> Organisation:
    """Write an organisation."""
    return Organisation.objects.create(
        uscc=uscc(number), name_zh=name, name_en=f"Firm {number}", region_code=COUNTY, registered_at=moment()
    )


def instrument(owner: Organisation, name: str, **more: object) -> Instrument:
    """Write an instrument of an owner."""
    given = {"identity": new_identity(), "lookup_code": new_lookup_code(), "category": "MV-FUEL", "region_code": COUNTY}
    with scoped(EVERYTHING):
        return Instrument.objects.create(owner=owner, name_zh=name, registered_at=moment(), **(given | more))


def site(owner: Organisation, name: str) -> Site:
    """Write a site of an owner."""
    with scoped(EVERYTHING):
        return Site.objects.create(owner=owner, name_zh=name, region_code=COUNTY, registered_at=moment())


@dataclass(frozen=True)
class Answered:
    """What a search of instruments answered: their names in order, and whether they are only near."""

    names: list[str]
    is_near: bool
    ids: list[UUID]


def search(text: str, *, scope: Scope = EVERYTHING) -> Answered:
    """Search instruments as somebody of a scope."""
    with scoped(scope):
        found = registers.search_instruments(read(text), scope=scope)
        held = {each.id: each.name_zh for each in Instrument.objects.filter(pk__in=found.hits)}
        return Answered([held[key] for key in found.hits], found.is_near, list(found.hits))
