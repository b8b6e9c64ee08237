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


class Subscription(Row):
    """An organisation wants to be told of some kinds of happenings at an address. A row is only ever ended.

    No secret is kept: it follows from the installation's own and `secret_number`.
    """

    organisation_id = models.UUIDField()
    url = models.CharField(max_length=500)
    kinds = models.JSONField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    secret_number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(url=""), name="subscription_has_an_address")]
        indexes = [
            models.Index(
                fields=["organisation_id"], condition=models.Q(ended_at=None), name="subscription_of_organisation"
            )
        ]


class Delivery(Row):
    """A happening on its way to a subscription, written in the transaction of the act it tells of."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT)
    organisation_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    body = models.TextField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    answered = models.PositiveIntegerField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", next_at__isnull=False)
                | models.Q(state__in=["delivered", "given_up"], next_at__isnull=True),
                name="delivery_waits_or_is_done",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["subscription", "-at", "-id"], name="delivery_newest"),
        ]
