"""The lists of the API: each follows from the `ListSpec` its room declares, as those of the pages do.

Filters, sort, page tokens and counts are the words of the address of a page (`state=`, `issued_at.from=`,
`sort=-issued_at`, `page=`); what the list does not have is refused, nothing is
ignored. Columns are typed by their kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import create_model

from plumbline.domain.rows.listing import asking, paging
from plumbline.domain.rows.listing.spec import Column, Condition, Kind, ListSpec, Operator, Row
from plumbline.errors import InputError, say
from plumbline.faces.api.bearing import Token, actor_of, require_right, require_staff
from plumbline.faces.api.shapes import Count, Name, Region, answers, name_of, region_of
from plumbline.faces.kit.templatetags.kit import text_of

SIZE, SIZE_USUAL, SIZE_MOST = "size", 50, 200
TYPES: Mapping[Kind, object] = {
    Kind.DATE: date, Kind.MOMENT: datetime, Kind.INTEGER: int, Kind.DECIMAL: Decimal, Kind.NAME: Name,
}  # fmt: skip
Extra = Callable[[Row], object]
Parameter = dict[str, Any]  # Any: JSON of the document


@dataclass(frozen=True)
class ApiList:
    """A list of the API. spec: asked with the day; hidden: columns only a page can show; more: name to its type and how
    a row says it; for_all: also for those who work in no office or institution."""

    path: str
    name: str
    scope: str
    summary: str
    spec: Callable[[date], ListSpec]
    hidden: frozenset[str] = frozenset()
    more: Mapping[str, tuple[Any, Extra]] = field(default_factory=dict)  # Any: a type of a field
    for_all: bool = False

    def columns(self) -> list[Column]:
        """Return the columns handed out."""
        return [
            each for each in self.spec(timezone.localdate()).columns if each.is_column and each.key not in self.hidden
        ]


def add(router: Router, listed: ApiList) -> None:
    """Add the operation that hands out a list."""
    row = _row_shape(listed)
    shape = create_model(
        f"{listed.name}Page",
        __base__=Schema,
        __doc__="Some rows in order, and the tokens of the pages after and before: null at the ends.",
        items=(list[row], ...),  # type: ignore[valid-type]  # a type made here
        next=(str | None, ...),
        previous=(str | None, ...),
        count=(Count, ...),
    )

    def handed_out(request: HttpRequest) -> object:
        return page(listed, request)

    router.add_api_operation(
        listed.path,
        ["GET"],
        handed_out,
        auth=Token(listed.scope),
        response=answers(shape),
        tags=["lists"],
        operation_id=f"list_{listed.path.strip('/').replace('-', '_')}",
        summary=listed.summary,
        openapi_extra={"parameters": parameters(listed), "x-scopes": [listed.scope]},
    )


def page(listed: ApiList, request: HttpRequest) -> dict[str, object]:
    """Return a page of a list as its address asks for it. Raises: AccessError; InputErrors beside the names."""
    actor = actor_of(request)
    spec = listed.spec(timezone.localdate())
    require_right(actor, spec.right)
    if not listed.for_all:
        require_staff(actor)
    found = asked_for(spec, request)
    columns = listed.columns()
    return {"items": [_said(listed, row, columns=columns) for row in found.rows], **around(found)}


def asked_for(spec: ListSpec, request: HttpRequest, *, needed: frozenset[str] | None = None) -> paging.Page:
    """Return the page an address asks for. needed: as `paging.page_of`. Raises: InputErrors beside the names."""
    given = {name: request.GET.getlist(name) for name in request.GET}
    size = read_size(given.pop(SIZE, []))
    if asking.COLUMNS in given:
        raise InputError(
            say("接口的清单总是给出所有的列"), remedy=say("去掉 {name}", name=asking.COLUMNS), field=asking.COLUMNS
        )
    return paging.page_of(spec, asking.read(spec, given), scope=actor_of(request).scope, size=size, needed=needed)


def around(found: paging.Page) -> dict[str, object]:
    """Return what a page says besides its rows: the tokens of the pages beside it, null at the ends, and the count."""
    count = {"rows": found.count.rows, "is_whole": found.count.is_whole}
    return {"next": found.next or None, "previous": found.previous or None, "count": count}


def read_size(values: list[str]) -> int:
    """Return how many rows a page has. Raises: InputError for what is no number within the bounds."""
    if not values:
        return SIZE_USUAL
    text = values[-1]
    if text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= SIZE_MOST:
        return int(text)
    raise InputError(
        say("一页的行数要是 1 到 {most} 的整数", most=SIZE_MOST), remedy=say("改正，或去掉 size"), field=SIZE
    )


def parameters(listed: ApiList) -> list[Parameter]:
    """Return what a list may be asked, as its document says it."""
    spec = listed.spec(timezone.localdate())
    found = [_parameter(column, operator) for column in spec.columns for operator in column.operators]
    if spec.search is not None:
        found.append(_text(asking.TEXT, str(spec.search_hint), most=asking.MOST_CHARACTERS))
    sorts = [sign + each.key for each in spec.columns if each.is_sortable for sign in ("", "-")]
    if sorts:
        found.append(
            {"name": asking.SORT, "in": "query", "required": False, "schema": {"type": "string", "enum": sorts}}
        )
    found.append(_text(asking.PLACE, "", most=2000))
    size = {"type": "integer", "minimum": 1, "maximum": SIZE_MOST, "default": SIZE_USUAL}
    return [*found, {"name": SIZE, "in": "query", "required": False, "schema": size}]


def _parameter(column: Column, operator: Operator) -> Parameter:
    name = asking.name_of(Condition(column.key, operator, ()))
    schema: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": asking.MOST_CHARACTERS}  # Any: JSON
    if operator == Operator.EMPTY:
        schema = {"type": "string", "enum": [asking.YES, asking.NO]}
    elif column.kind in {Kind.DATE, Kind.MOMENT}:
        schema = {"type": "string", "format": "date"}
    elif column.kind == Kind.INTEGER:
        schema = {"type": "integer"}
    elif column.kind == Kind.CHOICE and column.meaning is None and (values := list(column.choices())):
        schema = {"type": "string", "enum": values}
    is_many = operator == Operator.ONE_OF
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": str(column.title),
        "schema": {"type": "array", "items": schema, "maxItems": asking.MOST_VALUES} if is_many else schema,
    }


def _text(name: str, about: str, *, most: int) -> Parameter:
    schema = {"type": "string", "maxLength": most}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        **({"description": about} if about else {}),
    }


def _row_shape(listed: ApiList) -> Any:  # Any: a type made here
    fields: dict[str, Any] = {"id": (UUID, ...)}  # Any: as pydantic takes them
    for column in listed.columns():
        kind: Any = Region if column.key == "region" else TYPES.get(column.kind, str)  # Any: a type
        fields[column.key] = (kind | None, ...)
    fields |= {name: (kind, ...) for name, (kind, _said_by) in listed.more.items()}
    return create_model(listed.name, __base__=Schema, **fields)


def _said(listed: ApiList, row: Row, *, columns: list[Column]) -> dict[str, object]:
    said = {"id": row["id"], **{each.key: _value(each, row.get(each.key)) for each in columns}}
    return said | {name: made(row) for name, (_kind, made) in listed.more.items()}


def _value(column: Column, value: object) -> object:
    if column.key == "region":
        return region_of(str(value) if value else None)
    if column.kind == Kind.NAME:
        return name_of(value)
    if column.kind in TYPES or value is None:
        return value
    return text_of(value) if not isinstance(value, str) else value
