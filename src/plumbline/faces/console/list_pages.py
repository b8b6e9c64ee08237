"""The pages every list of the console has: the list itself, its files, the reader's saved views."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.drafts import actions as drafts
from plumbline.domain.drafts import queries as kept
from plumbline.domain.registers.queries.entries import START
from plumbline.errors import InputError, say
from plumbline.faces.console import lists
from plumbline.faces.console.list_face import Listed
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right, see_other
from plumbline.faces.kit.list_export import Export, export
from plumbline.faces.kit.lists import ListFace, address, read, view_of
from plumbline.faces.kit.shapes import Crumb
from plumbline.faces.kit.templatetags.kit import text_of


@officer
def show(request: HttpRequest, actor: Actor, *, which: str) -> HttpResponse:
    """Show a list as its address asks for it."""
    shown = _listed(which, actor)
    if request.path != shown.face.url:
        return redirect(f"{shown.face.url}?{request.META.get('QUERY_STRING', '')}".rstrip("?"))
    found = view_of(shown.face, request.GET, scope=actor.scope)
    title = text_of(shown.face.spec.title)
    context = {
        "list": found,
        "over": title,
        "phrases": [Phrase(shown.answer_of(found))],
        "views": kept.saved_views(actor, which),
        "doing": shown.doing,
        "further": shown.further,
        "imports": shown.imports,
        "about": shown.about,
        "note": shown.note if found.lines else "",
    }
    place = Place(shown.line, [*shown.above, Crumb(title)])
    return page(request, "list", context=context, place=place, status=found.status)


def entries(request: HttpRequest, *, register_id: str) -> HttpResponseBase:
    """Show the list of a simple register."""
    return show(request, which=f"{START}{register_id}")


@require_safe
@officer
def file(request: HttpRequest, actor: Actor, *, which: str, ending: str) -> HttpResponseBase:
    """Hand out a list as a file: who may read the list may take it along."""
    shown = _listed(which, actor)
    return export(Export(shown.face, read(shown.face, request.GET), actor, timezone.now()), ending)


@require_POST
@officer
def views(request: HttpRequest, actor: Actor, *, which: str) -> HttpResponse:
    """Save a view of a list under a name, or throw one away."""
    shown = _listed(which, actor)
    if request.POST.get("act") == "delete":
        drafts.forget_view(actor, _id(request.POST.get("view", "")))
        messages.success(request, _("已删去这个视图"))
        return see_other(shown.face.url)
    where = sent_address(shown.face, request.POST.get("list", ""))
    label = request.POST.get("name", "").strip()
    drafts.save_view(actor, which, name=label, query=where.partition("?")[2], at=timezone.now())
    messages.success(request, _("已存为视图“{name}”").format(name=label))
    return see_other(where)


def sent_address(face: ListFace, text: str) -> str:
    """Return the address a form of the list sent, made anew from what it asks. Raises: InputError."""
    return address(face, read(face, QueryDict(text.partition("?")[2])))


def _listed(which: str, actor: Actor) -> Listed:
    shown = lists.listed(which, actor)
    require_right(actor, shown.face.spec.right)
    return shown


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as err:
        raise InputError(say("这一页已经失效"), remedy=say("刷新页面再提交；您填的内容请先复制")) from err
