"""The verification regulations: which editions there are, and what one asks of a record, each value with its status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path, Schema

from plumbline.errors import Hidden, say
from plumbline.faces.api.bearing import Token
from plumbline.faces.api.document import scoped_to
from plumbline.faces.api.routes import router
from plumbline.faces.api.shapes import Name, answers, named
from plumbline.rulebook import regulations as rulebook
from plumbline.rulebook.provenance import Provenance
from plumbline.rulebook.regulations.model import Column, Regulation, RuleValue


class RegulationLine(Schema):
    """One edition of a regulation. valid_from: null where it was not seen."""

    id: str
    number: str
    edition: str
    name: Name
    category: str
    used_from: date
    valid_from: date | None
    valid_to: date | None


class Regulations(Schema):
    """All editions."""

    items: list[RegulationLine]


class Origin(Schema):
    """Where a value of a rule comes from: its status, its sources, its clause (null where it was not seen)."""

    status: str
    sources: list[str]
    clause: str | None


class Limit(Schema):
    """A number of the rule, as decimal text; null where it was not seen."""

    code: str
    name: Name
    value: str | None
    unit: str
    origin: Origin


class SheetColumn(Schema):
    """A number that is typed. minimum and maximum catch slips of the finger; they are no limits of the regulation."""

    code: str
    name: Name
    unit: str
    decimals: int
    minimum: str
    maximum: str
    is_required: bool


class SheetChoice(Schema):
    """A choice the record must make."""

    code: str
    name: Name
    values: list[str]


class SheetItem(Schema):
    """A point or a check by looking."""

    code: str
    name: Name


class RegulationDetail(RegulationLine):
    """An edition with what a record under it holds: the codes that observations are written under."""

    sha256: str
    cycle_months: int | None
    limits: list[Limit]
    environment: list[SheetColumn]
    choices: list[SheetChoice]
    points: list[SheetItem]
    point_columns: list[SheetColumn]
    columns: list[SheetColumn]
    runs_required: int | None
    checks: list[SheetItem]


@router.get(
    "/regulations",
    auth=Token("registers:read"),
    response=answers(Regulations),
    tags=["rules"],
    operation_id="list_regulations",
    summary=gettext_noop("检定规程的各个版本"),
    openapi_extra=scoped_to("registers:read"),
)
def regulations(request: HttpRequest) -> Regulations:  # noqa: ARG001  # one signature for all operations
    """Return every edition the rulebook has."""
    return Regulations(items=[RegulationLine(**_line(each)) for each in rulebook.all_regulations().values()])


@router.get(
    "/regulations/{regulation_id}",
    auth=Token("registers:read"),
    response=answers(RegulationDetail),
    tags=["rules"],
    operation_id="get_regulation",
    summary=gettext_noop("一个版本要求的读数和限值"),
    openapi_extra=scoped_to("registers:read"),
)
def regulation(request: HttpRequest, regulation_id: Path[str]) -> RegulationDetail:  # noqa: ARG001  # as above
    """Return one edition. Raises: Hidden if there is none."""
    if regulation_id not in rulebook.all_regulations():
        raise Hidden(say("没有这个规程"), remedy=say("从 /regulations 给出的 id 里选"))
    found = rulebook.by_id(regulation_id)
    return RegulationDetail(
        **_line(found),
        sha256=rulebook.digest(found.id),
        cycle_months=found.cycle.months,
        limits=[_limit(each) for each in found.numbers.values()],
        environment=_columns(found.environment),
        choices=[
            SheetChoice(code=code, name=named(rule), values=[each.value for each in rule.options])
            for code, rule in found.choices.items()
        ],
        points=[SheetItem(code=each.code, name=named(each)) for each in found.points],
        point_columns=_columns(found.point_columns),
        columns=_columns(found.columns),
        runs_required=found.runs.required,
        checks=[SheetItem(code=each.code, name=named(each)) for each in found.checks],
    )


def _line(found: Regulation) -> dict[str, Any]:  # Any: values of the shape's own types
    return {
        "id": found.id, "number": found.number, "edition": found.edition, "name": named(found),
        "category": found.category, "used_from": found.period.used_from, "valid_from": found.valid_from,
        "valid_to": found.valid_to,
    }  # fmt: skip


def _limit(value: RuleValue) -> Limit:
    number = None if value.value is None else str(value.value)
    return Limit(code=value.code, name=named(value), value=number, unit=value.unit, origin=origin_of(value.provenance))


def origin_of(provenance: Provenance) -> Origin:
    """Return where a value of a rule comes from."""
    return Origin(status=provenance.status, sources=list(provenance.sources), clause=provenance.clause)


def _columns(columns: Iterable[Column]) -> list[SheetColumn]:
    return [
        SheetColumn(
            code=each.code, name=named(each), unit=each.unit, decimals=each.decimals, minimum=str(each.minimum),
            maximum=str(each.maximum), is_required=each.required,
        )
        for each in columns
    ]  # fmt: skip
