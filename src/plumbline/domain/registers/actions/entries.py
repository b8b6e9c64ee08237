"""Writes of the simple registers: register, change from a day on, correct, act. Every write is a row that stays.

A change from a day on writes two rows: the old facts until the day before, the new facts from that day; both name the
row they replace. A correction writes one, over the same or other days. The journal is told of each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from psycopg import Error as DatabaseError

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory import queries as known
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.registers import entry_intake, queries
from plumbline.domain.registers.actions.intake import tell_intake
from plumbline.domain.registers.models import Definition, Entry, Period
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import EntryAct, EntryDraft, EntryIntake, PeriodFacts
from plumbline.domain.rows import typing_in
from plumbline.domain.rows.findings import Intake
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.domain.rows.taking import Run, Taking, take_in
from plumbline.domain.rows.typing_in import Value
from plumbline.errors import InputError, PlumblineError, StateError, Term, say
from plumbline.gateways.tables.template import Sheet
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook import roles
from plumbline.rulebook.forms import Field
from plumbline.rulebook.registers import Register

DAY = timedelta(days=1)
FIRST_DAY = date(1900, 1, 1)
REGISTER, CHANGE, CORRECT = "register", "change", "correct"


@dataclass(frozen=True)
class _Row:
    """What a row to be written says of its entry."""

    values: Mapping[str, Value]
    state: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class _Writing:
    """One act of writing: in which register, by whom, when, why, under which definition."""

    register: Register
    actor: Actor
    act: str
    at: datetime
    reason: str
    definition_id: UUID
    act_id: UUID


@transaction.atomic
def register_entry(actor: Actor, register_id: str, *, draft: EntryDraft, at: datetime) -> PeriodFacts:
    """Register an entry from a day on.

    Raises: AccessError; InputErrors beside the fields at fault; InputError for a key that is held already.
    """
    register = rulebook.by_id(register_id)
    row = _read(register, draft)
    state = draft.state or register.opens_in[0]
    if state not in register.opens_in:
        raise InputError(say("不能从“{state}”开始登记", state=state), remedy=say("从所列的状态里选"), field="state")
    owner_id = _require(actor, register, values=row.values)
    _require_known(register, row.values)
    key = register.key_of(row.values)
    with scoped(EVERYTHING):
        held = Entry.objects.filter(register=register.id, key=key).exists()
    if held:
        raise _held(register, key)
    entry = Entry(id=new_id(), number=next_numbers(1)[0], register=register.id, key=key)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as err:
        raise _held(register, key) from err
    writing = _writing(actor, register, act=REGISTER, reason=draft.reason, at=at)
    return _write(writing, entry, row=replace(row, state=state), owner_id=owner_id)


@transaction.atomic
def change_entry(actor: Actor, register_id: str, *, number: int, change: EntryDraft, at: datetime) -> PeriodFacts:
    """Say what holds of an entry from a day on, until the period it falls into ends; the days before stay as they were.

    Raises: AccessError; InputErrors; StateError where no period covers the day.
    """
    register = rulebook.by_id(register_id)
    old = _covering(register, number, on=change.valid_from)
    row = _read(register, change)
    _require_same_key(register, old, values=row.values)
    _require_known(register, row.values)
    owner_id = _require(actor, register, values=row.values, old=old)
    writing = _writing(actor, register, act=CHANGE, reason=_reason(change.reason), at=at)
    return _from_day_on(writing, old, row=replace(row, state=old.state, valid_to=old.valid_to), owner_id=owner_id)


@transaction.atomic
def correct_entry(
    actor: Actor, register_id: str, *, period_id: UUID, correction: EntryDraft, at: datetime
) -> PeriodFacts:
    """Say that a row was wrong from the beginning: the new row names the old one, which stays readable.

    Raises: AccessError; InputErrors; StateError if the row no longer stands, or the days meet another period.
    """
    register = rulebook.by_id(register_id)
    found = Period.objects.filter(register=register.id, pk=period_id).first()
    if found is None:
        raise kept.no_such_entry()
    old = kept.period_facts(found)
    row = _read(register, correction)
    _require_same_key(register, old, values=row.values)
    _require_known(register, row.values)
    owner_id = _require(actor, register, values=row.values, old=old)
    writing = _writing(actor, register, act=CORRECT, reason=_reason(correction.reason), at=at)
    state = correction.state or old.state
    return _write(writing, _entry_of(old), row=replace(row, state=state), owner_id=owner_id, replaces=old.id)


@transaction.atomic
def act_on_entry(actor: Actor, register_id: str, *, number: int, request: EntryAct, at: datetime) -> PeriodFacts:
    """Move an entry to another state from a day on. Raises: AccessError; InputError; StateError naming what would."""
    register = rulebook.by_id(register_id)
    act = register.act(request.name)
    old = _covering(register, number, on=request.on)
    accounts.require(actor, f"entry.{register.id}.{act.name}", subject=_subject(old.owner_id, old.region_code))
    if old.state not in act.from_states:
        names = "、".join(register.states[name].zh for name in act.from_states)
        raise StateError(
            say("“{title}”现在是“{state}”，不能办这一步", title=old.title, state=_state_name(register, old.state)),
            remedy=say("只有这些状态可以：{states}", states=names),
        )
    reason = _reason(request.reason) if act.needs_reason else request.reason.strip()
    writing = _writing(actor, register, act=act.name, reason=reason, at=at)
    row = _Row(_values_of(old), act.to, request.on, old.valid_to)
    return _from_day_on(writing, old, row=row, owner_id=old.owner_id)


@transaction.atomic
def import_entries(actor: Actor, register_id: str, *, sheet: Sheet, terms: EntryIntake, at: datetime) -> Intake:
    """Take entries in from a file, as far as the mode says. Raises: AccessError; InputError."""
    return take_in(entries_taking(actor, register_id, since=terms.since, at=at), sheet, mode=terms.mode, at=at)


def entries_taking(actor: Actor, register_id: str, *, since: date, at: datetime) -> Taking:
    """Return the import of entries of a register; since: from when rows hold that do not say. Raises: AccessError."""
    register = rulebook.by_id(register_id)
    right = f"entry.{register.id}.edit"
    if not accounts.has_right(actor, right):
        accounts.require(actor, right, subject=Subject())
    is_by_area = roles.by_code(actor.role).reach in {"region", "everything"}

    def owns(region_code: str) -> bool:
        return accounts.may(actor, right, subject=Subject(region_code=region_code))

    def tell(result: Intake, run: Run) -> None:
        own = None if is_by_area else actor.organisation_id
        subject = JournalSubject("intake", run.key, own, own, actor.regions[0] if actor.regions else "")
        tell_intake(actor, result, subject=subject, kind=register.id, at=run.at)

    terms = entry_intake.EntryTerms(actor, since, mirrored(register, at=at))
    return entry_intake.EntryTaking(register, terms, owns=owns if is_by_area else None, tell=tell)


def mirrored(register: Register, *, at: datetime) -> UUID:
    """Return the mirror of a definition as the file says it now, making it where the newest says something else."""
    newest = Definition.objects.filter(register=register.id).order_by("-mirrored_at", "-id").first()
    if newest is not None and newest.digest == register.digest:
        return newest.id
    row = Definition(register=register.id, digest=register.digest, content=register.content, mirrored_at=at)
    row.save(force_insert=True)
    return row.id


def next_numbers(count: int) -> list[int]:
    """Return numbers for new entries; a transaction that fails leaves a gap, which says nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('registers_entry_number') from generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


