"""Timed work of the indicators: the month that is over is frozen, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.indicators import actions, queries
from plumbline.domain.indicators.types import ReportFacts
from plumbline.rulebook.calendar import legal_day

WAITED_DAYS = 3
"""Documents of the last days of a month are issued in the first days of the next: so long a report waits for them. An
arrangement of this project, not of a regulation."""


def freeze_last_month(*, at: datetime) -> ReportFacts | None:
    """Freeze the last month that is over, from the fourth day of the next one on; None where there is nothing to do.

    Safe to be called at any time, and again. Raises: StateError while facts are being written; then later again.
    """
    today = legal_day(at)
    if today.day <= WAITED_DAYS:
        return None
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return None if queries.report(month) is not None else actions.freeze(SYSTEM, month, at=at)
