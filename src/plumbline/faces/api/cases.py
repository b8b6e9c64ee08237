"""Cases: follow one, apply, do an act, hand in a record. All of it by the actions the pages use.

`seen` is the `sequence` of the case as its asker saw it: a case that has moved on since is refused, as on a page.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Path, Schema
from ninja.responses import Status
from pydantic import ConfigDict, Field

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.laboratory.types import Measurement
from plumbline.domain.procedures import actions as procedures
from plumbline.domain.procedures import verification
from plumbline.faces.api.bearing import Token, actor_of, bearer_of, no_scope, request_key, require_right
from plumbline.faces.api.case_shapes import CaseDetail, detail_of, is_opened_to
from plumbline.faces.api.document import acts, scoped_to
from plumbline.faces.api.form_shapes import FORM, Form, typed
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Said, answers

SEEN = Field(ge=0, le=1_000_000, description=gettext_noop("看到的业务的 sequence；业务动过就不办"))


class Application(Said):
    """An application for mandatory verification of instruments at one site."""

    site: UUID = Field(description=gettext_noop("使用地点的 id"))
    instruments: list[UUID] = Field(min_length=1, max_length=100, description=gettext_noop("器具的 id，同一地点"))
    place: str = Field(max_length=20, description=gettext_noop("on_site 现场检定，sent_in 送检"), examples=["on_site"])
    wanted_on: date | None = Field(default=None, description=gettext_noop("希望的日期"))
    contact_name: str = Field(max_length=2000)
    contact_phone: str = Field(max_length=2000)
    remarks: str = Field(default="", max_length=2000)


class ActAsked(Said):
    """An act with its form: the fields are those the case itself lists under `acts`."""

    seen: int = SEEN
    form: Form = FORM


class PointReadings(Schema):
    """The readings at one point: its own columns beside `runs`, all as decimal text."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str]

    code: str = Field(max_length=40)
    runs: list[dict[str, str]] = Field(max_length=200)


class Observations(Said):
    """What was read: every number as decimal text, under the codes of the regulation."""

    environment: dict[str, str] = Field(default_factory=dict, max_length=50)
    choices: dict[str, str] = Field(default_factory=dict, max_length=50)
    points: list[PointReadings] = Field(default_factory=list, max_length=200)
    checks: dict[str, str] = Field(default_factory=dict, max_length=200)
    remarks: str = Field(default="", max_length=2000)


class Record(Said):
    """The raw record of one instrument."""

    seen: int = SEEN
    performed_on: date
    place: str = Field(max_length=200)
    standards: list[UUID] = Field(min_length=1, max_length=20, description=gettext_noop("所用计量标准的 id"))
    observations: Observations


@router.get(
    "/cases/{number}",
    auth=Token("cases:read"),
    response=answers(CaseDetail),
    tags=["cases"],
    operation_id="get_case",
    summary=gettext_noop("一项业务：到哪一步，轮到谁"),
    openapi_extra=scoped_to("cases:read"),
)
def case(request: HttpRequest, number: Path[str]) -> CaseDetail:
    """Return one case by its number. Raises: Hidden."""
    require_right(actor_of(request), "case.read")
    return _said(request, cases.case_by_number(number))


@router.post(
    "/cases",
    auth=Token("cases:apply"),
    response=answers(CaseDetail, status=201),
    tags=["cases"],
    operation_id="apply",
    summary=gettext_noop("提交检定申请"),
    openapi_extra=acts("cases:apply"),
)
def apply(request: HttpRequest, body: Application) -> Status[CaseDetail]:
    """Open a case. Raises: InputErrors beside the fields; RuleError; StateError."""
    form = {key: value for key, value in body.model_dump(mode="json").items() if value not in (None, "")}
    asked = ActRequest("submit", form, seen=0, request_id=request_key(request))
    return Status(201, _said(request, verification.apply(actor_of(request), request=asked, at=timezone.now())))


@router.post(
    "/cases/{number}/acts/{act}",
    auth=Token("cases:act", "cases:apply"),
    response=answers(CaseDetail),
    tags=["cases"],
    operation_id="act_on_case",
    summary=gettext_noop("在业务上办一步"),
    openapi_extra=acts("cases:act", "cases:apply"),
)
def perform(request: HttpRequest, number: Path[str], *, act: Path[str], body: ActAsked) -> CaseDetail:
    """Do one act on a case. Raises: AccessError; InputErrors; RuleError; StateError if it is not possible now."""
    bearer, found = bearer_of(request), cases.case_by_number(number)
    definition = cases.procedure_of(found).act(act)
    if not is_opened_to(bearer, definition, found=found):
        raise no_scope(accounts.ACT if bearer.actor.organisation_id != found.owner_id else accounts.APPLY)
    form = typed(definition.form, body.form, actor=bearer.actor)
    asked = ActRequest(act, form, seen=body.seen, request_id=request_key(request))
    return _said(request, procedures.perform(bearer.actor, found.id, request=asked, at=timezone.now()))


@router.post(
    "/cases/{number}/jobs/{position}/record",
    auth=Token("records:write"),
    response=answers(CaseDetail, status=201),
    tags=["cases"],
    operation_id="hand_in_record",
    summary=gettext_noop("提交一台器具的原始记录"),
    openapi_extra=acts("records:write"),
)
def record(request: HttpRequest, number: Path[str], *, position: Path[int], body: Record) -> Status[CaseDetail]:
    """Commit the raw record of one instrument. Raises: as the page of observations."""
    found = cases.case_by_number(number)
    job = next((each for each in laboratory.jobs_of(found.id) if each.position == position), None)
    if job is None:
        raise cases.no_such_case()
    measured = Measurement(body.observations.model_dump(), tuple(body.standards), body.performed_on, body.place.strip())
    asked = ActRequest("record", {}, seen=body.seen, request_id=request_key(request))
    done = verification.record(actor_of(request), job.id, measurement=measured, request=asked, at=timezone.now())
    return Status(201, _said(request, done))


def _said(request: HttpRequest, found: CaseFacts) -> CaseDetail:
    return detail_of(bearer_of(request), found, on=timezone.localdate())
