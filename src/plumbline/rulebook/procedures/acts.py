"""What an act of a procedure is: from where to where, by whom, what it asks, what must hold before it, what follows.

Who did which stays in `domain.cases`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plumbline.errors import InputError, Term, say
from plumbline.rulebook.forms import Field, Section


@dataclass(frozen=True)
class Word:
    """One guard or effect of an act: a word of the closed list (`words`) with what it is about."""

    name: str
    about: Mapping[str, object]


@dataclass(frozen=True)
class Act:
    """One act. `to` is set where there is one target, `outcomes` (outcome -> state) where there are several.

    `amends`: the form replaces what the opening act said; `when`: form field -> values, all of which a case must have;
    `person`: state -> the person field of an earlier form whose holder alone may act; `aside_from`: states from which
    the act is possible but not awaited; `is_applicants`: done by whoever applied, not by who decides; `is_eithers`: by
    either; `extends`: clock -> days it lasts longer by this act; `guards`: what must hold before it; `effects`: what
    follows from it; `draw`: the step of a draw it is.
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
    is_applicants: bool = False
    is_eithers: bool = False
    sections: tuple[Section, ...] = ()
    extends: Mapping[str, int] = field(default_factory=dict)
    guards: tuple[Word, ...] = ()
    effects: tuple[Word, ...] = ()
    draw: Word | None = None

    @property
    def grants(self) -> bool:
        """Tell whether it issues, halts or ends a document: whoever does it answers with their name at that moment."""
        return any("document" in word.about for word in self.effects)

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


MOVE = Act(
    name="move_edition",
    zh="转到新版程序",
    en="Move to the new edition",
    opens=False,
    from_states=(),
    aside_from=(),
    to=None,
    outcomes={},
    roles=(),
    form=(Field.long_text("reason", Term("理由（告知申请人）", "Reason, told to the applicant")),),
    needs_reason=True,
    per_job=False,
    amends=False,
    when={},
    person={},
)
"""The one act that no file names: a running case goes on under the edition that replaces its own, openly."""


@dataclass(frozen=True)
class Moves:
    """Which edition a new one replaces, and where a running case goes on. states: state of the old -> of the new, where
    the name is another; tracks: state of the old -> where the tracks of the new stand."""

    replaces: str
    states: Mapping[str, str] = field(default_factory=dict)
    tracks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def _kind(field: Field) -> str:
    """Return the type of a field as the digest has always named it: running cases hold the digest they began under."""
    if field.type == "choice" and field.many:
        return "list"
    return "text" if field.type == "long_text" else field.type


def _asked(each: Field) -> list[object]:
    """Return what of a field steers a case; what fields could not say when the first cases began, where it is said."""
    facts: list[object] = [
        each.key, _kind(each), each.is_required, [one.value for one in each.choices], each.choices_from, each.role
    ]  # fmt: skip
    more = {
        "accepts": each.accepts,
        "fields": [_asked(one) for one in each.fields],
        "known": each.known,
        "when": dict(each.when),
        "register": each.register,
        "drawn": each.is_drawn,
    }
    said = {name: value for name, value in more.items() if value}
    return [*facts, said] if said else facts


def steering_of(act: Act) -> list[object]:
    """Return what of an act steers a case, for the digest of its procedure."""
    fields = [_asked(each) for each in act.form if each.key != "line_remarks"]  # beside what a file says
    facts = [act.name, act.opens, act.from_states, act.aside_from, act.to, dict(act.outcomes), act.roles, fields]
    more: dict[str, object] = {
        "applicant": act.is_applicants and not act.opens,
        "either": act.is_eithers,
        "extends": dict(act.extends),
        "guards": [[word.name, dict(word.about)] for word in act.guards],
        "effects": [[word.name, dict(word.about)] for word in act.effects],
        "draw": [act.draw.name, dict(act.draw.about)] if act.draw else [],
    }
    said = {name: value for name, value in more.items() if value}
    steering = [*facts, act.needs_reason, act.per_job, act.amends, dict(act.when), dict(act.person)]
    return [*steering, said] if said else steering


@dataclass(frozen=True)
class Possible:
    """An act that is possible, and the state it would be done from."""

    act: Act
    state: str

    @property
    def is_awaited(self) -> bool:
        """Tell whether the case waits for it."""
        return self.state not in self.act.aside_from
