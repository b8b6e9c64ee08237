"""Interfaces of programs: tokens and subscriptions of whoever works here; owners have the same in the portal."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.faces.console.shell import Place, page, see_other
from plumbline.faces.kit import interfaces as kit
from plumbline.faces.kit.acting import actor_of
from plumbline.faces.kit.nav import is_staff
from plumbline.faces.kit.shapes import Crumb


def interfaces(request: HttpRequest) -> HttpResponse:
    """Show tokens and subscriptions; a POST makes or ends one. An owner is led to the same page of the portal."""
    actor = actor_of(request)
    if not is_staff(actor):
        return redirect("my-interfaces")
    shown = kit.interfaces(request, actor)
    if shown is None:
        return see_other(request.path)
    place = Place("interfaces", [Crumb(_("系统接口"))])
    return page(request, "interfaces", context={"page": shown}, place=place, status=shown.status)


def deliveries(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Show the messages to one subscription; a POST has one sent once more."""
    shown = kit.deliveries(request, actor_of(request), webhook_id=webhook_id)
    if shown is None:
        return see_other(request.path)
    place = Place("interfaces", [Crumb(_("系统接口"), reverse("console:interfaces")), Crumb(_("推送"))])
    return page(request, "deliveries", context={"list": shown}, place=place)
