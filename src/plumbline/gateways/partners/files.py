"""A file for a partner: CSV in UTF-8 with a mark, a row at a time, read back strictly.

Every row says format, package and record; cells that its record does not have are empty. The last row is `end` with
the number of rows before it, so that a file cut off is known. A cell that begins as a formula, or with an apostrophe,
has an apostrophe before it, which reading takes away again. Source of the CSV rules: RFC 4180.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from plumbline.errors import InputError, say
from plumbline.gateways.partners.model import CODE, DAY, PACKAGE, Item, Partner, Record
from plumbline.gateways.tables.writing import neutral

HEAD = ("format", "package", "record")
END = "end"
ROWS_MOST, LINE_MOST = 20_000_000, 20_000
ROWS_A_PIECE = 500
Values = Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """One row: the name of its record, and its values by key; those it has not are left out."""

    record: str
    values: Values


def encoded(partner: Partner, package: str, *, rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield the file piece by piece; nothing but a piece is held. Raises: InputError for a row its record forbids."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*HEAD, *partner.columns])
    count = 0
    for count, row in enumerate(rows, start=1):
        values = _checked(partner.by_name[row.record], row.values, line=count + 1)
        cells = [_written(values.get(key, "")) for key in partner.columns]
        writer.writerow([partner.format, package, row.record, *cells])
        if count % ROWS_A_PIECE == 0:
            yield _taken_from(text, is_first=count == ROWS_A_PIECE)
    writer.writerow([partner.format, package, END, str(count)])
    yield _taken_from(text, is_first=count < ROWS_A_PIECE)


def _taken_from(text: io.StringIO, *, is_first: bool) -> bytes:
    said = text.getvalue()
    text.seek(0)
    text.truncate()
    return (("\ufeff" if is_first else "") + said).encode()


def decoded(partner: Partner, file: TextIO) -> Iterator[Row]:
    """Yield the rows of a file opened as UTF-8 with newline="". package: that of its first row holds for all.

    Raises: InputError with the line, for anything that is not as the partner's records say, or a file cut off.
    """
    lines = _capped(file)
    reader = csv.reader(lines, strict=True)
    try:
        head = next(reader, [])
        if head[:1] and head[0].startswith("\ufeff"):
            head[0] = head[0][1:]
        if tuple(head) != (*HEAD, *partner.columns):
            raise _wrong(1, "format")
        yield from _rows(partner, reader)
    except csv.Error as err:
        raise _wrong(reader.line_num, "format") from err


def _rows(partner: Partner, reader: Iterator[list[str]]) -> Iterator[Row]:
    package = ""
    for count, cells in enumerate(reader):
        line = count + 2
        said, of, record = (*cells[:3], "", "", "")[:3]
        package = package or of
        if said != partner.format or of != package or not PACKAGE.fullmatch(of):
            raise _wrong(line, "package" if said == partner.format else "format")
        if record == END:
            if cells[3:] != [str(count)] or next(reader, None) is not None:
                raise _wrong(line, END)
            return
        if count >= ROWS_MOST:
            raise InputError(say("文件超过 {limit} 行的上限", limit=ROWS_MOST), field="file")
        if record not in partner.by_name or len(cells) != len(HEAD) + len(partner.columns):
            raise _wrong(line, "record")
        yield Row(record, _read(partner, partner.by_name[record], cells=cells[3:], line=line))
    raise InputError(say("文件没有收完，缺最后一行"), remedy=say("请对方重新导出"), field="file")


def _read(partner: Partner, record: Record, *, cells: list[str], line: int) -> Values:
    own = {item.key for item in record.items}
    values = {}
    for key, cell in zip(partner.columns, cells, strict=True):
        text = cell.removeprefix("'")
        if text and key not in own:
            raise _wrong(line, key)
        if text:
            values[key] = text
    return _checked(record, values, line=line)


def _checked(record: Record, values: Values, *, line: int) -> Values:
    if not set(values) <= {item.key for item in record.items}:
        raise _wrong(line, "record")
    for item in record.items:
        if not is_sound(item, values.get(item.key, "")):
            raise _wrong(line, item.key)
    return values


def is_sound(item: Item, text: str) -> bool:
    """Tell whether a text may stand in a column."""
    if not text:
        return not item.is_required
    if len(text) > item.most or not text.isprintable():
        return False
    if item.kind == CODE:
        return text in item.codes if item.codes else text == text.strip()
    return item.kind != DAY or _is_day(text)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _written(text: str) -> str:
    return f"'{text}" if text.startswith("'") else neutral(text)


def _capped(file: TextIO) -> Iterator[str]:
    for line in iter(lambda: file.readline(LINE_MOST + 1), ""):
        if len(line) > LINE_MOST:
            raise InputError(say("一行超过 {limit} 个字符", limit=LINE_MOST), field="file")
        yield line


def _wrong(line: int, key: str) -> InputError:
    return InputError(
        say("第 {line} 行的“{column}”不合格式", line=line, column=key[:40]),
        remedy=say("对照这个系统的对接说明改正"),
        field="file",
    )
