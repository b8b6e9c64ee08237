"""Reads of what was raised to the house above because a clock was past its last day."""

from __future__ import annotations

from uuid import UUID

from plumbline.domain.cases.models import Raised
from plumbline.domain.cases.types import RaisedFacts
from plumbline.errors import Term


def raised(case_id: UUID) -> tuple[RaisedFacts, ...]:
    """Return what was raised of a case because a clock was past its last day, the oldest first."""
    rows = Raised.objects.select_related("raised_to", "clock").filter(case_id=case_id).order_by("at", "id")
    return tuple(_facts(row) for row in rows)


def _facts(row: Raised) -> RaisedFacts:
    above = row.raised_to
    return RaisedFacts(
        clock=row.name,
        limit_on=row.limit_on,
        days_over=row.days_over,
        raised_on=row.raised_on,
        at=row.at,
        raised_to=Term(above.name_zh, above.name_en or above.name_zh) if above else None,
        is_running=row.clock.due_on == row.limit_on,
    )
