"""Finds cases: by number, a piece of it or with a slip in it, by title, by whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.domain.cases.models import Case
from plumbline.domain.directory import queries as directory
from plumbline.domain.rows.searching.asking import Query
from plumbline.domain.rows.searching.numbers import Numbered, holding, with_a_slip
from plumbline.domain.rows.searching.phrases import called, called_nearly
from plumbline.domain.rows.searching.schema import kinds
from plumbline.domain.rows.searching.taking import MOST, Found, any_of, take
from plumbline.domain.rows.types import Scope

TABLE = "cases_case"
COLUMNS, NUMBERS = ("title",), ("number",)
KINDS = kinds(TABLE, COLUMNS)
MEANT_MOST = 1_000


def found(query: Query, *, scope: Scope, most: int = MOST) -> Found[UUID]:
    """Return the cases a scope sees that are meant by what was typed."""
    rows = partial(_rows, scope)
    numbered: list[UUID] | None = []
    if query.is_number_like and query.wants_sure:
        exact = list(Case.objects.filter(number=query.text.upper()).values_list("pk", flat=True))
        kept = Numbered(TABLE, NUMBERS, rows)
        numbered = exact or holding(kept, query, most=most + 1)
    sure = () if numbered else _named(query)
    return take(rows, first=numbered, sure=sure, near=_near(query), most=most)


def meant(query: Query) -> Q:
    """Return the condition of the cases meant, for a list: its rows are under row-level security as always."""
    numbered = holding(Numbered(TABLE, NUMBERS, Case.objects.all), query, most=MEANT_MOST)
    return any_of([*_named(query), Q(number=query.text.upper()), Q(pk__in=numbered or [])])


def _rows(scope: Scope) -> QuerySet[Case]:
    """Return the cases of a scope: said again beside row-level security, so that an index on a part serves."""
    rows = Case.objects.all()
    if scope.everything:
        return rows
    parties = Q(owner_id__in=scope.organisations) | Q(body_id__in=scope.organisations)
    return rows.filter(parties | Q(region_code__in=scope.regions) if scope.regions else parties)


def _named(query: Query) -> Iterator[Q]:
    yield from called(TABLE, COLUMNS, query=query)
    if owners := directory.organisations_called(query):
        yield Q(owner_id__in=owners)


def _near(query: Query) -> Iterator[Q]:
    if near := with_a_slip(TABLE, NUMBERS, query=query):
        yield Q(pk__in=near)
    yield from called_nearly(TABLE, COLUMNS, query=query)
