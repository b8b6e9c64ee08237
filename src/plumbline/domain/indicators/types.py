"""Values handed out by the indicators. Each counts; what is a share of what is said with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Standing = Literal["valid", "due", "overdue", "failed", "revoked", "never"]
STANDINGS: tuple[Standing, ...] = ("valid", "due", "overdue", "failed", "revoked", "never")


@dataclass(frozen=True)
class CoverageLine:
    """The instruments in use of one county or category by how they stand on a day.

    `due` are valid still, and end within the days asked; `overdue` passed once and are past their last day.
    """

    key: str
    valid: int
    due: int
    overdue: int
    failed: int
    revoked: int
    never: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.valid + self.due + self.overdue + self.failed + self.revoked + self.never

    @property
    def in_order(self) -> int:
        """Those whose newest document says they passed and that are within its validity."""
        return self.valid + self.due


@dataclass(frozen=True)
class FailureLine:
    """How many measured documents of one kind were result notices. Documents revoked or replaced do not count."""

    key: str
    measured: int
    failed: int


@dataclass(frozen=True)
class HandledLine:
    """Cases of one institution: those under way and late today, and those met in the months asked, on time or not.

    `unknown`: met, but no limit was counted for them.
    """

    body_id: UUID
    under_way: int
    late: int
    on_time: int
    too_late: int
    unknown: int


@dataclass(frozen=True)
class Freshness:
    """When the figures were last counted, None never; and how many parts have changed since."""

    at: datetime | None
    waiting: int


@dataclass(frozen=True)
class StandingFilter:
    """Which instruments a list of standings shows. Empty fields do not narrow."""

    standing: Standing | None = None
    region_codes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class StandingFacts:
    """How one instrument stands."""

    instrument_id: UUID
    region_code: str
    category: str
    standing: Standing
    valid_until: date | None


@dataclass(frozen=True)
class StandingPage:
    """Some standings, the longest overdue first, and the key to continue after, empty at the end."""

    rows: tuple[StandingFacts, ...]
    next_key: str
