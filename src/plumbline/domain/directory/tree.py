"""Divisions of every edition and their tree: what a code is called, what lies below it and above it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.db import connection

from plumbline.domain.directory.models import Region
from plumbline.domain.directory.types import RegionFacts
from plumbline.errors import InputError, say

_TREE = """
    with recursive tree(code) as (
        select %s::varchar
        union
        select below.code from tree, lateral (
            select r.code from directory_region r where r.parent_code = tree.code
            union all
            select s.predecessor_code from directory_succession s
             where s.successor_code = tree.code
               and not exists (select from directory_region c where c.code = s.predecessor_code and c.is_current)
        ) below
    )
    select code from tree order by code
    """


def region(code: str, on: date | None = None) -> RegionFacts:
    """Return the division of a code, of whatever edition; with `on`, under the name listed in that year if known.

    A code listed as prefecture and as county is answered as prefecture. Raises: InputError if no edition has the code.
    """
    rows = ranked([code])
    if not rows:
        raise InputError(
            say("行政区划代码“{code}”不存在", code=code), remedy=say("填写六位代码，例如 330305"), field="region_code"
        )
    return region_facts(_listed_in(rows, on.year) if on else rows[0])


def ranked(codes: Iterable[str]) -> list[Region]:
    """Return the rows of some codes, of each code the one to answer with first."""
    return list(Region.objects.filter(code__in=list(codes)).order_by("level", "-last_year", "-is_current", "name"))


@lru_cache(maxsize=1024)
def codes_under(code: str) -> tuple[str, ...]:
    """Return the code and all below it, in order: the tree, and ended codes whose territory went into the tree.

    An ended code that was divided counts for each of its successors, since a record under it may lie in any of them.
    A code that still stands and only gave up a part does not count. An unknown code gives itself alone.
    Kept in memory: divisions are loaded before a server starts, see `forget_divisions`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TREE, [code])
        return tuple(found for (found,) in cursor.fetchall())


@lru_cache(maxsize=8192)
def path(code: str) -> tuple[RegionFacts, ...]:
    """Return the division and those above it, county first, province last. Raises: InputError for an unknown code.

    Kept in memory as `codes_under`.
    """
    usual = {row.code: row for row in reversed(ranked([code, f"{code[:4]}00", f"{code[:2]}0000"]))}
    found = [region_facts(usual[code]) if code in usual else region(code)]
    while parent := found[-1].parent_code:
        found.append(region_facts(usual[parent]) if parent in usual else region(parent))
    return tuple(found)


def forget_divisions() -> None:
    """Forget the divisions kept in memory: they have been loaded anew."""
    codes_under.cache_clear()
    path.cache_clear()


def _listed_in(rows: list[Region], year: int) -> Region:
    listed = [row for row in rows if int(row.first_edition[:4]) <= year <= row.last_year]
    later = [row for row in rows if int(row.first_edition[:4]) > year]
    return (listed or sorted(later, key=lambda row: (row.level, row.first_edition)) or rows)[0]


def region_facts(row: Region) -> RegionFacts:
    """Return the value of a row."""
    return RegionFacts(
        code=row.code,
        level=row.level,
        name=row.name,
        parent_code="" if row.parent_code == row.code else row.parent_code,
        is_current=row.is_current,
        successor_code=row.successor_code,
        first_edition=row.first_edition,
        last_edition=row.last_edition,
    )
