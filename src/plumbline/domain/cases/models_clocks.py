"""Rows of clocks: what folding the acts gives for each clock of a case, and that an overdue one was raised."""

from __future__ import annotations

from django.db import models

from plumbline.domain.rows.models import Row


class CaseClock(Row):
    """One clock of one case, written with each act. `due_on`: its last day while it runs, else none; `limit_on`: that
    day also afterwards, none beyond the known calendar; `met_on`: the day what it asks for was done."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    name = models.CharField(max_length=40)
    procedure = models.CharField(max_length=60)
    owner_id = models.UUIDField()
    body_id = models.UUIDField()
    region_code = models.CharField(max_length=6)
    started_on = models.DateField()
    due_on = models.DateField(null=True)
    limit_on = models.DateField(null=True)
    met_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="clock_once_a_case")]
        indexes = [
            # Few clocks run at a time, however many there were: the sweep reads nothing else.
            models.Index(fields=["due_on", "id"], condition=models.Q(due_on__isnull=False), name="clock_running"),
        ]


class Raised(Row):
    """A clock was past its last day, and the house above was told: on which day, how many days late, which house.

    Each last day of a clock is raised once. `raised_to` is none where no house above is known. Rows only grow.
    """

    clock = models.ForeignKey(CaseClock, on_delete=models.PROTECT)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT)
    name = models.CharField(max_length=40)
    owner_id = models.UUIDField()
    body_id = models.UUIDField()
    region_code = models.CharField(max_length=6)
    limit_on = models.DateField()
    days_over = models.PositiveIntegerField()
    raised_on = models.DateField()
    raised_to = models.ForeignKey("directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "limit_on"], name="raised_once")]
        indexes = [models.Index(fields=["case"], name="raised_of_case")]
