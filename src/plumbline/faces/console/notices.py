"""Notices of the house: what it was told, the newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.faces.console.shell import Place, officer, page, see_other
from plumbline.faces.kit.notices import mark, notice_list
from plumbline.faces.kit.shapes import Crumb


@officer
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show a page of notices; a POST marks one or all as read and shows the page again."""
    if request.method == "POST":
        return see_other(mark(request, actor))
    context = {"list": notice_list(request, actor)}
    return page(request, "notices", context=context, place=Place("notices", [Crumb(_("通知"))]))
