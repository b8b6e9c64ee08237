"""A reader's own ways to sign in: what there is, adding and removing one; recovery codes are shown this once."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.credentials import actions, queries
from plumbline.errors import Hidden, InputError, PlumblineError, StateError, say
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import actor_of, status_of
from plumbline.faces.kit.codes import qr_svg
from plumbline.faces.portal.challenges import taken_question
from plumbline.faces.portal.frame import frame
from plumbline.faces.portal.outside import drop_proved, proved_for

Codes = tuple[str, ...]
NONE: Codes = ()


@never_cache
@sensitive_post_parameters("credential")
def my_sign_in(request: HttpRequest) -> HttpResponse:
    """Show the reader's ways to sign in, or add or remove one."""
    actor = actor_of(request)
    if request.method != "POST":
        return _show(request, actor)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise InputError(say("这一页已经失效"), remedy=say("刷新页面再提交；您填的内容请先复制"))
    try:
        codes = act(request, actor)
    except (InputError, StateError) as error:
        return _show(request, actor, error=error)
    return _done(request, codes)


@never_cache
@sensitive_post_parameters("setup", "passcode")
def code_app(request: HttpRequest) -> HttpResponse:
    """Set an authenticator app up: what to scan or type, then its first code."""
    actor = actor_of(request)
    username = accounts.account_of(actor.user_id).username
    if request.method != "POST":
        queries.require_fresh(actor, queries.CHANGE, at=timezone.now())
        shown, setup = actions.begin_code_app(actor, username)
        return _show_app(request, {"new": shown, "setup": setup})
    setup = request.POST.get("setup", "")
    try:
        shown = actions.code_app_again(actor, username, setup=setup)
    except InputError:
        messages.error(request, _("这一页已经失效，重新扫一次码"))
        return redirect("my-code-app")
    try:
        codes = actions.add_code_app(actor, setup=setup, code=request.POST.get("passcode", ""), at=timezone.now())
    except (InputError, StateError) as error:
        return _show_app(request, {"new": shown, "setup": setup}, error=error)
    _confirmed(request, "totp")
    messages.success(request, _("验证器已加上，下次登录要它的码"))
    return _done(request, codes)


def _show_app(request: HttpRequest, given: dict[str, object], *, error: PlumblineError | None = None) -> HttpResponse:
    shown = given["new"]
    context = {
        **frame(request),
        **given,
        "qr": qr_svg(shown.address, label=_("验证器的二维码")),  # type: ignore[attr-defined]  # a NewCode
        "faults": faults(error),
        "errors": errors_by_field(error),
    }
    return render(request, "portal/code_app.html", context, status=status_of(error) if error else 200)


def _show(request: HttpRequest, actor: Actor, *, error: PlumblineError | None = None) -> HttpResponse:
    now, proved = timezone.now(), proved_for(request, "link")
    methods = queries.methods(actor.user_id)
    linked = {each.provider for each in methods.outside}
    context = {
        **frame(request),
        "account": accounts.account_of(actor.user_id),
        "methods": methods,
        "providers": [each for key, each in queries.providers().items() if key not in linked],
        "proved": proved,
        "proved_by": queries.provider(proved.provider).name if proved else "",
        "sign_ins": len(queries.sign_ins(actor.user_id, at=now)),
        "faults": faults(error),
        "errors": errors_by_field(error),
        "name": request.POST.get("name", ""),
    }
    return render(request, "portal/my_sign_in.html", context, status=status_of(error) if error else 200)


def _done(request: HttpRequest, codes: Codes) -> HttpResponse:
    """Go back to the page; where codes were made, show them first, this once."""
    if not codes:
        return redirect("my-sign-in")
    return render(request, "portal/recovery_codes.html", {**frame(request), "codes": codes})


def _add_passkey(request: HttpRequest, actor: Actor) -> Codes:
    answer, name, now = request.POST.get("credential", ""), request.POST.get("name", ""), timezone.now()
    queries.require_fresh(actor, queries.CHANGE, at=now)
    codes = actions.add_passkey(actor, name, answer=answer, question=taken_question(request), at=now)
    _confirmed(request, "passkey")
    messages.success(request, _("通行密钥已加上"))
    return codes


def _remove_passkey(request: HttpRequest, actor: Actor) -> Codes:
    actions.remove_passkey(actor, _id(request), at=timezone.now())
    messages.success(request, _("通行密钥已移除"))
    return NONE


def _remove_app(request: HttpRequest, actor: Actor) -> Codes:
    actions.remove_code_app(actor, at=timezone.now())
    messages.success(request, _("验证器已移除"))
    return NONE


def _renew_codes(request: HttpRequest, actor: Actor) -> Codes:  # noqa: ARG001  # one signature for all acts
    return actions.renew_recovery_codes(actor, at=timezone.now())


def _link(request: HttpRequest, actor: Actor) -> Codes:
    identity = proved_for(request, "link")
    if identity is None:
        raise InputError(say("身份提供方的回答过时了"), remedy=say("再去那里确认一次"))
    actions.add_outside(actor, identity, at=timezone.now())
    drop_proved(request)
    messages.success(request, _("外部身份已关联，以后可以用它登录"))
    return NONE


def _unlink(request: HttpRequest, actor: Actor) -> Codes:
    actions.remove_outside(actor, _id(request), at=timezone.now())
    messages.success(request, _("外部身份已移除"))
    return NONE


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError as err:
        raise Hidden(say("没有这种登录方式"), remedy=say("从您的登录方式里选")) from err


def _confirmed(request: HttpRequest, way: str) -> None:
    """What was just set up was just shown."""
    actions.confirm(request.sign_in, way, at=timezone.now())  # type: ignore[attr-defined]  # set by the middleware


ACTS: dict[str, Callable[[HttpRequest, Actor], Codes]] = {
    "passkey": _add_passkey,
    "remove_passkey": _remove_passkey,
    "remove_app": _remove_app,
    "codes": _renew_codes,
    "link": _link,
    "unlink": _unlink,
}
