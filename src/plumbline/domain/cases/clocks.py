"""The clocks of cases as rows: written with each act."""

from __future__ import annotations

from uuid import UUID

from plumbline.domain.cases import queries
from plumbline.domain.cases.models import Case, CaseClock
from plumbline.domain.cases.types import CaseFacts, ClockReading, Folded
from plumbline.domain.rows.models import new_id

_KEPT = ("started_on", "due_on", "limit_on", "met_on")


def readings(case: CaseFacts, now: Folded) -> tuple[ClockReading, ...]:
    """Return every clock of a case that has started: those of its file's own days, or the one of its legal limit."""
    if now.clocks or now.clock_from is None:
        return now.clocks
    days, limit = queries.clock_days(case, now), queries.limit_of(case)
    clock = next(iter(queries.procedure_of(case).clocks), "")
    if not clock:
        return ()
    return (
        ClockReading(
            clock, limit.days if limit else 0, now.clock_from, days.limit_on, days.is_running, now.clock_stopped_on,
            days.met_on,
        ),
    )  # fmt: skip


def keep(case: CaseFacts, now: Folded) -> None:
    """Write how each clock of a case stands."""
    rows = [
        CaseClock(
            id=new_id(), case_id=case.id, name=each.name, procedure=case.procedure, owner_id=case.owner_id,
            body_id=case.body_id, region_code=case.region_code, started_on=each.started_on, due_on=each.due_on,
            limit_on=each.limit_on, met_on=each.met_on,
        )
        for each in readings(case, now)
    ]  # fmt: skip
    if rows:
        CaseClock.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["case", "name"], update_fields=list(_KEPT)
        )


def let_go(case: CaseFacts, now: Folded) -> None:
    """Have the clocks of a case run no longer that its edition does not know."""
    known = [each.name for each in readings(case, now)]
    CaseClock.objects.filter(case_id=case.id).exclude(name__in=known).update(due_on=None)


def hand_over(case_id: UUID, *, body_id: UUID) -> None:
    """Have the clocks of a case seen by the house that decides it from now on."""
    CaseClock.objects.filter(case_id=case_id).update(body_id=body_id)


def keep_missing(after: UUID, *, most: int) -> UUID | None:
    """Write the clocks of open cases that have none, as those opened before clocks were kept, after a key; returns the
    last key that was read, None at the end. A case on which an act is being done is left to it."""
    rows = Case.objects.select_related("owner", "body").select_for_update(of=("self",), skip_locked=True)
    rows = rows.filter(ended_at__isnull=True, clock_from__isnull=False, caseclock__isnull=True, id__gt=after)
    found = list(rows.order_by("id")[:most])
    for row in found:
        case = queries.facts(row)
        keep(case, queries.folded(case))
    return found[-1].id if found else None
