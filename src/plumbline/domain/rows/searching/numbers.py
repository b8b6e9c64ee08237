"""Numbers as people type them: as they are, a piece of one, or with one slip.

A slip is looked for by asking for every number one slip away, some hundreds of them, by equality: an index serves that
under row-level security, and it costs the same however many rows there are.
"""
# ruff: noqa: S608  # tables and columns are named by the rooms' code; what was typed is bound

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import OperationalError, connection, transaction

from plumbline.domain.rows.searching.asking import Query, folded
from plumbline.domain.rows.searching.taking import Rows

PIECE_LEAST = 3
SAMPLE_ROWS = 1_000
PIECES_MS = 50
SLIP_LEAST, SLIP_MOST = 5, 24
SLIPS_MOST = 20
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Numbered:
    """Rows with numbers of some columns, kept for search by `numbered_by`. is_small: a scope that may hold few rows."""

    table: str
    columns: Sequence[str]
    rows: Rows
    is_small: bool = False


def spellings(text: str) -> list[str]:
    """Return a number as typed, in capitals and in small letters."""
    return sorted({text, text.upper(), text.lower()})


def one_slip_away(text: str) -> list[str]:
    """Return the numbers somebody may have meant who made one slip: a sign wrong, missing, too many, or two swapped."""
    typed = text.upper()
    if not SLIP_LEAST <= len(typed) <= SLIP_MOST or not typed.isascii():
        return []
    found = set()
    for place in range(len(typed) + 1):
        head, tail = typed[:place], typed[place:]
        found |= {head + sign + tail for sign in _SIGNS}
        if tail:
            found.add(head + tail[1:])
            found |= {head + sign + tail[1:] for sign in _SIGNS}
        if len(tail) > 1:
            found.add(head + tail[1] + tail[0] + tail[2:])
    return sorted(found - {typed})


def with_a_slip(table: str, columns: Sequence[str], *, query: Query) -> list[UUID]:
    """Return ids of the rows the running scope sees one of whose numbers is one slip away from what was typed."""
    near = one_slip_away(query.text) if query.is_number_like and query.is_generous else []
    if not near:
        return []
    # One question a column: of columns joined by "or" the planner makes a look through the table.
    each = [f"(select id from {table} where {column} = any(%s) limit {SLIPS_MOST})" for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(each), [near] * len(columns))
        return [key for (key,) in cursor.fetchall()]


def holding(kept: Numbered, query: Query, *, most: int) -> list[UUID] | None:
    """Return ids of rows one of whose numbers holds what was typed, at most so many; None where there are too many.

    A scope that may hold few rows is looked through first. Any other is asked of the index, for a time: of a piece that
    many rows have, few of them the scope's, it would read them all; then some rows of the scope are looked through.
    """
    if not query.is_number_like or len(query.whole) < PIECE_LEAST:
        return []
    if kept.is_small:
        found, is_whole = _sampled(kept, query)
        if is_whole or len(found) >= most:
            return found[:most]
    indexed = _indexed(kept, query, most=most)
    return _sampled(kept, query)[0][:most] or None if indexed is None else indexed


def _sampled(kept: Numbered, query: Query) -> tuple[list[UUID], bool]:
    """Return those found among the first rows, and whether there were no more rows."""
    rows = list(kept.rows().values_list("pk", *kept.columns)[:SAMPLE_ROWS])
    found = [key for key, *held in rows if any(query.whole in folded(each or "") for each in held)]
    return found, len(rows) < SAMPLE_ROWS


def _indexed(kept: Numbered, query: Query, *, most: int) -> list[UUID] | None:
    try:
        with in_time(PIECES_MS), connection.cursor() as cursor:
            cursor.execute(f"select {kept.table}_numbered(%s, %s)", [query.whole, most])
            return [key for (key,) in cursor.fetchall()]
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "57014":  # query_canceled: the time was up
            raise
        return None


@contextmanager
def in_time(milliseconds: int) -> Iterator[None]:
    """Run a block in a savepoint, statements in it ended by the database when they take longer."""
    with transaction.atomic():
        _limit(milliseconds)
        yield
        _limit(0)


def _limit(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('statement_timeout', %s, true)", [str(milliseconds)])
