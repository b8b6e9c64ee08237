"""A list as a file: exactly what is filtered, in its order, with the columns chosen; as CSV, or as an Excel workbook.

Memory is bounded whatever the length: rows come from one cursor of the database in batches, the workbook is written to
a file as it grows. In the workbook days are days, numbers numbers, codes text, and a second sheet says what was asked.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from plumbline.domain.accounts.types import Actor
from plumbline.domain.rows.listing import asking, paging
from plumbline.domain.rows.listing.spec import Column, Kind, Row, Wanted
from plumbline.domain.rows.scope import scoped
from plumbline.errors import Hidden, InputError, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.cells import Cell
from plumbline.faces.kit.lists import NUMBERS, ListFace, address, shower, words_of
from plumbline.faces.kit.nav import organisation_words
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.gateways.tables.writing import neutral

CSV, XLSX = "csv", "xlsx"
SHEET_ROWS = 1_048_576
"""What a sheet of Excel holds, its head included."""
LINES_A_PIECE = 500
NUMBER_WIDTH, TEXT_WIDTH = 12, 24
Value = str | int | Decimal | date | datetime | None


@dataclass(frozen=True)
class Export:
    """What is exported: a list as somebody wants it."""

    face: ListFace
    wanted: Wanted
    actor: Actor
    at: datetime

    @property
    def columns(self) -> list[Column]:
        """The columns of the file: those chosen that may leave."""
        return [each for each in self.face.spec.shown(self.wanted) if each.is_exported]

    @property
    def heads(self) -> list[str]:
        """The heads in the language of the page."""
        return [text_of(each.title) for each in self.columns]

    def rows(self) -> Iterator[list[Value]]:
        """Yield the values of every row, under the scope of the reader."""
        columns, face, scope = self.columns, self.face, self.actor.scope
        values = [_valuer(face, each) for each in columns]
        with scoped(scope):
            for row in paging.every_row(face.spec, self.wanted, scope=scope, needed=face.needed(columns)):
                yield [value(row) for value in values]


def export(what: Export, kind: str) -> HttpResponseBase:
    """Return the file. Raises: Hidden for another kind of file; InputError for what cannot be asked, or is too long."""
    asking.where(what.face.spec, what.wanted)
    if kind == CSV:
        pieces = _csv(what, translation.get_language() or "zh-hans")
        response: HttpResponseBase = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    elif kind == XLSX:
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = FileResponse(_workbook(what), content_type=media)
    else:
        raise Hidden(say("没有这种文件"), remedy=say("用 CSV 或 Excel"))
    name = f"{text_of(what.face.spec.title)}-{timezone.localtime(what.at):%Y%m%d-%H%M}.{kind}"
    plain = f"{what.face.spec.name}-{timezone.localtime(what.at):%Y%m%d-%H%M}.{kind}"
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _valuer(face: ListFace, column: Column) -> Callable[[Row], Value]:
    """Return what gives the value of a column for a file: plain texts and numbers as they are, others by their cell."""
    key = column.key
    if key not in face.cells and column.kind in {Kind.TEXT, Kind.CODE}:
        return lambda row: None if row.get(key) is None else str(row[key])
    if key not in face.cells and column.kind in NUMBERS - {Kind.MOMENT}:
        return lambda row: row.get(key) if row.get(key) != "" else None
    show = shower(face, column)
    return lambda row: value_of(show(row))


def value_of(cell: Cell) -> Value:
    """Return what a file gets of a cell: a value with its kind, else the words; nothing for a dash."""
    if cell.value is not None:
        return timezone.localtime(cell.value) if isinstance(cell.value, datetime) else cell.value
    if cell.lines:
        return "; ".join(each.text for each in cell.lines)
    return None if cell.text == formats.DASH else cell.text


def _csv(what: Export, language: str) -> Iterator[bytes]:
    """Yield the file piece by piece. The request is over by then: language and scope are taken up again."""
    with translation.override(language):
        yield "\ufeff".encode() + _lines([what.heads])
        held: list[list[Value]] = []
        for row in what.rows():
            held.append(row)
            if len(held) >= LINES_A_PIECE:
                yield _lines(held)
                held.clear()
        if held:
            yield _lines(held)


def _lines(rows: Iterable[Sequence[Value]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([[_plain(value) for value in row] for row in rows])
    return text.getvalue().encode()


def _plain(value: Value) -> str | int | Decimal | None:
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else value


def _workbook(what: Export) -> IO[bytes]:
    """Return the workbook in a file that goes when it is closed. Raises: InputError beyond the rows of a sheet."""
    file = TemporaryFile()  # noqa: SIM115  # closed with the response
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "remove_timezone": True,
    }  # fmt: skip
    book = xlsxwriter.Workbook(file, options)
    bold = book.add_format({"bold": True, "bottom": 1})
    shapes: dict[type, Format] = {date: book.add_format({"num_format": "yyyy-mm-dd"}),
              datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"})}  # fmt: skip
    sheet = book.add_worksheet(_sheet_name(text_of(what.face.spec.title)))
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(what.columns):
        sheet.set_column(
            number, number, TEXT_WIDTH if column.kind in {Kind.NAME, Kind.TEXT, Kind.CODE} else NUMBER_WIDTH
        )
        sheet.write_string(0, number, what.heads[number], bold)
    count = 0
    for count, row in enumerate(what.rows(), start=1):
        if count >= SHEET_ROWS:
            raise InputError(
                say("超过 Excel 一张表的 {n} 行", n=SHEET_ROWS - 1), remedy=say("加上条件，或导出 CSV"), field="export"
            )
        for number, value in enumerate(row):
            _write(sheet, (count, number), value=value, shapes=shapes)
    sheet.autofilter(0, 0, count, max(len(what.heads) - 1, 0))
    _tell(book.add_worksheet(_sheet_name(_("说明"))), what, count=count, bold=bold)
    book.close()
    file.seek(0)
    return file


def _write(sheet: Worksheet, place: tuple[int, int], *, value: Value, shapes: Mapping[type, Format]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime | date):
        sheet.write_datetime(*place, value, shapes[type(value)])
    elif isinstance(value, str):
        sheet.write_string(*place, value)
    else:
        sheet.write_number(*place, value)


def _sheet_name(title: str) -> str:
    return "".join(each for each in title if each not in "[]:*?/\\'")[:31]


def _tell(sheet: Worksheet, what: Export, *, count: int, bold: Format) -> None:
    """Write what was asked, when and by whom."""
    spec, wanted = what.face.spec, what.wanted
    sort = wanted.sort or spec.sort
    column = spec.column(sort.column)
    order = _("从大到小") if sort.is_descending else _("从小到大")
    lines = [
        (_("清单"), text_of(spec.title)),
        (_("行数"), formats.number(count)),
        (_("导出时间"), formats.moment(what.at)),
        (_("导出人"), f"{what.actor.name} · {organisation_words(what.actor)}"),
        *([(_("含有"), wanted.text)] if wanted.text else []),
        *[words_of(spec, each) for each in spec.in_force(wanted)],
        (_("次序"), f"{text_of(column.title) if column else ''} {order}"),
        (_("网址"), address(what.face, wanted)),
    ]
    sheet.set_column(0, 1, TEXT_WIDTH)
    for number, (name, value) in enumerate(lines):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, value)
