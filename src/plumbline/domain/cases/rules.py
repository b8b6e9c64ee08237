"""Pure decisions of the engine: what acts add up to, whether an act is possible, what a form must hold.

Knows no procedure by name: all of it is read from the definition.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from plumbline.domain.cases.types import CaseFacts, ClockReading, Folded
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.rows import typing_in
from plumbline.domain.rows.unseen import unseen_fault
from plumbline.errors import InputError, InputErrors, StateError, Term, say
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import MOVE, Act, Clock, Procedure, days_between, last_day

TEXT_MOST = 2000
GROUP_MOST = 100
FILE_NAME_MOST = 200
TYPED = frozenset({"code", "integer", "decimal", "organisation", "region", "instrument", "url", "yes_no"})
"""Types that are read as a register reads them."""
_HASH = re.compile(r"[0-9a-f]{64}")


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
        people |= _people(procedure.act_done(act.name), act)
        day = legal_day(act.at)
        started, met = (day, None) if act.name in starts else (started, met)
        is_end = procedure.state_had(state).is_end
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
        clocks=_clocks(procedure, acts),
        tracks={name: now for name, now in _tracks(acts[-1]).items() if procedure.tracks[name].during == state},
    )


def _clocks(procedure: Procedure, acts: Sequence[ActFacts]) -> tuple[ClockReading, ...]:
    """Return how the clocks with days of their own stand that have started."""
    own = (clock for clock in procedure.clocks.values() if clock.days)
    return tuple(each for clock in own if (each := read_clock(procedure, clock, acts=acts)))


def unopened(case: CaseFacts) -> Folded:
    """Return what the acts of a case add up to that has none yet: what is applied for."""
    return Folded(case.state, 0, case.details, {}, None, None, None, None)


def read_clock(procedure: Procedure, clock: Clock, *, acts: Sequence[ActFacts]) -> ClockReading | None:
    """Return how a clock with days of its own stands after some acts; None before it starts.

    A day on which it comes to stand is counted, the day on which it starts or goes on is not.
    """
    started: date | None = None
    goes_on: date | None = None
    begun, stopped, met, limit_on, before, used, total = None, None, None, None, 0, 0, clock.days
    past: dict[str, str] = {}
    moves = sum(act.name == MOVE.name for act in acts)
    for act in acts:
        moves -= act.name == MOVE.name
        name, tracks = procedure.as_here(str(act.data["to"]), _tracks(act), moves=moves)
        day, state = legal_day(act.at), procedure.state_had(name)
        past = _remembered(procedure, past, now=tracks)
        here = {state.name, *past.values()}
        if act.name in clock.starts_with:
            started, goes_on, begun, stopped, met, before, used, total = day, day, day, None, None, 0, 0, clock.days
        elif started is None:
            continue
        total += procedure.act_done(act.name).extends.get(clock.name, 0)
        is_over = state.is_end or not here.isdisjoint(clock.stops_in)
        stands = is_over or not here.isdisjoint(clock.pauses_in)
        if stands and goes_on is not None:
            spent = 0 if clock.kind == "months" else days_between(clock.kind, goes_on, end=day) or 0
            used, goes_on = used + spent, None
        elif not stands and goes_on is None:
            goes_on, begun, before = day, begun if clock.kind == "months" else day, used
        if begun is not None and total >= before:
            limit_on = last_day(clock.kind, begun, days=total - before)
        stopped = (stopped or day) if is_over else None
        met = met if here.isdisjoint(clock.met_in) else met or day
    if started is None:
        return None
    return ClockReading(clock.name, total, started, limit_on, goes_on is not None, stopped, met)


def _tracks(act: ActFacts) -> Mapping[str, str]:
    """Return how what goes on side by side stood after an act; where it joined by it, how each ended."""
    tracks = act.data.get("tracks", {})
    return tracks if isinstance(tracks, Mapping) else {}


def _remembered(procedure: Procedure, before: Mapping[str, str], *, now: Mapping[str, str]) -> dict[str, str]:
    """Return the tracks a clock looks at: those under way, and how those ended that have joined since."""
    ended = {name: state for name, state in before.items() if procedure.state_had(state).is_end}
    return {**ended, **now}


def answering_side(procedure: Procedure, clock: str) -> str:
    """Return which side of a case answers for a clock: "owner" where its role does acts of who applied alone, else
    "body"."""
    role = procedure.clocks[clock].owner if clock in procedure.clocks else ""
    theirs = {each for act in procedure.acts.values() if act.opens or act.is_applicants for each in act.roles}
    others = {each for act in procedure.acts.values() if not (act.opens or act.is_applicants) for each in act.roles}
    return "owner" if role in theirs - others else "body"


def details_of(procedure: Procedure, acts: Sequence[ActFacts]) -> Mapping[str, object]:
    """Return what was applied for: what the opening act said, or the newest act that amended it as a whole."""
    said = _form(acts[0])
    for act in acts[1:]:
        moved = act.data.get("details")
        if isinstance(moved, Mapping):
            said = moved
        definition = procedure.act_done(act.name)
        form = _form(act)
        if definition.amends and all(
            form.get(field.key) not in (None, "", [])
            for field in definition.form
            if field.is_required and not field.is_personal and field.applies(form)
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
    """Pass if the act is possible now. Raises: StateError naming the states the case is in and those that would do."""
    if here(act, folded) and act.applies_to(folded.details):
        return
    now = [procedure.states[name] for name in folded.states]
    state = Term("、".join(each.zh for each in now), ", ".join(each.en for each in now))
    wanted = [procedure.states[name] for name in act.from_states]
    raise StateError(
        say("现在是“{state}”，不能“{act}”", state=state, act=Term(act.zh, act.en)),
        remedy=say(
            "要到“{states}”时才可以",
            states=Term("”或“".join(each.zh for each in wanted), " / ".join(each.en for each in wanted)),
        ),
    )


def here(act: Act, folded: Folded) -> str:
    """Return the state the act would be done from, empty where it is not possible."""
    return next((state for state in folded.states if state in act.from_states), "")


def awaited_person(act: Act, folded: Folded) -> UUID | None:
    """Return the one person who may do the act in the present state, if it is bound to one."""
    duty = act.person.get(here(act, folded))
    return folded.people.get(duty) if duty else None


def read_form(act: Act, raw: Mapping[str, object]) -> dict[str, object]:
    """Return the values of an act's form, cleaned and complete. Raises: InputErrors naming every faulty field."""
    return _read_fields(act.form, raw)


