"""Finds what the registers hold: instruments, measurement standards, entries of simple registers.

Instruments are found by identity, by serial or asset number, by what they and their makers are called, and by where
they stand and whose they are; several words may each say another of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial, reduce
from operator import and_
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from plumbline.domain.directory import queries as directory
from plumbline.domain.registers.models import Instrument, MeasurementStandard, Period, Scope, Site
from plumbline.domain.rows.codes import IDENTITY_SIGNS, read_identity
from plumbline.domain.rows.searching.asking import LEAST_CHARACTERS, Query
from plumbline.domain.rows.searching.numbers import Numbered, holding, one_slip_away, spellings, with_a_slip
from plumbline.domain.rows.searching.phrases import called, called_nearly, is_cut
from plumbline.domain.rows.searching.schema import kinds
from plumbline.domain.rows.searching.taking import MOST, Found, any_of, take
from plumbline.domain.rows.types import Scope as Seen
from plumbline.errors import InputError

INSTRUMENT, SITE = "registers_instrument", "registers_site"
STANDARD, PERIOD = "registers_measurementstandard", "registers_period"
NAMES = ("name_zh", "name_en", "model", "maker")
NUMBERS = ("serial", "external_id")
STANDARD_NAMES = ("code", "name_zh", "name_en")
KINDS = (
    *kinds(INSTRUMENT, NAMES), *kinds(SITE, ("name_zh",)), *kinds(STANDARD, STANDARD_NAMES),
    *kinds(PERIOD, ("title", "key")),
)  # fmt: skip
"""The kinds of phrases these rooms' rows are called by."""
PLACES_MOST = 50
HELD_MOST = 1_000
SPLIT_MOST = 3


# ---------------------------------------------------------------- instruments


def instruments(query: Query, *, scope: Seen, most: int = MOST) -> Found[UUID]:
    """Return the instruments a scope sees that are meant by what was typed; asked once for one query."""
    asked = f"{INSTRUMENT}:{scope}:{most}:{query.wants_sure}:{query.wants_near}"
    if asked not in query.known:
        query.known[asked] = _instruments(query, scope=scope, most=most)
    found: Found[UUID] = query.known[asked]
    return found


def _instruments(query: Query, *, scope: Seen, most: int) -> Found[UUID]:
    known = _identified(query)
    if known:
        return take(Instrument.objects.all, sure=known, most=most)
    rows = partial(_instruments_of, scope)
    kept = Numbered(INSTRUMENT, ("identity", *NUMBERS), rows)
    return take(rows, first=_numbered(query, kept, most=most + 1), sure=_named(query), near=_near(query), most=most)


def instruments_meant(query: Query) -> Q:
    """Return the condition of the instruments meant, for a list: its rows are under row-level security as always."""
    known = _identified(query)
    if known:
        return known[0]
    kept = Numbered(INSTRUMENT, ("identity", *NUMBERS), Instrument.objects.all)
    numbered = _numbered(query, kept, most=HELD_MOST) or []
    sure = any_of([*_named(query), Q(pk__in=numbered)])
    return sure if Instrument.objects.filter(sure).exists() else any_of(_near(query))


def _identified(query: Query) -> list[Q]:
    """Return the condition of an identity or a public code, where what was typed is one."""
    if query.identity:
        return [Q(identity=query.identity)]
    return [Q(lookup_code=query.lookup_code)] if query.lookup_code else []


def _instruments_of(scope: Seen) -> QuerySet[Instrument]:
    """Return the instruments of a scope: said again beside row-level security, so that an index on a part serves."""
    rows = Instrument.objects.all()
    if scope.everything:
        return rows
    own = Q(owner_id__in=scope.organisations)
    if scope.regions:
        return rows.filter(own | Q(region_code__in=scope.regions))
    scopes = Scope.objects.filter(institution_id__in=scope.organisations).values_list("category", "region_codes")
    held = list(scopes)
    if not held:
        return rows.filter(own)
    categories, codes = {category for category, _codes in held}, {code for _category, codes in held for code in codes}
    return rows.filter(own | Q(category__in=sorted(categories), region_code__in=sorted(codes)))


def _numbered(query: Query, kept: Numbered, *, most: int) -> list[UUID] | None:
    """Return the instruments of a number just so, then those of a piece of one; None where it is too common a piece."""
    if not query.is_number_like or not query.wants_sure:
        return []
    spelled = spellings(query.text)
    just_so = Instrument.objects.filter(Q(serial__in=spelled) | Q(external_id__in=spelled))
    exact = list(just_so.values_list("pk", flat=True)[:most])
    pieces = holding(kept, query, most=most) if len(exact) < most else []
    return None if pieces is None and not exact else [*exact, *(pieces or ())]


