"""Addresses for the tests of the kit alone: its page, the language switch, and a draft answered as a face does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, include, path

from plumbline.faces.kit.fragments import render_fragment
from plumbline.faces.kit.grid import CellResult


def draft(request: HttpRequest) -> HttpResponse:
    """Save nothing, but answer as a draft is answered: the first cell comes back as the result of its run."""
    typed = request.POST.get("q1.1.v_j_l", "")
    fragment = render_fragment("cellresult", result=CellResult(f"={typed}", "ok"))
    return JsonResponse({"fragments": {"r-q1-1": fragment}, "saved_at": "09:14:09", "version": "2"})


urlpatterns: list[URLPattern | URLResolver] = [
    path("kit/", include("plumbline.faces.kit.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("draft", draft),
]
