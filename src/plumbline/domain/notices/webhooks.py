"""Subscriptions to happenings, and the messages to them: written with the act they tell of.

`announce` writes a message for each subscription in the transaction of the act it tells of; sending them is left to
`delivering`. Rights and the journal are asked above this room.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from plumbline.domain.notices import changes
from plumbline.domain.notices.models import Delivery, Subscription
from plumbline.domain.notices.types import (
    GIVEN_UP,
    HAPPENINGS,
    TEST,
    WAITING,
    DeliveryFacts,
    Happening,
    SubscriptionFacts,
)
from plumbline.domain.notices.webhook_rows import delivery_facts, no_such, subscription_facts
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, StateError, say
from plumbline.gateways import webhooks as gateway

MOST_SUBSCRIPTIONS = 20


def subscribe(organisation_id: UUID, *, url: str, kinds: Iterable[str], at: datetime) -> tuple[SubscriptionFacts, str]:
    """Subscribe an organisation; returns it with its secret. Raises: InputError; StateError for too many."""
    wanted = _kinds(kinds)
    gateway.read_target(url, may_be_private=may_be_private())
    rows = Subscription.objects.filter(organisation_id=organisation_id, ended_at__isnull=True)
    if rows.count() >= MOST_SUBSCRIPTIONS:
        raise StateError(
            say("这个单位已有 {n} 个推送订阅", n=MOST_SUBSCRIPTIONS), remedy=say("先停掉不用的，或合并成一个")
        )
    row = Subscription.objects.create(organisation_id=organisation_id, url=url, kinds=list(wanted), made_at=at)
    return subscription_facts(row), gateway.written_secret(key_of(row))


def end_subscription(organisation_id: UUID, subscription_id: UUID, *, at: datetime) -> SubscriptionFacts:
    """End a subscription; what waits for it is given up. Raises: Hidden; StateError if it has been ended."""
    row = _held(organisation_id, subscription_id)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    Delivery.objects.filter(subscription=row, state=WAITING).update(state=GIVEN_UP, next_at=None, done_at=at)
    return subscription_facts(row)


def renew_secret(organisation_id: UUID, subscription_id: UUID) -> tuple[SubscriptionFacts, str]:
    """Put a new secret in place of one that got about. Raises: Hidden; StateError if it has been ended."""
    row = _held(organisation_id, subscription_id)
    row.secret_number += 1
    row.save(update_fields=["secret_number"])
    return subscription_facts(row), gateway.written_secret(key_of(row))


def try_address(organisation_id: UUID, subscription_id: UUID, *, at: datetime) -> DeliveryFacts:
    """Leave a message that only tries the address. Raises: Hidden; StateError if the subscription has been ended."""
    row = _held(organisation_id, subscription_id)
    return delivery_facts(_leave(row, Happening(TEST, (), {}), at=at))


def redeliver(organisation_id: UUID, delivery_id: UUID, *, at: datetime) -> DeliveryFacts:
    """Have a message sent once more, from its first attempt on. Raises: Hidden; StateError for one that waits still."""
    row = Delivery.objects.select_for_update().filter(pk=delivery_id, organisation_id=organisation_id).first()
    if row is None:
        raise no_such()
    _held(organisation_id, row.subscription_id)
    if row.state == WAITING:
        raise StateError(say("这条推送还在等着发"), remedy=say("等它发出，或到了次数再重发"))
    row.state, row.attempts, row.next_at, row.done_at = WAITING, 0, at, None
    row.save(update_fields=["state", "attempts", "next_at", "done_at"])
    return delivery_facts(row)


def announce(happening: Happening, *, at: datetime) -> None:
    """Leave a message for every subscription a happening concerns; it commits or falls with the act it tells of."""
    with scoped(EVERYTHING):
        if happening.kind == changes.MOVED:
            changes.note(happening, at=at)
        rows = Subscription.objects.filter(
            organisation_id__in=happening.organisations, ended_at__isnull=True, kinds__contains=[happening.kind]
        )
        for row in rows:
            _leave(row, happening, at=at)


def publish(happening: Happening, *, digest: str, at: datetime) -> int:
    """Leave a message for every subscription to a kind that was not told this hash of it yet; return how many."""
    with scoped(EVERYTHING):
        rows = Subscription.objects.select_for_update(skip_locked=True).filter(
            ended_at__isnull=True, kinds__contains=[happening.kind]
        )
        told = 0
        for row in rows.exclude(published=digest):
            _leave(row, happening, at=at)
            row.published = digest
            row.save(update_fields=["published"])
            told += 1
    return told


def _leave(row: Subscription, happening: Happening, *, at: datetime) -> Delivery:
    key = new_id()
    said = {
        "id": str(key), "type": happening.kind, "timestamp": timezone.localtime(at).isoformat(), "data": happening.data,
    }  # fmt: skip
    return Delivery.objects.create(
        id=key,
        subscription=row,
        organisation_id=row.organisation_id,
        kind=happening.kind,
        body=json.dumps(said, ensure_ascii=False, default=str),
        at=at,
        state=WAITING,
        next_at=at,
    )


def _held(organisation_id: UUID, subscription_id: UUID) -> Subscription:
    rows = Subscription.objects.select_for_update().filter(pk=subscription_id, organisation_id=organisation_id)
    row = rows.first()
    if row is None:
        raise no_such()
    if row.ended_at is not None:
        raise StateError(say("这个推送订阅已经停了"), remedy=say("另做一个"))
    return row


def _kinds(kinds: Iterable[str]) -> tuple[str, ...]:
    wanted = set(kinds)
    if unknown := sorted(wanted - set(HAPPENINGS)):
        raise InputError(
            say("没有“{kind}”这种事件", kind=unknown[0][:40]), remedy=say("从所列的事件里选"), field="kinds"
        )
    if not wanted:
        raise InputError(say("还没有选要推送的事件"), remedy=say("至少选一种"), field="kinds")
    return tuple(kind for kind in HAPPENINGS if kind in wanted)


def key_of(row: Subscription) -> bytes:
    """Return the secret of a subscription: made from the installation's own, so that no row holds it."""
    said = f"plumbline.webhook {row.pk} {row.secret_number}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).digest()


def may_be_private() -> bool:
    """Tell whether messages may go to this machine and to the house's own net."""
    return bool(settings.PLUMBLINE_WEBHOOKS_PRIVATE)
