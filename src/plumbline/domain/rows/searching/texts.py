"""Search among a few texts that are in memory, such as the rulebook's: found as phrases in the database are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from django.db import connection

from plumbline.domain.rows.searching.asking import Query, folded
from plumbline.domain.rows.searching.phrases import NEAR, NEAR_SHORT, SHORT, nearness
from plumbline.domain.rows.searching.taking import MOST, Found

_NONE = 9


def meant(query: Query, texts: Mapping[str, tuple[str, ...]], *, most: int = MOST) -> Found[str]:
    """Return the keys of what is called so, the nearest first. texts: what each key is called."""
    spelled = _spelled(tuple(dict.fromkeys(text for said in texts.values() for text in said)))
    ranks = {key: min(_rank(query, each, spelled=spelled[each]) for each in said) for key, said in texts.items()}
    sure = sorted((key for key, rank in ranks.items() if rank < _NONE), key=lambda key: (ranks[key], key))
    if sure:
        return Found(sure[:most], len(sure) > most)
    if not query.is_generous:
        return Found()
    least = NEAR_SHORT if len(query.whole) <= SHORT else NEAR
    near = {key: max(nearness(query.whole, folded(each)) for each in said) for key, said in texts.items()}
    best = sorted((key for key, how in near.items() if how >= least), key=lambda key: (-near[key], key))
    return Found(best[:most], len(best) > most, is_near=bool(best))


def _rank(query: Query, text: str, *, spelled: str) -> int:
    """Return how a text meets what was typed: 0 exactly, 1 at its beginning, 2 somewhere, 3 by initials, else 9."""
    held = folded(text)
    if held == query.whole:
        return 0
    if held.startswith(query.whole):
        return 1
    if all(token in held for token in query.tokens):
        return 2
    is_spelled = query.whole.isascii() and not query.whole.isdigit()
    return 3 if is_spelled and all(_sounds(token, spelled) for token in query.tokens) else _NONE


def _sounds(token: str, spelled: str) -> bool:
    return re.search("," + "".join(f"[^,]*{re.escape(letter)}[^,]*," for letter in token), spelled) is not None


@cache
def _spelled(texts: Sequence[str]) -> dict[str, str]:
    """Return the initials each text may be read with; asked once a process: the rulebook does not change in it."""
    with connection.cursor() as cursor:
        cursor.execute("select said, rows_spelled(rows_folded(said)) from unnest(%s::text[]) said", [list(texts)])
        return dict(cursor.fetchall())
