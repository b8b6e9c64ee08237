"""Who is drawn: a ticket for each unit and each person from the seed alone, so that each can be redone by itself.

Source: the project's trust design, 9.2 and 9.3. No shuffling: a unit that is added does not move the others.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nsmallest

from plumbline.errors import InputError, say
from plumbline.evidence.draw.manifest import SCHEMA, Manifest, Stratum

RANDOM_BYTES = 32


@dataclass(frozen=True)
class Drawn:
    """What fell to a stratum. selected: in the order of their tickets; reserve: who stands by, in order; teams: unit ->
    people, the first leads; None where too few were left, so that the plan must be frozen anew."""

    id: str
    selected: tuple[str, ...]
    reserve: tuple[str, ...]
    teams: Mapping[str, tuple[str, ...] | None]


def seed_of(manifest: Manifest, randomness: bytes) -> bytes:
    """Return the seed: 32 bytes. randomness: R, 32 bytes. Raises: InputError for another length."""
    if len(randomness) != RANDOM_BYTES:
        raise InputError(say("随机数应当是 32 个字节"), field="randomness")
    return hmac.digest(randomness, SCHEMA.encode() + b"\0" + manifest.sha256, "sha256")


def unit_ticket(seed: bytes, stratum: str, *, unit: str) -> bytes:
    """Return the ticket of a unit: 32 bytes; the smallest are drawn."""
    return _ticket(_keyed(seed), f"unit\0{stratum}\0{unit}")


def inspector_ticket(seed: bytes, unit: str, *, inspector: str) -> bytes:
    """Return the ticket of a person for a unit: 32 bytes; the smallest are drawn."""
    return _ticket(_keyed(seed), f"inspector\0{unit}\0{inspector}")


def _keyed(seed: bytes) -> hmac.HMAC:
    """Return the seed made ready once: a copy of it costs a fraction of a new one, over a million tickets."""
    return hmac.new(seed, digestmod="sha256")


def _ticket(keyed: hmac.HMAC, message: str) -> bytes:
    own = keyed.copy()
    own.update(message.encode())
    return own.digest()


def draw(manifest: Manifest, randomness: bytes) -> tuple[Drawn, ...]:
    """Return what falls to each stratum, in the order of the manifest. randomness: R, 32 bytes."""
    keyed = _keyed(seed_of(manifest, randomness))
    loads = dict.fromkeys((each.id for each in manifest.inspectors), 0)
    return tuple(_drawn(stratum, manifest, keyed=keyed, loads=loads) for stratum in manifest.strata)


def _drawn(stratum: Stratum, manifest: Manifest, *, keyed: hmac.HMAC, loads: dict[str, int]) -> Drawn:
    tickets = ((_ticket(keyed, f"unit\0{stratum.id}\0{unit}"), unit.encode()) for unit in stratum.units)
    units = [unit.decode() for _ticket, unit in nsmallest(stratum.take + stratum.reserve, tickets)]
    selected = tuple(units[: stratum.take])
    reserve = tuple(units[stratum.take :])
    teams = {unit: _team(unit, manifest, keyed=keyed, loads=loads) for unit in selected} if manifest.per_unit else {}
    return Drawn(stratum.id, selected, reserve, teams)


def _team(unit: str, manifest: Manifest, *, keyed: hmac.HMAC, loads: dict[str, int]) -> tuple[str, ...] | None:
    """Return who gets a unit, and count it to their loads."""
    excluded = frozenset(manifest.conflicts.get(unit, ()))
    able = [each.id for each in manifest.inspectors if each.id not in excluded and loads[each.id] < each.most]
    if len(able) < manifest.per_unit:
        return None
    able.sort(key=lambda person: (_ticket(keyed, f"inspector\0{unit}\0{person}"), person.encode()))
    team = tuple(able[: manifest.per_unit])
    for person in team:
        loads[person] += 1
    return team
