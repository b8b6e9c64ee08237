"""What a procedure is: states, acts with their forms, clocks, and the answers a generic engine asks of them.

Nothing here knows a procedure by name. Who did what stays in `domain.cases`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from plumbline.errors import InputError, Term, say
from plumbline.rulebook import calendar
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures.acts import MOVE, Act, Moves, Possible, steering_of
from plumbline.rulebook.procedures.documents import Document
from plumbline.rulebook.provenance import Provenance

AREAS = {
    "metrology": Term("计量", "Metrology"),
    "accreditation": Term("检验检测和认证", "Testing and certification"),
    "standards": Term("标准化", "Standardisation"),
    "quality": Term("质量和服务", "Quality and services"),
    "supervision": Term("监管和投诉", "Supervision and complaints"),
    "equipment": Term("特种设备", "Special equipment"),
}
"""The fields of work procedures are sorted by, in the order they are shown."""


@dataclass(frozen=True)
class Step:
    """One step of the stepper."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True)
class State:
    """One state. `step` is the step under way; `waits_for` the roles of whom the next act is expected; `is_good`: an
    end by which what was applied for was had; `track`: the track it is a state of, none for the case as a whole."""

    name: str
    zh: str
    en: str
    step: str
    is_end: bool
    waits_for: tuple[str, ...]
    is_good: bool = False
    track: str = ""


@dataclass(frozen=True)
class Track:
    """A part of a case that goes on beside others. during: the state of the case in which it does; begins: the state
    it begins in."""

    name: str
    zh: str
    en: str
    during: str
    begins: str


@dataclass(frozen=True)
class Join:
    """Where a case goes on once all tracks of a state have ended. when: track -> ends, of which one must have been
    reached; tracks not named may have ended in any way."""

    during: str
    when: Mapping[str, tuple[str, ...]]
    to: str

    def holds(self, tracks: Mapping[str, str]) -> bool:
        """Tell whether tracks that have ended so lead this way."""
        return all(tracks.get(name) in ends for name, ends in self.when.items())


@dataclass(frozen=True)
class Clock:
    """One clock. Its days are those of a limit of deadlines.toml, found by the place a form value says and the region
    (`limit`, `place_field`), or stand here: `days` of `kind` after the last of the acts `starts_with`; of the kind
    "months" they are months, and the clock never stands.

    stops_in: states in which it is over; met_in: those of them by which what the limit asks for is done; pauses_in:
    states in which it stands and keeps what is left; owner: the role that answers for it.
    """

    name: str
    zh: str
    en: str
    limit: str
    place_field: str
    stops_in: tuple[str, ...]
    met_in: tuple[str, ...]
    days: int = 0
    kind: str = ""
    starts_with: tuple[str, ...] = ()
    pauses_in: tuple[str, ...] = ()
    owner: str = ""
    provenance: Provenance | None = None

    @property
    def steering(self) -> list[object]:
        """Return what of the clock steers a case; its own days are told where it has some."""
        facts: list[object] = [self.name, self.limit, self.place_field, self.stops_in]
        if not self.days:
            return facts
        return [*facts, self.met_in, self.days, self.kind, self.starts_with, self.pauses_in, self.owner]


def last_day(kind: str, start: date, *, days: int) -> date | None:
    """Return the last of so many days, or months, of a kind after a day, which is not counted; None beyond the known
    calendar. A month that lacks the day ends on its last."""
    if kind == "months":
        return calendar.add_months(start, days)
    return calendar.add_working_days(start, days) if kind == "working" else start + timedelta(days=days)


def days_between(kind: str, start: date, *, end: date) -> int | None:
    """Return how many days of a kind lie after `start` up to and with `end`; None beyond the known calendar."""
    return calendar.working_days_between(start, end) if kind == "working" else (end - start).days


@dataclass(frozen=True)
class Basis:
    """What a procedure rests on: a regulation with its edition and clause, or a sentence of a policy."""

    kind: str
    zh: str
    en: str
    edition: str
    provenance: Provenance


@dataclass(frozen=True)
class Said:
    """Something a procedure says in words, with how sure it is: its fee, how long its file is kept. Empty: unknown."""

    zh: str
    en: str
    provenance: Provenance


@dataclass(frozen=True)
class Body:
    """Who decides: an organisation with a role in the region. chosen: the applicant chooses among them, else it is the
    most local one; of_parent: whoever decided the case that this one is about."""

    role: str
    is_chosen: bool
    is_of_parent: bool = False


