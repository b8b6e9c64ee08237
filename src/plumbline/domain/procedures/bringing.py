"""Takes applications under one procedure in from a file: a case for each reference of the house's own.

Columns follow from the form of the opening act: a column a field, and for the rows of a group `group.field`; a further
row of a group is a further line of the same reference. Each case has a key of house, procedure and reference, so that a
file brought again opens nothing twice. Files of a form are sent before, and named by their token.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own, never a file's; values are bound

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import ClassVar
from uuid import UUID, uuid5

from django.db import connection

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import actions as engine
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.files import queries as files
from plumbline.domain.procedures import actions, queries
from plumbline.domain.rows import typing_in
from plumbline.domain.rows.findings import Finding, Intake, Sentences
from plumbline.domain.rows.staging import Stage, Staged
from plumbline.domain.rows.taking import Run, Taking
from plumbline.errors import InputError, InputErrors, PlumblineError, StateError, say
from plumbline.gateways.tables.template import Column, Layout, Template
from plumbline.gateways.tables.values import TableRow
from plumbline.rulebook.forms import Choice, Field
from plumbline.rulebook.procedures import Act, Procedure

REF, MOST_CASES, REF_MOST = "ref", 500, 80
PLAIN = frozenset({"long_text", "phone", "mail", "person", "case"})
"""Types that a form takes as they are typed; the others are read as a register reads them."""
SENTENCES: Mapping[str, Sentences] = {
    **typing_in.SENTENCES,
    "width": Sentences(say("这一行的格数与表头不同"), say("检查这一行有没有多余的逗号或缺少的格")),
    "ref_wrong": Sentences(say("自编号空着，或超过 80 个字符"), say("给每份申请编一个本单位内不重复的编号")),
    "file_unknown": Sentences(say("没有上传过这个文件"), say("先用接口上传文件，填它的 token")),
    "head_differs": Sentences(say("同一份申请的前后两行写得不同"), say("同一份申请只在第一行写，或各行写得一样")),
    "of_others": Sentences(say("同一份申请的别的行有错"), say("改好那一行，这一行会一起导入")),
    "differs": Sentences(say("自编号“{value}”已提交过，内容与这次不同"), say("在那项业务里补正，或换一个自编号")),
    "refused": Sentences(say("{other}"), say("改正后再导入")),
}
_CASES = UUID("0f6a1a52-5a0e-5d3b-9a55-5b1a5d1f7c11")
Form = dict[str, object]


@dataclass
class Brought:
    """One application as the lines of a file say it. rows: of each group, the lines its rows stand in."""

    ref: str
    lines: list[int] = field(default_factory=list)
    form: Form = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    clashes: list[tuple[int, str]] = field(default_factory=list)


def template(found: Procedure, act: Act) -> Template:
    """Return the columns a file of applications knows."""
    chosen = found.body is not None and found.body.is_chosen
    own = [
        Column(REF, "自编号", "reference", "本单位自编，一份申请一个", "your own, one an application", is_required=True)
    ]
    own += (
        [Column(queries.BODY, "办理单位", "body", "统一社会信用代码", "credit code", is_required=True)]
        if chosen
        else []
    )
    return Template(f"cases-{found.id}", (*own, *(_column(key, each, of=of) for key, each, of in _columns(act))))


def choices(act: Act) -> Mapping[str, tuple[Choice, ...]]:
    """Return what may be chosen in a column that takes one of a list, by its key."""
    return {key: each.choices for key, each, _of in _columns(act) if each.choices and not each.many}


def cases_taking(actor: Actor, found: Procedure, *, at: datetime) -> Taking:
    """Return the import of applications under a procedure by the actor's house. Raises: AccessError."""
    return CaseTaking(actor, found, at=at)


def _columns(act: Act) -> Iterator[tuple[str, Field, Field | None]]:
    """Yield the key, the field and the group of each column."""
    for each in act.form:
        if each.type == "group":
            yield from ((f"{each.key}.{one.key}", one, each) for one in each.fields)
        else:
            yield each.key, each, None


