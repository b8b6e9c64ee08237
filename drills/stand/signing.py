"""Signs people of a copy in as their password does, and finds what became of the requests they sent."""

from __future__ import annotations

from typing import Any  # what is asked is JSON
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from plumbline.domain.accounts.models import User
from plumbline.domain.credentials import actions as credentials
from plumbline.domain.credentials.types import PASSWORD, SIGN_IN_KEY, Device
from plumbline.domain.journal import queries as journal
from plumbline.domain.rows.scope import EVERYTHING, scoped


def main(asked: dict[str, Any]) -> list[str]:
    """Return cookies of sessions of an account, with the mark of its forms. asked: {"account", "count", "token"}."""
    mark = f"{settings.CSRF_COOKIE_NAME}={asked['token']}"
    return [f"{signed_in(asked['account'])}; {mark}" for _ in range(asked["count"])]


def signed_in(username: str) -> str:
    """Return the cookie of a new session of an account, as signing in makes it."""
    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    device = Device("127.0.0.1", "stand")
    session[SIGN_IN_KEY] = str(credentials.begin(user.pk, PASSWORD, device=device, at=timezone.now()))
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def numbers(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Return answers with the number their request was given, none where the journal has no such act."""
    with scoped(EVERYTHING):
        return [{**each, "number": _number(UUID(each["request"]))} for each in asked["answers"]]


def _number(request_id: UUID) -> str:
    act = journal.act_by_request(request_id)
    facts = act.data.get("facts") if act else None
    return str(facts.get("certificate", "")) if isinstance(facts, dict) else ""
