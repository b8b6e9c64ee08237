"""Showing again that it is oneself, before an act that asks for it: in which ways, and back to what was being done."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.credentials import actions, queries
from plumbline.domain.credentials.types import PASSKEY, PASSWORD
from plumbline.errors import InputError, PlumblineError, StateError, Unconfirmed, say
from plumbline.faces.kit import keeping
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import actor_of, status_of
from plumbline.faces.portal.challenges import taken_question
from plumbline.faces.portal.entering import carried, landed
from plumbline.faces.portal.frame import frame


@never_cache
@sensitive_post_parameters("passcode", "password", "credential")
def confirm(request: HttpRequest) -> HttpResponse:
    """Take what its reader shows, and lead them back to what they were doing."""
    actor = actor_of(request)
    if request.method != "POST":
        return show(request, carried(request))
    try:
        way = _shown(request, actor)
    except (InputError, StateError) as error:
        return show(request, carried(request), error=error)
    actions.confirm(request.sign_in, way, at=timezone.now())  # type: ignore[attr-defined]  # set by the middleware
    return landed(request, actor)


def refused(request: HttpRequest, error: Unconfirmed) -> HttpResponse:
    """Ask whoever is signed in to confirm; what they had sent waits in the page."""
    form = keeping.form_of(request)
    following = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    waiting = {"next": following, "kept": keeping.sealed(form) if form else ""}
    return show(request, waiting, error=error)


def show(request: HttpRequest, waiting: dict[str, str], *, error: PlumblineError | None = None) -> HttpResponse:
    """Return the page with every way this reader may confirm in."""
    actor = actor_of(request)
    ways, methods = queries.ways(actor.user_id), queries.methods(actor.user_id)
    told = error if isinstance(error, Unconfirmed) else None
    context = {
        **frame(request),
        **waiting,
        "form": keeping.opened(waiting["kept"]),
        "told": told,
        "faults": [] if told else faults(error),
        "errors": errors_by_field(error),
        "has_passkey": bool(methods.passkeys),
        "has_code": methods.code_since is not None,
        "has_password": PASSWORD in ways and methods.has_password,
        "username": accounts.account_of(actor.user_id).username,
    }
    return render(request, "portal/confirm.html", context, status=status_of(error) if error else 200)


def _shown(request: HttpRequest, actor: Actor) -> str:
    """Return the way in which the reader has shown who they are. Raises: InputError, StateError."""
    posted, now = request.POST, timezone.now()
    if posted.get("credential"):
        asked = taken_question(request)
        actions.use_passkey(posted["credential"], question=asked, at=now, of=actor.user_id)
        return PASSKEY
    if "passcode" in posted:
        return actions.use_code(actor.user_id, posted["passcode"], at=now)
    if PASSWORD not in queries.ways(actor.user_id):
        raise InputError(say("没有输验证码"), remedy=say("输验证器上的六位数字，或用通行密钥"), field="passcode")
    username = accounts.account_of(actor.user_id).username
    if authenticate(request, username=username, password=posted.get("password", "")) is None:
        raise InputError(say("口令不对"), remedy=say("核对大小写；连续错 5 次会锁 15 分钟"), field="password")
    return PASSWORD
