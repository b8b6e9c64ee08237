"""Takes rows in the order of their conditions, the surest first, and stops when there are enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

T = TypeVar("T")
V = TypeVar("V")
MOST = 6
"""How many answers of one kind are shown at once."""


@dataclass(frozen=True)
class Found(Generic[T]):
    """Some answers of one kind, the best first. has_more: there are more; is_near: none has just what was typed, these
    are near it; is_cut: there may be answers that could not be looked for in time."""

    hits: Sequence[T] = field(default_factory=tuple)
    has_more: bool = False
    is_near: bool = False
    is_cut: bool = False

    def of(self, hits: Sequence[V]) -> Found[V]:
        """Return the same with other values in place of the hits."""
        return Found(hits, self.has_more, self.is_near, self.is_cut)


def take(
    legs: Sequence[QuerySet[Any]],  # Any: rows of whichever table
    *,
    sure: Iterable[Q],
    near: Iterable[Q],
    most: int = MOST,
) -> Found[UUID]:
    """Return ids of rows under conditions, in their order; those of `near` only where `sure` finds nothing.

    legs: the rows of the scope, part by part, so that an index on each serves; conditions are asked for one by one, so
    that nothing is looked up after there is enough.
    """
    found = _first(legs, sure, most=most + 1)
    is_near = not found
    if is_near:
        found = _first(legs, near, most=most + 1)
    return Found(found[:most], len(found) > most, is_near and bool(found))


def _first(
    legs: Sequence[QuerySet[Any]],  # Any: as `take`
    conditions: Iterable[Q],
    *,
    most: int,
) -> list[UUID]:
    found: dict[UUID, None] = {}
    for condition in conditions:
        for rows in legs:
            found |= dict.fromkeys(rows.filter(condition).values_list("pk", flat=True)[: most + len(found)])
            if len(found) >= most:
                return list(found)[:most]
    return list(found)


def any_of(conditions: Iterable[Q]) -> Q:
    """Return the condition of whatever one of some conditions has; of nothing where there are none."""
    return reduce(or_, conditions, Q(pk__in=[]))
