"""Takes rows in the order of their conditions, the surest first, and stops when there are enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

T = TypeVar("T")
V = TypeVar("V")
Rows = Callable[[], QuerySet[Any]]  # Any: of whichever room's model
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
    rows: Rows,
    *,
    first: Sequence[UUID] | None = (),
    sure: Iterable[Q] = (),
    near: Iterable[Q] = (),
    most: int = MOST,
) -> Found[UUID]:
    """Return ids of rows: those found first, then under conditions in their order, those of `near` only where nothing
    else is found.

    rows: makes the rows of the scope, where any condition asks for them; first: None where they could not be looked for
    in time. Conditions are asked for one by one, so that nothing is looked up after there is enough.
    """
    found = list(dict.fromkeys(first or ()))
    found = _taken(rows, sure, found=found, most=most + 1)
    is_near = not found
    if is_near:
        found = _taken(rows, near, found=[], most=most + 1)
    return Found(found[:most], len(found) > most, is_near and bool(found), first is None)


def _taken(rows: Rows, conditions: Iterable[Q], *, found: Sequence[UUID], most: int) -> list[UUID]:
    taken = dict.fromkeys(found)
    if len(taken) < most:
        for condition in conditions:
            taken |= dict.fromkeys(rows().filter(condition).values_list("pk", flat=True)[: most + len(taken)])
            if len(taken) >= most:
                break
    return list(taken)[:most]


def any_of(conditions: Iterable[Q]) -> Q:
    """Return the condition of whatever one of some conditions has; of nothing where there are none."""
    return reduce(or_, conditions, Q(pk__in=[]))
