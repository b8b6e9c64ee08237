"""Signing in and out, changing the role one acts in, and the page that says until when an account is locked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, get_user_model, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from plumbline.domain.accounts import actions
from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import DEMO_PASSWORD, ROLE_KEY, Actor
from plumbline.errors import AccessError, InputError, InputErrors, PlumblineError, StateError, say
from plumbline.faces.kit import formats, keeping
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import actor_of, status_of
from plumbline.faces.kit.nav import home_url, is_staff, role_words
from plumbline.faces.portal.frame import frame

NAME_MOST = 80


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or sign in and go where the reader wanted to go, else to the start of their role."""
    if request.method != "POST":
        actor = getattr(request, "actor", None)
        return redirect(_wanted(request, actor)) if actor is not None else _form(request)
    try:
        user = authenticate(request, **_credentials(request))
    except InputError as error:
        return _form(request, error)
    if user is None:
        return _form(request, _refused())
    login(request, user)
    actors = accounts.memberships(user, on=timezone.localdate())
    if not actors:
        logout(request)
        return _form(request, _without_role(), status=403)
    kept = keeping.opened(request.POST.get("kept", ""))
    if kept is None:
        return redirect(_wanted(request, actors[0]))
    request.actor, request.actors = actors[0], actors  # type: ignore[attr-defined]  # as the middleware has it from now on
    return render(request, "kit/again.html", {**frame(request), "frame": "kit/base_portal.html", "form": kept})


@never_cache
def session_state(request: HttpRequest) -> JsonResponse:
    """Say whether somebody is signed in now, and the token of their forms: for a page that was open meanwhile."""
    actor = getattr(request, "actor", None)
    person = str(actor.person_id) if actor is not None else ""
    return JsonResponse({"person": person, "token": get_token(request)})


def _credentials(request: HttpRequest) -> dict[str, str]:
    username = request.POST.get("username", "").strip()
    password = request.POST.get("password", "")
    missing = []
    if not username or len(username) > NAME_MOST:
        missing.append(InputError(say("没有填账号"), remedy=say("填本单位管理员开通的账号名"), field="username"))
    if not password:
        missing.append(InputError(say("没有填口令"), remedy=say("填账号的口令"), field="password"))
    if missing:
        raise InputErrors(missing)
    return {"username": username, "password": password}


def _refused() -> InputError:
    return InputError(say("账号或口令不对"), remedy=say("核对大小写；连续错 5 次会锁 15 分钟"), field="username")


def _without_role() -> AccessError:
    return AccessError(say("这个账号现在没有可用的角色"), remedy=say("请本单位管理员开通角色，或核对起止日期"))


def _form(request: HttpRequest, error: InputError | AccessError | None = None, *, status: int = 0) -> HttpResponse:
    demo = accounts.demo_accounts(on=timezone.localdate()) if settings.PLUMBLINE_DEMO else []
    context = {
        **frame(request, "login"),
        "login_url": "",
        "next": request.POST.get("next", request.GET.get("next", "")),
        "kept": request.POST.get("kept", ""),
        "username": request.POST.get("username", request.GET.get("username", "")),
        "faults": faults(error),
        "errors": errors_by_field(error),
        "demo_password": DEMO_PASSWORD,
        "demo_accounts": [
            (each, role_words(each.role), formats.either(each.organisation_name, each.organisation_name_en))
            for each in demo
        ],
    }
    return render(request, "portal/login.html", context, status=status or (422 if error else 200))


def _wanted(request: HttpRequest, actor: Actor) -> str:
    """Return the address asked for, if it is one of ours, else where the role begins."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_ours(request, wanted) else home_url(actor)


def is_ours(request: HttpRequest, url: str) -> bool:
    """Tell whether an address leads to this site, so that a link cannot lead away through our sign-in."""
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, _("已退出"))
    return redirect("portal-home")


@require_POST
def change_role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's roles from now on. Raises: AccessError for a role that is not the reader's."""
    actors: list[Actor] = getattr(request, "actors", [])
    wanted = request.POST.get("role") or request.POST.get("membership_id", "")
    chosen = [actor for actor in actors if str(actor.membership_id) == wanted]
    if not chosen:
        raise AccessError(say("您没有这个角色"), remedy=say("从右上角的名单里选"))
    before = getattr(request, "actor", None)
    request.session[ROLE_KEY] = wanted
    messages.success(request, _("现在以“{role}”办理").format(role=role_words(chosen[0].role)))
    url = request.POST.get("next", "")
    stays = before is not None and is_staff(before) == is_staff(chosen[0]) and is_ours(request, url)
    return redirect(url if stays else home_url(chosen[0]), permanent=False)


@never_cache
@sensitive_post_parameters("old", "password", "again")
def change_password(request: HttpRequest) -> HttpResponse:
    """Show the form, or put a new password in place of the reader's own; other sessions of the account end."""
    actor = actor_of(request)
    error: PlumblineError | None = None
    if request.method == "POST":
        try:
            actions.change_password(actor, old=request.POST.get("old", ""), new=_new_password(request))
        except (InputError, StateError) as err:
            error = err
        else:
            update_session_auth_hash(request, get_user_model().objects.get(pk=actor.user_id))
            messages.success(request, _("口令已换新"))
            return redirect(home_url(actor))
    context = {**frame(request), "faults": faults(error), "errors": errors_by_field(error)}
    return render(request, "portal/password.html", context, status=status_of(error) if error else 200)


def _new_password(request: HttpRequest) -> str:
    new = request.POST.get("password", "")
    if new != request.POST.get("again", ""):
        raise InputError(say("两次输入的口令不同"), remedy=say("重新输入两次"), field="again")
    return new


def locked_out(request: HttpRequest, credentials: Mapping[str, str] | None) -> HttpResponse:
    """Say that an account is locked for this address, and until when."""
    username = (credentials or {}).get("username") or request.POST.get("username", "")
    context = {**frame(request, "login"), "login_url": "", "until": _locked_until(username)}
    return render(request, "portal/locked.html", context, status=429)


def _locked_until(username: str) -> datetime:
    """Return when the lock ends: counted from the last failure."""
    last = AccessAttempt.objects.filter(username=username).order_by("-attempt_time").first()
    since: datetime = last.attempt_time if last else timezone.now()
    return since + timedelta(hours=settings.AXES_COOLOFF_TIME)
