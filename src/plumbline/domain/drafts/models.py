"""Drafts of forms and saved views of lists: no facts, but what one person keeps and throws away."""

from __future__ import annotations

from django.db import models

from plumbline.domain.rows.models import Row


class Draft(Row):
    """What one person has filled in of one form for one organisation."""

    person_id = models.UUIDField()
    organisation_id = models.UUIDField()
    form = models.CharField(max_length=40)
    content = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "organisation_id", "form"], name="draft_once_a_form")
        ]


class SavedView(Row):
    """A list as one person wants to find it again: its name, and the conditions, order and columns of its address."""

    person_id = models.UUIDField()
    organisation_id = models.UUIDField()
    listed = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "organisation_id", "listed", "name"], name="saved_view_once_a_name"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_view_has_a_name"),
        ]
