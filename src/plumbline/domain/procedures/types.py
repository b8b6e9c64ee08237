"""Values handed out by procedures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from plumbline.evidence.draw import record
from plumbline.evidence.draw.ceremony import missing
from plumbline.evidence.draw.manifest import Ceremony, Manifest


@dataclass(frozen=True)
class DrawFacts:
    """The newest draw of a case. why: person -> why they must not be drawn; houses: party -> the house that sealed for
    it; sealed, nonces: party -> 64 hexadecimal digits; replaces: the void draw before it; statement_id: that of
    `draw.committed`."""

    manifest: Manifest
    why: Mapping[str, str]
    replaces: str
    statement_id: UUID
    sealed: Mapping[str, str]
    nonces: Mapping[str, str]
    houses: Mapping[str, UUID]
    is_drawn: bool = False
    is_void: bool = False

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties, in the order of their ids."""
        return self.manifest.chance.parties if isinstance(self.manifest.chance, Ceremony) else ()

    @property
    def not_sealed(self) -> tuple[str, ...]:
        """The parties that have not sealed theirs."""
        return missing(Ceremony(self.parties), self.sealed)

    @property
    def not_opened(self) -> tuple[str, ...]:
        """The parties that have not opened theirs."""
        return missing(Ceremony(self.parties), self.nonces)

    @property
    def is_over(self) -> bool:
        """Tell whether it is drawn or void."""
        return self.is_drawn or self.is_void

    @property
    def done(self) -> record.Draw | None:
        """The draw done again from its acts, None before."""
        if not self.is_drawn:
            return None
        return record.resolved(self.manifest, self.sealed, nonces=self.nonces, replaces=self.replaces)
