"""Reads of frozen reports: which there are, what one says, whether it reproduces, and what became known since.

A report is the file its signed statement names. The row is a copy of that statement; the figures are counted again from
the facts as they were known then (`as_known`), so that a changed row, file or fact is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from plumbline.domain.files import queries as files
from plumbline.domain.indicators import as_known, frozen
from plumbline.domain.indicators.known import EVERYTHING_SO_FAR
from plumbline.domain.indicators.models import Report
from plumbline.domain.indicators.types import Difference, Frozen, MonthFigures, ReportFacts
from plumbline.domain.ledger import queries as log
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import Hidden, ProofError, say
from plumbline.evidence import statement as statements


def reports() -> tuple[ReportFacts, ...]:
    """Return every frozen report, the newest month first."""
    return _facts(Report.objects.order_by("-month"))


def report(month: date) -> ReportFacts | None:
    """Return the report of the month of a first day, None while it is not frozen."""
    return next(iter(_facts(Report.objects.filter(month=month))), None)


def report_facts(row: Report) -> ReportFacts:
    """Return the value of a row."""
    return _facts([row])[0]


def content(month: date) -> bytes:
    """Return the file of a report. Raises: Hidden where none is frozen; ProofError if it was changed."""
    return files.content_of(_one(month).sha256)


def frozen_report(month: date) -> Frozen:
    """Return a report with what its file says. Raises: as `content`."""
    found = _one(month)
    figures, periodic = frozen.read(files.content_of(found.sha256))
    return Frozen(found, figures, periodic)


def first_difference(month: date) -> Difference | None:
    """Return the first number of a report that the facts known when it was frozen do not give again; None: all equal.

    Counts the month anew: seconds to minutes at size. Raises: Hidden where none is frozen; ProofError if the row, the
    statement, the log or the file was changed.
    """
    found = _one(month)
    _require_signed(found)
    was = frozen_report(month).figures
    now = _counted(month, place=found.arrival)
    return next(iter(frozen.differences(was, now)), None)


def since_frozen(month: date, *, most: int) -> Sequence[Difference]:
    """Return the first numbers that the facts known by now give otherwise: late facts, which never change the report.

    Raises: as `content`.
    """
    return differences(frozen_report(month).figures, late_figures(month), most=most)


def late_figures(month: date) -> MonthFigures:
    """Return the figures of a month from all that is known by now. Counts it anew. Needs no report."""
    return _counted(month, place=EVERYTHING_SO_FAR)


def differences(was: MonthFigures, now: MonthFigures, *, most: int) -> Sequence[Difference]:
    """Return the first numbers that are not the same."""
    return tuple(islice(frozen.differences(was, now), most))


def _counted(month: date, *, place: int) -> MonthFigures:
    with scoped(EVERYTHING):
        return as_known.figures_of(month, place=place)


def _one(month: date) -> ReportFacts:
    if (found := report(month)) is None:
        raise Hidden(say("{month} 没有冻结的月报", month=f"{month:%Y-%m}"), remedy=say("从月报清单里选"))
    return found


def _require_signed(found: ReportFacts) -> None:
    """Pass if the signed statement, and the published log where it is in it already, say what the row says."""
    with scoped(EVERYTHING):
        said = log.statement(Report.objects.get(pk=found.id).statement_id)
    told = statements.read_payload(said.payload)
    names = {"month": f"{found.month:%Y-%m}", "as_of": statements.instant(found.frozen_at), "sha256": found.sha256}
    is_told = all(told.get(name) == value for name, value in names.items())
    leaf = statements.leaf_bytes(said.payload, said.envelope)
    is_logged = not said.is_proved or said.index is None or log.published_leaf(said.index) == leaf
    if not is_told or not is_logged:
        raise ProofError(
            say("{month} 月报的登记与签名的声明不符", month=f"{found.month:%Y-%m}"),
            remedy=say("不要依据这份月报；运行日志审计"),
        )


def _facts(rows: Iterable[Report]) -> tuple[ReportFacts, ...]:
    held = list(rows)
    with scoped(EVERYTHING):
        said = log.statements([row.statement_id for row in held])
    return tuple(
        ReportFacts(
            row.id, row.month, row.frozen_at, row.arrival, row.sha256, row.size, said[row.statement_id].index,
            said[row.statement_id].is_proved,
        )
        for row in held
    )  # fmt: skip
