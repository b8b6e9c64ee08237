"""Values handed out by the engine of cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from plumbline.domain.journal.types import Asked
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.errors import Term


@dataclass(frozen=True)
class ClockReading:
    """How a clock with days of its own stands. days: what it was given with every extension; limit_on: the last of them
    (None beyond the known calendar); is_running: it counts today; stopped_on: the day it was over; met_on: the day what
    it asks for was done."""

    name: str
    days: int
    started_on: date
    limit_on: date | None
    is_running: bool
    stopped_on: date | None
    met_on: date | None

    @property
    def due_on(self) -> date | None:
        """The last day while it counts, else None."""
        return self.limit_on if self.is_running else None


@dataclass(frozen=True)
class RaisedFacts:
    """A clock was past its last day and the house above was told, None where none is known.

    days_over: in days of the clock's kind, on the day it was raised; is_running: that last day is still waited for.
    """

    clock: str
    limit_on: date
    days_over: int
    raised_on: date
    at: datetime
    raised_to: Term | None
    is_running: bool


@dataclass(frozen=True)
class Folded:
    """What the acts of a case add up to. `details` are the values of the opening form as amended, `people` the assigned
    persons by duty, `clock_from` the day the limit counts from (it is not counted itself), `clock_stopped_on` the day
    the clock came to stand (None while it runs), `clock_met_on` the day what the limit asks for was done; `clocks` the
    clocks with days of their own that have started; `tracks` the parts that go on side by side, with their states."""

    state: str
    sequence: int
    details: Mapping[str, object]
    people: Mapping[str, UUID]
    clock_from: date | None
    clock_stopped_on: date | None
    clock_met_on: date | None
    ended_at: datetime | None
    clocks: tuple[ClockReading, ...] = ()
    tracks: Mapping[str, str] = field(default_factory=dict)

    @property
    def states(self) -> tuple[str, ...]:
        """The states it is in: that of the whole, then those of its tracks."""
        return (self.state, *self.tracks.values())

    @property
    def clock(self) -> ClockReading | None:
        """The clock with days of its own that presses most: of those that run the first due, else of those that stand,
        else of those that are over, the last started."""
        running = [each for each in self.clocks if each.is_running]
        if running:
            return min(running, key=lambda each: each.limit_on or date.max)
        return max(self.clocks, key=lambda each: (each.stopped_on is None, each.started_on), default=None)


@dataclass(frozen=True)
class CaseFacts:
    """One case as other rooms and pages need it. `due_on`: the last day of a clock that runs, else None; `told`: the
    answers of later acts that name people, by the sequence of the act; `tracks`: what goes on side by side, by name;
    `parent_id`: of the case that opened this one or that it is about."""

    id: UUID
    number: str
    procedure: str
    edition: str
    owner_id: UUID
    body_id: UUID
    region_code: str
    title: str
    details: Mapping[str, object]
    opened_at: datetime
    state: str
    sequence: int
    clock_from: date | None
    due_on: date | None
    ended_at: datetime | None
    people: Mapping[str, UUID]
    owner_name: str = ""
    body_name: str = ""
    owner_name_en: str = ""
    body_name_en: str = ""
    told: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    tracks: Mapping[str, str] = field(default_factory=dict)
    parent_id: UUID | None = None

    @property
    def states(self) -> tuple[str, ...]:
        """The states it is in: that of the whole, then those of its tracks."""
        return (self.state, *self.tracks.values())

    @property
    def journal_subject(self) -> JournalSubject:
        """The case as the journal names it."""
        return JournalSubject("case", self.id, self.owner_id, self.body_id, self.region_code)


@dataclass(frozen=True)
class ActRequest:
    """What somebody asks for: an act, its form as typed, the sequence they saw, and the key of their request.

    digest: of all that is asked, by which a repeated request is told from another one under the same key.
    """

    act: str
    form: Mapping[str, object]
    seen: int
    request_id: UUID
    outcome: str | None = None
    facts: Mapping[str, object] | None = None
    digest: str = ""

    @property
    def asked(self) -> Asked:
        """The request as the journal knows it."""
        return Asked(self.request_id, self.digest)


@dataclass(frozen=True)
class ClockDays:
    """The days of the clock a case is listed by: from when, until when it runs, its last day, when it was met."""

    clock_from: date | None
    due_on: date | None
    limit_on: date | None
    met_on: date | None
    is_running: bool


class ClockRow(NamedTuple):
    """A clock as a load test takes it in, beside its case."""

    id: str
    case_id: str
    name: str
    procedure: str
    owner_id: str
    body_id: str
    region_code: str
    started_on: str
    due_on: str | None
    limit_on: str | None
    met_on: str | None


class CaseRow(NamedTuple):
    """A case as a load test takes it in, with what its acts fold to: every value as the database reads it."""

    id: str
    serial: int
    number: str
    procedure: str
    edition: str
    owner_id: str
    body_id: str
    region_code: str
    title: str
    details: str
    opened_at: str
    state: str
    sequence: int
    clock_from: str | None
    due_on: str | None
    limit_on: str | None
    met_on: str | None
    ended_at: str | None
    verifier_id: str | None
    checker_id: str | None
    approver_id: str | None
