"""The figures of a month from the facts alone, as they were known at a place in the order of facts.

One rule for all of them: what is dated after the last day of the month is not counted, nor what had not arrived by the
place. The date of a document is the day it was performed on, that of an act or a revocation the legal day it was done.
The row of an instrument says how it stands now: how it stood then is what its acts say, the last one that counts, else
what the first one that does not count found. A case stands as its acts that count fold.
"""
# ruff: noqa: S608  # names of tables and columns are this module's own; values are bound

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.indicators.types import Counted, Documents, MonthFigures, Work
from plumbline.domain.journal import queries as journal
from plumbline.domain.journal.types import ActFacts
from plumbline.rulebook.calendar import LEGAL_ZONE, legal_day

DUE_DAYS = 30
"""What a frozen month calls due: part of how it is counted, so that it reproduces when the rulebook has moved on."""
BATCH = 500
Bound = dict[str, Any]  # Any: whatever a statement is asked with

_KNOWN = "coalesce({row}.arrival, 0) < %(place)s"
_ACT = f"{_KNOWN.format(row='a')} and a.at < %(end)s"
_COVERAGE = f"""
    with told as (
        select a.subject_id, a.sequence, a.name, a.data, {_ACT} as counts from journal_act a
         where a.subject_kind = 'instrument'
           and a.name in ('instrument.change_state', 'instrument.move', 'instrument.hand_over')),
    stood as (
        select subject_id,
               coalesce(
                   (array_agg(data->>'to' order by sequence desc)
                       filter (where counts and name = 'instrument.change_state'))[1],
                   (array_agg(data->>'from' order by sequence)
                       filter (where not counts and name = 'instrument.change_state'))[1]) as state,
               coalesce(
                   (array_agg(data->'to'->>'region' order by sequence desc)
                       filter (where counts and name <> 'instrument.change_state'))[1],
                   (array_agg(data->'from'->>'region' order by sequence)
                       filter (where not counts and name <> 'instrument.change_state'))[1]) as region_code
          from told group by subject_id)
    select coalesce(s.region_code, i.region_code), i.category,
           count(*) filter (where c.kind = 'J' and not c.is_revoked and c.valid_until > %(soon)s),
           count(*) filter (where c.kind = 'J' and not c.is_revoked and c.valid_until between %(last)s and %(soon)s),
           count(*) filter (where c.kind = 'J' and not c.is_revoked and c.valid_until < %(last)s),
           count(*) filter (where c.kind = 'T' and not c.is_revoked),
           count(*) filter (where c.is_revoked),
           count(*) filter (where c.kind is null)
      from registers_instrument i
      left join stood s on s.subject_id = i.id
      left join lateral (
           select c.kind, c.valid_until,
                  exists (select from certificates_statusevent e
                           where e.certificate_id = c.id and e.kind = 'revoked' and e.at < %(end)s
                             and {_KNOWN.format(row="e")}) as is_revoked
             from certificates_certificate c
            where c.instrument_id = i.id and c.performed_on <= %(last)s and {_KNOWN.format(row="c")}
              and not exists (select from certificates_certificate n
                               where n.supersedes_id = c.id and n.performed_on <= %(last)s
                                 and {_KNOWN.format(row="n")})
            order by c.performed_on desc, c.id desc limit 1) c on true
     where {_KNOWN.format(row="i")} and i.registered_at < %(end)s and coalesce(s.state, i.state) = 'in_use'
     group by 1, 2
"""
_DOCUMENTS = f"""
    select c.region_code, c.body_id::text, i.category, i.maker,
           coalesce((extract(year from age(c.performed_on, i.acquired_on))::int)::text, ''),
           count(*), count(*) filter (where c.kind = 'T')
      from certificates_certificate c join registers_instrument i on i.id = c.instrument_id
     where c.performed_on between %(first)s and %(last)s and {_KNOWN.format(row="c")}
       and not exists (select from certificates_certificate n
                        where n.supersedes_id = c.id and n.performed_on <= %(last)s and {_KNOWN.format(row="n")})
       and not exists (select from certificates_statusevent e
                        where e.certificate_id = c.id and e.kind = 'revoked' and e.at < %(end)s
                          and {_KNOWN.format(row="e")})
     group by 1, 2, 3, 4, 5
"""
# Those that were open in the month, or ended in it; which of them had ended is then asked of their acts.
_CASES = f"""
    select c.id from cases_case c
     where c.opened_at < %(end)s and (c.ended_at is null or c.ended_at >= %(begin)s) and {_KNOWN.format(row="c")}
     order by c.id
"""
_ACTS = f"select a.id from journal_act a where a.subject_id = any(%(cases)s) and {_ACT}"


