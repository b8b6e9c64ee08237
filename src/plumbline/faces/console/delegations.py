"""Delegation and absence in the console."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.faces.console.shell import Place, officer, page, see_other
from plumbline.faces.kit.delegating import delegations_page, done
from plumbline.faces.kit.shapes import Crumb


@officer
def delegations(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show who stands in for whom and when the reader is away; a POST changes it."""
    error = done(request, actor) if request.method == "POST" else None
    if request.method == "POST" and error is None:
        return see_other(reverse("console:delegations"))
    found = delegations_page(request, actor, error=error)
    place = Place("delegations", [Crumb(_("代办和缺勤"))])
    return page(request, "delegations", context={"found": found}, place=place, status=found.status)
