"""What an authenticator is asked to sign: made for one session, good once and for a few minutes."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from plumbline.domain.credentials.actions import Question
from plumbline.errors import InputError, say
from plumbline.faces.portal.entering import site_of

KEY = "passkey_challenge"
BYTES = 32
LASTS = timedelta(minutes=5)


def new_question(request: HttpRequest) -> Question:
    """Return a new question and keep it for the answer."""
    challenge = secrets.token_bytes(BYTES)
    request.session[KEY] = [base64.b64encode(challenge).decode(), timezone.now().isoformat()]
    return Question(site_of(request), challenge)


def taken_question(request: HttpRequest) -> Question:
    """Return the question this session was asked; it is good for this one answer. Raises: InputError without one."""
    text, made_at = request.session.pop(KEY, None) or ("", "")
    if not text or timezone.now() - datetime.fromisoformat(made_at) > LASTS:
        raise InputError(say("没有等到通行密钥的回答"), remedy=say("再按一次按钮"), field="credential")
    return Question(site_of(request), base64.b64decode(text))
