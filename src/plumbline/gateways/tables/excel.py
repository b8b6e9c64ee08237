"""Reads .xlsx as a stream of rows, every value as text: dates as ISO text, numbers plain, formulas as last computed.

A workbook is a ZIP archive somebody else made: before a value is read, its parts are unpacked once without being kept,
so that neither what the archive declares nor what it really holds passes the caps, and no cell stands so far out that
the grid between would fill the memory. Merged cells count as written in each of their rows; blank rows are left out.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import python_calamine as calamine

from plumbline.errors import InputError, say
from plumbline.gateways.tables.values import Caps, TableRow, TableStream, check_columns, check_row, over_cap

UNPACKED_BYTES = 600_000_000
"""What all parts of a workbook may come to, unpacked: 100,000 rows of 40 columns need about a third of it."""
GRID_CELLS = 12_000_000
"""The largest grid from the first to the last cell used that is held in memory while it is read."""
PARTS, SHEETS = 5_000, 50
MERGED_MOST = 100_000
_BLOCK = 1 << 18
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,9})([0-9]{1,12})[\"']")
_HIDDEN = re.compile(rb"\sr\s*=\s*[\"'][^\"']{0,60}&|<!DOCTYPE|<!ENTITY")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_OVERLAP = 80


@dataclass
class _Extent:
    """How far the cells of a sheet reach, counted from 1, and how many there are."""

    rows: int = 0
    columns: int = 0
    cells: int = 0


def open_excel(path: Path, caps: Caps) -> TableStream:
    """Return the stream of the first sheet that holds anything. Raises: InputError with a sentence for what it is not.

    The header is the first row that is not blank; lines are those of the sheet.
    """
    _check_archive(path, caps)
    try:
        workbook = calamine.load_workbook(str(path))
        sheet = _first_used(workbook)
        rows = sheet.iter_rows()
        merged = sheet.merged_cell_ranges or []
    except calamine.PasswordError as err:
        raise _encrypted(path) from err
    except (calamine.CalamineError, OSError, ValueError) as err:
        raise _damaged(path) from err
    if len(merged) > MERGED_MOST:
        raise over_cap(say("工作表里有太多合并单元格"), say("取消合并后再导入"))
    stream = _filled(_texts(rows), _spread(merged))
    header = next(stream, None)
    if header is None:
        raise InputError(say("文件没有表头"), remedy=say("第一行写列名，第二行起写数据"), field="file")
    columns = check_columns(_without_tail(header.cells), caps)
    return TableStream(columns, _counted(stream, caps, width=len(columns)), "xlsx", max(0, sheet.total_height - 1))


def refuse_compound(path: Path) -> InputError:
    """Return the error of an OLE file: an old .xls workbook, or an .xlsx with a password."""
    with path.open("rb") as file:
        start = file.read(1 << 20)
    if "EncryptedPackage".encode("utf-16-le") in start:
        return _encrypted(path)
    return InputError(
        say("{name} 是旧式的 .xls 工作簿", name=path.name), remedy=say("在 Excel 里另存为 .xlsx 再导入"), field="file"
    )


# ---------------------------------------------------------------- what the archive is, before it is opened


def _check_archive(path: Path, caps: Caps) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/workbook") for name in names):
                raise InputError(
                    say("{name} 是压缩文件，不是 Excel 工作簿", name=path.name),
                    remedy=say("导入 .xlsx、CSV 或 Parquet 文件"),
                    field="file",
                )
            sheets = [part for part in parts if _SHEET.fullmatch(part.filename)]
            if len(parts) > PARTS or len(sheets) > SHEETS:
                raise over_cap(say("工作簿里的工作表太多"), say("只留要导入的那一张"))
            if sum(part.file_size for part in parts) > UNPACKED_BYTES:
                raise _bomb()
            _unpack_once(archive, parts, caps=caps)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as err:
        raise _damaged(path) from err
    except RuntimeError as err:  # zipfile says so of a part with a password
        raise _encrypted(path) from err


def _unpack_once(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], *, caps: Caps) -> None:
    """Unpack every part without keeping it: what is really there counts, whatever the archive declares."""
    left = UNPACKED_BYTES
    for part in parts:
        if part.flag_bits & 1:
            raise RuntimeError(part.filename)
        extent = _Extent()
        tail = b""
        with archive.open(part) as file:
            while block := file.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    raise _bomb()
                if _SHEET.fullmatch(part.filename):
                    tail = _look(tail + block, extent, kept=len(tail))
        _check_extent(extent, caps)


def _look(text: bytes, extent: _Extent, *, kept: int) -> bytes:
    """Take the cells of a stretch of a sheet into its extent; return the end, which may hold half a cell."""
    if b"\0" in text or _HIDDEN.search(text):
        raise InputError(
            say("工作簿的写法不是 Excel 存出来的样子"), remedy=say("用 Excel 打开并另存为 .xlsx"), field="file"
        )
    for found in _PLACE.finditer(text):
        extent.columns = max(extent.columns, _column(found[1]))
        extent.rows = max(extent.rows, int(found[2]))
    extent.cells += sum(found.end() > kept for found in _CELL.finditer(text))
    return text[-_OVERLAP:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _check_extent(extent: _Extent, caps: Caps) -> None:
    if extent.columns > max(caps.columns, 1) * 2:
        raise over_cap(
            say("工作表用到第 {count} 列，超过 {limit} 列的上限", count=extent.columns, limit=caps.columns),
            say("只留需要导入的列，删去远处的单元格"),
        )
    # An unused row of a sheet may lie far down: its number counts, since the grid reaches there.
    if extent.rows > caps.rows * 2 + 1_000:
        raise over_cap(say("文件超过 {limit} 行的上限", limit=caps.rows), say("分成几个文件导入"))
    if max(extent.rows * extent.columns, extent.cells) > GRID_CELLS:
        raise over_cap(say("工作表有 {limit} 格以上", limit=GRID_CELLS), say("分成几个文件，或改用 CSV"))


def _bomb() -> InputError:
    return over_cap(
        say("工作簿展开后超过 {limit} 字节", limit=UNPACKED_BYTES), say("删去图片和不用的工作表，或改用 CSV")
    )


def _damaged(path: Path) -> InputError:
    return InputError(
        say("{name} 不是完好的 Excel 工作簿", name=path.name), remedy=say("用 Excel 打开并另存为 .xlsx"), field="file"
    )


def _encrypted(path: Path) -> InputError:
    return InputError(
        say("{name} 设了打开密码", name=path.name), remedy=say("在 Excel 里去掉密码，另存后再导入"), field="file"
    )


# ---------------------------------------------------------------- the rows


def _first_used(workbook: calamine.CalamineWorkbook) -> calamine.CalamineSheet:
    for index, meta in enumerate(workbook.sheets_metadata):
        if meta.visible == calamine.SheetVisibleEnum.Visible and meta.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = workbook.get_sheet_by_index(index)
            if sheet.height:
                return sheet
    raise InputError(say("工作簿里没有数据"), remedy=say("在第一张工作表里写表头和数据"), field="file")


def _texts(rows: Iterator[Sequence[object]]) -> Iterator[TableRow]:
    for line, row in enumerate(rows, start=1):
        yield TableRow(line, tuple(_text(value) for value in row))


def _text(value: object) -> str:
    """Return a cell as a person would type it. A number keeps the shortest digits that mean it."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").removesuffix(".0") if value == value else ""  # noqa: PLR0124  # NaN
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(int(value.total_seconds()) if isinstance(value, timedelta) else value)


