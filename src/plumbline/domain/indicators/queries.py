"""Reads of the indicators: sums of cells, and the instruments behind a sum. Nobody sees rows beyond their scope.

Each sum is one statement, whose text is handed out too: a page shows what a figure was asked with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from django.db import connection
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from plumbline.domain.indicators.cells import LAST
from plumbline.domain.indicators.models import Refresh, Stale
from plumbline.domain.indicators.models import Standing as StandingRow
from plumbline.domain.indicators.types import (
    CoverageLine,
    FailureLine,
    Freshness,
    HandledLine,
    StandingFacts,
    StandingFilter,
    StandingPage,
)
from plumbline.errors import InputError, say
from plumbline.rulebook import notices

By = Literal["region_code", "category"]
Cut = Literal["maker", "age", "category", "month"]
Bound = dict[str, date | list[str] | None]
PAGE_ROWS = 50

_COVERAGE = """
select {by},
       coalesce(sum(count) filter (where standing = 'passed' and valid_until > %(soon)s), 0),
       coalesce(sum(count) filter (where standing = 'passed' and valid_until between %(on)s and %(soon)s), 0),
       coalesce(sum(count) filter (where standing = 'passed' and valid_until < %(on)s), 0),
       coalesce(sum(count) filter (where standing = 'failed'), 0),
       coalesce(sum(count) filter (where standing = 'revoked'), 0),
       coalesce(sum(count) filter (where standing = 'never'), 0)
  from indicators_coverage
 where state = 'in_use' and category = any(%(categories)s)
   and (%(regions)s::text[] is null or region_code = any(%(regions)s))
 group by {by} order by {by}
"""
_FAILURES = """
select {key}, sum(count), coalesce(sum(count) filter (where kind = 'T'), 0)
  from indicators_measured
 where cut = '{cut}' and month >= %(since)s and category = any(%(categories)s)
   and (%(regions)s::text[] is null or region_code = any(%(regions)s))
 group by 1 order by 1
"""
HANDLED_SQL = """
select body_id,
       coalesce(sum(count) filter (where due_on is not null), 0),
       coalesce(sum(count) filter (where due_on < %(on)s), 0),
       coalesce(sum(count) filter (where ended_month >= %(since)s and is_on_time), 0),
       coalesce(sum(count) filter (where ended_month >= %(since)s and not is_on_time), 0),
       coalesce(sum(count) filter (where ended_month >= %(since)s and is_on_time is null), 0)
  from indicators_handled
 where %(regions)s::text[] is null or region_code = any(%(regions)s)
 group by body_id order by body_id
"""
_KEYS: dict[Cut, tuple[str, str]] = {
    "maker": ("value", "maker"),
    "age": ("value", "age"),
    "category": ("category", "age"),
    "month": ("to_char(month, 'YYYY-MM')", "age"),
}


def coverage(
    by: By, *, on: date, categories: Sequence[str], region_codes: Sequence[str] | None = None
) -> tuple[CoverageLine, ...]:
    """Return how the instruments in use of some categories stand on a day, by county or by category."""
    values: Bound = {"on": on, "soon": notices.soon(on), **_reach(categories, region_codes)}
    return tuple(
        CoverageLine(str(row[0]), *(_int(each) for each in row[1:])) for row in _read(coverage_sql(by), values)
    )


def failures(
    cut: Cut, *, since: date, categories: Sequence[str], region_codes: Sequence[str] | None = None
) -> tuple[FailureLine, ...]:
    """Return how many documents of the months since a day say failed, by maker, age in years, category or month."""
    values: Bound = {"since": since.replace(day=1), **_reach(categories, region_codes)}
    return tuple(FailureLine(str(key), _int(all_), _int(bad)) for key, all_, bad in _read(failures_sql(cut), values))


def handled(*, on: date, since: date, region_codes: Sequence[str] | None = None) -> tuple[HandledLine, ...]:
    """Return what each institution has under way on a day, and what it finished in the months since another."""
    values: Bound = {"on": on, "since": since.replace(day=1), **_reach((), region_codes)}
    return tuple(HandledLine(_uuid(row[0]), *(_int(each) for each in row[1:])) for row in _read(HANDLED_SQL, values))


def coverage_sql(by: By) -> str:
    """Return the statement that asks for the coverage."""
    return _COVERAGE.format(by=by)


def failures_sql(cut: Cut) -> str:
    """Return the statement that asks for the failures."""
    key, kept = _KEYS[cut]
    return _FAILURES.format(key=key, cut=kept)


def freshness() -> Freshness:
    """Return how new the figures are."""
    last = Refresh.objects.filter(pk=LAST).first()
    return Freshness(
        last.at if last else None, Stale.objects.values("figure", "region_code", "part").distinct().count()
    )


def standings(wanted: StandingFilter, *, on: date, after: str = "", limit: int = PAGE_ROWS) -> StandingPage:
    """Return the instruments in use behind a figure, the one that ended first on top. Raises: InputError for no key."""
    rows = _narrowed(wanted, on).order_by(F("valid_until").asc(nulls_first=True), "instrument_id")
    if after:
        rows = rows.filter(_later(after))
    found = list(rows[: limit + 1])
    kept = tuple(
        StandingFacts(row.instrument_id, row.region_code, row.category, row.name, row.valid_until)  # type: ignore[attr-defined]  # annotated
        for row in found[:limit]
    )
    last = kept[-1] if len(found) > limit else None
    return StandingPage(kept, f"{last.valid_until or ''}~{last.instrument_id}" if last else "")


def _narrowed(wanted: StandingFilter, on: date) -> QuerySet[StandingRow]:
    soon = notices.soon(on)
    passed = Q(standing="passed")
    name = Case(
        When(passed & Q(valid_until__lt=on), then=Value("overdue")),
        When(passed & Q(valid_until__lte=soon), then=Value("due")),
        When(passed, then=Value("valid")),
        default=F("standing"),
        output_field=CharField(),
    )
    rows = StandingRow.objects.filter(state="in_use").annotate(name=name)
    if wanted.region_codes:
        rows = rows.filter(region_code__in=wanted.region_codes)
    if wanted.categories:
        rows = rows.filter(category__in=wanted.categories)
    chosen = {
        "overdue": passed & Q(valid_until__lt=on),
        "due": passed & Q(valid_until__range=(on, soon)),
        "valid": passed & Q(valid_until__gt=soon),
    }
    if wanted.standing:
        rows = rows.filter(chosen.get(wanted.standing, Q(standing=wanted.standing)))
    return rows


def _later(after: str) -> Q:
    """Return what comes after a key; instruments without a last day come first."""
    try:
        text, key = after.split("~")
        day, following = date.fromisoformat(text) if text else None, UUID(key)
    except ValueError as err:
        raise InputError(say("网址里的翻页记号看不懂"), remedy=say("回到清单的第一页再翻")) from err
    if day is None:
        return Q(valid_until__isnull=True, instrument_id__gt=following) | Q(valid_until__isnull=False)
    return Q(valid_until__gt=day) | Q(valid_until=day, instrument_id__gt=following)


def _reach(categories: Sequence[str], region_codes: Sequence[str] | None) -> Bound:
    return {"categories": list(categories), "regions": None if region_codes is None else list(region_codes)}


def _read(statement: str, values: Bound) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _int(value: object) -> int:
    return int(str(value))


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
