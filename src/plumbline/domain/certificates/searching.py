"""Finds certificates: by number, a piece of it or with a slip in it, by their instrument, by whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q, QuerySet

from plumbline.domain.certificates.models import Certificate
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import queries as registers
from plumbline.domain.rows.searching.asking import Query
from plumbline.domain.rows.searching.numbers import holding, one_slip_away
from plumbline.domain.rows.searching.taking import MOST, Found, any_of, take
from plumbline.domain.rows.types import Scope

TABLE = "certificates_certificate"
MEANT_MOST = 1_000


def found(query: Query, *, scope: Scope, most: int = MOST) -> Found[UUID]:
    """Return the certificates a scope sees that are meant by what was typed."""
    legs = _legs(scope)
    if query.lookup_code:
        opened = Q(code=query.lookup_code), Q(instrument_code=query.lookup_code)
        return take([Certificate.objects.all()], sure=opened, near=(), most=most)
    if query.identity:
        return take(legs, sure=_of_others(query, scope), near=(), most=most)
    exact = take(legs, sure=[Q(number=query.text.upper())], near=(), most=most)
    if exact.hits:
        return exact
    numbered = holding(legs, ("number",), query=query, indexed_by=f"{TABLE}_numbered", most=most + 1)
    ids = list(dict.fromkeys(numbered or ()))
    if not ids:
        rest = take(legs, sure=_of_others(query, scope), near=_near(query), most=most)
        return Found(rest.hits, rest.has_more, rest.is_near, is_cut=numbered is None)
    return Found(ids[:most], len(ids) > most)


def meant(query: Query) -> Q:
    """Return the condition of the certificates whose number holds what was typed, for a list."""
    numbered = holding([], ("number",), query=query, indexed_by=f"{TABLE}_numbered", most=MEANT_MOST)
    return any_of([Q(number=query.text.upper()), Q(pk__in=numbered or [])])


def _legs(scope: Scope) -> list[QuerySet[Certificate]]:
    """Return the documents of a scope, part by part: said again beside row-level security, so that an index serves."""
    rows = Certificate.objects.all()
    if scope.everything:
        return [rows]
    own = [rows.filter(owner_id__in=scope.organisations), rows.filter(body_id__in=scope.organisations)]
    return [*own, rows.filter(region_code__in=scope.regions)] if scope.regions else own


def _of_others(query: Query, scope: Scope) -> Iterator[Q]:
    """Yield the conditions of being of an instrument found so, or of somebody called so."""
    instruments = registers.search_instruments(query, scope=scope)
    if instruments.hits and not instruments.is_near:
        yield Q(instrument_id__in=list(instruments.hits))
    if owners := directory.organisations_called(query):
        yield Q(owner_id__in=owners)


def _near(query: Query) -> Iterator[Q]:
    if query.is_number_like:
        yield Q(number__in=one_slip_away(query.text))