# ---------------------------------------------------------------- what is asked before


def _read(register: Register, draft: EntryDraft) -> _Row:
    values = typing_in.read_all(register.fields, draft.typed)
    if draft.valid_from < FIRST_DAY:
        raise InputError(say("起始日期太早"), remedy=say("不早于 1900-01-01"), field="valid_from")
    if draft.valid_to is not None and draft.valid_to < draft.valid_from:
        raise InputError(say("终止日期早于起始日期"), remedy=say("核对两个日期"), field="valid_to")
    return _Row(values, draft.state, draft.valid_from, draft.valid_to)


def _require(
    actor: Actor, register: Register, *, values: Mapping[str, Value], old: PeriodFacts | None = None
) -> UUID | None:
    """Pass if the actor may edit an entry as it was and as it will be; return who owns it. Raises: AccessError."""
    right = f"entry.{register.id}.edit"
    region_code = str(values[register.region])
    directory.require_region(region_code)
    code = values.get(register.owner) if register.owner else None
    owner_id = _owner(str(code), field=register.owner) if code else None
    accounts.require(actor, right, subject=_subject(owner_id, region_code))
    if old is not None:
        accounts.require(actor, right, subject=_subject(old.owner_id, old.region_code))
    return owner_id


def _owner(code: str, *, field: str) -> UUID:
    try:
        return known.organisation_by_uscc(code).id
    except InputError as err:
        raise typing_in.fault(field, code, code="organisation_unknown") from err


def _subject(owner_id: UUID | None, region_code: str) -> Subject:
    return Subject(owner_id, owner_id, region_code)


def _require_known(register: Register, values: Mapping[str, Value]) -> None:
    """Pass if the organisations, areas, instruments and entries that values name are there. Raises: InputError."""
    for key, field in register.fields.items():
        held = values.get(key)
        for value in held if isinstance(held, list) else [] if held is None else [held]:
            if not _is_known(field, str(value)):
                other = rulebook.by_id(field.register).zh if field.type == "link" else ""
                raise typing_in.fault(key, str(value), code=f"{field.type}_unknown", other=other)


