"""Calibrations done outside this platform, as their papers say: facts that were brought in, not issued here."""

from __future__ import annotations

from django.db import models

from plumbline.domain.rows.models import Row


class OutsideCalibration(Row):
    """One calibration of an instrument by somebody outside. It names no measurement standards, so it has no chain.

    serial: as the paper writes it, which may differ from the register; instrument_class: the source's own grouping, by
    which an interval may be assumed; document and document_sha256: which paper. Seen by whoever sees the instrument.
    """

    instrument = models.ForeignKey("registers.Instrument", on_delete=models.PROTECT, related_name="+")
    performed_on = models.DateField()
    instrument_class = models.CharField(max_length=80, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    performed_by = models.CharField(max_length=200, blank=True)
    certificate_no = models.CharField(max_length=120, blank=True)
    document = models.CharField(max_length=300, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    values_count = models.PositiveIntegerField(null=True)
    intake = models.UUIDField()
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "performed_on", "instrument_class", "certificate_no", "document"],
                name="outside_calibration_once",
            ),
        ]
        indexes = [models.Index(fields=["instrument", "-performed_on"], name="outside_calibration_newest")]
