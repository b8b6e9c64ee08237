"""How the values of a sentence are kept until somebody reads it, and when a message is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from plumbline.errors import Term, Text

Kept = str | dict[str, object]
PAUSES = tuple(
    timedelta(seconds=seconds) for seconds in (30, 2 * 60, 10 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
)
"""What a message waits after each attempt that failed. A convention of ours: nine attempts in about two days."""


def kept(value: object) -> Kept:
    """Return a value as JSON can hold it: a term in both languages, a sentence within the sentence with its values."""
    if isinstance(value, Term):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Text):
        return {"template": value.template, "params": {name: kept(each) for name, each in value.params.items()}}
    return str(value)


def told(value: object) -> object:
    """Return what `kept` was given, as far as a reader sees it."""
    if not isinstance(value, Mapping):
        return value
    if "template" in value:
        params = value.get("params", {})
        return Text(str(value["template"]), {name: told(each) for name, each in params.items()})
    return Term(str(value["zh"]), str(value["en"]))


def pause_after(attempts: int) -> timedelta | None:
    """Return what a message waits after so many attempts that failed; None when it is given up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
