"""The inbox of the console, and how its reader wants it by mail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.faces.console.shell import Place, officer, page, see_other
from plumbline.faces.kit.notice_settings import kept, settings_page
from plumbline.faces.kit.notices import mark, notice_list
from plumbline.faces.kit.shapes import Crumb


@officer
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show a page of notices; a POST marks one or all and shows the page again."""
    if request.method == "POST":
        return see_other(mark(request, actor))
    context = {"list": notice_list(request, actor), "settings_url": reverse("console:notice_settings")}
    return page(request, "notices", context=context, place=Place("notices", [Crumb(_("通知"))]))


@officer
def settings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show how notices come by mail; a POST keeps what the form says."""
    error = kept(request, actor) if request.method == "POST" else None
    if request.method == "POST" and error is None:
        return see_other(reverse("console:notice_settings"))
    shown = settings_page(request, actor, error=error)
    crumbs = [Crumb(_("通知"), reverse("console:notices")), Crumb(_("邮件和提醒"))]
    place = Place("notices", crumbs)
    return page(request, "notice_settings", context={"settings": shown}, place=place, status=shown.status)
