"""The form of an act as the API says it, and reads it back: texts, truths, lists, rows of groups, files by their token.

What a field may hold is asked by the engine of cases; here only the shape of JSON is turned into what a form sends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_noop
from ninja import Schema
from pydantic import Field as Described
from pydantic import JsonValue

from plumbline.domain.accounts.types import Actor
from plumbline.domain.files.queries import carried
from plumbline.errors import InputError, InputErrors, say
from plumbline.faces.api.shapes import Name, named
from plumbline.rulebook.forms import Field

ROWS_MOST = 100
Form = dict[str, JsonValue]
FORM: Any = Described(  # Any: as the library declares a field
    default_factory=dict,
    max_length=100,
    description=gettext_noop(
        "各项的名称到内容：文字；是否写 true 或 false；多选写列表；分组写一行一个对象的列表；"
        "文件先上传，再写 {sha256, token} 的列表"
    ),
)


class Choice(Schema):
    """One answer that is offered."""

    value: str
    name: Name


class GroupField(Schema):
    """One field: a text, or a list of texts where there may be `many`. when: other answers without which it is not
    asked; accepts: the kinds of a file; most: of a text, its characters; of a number, its value; known: what a platform
    knows already, so that nobody need be asked."""

    name: str
    type: str
    many: bool
    is_required: bool
    is_personal: bool
    title: Name
    help: Name
    section: str
    choices: list[Choice]
    when: dict[str, list[str]]
    known: str
    accepts: list[str]
    unit: str
    places: int
    least: str | None
    most: str | None
    most_characters: int
    pattern: str
    example: str
    register_id: str
    role: str


class FormField(GroupField):
    """One field of an act's form. fields: of a group, one object a row."""

    fields: list[GroupField]


ChoicesOf = Callable[[Field], list[Choice]]


def own_choices(field: Field) -> list[Choice]:
    """Return the choices that stand in the definition."""
    return [Choice(value=each.value, name=named(each)) for each in field.choices]


def form_field(field: Field, *, choices_of: ChoicesOf = own_choices) -> FormField:
    """Return a field as the API says it. choices_of: what is offered for it."""
    inner = [GroupField(**_said(each, choices_of)) for each in field.fields]
    return FormField(**_said(field, choices_of), fields=inner)


def _said(field: Field, choices_of: ChoicesOf) -> dict[str, Any]:  # Any: values of the shape's own types
    return {
        "name": field.key,
        "type": field.type,
        "many": field.many,
        "is_required": field.is_required,
        "is_personal": field.is_personal,
        "title": named(field),
        "help": Name(zh=field.help_zh, en=field.help_en),
        "section": field.section,
        "choices": choices_of(field),
        "when": {key: list(values) for key, values in field.when.items()},
        "known": field.known,
        "accepts": list(field.accepts),
        "unit": field.unit,
        "places": field.places,
        "least": None if field.least is None else str(field.least),
        "most": None if field.most is None else str(field.most),
        "most_characters": field.most_characters,
        "pattern": field.pattern,
        "example": field.example,
        "register_id": field.register,
        "role": field.role,
    }


def plain(value: object) -> JsonValue:
    """Return a kept answer as JSON."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


# ---------------------------------------------------------------- read back


def typed(fields: Iterable[Field], said: Mapping[str, JsonValue], *, actor: Actor, at: str = "") -> dict[str, object]:
    """Return the values of a form as a page would send them. at: where a group stands, empty for the form itself.

    Raises: InputErrors beside the names that the form does not have and the values of another shape.
    """
    known = {field.key: field for field in fields}
    faults: list[InputError] = []
    values: dict[str, object] = {}
    for key, value in said.items():
        where = f"{at}{key}"
        if key not in known:
            faults.append(InputError(say("不认识 {field}", field=where[:80]), remedy=say("去掉它，或核对名称"),
                                     field=where[:200]))  # fmt: skip
            continue
        try:
            values[key] = _value(known[key], value, actor=actor, where=where)
        except InputError as err:
            faults += err.errors if isinstance(err, InputErrors) else [err]
    if faults:
        raise InputErrors(faults)
    return values


def _value(field: Field, value: JsonValue, *, actor: Actor, where: str) -> object:
    if value is None:
        return ""
    if field.type == "group":
        return _rows(field, value, actor=actor, where=where)
    if field.type == "file":
        return [_file(each, actor=actor, where=where) for each in _list(value, where)]
    if not field.many:
        return _text(field, value, where=where)
    texts = [_text(field, each, where=where) for each in (value if isinstance(value, list) else [value])]
    return texts if field.type in {"choice", "person"} else "\n".join(texts)


def _rows(field: Field, value: JsonValue, *, actor: Actor, where: str) -> list[dict[str, object]]:
    rows = _list(value, where)
    faults: list[InputError] = []
    found = []
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise _misshaped(f"{where}.{number}")
        try:
            found.append(typed(field.fields, row, actor=actor, at=f"{where}.{number}."))
        except InputErrors as err:
            faults += err.errors
    if faults:
        raise InputErrors(faults)
    return found


def _file(value: JsonValue, *, actor: Actor, where: str) -> dict[str, object]:
    """Return what a form says of a file that was sent before, which its token carries. Raises: InputError."""
    said = value if isinstance(value, dict) else {}
    found = carried(str(said.get("token", "")), actor)
    if found is None or found.get("sha256") != said.get("sha256"):
        raise InputError(say("没有上传过这个文件"), remedy=say("先上传文件，写它的 sha256 和 token"), field=where)
    return found


def _text(field: Field, value: JsonValue, *, where: str) -> str:
    if isinstance(value, bool) and field.type == "yes_no":
        return "yes" if value else "no"
    if isinstance(value, int) and not isinstance(value, bool) and field.type == "integer":
        return str(value)
    if not isinstance(value, str):
        raise _misshaped(where)
    return value


def _list(value: JsonValue, where: str) -> list[JsonValue]:
    if not isinstance(value, list) or len(value) > ROWS_MOST:
        raise _misshaped(where)
    return value


def _misshaped(where: str) -> InputError:
    return InputError(
        say("{field} 的类型不对", field=where[:80]), remedy=say("按接口文档里的类型写"), field=where[:200]
    )
