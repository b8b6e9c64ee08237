"""The simple registers: which there are for the asker, their entries page by page, one entry with its history."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Schema
from pydantic import JsonValue

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import EntryFilter, PeriodFacts
from plumbline.domain.rows.unseen import require_seen
from plumbline.errors import Hidden, InputError, say
from plumbline.faces.api.bearing import Token, actor_of, require_right
from plumbline.faces.api.document import Json, scoped_to
from plumbline.faces.api.listing import SIZE, SIZE_MOST, SIZE_USUAL, read_size
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Name, answers, named
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.registers import Register

NAMES = ("q", "state", "region", "on", "page", SIZE)
EVERY_DAY = "all"
_SALT = "plumbline.entries"


class RegisterField(Schema):
    """One field of a register."""

    key: str
    name: Name
    type: str
    unit: str
    is_required: bool
    is_public: bool


class RegisterLine(Schema):
    """One register: its fields and states."""

    id: str
    name: Name
    about: Name
    fields: list[RegisterField]
    states: list[str]


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
    """Some entries by title, and the token of the page after, null at the end."""

    items: list[Period]
    next: str | None


class EntryDetail(Schema):
    """An entry: what stands of it, the earliest first, and every row ever written of it, the latest first."""

    standing: list[Period]
    history: list[Period]


def _asked() -> Json:
    texts = {"q": {"type": "string", "maxLength": 80}, "state": {"type": "string", "maxLength": 40},
             "region": {"type": "string", "pattern": "^[0-9]{6}$"},
             "on": {"type": "string", "maxLength": 10}, "page": {"type": "string", "maxLength": 2000},
             SIZE: {"type": "integer", "minimum": 1, "maximum": SIZE_MOST, "default": SIZE_USUAL}}  # fmt: skip
    words = {"on": gettext_noop("哪一天有效的，默认今天；all 连已结束的")}
    parameters = [
        {"name": name, "in": "query", "required": False, "schema": schema,
         **({"description": words[name]} if name in words else {})}
        for name, schema in texts.items()
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
    register = _register(actor_of(request), register_id)
    given = {name: request.GET.getlist(name) for name in request.GET}
    size = read_size(given.get(SIZE, []))
    wanted = _wanted(register, {name: values[-1] for name, values in given.items()})
    after = _place(wanted, given.get("page", [""])[-1])
    found = kept.entries(wanted, after=after, limit=size)
    following = signing.dumps([_digest(wanted), *found.next_after], salt=_SALT) if found.next_after else None
    return Entries(items=[_said(row) for row in found.rows], next=following)


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
    register = _register(actor_of(request), register_id)
    if not 0 < number < 2**31:
        raise kept.no_such_entry()
    return EntryDetail(
        standing=[_said(each) for each in kept.periods(register.id, number)],
        history=[_said(each) for each in kept.entry_history(register.id, number)],
    )


def _may_read(actor: Actor, register: Register) -> bool:
    return accounts.has_right(actor, f"entry.{register.id}.read")


def _register(actor: Actor, register_id: str) -> Register:
    if register_id not in rulebook.all_registers():
        raise Hidden(say("没有这个名册"), remedy=say("从 /registers 给出的名册里选"))
    register = rulebook.by_id(register_id)
    require_right(actor, f"entry.{register.id}.read")
    return register


def _wanted(register: Register, given: Mapping[str, str]) -> EntryFilter:
    if unknown := [name for name in given if name not in NAMES]:
        raise InputError(
            say("这个清单没有“{name}”这一列，不能按它筛选", name=unknown[0][:80]),
            remedy=say("用接口文档里的条件"),
            field=unknown[0],
        )
    text = given.get("q", "").strip()
    if len(text) > 80:
        raise InputError(say("搜索的文字太长"), remedy=say("不超过 {n} 个字符", n=80), field="q")
    require_seen({"q": text})
    state = given.get("state", "")
    if state and state not in register.states:
        raise InputError(say("没有“{state}”这个状态", state=state[:40]), remedy=say("从所列的状态里选"), field="state")
    region = given.get("region", "").strip()
    codes = directory.codes_under(directory.region(region[:6]).code) if region else ()
    return EntryFilter(register.id, _day(given.get("on", "")), text, state, codes)


def _day(text: str) -> date | None:
    if text == EVERY_DAY:
        return None
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as err:
        raise InputError(
            say("“{value}”不是日期", value=text[:20]), remedy=say("写成 2026-11-20 这样"), field="on"
        ) from err


def _digest(wanted: EntryFilter) -> str:
    said = [wanted.register, str(wanted.on), wanted.text, wanted.state, sorted(wanted.region_codes)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:24]


def _place(wanted: EntryFilter, token: str) -> tuple[str, int] | None:
    """Return where a token says to go on. Raises: InputError where it was made for another list."""
    if not token:
        return None
    try:
        digest, title, number = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError) as err:
        raise _foreign() from err
    if digest != _digest(wanted):
        raise _foreign()
    return str(title), int(number)


def _foreign() -> InputError:
    return InputError(say("翻页的记号不是这个清单、这些条件和这个次序的"), remedy=say("从第一页重新翻"), field="page")


def _line(register: Register) -> RegisterLine:
    return RegisterLine(
        id=register.id,
        name=named(register),
        about=Name(zh=register.about_zh, en=register.about_en),
        fields=[
            RegisterField(
                key=each.key, name=named(each), type=each.type, unit=each.unit, is_required=each.is_required,
                is_public=register.is_public and each.is_public,
            )
            for each in register.fields.values()
        ],
        states=list(register.states),
    )  # fmt: skip


def _said(row: PeriodFacts) -> Period:
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
