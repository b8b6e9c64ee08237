"""On an English page, what has no English name stands as it is, marked as Chinese: places, people, what they wrote.

A screen reader then reads it as Chinese, a browser takes the right letters. What has an English name is not left to
this: the pages ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from plumbline.faces.kit import formats

_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_OPENS = re.compile(r"<(title|option|textarea|script|style|text)\b")
"""Elements that hold text alone: nothing can be marked within them."""
_CLOSES = re.compile(r"</(title|option|textarea|script|style|text)>")
_CHINESE = re.compile(r"[\u3400-\u9fff](?:[ 0-9]*[\u3400-\u9fff\u3001\u3002\u300a-\u300f\uff01-\uff1f])*")


class MarkChinese:
    """Middleware below the choice of the language: marks Chinese in the text of English pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and isinstance(response, HttpResponse) and formats.is_english():
            response.content = marked(response.content.decode(response.charset))
        return response


def marked(page: str) -> str:
    """Return a page whose runs of Chinese letters are marked as such."""
    if not _CHINESE.search(page):
        return page
    parts, is_plain = [], True
    for token in _TOKEN.findall(page):
        if token.startswith("<"):
            is_plain = bool(_CLOSES.match(token)) or (is_plain and not _OPENS.match(token))
        elif is_plain:
            token = _marked_text(token)  # noqa: PLW2901  # the token as it leaves
        parts.append(token)
    return "".join(parts)


def _marked_text(text: str) -> str:
    """Return a text with its Chinese marked; one that is Chinese in part stays one piece where boxes are laid out."""
    said = text.strip()
    marked_up = _CHINESE.sub(r'<span lang="zh-CN">\g<0></span>', said)
    if marked_up == said:
        return text
    whole = marked_up if _CHINESE.fullmatch(said) else f"<span>{marked_up}</span>"
    return text.replace(said, whole, 1)
