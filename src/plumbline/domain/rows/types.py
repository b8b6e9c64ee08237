"""Values shared by all rooms: the scope of a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Scope:
    """What is visible: rows of these organisations, of these region codes, or behind this public code."""

    organisations: tuple[UUID, ...] = ()
    regions: tuple[str, ...] = ()
    lookup: str = ""
    everything: bool = False


NOTHING = Scope()
EVERYTHING = Scope(everything=True)