def _is_known(field: Field, value: str) -> bool:
    if field.type == "link":
        with scoped(EVERYTHING):
            return Entry.objects.filter(register=field.register, key=value).exists()
    asked: dict[str, Callable[[str], object]] = {
        "organisation": known.organisation_by_uscc,
        "region": known.region,
        "instrument": queries.instrument_by_identity,
    }
    try:
        if field.type in asked:
            asked[field.type](value)
    except PlumblineError:
        return False
    return True


def _require_same_key(register: Register, old: PeriodFacts, *, values: Mapping[str, Value]) -> None:
    if register.key_of(values) != old.key:
        raise InputError(
            say(
                "“{names}”是这一条的名字，不能改", names="、".join(register.fields[each].zh for each in register.unique)
            ),
            remedy=say("登记错了的，先终止这一条，再登记新的一条"),
            field=register.unique[0],
        )


def _covering(register: Register, number: int, *, on: date) -> PeriodFacts:
    found = kept.periods(register.id, number)
    covering = next((each for each in found if each.holds(on)), None)
    if covering is None:
        raise StateError(
            say("“{title}”在 {day} 没有登记内容", title=found[0].title, day=on),
            remedy=say("选一个在它起止日期之内的日子；要改起止日期，用更正"),
        )
    return covering


def _reason(text: str) -> str:
    if not text.strip():
        raise InputError(say("要写明原因"), remedy=say("写一句为什么"), field="reason")
    return text.strip()[:500]


def _held(register: Register, key: str) -> InputError:
    return InputError(
        say("“{register}”里已有 {key}", register=register.name, key=key),
        remedy=say("打开已登记的那一条，从某日起变更或更正"),
        field=register.unique[0],
    )


# ---------------------------------------------------------------- what is written


def _writing(actor: Actor, register: Register, *, act: str, reason: str, at: datetime) -> _Writing:
    return _Writing(register, actor, act, at, reason.strip()[:500], mirrored(register, at=at), new_id())


def _from_day_on(writing: _Writing, old: PeriodFacts, *, row: _Row, owner_id: UUID | None) -> PeriodFacts:
    entry = _entry_of(old)
    if old.valid_from < row.valid_from:
        until = _Row(_values_of(old), old.state, old.valid_from, row.valid_from - DAY)
        closing = replace(writing, definition_id=_definition_of(old))
        _insert(closing, entry, row=until, owner_id=old.owner_id, replaces=old.id)
    return _write(writing, entry, row=row, owner_id=owner_id, replaces=old.id)


def _write(
    writing: _Writing, entry: Entry, *, row: _Row, owner_id: UUID | None, replaces: UUID | None = None
) -> PeriodFacts:
    facts = _insert(writing, entry, row=row, owner_id=owner_id, replaces=replaces)
    subject = JournalSubject("entry", entry.id, owner_id, owner_id, facts.region_code)
    data = {
        "register": writing.register.id, "number": entry.number, "title": facts.title, "row": str(facts.id),
        "from": row.valid_from.isoformat(), "reason": writing.reason,
    }  # fmt: skip
    journal.append_act(writing.actor, subject, name=f"entry.{writing.act}", data=data, at=writing.at)
    return facts


def _insert(writing: _Writing, entry: Entry, *, row: _Row, owner_id: UUID | None, replaces: UUID | None) -> PeriodFacts:
    register, actor = writing.register, writing.actor
    made = Period(
        entry_id=entry.id, number=entry.number, register=register.id, key=entry.key,
        definition_id=writing.definition_id, title=str(row.values[register.title]), state=row.state,
        owner_id=owner_id, region_code=str(row.values[register.region]), valid_from=row.valid_from,
        valid_to=row.valid_to, values=dict(row.values), replaces_id=replaces, act=writing.act, act_id=writing.act_id,
        reason=writing.reason, person_id=actor.person_id, person_name=actor.name, role=actor.role,
        written_at=writing.at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as err:
        raise _refused(err) from err
    return kept.period_facts(made)


def _refused(err: IntegrityError) -> StateError | InputError:
    cause = err.__cause__
    name = cause.diag.constraint_name if isinstance(cause, DatabaseError) else ""
    if name == "period_replaced_once":
        return StateError(
            say("这一条刚被别人改过，您看到的已不是最新"), remedy=say("看过最新的内容后再办；您填的内容还在")
        )
    if name == "period_once_a_day":
        return StateError(
            say("这些天和这一条的另一段登记重叠"), remedy=say("核对起止日期；同一天只能有一段"),
        )  # fmt: skip
    raise err


def _entry_of(old: PeriodFacts) -> Entry:
    return Entry(id=old.entry_id, number=old.number, register=old.register, key=old.key)


def _definition_of(old: PeriodFacts) -> UUID:
    found: UUID = Period.objects.values_list("definition_id", flat=True).get(pk=old.id)
    return found


def _values_of(old: PeriodFacts) -> dict[str, Value]:
    return {key: value for key, value in old.values.items() if isinstance(value, str | int | bool | list)}


def _state_name(register: Register, state: str) -> Term:
    named = register.states.get(state)
    return Term(named.zh, named.en) if named else Term(state, state)
