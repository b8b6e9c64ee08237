"""How a sign-in begins, whatever was shown: the session, its record, and where the reader goes next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Assurance
from plumbline.domain.credentials import actions as credentials
from plumbline.domain.credentials.types import SIGN_IN_KEY, Device
from plumbline.domain.rows import scope
from plumbline.errors import AccessError, say
from plumbline.faces.kit import keeping
from plumbline.faces.kit.client_address import client_address
from plumbline.faces.kit.nav import home_url
from plumbline.faces.portal.frame import frame
from plumbline.gateways.identity.passkeys import Site
from plumbline.rulebook import signing

BACKEND = "django.contrib.auth.backends.ModelBackend"
FIRST_KEY = "first_step"
"""Where a session keeps the first of two steps: whose, in which way, when."""


def enter(request: HttpRequest, user_id: UUID, *, way: str) -> Actor:
    """Sign somebody in who has shown who they are; returns whom they act as.

    Raises: AccessError if the account is stopped or has no role today; then nobody is signed in.
    """
    now = timezone.now()
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise AccessError(say("这个账号已经停用"), remedy=say("需要恢复的，找本单位管理员"))
    actors = accounts.actors(user, on=timezone.localdate(), assurance=Assurance(way, now))
    if not actors:
        raise AccessError(say("这个账号现在没有可用的角色"), remedy=say("请本单位管理员开通角色，或核对起止日期"))
    leave(request)
    login(request, user, backend=BACKEND)
    sign_in = credentials.begin(user_id, way, device=_device(request), at=now)
    request.session[SIGN_IN_KEY] = str(sign_in)
    request.sign_in = sign_in  # type: ignore[attr-defined]  # as the middleware has it from now on
    scope.apply(actors[0].scope)
    request.actor, request.actors = actors[0], actors  # type: ignore[attr-defined]  # as the middleware has it from now on
    return actors[0]


def leave(request: HttpRequest) -> None:
    """End the session and its sign-in, if there is one."""
    if sign_in := getattr(request, "sign_in", None):
        credentials.signed_out(sign_in, at=timezone.now())
    logout(request)


def landed(request: HttpRequest, actor: Actor, *, following: str = "") -> HttpResponse:
    """Lead somebody who has just signed in or confirmed where they were going; a form they had sent waits for them.

    following: where they were going, if their request does not carry it.
    """
    kept = keeping.opened(request.POST.get("kept", ""))
    if kept is None:
        return redirect(following if following and is_ours(request, following) else wanted(request, actor))
    return render(request, "kit/again.html", {**frame(request), "frame": "kit/base_portal.html", "form": kept})


def wanted(request: HttpRequest, actor: Actor) -> str:
    """Return the address asked for, if it is one of ours, else where the role begins."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if is_ours(request, url) else home_url(actor)


def is_ours(request: HttpRequest, url: str) -> bool:
    """Tell whether an address leads to this site, so that a link cannot lead away through our sign-in."""
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


def carried(request: HttpRequest) -> dict[str, str]:
    """Return the hidden inputs that a way of signing in carries along: where to go, and a form that waits."""
    given = request.POST if request.method == "POST" else request.GET
    return {"next": given.get("next", ""), "kept": request.POST.get("kept", "")}


def begin_second(request: HttpRequest, user_id: UUID, *, way: str) -> None:
    """Keep the first step of two; the second one is asked for now."""
    leave(request)
    request.session[FIRST_KEY] = {"user": str(user_id), "way": way, "at": timezone.now().isoformat()}


def first_step(request: HttpRequest) -> UUID | None:
    """Return whose first step this session has made, None if nobody's or too long ago."""
    held: Mapping[str, str] = request.session.get(FIRST_KEY, {})
    if not held or timezone.now() - datetime.fromisoformat(held["at"]) > signing.load().second_step:
        return None
    return UUID(held["user"])


def site_of(request: HttpRequest) -> Site:
    """Return whom a passkey is for: the host the reader's browser asked, which the settings name."""
    host = request.get_host()
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return Site(name, f"{request.scheme}://{host}")


def _device(request: HttpRequest) -> Device:
    return Device(client_address(request), request.headers.get("user-agent", ""))
