"""Subscriptions to happenings and the messages to them: written with the act, told to the other system afterwards.

`announce` writes a message for each subscription in the transaction of the act it tells of; `deliver_due` takes those
that are due and sends them, each in transactions of its own, so that nothing of ours waits for another system. Rights
and the journal are asked above this room.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from plumbline.domain.notices import rules
from plumbline.domain.notices.models import Delivery, Notice, Subscription
from plumbline.domain.notices.rules import kept
from plumbline.domain.notices.types import (
    DELIVERED,
    GIVEN_UP,
    HAPPENINGS,
    TEST,
    WAITING,
    Delivered,
    DeliveryFacts,
    Happening,
    SubscriptionFacts,
)
from plumbline.domain.notices.webhook_rows import delivery_facts, no_such, subscription_facts
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, PlumblineError, StateError, say
from plumbline.gateways import webhooks as gateway

MOST_SUBSCRIPTIONS = 20
AT_ONCE = 100
LEASE = timedelta(minutes=2)
"""For how long a message is another's to send: longer than any call lasts."""


def subscribe(organisation_id: UUID, *, url: str, kinds: Iterable[str], at: datetime) -> tuple[SubscriptionFacts, str]:
    """Subscribe an organisation; returns it with its secret. Raises: InputError; StateError for too many."""
    wanted = _kinds(kinds)
    gateway.read_target(url, may_be_private=_may_be_private())
    rows = Subscription.objects.filter(organisation_id=organisation_id, ended_at__isnull=True)
    if rows.count() >= MOST_SUBSCRIPTIONS:
        raise StateError(
            say("这个单位已有 {n} 个推送订阅", n=MOST_SUBSCRIPTIONS), remedy=say("先停掉不用的，或合并成一个")
        )
    row = Subscription.objects.create(organisation_id=organisation_id, url=url, kinds=list(wanted), made_at=at)
    return subscription_facts(row), gateway.written_secret(_key(row))


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
    return subscription_facts(row), gateway.written_secret(_key(row))


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
        rows = Subscription.objects.filter(
            organisation_id__in=happening.organisations, ended_at__isnull=True, kinds__contains=[happening.kind]
        )
        for row in rows:
            _leave(row, happening, at=at)


def deliver_due(now: datetime) -> Delivered:
    """Send what is due, the oldest first, at most `AT_ONCE`; returns what became of it. To be called now and again.

    Several may run at once: each message is taken by one. Must not run in a transaction.
    """
    outcomes = [_sent(row, now) for row in _take(now)]
    return Delivered(outcomes.count(DELIVERED), outcomes.count(WAITING), outcomes.count(GIVEN_UP))


@dataclass(frozen=True)
class _Taken:
    """A message taken to be sent, with all that sending needs."""

    id: UUID
    attempts: int
    url: str
    key: bytes
    body: bytes


def _take(now: datetime) -> list[_Taken]:
    """Take due messages: nobody else takes them while the lease lasts, and one we die with is due again after it."""
    with scoped(EVERYTHING):
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("subscription")
        found = list(rows.filter(state=WAITING, next_at__lte=now).order_by("next_at", "id")[:AT_ONCE])
        for row in found:
            row.attempts += 1
            row.next_at = now + LEASE + gateway.PATIENCE_S * timedelta(seconds=len(found))
        Delivery.objects.bulk_update(found, ["attempts", "next_at"])
        return [
            _Taken(row.id, row.attempts, row.subscription.url, _key(row.subscription), row.body.encode())
            for row in found
        ]


def _sent(taken: _Taken, now: datetime) -> str:
    """Send one message outside any transaction; returns the state it then is in."""
    may_be_private = _may_be_private()
    headers = gateway.signed_headers(taken.key, str(taken.id), timestamp=int(now.timestamp()), body=taken.body)
    headers |= {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Plumbline-Webhooks/1"}
    try:
        target = gateway.read_target(taken.url, may_be_private=may_be_private)
        answer = gateway.send(target, taken.body, headers=headers, may_be_private=may_be_private)
    except PlumblineError as error:
        return _note(taken, now, answered=None, fault=str(error.what))
    fault = "" if answer.is_taken else answer.words
    return _note(taken, now, answered=answer.status, fault=fault)


def _note(taken: _Taken, now: datetime, *, answered: int | None, fault: str) -> str:
    """Write down what became of an attempt; returns the state of the message."""
    is_taken = answered is not None and 200 <= answered < 300
    pause = None if is_taken else rules.pause_after(taken.attempts)
    state = DELIVERED if is_taken else WAITING if pause else GIVEN_UP
    with scoped(EVERYTHING):
        row = Delivery.objects.select_for_update().get(pk=taken.id)
        if row.state != WAITING or row.attempts != taken.attempts:
            return row.state  # ended, or taken up by another, while we waited for the answer
        row.state, row.answered, row.fault = state, answered, "".join(filter(str.isprintable, fault))[:300]
        row.next_at = now + pause if pause else None
        row.done_at = None if pause else now
        row.save(update_fields=["state", "answered", "fault", "next_at", "done_at"])
        if state != WAITING:
            _note_health(row.subscription_id, now, is_taken=is_taken)
    return state


def _note_health(subscription_id: UUID, now: datetime, *, is_taken: bool) -> None:
    """Keep since when an address takes nothing; its organisation is told once, when the first message is given up."""
    row = Subscription.objects.select_for_update().get(pk=subscription_id)
    if is_taken and row.failing_since is not None:
        row.failing_since = None
        row.save(update_fields=["failing_since"])
    elif not is_taken and row.failing_since is None:
        row.failing_since = now
        row.save(update_fields=["failing_since"])
        text = say("推送到 {url} 多次没有成功，已放弃一条", url=row.url)
        Notice.objects.create(
            recipient_id=row.organisation_id,
            template=text.template,
            params={name: kept(value) for name, value in text.params.items()},
            link="/interfaces/",
            at=now,
        )


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


def _key(row: Subscription) -> bytes:
    """Return the secret of a subscription: made from the installation's own, so that no row holds it."""
    said = f"plumbline.webhook {row.pk} {row.secret_number}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).digest()


def _may_be_private() -> bool:
    return bool(settings.PLUMBLINE_WEBHOOKS_PRIVATE)
