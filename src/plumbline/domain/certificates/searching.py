"""Finds certificates: by number, a piece of it or with a slip in it, by their instrument, by whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.domain.certificates.models import Certificate
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import queries as registers
from plumbline.domain.rows.searching.asking import Query
from plumbline.domain.rows.searching.numbers import Numbered, holding, with_a_slip
from plumbline.domain.rows.searching.taking import MOST, Found, any_of, take
from plumbline.domain.rows.types import Scope

TABLE = "certificates_certificate"
NUMBERS = ("number",)
MEANT_MOST = 1_000


def found(query: Query, *, scope: Scope, most: int = MOST) -> Found[UUID]:
    """Return the certificates a scope sees that are meant by what was typed."""
    if query.lookup_code:
        opened = Q(code=query.lookup_code), Q(instrument_code=query.lookup_code)
        return take(Certificate.objects.all, sure=opened, most=most)
    rows = partial(_rows, scope)
    if query.identity:
        return take(rows, sure=_of_others(query, scope), most=most)
    numbered: list[UUID] | None = []
    if query.is_number_like and query.wants_sure:
        exact = list(Certificate.objects.filter(number=query.text.upper()).values_list("pk", flat=True))
        kept = Numbered(TABLE, NUMBERS, rows)
        numbered = exact or holding(kept, query, most=most + 1)
    sure = () if numbered else _of_others(query, scope)
    return take(rows, first=numbered, sure=sure, near=_near(query), most=most)


def meant(query: Query) -> Q:
    """Return the condition of the certificates whose number holds what was typed, for a list."""
    kept = Numbered(TABLE, NUMBERS, Certificate.objects.all)
    return any_of([Q(number=query.text.upper()), Q(pk__in=holding(kept, query, most=MEANT_MOST) or [])])


def _rows(scope: Scope) -> QuerySet[Certificate]:
    """Return the documents of a scope: said again beside row-level security, so that an index on a part serves."""
    rows = Certificate.objects.all()
    if scope.everything:
        return rows
    parties = Q(owner_id__in=scope.organisations) | Q(body_id__in=scope.organisations)
    return rows.filter(parties | Q(region_code__in=scope.regions) if scope.regions else parties)


def _of_others(query: Query, scope: Scope) -> Iterator[Q]:
    """Yield the conditions of being of an instrument found so, or of somebody called so."""
    instruments = registers.search_instruments(query, scope=scope)
    if instruments.hits and not instruments.is_near:
        yield Q(instrument_id__in=list(instruments.hits))
    if owners := directory.organisations_called(query):
        yield Q(owner_id__in=owners)


def _near(query: Query) -> Iterator[Q]:
    if near := with_a_slip(TABLE, NUMBERS, query=query):
        yield Q(pk__in=near)
