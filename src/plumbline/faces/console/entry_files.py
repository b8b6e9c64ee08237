"""Files of a simple register: the template to fill in, and the export of exactly what a list shows, as Excel or CSV."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import PeriodFacts
from plumbline.errors import Hidden, say
from plumbline.faces.console.entry_list import wanted_of
from plumbline.faces.console.shell import officer, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.intake_report import column_name
from plumbline.faces.kit.tables_out import csv_file, workbook_file
from plumbline.gateways.tables.workbook import Cell, Head, Tab
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.registers import Field, Register


@require_safe
@officer
def export(request: HttpRequest, actor: Actor, *, register_id: str, kind: str) -> FileResponse:
    """Return what a list shows, every row of it, in the form its import reads. GET: as the list."""
    register = rulebook.by_id(register_id)
    require_right(actor, f"entry.{register.id}.read")
    today = timezone.localdate()
    rows = (_row(register, each) for each in kept.every_entry(wanted_of(register, request.GET, today=today)))
    names = [column_name(column) for column in kept.entry_template(register.id).columns]
    name = f"{register.id}-{formats.day(today)}.{kind}"
    if kind == "csv":
        return csv_file(name, names, rows=rows)
    if kind == "xlsx":
        return workbook_file(name, [Tab(named(register)[:31], [Head(each) for each in names], rows)])
    raise Hidden(say("没有这种文件"), remedy=say("导出 Excel 或 CSV"))


@require_safe
@officer
def template(request: HttpRequest, actor: Actor, *, register_id: str) -> FileResponse:  # noqa: ARG001
    """Return the empty workbook to fill in: choice lists, comments, and a sheet that explains the columns."""
    register = rulebook.by_id(register_id)
    require_right(actor, f"entry.{register.id}.edit")
    columns = kept.entry_template(register.id).columns
    heads = [
        Head(
            column_name(column),
            formats.either(column.about_zh, column.about_en) if column.about_zh else "",
            _choices(register, column.key),
            column.is_required,
        )
        for column in columns
    ]
    wide = (_("列名"), _("也认"), _("必填"), _("怎样填"))
    explained = [
        (
            column_name(column),
            f"{column.key}, {column.zh}, {column.en}",
            _("是") if column.is_required else "",
            formats.either(column.about_zh, column.about_en) if column.about_zh else "",
        )
        for column in columns
    ]
    explaining = Tab(_("说明"), [Head(name, width=36) for name in wide], explained)
    return workbook_file(f"{register.id}.xlsx", [Tab(_("数据"), heads), explaining])


def _row(register: Register, row: PeriodFacts) -> list[Cell]:
    values = [_cell(field, row.values.get(key)) for key, field in register.fields.items()]
    state = named(register.states[row.state]) if row.state in register.states else row.state
    return [*values, state, formats.day(row.valid_from), formats.day(row.valid_to) if row.valid_to else ""]


def _cell(field: Field, value: object) -> Cell:
    """Return a value as the import reads it back: choices by name, whole numbers as numbers, all else as text."""
    if field.type == "choice" and isinstance(value, str):
        choice = field.choice(value)
        return named(choice) if choice else value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return kept.entry_text(field, value)


def _choices(register: Register, key: str) -> tuple[str, ...]:
    if key == "state":
        return tuple(named(state) for state in register.states.values())
    field = register.fields.get(key)
    if field is None or field.many:
        return ()
    if field.type == "yes_no":
        return (_("是"), _("否"))
    return tuple(named(choice) for choice in field.choices)
