"""Reads of the indicators: sums of cells, and the instruments behind a sum. Nobody sees rows beyond their scope.

Each sum is one statement, whose text is handed out too: a page shows what a figure was asked with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from django.db import connection

from plumbline.domain.cases import queries as cases
from plumbline.domain.indicators import courses, lists
from plumbline.domain.indicators import reports as frozen_reports
from plumbline.domain.indicators.cells import LAST
from plumbline.domain.indicators.models import Refresh, Stale
from plumbline.domain.indicators.types import (
    CoverageLine,
    FailureLine,
    Freshness,
    HandledLine,
    MonthLine,
    Reach,
)
from plumbline.rulebook import notices

reports, report, report_facts, report_content = (
    frozen_reports.reports, frozen_reports.report, frozen_reports.report_facts, frozen_reports.content,
)  # fmt: skip
frozen_report, first_difference, since_frozen = (
    frozen_reports.frozen_report, frozen_reports.first_difference, frozen_reports.since_frozen,
)  # fmt: skip
course, procedures_overview, AGES = courses.course, courses.overview, courses.AGES
good_states = courses.good_states
FLOW_SQL, OPEN_SQL, CLOCKS_SQL = courses.FLOW_SQL, courses.OPEN_SQL, courses.CLOCKS_SQL
PLACES_SQL, STEPS_SQL = courses.PLACES_SQL, courses.STEPS_SQL
list_of_standings = lists.standings
late_figures, differences = frozen_reports.late_figures, frozen_reports.differences
By = Literal["region_code", "category"]
Cut = Literal["maker", "age", "category", "month"]
CUTS: tuple[Cut, ...] = ("maker", "age", "category", "month")
YEAR_DAYS = 365
Bound = dict[str, date | UUID | list[str] | None]

COVERAGE_SQL = """
select case when grouping(region_code) = 0 then 'region_code' else 'category' end, coalesce(region_code, category),
       coalesce(sum(until[cardinality(days)] - till_soon) filter (where standing = 'passed'), 0),
       coalesce(sum(till_soon - before) filter (where standing = 'passed'), 0),
       coalesce(sum(before) filter (where standing = 'passed'), 0),
       coalesce(sum(count) filter (where standing = 'failed'), 0),
       coalesce(sum(count) filter (where standing = 'revoked'), 0),
       coalesce(sum(count) filter (where standing = 'never'), 0)
  from (select *, coalesce(until[nullif(width_bucket(%(on)s::date - 1, days), 0)], 0) as before,
               coalesce(until[nullif(width_bucket(%(soon)s::date, days), 0)], 0) as till_soon
          from indicators_coverage) c
 where state = 'in_use' and category = any(%(categories)s)
   and (%(regions)s::text[] is null or region_code = any(%(regions)s))
 group by grouping sets ((region_code), (category)) order by 1, 2
"""
FAILURES_SQL = """
select 'maker', value, sum(count), coalesce(sum(count) filter (where kind = 'T'), 0)
  from indicators_measured
 where cut = 'maker' and month >= %(since)s and category = any(%(categories)s)
   and (%(regions)s::text[] is null or region_code = any(%(regions)s))
   and (%(body)s::uuid is null or body_id = %(body)s)
 group by value
union all
select case grouping(value, category, month) when 3 then 'age' when 5 then 'category' else 'month' end,
       coalesce(value, category, to_char(month, 'YYYY-MM')), sum(made), coalesce(sum(failed), 0)
  from (select value, category, month, sum(count) as made, sum(count) filter (where kind = 'T') as failed
          from indicators_measured
         where cut = 'age' and month >= %(since)s and category = any(%(categories)s)
           and (%(regions)s::text[] is null or region_code = any(%(regions)s))
           and (%(body)s::uuid is null or body_id = %(body)s)
         group by value, category, month) m
 group by grouping sets ((value), (category), (month))
 order by 1, 2
