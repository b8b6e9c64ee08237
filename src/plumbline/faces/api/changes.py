"""The feed of cases: where each stands now, in an order another system follows from the place it has reached."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query, Schema
from pydantic import Field

from plumbline.domain.notices import queries as notices
from plumbline.domain.notices.types import ChangeFacts
from plumbline.faces.api.bearing import Token, actor_of, require_right
from plumbline.faces.api.document import scoped_to
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Said, answers

SCOPE = "cases:read"


class FeedPlace(Said):
    """Where to go on, and how much at once."""

    after: int = Field(default=0, ge=0, le=2**53, description=gettext_noop("上次给的 next；从头读就不写"))
    size: int = Field(default=200, ge=1, le=500)


class CaseChange(Schema):
    """Where a case stands. act: the last one done; sequence: how many acts it has; at: when it was done."""

    case: str
    procedure: str
    act: str
    state: str
    sequence: int
    at: datetime


class CaseChanges(Schema):
    """Some changes in order. next: what to send as `after`, also when there is nothing new."""

    items: list[CaseChange]
    next: int


@router.get(
    "/changes/cases",
    auth=Token(SCOPE),
    response=answers(CaseChanges),
    tags=["cases"],
    operation_id="follow_cases",
    summary=gettext_noop("业务的变化，从上次读到的位置往后"),
    openapi_extra=scoped_to(SCOPE),
)
def follow(request: HttpRequest, place: Query[FeedPlace]) -> CaseChanges:
    """Return what moved after a place, each case once, as it stands now. Raises: AccessError."""
    require_right(actor_of(request), "case.read")
    found = notices.changes_after(place.after, most=place.size)
    return CaseChanges(items=[_said(each) for each in found], next=found[-1].place if found else place.after)


def _said(found: ChangeFacts) -> CaseChange:
    return CaseChange.model_validate({**found.data, "at": found.at})
