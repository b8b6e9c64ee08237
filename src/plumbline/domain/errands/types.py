"""Values handed out by errands, and what a room's `jobs` answers while it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.errors import Text

WAITING, RUNNING, ASKS, STOPPED, DONE, FAILED = "waiting", "running", "asks", "stopped", "done", "failed"
STATES = (WAITING, RUNNING, ASKS, STOPPED, DONE, FAILED)
OPEN_STATES = (WAITING, RUNNING)
"""The states a worker looks for. `asks` waits for an answer of the person who asked."""


@dataclass(frozen=True)
class Progress:
    """How far an errand is after one piece of work.

    done, of: counted in what the phase counts; of: None where it is not known yet. cursor: what the work needs to go on
    from here, in place of the older one; result: added to what is kept for its readers. asks: it cannot go on before
    its person has answered.
    """

    done: int
    of: int | None = None
    phase: str = ""
    cursor: Mapping[str, object] | None = None
    result: Mapping[str, object] = field(default_factory=dict)
    asks: bool = False


@dataclass(frozen=True)
class Fault:
    """Why an errand failed: what, where, what to do."""

    what: Text
    where: Text | None
    remedy: Text | None


@dataclass(frozen=True)
class NewErrand:
    """What is asked for. kind: which work; title: what it is about, in the asker's own words; asked: its parameters."""

    kind: str
    title: str
    asked: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ErrandFacts:
    """An errand as it stands. left_s: seconds the present phase will still take at its own speed, None if unknown."""

    id: UUID
    kind: str
    title: str
    person_id: UUID
    person_name: str
    role: str
    organisation_id: UUID
    asked: Mapping[str, object]
    asked_at: datetime
    state: str
    is_stopping: bool
    phase: str
    done: int
    of: int | None
    cursor: Mapping[str, object]
    result: Mapping[str, object]
    faults: Sequence[Fault]
    begun_at: datetime | None
    seen_at: datetime | None
    ended_at: datetime | None
    left_s: float | None

    @property
    def is_open(self) -> bool:
        """Tell whether a worker has it to do."""
        return self.state in OPEN_STATES


@dataclass(frozen=True)
class ErrandPage:
    """Some errands, the newest first, and the key of the page after them ("" for none)."""

    errands: Sequence[ErrandFacts]
    next_key: str


@dataclass(frozen=True)
class Work:
    """How a kind of errand is done: a generator, each turn of which is one short piece that says how far it is.

    A piece and the note of it are one transaction in the scope of whoever asked, so that a kill loses the piece in hand
    and nothing else. is_apart: the pieces open transactions of their own, because other processes must see each of
    them; then a piece must be safe to do twice.
    """

    run: Callable[[Actor, ErrandFacts], Iterator[Progress]]
    is_apart: bool = False


@dataclass(frozen=True)
class Periodic:
    """A function that is called again and again while a worker runs, in one worker at a time, with the time it is."""

    name: str
    every_s: float
    run: Callable[[datetime], object]
