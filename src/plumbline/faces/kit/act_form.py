"""Shows the form of an act as the rulebook defines it, and reads it back: no field is typed again in a template.

Leaves what a field may hold to the engine of cases, and lists that the rooms offer (sites, people) to the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http.request import QueryDict

from plumbline.errors import PlumblineError, Text
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Fault, Option
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import Act


@dataclass(frozen=True)
class FormField:
    """One field as `kit/_act_field.html` shows it. kind: text, area, date, choice, select, list, number or bool."""

    name: str
    kind: str
    label: str
    hint: str = ""
    is_required: bool = False
    value: str = ""
    options: Sequence[Option] = ()
    error: Text | None = None
    known: str = ""
    minimum: str = ""

    @property
    def optional(self) -> str:
        """Non-empty where the field may be left empty."""
        return "" if self.is_required else "1"


@dataclass(frozen=True)
class Filled:
    """What a form holds: values by name (a list for a list field), and the error that sent it back, if any."""

    values: Mapping[str, object] = field(default_factory=dict)
    error: PlumblineError | None = None


def form_fields(
    act: Act, filled: Filled | None = None, *, choices: Mapping[str, Sequence[Option]] | None = None
) -> list[FormField]:
    """Return the fields of an act in order; choices: field name to what the rooms offer for it."""
    held = filled or Filled()
    offered = choices or {}
    errors = errors_by_field(held.error)
    return [
        _form_field(each, held.values.get(each.key), offered=offered.get(each.key), error=errors.get(each.key))
        for each in act.form
    ]


def read_posted(act: Act, posted: QueryDict) -> dict[str, object]:
    """Return the values of an act's form as typed: lists for list fields, text for all others."""
    return {each.key: posted.getlist(each.key) if each.many else posted.get(each.key, "") for each in act.form}


def errors_by_field(error: PlumblineError | None) -> dict[str, Text]:
    """Return the first message beside each field."""
    found: dict[str, Text] = {}
    for one in error.faults if error else ():
        if one.field:
            found.setdefault(one.field, one.what)
    return found


def faults(error: PlumblineError | None) -> list[Fault]:
    """Return the lines of the summary of errors, each leading to its field where it has one."""
    return [Fault(one.what, one.field or "", one.remedy or "") for one in (error.faults if error else ())]


def _form_field(each: Field, value: object, *, offered: Sequence[Option] | None, error: Text | None) -> FormField:
    chosen = [str(item) for item in value] if isinstance(value, list | tuple) else [str(value or "")]
    options = offered if offered is not None else [Option(one.value, named(one)) for one in each.choices]
    return FormField(
        name=each.key,
        kind=_kind(each),
        label=named(each),
        hint=each.help_en if formats.is_english() else each.help_zh,
        is_required=each.is_required,
        value=chosen[0] if chosen else "",
        options=[replace(one, is_selected=one.value in chosen) if any(chosen) else one for one in options],
        error=error,
    )


def _kind(each: Field) -> str:
    if each.type == "choice" and each.many:
        return "list"
    return {"long_text": "area", "person": "select"}.get(each.type, each.type)
