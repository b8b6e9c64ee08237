"""Outcome documents of procedures, their numbers, and what happened to them since. They only grow."""

from __future__ import annotations

from django.db import models

from plumbline.domain.rows.models import Row

STATUSES = ("superseded", "suspended", "reinstated", "revoked")


class OutcomeSeries(models.Model):
    """The last serial of a house for one kind of document in a year; taken in the transaction that issues."""

    institution_id = models.UUIDField()
    kind = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution_id", "kind", "year"], name="outcome_series_once_a_year")
        ]


class Outcome(Row):
    """One issued outcome document and what a check shows of it; nothing of it is ever changed.

    name: as the procedure calls it; sequence: of the act of the case that issued it; facts: its record.
    """

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    code = models.CharField(max_length=26, unique=True)
    procedure = models.CharField(max_length=60)
    edition = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    case_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    owner = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=6)
    granted_on = models.DateField()
    valid_until = models.DateField(null=True)
    issued_at = models.DateTimeField()
    facts = models.JSONField()
    record_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    statement = models.OneToOneField("ledger.Statement", on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "kind", "year", "serial"], name="outcome_once_a_serial"),
            models.UniqueConstraint(fields=["case_id", "sequence", "name"], name="outcome_once_an_act"),
        ]


class OutcomeEvent(Row):
    """A document was superseded, suspended, reinstated or revoked: a new logged statement. act: of the case."""

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=[(each, each) for each in STATUSES])
    act = models.CharField(max_length=60)
    at = models.DateTimeField()
    statement = models.OneToOneField("ledger.Statement", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outcome", "kind"],
                condition=models.Q(kind__in=["superseded", "revoked"]),
                name="outcome_ended_once",
            )
        ]