def _read_fields(fields: Iterable[Field], raw: Mapping[str, object], *, at: str = "") -> dict[str, object]:
    """Return the values of some fields; those that another answer rules out are not asked. at: where a group stands."""
    values: dict[str, object] = {}
    faults: list[InputError] = []
    for field in fields:
        if field.is_drawn or not field.applies(values):
            continue
        try:
            value = _read_field(field, raw.get(field.key))
        except InputError as err:
            faults += [_placed(each, at) for each in _each(err)]
            continue
        if value not in (None, "", []):
            values[field.key] = value
    if faults:
        raise InputErrors(faults)
    return values


def _each(err: InputError) -> Sequence[InputError]:
    return err.errors if isinstance(err, InputErrors) else [err]


def _placed(err: InputError, at: str) -> InputError:
    return InputError(err.what, where=err.where, remedy=err.remedy, field=f"{at}{err.field}") if at else err


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
    if field.type in {"group", "file"} or (field.many and field.type in {"choice", "person"}):
        items = [item for item in raw if item] if isinstance(raw, list | tuple) else []
        if field.is_required and not items:
            raise InputError(say("“{field}”还没有选", field=name), remedy=say("至少选一项"), field=field.key)
        return _items(field, items, name=name)
    text = str(raw).strip() if raw is not None else ""
    if not text:
        if field.is_required:
            raise InputError(say("“{field}”还没有填", field=name), remedy=say("填好后再提交"), field=field.key)
        return None
    return _read_text(field, text, name=name)


def _items(field: Field, items: Sequence[object], *, name: Term) -> list[object]:
    """Return the rows of a group, the files, or the choices; a group is read row by row."""
    if field.type == "file":
        return [_file(field, item, name=name) for item in items[: None if field.many else 1]]
    if field.type != "group":
        return [str(item) for item in items]
    if len(items) > GROUP_MOST:
        raise InputError(say("“{field}”最多 {most} 行", field=name, most=GROUP_MOST), field=field.key)
    rows: list[object] = []
    faults: list[InputError] = []
    for number, item in enumerate(items):
        try:
            rows.append(
                _read_fields(field.fields, item if isinstance(item, Mapping) else {}, at=f"{field.key}.{number}.")
            )
        except InputErrors as err:
            faults += err.errors
    if faults:
        raise InputErrors(faults)
    return rows


def _file(field: Field, item: object, *, name: Term) -> dict[str, object]:
    """Return what an act says of a file: its hash, its name, its size, its kind."""
    said = item if isinstance(item, Mapping) else {}
    kind = str(said.get("kind", ""))
    if not _HASH.fullmatch(str(said.get("sha256", ""))) or kind not in field.accepts:
        raise InputError(
            say("“{field}”的文件不是要求的种类", field=name),
            remedy=say("重新选文件：{kinds}", kinds="、".join(field.accepts)),
            field=field.key,
        )
    label = str(said.get("name", ""))[:FILE_NAME_MOST]
    if hidden := unseen_fault(field.key, label):
        raise hidden
    return {"sha256": str(said["sha256"]), "name": label, "size": int(str(said.get("size", 0))), "kind": kind}


def _read_text(field: Field, text: str, *, name: Term) -> object:
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
    if field.type in TYPED or field.many:
        return _read_typed(field, text)
    if len(text) > min(field.most_characters, TEXT_MOST):
        raise InputError(
            say("“{field}”太长", field=name),
            remedy=say("不超过 {most} 个字", most=min(field.most_characters, TEXT_MOST)),
            field=field.key,
        )
    hidden = unseen_fault(field.key, text)
    if hidden is not None:
        raise hidden
    return text


def _read_typed(field: Field, text: str) -> object:
    """Return a number, a code, a yes or no, ... as a register would take it. Raises: InputError beside the field."""
    reading = typing_in.read(field, text)
    if reading.code:
        raise typing_in.fault(field.key, text, code=reading.code, other=reading.other)
    return reading.value


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
