"""Reads of subscriptions and of the messages to them; secrets are no part of what is handed out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from plumbline.domain.notices.models import Delivery, Subscription
from plumbline.domain.notices.types import DeliveryFacts, DeliveryPage, SubscriptionFacts
from plumbline.errors import Hidden, InputError, say

PAGE = 50


def subscriptions_of(organisation_id: UUID) -> tuple[SubscriptionFacts, ...]:
    """Return the subscriptions of an organisation that stand, the newest first."""
    rows = Subscription.objects.filter(organisation_id=organisation_id, ended_at__isnull=True)
    return tuple(subscription_facts(row) for row in rows.order_by("-made_at", "-id"))


def subscription(organisation_id: UUID, subscription_id: UUID) -> SubscriptionFacts:
    """Return a subscription of an organisation. Raises: Hidden."""
    row = Subscription.objects.filter(pk=subscription_id, organisation_id=organisation_id).first()
    if row is None:
        raise no_such()
    return subscription_facts(row)


def deliveries_of(organisation_id: UUID, subscription_id: UUID, *, after: str = "", size: int = PAGE) -> DeliveryPage:
    """Return messages of a subscription, the newest first. Raises: Hidden; InputError for what is no key."""
    subscription(organisation_id, subscription_id)
    rows = Delivery.objects.filter(subscription_id=subscription_id).order_by("-at", "-id")
    if after:
        at, key = _place(after)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=key))
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return DeliveryPage(
        tuple(delivery_facts(row) for row in found[:size]), f"{last.at.isoformat()}~{last.id}" if last else ""
    )


def _place(after: str) -> tuple[datetime, UUID]:
    try:
        at, key = after.split("~")
        moment = datetime.fromisoformat(at)
        return moment if moment.tzinfo else _unreadable(after), UUID(key)
    except ValueError as err:
        raise InputError(say("翻页的记号看不懂"), remedy=say("从第一页重新翻"), field="page") from err


def _unreadable(after: str) -> datetime:
    raise ValueError(after)


def no_such() -> Hidden:
    """Return the one answer for what does not exist and for what is another organisation's."""
    return Hidden(say("没有这个推送订阅或推送，或者您无权查看"), remedy=say("从推送订阅的名单里选"))


def subscription_facts(row: Subscription) -> SubscriptionFacts:
    """Return the value of a row."""
    return SubscriptionFacts(
        row.id, row.organisation_id, row.url, tuple(row.kinds), row.made_at, row.ended_at, row.failing_since
    )


def delivery_facts(row: Delivery) -> DeliveryFacts:
    """Return the value of a row."""
    return DeliveryFacts(
        row.id, row.subscription_id, row.kind, row.body, row.at, row.state, row.attempts, row.next_at,
        row.answered or 0, row.fault, row.done_at,
    )  # fmt: skip
