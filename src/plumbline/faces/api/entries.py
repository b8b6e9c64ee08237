"""The simple registers: which there are for the asker, their entries page by page, one entry with its history."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Schema
from pydantic import JsonValue

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import PeriodFacts
from plumbline.domain.rows.listing import asking
from plumbline.errors import Hidden, say
from plumbline.faces.api.bearing import Token, actor_of, require_right
from plumbline.faces.api.document import Json, scoped_to
from plumbline.faces.api.listing import SIZE, SIZE_MOST, SIZE_USUAL, around, asked_for
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Count, Name, answers, named
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.registers import Register


class RegisterField(Schema):
    """One field of a register."""

    key: str
    name: Name
    type: str
    unit: str
    is_required: bool
    is_public: bool
    many: bool
    choices: list[str]


class RegisterAct(Schema):
    """An act that moves an entry from one of some states to another."""

    act: str
    name: Name
    from_states: list[str]
    to: str
    needs_reason: bool


class RegisterLine(Schema):
    """One register. unique: the fields that name an entry together; opens_in: the states an entry may begin in."""

    id: str
    name: Name
    about: Name
    fields: list[RegisterField]
    unique: list[str]
    states: list[str]
    opens_in: list[str]
    acts: list[RegisterAct]


class Registers(Schema):
    """The registers a token may read."""

    items: list[RegisterLine]


class Period(Schema):
    """What an entry says for a span of days."""

    number: int
    title: str
    state: str
    region: str
    valid_from: date
    valid_to: date | None
    values: dict[str, JsonValue]
    written_at: datetime
    act: str
    reason: str


class Entries(Schema):
    """Some entries in order, and the tokens of the pages after and before: null at the ends."""

    items: list[Period]
    next: str | None
    previous: str | None
    count: Count


class EntryDetail(Schema):
    """An entry: what stands of it, the earliest first, and every row ever written of it, the latest first."""

    standing: list[Period]
    history: list[Period]


def _asked() -> Json:
    """Return what the list of every register may be asked; what its fields add follows from `GET /registers`."""
    words = {kept.DAY: gettext_noop("哪一天有效的，写成 2026-11-20 这样"),
             kept.HELD: gettext_noop("默认只有今天有效的"),
             "state": gettext_noop("名册自己的状态；名册的每个字段也是条件，写法和网页的地址一样")}  # fmt: skip
    shapes: dict[str, Json] = {
        "q": {"type": "string", "maxLength": asking.MOST_CHARACTERS}, "state": {"type": "string", "maxLength": 40},
        kept.HELD: {"type": "string", "enum": list(kept.SPANS)}, kept.DAY: {"type": "string", "format": "date"},
        "valid_to.from": {"type": "string", "format": "date"}, "valid_to.to": {"type": "string", "format": "date"},
        asking.PLACE: {"type": "string", "maxLength": 2000},
        SIZE: {"type": "integer", "minimum": 1, "maximum": SIZE_MOST, "default": SIZE_USUAL},
    }  # fmt: skip
    parameters = [
        {"name": name, "in": "query", "required": False, "schema": schema,
         **({"description": words[name]} if name in words else {})}
        for name, schema in shapes.items()
    ]  # fmt: skip
    return {**scoped_to("registers:read"), "parameters": parameters}


@router.get(
    "/registers",
    auth=Token("registers:read"),
    response=answers(Registers),
    tags=["registers"],
    operation_id="list_registers",
    summary=gettext_noop("能看的名册"),
    openapi_extra=scoped_to("registers:read"),
)
def registers(request: HttpRequest) -> Registers:
    """Return the registers the asker may read."""
    actor = actor_of(request)
    return Registers(items=[_line(each) for each in rulebook.all_registers().values() if _may_read(actor, each)])


@router.get(
    "/registers/{register_id}/entries",
    auth=Token("registers:read"),
    response=answers(Entries),
    tags=["registers"],
    operation_id="list_entries",
    summary=gettext_noop("一个名册的条目"),
    openapi_extra=_asked(),
)
def entries(request: HttpRequest, register_id: Path[str]) -> Entries:
    """Return a page of entries. Raises: AccessError; InputError beside the name in the address."""
    register = register_of(actor_of(request), register_id)
    found = asked_for(kept.list_of_entries(register.id, timezone.localdate()), request, needed=frozenset())
    rows = kept.periods_by_id([row["id"] for row in found.rows])
    return Entries.model_validate({"items": [said(row) for row in rows], **around(found)})


@router.get(
    "/registers/{register_id}/entries/{number}",
    auth=Token("registers:read"),
    response=answers(EntryDetail),
    tags=["registers"],
    operation_id="get_entry",
    summary=gettext_noop("一个条目和它的经过"),
    openapi_extra=scoped_to("registers:read"),
)
def entry(request: HttpRequest, register_id: Path[str], *, number: Path[int]) -> EntryDetail:
    """Return one entry. Raises: AccessError; Hidden."""
    register = register_of(actor_of(request), register_id)
    require_number(number)
    return EntryDetail(
        standing=[said(each) for each in kept.periods(register.id, number)],
        history=[said(each) for each in kept.entry_history(register.id, number)],
    )


def require_number(number: int) -> None:
    """Pass for what may be the number of an entry. Raises: Hidden."""
    if not 0 < number < 2**31:
        raise kept.no_such_entry()


def _may_read(actor: Actor, register: Register) -> bool:
    return accounts.has_right(actor, f"entry.{register.id}.read")


def register_of(actor: Actor, register_id: str) -> Register:
    """Return a register the actor may read. Raises: Hidden; AccessError."""
    if register_id not in rulebook.all_registers():
        raise Hidden(say("没有这个名册"), remedy=say("从 /registers 给出的名册里选"))
    register = rulebook.by_id(register_id)
    require_right(actor, f"entry.{register.id}.read")
    return register


def _line(register: Register) -> RegisterLine:
    return RegisterLine(
        id=register.id,
        name=named(register),
        about=Name(zh=register.about_zh, en=register.about_en),
        fields=[
            RegisterField(
                key=each.key, name=named(each), type=each.type, unit=each.unit, is_required=each.is_required,
                is_public=register.is_public and each.is_public, many=each.many,
                choices=[choice.value for choice in each.choices],
            )
            for each in register.fields.values()
        ],
        unique=list(register.unique),
        states=list(register.states),
        opens_in=list(register.opens_in),
        acts=[
            RegisterAct(
                act=each.name, name=named(each), from_states=list(each.from_states), to=each.to,
                needs_reason=each.needs_reason,
            )
            for each in register.acts.values()
        ],
    )  # fmt: skip


def said(row: PeriodFacts) -> Period:
    """Return what an entry says for a span of days, as the API says it."""
    return Period(
        number=row.number,
        title=row.title,
        state=row.state,
        region=row.region_code,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        values=cast("dict[str, JsonValue]", dict(row.values)),
        written_at=row.written_at,
        act=row.act,
        reason=row.reason,
    )
