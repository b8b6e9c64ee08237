"""What programs are given: tokens and subscriptions, asked for by right and told to the journal.

The journal holds the name, the scopes and the address; no secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts import queries as held
from plumbline.domain.accounts.types import Actor, NewToken, TokenFacts
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import Asked, NewAct
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.notices import actions as notices
from plumbline.domain.notices import queries as kept
from plumbline.domain.notices.types import DeliveryFacts, SubscriptionFacts
from plumbline.errors import StateError, say

RIGHT = "interface.manage"


@transaction.atomic
def make_token(actor: Actor, wanted: NewToken, *, request_id: UUID, at: datetime) -> tuple[TokenFacts, str]:
    """Make a token; returns it with its text, which is shown once.

    Raises: as `accounts.make_token`; StateError for a request that has made it already: its text cannot be shown again.
    """
    asked = journal.asked(request_id, "token.make", asdict(wanted))
    if journal.already_done(actor, asked):
        raise StateError(say("这个令牌刚才已经做好，只显示那一次"), remedy=say("没有抄下就撤销它，另做一个"))
    token, text = accounts.make_token(actor, wanted, at=at)
    said: dict[str, object] = {
        "name": token.name, "prefix": token.prefix, "scopes": list(token.scopes), "machine": token.is_machine,
    }  # fmt: skip
    said["until"] = token.expires_on.isoformat()
    _tell(actor, "token", subject_id=token.id, act=NewAct("token.make", said, asked=asked), at=at)
    return token, text


@transaction.atomic
def revoke_token(actor: Actor, token_id: UUID, *, at: datetime) -> TokenFacts:
    """End a token at once. Raises: as `accounts.revoke_token`."""
    token = accounts.revoke_token(actor, token_id, at=at)
    act = NewAct("token.revoke", {"name": token.name, "prefix": token.prefix})
    _tell(actor, "token", subject_id=token.id, act=act, at=at)
    return token


@transaction.atomic
def subscribe(
    actor: Actor, url: str, *, kinds: Iterable[str], request_id: UUID, at: datetime
) -> tuple[SubscriptionFacts, str]:
    """Have happenings told to an address; returns the subscription and its secret, which is shown once.

    Asked for again by the same request, nothing is made and no secret shown (""). Raises: AccessError; InputError;
    StateError for too many, or a request that asked for something else.
    """
    held.require(actor, RIGHT, subject=held.interfaces_of(actor.organisation_id))
    wanted = sorted(set(kinds))
    asked = journal.asked(request_id, "webhook.subscribe", url, wanted)
    if done := journal.already_done(actor, asked):
        return kept.subscription(actor.organisation_id, done.subject_id), ""
    made, secret = notices.subscribe(actor.organisation_id, url=url, kinds=wanted, at=at)
    _tell_webhook(actor, made, name="webhook.subscribe", asked=asked, at=at)
    return made, secret


@transaction.atomic
def end_subscription(actor: Actor, subscription_id: UUID, *, at: datetime) -> SubscriptionFacts:
    """Stop telling an address. Raises: AccessError; Hidden; StateError if it has been stopped."""
    held.require(actor, RIGHT, subject=held.interfaces_of(actor.organisation_id))
    ended = notices.end_subscription(actor.organisation_id, subscription_id, at=at)
    _tell_webhook(actor, ended, name="webhook.end", at=at)
    return ended


@transaction.atomic
def renew_secret(actor: Actor, subscription_id: UUID, *, at: datetime) -> tuple[SubscriptionFacts, str]:
    """Put a new secret in place of the old, which signs nothing any more. Raises: as `end_subscription`."""
    held.require(actor, RIGHT, subject=held.interfaces_of(actor.organisation_id))
    renewed, secret = notices.renew_secret(actor.organisation_id, subscription_id)
    _tell_webhook(actor, renewed, name="webhook.renew", at=at)
    return renewed, secret


@transaction.atomic
def try_address(actor: Actor, subscription_id: UUID, *, at: datetime) -> DeliveryFacts:
    """Leave a message that only tries the address. Raises: as `end_subscription`."""
    held.require(actor, RIGHT, subject=held.interfaces_of(actor.organisation_id))
    return notices.try_address(actor.organisation_id, subscription_id, at=at)


@transaction.atomic
def redeliver(actor: Actor, delivery_id: UUID, *, at: datetime) -> DeliveryFacts:
    """Have a message sent once more. Raises: AccessError; Hidden; StateError for one that waits still."""
    held.require(actor, RIGHT, subject=held.interfaces_of(actor.organisation_id))
    return notices.redeliver(actor.organisation_id, delivery_id, at=at)


def _tell_webhook(
    actor: Actor, subscription: SubscriptionFacts, *, name: str, at: datetime, asked: Asked | None = None
) -> None:
    data: Mapping[str, object] = {"url": subscription.url, "kinds": list(subscription.kinds)}
    _tell(actor, "webhook", subject_id=subscription.id, act=NewAct(name, data, asked=asked), at=at)


def _tell(actor: Actor, kind: str, *, subject_id: UUID, act: NewAct, at: datetime) -> None:
    about = held.interfaces_of(actor.organisation_id)
    subject = JournalSubject(kind, subject_id, owner_id=actor.organisation_id, region_code=about.region_code)
    journal.append(actor, subject, act=act, at=at)
