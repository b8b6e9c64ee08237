"""Who asks: the token of a request, what it may, and how often; and the key of a request that does something.

A session's cookie is nobody here: programs bring a token, so no page of another site acts through a reader's browser.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts import queries as held
from plumbline.domain.accounts.errors import NotKnownError
from plumbline.domain.accounts.types import Actor, Bearer
from plumbline.errors import AccessError, InputError, say
from plumbline.faces.api.problems import ScopeError, too_many
from plumbline.faces.kit import once as sending
from plumbline.faces.kit.allowance import Allowance
from plumbline.faces.kit.nav import is_staff

KEY_HEADER = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{8,128}")
_asked = Allowance()


class Token(HttpBearer):
    """Has a request's token tell who asks. scopes: any of them lets it pass; none: any token does."""

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = scopes

    def authenticate(self, request: HttpRequest, token: str) -> Bearer:
        """Return who asks, and open the transaction to them. Raises: NotKnownError, TooManyError, ScopeError."""
        found = accounts.bearer(token, at=timezone.now())
        request.actor = found.actor  # type: ignore[attr-defined]  # carried to the views, as the session's actor is
        _count(found)
        if self.scopes and not set(self.scopes) & set(found.token.scopes):
            raise no_scope(*self.scopes)
        return found


def nobody() -> NotKnownError:
    """Return the answer to a request without a token."""
    return NotKnownError(
        say("请求里没有令牌"), remedy=say("加上请求头 Authorization: Bearer 和令牌；令牌在“系统接口”一页做")
    )


def bearer_of(request: HttpRequest) -> Bearer:
    """Return who asks, in a view that wants a token."""
    found = getattr(request, "auth", None)
    if not isinstance(found, Bearer):
        raise nobody()
    return found


def actor_of(request: HttpRequest) -> Actor:
    """Return as whom the request is made."""
    return bearer_of(request).actor


def require_right(actor: Actor, right: str) -> None:
    """Pass if the actor carries a right at all. Raises: AccessError."""
    if not held.has_right(actor, right):
        raise AccessError(
            say("角色“{role}”或令牌的范围不含这一项", role=held.role_name(actor.role)),
            remedy=say("换用有权的角色的令牌"),
        )


def require_staff(actor: Actor) -> None:
    """Pass if the role works in an office or institution. Raises: AccessError."""
    if not is_staff(actor):
        raise AccessError(
            say("角色“{role}”不能看这个清单", role=held.role_name(actor.role)), remedy=say("换用有权的角色的令牌")
        )


def request_key(request: HttpRequest) -> UUID:
    """Return the key of a request that does something: sent again under it, it is done once.

    The same words of two holders are two keys. Raises: InputError without the header, or for what is no key.
    """
    text = request.headers.get(KEY_HEADER, "")
    if not _KEY.fullmatch(text):
        raise InputError(
            say("请求头 Idempotency-Key 要有 8 到 128 个可见字符"),
            remedy=say("每件事用一个新的随机值，例如 UUID；重试时用同一个"),
            field=KEY_HEADER,
        )
    return uuid5(actor_of(request).person_id, text)


def once(request: HttpRequest, words: object, *, do: Callable[[Actor, datetime], UUID]) -> UUID:
    """Return the id of what a request makes, made only if its key has not made it before.

    words: all it says. For actions that keep no key themselves. Raises: StateError for a key used for something else.
    """
    actor, at = actor_of(request), timezone.now()
    sent = sending.Sent(request_key(request), f"{request.method} {request.path}", words)
    with transaction.atomic():
        before = sending.made_before(actor, sent)
        if before is not None:
            return UUID(before)
        made = do(actor, at)
        sending.keep(actor, sent, made=str(made), at=at)
    return made


def _count(found: Bearer) -> None:
    a_minute = int(settings.PLUMBLINE_API_PER_MINUTE)
    wait_s = _asked.take(str(found.token.id), a_minute=a_minute, now_s=time.monotonic()) if a_minute else 0
    if wait_s:
        raise too_many(wait_s)


def no_scope(*scopes: str) -> ScopeError:
    """Return the refusal of a token that has none of some scopes."""
    error = ScopeError(
        say("这个令牌没有范围“{scopes}”", scopes=" / ".join(scopes)), remedy=say("做一个有这个范围的令牌")
    )
    error.scopes = scopes
    return error
