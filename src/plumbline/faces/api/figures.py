"""The figures of the asker's area or institution: how instruments stand, what fails, how cases go; and how new."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Query, Schema
from pydantic import Field

from plumbline.domain.directory import queries as directory
from plumbline.domain.indicators import queries
from plumbline.domain.indicators.types import Reach as Counted
from plumbline.errors import InputError, say
from plumbline.faces.api.bearing import Token, actor_of, require_right, require_staff
from plumbline.faces.api.document import scoped_to
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Said, answers
from plumbline.rulebook import catalogue


class Reach(Said):
    """Which part of the area: a division and all below it, a category."""

    region: str = Field(default="", pattern="^([0-9]{6})?$", description=gettext_noop("六位代码，含下辖的全部地区"))
    category: str = Field(default="", max_length=40, description=gettext_noop("目录里的类别代码"))


class CoverageReach(Reach):
    """Which part, by county or by category."""

    by: Literal["region_code", "category"] = "region_code"


class FailureReach(Reach):
    """Which part, by maker, age in years, category or month."""

    by: Literal["maker", "age", "category", "month"] = "category"


class Fresh(Schema):
    """counted_at: when figures were last counted, null never; waiting: how many parts have changed since."""

    counted_at: datetime | None
    waiting: int


class Coverage(Schema):
    """The instruments in use of one county or category by how they stand today."""

    key: str
    valid: int
    due: int
    overdue: int
    failed: int
    revoked: int
    never: int


class Coverages(Schema):
    """How instruments in use stand."""

    on: date
    fresh: Fresh
    items: list[Coverage]


class Failure(Schema):
    """How many documents were measured, and how many of them say failed."""

    key: str
    measured: int
    failed: int


class Failures(Schema):
    """What fails, since the first day of a month a year ago."""

    since: date
    fresh: Fresh
    items: list[Failure]


class Workload(Schema):
    """The cases of one institution: under way and late today; finished on time, too late, or with no limit counted."""

    body_id: UUID
    under_way: int
    late: int
    on_time: int
    too_late: int
    unknown: int


class Workloads(Schema):
    """How cases go, by institution."""

    on: date
    since: date
    fresh: Fresh
    items: list[Workload]


@router.get(
    "/figures/coverage",
    auth=Token("figures:read"),
    response=answers(Coverages),
    tags=["figures"],
    operation_id="get_coverage",
    summary=gettext_noop("在用器具的现状"),
    openapi_extra=scoped_to("figures:read"),
)
def coverage(request: HttpRequest, reach: Query[CoverageReach]) -> Coverages:
    """Return how instruments stand. Raises: AccessError; InputError for a division or category that is not there."""
    asked, today = _reach(request, reach), timezone.localdate()
    found = queries.coverage(on=today, reach=asked)[reach.by]
    items = [
        Coverage(
            key=each.key, valid=each.valid, due=each.due, overdue=each.overdue, failed=each.failed,
            revoked=each.revoked, never=each.never,
        )
        for each in found
    ]  # fmt: skip
    return Coverages(on=today, fresh=_fresh(), items=items)


@router.get(
    "/figures/failures",
    auth=Token("figures:read"),
    response=answers(Failures),
    tags=["figures"],
    operation_id="get_failures",
    summary=gettext_noop("检定不合格"),
    openapi_extra=scoped_to("figures:read"),
)
def failures(request: HttpRequest, reach: Query[FailureReach]) -> Failures:
    """Return what fails. Raises: as `coverage`."""
    asked = _reach(request, reach)
    since = queries.year_before(timezone.localdate())
    found = queries.failures(since=since, reach=asked)[reach.by]
    items = [Failure(key=each.key, measured=each.measured, failed=each.failed) for each in found]
    return Failures(since=since, fresh=_fresh(), items=items)


@router.get(
    "/figures/workload",
    auth=Token("figures:read"),
    response=answers(Workloads),
    tags=["figures"],
    operation_id="get_workload",
    summary=gettext_noop("业务办结"),
    openapi_extra=scoped_to("figures:read"),
)
def workload(request: HttpRequest, reach: Query[Reach]) -> Workloads:
    """Return how cases go; a category does not narrow it. Raises: as `coverage`."""
    asked = _reach(request, reach)
    today = timezone.localdate()
    since = queries.year_before(today)
    items = [
        Workload(
            body_id=each.body_id, under_way=each.under_way, late=each.late, on_time=each.on_time,
            too_late=each.too_late, unknown=each.unknown,
        )
        for each in queries.handled(on=today, since=since, reach=asked)
    ]  # fmt: skip
    return Workloads(on=today, since=since, fresh=_fresh(), items=items)


def _reach(request: HttpRequest, reach: Reach) -> Counted:
    actor = actor_of(request)
    require_right(actor, "register.read")
    require_staff(actor)
    if reach.category:
        catalogue.by_code(reach.category)
    if reach.region and not directory.current_regions([reach.region]):
        raise InputError(say("没有代码为 {code} 的区划", code=reach.region), remedy=say("核对六位代码"), field="region")
    periodic = tuple(code for code, each in catalogue.categories().items() if each.is_verified_periodically)
    codes = directory.codes_under(reach.region) if reach.region else None
    return Counted((reach.category,) if reach.category else periodic, codes)


def _fresh() -> Fresh:
    found = queries.freshness()
    return Fresh(counted_at=found.at, waiting=found.waiting)
