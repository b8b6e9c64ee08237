"""Takes entries of a simple register in from a file: its columns, what can be wrong in a row, clashes, the one INSERT.

The template follows from the register's file. What is held is never changed by an import: a row that says otherwise is
an error, a row that says the same changes nothing, so that a file may be imported again.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own, never a file's; values are bound

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import ClassVar
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.rows import typing_in
from plumbline.domain.rows.findings import Finding, Intake, Sentences
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.domain.rows.staging import Stage, Staged
from plumbline.domain.rows.taking import Run, Taking
from plumbline.domain.rows.typing_in import Reading, Value
from plumbline.errors import say
from plumbline.gateways.tables.days import known_day
from plumbline.gateways.tables.numbers import folded
from plumbline.gateways.tables.template import Column, Layout, Template
from plumbline.gateways.tables.values import TableRow
from plumbline.rulebook.forms import Field
from plumbline.rulebook.registers import Register

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
REMEMBERED, REMEMBERED_CHARACTERS = 4_096, 100
Tell = Callable[[Intake, Run], None]
_COLUMNS = {
    "id": "uuid", "entry_id": "uuid", "number": "bigint", "key": "text", "title": "text", "state": "text",
    "owner_code": "text", "owner_id": "uuid", "region_code": "text", "valid_from": "date", "valid_to": "date",
    "held": "jsonb", "is_known": "boolean",
}  # fmt: skip


@dataclass(frozen=True)
class EntryTerms:
    """How an import writes: by whom, from which day rows count that say none, under which edition of the definition."""

    actor: Actor
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


class EntryTaking(Taking):
    """Entries of one simple register. Known keys are looked for everywhere: a key is held once in the whole register.

    owns: whether the actor may write into an area; None where the rows' owner decides (see `_find_foreign`).
    """

    name = "entry"
    columns: ClassVar[Mapping[str, str]] = _COLUMNS
    sentences = SENTENCES

    def __init__(
        self, register: Register, terms: EntryTerms, *, owns: Callable[[str], bool] | None, tell: Tell
    ) -> None:
        """Take which register, how it is written, how far the actor reaches, and how the journal is told."""
        self.register = register
        self.template = template(register)
        self.terms = terms
        self.owns = owns
        self._tell = tell

    def staged(self, layout: Layout, rows: Iterable[TableRow]) -> Iterator[Staged]:
        """Yield the rows with what is wrong in each alone."""
        return _staged(_Reader(self.register, layout), rows, since=self.terms.since)

    def compare(self, stage: Stage, layout: Layout) -> int:
        """Find what nobody has registered, what is not theirs, and what is held otherwise."""
        with scoped(EVERYTHING):
            _find_unknown(stage, self.register)
            stage.run(
                f"update {stage.table} s set owner_id = o.id from directory_organisation o where o.uscc = s.owner_code"
            )
            _find_foreign(stage, self.terms.actor, owns=self.owns)
            return _find_held(stage, self.register, compared=[*layout.places])

    def write(self, stage: Stage, run: Run) -> None:
        """Insert the rows that are good and new."""
        with scoped(EVERYTHING):
            _insert(stage, self.register, run=run, terms=self.terms)

    def tell(self, result: Intake, run: Run) -> None:
        """Tell the journal of rows that were written."""
        self._tell(result, run)


def _about(field: Field, language: str) -> str:
    help_text, note = (field.help_zh, field.note_zh) if language == "zh" else (field.help_en, field.note_en)
    names = [choice.zh if language == "zh" else choice.en for choice in field.choices]
    divider = "、" if language == "zh" else ", "
    return " ".join(
        part for part in (help_text, divider.join(names), field.example, field.unit, note) if part not in {"", "1"}
    )


# ---------------------------------------------------------------- a row alone


class _Reader:
    """Reads the cells of one file; what a column has said before is not read again."""

    def __init__(self, register: Register, layout: Layout) -> None:
        self.register = register
        self.layout = layout
        self.states = {
            _plain(each): state.name for state in register.states.values() for each in (state.name, state.zh, state.en)
        }
        self._read = {key: _remembered(partial(typing_in.read, field)) for key, field in register.fields.items()}

    def values(self, line: int, typed: Mapping[str, str], *, found: list[Finding]) -> dict[str, Value]:
        """Return the values of a row by field; what is wrong is added to `found`."""
        values: dict[str, Value] = {}
        for key, read in self._read.items():
            text = typed.get(key, "")
            reading = read(text)
            if reading.code:
                found.append(Finding(line, key, text[:80], reading.code, is_error=True, other=reading.other))
            elif reading.value is not None:
                values[key] = reading.value
        return values

    def state(self, line: int, typed: Mapping[str, str], *, found: list[Finding]) -> str | None:
        """Return the state a row says, the first one where it says none."""
        text = typed.get("state", "")
        state = self.states.get(_plain(text)) if text else self.register.opens_in[0]
        if state is None:
            offered = "、".join(each.zh for each in self.register.states.values())
            found.append(Finding(line, "state", text[:80], "state_unknown", is_error=True, other=offered))
        return state


def _remembered(read: Callable[[str], Reading]) -> Callable[[str], Reading]:
    """Return a reader that remembers short texts: of most columns a file says few different things, many times."""
    cached = lru_cache(maxsize=REMEMBERED)(read)
    return lambda text: cached(text) if len(text) <= REMEMBERED_CHARACTERS else read(text)


def _staged(reader: _Reader, rows: Iterable[TableRow], *, since: date) -> Iterator[Staged]:
    register, layout = reader.register, reader.layout
    for row in rows:
        typed = layout.values(row)
        found = [] if layout.has_right_width(row) else [Finding(row.line, "", "", "width", is_error=True)]
        values = reader.values(row.line, typed, found=found)
        state = reader.state(row.line, typed, found=found)
        days = [_day(row.line, name, text=typed.get(name, ""), found=found) for name in ("valid_from", "valid_to")]
        begins = days[0] or since
        if days[1] is not None and days[1] < begins:
            found.append(Finding(row.line, "valid_to", days[1].isoformat(), "span_wrong", is_error=True))
        yield Staged(
            row.line,
            (
                new_id(), new_id(), None, register.key_of(values), str(values.get(register.title, "")),
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
    said = known_day(folded(text))
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


def _insert(stage: Stage, register: Register, *, run: Run, terms: EntryTerms) -> None:
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
            "definition": terms.definition_id,
            "intake": run.key,
            "person": terms.actor.person_id,
            "name": terms.actor.name,
            "role": terms.actor.role,
            "at": run.at,
        },
    )
