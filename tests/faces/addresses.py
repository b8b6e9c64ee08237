"""Every address the platform answers, read from its address table, with `<name>` where a value stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

NOT_OURS = ("i18n/",)


@dataclass(frozen=True)
class Address:
    """One pattern of the address table: its text, with `<name>` where a value stands."""

    text: str
    names: tuple[str, ...]

    def at(self, values: Mapping[str, str]) -> str:
        """Return the path with values put in."""
        return "/" + re.sub(r"<(\w+)>", lambda found: values[found[1]], self.text)


def addresses() -> list[Address]:
    """Return every address the platform answers."""
    return [Address(text, tuple(re.findall(r"<(\w+)>", text))) for text in sorted(set(_texts(get_resolver(), "")))]


def _texts(resolver: URLResolver, before: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        route = str(each.pattern)
        text = before + re.sub(
            r"<(?:\w+:)?(\w+)>", r"<\1>", re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).strip("^$")
        ).replace("[.]", ".")
        if isinstance(each, URLResolver):
            yield from _texts(each, text)
        elif isinstance(each, URLPattern) and not text.startswith(NOT_OURS):
            yield text.replace("<number>", "<document>") if "certificates/" in text else text
