"""The page for whoever has looked up more codes than the allowance gives: when to come again.

The allowance is asked before the code is read, so that known and unknown codes are refused alike.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from plumbline.faces.kit.allowance import wait_for_lookup

TOO_MANY = 429


def refusal(request: HttpRequest) -> HttpResponse | None:
    """Count one look-up of whoever asks; return the page that says when to come again, None while there is enough."""
    wait_s = wait_for_lookup(request)
    if not wait_s:
        return None
    a_minute = int(settings.PLUMBLINE_LOOKUPS_PER_MINUTE)
    other = "zh" if (translation.get_language() or "").startswith("en") else "en"
    context = {"wait_s": wait_s, "a_minute": a_minute, "is_demo": settings.PLUMBLINE_DEMO, "other_language": other}
    response = render(request, "portal/check_busy.html", context, status=TOO_MANY)
    response.headers["Retry-After"] = str(wait_s)
    response.headers["Cache-Control"] = "no-store"
    return response
