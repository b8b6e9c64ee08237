"""The lists of an owner: cases, certificates, instruments; each under its own address, with files and saved views.

They are the lists the rooms declare, narrowed to what belongs to the reader's organisation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.http.request import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.drafts import actions as drafts
from plumbline.domain.drafts import queries as kept
from plumbline.domain.rows.listing.spec import Column, Joined, Kind, ListSpec, Row
from plumbline.domain.rows.types import Scope
from plumbline.errors import AccessError, Hidden, InputError, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.case_titles import titled
from plumbline.faces.kit.cells import Cell
from plumbline.faces.kit.list_export import Export, export
from plumbline.faces.kit.lists import ListFace, address, read, view_of
from plumbline.faces.kit.shapes import Doing, Tab
from plumbline.faces.portal.case_lines import CaseLine, case_line
from plumbline.faces.portal.fleet import InUse, standing_of
from plumbline.faces.portal.frame import frame, owner_of
from plumbline.faces.portal.my_import import may_import


@dataclass(frozen=True)
class Own:
    """A list of an owner: the line of the navigation that is lit, what is said while it is empty, how rows come in."""

    face: ListFace
    current: str
    none: str
    tabs: Callable[[HttpRequest], list[Tab]] = lambda _request: []
    imports: Sequence[Doing] = ()


def show(request: HttpRequest, *, which: str) -> HttpResponse:
    """Show a list as its address asks for it."""
    owner = owner_of(request)
    own = _own(which, owner)
    found = view_of(own.face, request.GET, scope=owner.scope)
    context = {
        **frame(request, own.current),
        "list": found,
        "views": kept.saved_views(owner, f"my-{which}"),
        "none": own.none,
        "tabs": own.tabs(request),
        "imports": own.imports,
        "may_apply": which == "cases",
    }
    return render(request, "portal/list.html", context, status=found.status)


@require_safe
def file(request: HttpRequest, *, which: str, ending: str) -> HttpResponseBase:
    """Hand out a list as a file."""
    owner = owner_of(request)
    face = _own(which, owner).face
    return export(Export(face, read(face, request.GET), owner, timezone.now()), ending)


@require_POST
def views(request: HttpRequest, *, which: str) -> HttpResponse:
    """Save a view of a list under a name, or throw one away."""
    owner = owner_of(request)
    face = _own(which, owner).face
    if request.POST.get("act") == "delete":
        drafts.forget_view(owner, _id(request.POST.get("view", "")))
        messages.success(request, _("已删去这个视图"))
        return HttpResponseRedirect(face.url, status=303)
    where = address(face, read(face, QueryDict(request.POST.get("list", "").partition("?")[2])))
    label = request.POST.get("name", "").strip()
    drafts.save_view(owner, f"my-{which}", name=label, query=where.partition("?")[2], at=timezone.now())
    messages.success(request, _("已存为视图“{name}”").format(name=label))
    return HttpResponseRedirect(where, status=303)


def _own(which: str, owner: Actor) -> Own:
    """Return a list of the owner. Raises: Hidden for a name that none has; AccessError without the right."""
    if which not in LISTS:
        raise Hidden(say("没有这个清单"), remedy=say("从上面各项里进入"))
    own = LISTS[which](owner, timezone.localdate())
    if not accounts.has_right(owner, own.face.spec.right):
        raise AccessError(say("当前角色不能看这个清单"), remedy=say("换用有权的角色或账号"))
    return own


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as err:
        raise InputError(say("这一页已经失效"), remedy=say("刷新页面再提交；您填的内容请先复制")) from err


def _owned(spec: ListSpec, without: str = "owner", *, sides: Sequence[str] = ("owner",)) -> ListSpec:
    """Return a list narrowed to what belongs to the scope's own organisation; its column would say one name only.

    sides: the columns of which one must name it.
    """

    def rows(scope: Scope) -> QuerySet[Any]:  # Any: of whichever room's model
        parties = [Q(**{f"{side}_id__in": scope.organisations}) for side in sides]
        return spec.rows(scope).filter(reduce(or_, parties))

    columns = tuple(replace(each, is_shown=False) if each.key == without else each for each in spec.columns)
    return replace(spec, rows=rows, columns=columns)


def _face(spec: ListSpec, url: str, **more: Any) -> ListFace:  # Any: passed on to ListFace as they are
    return ListFace(spec, url, reverse("my-list", args=[spec.name]), is_work=False, **more)


def _cases(owner: Actor, today: date) -> Own:
    def lines(rows: Sequence[Row]) -> Mapping[UUID, Row]:
        found = titled([row["case"] for row in rows])
        return {row["id"]: {"line": case_line(each, owner, today=today)} for row, each in zip(rows, found, strict=True)}

    def state(row: Row) -> Cell:
        line: CaseLine = row["line"]
        return Cell(" · ".join(part for part in (line.state, line.waits) if part), kind=line.kind)

    def clock(row: Row) -> Cell:
        found = row["line"].clock
        return Cell(found.words if found else formats.DASH, clock=found)

    spec = _owned(cases.list_of_cases(), sides=("owner", "body")).extended(
        columns=(Column("clock", say("时限"), Kind.INTEGER), Column("what", say("内容"))),
        joins=(Joined(("line",), lines, needs=("case",)),),
        after="state",
    )
    cells = {
        "title": lambda row: Cell(row["line"].title),
        "state": state,
        "clock": clock,
        "what": lambda row: Cell(row["line"].what),
    }
    link = lambda row: reverse("my-case", args=[row["number"]])  # noqa: E731  # a value of the face
    needs = dict.fromkeys(cells, ("line",))
    face = _face(spec, reverse("my-cases"), cells=cells, needs=needs, link=link, symbol="case")

    def tabs(request: HttpRequest) -> list[Tab]:
        asked = request.GET.get("phase", "open")
        words = {"open": _("在办"), "ended": _("已办结"), "all": _("全部")}
        return [Tab(word, f"?phase={phase}", is_current=phase == asked) for phase, word in words.items()]

    return Own(face, "my-cases", _("没有这样的业务"), tabs)


def _certificates(_owner: Actor, today: date) -> Own:
    spec = _owned(certificates.list_of_certificates(today))
    spec = spec.extended(columns=(Column("pdf", say("下载"), is_exported=False),), joins=(), after="status")

    def said(row: Row, *names: str) -> Cell:
        part = row["document"].facts.get("instrument", {})
        return Cell(" ".join(str(part[name]) for name in names if part.get(name)) or formats.DASH)

    def pdf(row: Row) -> Cell:
        return Cell("PDF", url=reverse("certificate-file", args=[row["number"], "certificate.pdf"]))

    cells = {
        "instrument": lambda row: said(row, "position", "model", "serial"),
        "site": lambda row: said(row, "place"),
        "pdf": pdf,
    }
    link = lambda row: reverse("my-certificate", args=[row["number"]])  # noqa: E731  # a value of the face
    needs = {"instrument": ("document",), "site": ("document",), "pdf": ()}
    face = _face(spec, reverse("my-certificates"), cells=cells, needs=needs, link=link, symbol="cert")
    return Own(face, "my-certificates", _("没有这样的证书"))


def _instruments(owner: Actor, today: date) -> Own:
    spec = _owned(certificates.list_of_instruments(today))
    spec = spec.extended(columns=(Column("standing", say("状态")),), joins=(), after="valid_until")

    def standing(row: Row) -> Cell:
        document = row.get("document")
        found = standing_of(InUse(row["state"], row["category"]), document, today=today)
        return Cell(found.word, kind=found.kind)

    link = lambda row: reverse("my-instrument", args=[row["identity"]])  # noqa: E731  # a value of the face
    needs = {"standing": ("document", "state", "category")}
    cells = {"standing": standing}
    face = _face(spec, reverse("my-list", args=[spec.name]), cells=cells, needs=needs, link=link, symbol="gauge")
    imports = [Doing(_("批量导入"), reverse("my-import"))] if may_import(owner) else []
    return Own(face, "my-instruments", _("没有这样的器具"), imports=imports)


LISTS: dict[str, Callable[[Actor, date], Own]] = {
    "cases": _cases,
    "certificates": _certificates,
    "instruments": _instruments,
}
