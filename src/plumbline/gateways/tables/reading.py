"""Opens a CSV, Excel or Parquet file as a stream of rows: nothing is held but the row in hand.

CSV: UTF-8 with or without mark, or GB18030 (found by trying the whole file once, without holding it); comma, semicolon
or tab. Source of the CSV rules: RFC 4180, read leniently.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from plumbline.errors import InputError, say
from plumbline.gateways.tables.values import (
    DEFAULT_CAPS,
    Caps,
    TableRow,
    TableStream,
    check_columns,
    check_row,
    over_cap,
)

_BLOCK = 1 << 20
_ARCHIVE, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How files begin that Excel saves: a ZIP archive (.xlsx), or a compound file (.xls, or .xlsx with a password)."""
_DELIMITERS = (",", "\t", ";")


def open_table(path: Path, *, caps: Caps = DEFAULT_CAPS) -> TableStream:
    """Return the stream of a file. Cells are stripped of blanks at both ends; a missing value is "".

    Raises: InputError if the file is missing, of another kind, too big, or not readable text; while its rows are
    read, InputError for a cell or a count beyond the caps.
    """
    _check_file(path, caps)
    with path.open("rb") as file:
        start = file.read(4)
    if start in {_ARCHIVE, _COMPOUND}:
        from plumbline.gateways.tables import excel  # noqa: PLC0415  # its library is wanted for workbooks alone

        if start == _COMPOUND:
            raise excel.refuse_compound(path)
        return excel.open_excel(path, caps)
    if start != b"PAR1":
        return _open_csv(path, caps)
    from plumbline.gateways.tables import parquet  # noqa: PLC0415  # its library would be a third of every start

    return parquet.open_parquet(path, caps)


def _check_file(path: Path, caps: Caps) -> None:
    if not path.is_file():
        raise InputError(say("找不到文件 {name}", name=path.name), remedy=say("核对路径和文件名"), field="file")
    size = path.stat().st_size
    if size == 0:
        raise InputError(say("文件 {name} 是空的", name=path.name), remedy=say("重新导出文件"), field="file")
    if size > caps.file_bytes:
        raise over_cap(
            say("文件有 {size} 字节，超过 {limit} 字节的上限", size=size, limit=caps.file_bytes),
            say("分成几个文件导入"),
        )


def _open_csv(path: Path, caps: Caps) -> TableStream:
    encoding = find_encoding(path)
    rows = _csv_rows(path, encoding, caps=caps)
    header = next(rows, None)
    if header is None:
        raise InputError(say("文件没有表头"), remedy=say("第一行写列名，第二行起写数据"), field="file")
    return TableStream(check_columns(header.cells, caps), _counted(rows, caps), encoding, max(0, _lines_in(path) - 1))


def _lines_in(path: Path) -> int:
    with path.open("rb") as file:
        blocks = iter(lambda: file.read(_BLOCK), b"")
        count, last = 0, b"\n"
        for block in blocks:
            count, last = count + block.count(b"\n"), block[-1:]
    return count + (last != b"\n")


def _counted(rows: Iterator[TableRow], caps: Caps) -> Iterator[TableRow]:
    for count, row in enumerate(rows, start=1):
        yield check_row(row, caps, count=count)


def _csv_rows(path: Path, encoding: str, *, caps: Caps) -> Iterator[TableRow]:
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.readline(_BLOCK))
        file.seek(0)
        reader = csv.reader(_lines(file), delimiter=delimiter)
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield TableRow(line, tuple(cell.strip() for cell in cells))
                line = reader.line_num + 1
        except csv.Error as err:
            raise InputError(
                say("第 {line} 行起读不成表格：{fault}", line=line, fault=str(err)),
                remedy=say("检查这一行的引号是否成对；一格不超过 {limit} 个字符", limit=caps.cell_characters),
                field="file",
            ) from err


def _lines(file: TextIO) -> Iterator[str]:
    """Yield the lines, none of them beyond a block. Raises: InputError for a longer one, or one with a NUL."""
    for number, line in enumerate(iter(lambda: file.readline(_BLOCK + 1), ""), start=1):
        if len(line) > _BLOCK:
            raise over_cap(
                say("第 {line} 行超过 {limit} 个字符", line=number, limit=_BLOCK), say("检查文件里的换行是否丢了")
            )
        if "\0" in line:
            raise InputError(
                say("第 {line} 行有空字符，文件可能不是文本", line=number),
                remedy=say("另存为 CSV 后再导入"),
                field="file",
            )
        yield line


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=lambda mark: (header.count(mark), -_DELIMITERS.index(mark)))


def find_encoding(path: Path) -> str:
    """Return the encoding the whole file can be read in. Raises: InputError if it is neither UTF-8 nor GB18030."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(
            say("文件是 UTF-16 编码"), remedy=say("在 Excel 中另存为“CSV UTF-8（逗号分隔）”后再导入"), field="file"
        )
    if start.startswith(codecs.BOM_UTF8) and _decodes(path, "utf-8-sig"):
        return "utf-8-sig"
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise InputError(
        say("文件既不是 UTF-8 也不是 GB18030 编码的文本"), remedy=say("另存为 CSV UTF-8 后再导入"), field="file"
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
