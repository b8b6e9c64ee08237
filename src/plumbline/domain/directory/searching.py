"""Finds organisations by name, by credit code or institution code, and by pieces of either."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from plumbline.domain.directory import rules
from plumbline.domain.directory.models import Organisation
from plumbline.domain.rows.searching.asking import Query
from plumbline.domain.rows.searching.numbers import with_a_slip
from plumbline.domain.rows.searching.phrases import called, called_nearly
from plumbline.domain.rows.searching.schema import kinds
from plumbline.domain.rows.searching.taking import MOST, Found, Rows, any_of, take

TABLE = "directory_organisation"
COLUMNS = ("name_zh", "name_en", "uscc", "institution_code")
MEANT_MOST = 50
KINDS = kinds(TABLE, COLUMNS)


def found(query: Query, *, rows: Rows, most: int = MOST) -> Found[UUID]:
    """Return the organisations among some rows that are called so."""
    return take(rows, sure=_sure(query), near=_near(query), most=most)


def called_so(query: Query) -> list[UUID]:
    """Return organisations of any area that are called so, for what belongs to them; asked once for one query."""
    if TABLE not in query.known:
        query.known[TABLE] = list(take(Organisation.objects.all, sure=_sure(query), most=MEANT_MOST).hits)
    held: list[UUID] = query.known[TABLE]
    return held


def matching(query: Query) -> Q:
    """Return the condition of being called so, for a list."""
    return any_of(_sure(query))


def _sure(query: Query) -> Iterator[Q]:
    if query.whole.isascii():
        yield Q(uscc=rules.normal_form(query.text)) | Q(institution_code=query.text.upper())
    yield from called(TABLE, COLUMNS, query=query)


def _near(query: Query) -> Iterator[Q]:
    if query.is_number_like:
        yield Q(pk__in=with_a_slip(TABLE, ("uscc",), query=query))
    yield from called_nearly(TABLE, COLUMNS, query=query)
