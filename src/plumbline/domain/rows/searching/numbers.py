"""Numbers as people type them: as they are, a piece of one, or with one slip.

A slip is looked for by asking for every number one slip away, some hundreds of them, by equality: an index serves that
under row-level security, and it costs the same however many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from plumbline.domain.rows.searching.asking import Query, folded

PIECE_LEAST = 3
SAMPLE_ROWS = 1_000
PIECES_MS = 80
SLIP_LEAST, SLIP_MOST = 5, 24
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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


def holding(
    legs: Sequence[QuerySet[Any]],  # Any: rows of whichever table
    columns: Sequence[str],
    *,
    query: Query,
    indexed_by: str,
    most: int,
) -> list[UUID] | None:
    """Return ids of rows one of whose numbers holds what was typed, at most so many; None where there are too many.

    A piece that many rows have is found among a few rows of each leg; one that few have, by the index; an index alone
    would read every row of a common piece before it gave the first. legs: the rows of the scope, part by part, none to
    ask the index at once; indexed_by: the function of `numbered_by`.
    """
    piece = query.whole
    if not query.is_number_like or len(piece) < PIECE_LEAST:
        return []
    found: dict[UUID, None] = {}
    is_whole = bool(legs)
    for rows in legs:
        sample = list(rows.values_list("pk", *columns)[:SAMPLE_ROWS])
        found |= {key: None for key, *held in sample if any(piece in folded(each or "") for each in held)}
        is_whole = is_whole and len(sample) < SAMPLE_ROWS
    if is_whole or len(found) >= most:
        return list(found)[:most]
    try:
        with in_time(PIECES_MS), connection.cursor() as cursor:
            cursor.execute(f"select {indexed_by}(%s, %s)", [piece, most])  # named by a room
            found |= {key: None for (key,) in cursor.fetchall()}
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "57014":  # query_canceled: the time was up
            raise
        return list(found) or None
    return list(found)[:most]


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
