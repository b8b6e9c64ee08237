"""What an import found, as files: refused rows as a workbook, the reason beside each cell, and every finding as CSV.

Both are streamed: the rows from the file that was brought, the findings from where the worker put them, in one order.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.http import FileResponse
from django.utils.translation import gettext as _

from plumbline.domain.errands.types import ErrandFacts
from plumbline.domain.intake import queries
from plumbline.domain.rows.findings import Finding
from plumbline.errors import StateError, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.intake_report import Known, column_name, finding_lines, report_head, report_rows
from plumbline.faces.kit.tables_out import csv_file, workbook_file
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.gateways.tables.template import Layout, Template
from plumbline.gateways.tables.values import TableRow
from plumbline.gateways.tables.workbook import Cell, Head, Tab


def bad_rows_file(errand: ErrandFacts, known: Known) -> FileResponse:
    """Return the refused rows as a workbook; mended, it may be imported again. Raises: StateError."""
    _require_known(errand)
    layout = queries.layout_of(errand, known.template)
    faulty = {each.column for each in queries.found(errand.id) if each.is_error}
    return workbook_file("bad-rows.xlsx", [_bad_tab(errand, layout, known=known, faulty=faulty)])


def report_file(errand: ErrandFacts, known: Known) -> FileResponse:
    """Return every finding, errors and warnings, row by row. Raises: StateError before they are known."""
    _require_known(errand)
    lines = finding_lines(queries.found(errand.id), known)
    return csv_file("report.csv", report_head(), rows=report_rows(lines))


def template_file(template: Template) -> FileResponse:
    """Return an empty workbook of a template: its header in the reader's language, each column with its comment."""
    heads = [
        Head(column_name(each), formats.either(each.about_zh, each.about_en), is_required=each.is_required)
        for each in template.columns
    ]
    return workbook_file(f"{template.name}.xlsx", [Tab(_("数据"), heads)])


def _require_known(errand: ErrandFacts) -> None:
    if queries.intake_of(errand) is None:
        raise StateError(say("文件还没有查完"), remedy=say("等这一步做完再下载"))


def _bad_tab(errand: ErrandFacts, layout: Layout, *, known: Known, faulty: set[str]) -> Tab:
    """Return the refused rows: each column of the file, and behind a column with faults one that says them."""
    columns = queries.columns_of(errand)
    places = {place: key for key, place in layout.places.items()}
    others = faulty - set(layout.places)
    heads: list[Head] = []
    for number, name in enumerate(columns):
        heads.append(Head(name or f"#{number + 1}"))
        if places.get(number) in faulty:
            heads.append(Head(_("{name}：怎么了").format(name=name), width=40))
    heads += [Head(_("整行：怎么了"), width=40)] if others else []

    def cells(row: TableRow, told: dict[str, str]) -> list[Cell]:
        shown: list[Cell] = []
        for number in range(len(columns)):
            shown.append(row.cells[number] if number < len(row.cells) else "")
            key = places.get(number)
            if key in faulty:
                shown.append(told.get(key or "", ""))
        return [*shown, "; ".join(text for column, text in told.items() if column in others)]

    return Tab(_("要改的行"), heads, (cells(row, told) for row, told in _bad_rows(errand, known)))


def _bad_rows(errand: ErrandFacts, known: Known) -> Iterator[tuple[TableRow, dict[str, str]]]:
    """Yield the rows with an error, each with its faults in words by column; both come in order of line."""
    wrong = groupby((each for each in queries.found(errand.id) if each.is_error), key=lambda each: each.line)
    rows = queries.stream_of(errand).rows
    for line, found in wrong:
        row = next((each for each in rows if each.line >= line), None)
        if row is None or row.line != line:
            raise StateError(say("文件在导入途中变了"), remedy=say("重新上传文件"))
        yield row, _told(found, known)


def _told(found: Iterator[Finding], known: Known) -> dict[str, str]:
    told: dict[str, str] = {}
    for each in found:
        (line,) = finding_lines([each], known)
        words = f"{text_of(line.what)} → {text_of(line.remedy)}"
        told[each.column] = "; ".join(filter(None, (told.get(each.column, ""), words)))
    return told
