"""Certificates and result notices, their numbers, and what happened to them since. They only grow."""

from __future__ import annotations

from django.db import models

from plumbline.domain.certificates.models_outcome import Outcome, OutcomeEvent, OutcomeSeries
from plumbline.domain.certificates.models_outside import OutsideCalibration
from plumbline.domain.rows.models import Row

__all__ = [
    "Certificate",
    "Outcome",
    "OutcomeEvent",
    "OutcomeSeries",
    "OutsideCalibration",
    "PublishedStatus",
    "Series",
    "StatusEvent",
]


ISSUED = models.Q(is_load_test=False, statement__isnull=False)
LOAD_TEST = models.Q(
    is_load_test=True,
    statement__isnull=True,
    supersedes__isnull=True,
    dcc_sha256="",
    pdf_sha256="",
    record_sha256="",
    number__startswith="LT-",
)
"""What is not an issued document has nothing a document has, and says so in its number."""


class Series(models.Model):
    """The last serial used by an institution in a year; taken in the transaction that issues, so without gap."""

    institution_id = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution_id", "year"], name="series_once_a_year")]


class Certificate(Row):
    """One issued document and the facts that a check shows; nothing of it is ever changed.

    A load-test row (`is_load_test`) was never issued: it has no document, no statement and no place in the log, and
    the database keeps it so. It is there for the size of the table alone.
    """

    class Kind(models.TextChoices):
        CERTIFICATE = "J"
        RESULT_NOTICE = "T"

    origin_id = models.UUIDField()
    number = models.CharField(max_length=40, unique=True)
    serial = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=1, choices=Kind.choices)
    code = models.CharField(max_length=26, unique=True)
    instrument = models.ForeignKey("registers.Instrument", on_delete=models.PROTECT, related_name="+")
    instrument_code = models.CharField(max_length=26)
    case_id = models.UUIDField()
    owner = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=6)
    performed_on = models.DateField()
    valid_until = models.DateField(null=True)
    issued_at = models.DateTimeField()
    facts = models.JSONField()
    dcc_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    record_sha256 = models.CharField(max_length=64)
    statement = models.OneToOneField("ledger.Statement", on_delete=models.PROTECT, null=True, related_name="+")
    is_load_test = models.BooleanField(default=False, db_default=False)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "serial"], name="certificate_once_a_serial"),
            models.UniqueConstraint(
                fields=["origin_id"], condition=models.Q(supersedes__isnull=True), name="certificate_once_an_origin"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="J", valid_until__isnull=False) | models.Q(kind="T", valid_until__isnull=True),
                name="only_a_pass_has_validity",
            ),
            models.CheckConstraint(condition=ISSUED | LOAD_TEST, name="issued_or_load_test"),
        ]
        indexes = [
            models.Index(fields=["instrument", "-performed_on", "-id"]),
            models.Index(fields=["instrument_code", "-performed_on", "-id"]),
            models.Index(fields=["owner", "-issued_at", "-id"]),
            models.Index(fields=["body", "-issued_at", "-id"]),
            models.Index(fields=["-issued_at", "-id"], name="certificate_newest"),
            models.Index(fields=["case_id", "issued_at", "id"], name="certificate_of_case"),
            models.Index(fields=["region_code", "performed_on"], name="certificate_by_region"),
            models.Index(
                fields=["valid_until", "id"],
                condition=models.Q(kind="J", is_load_test=False),
                name="certificate_by_end",
            ),
        ]


class StatusEvent(Row):
    """A certificate was superseded or revoked: a new logged statement, never a change of the old one."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=[("superseded", "superseded"), ("revoked", "revoked")])
    reason_code = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    statement = models.OneToOneField("ledger.Statement", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "kind"], name="event_once_a_kind")]


class PublishedStatus(Row):
    """A status list as published: its bytes, whose hash is in the logged statement."""

    content = models.BinaryField()
    count = models.PositiveIntegerField()
    at = models.DateTimeField()
    statement = models.OneToOneField("ledger.Statement", on_delete=models.PROTECT, related_name="+")
