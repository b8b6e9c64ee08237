"""My notices: what the reader's organisation was told, the newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from plumbline.faces.kit.notices import mark, notice_list
from plumbline.faces.portal.frame import frame, owner_of


def notices(request: HttpRequest) -> HttpResponse:
    """Show a page of notices; a POST marks one or all as read and shows the page again."""
    owner = owner_of(request)
    if request.method == "POST":
        return HttpResponseRedirect(mark(request, owner), status=303)
    context = {**frame(request, "my-notices"), "list": notice_list(request, owner)}
    return render(request, "portal/notices.html", context)
