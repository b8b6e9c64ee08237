"""Which phrases a table's rows are called by meet what was typed: exactly, at the beginning, somewhere, by initials, or
nearly. They become conditions of equality, which row-level security lets an index serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from django.db import connection
from django.db.models import Q

from plumbline.domain.rows.searching.asking import Query, folded
from plumbline.domain.rows.searching.schema import kinds

PHRASES_MOST = 50
CANDIDATES_MOST = 300
NEAR_MOST = 8
NEAR = 0.7
"""How much of what was typed must stand in a phrase for it to have been meant."""
NEAR_SHORT = 0.5
SHORT = 3
DIGITS_MOST = 5
"""With more digits than these it was a number that was typed, not a name."""
RANKS = range(4)


def gather(query: Query, wanted: Iterable[str]) -> None:
    """Look the phrases of many kinds up at once: one question to the database instead of one a room."""
    missing = [kind for kind in wanted if kind not in _known(query)]
    if not missing:
        return
    _known(query).update({kind: [] for kind in missing})
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, rank, said from rows_phrases(%s, %s, %s)", [missing, list(query.tokens), PHRASES_MOST]
        )
        for kind, rank, said in cursor.fetchall():
            _known(query)[kind].append((rank, said))


def called(table: str, columns: Sequence[str], *, query: Query) -> Iterator[Q]:
    """Yield conditions on rows of a table by what they are called, the nearest to what was typed first."""
    if not query.wants_sure:
        return
    gather(query, kinds(table, columns))
    for rank in RANKS:
        for column in columns:
            found = {said for at, said in _known(query)[f"{table}.{column}"] if at == rank}
            if found:
                yield Q(**{f"{column}__in": sorted(found, key=_short)})


def is_cut(table: str, columns: Sequence[str], *, query: Query) -> bool:
    """Tell whether more phrases meet what was typed than were looked up: conditions of them leave rows out."""
    gather(query, kinds(table, columns))
    ranks = [[at for at, _said in _known(query)[kind]] for kind in kinds(table, columns)]
    return any(found.count(rank) >= PHRASES_MOST for found in ranks for rank in RANKS)


def called_nearly(table: str, columns: Sequence[str], *, query: Query) -> Iterator[Q]:
    """Yield conditions on rows whose phrases could have been meant: but for a slip at one place, or by their sound."""
    if not query.wants_near or sum(each.isdigit() for each in query.whole) > DIGITS_MOST:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, said from rows_phrases_alike(%s, %s, %s)",
            [kinds(table, columns), query.whole, CANDIDATES_MOST],
        )
        rows = set(cursor.fetchall())
    least = NEAR_SHORT if len(query.whole) <= SHORT else NEAR
    judged = [(nearness(query.whole, folded(said)), kind, said) for kind, said in rows]
    best = sorted((each for each in judged if each[0] >= least), reverse=True)[:NEAR_MOST]
    for column in columns:
        found = [said for _near, kind, said in best if kind == f"{table}.{column}"]
        if found:
            yield Q(**{f"{column}__in": found})


def nearness(typed: str, phrase: str) -> float:
    """Return which part of what was typed stands in a phrase in its order, from 0 to 1."""
    blocks = SequenceMatcher(None, typed, phrase, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(typed), 1)


def _known(query: Query) -> dict[str, list[tuple[int, str]]]:
    held: dict[str, list[tuple[int, str]]] = query.known.setdefault("phrases", {})
    return held


def _short(said: str) -> tuple[int, str]:
    return len(said), said