Spread = dict[int, list[tuple[int, int, int]]]


def _spread(merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> Spread:
    """Return the merged cells by the line they begin at: last line, first and last column, counted from 0."""
    found: Spread = {}
    for (top, left), (bottom, right) in merged:
        found.setdefault(top + 1, []).append((bottom + 1, left, right))
    return found


def _filled(rows: Iterator[TableRow], spread: Spread) -> Iterator[TableRow]:
    """Yield the rows that hold anything; a cell merged over rows stands in the first column of each of them.

    A cell merged over columns alone is a title or a wide cell: it stays where it is written.
    """
    held: list[tuple[int, int, str]] = []
    for row in rows:
        is_blank = not any(row.cells)
        cells = list(row.cells)
        held = [each for each in held if each[0] >= row.line]
        for _last, column, text in held:
            if column < len(cells) and not cells[column]:
                cells[column] = text
        for last, left, _right in spread.get(row.line, ()):
            if last > row.line and left < len(cells) and cells[left]:
                held.append((last, left, cells[left]))
        if not is_blank:
            yield TableRow(row.line, tuple(cells))


def _without_tail(cells: tuple[str, ...]) -> tuple[str, ...]:
    width = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    return cells[:width]


def _counted(rows: Iterator[TableRow], caps: Caps, *, width: int) -> Iterator[TableRow]:
    for count, row in enumerate(rows, start=1):
        cells = row.cells if any(row.cells[width:]) else row.cells[:width]
        yield check_row(TableRow(row.line, cells), caps, count=count)
