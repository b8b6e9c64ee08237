"""Where a reader is signed in: see it, end one or all others; an ended one opens nothing from its next request on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from plumbline.domain.credentials import actions, queries
from plumbline.errors import Hidden, say
from plumbline.faces.kit.acting import actor_of
from plumbline.faces.portal.entering import leave
from plumbline.faces.portal.frame import frame


@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where the reader is signed in, or end one of them, or all others."""
    actor, now = actor_of(request), timezone.now()
    own: UUID | None = getattr(request, "sign_in", None)
    if request.method != "POST":
        found = queries.sign_ins(actor.user_id, at=now)
        lines = [(each, each.device or _("不明的设备"), each.id == own) for each in found]
        return render(request, "portal/sessions.html", {**frame(request), "lines": lines, "others": len(found) > 1})
    if request.POST.get("act") == "others":
        ended = actions.end_others(actor, keep=own, at=now)
        messages.success(request, ngettext("已结束 {n} 个登录", "已结束 {n} 个登录", ended).format(n=ended))
        return redirect("my-sessions")
    sign_in = _id(request)
    actions.end(actor, sign_in, at=now)
    if sign_in == own:
        leave(request)
        messages.success(request, _("已退出"))
        return redirect("portal-home")
    messages.success(request, _("这个登录已结束"))
    return redirect("my-sessions")


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError as err:
        raise Hidden(say("没有这个登录，或者已经结束"), remedy=say("从您的登录名单里选")) from err
