"""Subscriptions to happenings, and the messages to them: made, listed, ended, tried, sent once more."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Query, Schema
from ninja.responses import Status
from pydantic import Field

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.notices import queries as kept
from plumbline.domain.notices.types import DeliveryFacts, SubscriptionFacts
from plumbline.domain.registers import actions
from plumbline.faces.api.bearing import Token, actor_of, request_key
from plumbline.faces.api.document import acts, scoped_to
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Said, answers

SCOPE = "webhooks:manage"


class NewWebhook(Said):
    """What to be told of, and where."""

    url: str = Field(min_length=8, max_length=500, examples=["https://example.com/plumbline"])
    kinds: list[str] = Field(min_length=1, max_length=20, examples=[["case.moved", "certificate.issued"]])


class Webhook(Schema):
    """A subscription. failing_since: when a message was first given up, null while all is well."""

    id: UUID
    url: str
    kinds: list[str]
    made_at: datetime
    ended_at: datetime | None
    failing_since: datetime | None


class MadeWebhook(Webhook):
    """A subscription just made, with its secret: shown this once, null when the request is repeated."""

    secret: str | None


class Webhooks(Schema):
    """The subscriptions that stand."""

    items: list[Webhook]


class Delivery(Schema):
    """A message: waiting, delivered or given_up. answered: the status of the last answer, null for none."""

    id: UUID
    kind: str
    state: str
    at: datetime
    attempts: int
    next_at: datetime | None
    answered: int | None
    fault: str
    done_at: datetime | None


class Deliveries(Schema):
    """Some messages, the newest first, and the token of the page after, null at the end."""

    items: list[Delivery]
    next: str | None


class DeliveryPlace(Said):
    """Where to go on."""

    page: str = Field(default="", max_length=200)


@router.get(
    "/webhooks",
    auth=Token(SCOPE),
    response=answers(Webhooks),
    tags=["webhooks"],
    operation_id="list_webhooks",
    summary=gettext_noop("推送订阅"),
    openapi_extra=scoped_to(SCOPE),
)
def webhooks(request: HttpRequest) -> Webhooks:
    """Return the subscriptions of the asker's organisation. Raises: AccessError."""
    actor = _manager(request)
    return Webhooks(items=[Webhook(**_said(each)) for each in kept.subscriptions_of(actor.organisation_id)])


@router.post(
    "/webhooks",
    auth=Token(SCOPE),
    response=answers(MadeWebhook, status=201),
    tags=["webhooks"],
    operation_id="subscribe",
    summary=gettext_noop("订阅推送"),
    openapi_extra=acts(SCOPE),
)
def subscribe(request: HttpRequest, body: NewWebhook) -> Status[MadeWebhook]:
    """Make a subscription. Raises: AccessError; InputError for an address that may not be called."""
    made, secret = actions.subscribe(
        actor_of(request), body.url, kinds=body.kinds, request_id=request_key(request), at=timezone.now()
    )
    return Status(201, MadeWebhook(**_said(made), secret=secret or None))


@router.delete(
    "/webhooks/{webhook_id}",
    auth=Token(SCOPE),
    response=answers(Webhook),
    tags=["webhooks"],
    operation_id="end_webhook",
    summary=gettext_noop("停掉推送"),
    openapi_extra=scoped_to(SCOPE),
)
def end(request: HttpRequest, webhook_id: Path[UUID]) -> Webhook:
    """End a subscription. Raises: AccessError; Hidden; StateError if it has been ended."""
    return Webhook(**_said(actions.end_subscription(actor_of(request), webhook_id, at=timezone.now())))


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    auth=Token(SCOPE),
    response=answers(Deliveries),
    tags=["webhooks"],
    operation_id="list_deliveries",
    summary=gettext_noop("发过和等着发的推送"),
    openapi_extra=scoped_to(SCOPE),
)
def deliveries(request: HttpRequest, webhook_id: Path[UUID], *, place: Query[DeliveryPlace]) -> Deliveries:
    """Return a page of messages. Raises: AccessError; Hidden; InputError for a token of another list."""
    actor = _manager(request)
    found = kept.deliveries_of(actor.organisation_id, webhook_id, after=place.page)
    return Deliveries(items=[_message(each) for each in found.deliveries], next=found.next_key or None)


@router.post(
    "/webhooks/{webhook_id}/ping",
    auth=Token(SCOPE),
    response=answers(Delivery, status=202),
    tags=["webhooks"],
    operation_id="ping_webhook",
    summary=gettext_noop("试发一条"),
    openapi_extra=scoped_to(SCOPE),
)
def ping(request: HttpRequest, webhook_id: Path[UUID]) -> Status[Delivery]:
    """Leave a message that only tries the address. Raises: as `end`."""
    return Status(202, _message(actions.try_address(actor_of(request), webhook_id, at=timezone.now())))


@router.post(
    "/deliveries/{delivery_id}/again",
    auth=Token(SCOPE),
    response=answers(Delivery, status=202),
    tags=["webhooks"],
    operation_id="redeliver",
    summary=gettext_noop("重发一条推送"),
    openapi_extra=scoped_to(SCOPE),
)
def redeliver(request: HttpRequest, delivery_id: Path[UUID]) -> Status[Delivery]:
    """Have a message sent once more. Raises: AccessError; Hidden; StateError for one that waits still."""
    return Status(202, _message(actions.redeliver(actor_of(request), delivery_id, at=timezone.now())))


def _manager(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    accounts.require(actor, "interface.manage", subject=accounts.interfaces_of(actor.organisation_id))
    return actor


def _said(found: SubscriptionFacts) -> dict[str, Any]:  # Any: values of the shape's own types
    return {
        "id": found.id, "url": found.url, "kinds": list(found.kinds), "made_at": found.made_at,
        "ended_at": found.ended_at, "failing_since": found.failing_since,
    }  # fmt: skip


def _message(found: DeliveryFacts) -> Delivery:
    return Delivery(
        id=found.id, kind=found.kind, state=found.state, at=found.at, attempts=found.attempts, next_at=found.next_at,
        answered=found.answered or None, fault=found.fault, done_at=found.done_at,
    )  # fmt: skip
