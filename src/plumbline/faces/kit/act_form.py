"""Shows the form of an act as the rulebook defines it, and reads it back: no field is typed again in a template.

Leaves what a field may hold to the engine of cases, and lists that the rooms offer (sites, people) to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http.request import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.errors import PlumblineError, Text
from plumbline.faces.kit import formats
from plumbline.faces.kit.attached import KEPT, FileLine, Uploads, accept_of, lines, taken
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Fault, Option
from plumbline.rulebook.forms import Field
from plumbline.rulebook.procedures import Act

ROWS_MOST, ROW_DIGITS = 100, 4
MOST_BESIDE = 8
"""More choices than these stand in a list that opens, not beside one another."""
_UNNUMBERED = re.compile(r"\.[0-9]+\.")
"""The number of a row in the name of one of its fields: what the rooms offer is the same in each row."""


@dataclass(frozen=True)
class FormField:
    """One field as `kit/_act_field.html` shows it. kind: text, area, date, choice, select, list, number, file or group.

    id: of the element, else the name; files: taken in already; accept: what a browser offers; rows: of a group, the
    last one empty; unit: of a number; known: where a value known already comes from;
    remarks: what is to be mended here, by who returned the form.
    """

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
    id: str = ""
    files: Sequence[FileLine] = ()
    accept: str = ""
    is_many: bool = False
    rows: Sequence[Sequence[FormField]] = ()
    unit: str = ""
    remarks: Sequence[str] = ()

    @property
    def optional(self) -> str:
        """Non-empty where the field may be left empty."""
        return "" if self.is_required else "1"

    @property
    def key(self) -> str:
        """The id of the element."""
        return self.id or self.name


@dataclass(frozen=True)
class Filled:
    """What a form holds: values by name (a list for a list field), the error that sent it back, if any, and by field
    what is to be mended."""

    values: Mapping[str, object] = field(default_factory=dict)
    error: PlumblineError | None = None
    remarks: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawing:
    """How a form is drawn: what the rooms offer for a field, beside which names there are faults, and for whom."""

    choices: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    errors: Mapping[str, Text] = field(default_factory=dict)
    actor: Actor | None = None
    prefix: str = ""
    beside: Mapping[str, Field] = field(default_factory=dict)


def form_fields(
    act: Act,
    filled: Filled | None = None,
    *,
    choices: Mapping[str, Sequence[Option]] | None = None,
    actor: Actor | None = None,
    prefix: str = "",
) -> list[FormField]:
    """Return the fields of an act in order. choices: field name, of a group
    `group.field`, to what the rooms offer for it; actor: who fills it in,
    needed where it asks for files; prefix: what ids begin with, where a page has several forms."""
    held = filled or Filled()
    beside = {each.key: each for each in act.form}
    drawing = Drawing(choices or {}, errors_by_field(held.error), actor, prefix, beside)
    asked = [each for each in act.form if not each.is_drawn]
    fields = [_form_field(each, held.values.get(each.key), name=each.key, drawing=drawing) for each in asked]
    return [replace(each, remarks=held.remarks.get(each.name, ())) for each in fields]


def read_posted(
    act: Act,
    posted: QueryDict,
    *,
    uploads: Uploads | None = None,
    actor: Actor | None = None,
) -> dict[str, object]:
    """Return the values of an act's form as typed: lists for lists, rows for groups, files by their hash, else text."""
    return {each.key: _posted(each, each.key, posted=posted, uploads=uploads, actor=actor) for each in act.form}


def _posted(
    each: Field,
    name: str,
    *,
    posted: QueryDict,
    uploads: Uploads | None,
    actor: Actor | None,
) -> object:
    if each.type == "file":
        if actor is None:
            return []
        sent = uploads or MultiValueDict()
        return taken(each, name, tokens=posted.getlist(name + KEPT), sent=sent, actor=actor)
    if each.type == "group":
        rows = []
        for number in range(_rows_posted(name, posted)):
            row = {
                one.key: _posted(one, f"{name}.{number}.{one.key}", posted=posted, uploads=uploads, actor=actor)
                for one in each.fields
            }
            rows += [row] if any(row.values()) else []
        return rows
    return posted.getlist(name) if each.many and each.type == "choice" else posted.get(name, "")


def _rows_posted(name: str, posted: QueryDict) -> int:
    """Return how many rows of a group a form has sent."""
    numbers = [key.removeprefix(f"{name}.").split(".")[0] for key in posted if key.startswith(f"{name}.")]
    counted = [int(each) for each in numbers if each.isascii() and each.isdigit() and len(each) < ROW_DIGITS]
    return min(max(counted, default=-1) + 1, ROWS_MOST)


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


def _form_field(each: Field, value: object, *, name: str, drawing: Drawing) -> FormField:
    chosen = [str(item) for item in value] if isinstance(value, list | tuple) else [str(value or "")]
    offered = drawing.choices.get(_UNNUMBERED.sub(".", name))
    options = offered if offered is not None else _own_options(each)
    kind = kind_of(each)
    return FormField(
        name=name,
        kind=kind,
        label=named(each),
        hint=_hint_of(each, drawing.beside),
        is_required=each.is_required and not each.when,
        value="" if kind in {"file", "group"} else _text_of(each, value, chosen=chosen),
        options=[replace(one, is_selected=one.value in chosen) if any(chosen) else one for one in options],
        error=drawing.errors.get(name),
        id=f"{drawing.prefix}{name}" if drawing.prefix else "",
        files=lines(value, drawing.actor) if kind == "file" and drawing.actor else (),
        accept=accept_of(each) if kind == "file" else "",
        is_many=each.many,
        rows=_group_rows(each, value, name=name, drawing=drawing) if kind == "group" else (),
        unit=each.unit,
    )


def _text_of(each: Field, value: object, *, chosen: Sequence[str]) -> str:
    """Return a value as it is typed: a repeated one in one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "；".join(chosen) if each.many and each.type != "choice" else chosen[0] if chosen else ""


def _own_options(each: Field) -> list[Option]:
    if each.type == "yes_no":
        return [Option("yes", _("是")), Option("no", _("否"))]
    return [Option(one.value, named(one)) for one in each.choices]


def _group_rows(each: Field, value: object, *, name: str, drawing: Drawing) -> list[list[FormField]]:
    """Return the rows of a group that are filled, and one more to fill."""
    held = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []
    return [
        [_form_field(one, row.get(one.key), name=f"{name}.{number}.{one.key}", drawing=drawing) for one in each.fields]
        for number, row in enumerate([*held, {}][:ROWS_MOST])
    ]


def _hint_of(each: Field, beside: Mapping[str, Field]) -> str:
    """Return the help of a field, and beside which answers alone it is asked."""
    said = each.help_en if formats.is_english() else each.help_zh
    asked = [
        _("只在“{field}”是“{answers}”时填").format(
            field=named(beside[key]),
            answers=" / ".join(_answer_words(beside[key], value) for value in values),
        )
        for key, values in each.when.items()
        if key in beside
    ]
    return " ".join(part for part in (said, *asked) if part)


def _answer_words(each: Field, value: str) -> str:
    return next((option.label for option in _own_options(each) if option.value == value), value)


def kind_of(each: Field) -> str:
    """Return which control a field is shown as."""
    if each.type == "choice" and each.many:
        return "list"
    if each.type == "choice" and len(each.choices) > MOST_BESIDE:
        return "select"
    shown = {
        "long_text": "area", "person": "select", "yes_no": "choice", "date": "date", "choice": "choice", "file": "file",
        "group": "group", "integer": "number", "decimal": "number",
    }  # fmt: skip
    return shown.get(each.type, "text")
