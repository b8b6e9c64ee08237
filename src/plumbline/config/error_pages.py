"""Errors as pages of ours, in the frame of who reads them: what happened, what to do, a way back, nothing lost.

The middleware turns the errors of the family into pages, and the handlers at the end what Django itself refuses. A form
that met a session that had ended, a token that was old, or the question who sends it, is kept in the page that says so.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from plumbline.domain.accounts.types import Actor
from plumbline.errors import AccessError, Hidden, PlumblineError, Unconfirmed
from plumbline.faces.console.shell import search_box, side_bar
from plumbline.faces.kit import keeping, nav
from plumbline.faces.kit.acting import status_of
from plumbline.faces.portal import confirming
from plumbline.faces.portal.frame import frame

_log = logging.getLogger(__name__)
AWAY_S = 5
"""After how many seconds a program is told to ask again: a database that was killed is back before."""
PLAIN_500 = (
    "<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>500</title><h1>系统出错了</h1>"
    "<p>您提交的这一步没有办成，也没有办一半。过一会儿再试一次。</p><h1 lang='en'>Something went wrong</h1>"
    "<p lang='en'>What you submitted was not done, and not half done. Try again in a while.</p>"
    "<p><a href='/'>准绳 Plumbline</a></p>"
)


class ErrorPages:
    """Middleware: an error of the family that no view caught becomes its page; a stranger is sent to sign in first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 405 and isinstance(response, HttpResponse) and not response.content:
            shown = _page(request, 405)
            shown["Allow"] = response.headers.get("Allow", "")
            return shown
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page of the error, or None for an error that is not of the family."""
        if not isinstance(error, PlumblineError):
            return None
        is_stranger = getattr(request, "actor", None) is None
        if is_stranger and isinstance(error, AccessError) and not isinstance(error, Hidden):
            return signed_out(request)
        if isinstance(error, Unconfirmed):
            return confirming.refused(request, error)
        return _page(request, status_of(error), error=error)


def signed_out(request: HttpRequest) -> HttpResponse:
    """Lead a stranger to the sign-in; a form they sent is kept in the page where they sign in."""
    form = keeping.form_of(request)
    following = quote(request.get_full_path() if request.method in {"GET", "HEAD"} else _came_from(request), safe="/")
    if form is None:
        return redirect(f"{reverse('login')}?next={following}")
    context = {**_framed(request), "kept": keeping.sealed(form), "form": form}
    return render(request, "kit/signed_out.html", context, status=403)


def _came_from(request: HttpRequest) -> str:
    """Return the page of ours a POST came from, else where it was sent."""
    start = f"{request.scheme}://{request.get_host()}"
    referer = request.headers.get("referer", "")
    return referer.removeprefix(start) if referer.startswith(f"{start}/") else request.get_full_path()


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is old or missing (`CSRF_FAILURE_VIEW`): kept for its reader to send again.

    Only what came from a page of ours is kept: another site's form never stands under a button of ours.
    """
    _log.info("token refused at %s: %s", request.path, reason)
    form = None if request.path == reverse("login") else keeping.form_of(request)
    if form is None:
        back = f"{reverse('login')}?next={quote(request.POST.get('next', ''), safe='/')}"
        return _page(request, 403, name="token", back_url=back if request.path == reverse("login") else "")
    if getattr(request, "actor", None) is None:
        return signed_out(request)
    return render(request, "kit/again.html", {**_framed(request), "form": form, "is_old": True}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # a handler
    """Show that a request cannot be read (`handler400`)."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # a handler
    """Show that this is not for its reader (`handler403`)."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # a handler
    """Show that there is no such page (`handler404`)."""
    return _page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # a handler
    """Show that we failed (`handler500`), or that the database does not answer (503).

    A page that asks no database, no session and no reader. What was being committed when the database went may have
    been done: the page says so, and that sending it again does nothing twice.
    """
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.INTERNAL_SERVER_ERROR
    try:
        text = str(render_to_string(f"kit/error_{status.value}.html"))
    except Exception:  # noqa: BLE001  # the page that says we failed must not fail: then the plain words are said
        _log.exception("the page of an error could not be made")
        text = PLAIN_500
    return HttpResponse(text, status=status, headers={"Retry-After": AWAY_S} if is_away else {})


def _page(
    request: HttpRequest, status: int, *, name: str = "", error: PlumblineError | None = None, back_url: str = ""
) -> HttpResponse:
    context = {**_framed(request), "back_url": back_url or _back(request)}
    if error is not None:
        context["error"] = error
    return render(request, f"kit/error_{name or status}.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """Return the page of ours the reader came from, if another one."""
    try:
        came_from = _came_from(request)
    except DisallowedHost:
        return ""
    return "" if came_from == request.get_full_path() else came_from


def _framed(request: HttpRequest) -> dict[str, object]:
    """Return the frame of the reader: staff keep their side bar, everybody else the head of the portal."""
    actor = getattr(request, "actor", None)
    if isinstance(actor, Actor) and nav.is_staff(actor):
        shell = {"nav": side_bar(actor, ""), "crumbs": [], **search_box(), "actor": actor}
        return {**nav.signed_in(request), **shell, "frame": "kit/base_console.html"}
    return {**frame(request), "frame": "kit/base_portal.html"}