def _named(query: Query) -> Iterator[Q]:
    """Yield conditions, the surest first: of names, of places and owners, of names beside places and owners."""
    yield from called(INSTRUMENT, NAMES, query=query)
    if places := _placed(query):
        yield places
    if query.wants_sure and 1 < len(query.tokens) <= SPLIT_MOST:
        yield from _split(query)


def _placed(query: Query) -> Q | None:
    """Return the condition of standing where, or belonging to whom, is called so."""
    sites = sites_called(query)
    owners = directory.organisations_called(query)
    every = Q(site_id__in=sites) if sites else Q()
    return (every | Q(owner_id__in=owners) if owners else every) or None


def _split(query: Query) -> Iterator[Q]:
    """Yield conditions of several words of which one says where or whose, and the others what."""
    for token in query.tokens:
        place = _placed(Query(token, (token,))) if len(token) > 1 else None
        rest = tuple(each for each in query.tokens if each != token)
        if place is None or len("".join(rest)) < LEAST_CHARACTERS:
            continue
        for names in called(INSTRUMENT, NAMES, query=Query(" ".join(rest), rest)):
            yield place & names


def _near(query: Query) -> Iterator[Q]:
    if query.is_number_like and query.wants_near:
        yield Q(pk__in=with_a_slip(INSTRUMENT, NUMBERS, query=query)) | Q(identity__in=_identities_near(query))
    yield from called_nearly(INSTRUMENT, NAMES, query=query)


def _identities_near(query: Query) -> list[str]:
    """Return the identities one slip away, letters and digits alike: few, for the check character is right."""
    found = []
    for text in one_slip_away(query.whole.upper().removeprefix("PL"), signs=IDENTITY_SIGNS):
        try:
            found.append(read_identity(text))
        except InputError:
            continue
    return found


def sites_called(query: Query) -> list[UUID]:
    """Return the sites the running scope sees that are called so."""
    return list(take(Site.objects.all, sure=called(SITE, ("name_zh",), query=query), most=PLACES_MOST).hits)


# ---------------------------------------------------------------- measurement standards


def standards(query: Query, *, scope: Seen, most: int = MOST) -> Found[UUID]:
    """Return the measurement standards of the houses of a scope that are called so."""

    def rows() -> QuerySet[MeasurementStandard]:
        return MeasurementStandard.objects.filter(directory.near(scope, "owner"))

    sure, near = (by(STANDARD, STANDARD_NAMES, query=query) for by in (called, called_nearly))
    return take(rows, sure=sure, near=near, most=most)


def standards_meant(query: Query) -> Q:
    """Return the condition of being called so, for a list."""
    return any_of(called(STANDARD, STANDARD_NAMES, query=query))


# ---------------------------------------------------------------- entries of simple registers


def entries(query: Query, *, registers: Iterable[str], on: date, most: int = MOST) -> Found[UUID]:
    """Return what some registers say on a day of entries that are called so, as far as the scope sees."""

    def rows() -> QuerySet[Period]:
        standing = Period.objects.filter(register__in=list(registers), replaced_by__isnull=True, valid_from__lte=on)
        return standing.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))

    sure, near = (by(PERIOD, ("title", "key"), query=query) for by in (called, called_nearly))
    return take(rows, sure=sure, near=near, most=most)


def entries_meant(query: Query, *, register: str, names: Sequence[str]) -> Q:
    """Return the condition of the entries meant, for a list of one register. names: what they may be called by.

    Where more are called so than are looked up by their phrases, the titles themselves are read in the order of the
    list: what is so common soon fills a page.
    """
    sure = any_of(called(PERIOD, names, query=query))
    if is_cut(PERIOD, names, query=query):
        return sure | reduce(and_, (Q(title__icontains=part) for part in query.text.split()))
    standing = Period.objects.filter(register=register, replaced_by__isnull=True)
    return sure if standing.filter(sure).exists() else any_of(called_nearly(PERIOD, names, query=query))


def published(query: Query, *, registers: Iterable[str], on: date, most: int = MOST) -> Found[tuple[str, int, str]]:
    """Return (register, number, title) of entries everybody may read that are called so, the nearest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select register, number, title from registers_published_called(%s, %s, %s, %s)",
            [list(registers), list(query.tokens), on, most + 1],
        )
        found = [(str(register), int(number), str(title)) for register, number, title in cursor.fetchall()]
    return Found(found[:most], len(found) > most)
