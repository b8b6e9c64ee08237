"""Instruments one by one: what the register holds of one; registering, moving one, taking it out of use or back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Schema
from ninja.responses import Status
from pydantic import Field

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import actions
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import INSTRUMENT_STATES, Change, InstrumentEntry, InstrumentFacts, Placing
from plumbline.faces.api.bearing import Token, actor_of, request_key, require_right
from plumbline.faces.api.document import acts, scoped_to
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Name, Said, answers, either, fields_named

REASON = Field(max_length=500, description=gettext_noop("原因"))
NAMES = {"name_zh": "name", "range_text": "range", "site": "site_id", "organisation": "site_id"}
"""What a body calls the fields of the action."""


class InstrumentDocument(Schema):
    """The newest document of an instrument."""

    number: str
    status: str
    performed_on: date
    valid_until: date | None


class InstrumentDetail(Schema):
    """An instrument with its newest document, null while it has none."""

    id: UUID
    identity: str
    category: str
    name: Name
    model: str
    serial: str
    maker: str
    range: str
    accuracy_class: str
    owner_id: UUID
    owner: Name
    site_id: UUID | None
    region: str
    place: str
    state: str
    external_id: str
    acquired_on: date | None
    attributes: dict[str, str]
    document: InstrumentDocument | None


class NewInstrument(Said):
    """An instrument to register. Its region is that of its site."""

    category: str = Field(min_length=1, max_length=40, description=gettext_noop("目录里的类别代码"))
    name: str = Field(min_length=1, max_length=200, description=gettext_noop("名称（中文）"))
    name_en: str = Field(default="", max_length=200)
    site_id: UUID = Field(description=gettext_noop("使用地点；器具归这个地点的单位"))
    model: str = Field(default="", max_length=200)
    serial: str = Field(default="", max_length=200)
    maker: str = Field(default="", max_length=200)
    range: str = Field(default="", max_length=200)
    accuracy_class: str = Field(default="", max_length=200)
    place: str = Field(default="", max_length=200, description=gettext_noop("在地点里的位置"))
    attributes: dict[str, str] = Field(default_factory=dict, max_length=30)
    external_id: str = Field(default="", max_length=200, description=gettext_noop("单位自己的资产编号"))
    acquired_on: date | None = None


class Move(Said):
    """Where an instrument goes: another site of its owner."""

    site_id: UUID = Field(description=gettext_noop("同一单位的另一个使用地点"))
    place: str = Field(default="", max_length=200, description=gettext_noop("在地点里的位置"))
    reason: str = REASON


class NewState(Said):
    """The state an instrument is put into."""

    state: str = Field(
        description=gettext_noop("retired 终止和 scrapped 报废以后不能再变"),
        json_schema_extra={"enum": [*INSTRUMENT_STATES]},
    )
    reason: str = REASON


@router.get(
    "/instruments/{identity}",
    auth=Token("registers:read"),
    response=answers(InstrumentDetail),
    tags=["instruments"],
    operation_id="get_instrument",
    summary=gettext_noop("一台器具"),
    openapi_extra=scoped_to("registers:read"),
)
def instrument(request: HttpRequest, identity: Path[str]) -> InstrumentDetail:
    """Return one instrument by its identity. Raises: InputError for what is none; Hidden."""
    require_right(actor_of(request), "register.read")
    return _detail(registers.instrument_by_identity(identity), on=timezone.localdate())


@router.post(
    "/instruments",
    auth=Token("instruments:write"),
    response=answers(InstrumentDetail, status=201),
    tags=["instruments"],
    operation_id="register_instrument",
    summary=gettext_noop("登记一台器具"),
    openapi_extra=acts("instruments:write"),
)
def register(request: HttpRequest, body: NewInstrument) -> Status[InstrumentDetail]:
    """Register an instrument at a site. Raises: AccessError; InputError; StateError for a key used for another."""
    at: datetime = timezone.now()
    entry = InstrumentEntry(
        category=body.category,
        name_zh=body.name,
        name_en=body.name_en,
        owner_id=registers.site(body.site_id).owner_id,
        site_id=body.site_id,
        model=body.model,
        serial=body.serial,
        maker=body.maker,
        range_text=body.range,
        accuracy_class=body.accuracy_class,
        place=body.place,
        attributes=body.attributes,
        external_id=body.external_id,
        acquired_on=body.acquired_on,
    )
    with fields_named(NAMES):
        made = actions.register_instrument(actor_of(request), entry, at=at, request_id=request_key(request))
    return Status(201, _detail(made, on=timezone.localdate(at)))


@router.post(
    "/instruments/{identity}/move",
    auth=Token("instruments:write"),
    response=answers(InstrumentDetail),
    tags=["instruments"],
    operation_id="move_instrument",
    summary=gettext_noop("把器具移到本单位的另一个地点"),
    openapi_extra=acts("instruments:write"),
)
def move(request: HttpRequest, identity: Path[str], *, body: Move) -> InstrumentDetail:
    """Move an instrument. Raises: AccessError; Hidden; InputError; StateError if it is retired."""
    found, at = registers.instrument_by_identity(identity), timezone.now()
    to, change = Placing(body.site_id, body.place), Change(body.reason, request_key(request))
    with fields_named(NAMES):
        moved = actions.move_instrument(actor_of(request), found.id, to=to, change=change, at=at)
    return _detail(moved, on=timezone.localdate(at))


@router.post(
    "/instruments/{identity}/state",
    auth=Token("instruments:write"),
    response=answers(InstrumentDetail),
    tags=["instruments"],
    operation_id="change_instrument_state",
    summary=gettext_noop("停用、封存、重新启用、报废或终止一台器具"),
    openapi_extra=acts("instruments:write"),
)
def change_state(request: HttpRequest, identity: Path[str], *, body: NewState) -> InstrumentDetail:
    """Put an instrument into another state. Raises: as `move`."""
    found, at = registers.instrument_by_identity(identity), timezone.now()
    change = Change(body.reason, request_key(request))
    changed = actions.change_state(actor_of(request), found.id, state=body.state, change=change, at=at)
    return _detail(changed, on=timezone.localdate(at))


def _detail(found: InstrumentFacts, *, on: date) -> InstrumentDetail:
    owner = directory.organisation(found.owner_id)
    newest = certificates.current_of([found.id], on=on).get(found.id)
    document = (
        InstrumentDocument(
            number=newest.number, status=newest.status, performed_on=newest.performed_on, valid_until=newest.valid_until
        )
        if newest
        else None
    )
    return InstrumentDetail(
        id=found.id,
        identity=found.identity,
        category=found.category,
        name=either(found.name_zh, found.name_en),
        model=found.model,
        serial=found.serial,
        maker=found.maker,
        range=found.range_text,
        accuracy_class=found.accuracy_class,
        owner_id=found.owner_id,
        owner=either(owner.name_zh, owner.name_en),
        site_id=found.site_id,
        region=found.region_code,
        place=found.place,
        state=found.state,
        external_id=found.external_id,
        acquired_on=found.acquired_on,
        attributes=dict(found.attributes),
        document=document,
    )
