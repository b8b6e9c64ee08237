"""Passkeys: added by their holder, used to sign in or to confirm, removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts.types import Actor
from plumbline.domain.credentials import queries
from plumbline.domain.credentials.actions.recovery import drop_if_alone, first_codes
from plumbline.domain.credentials.models import Passkey
from plumbline.domain.credentials.telling import tell_own
from plumbline.domain.rows.unseen import require_seen
from plumbline.errors import Hidden, InputError, StateError, say
from plumbline.gateways.identity import passkeys
from plumbline.gateways.identity.passkeys import PublicKey, Site

NAME_MOST, PASSKEYS_MOST = 60, 20


@dataclass(frozen=True)
class Question:
    """What an authenticator was asked: for which site, and the challenge it was to sign."""

    site: Site
    challenge: bytes


@transaction.atomic
def add_passkey(actor: Actor, name: str, *, answer: str, question: Question, at: datetime) -> tuple[str, ...]:
    """Add a passkey to the actor's account; returns recovery codes, to be shown once, where it is the first such way.

    Raises: Unconfirmed; InputError beside `name` or `credential`; StateError when there are enough.
    """
    queries.require_fresh(actor, queries.CHANGE, at=at)
    name = name.strip()
    if not name or len(name) > NAME_MOST:
        raise InputError(
            say("通行密钥要有名字"), remedy=say("写 1 到 {n} 个字，例如这台设备的名字", n=NAME_MOST), field="name"
        )
    require_seen({"name": name})
    if Passkey.objects.filter(user_id=actor.user_id).count() >= PASSKEYS_MOST:
        raise StateError(say("一个账号最多有 {n} 个通行密钥", n=PASSKEYS_MOST), remedy=say("先移除不用的"))
    found = passkeys.registered(question.site, answer, challenge=question.challenge)
    if Passkey.objects.filter(credential_id=found.credential_id).exists():
        raise InputError(say("这个通行密钥已经登记过"), remedy=say("不用再加"), field="credential")
    Passkey.objects.create(
        user_id=actor.user_id, name=name, credential_id=found.credential_id, public_key=found.public_key,
        count=found.count, made_at=at,
    )  # fmt: skip
    tell_own(actor, "method.add", data={"kind": "passkey", "name": name}, at=at)
    return first_codes(actor.user_id)


@transaction.atomic
def remove_passkey(actor: Actor, passkey_id: UUID, *, at: datetime) -> None:
    """Remove a passkey of the actor's own. Raises: Unconfirmed; Hidden; StateError if nothing would be left."""
    queries.require_fresh(actor, queries.CHANGE, at=at)
    row = Passkey.objects.filter(pk=passkey_id, user_id=actor.user_id).first()
    if row is None:
        raise Hidden(say("没有这个通行密钥"), remedy=say("从您的登录方式里选"))
    queries.require_left(actor.user_id, without="passkey")
    row.delete()
    drop_if_alone(actor.user_id)
    tell_own(actor, "method.remove", data={"kind": "passkey", "name": row.name}, at=at)


@transaction.atomic
def use_passkey(answer: str, *, question: Question, at: datetime, of: UUID | None = None) -> UUID:
    """Return the account whose passkey signed the question. of: the account it must be of, None for any.

    Raises: InputError if it is nobody's, another's, or does not hold.
    """
    credential_id = passkeys.credential_of(answer)
    row = Passkey.objects.select_for_update().filter(credential_id=credential_id).first()
    if row is None or (of is not None and row.user_id != of):
        raise InputError(say("这个通行密钥在这里没有登记"), remedy=say("换一个，或用别的方式登录"), field="credential")
    key = PublicKey(bytes(row.credential_id), bytes(row.public_key), row.count)
    row.count = passkeys.answered(question.site, answer, key=key, challenge=question.challenge)
    row.used_at = at
    row.save(update_fields=["count", "used_at"])
    return row.user_id
