"""Rows taken in by the hundred thousand, for a load test: COPY into a temporary table, then one INSERT.

The INSERT meets every constraint, foreign key, trigger and row-level policy of the table, as a single row does: COPY
itself is not possible into a table under row-level security. Only a demo takes rows in so, for nobody asks rights here
and no action speaks to the journal: rooms hand out what they take, and whoever loads writes the acts too.
"""
# ruff: noqa: S608  # tables and columns are named by the rooms' code, never by a file; values are copied

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.db import connection

from plumbline.errors import StateError, say

Value = str | int | None
R = TypeVar("R", bound=NamedTuple)
CHUNK_ROWS = 1_000
_SEPARATOR, _QUOTE, _NULL = "\x1f", "\x1e", "\\N"
_FORMAT = rf"(format csv, delimiter E'\x1f', quote E'\x1e', escape E'\x1e', null '{_NULL}')"


def take_in(table: str, kind: type[R], *, rows: Iterable[R]) -> int:
    """Write rows into a table and return how many; `kind` names the columns. All of them or none.

    Raises: StateError outside a demo or outside a transaction; IntegrityError for what a constraint refuses.
    """
    require_demo()
    if not connection.in_atomic_block:
        raise StateError(say("批量写入必须在一个事务里进行"), remedy=say("在事务内调用"))
    names, stage = ", ".join(kind._fields), f"bulk_{table}"
    with connection.cursor() as cursor:
        cursor.execute(f"create temp table if not exists {stage} as select {names} from {table} with no data")
        with cursor.copy(f"copy {stage} ({names}) from stdin with {_FORMAT}") as copy:
            stream = iter(rows)
            while chunk := list(islice(stream, CHUNK_ROWS)):
                copy.write(_text(chunk, columns=len(kind._fields)))
        cursor.execute(f"insert into {table} ({names}) select {names} from {stage}")
        written = int(cursor.rowcount)
        cursor.execute(f"truncate {stage}")
    return written


def _text(rows: Sequence[NamedTuple], *, columns: int) -> str:
    """Return rows as COPY reads them: three times as fast as writing value by value. Raises: ValueError."""
    lines = [_SEPARATOR.join([_shown(value) for value in row]) for row in rows]
    text = "\n".join(lines) + "\n"
    if text.count("\n") != len(lines) or text.count(_SEPARATOR) != len(lines) * (columns - 1) or _QUOTE in text:
        raise ValueError("a value of a load test holds a control character")
    return text


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else _NULL if value is None else str(value)


def require_demo() -> None:
    """Pass on a demo. Raises: StateError where records may be real."""
    if not settings.PLUMBLINE_DEMO:
        raise StateError(
            say("这份数据不是演示模式，不能写入压力测试数据"),
            remedy=say("用环境变量 PLUMBLINE_DATA 指定一个新的数据目录，再运行 plumbline load"),
        )
