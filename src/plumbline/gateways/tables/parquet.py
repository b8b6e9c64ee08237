"""Reads Parquet by slices, every value as text: dates as ISO text, missing as "".

The number of columns and rows, and what all pages unpack to, are checked before a value is unpacked; the length of the
cells of a slice before one of them becomes a text of ours, since a file may say one long text a thousand times.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from plumbline.errors import InputError, say
from plumbline.gateways.tables.parquet_sizes import NotParquet, unpacked_bytes
from plumbline.gateways.tables.values import Caps, TableRow, TableStream, check_columns, check_row, over_cap

UNPACKED_BYTES = 300_000_000
_SLICE_ROWS = 5_000
_BYTES_A_CHARACTER, _BLANKS = 4, 1_000


def open_parquet(path: Path, caps: Caps) -> TableStream:
    """Return the stream of a Parquet file. Raises: InputError if it is damaged, too big, or has nested columns."""
    _check_sizes(path)
    try:
        frame = pl.scan_parquet(path)
        schema = frame.collect_schema()
        total = int(frame.select(pl.len()).collect().item())
    except pl.exceptions.PolarsError as err:
        raise _damaged(path) from err
    nested = [name for name, kind in schema.items() if kind.is_nested() or kind in (pl.Binary, pl.Object)]
    if nested:
        raise InputError(
            say("这些列不是单个的值：{names}", names="、".join(nested)),
            remedy=say("导出前展开或删去这些列"),
            field="file",
        )
    if total > caps.rows:
        raise over_cap(say("文件超过 {limit} 行的上限", limit=caps.rows), say("分成几个文件导入"))
    return TableStream(check_columns(tuple(schema.names()), caps), _rows(frame, total, caps=caps), "parquet", total)


def _check_sizes(path: Path) -> None:
    try:
        unpacked = unpacked_bytes(path, UNPACKED_BYTES)
    except NotParquet as err:
        raise _damaged(path) from err
    if unpacked > UNPACKED_BYTES:
        raise over_cap(say("文件展开后超过 {limit} 字节", limit=UNPACKED_BYTES), say("分成几个文件导入"))


def _damaged(path: Path) -> InputError:
    return InputError(
        say("文件 {name} 不是完好的 Parquet 文件", name=path.name), remedy=say("重新导出文件"), field="file"
    )


def _rows(frame: pl.LazyFrame, total: int, *, caps: Caps) -> Iterator[TableRow]:
    for start in range(0, total, _SLICE_ROWS):
        part = frame.slice(start, _SLICE_ROWS).select(pl.all().cast(pl.String).fill_null("")).collect()
        _check_lengths(part, start, caps=caps)
        stripped = part.select(pl.all().str.strip_chars())
        for offset, cells in enumerate(stripped.iter_rows()):
            row = TableRow(start + offset + 2, cells)
            yield check_row(row, caps, count=start + offset + 1)


def _check_lengths(part: pl.DataFrame, start: int, *, caps: Caps) -> None:
    """Pass if no cell of a slice is longer than any text of as many characters, blanks around it included."""
    if not part.height or not part.width:
        return
    longest = part.select(pl.max_horizontal(pl.all().str.len_bytes())).to_series().to_list()
    limit = caps.cell_characters * _BYTES_A_CHARACTER + _BLANKS
    if max(longest) > limit:
        line = start + 2 + longest.index(max(longest))
        raise over_cap(
            say("第 {line} 行有一格超过 {limit} 个字符", line=line, limit=caps.cell_characters),
            say("检查这一行的引号是否成对，或缩短这一格"),
        )
