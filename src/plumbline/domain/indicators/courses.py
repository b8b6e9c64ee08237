"""How the cases of one procedure go: what came in and ended, what is open and how old, each clock, each step.

Sums of the cells `handled`, `timed` and `stays`; nobody sees cells beyond their scope.
"""
# ruff: noqa: S608  # the condition put together is this module's own; values are bound

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db import connection

from plumbline.domain.indicators.types import ClockLine, Course, FlowLine, PlaceLine, Reach, StepLine
from plumbline.rulebook import procedures
from plumbline.rulebook.procedures import Procedure
from plumbline.science.statistics.counted import quantile

Bound = str | date | UUID | list[str] | list[int] | None
K = TypeVar("K", int, str)
AGES = (8, 31, 91, 366)
"""Days at which the next band of ages begins."""
_HERE = """
   and (%(regions)s::text[] is null or region_code = any(%(regions)s))
   and (%(body)s::uuid is null or body_id = %(body)s)
"""
FLOW_SQL = f"""
select to_char(month, 'YYYY-MM'), sum(opened), sum(well), sum(otherwise)
  from (select month, count as opened, 0 as well, 0 as otherwise, region_code, body_id
          from indicators_handled where procedure = %(procedure)s
        union all
        select closed_month, 0, case when state = any(%(good)s) then count else 0 end,
               case when state = any(%(good)s) then 0 else count end, region_code, body_id
          from indicators_handled where procedure = %(procedure)s and closed_month is not null) m
 where month >= %(since)s {_HERE}
 group by 1 order by 1
"""
OPEN_SQL = f"""
select state, width_bucket(%(on)s::date - opened_on, %(ages)s::int[]), sum(count)
  from indicators_handled
 where procedure = %(procedure)s and opened_on is not null {_HERE}
 group by 1, 2 order by 1, 2
"""
CLOCKS_SQL = f"""
select clock, to_char(met_month, 'YYYY-MM'),
       coalesce(sum(count) filter (where is_on_time), 0), coalesce(sum(count) filter (where not is_on_time), 0),
       coalesce(sum(count) filter (where due_on is not null), 0),
       coalesce(sum(count) filter (where due_on < %(on)s), 0)
  from indicators_timed
 where procedure = %(procedure)s and (met_month >= %(since)s or due_on is not null) {_HERE}
 group by 1, 2 order by 1, 2
"""
PLACES_SQL = f"""
select region_code, sum(opened), sum(is_open), sum(on_time), sum(too_late), sum(late)
  from (select region_code, body_id, case when month >= %(since)s then count else 0 end as opened,
               case when opened_on is not null then count else 0 end as is_open, 0 as on_time, 0 as too_late, 0 as late
          from indicators_handled where procedure = %(procedure)s
        union all
        select region_code, body_id, 0, 0, case when met_month >= %(since)s and is_on_time then count else 0 end,
               case when met_month >= %(since)s and not is_on_time then count else 0 end,
               case when due_on < %(on)s then count else 0 end
          from indicators_timed where procedure = %(procedure)s) p
 where true {_HERE}
 group by 1 order by 1
"""
STEPS_SQL = f"""
select step, days, sum(count) from indicators_stays
 where procedure = %(procedure)s and month >= %(since)s {_HERE}
 group by 1, 2 order by 1, 2
"""
OVERVIEW_SQL = f"""
select procedure, coalesce(sum(count) filter (where month >= %(since)s), 0),
       coalesce(sum(count) filter (where opened_on is not null), 0),
       coalesce(sum(count) filter (where due_on < %(on)s), 0)
  from indicators_handled
 where true {_HERE}
 group by 1 order by 1
"""


def good_states(procedure: Procedure) -> list[str]:
    """Return the ends by which what was applied for was had, in every edition."""
    editions = (each for each in procedures.all_editions() if each.id == procedure.id)
    return sorted({state.name for each in editions for state in each.states.values() if state.is_good})


def course(procedure: Procedure, *, on: date, since: date, reach: Reach) -> Course:
    """Return how the cases of a procedure go. since: the first day of the first month counted; on: today."""
    asked: dict[str, Bound] = {
        "procedure": procedure.id, "on": on, "since": since, "ages": list(AGES),
        "good": good_states(procedure),
        **_narrowed(reach),
    }  # fmt: skip
    months = [FlowLine(str(month), *map(_int, counts)) for month, *counts in _read(FLOW_SQL, asked)]
    opened = [(str(state), _int(band), _int(count)) for state, band, count in _read(OPEN_SQL, asked)]
    return Course(
        months=tuple(months),
        states=_summed((state, count) for state, _band, count in opened),
        ages=_ages((band, count) for _state, band, count in opened),
        clocks=tuple(
            ClockLine(str(clock), str(month or ""), *map(_int, counts))
            for clock, month, *counts in _read(CLOCKS_SQL, asked)
        ),
        places=tuple(PlaceLine(str(code), *map(_int, counts)) for code, *counts in _read(PLACES_SQL, asked)),
        steps=_steps(_read(STEPS_SQL, asked)),
    )


def overview(*, on: date, since: date, reach: Reach) -> Mapping[str, tuple[int, int, int]]:
    """Return by procedure how many cases were opened since a day, how many are open, how many of these are late."""
    asked: dict[str, Bound] = {"on": on, "since": since, **_narrowed(reach)}
    return {str(key): (_int(new), _int(held), _int(late)) for key, new, held, late in _read(OVERVIEW_SQL, asked)}


def _ages(bands: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    counted = _summed(bands)
    return tuple(counted.get(band, 0) for band in range(len(AGES) + 1))


def _summed(rows: Iterable[tuple[K, int]]) -> dict[K, int]:
    found: dict[K, int] = defaultdict(int)
    for key, count in rows:
        found[key] += count
    return dict(found)


def _steps(rows: Iterable[tuple[object, ...]]) -> tuple[StepLine, ...]:
    spent: dict[str, dict[int, int]] = defaultdict(dict)
    for step, days, count in rows:
        spent[str(step)][_int(days)] = _int(count)
    return tuple(
        StepLine(step, sum(counts.values()), quantile(counts, 0.5), quantile(counts, 0.9))
        for step, counts in spent.items()
    )


def _narrowed(reach: Reach) -> dict[str, Bound]:
    regions = None if reach.region_codes is None else list(reach.region_codes)
    return {"regions": regions, "body": reach.body_id}


def _read(statement: str, values: Mapping[str, Bound]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _int(value: object) -> int:
    return int(str(value))
