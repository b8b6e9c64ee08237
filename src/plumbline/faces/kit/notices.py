"""The list of notices as portal and console show it: the newest first, page after page, marked read one by one or all.

A notice is an organisation's: what one of its people marks as read is read for all of them, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.notices import actions, queries
from plumbline.domain.notices.types import NoticeFacts
from plumbline.errors import InputError, say

ALL = "all"


@dataclass(frozen=True)
class NoticeList:
    """A page of notices: its answer, its lines, how many wait to be read, and the way on."""

    answer: str
    notices: Sequence[NoticeFacts]
    unread: int
    after: str
    next_url: str
    first_url: str


def notice_list(request: HttpRequest, actor: Actor) -> NoticeList:
    """Return the page of notices an address asks for. Raises: InputError for a key of a page that is none."""
    after = request.GET.get("after", "").replace(" ", "+")
    found = queries.page(actor, after=after)
    unread = queries.count_unread(actor)
    return NoticeList(
        answer=_answer(unread, has_any=bool(found.notices)),
        notices=found.notices,
        unread=unread,
        after=after,
        next_url="?" + urlencode({"after": found.next_key}) if found.next_key else "",
        first_url="?" if after else "",
    )


def unread_count(actor: Actor) -> int | None:
    """Return how many notices wait to be read, for the navigation; nothing where none does."""
    return queries.count_unread(actor) or None


def mark(request: HttpRequest, actor: Actor) -> str:
    """Mark the notice a form names as read, or all; return the address of the page to show again."""
    wanted = request.POST.get("notice", "")
    actions.mark_read(actor, at=timezone.now(), only=None if wanted == ALL else _id(wanted))
    after = request.POST.get("after", "")
    return "?" + urlencode({"after": after}) if after else "?"


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
