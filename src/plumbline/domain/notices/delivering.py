"""Sends the messages of subscriptions that are due: each in transactions of its own, so that nothing of ours waits for
another system while it holds a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from plumbline.domain.notices import actions, rules
from plumbline.domain.notices.models import Delivery, Subscription
from plumbline.domain.notices.types import DELIVERED, GIVEN_UP, WAITING, Delivered
from plumbline.domain.notices.webhooks import key_of, may_be_private
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import PlumblineError, say
from plumbline.gateways import webhooks as gateway

AT_ONCE = 100
LEASE = timedelta(minutes=2)
"""For how long a message is another's to send: longer than any call lasts."""


def deliver_due(now: datetime, *, most: int = AT_ONCE) -> Delivered:
    """Send what is due, the oldest first, at most so many; returns what became of it. To be called now and again.

    Several may run at once: each message is taken by one. Must not run in a transaction.
    """
    outcomes = [_sent(row, now) for row in _take(now, most)]
    return Delivered(outcomes.count(DELIVERED), outcomes.count(WAITING), outcomes.count(GIVEN_UP))


@dataclass(frozen=True)
class _Taken:
    """A message taken to be sent, with all that sending needs."""

    id: UUID
    attempts: int
    url: str
    key: bytes
    body: bytes


def _take(now: datetime, most: int) -> list[_Taken]:
    """Take due messages: nobody else takes them while the lease lasts, and one we die with is due again after it."""
    with scoped(EVERYTHING):
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("subscription")
        found = list(rows.filter(state=WAITING, next_at__lte=now).order_by("next_at", "id")[:most])
        for row in found:
            row.attempts += 1
            row.next_at = now + LEASE + gateway.PATIENCE_S * timedelta(seconds=len(found))
        Delivery.objects.bulk_update(found, ["attempts", "next_at"])
        return [
            _Taken(row.id, row.attempts, row.subscription.url, key_of(row.subscription), row.body.encode())
            for row in found
        ]


def _sent(taken: _Taken, now: datetime) -> str:
    """Send one message outside any transaction; returns the state it then is in."""
    is_open = may_be_private()
    headers = gateway.signed_headers(taken.key, str(taken.id), timestamp=int(now.timestamp()), body=taken.body)
    headers |= {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Plumbline-Webhooks/1"}
    try:
        target = gateway.read_target(taken.url, may_be_private=is_open)
        answer = gateway.send(target, taken.body, headers=headers, may_be_private=is_open)
    except PlumblineError as error:
        return _note(taken, now, answered=None, fault=str(error.what))
    fault = "" if answer.is_taken else answer.words
    return _note(taken, now, answered=answer.status, fault=fault)


def _note(taken: _Taken, now: datetime, *, answered: int | None, fault: str) -> str:
    """Write down what became of an attempt; returns the state of the message."""
    is_taken = answered is not None and 200 <= answered < 300
    following = None if is_taken else rules.next_attempt(taken.attempts, waits=rules.WEBHOOK_WAITS, at=now)
    state = DELIVERED if is_taken else WAITING if following else GIVEN_UP
    with scoped(EVERYTHING):
        row = Delivery.objects.select_for_update().get(pk=taken.id)
        if row.state != WAITING or row.attempts != taken.attempts:
            return row.state  # ended, or taken up by another, while we waited for the answer
        row.state, row.answered, row.fault = state, answered, "".join(filter(str.isprintable, fault))[:300]
        row.next_at = following
        row.done_at = None if following else now
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
        actions.tell(row.organisation_id, text, link="/interfaces/", at=now, kind=actions.ACCOUNT)
