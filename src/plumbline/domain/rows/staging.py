"""Where an import stands before it is a fact: temporary tables of the running transaction, filled by COPY in batches.

A room declares the columns of its stage, streams rows in, asks its questions as single statements over the whole stage,
and moves what is good into its own table by one INSERT. Memory stays bounded by one batch whatever the file's length.
Table and column names come from the room's code, never from a file.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own, never a file's; values are bound

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connection

from plumbline.domain.rows.findings import ALL_OR_NOTHING, CHECK, Finding, Intake, Tally
from plumbline.errors import StateError, say

BATCH_ROWS = 2_000
FINDINGS = "stage_finding"
Bound = Mapping[str, str | int | bool | datetime | UUID | None]
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})
_FINDING_COLUMNS = "line, col, value, code, is_error, other, grp"


@dataclass(frozen=True)
class Staged:
    """One row on its way in: its line, its values in the order of the stage's columns, what was found in it alone."""

    line: int
    values: Sequence[object]
    findings: Sequence[Finding] = ()


@dataclass(frozen=True)
class Copied:
    """A batch of rows on their way in, and what was found in them, as COPY reads both; count: how many rows."""

    rows: str
    findings: str
    count: int


class Stage:
    """The temporary tables of one import. They vanish with the transaction."""

    def __init__(self, name: str, columns: Mapping[str, str]) -> None:
        """Make the tables. columns: name to SQL type, after `line`. Raises: StateError outside a transaction."""
        if not connection.in_atomic_block:
            raise StateError(say("导入必须在一个事务里进行"), remedy=say("在事务内调用"))
        self.table = f"stage_{name}"
        self.columns = ", ".join(columns)
        typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        with connection.cursor() as cursor:
            cursor.execute(f"drop table if exists {self.table}, {FINDINGS}")
            cursor.execute(f"create temp table {self.table} (line bigint primary key, {typed}) on commit drop")
            cursor.execute(
                f"create temp table {FINDINGS} (line bigint, col text, value text, code text, is_error boolean,"
                " other text, grp text) on commit drop"
            )

    def fill(self, rows: Iterable[Staged]) -> None:
        """Stream rows into the stage."""
        stream = iter(rows)
        batches = iter(lambda: list(islice(stream, BATCH_ROWS)), [])
        self.fill_copied(copied(batch) for batch in batches)

    def fill_copied(self, batches: Iterable[Copied]) -> None:
        """Stream batches into the stage that were made ready before."""
        for batch in batches:
            self._copy(f"{self.table} (line, {self.columns})", batch.rows)
            if batch.findings:
                self._copy(f"{FINDINGS} ({_FINDING_COLUMNS})", batch.findings)
        self.run(f"analyze {self.table}")

    def run(self, statement: str, values: Bound | None = None) -> int:
        """Run one statement over the stage and return the rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return int(cursor.rowcount)

    def texts(self, select: str) -> list[str]:
        """Return the texts one statement over the stage selects."""
        with connection.cursor() as cursor:
            cursor.execute(select)
            return [str(text) for (text,) in cursor.fetchall()]

    def find(self, select: str, values: Bound | None = None) -> int:
        """Add findings by a SELECT of line, col, value, code, is_error, other, grp; return how many."""
        return self.run(f"insert into {FINDINGS} ({_FINDING_COLUMNS}) {select}", values)

    def bad(self, line: str = "s.line") -> str:
        """Return the SQL condition that the row has an error."""
        return f"exists (select 1 from {FINDINGS} f where f.line = {line} and f.is_error)"

    def index_findings(self) -> None:
        """Make the questions about bad rows cheap; to be called after the last `find`."""
        self.run(f"create index on {FINDINGS} (line) where is_error")
        self.run(f"analyze {FINDINGS}")

    def conclude(self, mode: str, *, unchanged: int) -> Intake:
        """Return how the import ends under `mode`, before anything is written. unchanged: good rows already held."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"select (select count(*) from {self.table}), count(distinct line) filter (where is_error),"
                " count(distinct line) filter (where not is_error and line not in"
                f" (select line from {FINDINGS} where is_error)) from {FINDINGS}"
            )
            read, refused, warned = cursor.fetchone() or (0, 0, 0)
        is_written = mode != CHECK and not (mode == ALL_OR_NOTHING and refused)
        return Intake(read, read - refused - unchanged, unchanged, refused, warned, is_written, self._tallies())

    def _tallies(self) -> tuple[Tally, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                "select code, is_error, count(distinct line),"
                f" count(distinct case when grp = '' then line::text else grp end) from {FINDINGS}"
                " group by code, is_error order by is_error desc, code"
            )
            return tuple(Tally(*row) for row in cursor.fetchall())

    def _copy(self, target: str, text: str) -> None:
        with connection.cursor() as cursor, cursor.copy(f"copy {target} from stdin") as copy:
            copy.write(text)


def copied(batch: Iterable[Staged]) -> Copied:
    """Return a batch as COPY reads it in its text format: five times as fast as handing over value by value."""
    rows = list(batch)
    findings = [_line(_of_finding(finding)) for row in rows for finding in row.findings]
    return Copied("".join([_line((row.line, *row.values)) for row in rows]), "".join(findings), len(rows))


def _of_finding(each: Finding) -> tuple[object, ...]:
    return each.line, each.column, each.value, each.code, each.is_error, each.other, each.group


def _line(values: Iterable[object]) -> str:
    return "\t".join([_shown(value) for value in values]) + "\n"


def _shown(value: object) -> str:
    """Return a value in COPY's text format. Source: PostgreSQL 18, COPY, "Text Format"."""
    if value is None:
        return "\\N"
    text = value if isinstance(value, str) else str(value)
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.translate(_ESCAPES)
    return text


def findings() -> Iterator[Finding]:
    """Return what the import of the running transaction found, in order of line, streamed from the database."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"select {_FINDING_COLUMNS} from {FINDINGS} order by line, is_error desc, col, code")
        while rows := cursor.fetchmany(BATCH_ROWS):
            yield from (Finding(*row) for row in rows)