@dataclass(frozen=True)
class Procedure:
    """One edition of one procedure. title: fields of the opening form a case is called by; body: who decides, None
    where code of its own finds them; is_public: strangers may follow a case by its number; is_review: what has been
    decided in any other procedure may be objected to by it; moves and former: the edition it replaces, whose running
    cases may be moved to it; documents: what its acts may issue."""

    id: str
    zh: str
    en: str
    edition: str
    valid_from: date
    valid_to: date | None
    steps: Mapping[str, Step]
    states: Mapping[str, State]
    acts: Mapping[str, Act]
    clocks: Mapping[str, Clock]
    provenance: Provenance
    about_zh: str = ""
    about_en: str = ""
    area: str = "metrology"
    title: tuple[str, ...] = ()
    body: Body | None = None
    basis: tuple[Basis, ...] = ()
    fee: Said | None = None
    retention: Said | None = None
    is_public: bool = False
    tracks: Mapping[str, Track] = field(default_factory=dict)
    joins: tuple[Join, ...] = ()
    is_review: bool = False
    moves: Moves | None = None
    former: Procedure | None = None
    documents: Mapping[str, Document] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """Return how sure the steps are: "pattern" means a course seen in use, not the text of a rule."""
        return self.provenance.status

    @property
    def digest(self) -> str:
        """Return the hash of what steers a case: states, acts with who and when, fields and clocks, without wording."""
        states = [[state.name, state.step, state.is_end] for state in self.states.values()]
        clocks = [clock.steering for clock in self.clocks.values()]
        parts: list[object] = [states, [steering_of(act) for act in self.acts.values()], clocks]
        if self.tracks:
            parts.append([[each.name, each.during, each.begins] for each in self.tracks.values()])
            parts.append([[each.during, dict(each.when), each.to] for each in self.joins])
        parts += [[each.steering for each in self.documents.values()]] if self.documents else []
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @property
    def is_general(self) -> bool:
        """Tell whether the definition alone runs its cases: no code of its own decides whose they are."""
        return self.body is not None

    @property
    def fields(self) -> Mapping[str, Field]:
        """Return every field of every form by its key."""
        return {each.key: each for act in self.acts.values() for each in act.form}

    @property
    def opening_acts(self) -> tuple[Act, ...]:
        """Return the acts that open a case."""
        return tuple(act for act in self.acts.values() if act.opens)

    def act_done(self, name: str) -> Act:
        """Return an act that stands in the story of a case: also one of an edition that this one has replaced."""
        if self.former is None or name in self.acts or name == MOVE.name:
            return self.act(name)
        return self.former.act_done(name)

    def state_had(self, name: str) -> State:
        """Return a state that a case has been in: also one of an edition that this one has replaced."""
        return self.states[name] if name in self.states or self.former is None else self.former.state_had(name)

    def as_here(self, state: str, tracks: Mapping[str, str], *, moves: int) -> tuple[str, Mapping[str, str]]:
        """Return where a case stood, in the words of this edition. moves: how often it was moved since."""
        if not moves or self.former is None:
            return state, tracks
        return self.moved_here(*self.former.as_here(state, tracks, moves=moves - 1))

    def moved_here(self, state: str, tracks: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
        """Return where a case of the edition that this one replaces goes on in this one."""
        moves = self.moves or Moves("")
        to = moves.states.get(state, state)
        begun = {each.name: each.begins for each in self.tracks.values() if each.during == to}
        kept = {name: now for name, now in tracks.items() if name in begun and now in self.states}
        return to, {**begun, **kept, **moves.tracks.get(state, {})}

    def act(self, name: str) -> Act:
        """Return one act. Raises InputError when the procedure has none of that name."""
        if name == MOVE.name:
            return MOVE
        if name not in self.acts:
            raise InputError(
                say("程序“{procedure}”没有行为“{act}”", procedure=Term(self.zh, self.en), act=name),
                remedy=say("写成其中之一：{allowed}", allowed="、".join(self.acts)),
                field="act",
            )
        return self.acts[name]

    def acts_from(self, state: str, details: Mapping[str, object] | None = None) -> tuple[Act, ...]:
        """Return the acts possible from a state; with `details`, only those a case with these form values can have."""
        acts = (act for act in self.acts.values() if state in act.from_states)
        return tuple(act for act in acts if details is None or act.applies_to(details))

    def possible(self, states: Iterable[str], details: Mapping[str, object]) -> list[Possible]:
        """Return the acts possible in some states, with the state each is done from; those waited for stand first."""
        found = [Possible(act, state) for state in states for act in self.acts_from(state, details)]
        return sorted(found, key=lambda each: not each.is_awaited)

    def waits_for(self, states: Iterable[str], details: Mapping[str, object]) -> tuple[str, ...]:
        """Return the roles whose act a case with these form values waits for."""
        acts = (each.act for each in self.possible(states, details) if each.is_awaited)
        return tuple(dict.fromkeys(role for act in acts for role in act.roles))

    def moved(
        self, state: str, tracks: Mapping[str, str], *, act: Act, outcome: str | None = None
    ) -> tuple[str, Mapping[str, str]]:
        """Return the state of a case and the states of its tracks after an act; where the last track ended by it, the
        state in which the tracks join, with how each ended, and the tracks that begin there."""
        to = act.target(outcome)
        track = self.states[to].track
        if not track:
            return to, tracks if to == state and tracks else self._begun(to)
        now = {**tracks, track: to}
        if not all(self.states[each].is_end for each in now.values()):
            return state, now
        join = next(each for each in self.joins if each.during == state and each.holds(now))
        return join.to, {**now, **self._begun(join.to)}

    def _begun(self, state: str) -> dict[str, str]:
        """Return the tracks that begin in a state."""
        return {each.name: each.begins for each in self.tracks.values() if each.during == state}

    def step_numbers(self, state: str) -> tuple[int, int]:
        """Return (number of the step under way, number of steps), counted from 1."""
        return list(self.steps).index(self.states[state].step) + 1, len(self.steps)
