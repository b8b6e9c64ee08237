"""Counts the figures of a loaded copy, asks them, and asks the facts for the same. asked: {"rounds"}."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from bench.bodies.figures import Answer, as_answer
from bench.report import Report, own_peak_kib, seconds
from plumbline.domain.indicators import actions, queries
from plumbline.domain.indicators.models import Coverage, Handled, Measured, Stale, Standing, Stays, Timed
from plumbline.domain.indicators.types import Reach
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.rulebook import catalogue

FROM_THE_FACTS = """
    select i.region_code, count(*) filter (where c.kind = 'J' and c.valid_until >= %(on)s), count(*)
      from registers_instrument i
      left join lateral (
           select c.kind, c.valid_until from certificates_certificate c
            where c.instrument_id = i.id
              and not exists (select from certificates_certificate n where n.supersedes_id = c.id)
              and not exists (select from certificates_statusevent e
                               where e.certificate_id = c.id and e.kind = 'revoked')
            order by c.performed_on desc, c.id desc limit 1) c on true
     where i.state = 'in_use' and i.category = any(%(categories)s)
     group by 1 order by 1
"""


def main(asked: dict[str, int]) -> Answer:
    """Measure; returns the rows of the report."""
    report, rounds = Report("dashboard"), asked["rounds"]
    took, parts = _timed(lambda: actions.refresh(at=timezone.now()))
    with scoped(EVERYTHING):
        cells = sum(model.objects.count() for model in (Coverage, Measured, Handled, Timed, Stays))
        part = Coverage.objects.order_by("id").first()
        standings = Standing.objects.count()
    report.figure("everything counted", took, "s", note=f"{parts:,} parts, {cells:,} cells, {standings:,} standings")
    if part is None:
        raise RuntimeError("nothing was counted")
    stale = [Stale(figure="coverage", region_code=part.region_code, part=part.category)]
    report.figure(
        "one part counted anew", 1000 * _median(lambda: _one_part(stale), rounds), "ms", note="with its marks"
    )
    differing = actions.recount(at=timezone.now())
    report.figure(
        "cells that a whole recount finds otherwise", sum(differing.values()), "", note="0 or a mark was missed"
    )
    with scoped(EVERYTHING):
        _asked(report, timezone.localdate(), rounds=rounds)
    report.peak_memory("the counting process", own_peak_kib())
    return as_answer(report)


def _one_part(stale: list[Stale]) -> None:
    Stale.objects.bulk_create(stale)
    actions.refresh(at=timezone.now())


def _asked(report: Report, today: date, *, rounds: int) -> None:
    periodic = [code for code, each in catalogue.categories().items() if each.is_verified_periodically]
    since, reach = today - timedelta(days=365), Reach(tuple(periodic))
    questions: dict[str, Callable[[], object]] = {
        "how instruments stand": lambda: queries.coverage(on=today, reach=reach),
        "what failed": lambda: queries.failures(since=since, reach=reach),
        "cases": lambda: queries.handled(on=today, since=since, reach=reach),
        "work by month": lambda: queries.months(since=since, until=today, reach=reach, made=()),
        "how new": queries.freshness,
    }
    took = {name: _median(question, rounds) for name, question in questions.items()}
    for name, each in took.items():
        report.figure(f"asked: {name}", 1000 * each, "ms", note="median")
    report.figure("asked: all of a page", 1000 * sum(took.values()), "ms", note="one after another")
    report.compare(
        "in order, county by county",
        ours=lambda: seconds(questions["how instruments stand"]),
        peer=("the facts", lambda: seconds(lambda: _from_the_facts(today, periodic))),
        rounds=min(rounds, 3),
    )


def _from_the_facts(today: date, categories: list[str]) -> object:
    with connection.cursor() as cursor:
        cursor.execute(FROM_THE_FACTS, {"on": today, "categories": categories})
        return cursor.fetchall()


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    answers: list[int] = []
    took = seconds(lambda: answers.append(work()))
    return took, answers[0]


def _median(work: Callable[[], object], rounds: int) -> float:
    return statistics.median(seconds(work) for _round in range(rounds))
