"""My long work: what the worker does for the reader's organisation, with progress, stop and resume."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.errands.types import ErrandFacts
from plumbline.faces.kit.long_work import steer, work_page
from plumbline.faces.kit.shapes import Crumb
from plumbline.faces.portal.frame import frame, owner_of
from plumbline.faces.portal.my_import import KIND


def long_work(request: HttpRequest) -> HttpResponse:
    """Show a page of long work; a POST stops or resumes one and shows the page again."""
    owner = owner_of(request)
    if request.method == "POST":
        steer(request, owner)
        return HttpResponseRedirect(reverse("my-long-work"), status=303)
    context = {
        **frame(request, "my-instruments"),
        "crumbs": [Crumb(_("我的器具"), reverse("my-instruments")), Crumb(_("长作业"))],
        "list": work_page(request, owner, link_of=_link),
    }
    return render(request, "portal/long_work.html", context)


def _link(errand: ErrandFacts) -> str:
    """Return the page of an errand, where the portal has one of its own."""
    if errand.kind == "import.cases":
        return reverse("procedure-import-step", args=[errand.asked["procedure"], errand.id])
    return reverse("my-import-step", args=[errand.id]) if errand.kind == KIND else ""
