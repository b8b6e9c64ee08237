"""Writes of the indicators: count what changed, count all of it, freeze a month. Only what is frozen is a fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db import connection, transaction

from plumbline.domain.accounts.types import Actor
from plumbline.domain.files import actions as files
from plumbline.domain.indicators import as_known, cells, frozen, known, queries
from plumbline.domain.indicators.models import Report
from plumbline.domain.indicators.types import ReportFacts
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import Subject
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import queries as log
from plumbline.domain.ledger.types import LOG_ISSUER, LOG_ORGANISATION, NewStatement
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import StateError, say
from plumbline.evidence.statement import instant
from plumbline.rulebook.calendar import legal_day

LOCK = 0x696E6472  # one month is frozen at a time


def refresh(*, at: datetime, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Count what has changed since the last time, in turns of their own; returns how many parts."""
    total = 0
    while not should_stop() and (done := cells.count_stale(at=at)):
        total += done
    return total


def recount(*, at: datetime) -> dict[str, int]:
    """Count everything anew; returns how many cells of each figure were not as kept: 0, or a mark was missed."""
    return cells.count_everything(at=at)


def freeze(actor: Actor, month: date, *, at: datetime) -> ReportFacts:
    """Freeze the figures of a month that is over, once for good; returns the report. month: its first day.

    The file, the row, the signed statement with the file's hash and the act are one transaction.
    Raises: StateError while the month runs, or while facts that were begun before go on being written.
    """
    if (last := as_known.Month(month).last) >= legal_day(at):
        raise StateError(say("{month} 还没有过完", month=f"{month:%Y-%m}"), remedy=say("过了 {day} 再冻结", day=last))
    if (done := queries.report(month)) is not None:
        return done
    place = known.settled_place()
    with transaction.atomic(), scoped(EVERYTHING):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        if (done := queries.report(month)) is None:
            done = _frozen(actor, month, place=place, at=at)
        return done


def _frozen(actor: Actor, month: date, *, place: int, at: datetime) -> ReportFacts:
    content = frozen.content_of(month, as_known.figures_of(month, place=place), place=place, at=at)
    (sha256,) = files.keep([(content, "application/json")])
    fields = {"month": f"{month:%Y-%m}", "as_of": instant(at), "sha256": sha256}
    said = NewStatement("figures.frozen", LOG_ISSUER, fields, LOG_ORGANISATION, log.is_demo())
    statement = ledger.submit(said, at=at)
    row = Report.objects.create(
        id=new_id(), month=month, frozen_at=at, arrival=place, sha256=sha256, size=len(content),
        statement_id=statement.id,
    )  # fmt: skip
    subject = Subject("report", row.id)
    journal.append_act(actor, subject, name="figures.freeze", data=dict(fields), at=at)
    return queries.report_facts(row)