def _column(key: str, each: Field, *, of: Field | None) -> Column:
    zh, en = (f"{of.zh}：{each.zh}", f"{of.en}: {each.en}") if of else (each.zh, each.en)
    zh_about = _about(each.help_zh, "、".join(one.zh for one in each.choices), unit=each.unit)
    en_about = _about(each.help_en, ", ".join(one.en for one in each.choices), unit=each.unit)
    needed = each.is_required and not each.when and of is None
    return Column(key, zh, en, zh_about, en_about, is_required=needed)


def _about(help_text: str, names: str, *, unit: str) -> str:
    return " ".join(part for part in (help_text, names, unit) if part not in {"", "1"})


class CaseTaking(Taking):
    """Applications under one procedure by the house of whoever brings them."""

    name = "case"
    columns: ClassVar[Mapping[str, str]] = {"ref": "text", "typed": "jsonb"}
    sentences = SENTENCES

    def __init__(self, actor: Actor, found: Procedure, *, at: datetime) -> None:
        """Take who applies for what. Raises: AccessError."""
        self.actor, self.found, self.at = actor, found, at
        self.act = queries.require_opening(actor, found)
        self.template = template(found, self.act)
        self.fields = {key: (each, of) for key, each, of in _columns(self.act)}
        self.groups = {each.key for each in self.act.form if each.type == "group"}
        bodies = queries.bodies(actor, found, at=at)
        self.bodies = {name: str(each.id) for each in bodies for name in (each.uscc, each.name_zh, each.name_en)}

    def staged(self, layout: Layout, rows: Iterable[TableRow]) -> Iterator[Staged]:
        """Yield the lines with what is wrong in each cell alone."""
        for row in rows:
            found = [] if layout.has_right_width(row) else [Finding(row.line, "", "", "width", is_error=True)]
            typed: Form = {}
            for key, text in layout.values(row).items():
                value, code, other = self._read(key, text)
                if code:
                    found.append(Finding(row.line, key, text[:80], code, is_error=True, other=other))
                elif value not in (None, "", []):
                    typed[key] = value
            yield Staged(row.line, (str(typed.pop(REF, "")), json.dumps(typed, ensure_ascii=False)), found)

    def _read(self, key: str, text: str) -> tuple[object, str, str]:
        """Return what a cell says as a form takes it, or the code of what is wrong, with what it clashes with."""
        if key == REF:
            return text, "" if 0 < len(text) <= REF_MOST else "ref_wrong", ""
        if key == queries.BODY:
            return self.bodies.get(text, text), "", ""
        each, _of = self.fields[key]
        if not text:
            return None, "", ""
        if each.type == "file":
            held = [files.carried(token.strip(), self.actor) for token in text.split(";") if token.strip()]
            return [one for one in held if one], "file_unknown" if None in held else "", ""
        if each.type in PLAIN:
            return text, "", ""
        reading = typing_in.read(each, text)
        is_list = each.type == "choice" and each.many
        return reading.value if is_list else typing_in.written(each, reading.value), reading.code, reading.other

    def compare(self, stage: Stage, layout: Layout) -> int:  # noqa: ARG002  # every column is one of ours
        """Find what each application as a whole has wrong, and what was opened before; return the lines of those."""
        stage.index_findings()
        unchanged = 0
        for count, brought in enumerate(self._brought(stage), start=1):
            if count > MOST_CASES:
                raise InputError(
                    say("一个文件最多 {most} 份申请", most=MOST_CASES), remedy=say("分成几个文件导入"), field="file"
                )
            faults = list(self._faults(brought))
            _tell(stage, brought, faults=faults)
            unchanged += 0 if faults else len(brought.lines) * self._is_open(brought)
        return unchanged

    def _brought(self, stage: Stage) -> Iterator[Brought]:
        """Yield the applications without a faulty line; the other lines of those with one are told."""
        stage.find(
            f"select line, '', '', 'of_others', true, '', ref from {stage.table} s where not {stage.bad()} and exists"
            f" (select from {stage.table} o where o.ref = s.ref and {stage.bad('o.line')})"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"select ref, line, typed from (select *, min(line) over (partition by ref) first from {stage.table})"
                f" s where not {stage.bad()} order by first, line"
            )
            lines = cursor.fetchall()
        for ref, group in groupby(lines, key=lambda each: str(each[0])):
            brought = Brought(ref)
            for _ref, line, typed in group:
                self._add(brought, line, typed=typed if isinstance(typed, dict) else json.loads(typed))
            yield brought

    def _add(self, brought: Brought, line: int, *, typed: Form) -> None:
        rows: dict[str, Form] = {}
        for key, value in typed.items():
            group, _dot, inner = key.partition(".")
            if group in self.groups:
                rows.setdefault(group, {})[inner] = value
            elif brought.form.setdefault(key, value) != value:
                brought.clashes.append((line, key))
        for group, row in rows.items():
            held = brought.form.setdefault(group, [])
            if isinstance(held, list):
                held.append(row)
            brought.rows.setdefault(group, []).append(line)
        brought.lines.append(line)

    def _faults(self, brought: Brought) -> Iterator[Finding]:
        yield from (Finding(line, key, "", "head_differs", is_error=True) for line, key in brought.clashes)
        try:
            is_open = self._is_open(brought)
        except StateError:
            yield Finding(brought.lines[0], REF, brought.ref, "differs", is_error=True)
            return
        try:
            if not is_open:
                queries.preview(self.actor, self.found, form=brought.form, at=self.at)
        except InputErrors as err:
            yield from (self._finding(brought, each) for each in err.errors)
        except PlumblineError as err:
            yield self._finding(brought, err)

    def _finding(self, brought: Brought, err: PlumblineError) -> Finding:
        """Return a fault of an application beside the cell it belongs to."""
        name, _dot, rest = (err.field or "").partition(".")
        number, _dot, inner = rest.partition(".")
        held = brought.rows.get(name, [])
        line = held[int(number)] if number.isdecimal() and int(number) < len(held) else brought.lines[0]
        key = f"{name}.{inner}" if inner else name
        if name in self.groups and not inner:
            key = next(each for each in self.fields if each.startswith(f"{name}."))
        is_empty = key in self.fields and not inner and name not in brought.form and name not in self.groups
        return Finding(line, key, "", "missing" if is_empty else "refused", is_error=True, other=str(err.what))

    def _request(self, brought: Brought) -> ActRequest:
        key = uuid5(_CASES, f"{self.actor.organisation_id} {self.found.id} {brought.ref}")
        return ActRequest(self.act.name, brought.form, seen=0, request_id=key)

    def _is_open(self, brought: Brought) -> bool:
        """Tell whether the case was opened before. Raises: StateError if it was under other words."""
        asked = engine.asking(self._request(brought), about=self.actor.organisation_id)
        return engine.already_done(self.actor, asked) is not None

    def write(self, stage: Stage, run: Run) -> None:
        """Open the cases that are good and new."""
        for brought in self._brought(stage):
            actions.apply(self.actor, self.found, request=self._request(brought), at=run.at)

    def tell(self, result: Intake, run: Run) -> None:
        """Leave it to the story of each case."""


def _tell(stage: Stage, brought: Brought, *, faults: list[Finding]) -> None:
    """Note the faults of an application, and beside its other lines that they go with it."""
    named = {each.line for each in faults}
    others = [Finding(line, "", "", "of_others", is_error=True) for line in brought.lines if line not in named]
    for each in [*faults, *(others if faults else [])]:
        stage.find(
            "values (%(line)s::bigint, %(column)s, %(value)s, %(code)s, true, %(other)s, %(ref)s)",
            {"line": each.line, "column": each.column, "value": each.value, "code": each.code, "other": each.other,
             "ref": brought.ref},
        )  # fmt: skip
