"""Reads Parquet by slices, every value as text: dates as ISO text, missing as "".

The number of columns and rows is checked from the file's own metadata before a value is unpacked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from plumbline.errors import InputError, say
from plumbline.gateways.tables.values import Caps, TableRow, TableStream, check_columns, check_row, over_cap

_SLICE_ROWS = 5_000


def open_parquet(path: Path, caps: Caps) -> TableStream:
    """Return the stream of a Parquet file. Raises: InputError if it is damaged, too big, or has nested columns."""
    try:
        frame = pl.scan_parquet(path)
        schema = frame.collect_schema()
        total = int(frame.select(pl.len()).collect().item())
    except pl.exceptions.PolarsError as err:
        raise InputError(
            say("文件 {name} 不是完好的 Parquet 文件", name=path.name), remedy=say("重新导出文件"), field="file"
        ) from err
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


def _rows(frame: pl.LazyFrame, total: int, *, caps: Caps) -> Iterator[TableRow]:
    for start in range(0, total, _SLICE_ROWS):
        part = (
            frame.slice(start, _SLICE_ROWS).select(pl.all().cast(pl.String).fill_null("").str.strip_chars()).collect()
        )
        for offset, cells in enumerate(part.iter_rows()):
            row = TableRow(start + offset + 2, cells)
            yield check_row(row, caps, count=start + offset + 1)
