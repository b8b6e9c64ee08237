"""Rows of long work: who asked for what, where it stands, and what it has put aside on the way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from plumbline.domain.errands.types import OPEN_STATES, STATES
from plumbline.domain.rows.models import Row


class Errand(Row):
    """One piece of long work. It runs as the person who asked for it, in the role and area they have on that day."""

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    organisation_id = models.UUIDField()
    membership_id = models.UUIDField(null=True)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=100)
    role = models.CharField(max_length=40)
    asked = models.JSONField()
    asked_at = models.DateTimeField()

    state = models.CharField(max_length=10)
    is_stop_asked = models.BooleanField(default=False)
    phase = models.CharField(max_length=40, default="")
    done = models.PositiveBigIntegerField(default=0)
    of = models.PositiveBigIntegerField(null=True)
    cursor = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    fault = models.JSONField(default=list)
    deaths = models.PositiveSmallIntegerField(default=0)
    """How often it was found under way with nobody doing it, since it last got on."""

    begun_at = models.DateTimeField(null=True)
    leg_at = models.DateTimeField(null=True)
    leg_done = models.PositiveBigIntegerField(default=0)
    """Since when, and from where, the speed of the present phase is counted."""
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="errand_state"),
            models.CheckConstraint(condition=Q(of=None) | Q(done__lte=models.F("of")), name="errand_within"),
        ]
        indexes = [
            models.Index(fields=["asked_at", "id"], condition=Q(state__in=OPEN_STATES), name="errand_open"),
            models.Index(fields=["organisation_id", "-asked_at", "-id"], name="errand_newest"),
        ]


class Piece(Row):
    """What an errand has put aside on its way, in order; cleared away a week after it ends."""

    errand = models.ForeignKey(Errand, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    content = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["errand", "number"], name="piece_once")]
