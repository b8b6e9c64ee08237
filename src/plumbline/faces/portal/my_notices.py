"""My notices: what the reader's organisation was told; how they come by mail; an address confirmed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.notices import actions, queries
from plumbline.faces.kit.acting import actor_of
from plumbline.faces.kit.nav import home_url, is_staff
from plumbline.faces.kit.notice_settings import kept, settings_page
from plumbline.faces.kit.notices import mark, notice_list
from plumbline.faces.portal.frame import frame, owner_of


def notices(request: HttpRequest) -> HttpResponse:
    """Show a page of notices; a POST marks one or all and shows the page again."""
    owner = owner_of(request)
    if request.method == "POST":
        return HttpResponseRedirect(mark(request, owner), status=303)
    context = {
        **frame(request, "my-notices"),
        "list": notice_list(request, owner),
        "settings_url": reverse("my-notice-settings"),
    }
    return render(request, "portal/notices.html", context)


def settings(request: HttpRequest) -> HttpResponse:
    """Show how notices come by mail; a POST keeps what the form says. Every mail leads here: staff go on to theirs."""
    actor = actor_of(request)
    if is_staff(actor):
        return redirect("/notices/settings/")
    error = kept(request, actor) if request.method == "POST" else None
    if request.method == "POST" and error is None:
        return HttpResponseRedirect(reverse("my-notice-settings"), status=303)
    shown = settings_page(request, actor, error=error)
    context = {**frame(request, "my-notices"), "settings": shown}
    return render(request, "portal/notice_settings.html", context, status=shown.status)


def confirm(request: HttpRequest, *, token: str) -> HttpResponse:
    """Show whose address is about to be confirmed; a POST confirms it: a program that follows links confirms none."""
    _reader_id, address = queries.confirming(token)
    if request.method == "POST":
        actions.confirm(token, at=timezone.now())
        messages.success(request, _("邮箱已确认，从现在起通知也发到那里"))
        return HttpResponseRedirect(home_url(getattr(request, "actor", None)), status=303)
    return render(request, "portal/confirm_mail.html", {**frame(request), "address": address})
