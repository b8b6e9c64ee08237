"""Numbers as people type them: as they are, a piece of one, or with one slip.

A slip is looked for by asking for every number one slip away, some hundreds of them, by equality: an index serves that
under row-level security, and it costs the same however many rows there are.
"""
# ruff: noqa: S608  # tables and columns are named by the rooms' code; what was typed is bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from plumbline.domain.rows.searching.asking import Query, folded
from plumbline.domain.rows.searching.taking import Rows

PIECE_LEAST = 3
SAMPLE_ROWS = 1_000
SLIP_LEAST, SLIP_MOST = 5, 24
SLIPS_MOST = 20
_LIKE_DIGITS, _LIKE_LETTERS = "0123456789BDGILOQSZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ012568"


@dataclass(frozen=True)
class Numbered:
    """Rows with numbers of some columns, kept for search by `numbered_by`."""

    table: str
    columns: Sequence[str]
    rows: Rows


def spellings(text: str) -> list[str]:
    """Return a number as typed, in capitals and in small letters."""
    return sorted({text, text.upper(), text.lower()})


def one_slip_away(text: str, *, signs: str = "") -> list[str]:
    """Return the numbers somebody may have meant who made one slip: a sign wrong, missing, too many, or two swapped.

    A sign is taken for any of `signs`; without those for one of its own sort, a digit or a letter, or for one that
    looks like it.
    """
    typed = text.upper()
    if not SLIP_LEAST <= len(typed) <= SLIP_MOST or not typed.isascii():
        return []
    found = set()
    for place in range(len(typed) + 1):
        head, tail = typed[:place], typed[place:]
        beside = tail[:1] or head[-1:]
        taken = signs or (_LIKE_DIGITS if beside.isdigit() else _LIKE_LETTERS)
        found |= {head + sign + tail for sign in taken}
        if tail:
            found.add(head + tail[1:])
            found |= {head + sign + tail[1:] for sign in taken}
        if len(tail) > 1:
            found.add(head + tail[1] + tail[0] + tail[2:])
    return sorted(found - {typed})


def with_a_slip(table: str, columns: Sequence[str], *, query: Query) -> list[UUID]:
    """Return ids of the rows the running scope sees one of whose numbers is one slip away from what was typed."""
    near = one_slip_away(query.text) if query.is_number_like and query.wants_near else []
    if not near:
        return []
    # One question a column: of columns joined by "or" the planner makes a look through the table.
    each = [f"(select id from {table} where {column} = any(%s) limit {SLIPS_MOST})" for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(each), [near] * len(columns))
        return [key for (key,) in cursor.fetchall()]


def holding(kept: Numbered, query: Query, *, most: int) -> list[UUID] | None:
    """Return ids of rows one of whose numbers holds what was typed, at most so many; None where there are too many.

    The index is asked, which looks at so many rows that hold the piece and no more, whosever they are, and at none
    where very many hold it; then some rows of the scope are looked through.
    """
    if not query.wants_sure or not query.is_number_like or len(query.whole) < PIECE_LEAST:
        return []
    indexed, is_cut = _indexed(kept, query, most=most)
    if not is_cut:
        return indexed
    rows = kept.rows().values_list("pk", *kept.columns)[:SAMPLE_ROWS]
    found = [key for key, *held in rows if any(query.whole in folded(each or "") for each in held)]
    return list(dict.fromkeys([*indexed, *found]))[:most] or None


def _indexed(kept: Numbered, query: Query, *, most: int) -> tuple[list[UUID], bool]:
    """Return those the index finds, and whether it gave up before it had looked at every row that holds the piece."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {kept.table}_numbered(%s, %s)", [query.whole, most])
        found = [key for (key,) in cursor.fetchall()]
    return [key for key in found if key is not None], None in found
