"""The journal of acts: one append-only table for every room."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from plumbline.domain.rows.models import Row


class Act(Row):
    """Somebody did something to a subject. `id` is the request's own key, so that a repeated request is seen.

    The person is who really did it; `behalf_id` and `behalf_name` say in whose place, where it was in another's.
    """

    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    user_id = models.UUIDField()
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=120)
    behalf_id = models.UUIDField(null=True)
    behalf_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    role = models.CharField(max_length=40)
    organisation_id = models.UUIDField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    data = models.JSONField(default=dict)
    owner_id = models.UUIDField(null=True)
    body_id = models.UUIDField(null=True)
    region_code = models.CharField(max_length=6, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "sequence"], name="act_once_a_place"),
            models.CheckConstraint(
                condition=models.Q(behalf_id=None, behalf_name="")
                | (
                    models.Q(behalf_id__isnull=False)
                    & ~models.Q(behalf_id=models.F("person_id"))
                    & ~models.Q(behalf_name="")
                ),
                name="act_behalf_is_another",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "at"]),
            models.Index(fields=["-at", "-id"], name="act_newest"),
        ]
