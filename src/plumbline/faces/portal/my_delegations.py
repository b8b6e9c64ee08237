"""Delegation and absence of an enterprise's people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from plumbline.faces.kit.delegating import delegations_page, done
from plumbline.faces.portal.frame import frame, owner_of


def delegations(request: HttpRequest) -> HttpResponse:
    """Show who stands in for whom and when the reader is away; a POST changes it."""
    owner = owner_of(request)
    error = done(request, owner) if request.method == "POST" else None
    if request.method == "POST" and error is None:
        return HttpResponseRedirect(reverse("my-delegations"), status=303)
    found = delegations_page(request, owner, error=error)
    return render(request, "portal/delegations.html", {**frame(request, ""), "found": found}, status=found.status)
