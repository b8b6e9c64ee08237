"""What a procedure is: states, acts with their forms, clocks, and the answers a generic engine asks of them.

Nothing here knows a procedure by name. Who did what stays in `domain.cases`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from plumbline.errors import InputError, Term, say
from plumbline.rulebook.forms import Field
from plumbline.rulebook.provenance import Provenance


@dataclass(frozen=True)
class Step:
    """One step of the stepper."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True)
class State:
    """One state. `step` is the step under way; `waits_for` the roles of whom the next act is expected."""

    name: str
    zh: str
    en: str
    step: str
    is_end: bool
    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """One act. `to` is set where there is one target, `outcomes` (outcome -> state) where there are several.

    `amends`: the form replaces what the opening act said; `when`: form field -> values, all of which a case must have;
    `person`: state -> the person field of an earlier form whose holder alone may act; `aside_from`: states from which
    the act is possible but not awaited.
    """

    name: str
    zh: str
    en: str
    opens: bool
    from_states: tuple[str, ...]
    aside_from: tuple[str, ...]
    to: str | None
    outcomes: Mapping[str, str]
    roles: tuple[str, ...]
    form: tuple[Field, ...]
    needs_reason: bool
    per_job: bool
    amends: bool
    when: Mapping[str, tuple[str, ...]]
    person: Mapping[str, str]

    @property
    def targets(self) -> tuple[str, ...]:
        """Return every state the act may lead to."""
        return (self.to,) if self.to is not None else tuple(dict.fromkeys(self.outcomes.values()))

    def target(self, outcome: str | None = None) -> str:
        """Return the state the act leads to. Raises InputError when the outcome is missing or not known."""
        if self.to is not None:
            return self.to
        if outcome is None or outcome not in self.outcomes:
            raise InputError(
                say("行为“{act}”没有结果“{outcome}”", act=Term(self.zh, self.en), outcome=outcome or "-"),
                remedy=say("写成其中之一：{allowed}", allowed="、".join(self.outcomes)),
                field="outcome",
            )
        return self.outcomes[outcome]

    def applies_to(self, details: Mapping[str, object]) -> bool:
        """Tell whether a case with these form values can have the act at all (as receive only when sent in)."""
        return all(details.get(name) in values for name, values in self.when.items())

    def field(self, name: str) -> Field:
        """Return one field of the form. Raises InputError when there is none of that name."""
        for candidate in self.form:
            if candidate.key == name:
                return candidate
        raise InputError(say("行为“{act}”的表单没有“{name}”", act=Term(self.zh, self.en), name=name), field=name)


def _kind(field: Field) -> str:
    """Return the type of a field as the digest has always named it: running cases hold the digest they began under."""
    if field.type == "choice" and field.many:
        return "list"
    return "text" if field.type == "long_text" else field.type


def _steering(act: Act) -> list[object]:
    fields = [
        [each.key, _kind(each), each.is_required, [one.value for one in each.choices], each.choices_from, each.role]
        for each in act.form
    ]
    facts = [act.name, act.opens, act.from_states, act.aside_from, act.to, dict(act.outcomes), act.roles, fields]
    return [*facts, act.needs_reason, act.per_job, act.amends, dict(act.when), dict(act.person)]


@dataclass(frozen=True)
class Clock:
    """One clock: which limit of deadlines.toml, which form value says the place, the states that stop it, and those of
    them by which what the limit asks for is done."""

    name: str
    zh: str
    en: str
    limit: str
    place_field: str
    stops_in: tuple[str, ...]
    met_in: tuple[str, ...]


@dataclass(frozen=True)
class Procedure:
    """One edition of one procedure."""

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

    @property
    def status(self) -> str:
        """Return how sure the steps are: "pattern" means a course seen in use, not the text of a rule."""
        return self.provenance.status

    @property
    def digest(self) -> str:
        """Return the hash of what steers a case: states, acts with who and when, fields and clocks, without wording."""
        states = [[state.name, state.step, state.is_end] for state in self.states.values()]
        clocks = [[clock.name, clock.limit, clock.place_field, clock.stops_in] for clock in self.clocks.values()]
        parts = [states, [_steering(act) for act in self.acts.values()], clocks]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @property
    def opening_acts(self) -> tuple[Act, ...]:
        """Return the acts that open a case."""
        return tuple(act for act in self.acts.values() if act.opens)

    def act(self, name: str) -> Act:
        """Return one act. Raises InputError when the procedure has none of that name."""
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

    def waits_for(self, state: str, details: Mapping[str, object]) -> tuple[str, ...]:
        """Return the roles whose act a case with these form values waits for."""
        acts = (act for act in self.acts_from(state, details) if state not in act.aside_from)
        return tuple(dict.fromkeys(role for act in acts for role in act.roles))

    def step_numbers(self, state: str) -> tuple[int, int]:
        """Return (number of the step under way, number of steps), counted from 1."""
        return list(self.steps).index(self.states[state].step) + 1, len(self.steps)
