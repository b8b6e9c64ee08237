"""The inbox as portal and console show it: the newest first, by kind and by whether it was read, page after page.

A notice to an organisation is read for all its people once one of them has read it; one to a person is theirs alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest
from django.http.request import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.notices import actions, queries
from plumbline.domain.notices.types import NoticeFacts
from plumbline.domain.rows.listing import paging
from plumbline.domain.rows.listing.spec import Condition, Operator, Wanted
from plumbline.errors import InputError, say
from plumbline.faces.kit.lists import ListFace, address, read
from plumbline.faces.kit.shapes import Tab
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import notices as rulebook

ALL, AGAIN = "all", "again-"


@dataclass(frozen=True)
class NoticeLine:
    """A notice as it is shown, with the name of its kind."""

    notice: NoticeFacts
    kind: str


@dataclass(frozen=True)
class NoticeList:
    """A page of notices: its answer, its views, its lines, how many wait to be read, and the ways on."""

    answer: str
    none: str
    reading: Sequence[Tab]
    kinds: Sequence[Tab]
    lines: Sequence[NoticeLine]
    unread: int
    here: str
    previous_url: str
    next_url: str


def notice_list(request: HttpRequest, actor: Actor) -> NoticeList:
    """Return the page of notices an address asks for. Raises: InputError for what the list has not."""
    face = _face(actor)
    wanted = read(face, request.GET)
    page = paging.page_of(face.spec, wanted, scope=actor.scope)
    unread = queries.count_unread(actor)
    rows = page.rows
    return NoticeList(
        answer=_answer(unread, has_any=bool(rows) or bool(wanted.conditions)),
        none=_("没有这样的通知") if wanted.conditions else _("还没有通知"),
        reading=_reading(face, wanted, unread=unread),
        kinds=_kinds(face, wanted, unread=queries.unread_by_kind(actor)),
        lines=[_line(row["notice"]) for row in rows],
        unread=unread,
        here=_here(face, wanted),
        previous_url=_here(face, replace(wanted, token=page.previous)) if page.previous else "",
        next_url=_here(face, replace(wanted, token=page.next)) if page.next else "",
    )


def _line(notice: NoticeFacts) -> NoticeLine:
    kind = rulebook.load().kinds.get(notice.kind)
    return NoticeLine(notice, text_of(kind.name) if kind else notice.kind)  # a kind the rulebook has no more


def unread_count(actor: Actor) -> int | None:
    """Return how many notices wait to be read, for the navigation; nothing where none does."""
    return queries.count_unread(actor) or None


def mark(request: HttpRequest, actor: Actor) -> str:
    """Mark the notice a form names as read or unread, or all as read; return the address of the page to show again."""
    wanted = request.POST.get("notice", "")
    if wanted.startswith(AGAIN):
        actions.mark_unread(actor, _id(wanted.removeprefix(AGAIN)))
    else:
        actions.mark_read(actor, at=timezone.now(), only=None if wanted == ALL else _id(wanted))
    face = _face(actor)
    return _here(face, read(face, QueryDict(request.POST.get("here", "").partition("?")[2])))


def _face(actor: Actor) -> ListFace:
    return ListFace(queries.list_of_notices(actor), "", "")


def _here(face: ListFace, wanted: Wanted) -> str:
    """Return an address of the page itself, whatever face shows it: without conditions it is a bare question mark."""
    return address(face, wanted) or "?"


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as err:
        raise InputError(say("这一页已经失效"), remedy=say("刷新页面再提交；您填的内容请先复制")) from err


def _answer(unread: int, *, has_any: bool) -> str:
    if unread >= queries.COUNTED_MOST:
        return _("{n} 条以上没读").format(n=queries.COUNTED_MOST - 1)
    if unread:
        return ngettext("{n} 条没读", "{n} 条没读", unread).format(n=unread)
    return _("都读过了") if has_any else _("还没有通知")


def _reading(face: ListFace, wanted: Wanted, *, unread: int) -> list[Tab]:
    words = {"": _("全部"), "unread": _("没读的"), "read": _("读过的")}
    return [
        Tab(
            word,
            _with(face, wanted, column="state", value=code),
            unread if code == "unread" else None,
            code == _held(wanted, "state"),
        )
        for code, word in words.items()
    ]


def _kinds(face: ListFace, wanted: Wanted, *, unread: dict[str, int]) -> list[Tab]:
    named = {"": _("各种"), **{code: text_of(kind.name) for code, kind in rulebook.load().kinds.items()}}
    return [
        Tab(word, _with(face, wanted, column="kind", value=code), unread.get(code), code == _held(wanted, "kind"))
        for code, word in named.items()
    ]


def _held(wanted: Wanted, column: str) -> str:
    return next((each.values[0] for each in wanted.conditions if each.column == column), "")


def _with(face: ListFace, wanted: Wanted, *, column: str, value: str) -> str:
    rest = tuple(each for each in wanted.conditions if each.column != column)
    more = (Condition(column, Operator.ONE_OF, (value,)),) if value else ()
    return _here(face, replace(wanted, conditions=(*rest, *more), token=""))  # a place, no secret
