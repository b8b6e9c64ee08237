"""Jobs, drafts of observations and raw records."""

from __future__ import annotations

from django.db import models

from plumbline.domain.rows.models import Row


class Job(Row):
    """One instrument to verify within a case, under the edition in force on the day it is performed."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    instrument = models.ForeignKey("registers.Instrument", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    owner_id = models.UUIDField()
    body_id = models.UUIDField()
    region_code = models.CharField(max_length=6)
    record = models.OneToOneField("RawRecord", on_delete=models.PROTECT, null=True, related_name="+")
    certificate = models.OneToOneField(
        "certificates.Certificate", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "instrument"], name="job_once_an_instrument"),
            models.UniqueConstraint(fields=["case", "position"], name="job_once_a_position"),
        ]


class Draft(models.Model):
    """What is being typed for a job: the only rows of the laboratory that may change."""

    job = models.OneToOneField(Job, on_delete=models.PROTECT, primary_key=True)
    body_id = models.UUIDField()
    content = models.JSONField()
    version = models.PositiveIntegerField()
    saved_by = models.UUIDField()
    saved_at = models.DateTimeField()


class RawRecord(Row):
    """The raw record of one measurement, as committed to the log before any certificate. A correction is a new one."""

    number = models.CharField(max_length=40, unique=True)
    job_id = models.UUIDField()
    body_id = models.UUIDField()
    owner_id = models.UUIDField()
    region_code = models.CharField(max_length=6)
    version = models.PositiveSmallIntegerField()
    regulation = models.CharField(max_length=60)
    performed_on = models.DateField()
    place = models.CharField(max_length=300)
    verifier_id = models.UUIDField()
    standard_ids = models.JSONField()
    observations = models.JSONField()
    content = models.BinaryField()
    statement = models.ForeignKey("ledger.Statement", on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job_id", "version"], name="record_once_a_version")]
