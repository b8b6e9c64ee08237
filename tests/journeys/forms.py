"""Reads the forms of a page as a browser would: what each would post if nothing more were typed, and what it offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """One form: its method, the values it would post, and its choices as (value, words)."""

    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: list[tuple[str, str]] = field(default_factory=list)

    def put(self, name: str, value: str) -> None:
        """Add a value."""
        self.values.setdefault(name, []).append(value)


class Forms(HTMLParser):
    """Gathers the forms of the main part of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._is_main = self._is_open = False
        self._select = self._area = ""
        self._choice: str | None = None
        self._words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._is_main = True
        if tag == "form" and self._is_main:
            self.forms.append(Form(given.get("method", "get")))
            self._is_open = True
        if not self._is_open:
            return
        if tag == "input":
            self._input(given)
        if tag == "select":
            self._select = given.get("name", "")
        if tag == "option":
            self._offer(given["value"])
            if "selected" in given:
                self.forms[-1].put(self._select, given["value"])
        if tag == "textarea":
            self._area, self._words = given.get("name", ""), []

    def _input(self, given: dict[str, str]) -> None:
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "text")
        if kind in {"radio", "checkbox"}:
            self._offer(value)
        if name and (kind not in {"radio", "checkbox"} or "checked" in given):
            self.forms[-1].put(name, value)

    def _offer(self, value: str) -> None:
        self._end_choice()
        self._choice, self._words = value, []

    def _end_choice(self) -> None:
        if self._choice is not None:
            self.forms[-1].choices.append((self._choice, " ".join(self._words)))
        self._choice = None

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._words.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in {"option", "label", "select"} and self._is_open:
            self._end_choice()
        if tag == "textarea" and self._is_open:
            self.forms[-1].put(self._area, "".join(self._words))
        if tag == "form":
            self._is_open = False
        if tag == "main":
            self._is_main = False
