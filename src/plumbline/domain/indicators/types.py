"""Values handed out by the indicators. Each counts; what is a share of what is said with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


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
    """Cases of one institution: those opened in the months asked; those open, with a clock that runs, and late today;
    those met in the months asked, on time or not.

    `unknown`: met, but no limit was counted for them.
    """

    body_id: UUID
    opened: int
    is_open: int
    under_way: int
    late: int
    on_time: int
    too_late: int
    unknown: int


@dataclass(frozen=True)
class MonthLine:
    """The work of one month: cases that came in, cases whose limit was met, documents made."""

    month: str
    opened: int
    done: int
    made: int


@dataclass(frozen=True)
class Reach:
    """What a figure counts: some categories, and where they are given some counties and one institution."""

    categories: tuple[str, ...]
    region_codes: tuple[str, ...] | None = None
    body_id: UUID | None = None


@dataclass(frozen=True)
class Freshness:
    """When the figures were last counted, None never; and how many parts have changed since."""

    at: datetime | None
    waiting: int


class Counted(NamedTuple):
    """How the instruments in use of one category stood in a county on the last day of a month."""

    region_code: str
    category: str
    valid: int
    due: int
    overdue: int
    failed: int
    revoked: int
    never: int


class Documents(NamedTuple):
    """The documents of a month that say alike: by county, institution, category, maker and age in years."""

    region_code: str
    body: str
    category: str
    maker: str
    age: str
    measured: int
    failed: int


class Work(NamedTuple):
    """What one institution had to do in a county in a month: cases opened in it, those whose limit was met in it, and
    those open at its end, of them those whose clock ran and those past their limit."""

    region_code: str
    body: str
    opened: int
    on_time: int
    too_late: int
    unknown: int
    is_open: int
    under_way: int
    late: int


@dataclass(frozen=True)
class MonthFigures:
    """The figures of a month, each as lines in order."""

    coverage: tuple[Counted, ...]
    documents: tuple[Documents, ...]
    work: tuple[Work, ...]


@dataclass(frozen=True)
class ReportFacts:
    """A frozen report: its month by the first day, when it was frozen, the place before which facts were counted, the
    hash and size of its file, and whether its statement is proved by a signed head of the log."""

    id: UUID
    month: date
    frozen_at: datetime
    arrival: int
    sha256: str
    size: int
    index: int | None
    is_proved: bool


@dataclass(frozen=True)
class Frozen:
    """A report with what its file says. periodic: the categories that fell due again and again by the rulebook then."""

    report: ReportFacts
    figures: MonthFigures
    periodic: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """A number that is not the same: of which figure, of which line, which count; what it was and what it is now."""

    figure: str
    line: tuple[str, ...]
    count: str
    was: int
    now: int


@dataclass(frozen=True)
class FlowLine:
    """The cases of one month: those opened in it, those that ended in it with what was applied for, and otherwise."""

    month: str
    opened: int
    well: int
    otherwise: int


@dataclass(frozen=True)
class ClockLine:
    """A clock by the month in which what it asks for was done, on time or too late; without a month those running."""

    clock: str
    month: str
    on_time: int
    too_late: int
    running: int
    late: int


@dataclass(frozen=True)
class PlaceLine:
    """The cases of one county: opened in the months asked, open now; clocks met in these months, and late today."""

    region_code: str
    opened: int
    is_open: int
    on_time: int
    too_late: int
    late: int


@dataclass(frozen=True)
class StepLine:
    """How long cases spent in one step, of those that have left it: half and nine tenths at most so many days."""

    step: str
    cases: int
    median_days: int
    most_days: int


@dataclass(frozen=True)
class Course:
    """How the cases of a procedure go. states: how many are open in each; ages: how many are open in each band of
    `courses.AGES`."""

    months: tuple[FlowLine, ...]
    states: Mapping[str, int]
    ages: tuple[int, ...]
    clocks: tuple[ClockLine, ...]
    places: tuple[PlaceLine, ...]
    steps: tuple[StepLine, ...]
