"""Drafts of forms: no facts, the only rows besides the laboratory's drafts that are thrown away."""

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
