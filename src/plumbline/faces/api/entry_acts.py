"""Writing into the simple registers: a new entry, what holds from a day on, an act such as ending one.

By the actions the forms use. Values are what the register's fields are called, written as `GET` gives them or as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path
from ninja.responses import Status
from pydantic import AfterValidator, Field, JsonValue, WithJsonSchema

from plumbline.domain.accounts.types import Actor
from plumbline.domain.registers import actions
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import EntryAct, EntryDraft, PeriodFacts
from plumbline.errors import InputError, InputErrors, say
from plumbline.faces.api.bearing import Token, actor_of, once
from plumbline.faces.api.document import acts
from plumbline.faces.api.entries import Period, register_of, require_number, said
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Said, answers, fields_named
from plumbline.rulebook.registers import Register

SCOPE = "entries:write"
Write = Callable[[Actor, datetime], PeriodFacts]


def _plain(value: JsonValue) -> JsonValue:
    """Pass for a text, a whole number, a yes or no, or a list of them. Raises: ValueError."""
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str | int) for each in parts):
        raise ValueError(value)
    return value


_ONE = [{"type": name} for name in ("string", "integer", "boolean")]
Value = Annotated[
    JsonValue, AfterValidator(_plain), WithJsonSchema({"anyOf": [*_ONE, {"type": "array", "items": {"anyOf": _ONE}}]})
]
VALUES = Field(
    max_length=200, description=gettext_noop("名册的字段和值，没写的就是空着；小数写成文本，可重复的字段写成列表")
)
REASON = Field(default="", max_length=500)


class NewEntry(Said):
    """An entry to register. state: "" for the first the register opens in."""

    values: dict[str, Value] = VALUES
    valid_from: date
    valid_to: date | None = None
    state: str = Field(default="", max_length=40)
    reason: str = REASON


class EntryChange(Said):
    """What holds of an entry from a day on: all its values, not only those that change."""

    values: dict[str, Value] = VALUES
    valid_from: date
    reason: str = Field(max_length=500, description=gettext_noop("原因"))


class EntryActAsked(Said):
    """An act on an entry, from a day on."""

    on: date
    reason: str = REASON


@router.post(
    "/registers/{register_id}/entries",
    auth=Token(SCOPE),
    response=answers(Period, status=201),
    tags=["registers"],
    operation_id="register_entry",
    summary=gettext_noop("登记一个条目"),
    openapi_extra=acts(SCOPE),
)
def register(request: HttpRequest, register_id: Path[str], *, body: NewEntry) -> Status[Period]:
    """Register an entry. Raises: AccessError; Hidden; InputErrors beside the fields."""
    found = register_of(actor_of(request), register_id)
    draft = EntryDraft(_typed(found, body.values), body.valid_from, body.valid_to, body.state, body.reason)
    return _written(
        request, found, body=body, do=lambda actor, at: actions.register_entry(actor, found.id, draft=draft, at=at)
    )


@router.post(
    "/registers/{register_id}/entries/{number}/changes",
    auth=Token(SCOPE),
    response=answers(Period, status=201),
    tags=["registers"],
    operation_id="change_entry",
    summary=gettext_noop("从某日起变更一个条目"),
    openapi_extra=acts(SCOPE),
)
def change(request: HttpRequest, register_id: Path[str], *, number: Path[int], body: EntryChange) -> Status[Period]:
    """Say what holds of an entry from a day on. Raises: as `register`; StateError where nothing stands that day."""
    found = register_of(actor_of(request), register_id)
    require_number(number)
    draft = EntryDraft(_typed(found, body.values), body.valid_from, reason=body.reason)

    def do(actor: Actor, at: datetime) -> PeriodFacts:
        return actions.change_entry(actor, found.id, number=number, change=draft, at=at)

    return _written(request, found, body=body, do=do)


@router.post(
    "/registers/{register_id}/entries/{number}/acts/{act}",
    auth=Token(SCOPE),
    response=answers(Period, status=201),
    tags=["registers"],
    operation_id="act_on_entry",
    summary=gettext_noop("在条目上办一步，例如终止"),
    openapi_extra=acts(SCOPE),
)
def perform(
    request: HttpRequest, register_id: Path[str], *, number: Path[int], act: Path[str], body: EntryActAsked
) -> Status[Period]:
    """Move an entry to another state. Raises: as `register`; StateError naming the states that would do."""
    found = register_of(actor_of(request), register_id)
    require_number(number)
    asked = EntryAct(act, body.on, body.reason)

    def do(actor: Actor, at: datetime) -> PeriodFacts:
        return actions.act_on_entry(actor, found.id, number=number, request=asked, at=at)

    return _written(request, found, body=body, do=do)


def _typed(register: Register, values: Mapping[str, JsonValue]) -> dict[str, str]:
    """Return values as they are typed into a form. Raises: InputErrors for fields the register has not."""
    if unknown := sorted(set(values) - set(register.fields)):
        remedy = say("去掉它，或核对名称")
        raise InputErrors(
            [InputError(say("不认识 {field}", field=each[:80]), remedy=remedy, field=f"values.{each[:80]}")
             for each in unknown]
        )  # fmt: skip
    return {key: kept.entry_text(register.fields[key], value) for key, value in values.items()}


def _written(request: HttpRequest, register: Register, *, body: Said, do: Write) -> Status[Period]:
    names = {key: f"values.{key}" for key in register.fields}
    with fields_named(names):
        made: UUID = once(request, body.model_dump(mode="json"), do=lambda actor, at: do(actor, at).id)
    (row,) = kept.periods_by_id([made])
    return Status(201, said(row))
