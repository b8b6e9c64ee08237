"""The template of a simple register: an empty workbook to fill in and bring in."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.registers.queries import entries as kept
from plumbline.faces.console.shell import officer, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.intake_report import column_name
from plumbline.faces.kit.tables_out import workbook_file
from plumbline.gateways.tables.workbook import Head, Tab
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.registers import Register


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


def _choices(register: Register, key: str) -> tuple[str, ...]:
    if key == "state":
        return tuple(named(state) for state in register.states.values())
    field = register.fields.get(key)
    if field is None or field.many:
        return ()
    if field.type == "yes_no":
        return (_("是"), _("否"))
    return tuple(named(choice) for choice in field.choices)
