"""One guard for all pages: what no keyboard types into a page reaches no view.

NUL, which PostgreSQL cannot hold, is refused wherever it comes. Other control characters are refused in addresses; in
what is posted they are left to the fields, which say it beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.http.request import QueryDict

NUL = "\x00"
LAID_OUT = frozenset("\t\n\r")


class PlainText:
    """Middleware above sessions: a cookie with NUL is none; a request with control characters is a bad one (400)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.COOKIES = {name: text for name, text in request.COOKIES.items() if NUL not in text}
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_arguments: object) -> None:
        """Refuse the request before its view sees it. Raises: BadRequest.

        A view that asks for no token asks for its body itself, once it knows its size.
        """
        if any(_is_control(each) for each in request.path) or any(map(_has_control, _texts(request.GET))):
            raise BadRequest("a control character in the address")
        if not getattr(view, "csrf_exempt", False) and any(NUL in text for text in _texts(request.POST)):
            raise BadRequest("NUL in what was posted")


def _texts(sent: QueryDict) -> Iterable[str]:
    for name, texts in sent.lists():
        yield name
        yield from map(str, texts)


def _has_control(text: str) -> bool:
    return any(_is_control(each) for each in text if each not in LAID_OUT)


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f"
