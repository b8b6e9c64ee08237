"""Signing in at an identity provider: there, and back with who it says the reader is.

What it proves is kept in the session for a few minutes until the reader says, in a form of ours, what it is for: no
address that somebody else makes them open links anything.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any  # what we have put into a session ourselves

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from plumbline.domain.credentials import actions, queries
from plumbline.domain.credentials.types import OUTSIDE
from plumbline.errors import AccessError, InputError, ProofError, say
from plumbline.faces.kit.acting import actor_of
from plumbline.faces.portal import second_step, signing
from plumbline.faces.portal.entering import begin_second, enter, landed
from plumbline.gateways.identity import openid
from plumbline.gateways.identity.openid import Asked, Identity
from plumbline.rulebook import signing as rule

ASKED_KEY, PROVED_KEY = "openid_asked", "openid_proved"


@never_cache
@require_safe
def go(request: HttpRequest, key: str) -> HttpResponse:
    """Send the reader to a provider. GET: `for` is sign_in, link or invitation; `code` the link of an invitation."""
    provider = queries.provider(key)
    purpose = request.GET.get("for", "sign_in")
    if purpose == "link":
        queries.require_fresh(actor_of(request), queries.CHANGE, at=timezone.now())
    url, asked = openid.ask(provider, back=request.build_absolute_uri(reverse("login-back")))
    request.session[ASKED_KEY] = {
        "asked": asdict(asked), "for": purpose, "code": request.GET.get("code", ""),
        "next": request.GET.get("next", ""), "at": timezone.now().isoformat(),
    }  # fmt: skip
    return redirect(url)


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Take the provider's answer: sign in, or keep what it proves for the page that asked."""
    try:
        held = _held(request)
        asked = Asked(**held["asked"])
        answer = {name: request.GET.get(name, "") for name in request.GET}
        identity = openid.identity(queries.provider(asked.provider), asked, answer=answer)
        if held["for"] in {"link", "invitation"}:
            _keep(request, identity, purpose=held["for"])
            return redirect("my-sign-in") if held["for"] == "link" else redirect("invitation", code=held["code"])
        return _sign_in(request, identity, following=held["next"])
    except (InputError, AccessError, ProofError) as error:
        return signing.form(request, error)


def _sign_in(request: HttpRequest, identity: Identity, *, following: str) -> HttpResponse:
    user_id = actions.use_outside(identity, at=timezone.now())
    if queries.needs_second(user_id):
        begin_second(request, user_id, way=OUTSIDE)
        return second_step.show(request, following=following)
    return landed(request, enter(request, user_id, way=OUTSIDE), following=following)


def _held(request: HttpRequest) -> dict[str, Any]:
    held: dict[str, Any] | None = request.session.pop(ASKED_KEY, None)
    if held is None or _is_past(held["at"]):
        raise InputError(say("这次登录不是从这个窗口开始的"), remedy=say("回登录页重新开始"))
    return held


def _keep(request: HttpRequest, identity: Identity, *, purpose: str) -> None:
    request.session[PROVED_KEY] = {"identity": asdict(identity), "for": purpose, "at": timezone.now().isoformat()}


def proved_for(request: HttpRequest, purpose: str) -> Identity | None:
    """Return who a provider has just said the reader is, for a purpose; None if none has."""
    held = request.session.get(PROVED_KEY)
    if not held or held["for"] != purpose or _is_past(held["at"]):
        return None
    return Identity(**held["identity"])


def drop_proved(request: HttpRequest) -> None:
    """Forget what a provider has said: it was for one use."""
    request.session.pop(PROVED_KEY, None)


def _is_past(text: str) -> bool:
    return timezone.now() - datetime.fromisoformat(text) > rule.load().second_step
