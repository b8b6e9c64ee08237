"""What a table is while it streams by: caps, rows, and the reader's promise.

Source of the caps' kinds: the project's trust design, section 11 (bytes, rows, columns, cell length).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plumbline.errors import InputError, Text, say


@dataclass(frozen=True)
class Caps:
    """What a file may not exceed. Bytes are those on disk; a cell is counted in characters."""

    file_bytes: int = 2_000_000_000
    rows: int = 20_000_000
    columns: int = 200
    cell_characters: int = 4_000


DEFAULT_CAPS = Caps()


@dataclass(frozen=True)
class TableRow:
    """One row of data. line: the line a reader finds it at, counted from 1 with the header as line 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class TableStream:
    """The columns of a table and its rows, to be read once. encoding: as found, "xlsx" or "parquet".

    expected: how many rows there are about; a text file with line breaks inside its cells has fewer.
    """

    columns: tuple[str, ...]
    rows: Iterator[TableRow]
    encoding: str
    expected: int = 0


def over_cap(what: Text, remedy: Text) -> InputError:
    """Return the error of a file that is too big in some way."""
    return InputError(what, remedy=remedy, field="file")


def check_columns(columns: tuple[str, ...], caps: Caps) -> tuple[str, ...]:
    """Return the column names, stripped. Raises: InputError if there are none, too many, or two of one name."""
    names = tuple(name.strip() for name in columns)
    if not any(names):
        raise InputError(say("文件没有表头"), remedy=say("第一行写列名，第二行起写数据"), field="file")
    if len(names) > caps.columns:
        raise over_cap(
            say("文件有 {count} 列，超过 {limit} 列的上限", count=len(names), limit=caps.columns),
            say("只留需要导入的列"),
        )
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise InputError(
            say("表头里有重名的列：{names}", names="、".join(twice)), remedy=say("改名或删去多余的列"), field="file"
        )
    return names


def check_row(row: TableRow, caps: Caps, *, count: int) -> TableRow:
    """Return the row. count: how many rows there were with it. Raises: InputError if it passes a cap."""
    if count > caps.rows:
        raise over_cap(say("文件超过 {limit} 行的上限", limit=caps.rows), say("分成几个文件导入"))
    longest = max((len(cell) for cell in row.cells), default=0)
    if longest > caps.cell_characters:
        raise over_cap(
            say("第 {line} 行有一格超过 {limit} 个字符", line=row.line, limit=caps.cell_characters),
            say("检查这一行的引号是否成对，或缩短这一格"),
        )
    return row
