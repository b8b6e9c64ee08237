"""Long work as portal and console show it: what runs, how far it is, how long it will take; stop and resume.

A page of it works without script; with script it asks itself again while something runs (`kit/refresh.js`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.errands import actions, queries
from plumbline.domain.errands.types import ErrandFacts
from plumbline.errors import InputError, say
from plumbline.faces.kit import formats, words
from plumbline.faces.kit.shapes import Fault

REFRESH_S = 2


@dataclass(frozen=True)
class WorkLine:
    """One errand in the reader's words. rest: how long it will still take; link: where it is answered or read."""

    id: UUID
    name: str
    title: str
    person: str
    state: str
    state_kind: str
    state_word: str
    phase: str
    done: int
    of: int | None
    rest: str
    asked_at: datetime
    seen_at: datetime | None
    ended_at: datetime | None
    faults: Sequence[Fault]
    is_open: bool
    is_stopping: bool
    can_stop: bool
    can_resume: bool
    link: str


@dataclass(frozen=True)
class WorkPage:
    """A page of long work; refresh_s: how soon it may look different, 0 when nothing runs."""

    answer: str
    lines: Sequence[WorkLine]
    next_url: str
    first_url: str
    refresh_s: int


def work_page(request: HttpRequest, actor: Actor, *, link_of: Callable[[ErrandFacts], str]) -> WorkPage:
    """Return the page of long work an address asks for. Raises: InputError for a key of a page that is none."""
    after = request.GET.get("after", "").replace(" ", "+")
    found = queries.errands(actor, after=after)
    lines = [line_of(actor, each, link=link_of(each)) for each in found.errands]
    running = sum(line.is_open for line in lines)
    return WorkPage(
        _answer(running, has_any=bool(lines)),
        lines,
        "?" + urlencode({"after": found.next_key}) if found.next_key else "",
        "?" if after else "",
        REFRESH_S if running else 0,
    )


def line_of(actor: Actor, errand: ErrandFacts, *, link: str = "") -> WorkLine:
    """Return an errand in the reader's words."""
    kind, word = words.errand_state(errand.state)
    may = queries.may_steer(actor, errand)
    return WorkLine(
        id=errand.id,
        name=words.errand_kind(errand.kind),
        title=errand.title,
        person=errand.person_name,
        state=errand.state,
        state_kind=kind,
        state_word=_("正在停止") if errand.is_stopping and errand.is_open else word,
        phase=words.errand_phase(errand.phase),
        done=errand.done,
        of=errand.of,
        rest=_rest(errand),
        asked_at=errand.asked_at,
        seen_at=errand.seen_at,
        ended_at=errand.ended_at,
        faults=[Fault(each.what, "", each.remedy or "") for each in errand.faults],
        is_open=errand.is_open,
        is_stopping=errand.is_stopping,
        can_stop=may and not errand.is_stopping and errand.state in {"waiting", "running", "asks"},
        can_resume=may and (errand.state in {"stopped", "failed"} or (errand.is_stopping and errand.is_open)),
        link=link,
    )


def steer(request: HttpRequest, actor: Actor) -> ErrandFacts:
    """Stop or resume the errand a form names. Raises: InputError for a form that is none; what the actions raise."""
    for name, act in (("stop", actions.stop), ("resume", actions.resume)):
        if name in request.POST:
            return act(actor, _id(request.POST[name]))
    raise InputError(say("没有说明是停止还是继续"), remedy=say("刷新页面再试"))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as err:
        raise queries.no_such_errand() from err


def _rest(errand: ErrandFacts) -> str:
    if errand.left_s is None:
        return ""
    return _("约还要 {span}").format(span=formats.duration(max(1.0, errand.left_s)))


def _answer(running: int, *, has_any: bool) -> str:
    if running:
        return ngettext("{n} 项作业在进行", "{n} 项作业在进行", running).format(n=running)
    return _("没有在进行的作业") if has_any else _("还没有长作业")
