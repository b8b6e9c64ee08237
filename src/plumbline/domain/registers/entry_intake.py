"""Takes entries of a simple register in from a file: its columns, what can be wrong in a row, clashes, the one INSERT.

The template follows from the register's file. What is held is never changed by an import: a row that says otherwise is
an error, a row that says the same changes nothing, so that a file may be imported again.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own, never a file's; values are bound

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.registers import typing_in
from plumbline.domain.registers.typing_in import Value
from plumbline.domain.rows.findings import Finding, Intake, Sentences, check_mode
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.staging import Stage, Staged
from plumbline.errors import say
from plumbline.gateways.tables.days import read_day
from plumbline.gateways.tables.numbers import folded
from plumbline.gateways.tables.template import Column, Sheet, Template
from plumbline.rulebook.registers import Field, Register

SENTENCES: Mapping[str, Sentences] = {
    **typing_in.SENTENCES,
    "width": Sentences(say("这一行的格数与表头不同"), say("检查这一行有没有多余的逗号或缺少的格")),
    "state_unknown": Sentences(say("没有“{value}”这个状态"), say("从这些里选：{other}")),
    "span_wrong": Sentences(say("终止日期早于起始日期"), say("核对两个日期")),
    "key_repeated": Sentences(say("“{value}”在文件里出现多次，首次在第 {other} 行"), say("只留一行")),
    "not_yours": Sentences(say("“{value}”不在您管的范围里"), say("只导入本地区、本单位的")),
    "differs": Sentences(
        say("“{value}”已登记，但这些列不同：{other}"),
        say("打开已登记的那一条，从某日起变更或更正；导入不改已登记的内容"),
    ),
}
_COLUMNS = {
    "id": "uuid", "entry_id": "uuid", "number": "bigint", "key": "text", "title": "text", "state": "text",
    "owner_code": "text", "owner_id": "uuid", "region_code": "text", "valid_from": "date", "valid_to": "date",
    "held": "jsonb", "is_known": "boolean",
}  # fmt: skip


@dataclass(frozen=True)
class EntryRun:
    """One run of an import: by whom, how far it may go, when, from which day rows count that say none."""

    key: UUID
    actor: Actor
    mode: str
    at: datetime
    since: date
    definition_id: UUID


def template(register: Register) -> Template:
    """Return the columns an import of a register knows: its fields, the state and the days."""
    fields = tuple(
        Column(field.key, field.zh, field.en, _about(field, "zh"), _about(field, "en"), is_required=field.is_required)
        for field in register.fields.values()
    )
    states = [register.states[name] for name in register.states]
    own = (
        Column(
            "state", "状态", "state", "、".join(state.zh for state in states), ", ".join(state.en for state in states)
        ),
        Column(
            "valid_from", "起始日期", "valid from", "空着就是导入那天选的日期", "empty: the day chosen at the import"
        ),
        Column("valid_to", "终止日期", "valid to", "空着就是一直有效", "empty: it goes on"),
    )
    return Template(register.id, (*fields, *own))


def import_entries(register: Register, sheet: Sheet, *, run: EntryRun, owns: Callable[[str], bool] | None) -> Intake:
    """Check the rows and, if the mode says so, insert the good and new ones.

    owns: whether the actor may write into an area; None where the rows' owner decides (see `_find_foreign`).
    """
    check_mode(run.mode)
    stage = Stage("entry", _COLUMNS)
    stage.fill(_staged(register, sheet, since=run.since))
    _find_unknown(stage, register)
    stage.run(f"update {stage.table} s set owner_id = o.id from directory_organisation o where o.uscc = s.owner_code")
    _find_foreign(stage, run.actor, owns=owns)
    unchanged = _find_held(stage, register, compared=[*sheet.layout.places])
    intake = stage.conclude(run.mode, unchanged=unchanged)
    if intake.is_written:
        _insert(stage, register, run=run)
    return intake


def _about(field: Field, language: str) -> str:
    help_text, note = (field.help_zh, field.note_zh) if language == "zh" else (field.help_en, field.note_en)
    names = [choice.zh if language == "zh" else choice.en for choice in field.choices]
    divider = "、" if language == "zh" else ", "
    return " ".join(
        part for part in (help_text, divider.join(names), field.example, field.unit, note) if part not in {"", "1"}
    )


# ---------------------------------------------------------------- a row alone


def _staged(register: Register, sheet: Sheet, *, since: date) -> Iterator[Staged]:
    layout = sheet.layout
    names = {
        _plain(each): state.name for state in register.states.values() for each in (state.name, state.zh, state.en)
    }
    for row in sheet.rows:
        typed = layout.values(row)
        found = [] if layout.has_right_width(row) else [Finding(row.line, "", "", "width", is_error=True)]
        values: dict[str, Value] = {}
        for key, field in register.fields.items():
            text = typed.get(key, "")
            reading = typing_in.read(field, text)
            if reading.code:
                found.append(Finding(row.line, key, text[:80], reading.code, is_error=True, other=reading.other))
            elif reading.value is not None:
                values[key] = reading.value
        state = names.get(_plain(typed.get("state", ""))) if typed.get("state") else register.opens_in[0]
        if state is None:
            offered = "、".join(each.zh for each in register.states.values())
            found.append(Finding(row.line, "state", typed["state"][:80], "state_unknown", is_error=True, other=offered))
        days = [_day(row.line, name, text=typed.get(name, ""), found=found) for name in ("valid_from", "valid_to")]
        begins = days[0] or since
        if days[1] is not None and days[1] < begins:
            found.append(Finding(row.line, "valid_to", days[1].isoformat(), "span_wrong", is_error=True))
        yield Staged(
            row.line,
            (
                new_id(), new_id(), None, typing_in.key_of(register, values), str(values.get(register.title, "")),
                state,
                str(values.get(register.owner, "")) if register.owner else "", None,
                str(values.get(register.region, "")), begins, days[1], json.dumps(values, ensure_ascii=False), False,
            ),
            found,
        )  # fmt: skip


def _plain(text: str) -> str:
    return folded(text).casefold()


def _day(line: int, name: str, *, text: str, found: list[Finding]) -> date | None:
    if not text:
        return None
    said = read_day(folded(text))
    if said.day is None or said.day.year < 1900:
        found.append(Finding(line, name, text[:80], "day_part" if said.is_part else "day_wrong", is_error=True))
        return None
    return said.day


# ---------------------------------------------------------------- rows against what is there


def _find_unknown(stage: Stage, register: Register) -> None:
    """Find organisations, areas, instruments and entries that values name and nobody has registered."""
    tables = {
        "organisation": "directory_organisation k where k.uscc = one.v",
        "region": "directory_region k where k.code = one.v",
        "instrument": "registers_instrument k where k.identity = one.v",
        "link": "registers_entry k where k.register = %(other)s and k.key = one.v",
    }
    for key, field in register.fields.items():
        if field.type not in tables:
            continue
        stage.find(
            "select line, %(key)s, one.v, %(code)s, true, %(other)s, one.v"
            f" from {stage.table} s, lateral jsonb_array_elements_text(case jsonb_typeof(s.held -> %(key)s)"
            " when 'array' then s.held -> %(key)s when 'string' then jsonb_build_array(s.held -> %(key)s)"
            f" else '[]' end) one(v) where not exists (select from {tables[field.type]})",
            {"key": key, "code": f"{field.type}_unknown", "other": field.register},
        )


def _find_foreign(stage: Stage, actor: Actor, *, owns: Callable[[str], bool] | None) -> None:
    if owns is None:
        condition, values = "s.owner_id is distinct from %(own)s", {"own": actor.organisation_id}
        stage.find(f"select line, '', title, 'not_yours', true, '', '' from {stage.table} s where {condition}", values)
        return
    codes = stage.texts(f"select distinct region_code from {stage.table} where region_code <> ''")
    foreign = ",".join(code for code in codes if not owns(code))
    stage.find(
        "select line, 'region_code', region_code, 'not_yours', true, '', region_code"
        f" from {stage.table} s where region_code = any(string_to_array(%(foreign)s, ','))",
        {"foreign": foreign},
    )


def _find_held(stage: Stage, register: Register, *, compared: list[str]) -> int:
    """Find keys that stand twice in the file or are held with other content; return how many rows are held alike."""
    stage.find(
        "select line, %(key)s, key, 'key_repeated', true, first::text, key from"
        f" (select line, key, min(line) over (partition by key) first from {stage.table} where key <> '') r"
        " where line <> first",
        {"key": register.unique[0]},
    )
    stage.run(
        f"create temp table stage_held on commit drop as select s.line, p.* from {stage.table} s join lateral"
        ' (select p.state, p.valid_from, p.valid_to, p."values" from registers_period p where p.register = %(register)s'
        "   and p.key = s.key and p.replaced_by is null order by p.valid_from desc limit 1) p on s.key <> ''",
        {"register": register.id},
    )
    own = [f"s.{name} is distinct from h.{name}" for name in ("state", "valid_from", "valid_to") if name in compared]
    fields = [key for key in register.fields if key in compared]
    parts = [f"case when {each} then ', {each.split('.')[1].split(' ')[0]}' else '' end" for each in own]
    parts += [f"case when s.held -> '{key}' is distinct from h.\"values\" -> '{key}' then ', {key}' else '' end"
              for key in fields]  # fmt: skip
    unlike = " || ".join(parts) or "''"
    stage.find(
        "select line, %(key)s, key, 'differs', true, ltrim(unlike, ', '), '' from"
        f" (select s.line, s.key, {unlike} unlike from {stage.table} s join stage_held h using (line)) r"
        " where unlike <> ''",
        {"key": register.unique[0]},
    )
    stage.run(f"update {stage.table} s set is_known = true from stage_held h where h.line = s.line")
    stage.index_findings()
    unchanged = stage.run(f"select line from {stage.table} s where is_known and not {stage.bad()}")
    stage.run("drop table stage_held")
    return unchanged


def _insert(stage: Stage, register: Register, *, run: EntryRun) -> None:
    new = f"not s.is_known and not {stage.bad()}"
    stage.run(f"update {stage.table} s set number = nextval('registers_entry_number') where {new}")
    stage.run(
        "insert into registers_entry (id, number, register, key)"
        f" select entry_id, number, %(register)s, key from {stage.table} s where {new} order by line",
        {"register": register.id},
    )
    stage.run(
        "insert into registers_period (id, entry_id, number, register, key, definition_id, title, state, owner_id,"
        ' region_code, valid_from, valid_to, "values", act, act_id, reason, intake, person_id, person_name, role,'
        " written_at) select id, entry_id, number, %(register)s, key, %(definition)s, title, state, owner_id,"
        " region_code, valid_from, valid_to, held, 'import', %(intake)s, '', %(intake)s, %(person)s, %(name)s,"
        f" %(role)s, %(at)s from {stage.table} s where {new} order by line",
        {
            "register": register.id,
            "definition": run.definition_id,
            "intake": run.key,
            "person": run.actor.person_id,
            "name": run.actor.name,
            "role": run.actor.role,
            "at": run.at,
        },
    )
