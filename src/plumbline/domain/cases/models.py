"""Cases: one matter in one procedure. The story is in the journal; what is folded from it is kept here for lists."""

from __future__ import annotations

from django.db import models

from plumbline.domain.cases.models_clocks import CaseClock, Raised
from plumbline.domain.rows.models import Row

__all__ = ["Case", "CaseClock", "Raised"]


class Case(Row):
    """One matter. `details`, `state`, `sequence`, `due_on` and the people repeat what folding the acts gives.

    `due_on` is the last day of the limit while its clock runs; a stopped clock has none, so that no list calls it late.
    `limit_on` is that day also afterwards, and `met_on` the day what the limit asks for was done.
    Answers that name a person or how to reach one stand in `details` alone, or, where a later act gave them, in
    `told` by its sequence: there they can be erased; no act, no hash and no signature holds them.
    `parent` is the case that this one was opened by, or is about: a clue found in it, an objection to it.
    `tracks` are the states of what goes on side by side; `assigned` the people by duty, besides those with a column.
    """

    serial = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=20, unique=True)
    procedure = models.CharField(max_length=60)
    edition = models.CharField(max_length=40)
    owner = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=6)
    title = models.CharField(max_length=200)
    details = models.JSONField(default=dict)
    told = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    tracks = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    assigned = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    parent = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    clock_from = models.DateField(null=True)
    due_on = models.DateField(null=True)
    limit_on = models.DateField(null=True)
    met_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    verifier_id = models.UUIDField(null=True)
    checker_id = models.UUIDField(null=True)
    approver_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["body", "state", "due_on"]),
            models.Index(fields=["owner", "-opened_at"]),
            models.Index(fields=["-opened_at", "-id"]),
            models.Index(fields=["region_code", "opened_at"], name="case_by_region"),
            models.Index(fields=["due_on", "opened_at", "id"], name="case_by_limit"),
            models.Index(fields=["title"], name="case_by_title"),
            # Few cases are open at a time, however many there were: lists of open ones read nothing else.
            models.Index(
                fields=["due_on", "opened_at", "id"],
                condition=models.Q(ended_at__isnull=True),
                name="case_open_by_limit",
            ),
            models.Index(
                fields=["procedure", "state"], condition=models.Q(ended_at__isnull=True), name="case_open_by_state"
            ),
        ]
