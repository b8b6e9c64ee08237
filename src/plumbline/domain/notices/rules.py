"""How the values of a sentence are kept until somebody reads it: a term of the rulebook in both its languages."""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.errors import Term, Text

Kept = str | dict[str, object]


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
