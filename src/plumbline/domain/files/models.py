"""Which files exist, by content."""

from __future__ import annotations

from django.db import models


class Blob(models.Model):
    """A file on disk under its SHA-256. The bytes are there, and synced, before this row is committed."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    media = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="blob_hash")]
