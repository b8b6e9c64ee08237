"""Messages waiting for their readers."""

from __future__ import annotations

from django.db import models

from plumbline.domain.rows.models import Row


class Notice(Row):
    """A sentence for an organisation, written in the transaction of the act it tells of."""

    recipient_id = models.UUIDField()
    template = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient_id", "-at", "-id"], name="notice_newest"),
            models.Index(fields=["recipient_id"], condition=models.Q(read_at=None), name="notice_unread"),
        ]