@dataclass(frozen=True)
class Month:
    """A month as the law counts its days. first: its first day."""

    first: date

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def begin(self) -> datetime:
        """The moment it begins."""
        return datetime.combine(self.first, datetime.min.time(), LEGAL_ZONE)

    @property
    def end(self) -> datetime:
        """The moment the next one begins."""
        return datetime.combine(self.last + timedelta(days=1), datetime.min.time(), LEGAL_ZONE)

    def holds(self, day: date | None) -> bool:
        """Tell whether a day lies in it."""
        return day is not None and self.first <= day <= self.last


def figures_of(first: date, *, place: int) -> MonthFigures:
    """Return the figures of the month of a first day from what had arrived before a place. Needs to see every row."""
    month = Month(first)
    values: Bound = {
        "first": month.first, "last": month.last, "soon": month.last + timedelta(days=DUE_DAYS),
        "begin": month.begin, "end": month.end, "place": place,
    }  # fmt: skip
    return MonthFigures(
        coverage=tuple(sorted(Counted(*row) for row in _read(_COVERAGE, values))),
        documents=tuple(sorted(Documents(*row) for row in _read(_DOCUMENTS, values))),
        work=_work(month, values),
    )


def _work(month: Month, values: Bound) -> tuple[Work, ...]:
    """Return what each institution had to do in the month, by county."""
    lines: dict[tuple[str, str], Counter[str]] = {}
    for case, acts in _stories(values):
        line = lines.setdefault((case.region_code, str(case.body_id)), Counter())
        line.update(_counts(case, acts, month=month))
    return tuple(
        Work._make([*key, *(line[name] for name in Work._fields[2:])])
        for key, line in sorted(lines.items())
        if line.total()
    )


def _counts(case: CaseFacts, acts: Sequence[ActFacts], *, month: Month) -> list[str]:
    """Return as what a case counts in a month."""
    folded = cases.folded(case, acts)
    clock = cases.clock_days(case, folded)
    counts = ["opened"] if month.holds(legal_day(case.opened_at)) else []
    if month.holds(clock.met_on):
        met = clock.met_on or month.last
        counts.append("unknown" if clock.limit_on is None else "on_time" if met <= clock.limit_on else "too_late")
    if folded.ended_at is None:
        counts.append("is_open")
        if clock.limit_on is not None and clock.is_running:
            counts += ["under_way", "late"] if clock.limit_on < month.last else ["under_way"]
    return counts


def _stories(values: Bound) -> Iterator[tuple[CaseFacts, Sequence[ActFacts]]]:
    """Yield each case with its acts that count, in order."""
    keys = iter([key for (key,) in _read(_CASES, values)])
    while batch := [UUID(str(key)) for key in islice(keys, BATCH)]:
        counting = {key for (key,) in _read(_ACTS, {**values, "cases": batch})}
        held, stories = cases.cases(batch), journal.acts_of_many(batch)
        for key in batch:
            acts = [act for act in stories.get(key, ()) if act.id in counting]
            if acts:
                yield held[key], acts


def _read(statement: str, values: Bound) -> list[tuple[Any, ...]]:  # Any: as the database answers
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
