"""Identities at providers: linked by a person who is signed in, or by an invitation; never by a mail address."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.credentials import queries
from plumbline.domain.credentials.models import OutsideIdentity
from plumbline.domain.credentials.telling import tell_own
from plumbline.errors import AccessError, Hidden, StateError, say
from plumbline.gateways.identity.openid import Identity


@transaction.atomic
def add_outside(actor: Actor, identity: Identity, *, at: datetime) -> None:
    """Link an identity, proved just now, to the actor's account. Raises: Unconfirmed; StateError if it is linked."""
    queries.require_fresh(actor, queries.CHANGE, at=at)
    link(actor.user_id, identity, at=at)
    tell_own(actor, "method.add", data={"kind": "oidc", "provider": identity.provider}, at=at)


def link(user_id: UUID, identity: Identity, *, at: datetime) -> None:
    """Link an identity to an account. Raises: StateError if it is linked already, or the account has one there.

    An account of the demo is everybody's: none of them has an identity of anybody.
    """
    if accounts.account_of(user_id).is_demo:
        raise StateError(say("演示账号是公开的，不能关联外部身份"), remedy=say("用正式账号试"))
    if OutsideIdentity.objects.filter(issuer=identity.issuer, subject=identity.subject).exists():
        raise StateError(say("这个外部身份已经关联了一个账号"), remedy=say("用那个账号登录，先移除关联"))
    if OutsideIdentity.objects.filter(user_id=user_id, provider=identity.provider).exists():
        raise StateError(say("这个账号在那里已经关联了一个身份"), remedy=say("要换一个，先移除原来的"))
    OutsideIdentity.objects.create(
        user_id=user_id, provider=identity.provider, issuer=identity.issuer, subject=identity.subject, made_at=at
    )


@transaction.atomic
def remove_outside(actor: Actor, outside_id: UUID, *, at: datetime) -> None:
    """Remove a link of the actor's own. Raises: Unconfirmed; Hidden; StateError if nothing would be left."""
    queries.require_fresh(actor, queries.CHANGE, at=at)
    row = OutsideIdentity.objects.filter(pk=outside_id, user_id=actor.user_id).first()
    if row is None:
        raise Hidden(say("没有这个外部身份"), remedy=say("从您的登录方式里选"))
    queries.require_left(actor.user_id, without="oidc")
    row.delete()
    tell_own(actor, "method.remove", data={"kind": "oidc", "provider": row.provider}, at=at)


@transaction.atomic
def use_outside(identity: Identity, *, at: datetime) -> UUID:
    """Return the account an identity is linked to. Raises: AccessError if to none."""
    row = OutsideIdentity.objects.filter(issuer=identity.issuer, subject=identity.subject).first()
    if row is None:
        raise AccessError(
            say("这个外部身份还没有关联账号"),
            remedy=say("先用账号登录，在“登录与安全”里关联；还没有账号的，请管理员邀请"),
        )
    row.used_at = at
    row.save(update_fields=["used_at"])
    return row.user_id
