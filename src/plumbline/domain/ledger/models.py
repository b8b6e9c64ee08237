"""Signed statements, the queue to the log, the log and its checkpoints. All of it only grows."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from plumbline.domain.rows.models import Row


class Statement(Row):
    """What an issuer said, as signed: the payload's bytes and the DSSE envelope around them."""

    type = models.CharField(max_length=40)
    issuer = models.CharField(max_length=20)
    organisation_id = models.UUIDField()
    payload = models.BinaryField()
    envelope = models.BinaryField()
    leaf = models.BinaryField()
    ref = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "type"])]


class Era(models.Model):
    """A database server this log has lived on, by its system identifier. Transaction numbers order within one era."""

    number = models.IntegerField(primary_key=True)
    cluster = models.BigIntegerField()
    begun_at = models.DateTimeField(default=timezone.now)


class QueueItem(models.Model):
    """A leaf accepted for the log. The migrations add `era` and `xid`, the writing transaction, for commit order."""

    id = models.BigAutoField(primary_key=True)
    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="queued")
    leaf = models.BinaryField()


class Entry(models.Model):
    """A sequenced leaf: `index` is gapless from 0."""

    index = models.BigIntegerField(primary_key=True)
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField()
    queue_item_id = models.BigIntegerField(unique=True)
    statement_id = models.UUIDField(unique=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(index__gte=0), name="entry_index_from_zero")]


class Checkpoint(models.Model):
    """A signed tree head. What is below `size` has an inclusion proof."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()
