"""The page `/kit`: each component in each state, and the shells around pages. Everything on it is invented."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.faces.kit import samples
from plumbline.faces.kit.shapes import Crumb

THEMES = ("light", "dark")
SHELLS = ("console", "portal", "check", "check-revoked", "observe", "print", "error")


def kit(request: HttpRequest) -> HttpResponse:
    """Show the kit; `?theme=dark` or `light` fixes the theme, else the system's holds."""
    theme = request.GET.get("theme", "")
    context = samples.components() | {
        "theme": theme if theme in THEMES else "",
        "shells": [(name, reverse("kit:shell", args=[name])) for name in SHELLS],
    }
    return render(request, "kit/kit.html", context)


def shell(request: HttpRequest, name: str) -> HttpResponse:
    """Show one shell with sample content. Raises: Http404 for a shell that does not exist."""
    if name not in SHELLS:
        raise Http404
    theme = request.GET.get("theme", "")
    context = samples.components() | samples.frame() | {"theme": theme if theme in THEMES else ""}
    context["crumbs"] = [Crumb(_("组件"), reverse("kit:kit")), Crumb(name)]
    return render(request, f"kit/shell_{name.replace('-', '_')}.html", context)
