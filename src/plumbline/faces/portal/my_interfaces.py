"""My interfaces: tokens and subscriptions of the reader's organisation, for its programs."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from plumbline.faces.kit import interfaces as kit
from plumbline.faces.portal.frame import frame, owner_of


def interfaces(request: HttpRequest) -> HttpResponse:
    """Show tokens and subscriptions; a POST makes or ends one."""
    shown = kit.interfaces(request, owner_of(request))
    if shown is None:
        return HttpResponseRedirect(request.path, status=303)
    context = {**frame(request, "my-interfaces"), "page": shown}
    return render(request, "portal/interfaces.html", context, status=shown.status)


def deliveries(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Show the messages to one subscription; a POST has one sent once more."""
    shown = kit.deliveries(request, owner_of(request), webhook_id=webhook_id)
    if shown is None:
        return HttpResponseRedirect(request.path, status=303)
    return render(request, "portal/deliveries.html", {**frame(request, "my-interfaces"), "list": shown})