"""
HANDLED_SQL = """
select body_id,
       coalesce(sum(count) filter (where month >= %(since)s), 0),
       coalesce(sum(count) filter (where state <> all(%(ends)s)), 0),
       coalesce(sum(count) filter (where due_on is not null), 0),
       coalesce(sum(count) filter (where due_on < %(on)s), 0),
       coalesce(sum(count) filter (where ended_month >= %(since)s and is_on_time), 0),
       coalesce(sum(count) filter (where ended_month >= %(since)s and not is_on_time), 0),
       coalesce(sum(count) filter (where ended_month >= %(since)s and is_on_time is null), 0)
  from indicators_handled
 where (%(regions)s::text[] is null or region_code = any(%(regions)s))
   and (%(body)s::uuid is null or body_id = %(body)s)
 group by body_id order by body_id
"""
MONTHS_SQL = """
select to_char(month, 'YYYY-MM'), sum(opened), sum(done)
  from (select month, count as opened, 0 as done, region_code, body_id from indicators_handled
        union all
        select ended_month, 0, count, region_code, body_id from indicators_handled where ended_month is not null) m
 where month >= %(since)s
   and (%(regions)s::text[] is null or region_code = any(%(regions)s))
   and (%(body)s::uuid is null or body_id = %(body)s)
 group by 1 order by 1
"""


def year_before(today: date) -> date:
    """Return the day the figures of a year count from: the first of the month that lies a year before."""
    return (today - timedelta(days=YEAR_DAYS)).replace(day=1)


def coverage(*, on: date, reach: Reach) -> Mapping[By, tuple[CoverageLine, ...]]:
    """Return how the instruments in use of some categories stand on a day, by county and by category."""
    values = {"on": on, "soon": notices.soon(on), **_reach(reach)}
    found: dict[By, list[CoverageLine]] = {"region_code": [], "category": []}
    for by, key, *counts in _read(COVERAGE_SQL, values):
        found["region_code" if by == "region_code" else "category"].append(CoverageLine(str(key), *map(_int, counts)))
    return {by: tuple(lines) for by, lines in found.items()}


def failures(*, since: date, reach: Reach) -> Mapping[Cut, tuple[FailureLine, ...]]:
    """Return how many documents of the months since a day say failed, by each cut: one statement."""
    values = {"since": since.replace(day=1), **_reach(reach)}
    found: dict[str, list[FailureLine]] = {}
    for cut, key, made, failed in _read(FAILURES_SQL, values):
        found.setdefault(str(cut), []).append(FailureLine(str(key), _int(made), _int(failed)))
    return {cut: tuple(found.get(cut, ())) for cut in CUTS}


def handled(*, on: date, since: date, reach: Reach) -> tuple[HandledLine, ...]:
    """Return what each institution has under way on a day, and what came in and was done since another."""
    values = {"on": on, "since": since.replace(day=1), "ends": list(cases.end_states()), **_reach(reach)}
    return tuple(HandledLine(_uuid(row[0]), *(_int(each) for each in row[1:])) for row in _read(HANDLED_SQL, values))


def months(*, since: date, until: date, reach: Reach, made: Sequence[FailureLine]) -> tuple[MonthLine, ...]:
    """Return what came in and what was done in each month from one day to another, beside the documents made in it.

    A month without any stands there with zeros; without anything at all there are no months.
    """
    values = {"since": since.replace(day=1), **_reach(reach)}
    work = {str(month): (_int(opened), _int(done)) for month, opened, done in _read(MONTHS_SQL, values)}
    documents = {line.key: line.measured for line in made}
    held = {*work, *documents}
    every = sorted(held | set(months_between(since, until))) if held else []
    return tuple(MonthLine(month, *work.get(month, (0, 0)), documents.get(month, 0)) for month in every)


def months_between(since: date, until: date) -> list[str]:
    """Return the months from that of one day to that of another, as 2026-11."""
    first, last = (12 * day.year + day.month - 1 for day in (since, until))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, last + 1)]


def freshness() -> Freshness:
    """Return how new the figures are."""
    last = Refresh.objects.filter(pk=LAST).first()
    return Freshness(
        last.at if last else None, Stale.objects.values("figure", "region_code", "part").distinct().count()
    )


def _reach(reach: Reach) -> Bound:
    regions = None if reach.region_codes is None else list(reach.region_codes)
    return {"categories": list(reach.categories), "regions": regions, "body": reach.body_id}


def _read(statement: str, values: Bound) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _int(value: object) -> int:
    return int(str(value))


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
