"""Tokens of programs: made once, shown once, known by a hash; who asks by one, and as whom.

A text is `plt_<prefix>_<secret>`: the prefix finds the row, the secret (256 random bits) is compared by its SHA-256,
which for a random secret is as good as a slow hash. Rights are asked here; the journal is told above this room.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta
from hmac import compare_digest
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from plumbline.domain.accounts import queries, scopes
from plumbline.domain.accounts.errors import NotKnownError
from plumbline.domain.accounts.models import Membership, Token
from plumbline.domain.accounts.token_rows import RIGHT, about, facts, rows, visible
from plumbline.domain.accounts.types import Actor, Bearer, NewToken, TokenFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.scope import Scope, apply
from plumbline.domain.rows.unseen import unseen
from plumbline.errors import AccessError, Hidden, InputError, StateError, say
from plumbline.rulebook import roles, signing

MOST_TOKENS = 50
NAME_MOST = 80
NOTED_EVERY = timedelta(minutes=1)
_TEXT = re.compile(r"plt_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_HOLDERS = UUID("6e1d9c1c-5f8e-4e0b-9d0c-1a7f3b5c2d4e")
"""The name space of the holders of machine tokens (RFC 9562, 5.5): a role in an organisation is one holder."""


@transaction.atomic
def make_token(actor: Actor, wanted: NewToken, *, at: datetime) -> tuple[TokenFacts, str]:
    """Make a token; returns it with its text, which is nowhere kept.

    Raises: AccessError for who acts by a token or in another's place, or has no right to a machine's; InputError;
    StateError for too many.
    """
    if actor.narrowed_to is not None or actor.behalf is not None or actor.membership_id is None:
        raise AccessError(say("令牌由本人用自己的角色来做"), remedy=say("本人登录后，换到自己的角色再做"))
    if wanted.is_machine:
        queries.require(actor, RIGHT, subject=about(actor.organisation_id))
    name = _name(wanted.name)
    chosen = scopes.read_scopes(wanted.scopes, is_machine=wanted.is_machine)
    _require_span(wanted.expires_on, timezone.localdate(at))
    _require_room(actor, timezone.localdate(at))
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    membership = Membership.objects.get(pk=actor.membership_id)
    row = Token.objects.create(
        id=new_id(),
        prefix=prefix,
        digest=_digest(secret),
        name=name,
        scopes=list(chosen),
        organisation_id=actor.organisation_id,
        membership=None if wanted.is_machine else membership,
        role=membership.role if wanted.is_machine else "",
        region_code=membership.region_code if wanted.is_machine else "",
        made_by_id=actor.user_id,
        made_at=at,
        expires_on=wanted.expires_on,
    )
    return facts(row), f"plt_{prefix}_{secret}"


@transaction.atomic
def revoke_token(actor: Actor, token_id: UUID, *, at: datetime) -> TokenFacts:
    """End a token at once. Raises: Hidden for one that is not theirs to end; StateError if it has been ended."""
    row = visible(actor).select_for_update(of=("self",)).filter(pk=token_id).first()
    if row is None:
        raise Hidden(say("没有这个令牌，或者您无权管理"), remedy=say("从令牌名单里选"))
    if row.revoked_at is not None:
        raise StateError(say("这个令牌已经撤销"), remedy=say("不用再撤销"))
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    return facts(row)


def bearer(text: str, *, at: datetime) -> Bearer:
    """Return who asks by a token, and open the transaction's scope to them. Raises: NotKnownError.

    Must run in a transaction. Unknown and wrong are answered alike.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        raise _unknown()
    prefix, secret = found.groups()
    apply(Scope(lookup=prefix))
    row = rows().filter(prefix=prefix).first()
    if row is None or not compare_digest(row.digest, _digest(secret)):
        raise _unknown()
    told, today = facts(row), timezone.localdate(at)
    if row.revoked_at is not None:
        raise NotKnownError(say("这个令牌已经撤销"), remedy=say("换一个令牌"))
    if not told.works(today):
        raise NotKnownError(say("这个令牌 {day} 到期", day=told.expires_on), remedy=say("做一个新的令牌"))
    actor = _machine(row) if row.membership_id is None else _person(row, today)
    _note_use(row, at)
    apply(actor.scope)
    return Bearer(told, replace(actor, narrowed_to=scopes.rights_of(told.scopes)))


def _machine(row: Token) -> Actor:
    role = roles.by_code(row.role)
    is_of_an_area = role.reach == "region" and row.region_code
    holder = uuid5(_HOLDERS, f"{row.organisation_id} {row.role} {row.region_code}")
    return Actor(
        user_id=row.id,
        person_id=holder,
        organisation_id=row.organisation_id,
        role=row.role,
        name=row.name,
        organisation_name=row.organisation.name_zh,
        regions=directory.codes_under(row.region_code) if is_of_an_area else (),
        sees_everything=role.reach == "everything",
        organisation_name_en=row.organisation.name_en,
    )


def _person(row: Token, today: date) -> Actor:
    user = row.membership.user if row.membership else row.made_by
    actors = queries.memberships(user, on=today) if user.is_active else []
    held = next((each for each in actors if each.membership_id == row.membership_id), None)
    if held is None:
        raise NotKnownError(
            say(
                "令牌的主人现在没有角色“{role}”",
                role=queries.role_name(row.membership.role if row.membership else row.role),
            ),
            remedy=say("请管理员核对账号、角色和起止日期"),
        )
    return held


def _note_use(row: Token, at: datetime) -> None:
    """Note when it was last used, once a minute; nobody waits for another request that does the same."""
    if row.last_used_at is not None and at - row.last_used_at < NOTED_EVERY:
        return
    if Token.objects.select_for_update(skip_locked=True).filter(pk=row.id).exists():
        Token.objects.filter(pk=row.id).update(last_used_at=at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _unknown() -> NotKnownError:
    return NotKnownError(say("没有这个令牌"), remedy=say("核对请求头 Authorization: Bearer 后面的文字"))


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > NAME_MOST or unseen(name):
        raise InputError(
            say("令牌的名称要写 1 到 {most} 个字，不带不可见字符", most=NAME_MOST),
            remedy=say("写明哪个系统在用"),
            field="name",
        )
    return name


def _require_span(expires_on: date, today: date) -> None:
    longest = signing.load().token
    if not today <= expires_on <= today + longest:
        raise InputError(
            say("令牌最长用 {days} 天，不能早于今天到期", days=longest.days),
            remedy=say("填 {first} 到 {last} 的日期", first=today, last=today + longest),
            field="expires_on",
        )


def _require_room(actor: Actor, today: date) -> None:
    held = Token.objects.filter(made_by_id=actor.user_id, revoked_at__isnull=True, expires_on__gte=today)
    if held.count() >= MOST_TOKENS:
        raise StateError(say("您已有 {n} 个还能用的令牌", n=MOST_TOKENS), remedy=say("先撤销不用的"))
