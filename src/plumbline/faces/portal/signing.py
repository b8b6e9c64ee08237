"""Signing in by password and out, changing the role one acts in, one's own password, the page of a locked account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, get_user_model, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from plumbline.domain.accounts import actions
from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import DEMO_PASSWORD, ROLE_KEY, Actor
from plumbline.domain.credentials import actions as sign_ins
from plumbline.domain.credentials import queries as credentials
from plumbline.domain.credentials.types import PASSWORD
from plumbline.errors import AccessError, InputError, InputErrors, PlumblineError, StateError, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import actor_of, status_of
from plumbline.faces.kit.nav import home_url, is_staff, role_words
from plumbline.faces.portal import second_step
from plumbline.faces.portal.entering import begin_second, carried, enter, is_ours, landed, leave, wanted
from plumbline.faces.portal.frame import frame

NAME_MOST = 80


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or sign in and go where the reader wanted to go, else to the start of their role."""
    if request.method != "POST":
        actor = getattr(request, "actor", None)
        return redirect(wanted(request, actor)) if actor is not None else form(request)
    try:
        user = authenticate(request, **_credentials(request))
        if user is None:
            raise _refused()
        if credentials.needs_second(user.pk):
            begin_second(request, user.pk, way=PASSWORD)
            return second_step.show(request)
        return landed(request, enter(request, user.pk, way=PASSWORD))
    except (InputError, AccessError) as error:
        return form(request, error)


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


def form(request: HttpRequest, error: PlumblineError | None = None) -> HttpResponse:
    """Return the page with every way to sign in, and why the last one failed."""
    demo = accounts.demo_accounts(on=timezone.localdate()) if settings.PLUMBLINE_DEMO else []
    context = {
        **frame(request, "login"),
        **carried(request),
        "login_url": "",
        "username": request.POST.get("username", request.GET.get("username", "")),
        "faults": faults(error),
        "errors": errors_by_field(error),
        "providers": credentials.providers().values(),
        "demo_password": DEMO_PASSWORD,
        "demo_accounts": [
            (each, role_words(each.role), formats.either(each.organisation_name, each.organisation_name_en))
            for each in demo
        ],
    }
    return render(request, "portal/login.html", context, status=status_of(error) if error else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    leave(request)
    messages.success(request, _("已退出"))
    return redirect("portal-home")


@require_POST
def change_role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's roles from now on. Raises: AccessError for a role that is not the reader's."""
    actors: list[Actor] = getattr(request, "actors", [])
    asked = request.POST.get("role") or request.POST.get("membership_id", "")
    chosen = [actor for actor in actors if str(actor.membership_id) == asked]
    if not chosen:
        raise AccessError(say("您没有这个角色"), remedy=say("从右上角的名单里选"))
    before = getattr(request, "actor", None)
    request.session[ROLE_KEY] = asked
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
            _change_password(request, actor)
        except (InputError, StateError) as err:
            error = err
        else:
            messages.success(request, _("口令已换新"))
            return redirect(home_url(actor))
    is_first = accounts.account_of(actor.user_id).is_first_password
    context = {**frame(request), "faults": faults(error), "errors": errors_by_field(error), "is_first": is_first}
    return render(request, "portal/password.html", context, status=status_of(error) if error else 200)


def _change_password(request: HttpRequest, actor: Actor) -> None:
    with transaction.atomic():
        actions.change_password(actor, old=request.POST.get("old", ""), new=new_password(request))
        sign_ins.own_password_changed(actor, keep=getattr(request, "sign_in", None), at=timezone.now())
    update_session_auth_hash(request, get_user_model().objects.get(pk=actor.user_id))


def new_password(request: HttpRequest) -> str:
    """Return a password typed twice alike. Raises: InputError beside `again`."""
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
