"""Pages of a list by keyset, both ways: rows after, or before, the row a token names; and a count that scans no table.

Rows without a value of the sorted column come last, whichever way it is sorted: they are a part of their own, read when
the part before them is at its end. Each part is (value, id) compared as a row, which one index (value, id) serves in
both directions. A token is signed and bound to the list, its conditions and its order: any other one is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import OperationalError, connection, transaction
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from plumbline.domain.rows.listing.asking import where
from plumbline.domain.rows.listing.spec import Column, Join, ListSpec, Row, Sort, Wanted
from plumbline.domain.rows.types import Scope
from plumbline.errors import InputError, say

PAGE_ROWS = 50
COUNTED_MOST = 1_000
COUNTED_MS = 200
BATCH_ROWS = 2_000
_SALT = "plumbline.list"


@dataclass(frozen=True)
class Count:
    """How many rows there are. is_whole: exactly so many; else at least so many, or, where 0, not counted in time."""

    rows: int
    is_whole: bool


@dataclass(frozen=True)
class Page:
    """Some rows in order, the tokens of the pages before and after (empty at the ends), how many rows came before."""

    rows: Sequence[Row]
    previous: str
    next: str
    before: int
    count: Count


@dataclass(frozen=True)
class _Place:
    """Where a page begins: beyond the row of this value and id, read on or back; rows before it, and their count."""

    value: Any  # Any: of whichever kind the sorted column is
    id: UUID
    is_back: bool
    before: int
    count: Count


@dataclass(frozen=True)
class _Order:
    """The order a list is read in. path: of the sorted column, "pk" where the id alone orders."""

    path: str
    is_descending: bool
    is_nullable: bool

    def reading(self, *, is_back: bool) -> tuple[list[str], tuple[bool, ...]]:
        """Return the terms of the order, and the parts in it (True: the rows without a value)."""
        sign = "-" if self.is_descending != is_back else ""
        terms = [f"{sign}pk"] if self.path == "pk" else [f"{sign}{self.path}", f"{sign}pk"]
        parts = (False, True) if self.is_nullable else (False,)
        return terms, parts[::-1] if is_back else parts


class _Beyond(Func):
    """(value, id) compared as a row: PostgreSQL finds the beginning of a page in an index on both."""

    conditional = True
    output_field = BooleanField()

    def as_sql(  # type: ignore[override]  # of Django's arguments only the compiler is needed
        self, compiler: SQLCompiler, *_unused: object, **_more: object
    ) -> tuple[str, list[Any]]:  # Any: parameters of whichever kind
        """Return the comparison of two rows."""
        parts = [compiler.compile(each) for each in self.source_expressions]
        value, key, at, after = (text for text, _params in parts)
        sign = "<" if self.extra["is_less"] else ">"
        return f"({value}, {key}) {sign} ({at}, {after})", [param for _text, params in parts for param in params]


def page_of(
    spec: ListSpec, wanted: Wanted, *, scope: Scope, size: int = PAGE_ROWS, needed: frozenset[str] | None = None
) -> Page:
    """Return a page. needed: the keys of a row that are shown, None for all.

    Raises: InputError for the token of another list, InputErrors for conditions that cannot be.
    """
    rows = spec.rows(scope).filter(where(spec, wanted))
    order = _order(spec, wanted)
    place = _place(spec, wanted, scope=scope)
    found = _keys(rows, order, place=place, most=size + 1)
    has_more = len(found) > size
    found = found[:size]
    is_back = place is not None and place.is_back
    if is_back:
        found.reverse()
    before = _before(place, len(found))
    count = place.count if place else _count(rows, known=None if has_more else len(found))
    has_previous, has_next = (has_more, True) if is_back else (place is not None, has_more)
    digest = _digest(spec, wanted, scope=scope)

    def token(at: tuple[UUID, Any], *, is_back: bool, before: int) -> str:
        return _token(digest, _Place(at[1], at[0], is_back, before, count))

    return Page(
        rows=fetched(spec, rows, keys=[key for key, _value in found], needed=needed),
        previous=token(found[0], is_back=True, before=before) if found and has_previous else "",
        next=token(found[-1], is_back=False, before=before + len(found)) if found and has_next else "",
        before=before,
        count=count,
    )


def every_row(spec: ListSpec, wanted: Wanted, *, scope: Scope, needed: frozenset[str] | None = None) -> Iterator[Row]:
    """Yield every row of a list in its order from one cursor of the database: a snapshot, in bounded memory.

    needed: the keys of a row that are read, None for all; what brings others is not asked.
    Must run in a transaction under the scope, until the last row has been taken.
    """
    order = _order(spec, wanted)
    terms: list[Any] = list(order.reading(is_back=False)[0])  # Any: texts and expressions
    if order.is_nullable:
        term = F(order.path)
        terms[0] = term.desc(nulls_last=True) if order.is_descending else term.asc(nulls_last=True)
    paths, joins = spec.reading(needed)
    names = _names(paths)
    with connection.cursor() as cursor:  # all of it will be read: the quickest way to the last row, not to the first
        cursor.execute("set local cursor_tuple_fraction = 1")
    rows = spec.rows(scope).filter(where(spec, wanted)).order_by(*terms)
    found = rows.values_list(*names).iterator(chunk_size=BATCH_ROWS)
    while batch := [_row(names, values, paths=paths) for values in islice(found, BATCH_ROWS)]:
        yield from _joined(batch, joins)


def rows_of(spec: ListSpec, keys: Sequence[UUID], *, scope: Scope) -> Sequence[Row]:
    """Return rows of a list by their ids, those the scope may list, in the order asked."""
    return fetched(spec, spec.rows(scope), keys=list(keys))


def counted(spec: ListSpec, *, scope: Scope, wanted: Wanted | None = None) -> Count:
    """Return how many rows of a list a scope has, as far as they are counted; without any condition unless told."""
    rows = spec.rows(scope)
    return _count(rows if wanted is None else rows.filter(where(spec, wanted)), known=None)


def first_keys(spec: ListSpec, wanted: Wanted, *, scope: Scope, most: int) -> list[UUID]:
    """Return the ids of the first rows of a list, at most so many."""
    rows = spec.rows(scope).filter(where(spec, wanted))
    return [key for key, _value in _keys(rows, _order(spec, wanted), place=None, most=most)]


def fetched(
    spec: ListSpec, rows: QuerySet[Any], *, keys: Sequence[UUID], needed: frozenset[str] | None = None
) -> list[Row]:
    """Return rows by id with what the joins add: one statement, and those of the joins, for all of them."""
    paths, joins = spec.reading(needed, beside=spec.own)
    names = _names(paths)
    by_id = {values[0]: values for values in rows.filter(pk__in=keys).order_by().values_list(*names)}
    return _joined([_row(names, by_id[key], paths=paths) for key in keys if key in by_id], joins)


def _names(paths: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(["pk", *paths.values()]))


def _row(names: Sequence[str], values: Sequence[Any], *, paths: Mapping[str, str]) -> dict[str, Any]:
    held = dict(zip(names, values, strict=True))
    return {"id": held["pk"], **{key: held[path] for key, path in paths.items()}}


def _joined(found: list[dict[str, Any]], joins: Sequence[Join]) -> list[Row]:
    """Return rows with what the joins add, in the order of the joins."""
    by_id = {row["id"]: row for row in found}
    for join in joins:
        for key, more in join(found).items():
            by_id[key].update(more)
    return list(found)


def _order(spec: ListSpec, wanted: Wanted) -> _Order:
    sort = wanted.sort or spec.sort
    column = _column(spec, sort)
    return _Order(column.ordered_at, sort.is_descending, column.is_nullable)


def _column(spec: ListSpec, sort: Sort) -> Column:
    column = spec.column(sort.column)
    if column is None or not column.ordered_at:
        raise InputError(say("这个清单不能按“{name}”排序", name=sort.column), remedy=say("按表头上能点的列排序"))
    return column


def _keys(rows: QuerySet[Any], order: _Order, *, place: _Place | None, most: int) -> list[tuple[UUID, Any]]:
    """Return (id, value) of the next rows in reading order: one statement, a second where one part ends."""
    is_back = place is not None and place.is_back
    terms, parts = order.reading(is_back=is_back)
    found: list[tuple[UUID, Any]] = []
    if place is not None and order.is_nullable:
        parts = parts[parts.index(place.value is None) :]
    for number, is_empty in enumerate(parts):
        part = rows.filter(**{f"{order.path}__isnull": is_empty}) if order.is_nullable else rows
        ordered = terms[-1:] if is_empty else terms
        if place is not None and number == 0:
            part = _beyond(part, ordered, place=place)
        found += part.order_by(*ordered).values_list("pk", order.path)[: most - len(found)]
        if len(found) >= most:
            break
    return found


def _beyond(rows: QuerySet[Any], terms: Sequence[str], *, place: _Place) -> QuerySet[Any]:
    is_less = terms[-1].startswith("-")
    if len(terms) == 1:
        return rows.filter(**{f"pk__{'lt' if is_less else 'gt'}": place.id})
    path = terms[0].removeprefix("-")
    return rows.filter(_Beyond(F(path), F("pk"), Value(place.value), Value(place.id), is_less=is_less))


def _before(place: _Place | None, length: int) -> int:
    if place is None:
        return 0
    return max(place.before - length, 0) if place.is_back else place.before


def _count(rows: QuerySet[Any], *, known: int | None) -> Count:
    """Return how many rows there are up to a limit and a time: a count that would scan is not made."""
    if known is not None:
        return Count(known, is_whole=True)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('statement_timeout', %s, true)", [str(COUNTED_MS)])
            found = rows.order_by()[: COUNTED_MOST + 1].count()
            cursor.execute("select set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "57014":  # query_canceled: the time was up
            raise
        return Count(0, is_whole=False)
    return Count(min(found, COUNTED_MOST), is_whole=found <= COUNTED_MOST)


# ---------------------------------------------------------------- tokens


def _digest(spec: ListSpec, wanted: Wanted, *, scope: Scope) -> str:
    sort = wanted.sort or spec.sort
    conditions = sorted((each.column, each.operator, each.values) for each in spec.in_force(wanted))
    parts = [spec.name, conditions, wanted.text, sort.column, sort.is_descending, sorted(map(str, scope.organisations))]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:24]


def _token(digest: str, place: _Place) -> str:
    said = [digest, _plain(place.value), str(place.id), int(place.is_back), place.before]
    return signing.dumps([*said, place.count.rows, int(place.count.is_whole)], salt=_SALT, compress=True)


def _place(spec: ListSpec, wanted: Wanted, *, scope: Scope) -> _Place | None:
    """Return where a token says to go on. Raises: InputError where it was not made for this list, so narrowed."""
    if not wanted.token:
        return None
    try:
        digest, value, key, is_back, before, rows, is_whole = signing.loads(wanted.token, salt=_SALT)
    except (signing.BadSignature, ValueError) as err:
        raise _foreign() from err
    if digest != _digest(spec, wanted, scope=scope):
        raise _foreign()
    return _Place(_read(value), UUID(key), bool(is_back), before, Count(rows, bool(is_whole)))


def _foreign() -> InputError:
    return InputError(say("翻页的记号不是这个清单、这些条件和这个次序的"), remedy=say("从第一页重新翻"), field="page")


def _plain(value: Any) -> Any:  # Any: JSON of whichever kind
    """Return a value as JSON can carry it, with its kind."""
    if isinstance(value, datetime):
        return ["moment", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, Decimal | UUID):
        return ["decimal" if isinstance(value, Decimal) else "uuid", str(value)]
    return value


def _read(value: Any) -> Any:  # Any: as `_plain`
    if not isinstance(value, list):
        return value
    kind, text = value
    readers: dict[str, Callable[[str], Any]] = {  # Any: as `_plain`
        "moment": datetime.fromisoformat, "date": date.fromisoformat, "decimal": Decimal, "uuid": UUID,
    }  # fmt: skip
    return readers[kind](text)
