"""Finds cases: by number, a piece of it or with a slip in it, by title, by whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.domain.cases.models import Case
from plumbline.domain.directory import queries as directory
from plumbline.domain.rows.searching.asking import Query
from plumbline.domain.rows.searching.numbers import holding, one_slip_away
from plumbline.domain.rows.searching.phrases import called, called_nearly
from plumbline.domain.rows.searching.taking import MOST, Found, any_of, take
from plumbline.domain.rows.types import Scope

TABLE = "cases_case"
COLUMNS = ("title",)
MEANT_MOST = 1_000


def found(query: Query, *, scope: Scope, most: int = MOST) -> Found[UUID]:
    """Return the cases a scope sees that are meant by what was typed."""
    legs = _legs(scope)
    exact = take(legs, sure=[Q(number=query.text.upper())], near=(), most=most)
    if exact.hits:
        return exact
    numbered = holding(legs, ("number",), query=query, indexed_by=f"{TABLE}_numbered", most=most + 1)
    if numbered:
        return Found(numbered[:most], len(numbered) > most)
    rest = take(legs, sure=_sure(query), near=_near(query), most=most)
    return Found(rest.hits, rest.has_more, rest.is_near, is_cut=numbered is None)


def meant(query: Query) -> Q:
    """Return the condition of the cases meant, for a list: its rows are under row-level security as always."""
    numbered = holding([], ("number",), query=query, indexed_by=f"{TABLE}_numbered", most=MEANT_MOST)
    return any_of([*_sure(query), Q(number=query.text.upper()), Q(pk__in=numbered or [])])


def _legs(scope: Scope) -> list[QuerySet[Case]]:
    """Return the cases of a scope, part by part: said again beside row-level security, so that an index serves."""
    rows = Case.objects.all()
    if scope.everything:
        return [rows]
    own = [rows.filter(owner_id__in=scope.organisations), rows.filter(body_id__in=scope.organisations)]
    return [*own, rows.filter(region_code__in=scope.regions)] if scope.regions else own


def _sure(query: Query) -> Iterator[Q]:
    yield from called(TABLE, COLUMNS, query=query)
    if owners := directory.organisations_called(query):
        yield Q(owner_id__in=owners)


def _near(query: Query) -> Iterator[Q]:
    if query.is_number_like:
        yield Q(number__in=one_slip_away(query.text))
    yield from called_nearly(TABLE, COLUMNS, query=query)
