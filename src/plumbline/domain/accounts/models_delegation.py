"""Rights handed to another for a time, and days on which somebody is away."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from plumbline.domain.rows.models import Row


class Delegation(Row):
    """Rights of a membership that another account uses in its holder's place, both days included.

    What it says is never changed: it is ended, at a moment and by somebody, and given anew. `organisation` is that of
    the membership.
    """

    membership = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT)
    delegate = models.ForeignKey("accounts.User", on_delete=models.PROTECT)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    rights = ArrayField(models.CharField(max_length=120))
    valid_from = models.DateField()
    valid_to = models.DateField()
    reason = models.CharField(max_length=300)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="delegation_span_in_order"
            ),
            models.CheckConstraint(condition=models.Q(rights__len__gte=1), name="delegation_of_some_right"),
        ]
        indexes = [
            models.Index(
                fields=["delegate", "valid_to"], condition=models.Q(ended_at=None), name="delegation_of_delegate"
            ),
            models.Index(fields=["organisation", "-valid_to", "-id"], name="delegation_of_house"),
        ]


class Absence(Row):
    """Days on which somebody is away from an organisation, both included. Why is nobody's matter and not kept."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT)
    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="absence_span_in_order"
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation", "last_day"], condition=models.Q(ended_at=None), name="absence_of_house"
            )
        ]
