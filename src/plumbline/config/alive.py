"""The one address that asks no database, so that a supervisor can tell a dead web server from a dead database."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

ADDRESS = "/alive"
WORDS = b"ok\n"


class Alive:
    """Middleware above the transaction of a request: answers that this process serves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == ADDRESS:
            return HttpResponse(WORDS, content_type="text/plain; charset=utf-8", headers={"Content-Length": len(WORDS)})
        return self.get_response(request)
