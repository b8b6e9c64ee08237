"""Pure decisions of the engine: what acts add up to, whether an act is possible, what a form must hold.

Knows no procedure by name: all of it is read from the definition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from plumbline.domain.cases.types import Folded
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.rows.unseen import unseen_fault
from plumbline.errors import InputError, InputErrors, StateError, Term, say
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import Act, Procedure

TEXT_MOST = 2000


def fold(procedure: Procedure, acts: Sequence[ActFacts], *, clock_acts: Iterable[str] = ()) -> Folded:
    """Return what the acts of a case add up to. acts: all acts in order, the first opens the case, at least one.

    clock_acts: names of the acts that start the limit of this case; the last of them done counts.
    """
    starts = frozenset(clock_acts)
    stops = frozenset(state for clock in procedure.clocks.values() for state in clock.stops_in)
    mets = frozenset(state for clock in procedure.clocks.values() for state in clock.met_in)
    people: dict[str, UUID] = {}
    state, started, stopped, met, ended = "", None, None, None, None
    for act in acts:
        state = str(act.data["to"])
        people |= _people(procedure.acts[act.name], act)
        day = legal_day(act.at)
        started, met = (day, None) if act.name in starts else (started, met)
        is_end = procedure.states[state].is_end
        stopped = (stopped or day) if is_end or state in stops else None
        met = (met or day) if state in mets else met
        ended = act.at if is_end else None
    return Folded(
        state=state,
        sequence=acts[-1].sequence,
        details=details_of(procedure, acts),
        people=people,
        clock_from=started,
        clock_stopped_on=stopped,
        clock_met_on=met,
        ended_at=ended,
        last=acts[-1],
    )


def details_of(procedure: Procedure, acts: Sequence[ActFacts]) -> Mapping[str, object]:
    """Return what was applied for: what the opening act said, or the newest act that amended it as a whole."""
    said = _form(acts[0])
    for act in acts[1:]:
        definition = procedure.acts[act.name]
        form = _form(act)
        if definition.amends and all(
            form.get(field.key) for field in definition.form if field.is_required and not field.is_personal
        ):
            said = form  # an act of before the form could amend said only what it was about
    return said


def personal(act: Act, form: Mapping[str, object]) -> dict[str, object]:
    """Return the answers of a form that name a person or how to reach one."""
    return {field.key: form[field.key] for field in act.form if field.is_personal and field.key in form}


def _form(act: ActFacts) -> Mapping[str, object]:
    form = act.data.get("form", {})
    return form if isinstance(form, Mapping) else {}


def _people(definition: Act, act: ActFacts) -> dict[str, UUID]:
    values = _form(act)
    return {
        field.key: UUID(str(values[field.key]))
        for field in definition.form
        if field.type == "person" and values.get(field.key)
    }


def require_possible(procedure: Procedure, act: Act, *, folded: Folded) -> None:
    """Pass if the act is possible now. Raises: StateError naming the state the case is in and those that would do."""
    if folded.state in act.from_states and act.applies_to(folded.details):
        return
    state = procedure.states[folded.state]
    wanted = [procedure.states[name] for name in act.from_states]
    raise StateError(
        say("现在是“{state}”，不能“{act}”", state=Term(state.zh, state.en), act=Term(act.zh, act.en)),
        remedy=say(
            "要到“{states}”时才可以",
            states=Term("”或“".join(each.zh for each in wanted), " / ".join(each.en for each in wanted)),
        ),
    )


def awaited_person(act: Act, folded: Folded) -> UUID | None:
    """Return the one person who may do the act in the present state, if it is bound to one."""
    duty = act.person.get(folded.state)
    return folded.people.get(duty) if duty else None


def read_form(act: Act, raw: Mapping[str, object]) -> dict[str, object]:
    """Return the values of an act's form, cleaned and complete. Raises: InputErrors naming every faulty field."""
    values: dict[str, object] = {}
    faults: list[InputError] = []
    for field in act.form:
        try:
            value = _read_field(field, raw.get(field.key))
        except InputError as err:
            faults.append(err)
            continue
        if value not in (None, "", []):
            values[field.key] = value
    if faults:
        raise InputErrors(faults)
    return values


def require_offered(act: Act, values: Mapping[str, object], *, offered: Mapping[str, Collection[str]]) -> None:
    """Pass if each answer to a field with `choices_from` is on that list. offered: what each list holds for this case.

    Raises: InputErrors naming every field with another answer.
    """
    faults: list[InputError] = []
    for field in act.form:
        given = values.get(field.key)
        if not field.choices_from or given is None:
            continue
        answers = given if isinstance(given, list) else [given]
        if not set(answers) <= set(offered[field.choices_from]):
            faults.append(
                InputError(
                    say("“{field}”里有不在名单上的", field=Term(field.zh, field.en)),
                    remedy=say("刷新页面，从所列各项中选"),
                    field=field.key,
                )
            )
    if faults:
        raise InputErrors(faults)


def _read_field(field: Field, raw: object) -> object:
    name = Term(field.zh, field.en)
    if field.many:
        items = [str(item) for item in raw if item] if isinstance(raw, list | tuple) else []
        if field.is_required and not items:
            raise InputError(say("“{field}”还没有选", field=name), remedy=say("至少选一项"), field=field.key)
        return items
    text = str(raw).strip() if raw is not None else ""
    if not text:
        if field.is_required:
            raise InputError(say("“{field}”还没有填", field=name), remedy=say("填好后再提交"), field=field.key)
        return None
    return _read_text(field, text, name=name)


def _read_text(field: Field, text: str, *, name: Term) -> str:
    if field.choices and text not in {option.value for option in field.choices}:
        raise InputError(
            say("“{field}”没有“{text}”这一项", field=name, text=text[:40]),
            remedy=say("从所列各项中选"),
            field=field.key,
        )
    if field.type == "date":
        return _read_date(field, text, name=name)
    if field.type == "person":
        return _read_person(field, text, name=name)
    if len(text) > TEXT_MOST:
        raise InputError(
            say("“{field}”太长", field=name), remedy=say("不超过 {most} 个字", most=TEXT_MOST), field=field.key
        )
    hidden = unseen_fault(field.key, text)
    if hidden is not None:
        raise hidden
    return text


def _read_date(field: Field, text: str, *, name: Term) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as err:
        raise InputError(
            say("“{field}”的日期“{text}”看不懂", field=name, text=text[:20]),
            remedy=say("写成 2026-11-21 的样子"),
            field=field.key,
        ) from err


def _read_person(field: Field, text: str, *, name: Term) -> str:
    try:
        return str(UUID(text))
    except ValueError as err:
        raise InputError(
            say("“{field}”要从名单里选", field=name), remedy=say("从名单里选一位"), field=field.key
        ) from err
