"""An act on many rows: what it asks, a preview that says of each row what will happen or why not, then the report.

The preview is the act itself, done and undone in a savepoint: it cannot promise what the act would refuse. Each row is
done under a key of its own, made from that of the request: sent twice, every row is done once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from plumbline.domain.accounts.types import Actor
from plumbline.domain.journal import queries as journal
from plumbline.domain.rows.listing import paging
from plumbline.domain.rows.listing.spec import Row
from plumbline.errors import InputError, InputErrors, PlumblineError, StateError, say
from plumbline.faces.console import lists
from plumbline.faces.console.bulk_acts import ACTS, BulkAct
from plumbline.faces.console.list_face import Listed
from plumbline.faces.console.list_pages import sent_address
from plumbline.faces.console.shell import Phrase, Place, faults_of, officer, page, require_right
from plumbline.faces.kit.act_form import Filled
from plumbline.faces.kit.acting import new_request_id, request_key, status_of
from plumbline.faces.kit.lists import read
from plumbline.faces.kit.shapes import Crumb
from plumbline.faces.kit.templatetags.kit import text_of

MOST = 200
"""Rows at once: more would keep the database's locks too long."""
SEEN = "seen."


@dataclass(frozen=True)
class Outcome:
    """What came, or will come, of one row: told, or the error that stands against it. seen: as its author saw it."""

    id: str
    name: str
    url: str
    seen: str
    told: str = ""
    error: PlumblineError | None = None


@dataclass(frozen=True)
class Task:
    """One request on many rows: the act, the rows, what was typed and the key."""

    act: BulkAct
    shown: Listed
    rows: Sequence[Row]
    typed: Mapping[str, str]
    key: UUID
    at: datetime


@require_POST
@officer
def bulk(request: HttpRequest, actor: Actor, *, which: str) -> HttpResponse:
    """Ask what the act needs, show what would happen, or do it, as `step` says: nothing, preview or do."""
    shown = lists.listed(which, actor)
    require_right(actor, shown.face.spec.right)
    task = _task(request.POST, actor, shown=shown)
    step = request.POST.get("step", "")
    if step not in {"preview", "do"}:
        return _page(request, actor, task=task)
    if step == "do":
        return _page(
            request, actor, task=task, outcomes=[_done(task, actor, row=row) for row in task.rows], is_done=True
        )
    outcomes = [_undone(task, actor, row=row) for row in task.rows]
    fault = _of_the_form(outcomes, task, actor=actor)
    return _page(request, actor, task=task, outcomes=() if fault else outcomes, fault=fault)


def _task(posted: QueryDict, actor: Actor, *, shown: Listed) -> Task:
    """Return what is asked. Raises: InputError for an act the list has not, rows it has not, none, or too many."""
    act = ACTS.get(posted.get("act", ""))
    if act is None or act.listed != shown.face.spec.name:
        raise InputError(say("这个清单没有这种批量办理"), remedy=say("用清单下面的按钮"))
    require_right(actor, act.right)
    key = request_key(posted) if posted.get("request_id") else UUID(new_request_id())
    rows = paging.rows_of(shown.face.spec, _ids(posted, actor, shown=shown), scope=actor.scope)
    typed = {name: posted.get(name, "") for name in posted}
    if not rows:
        raise InputError(say("没有勾选要办的"), remedy=say("回到清单，勾选几行再办"))
    return Task(act, shown, rows, typed, key, timezone.now())


def _ids(posted: QueryDict, actor: Actor, *, shown: Listed) -> list[UUID]:
    if posted.get("all"):
        where = sent_address(shown.face, posted.get("list", ""))
        wanted = read(shown.face, QueryDict(where.partition("?")[2]))
        return paging.first_keys(shown.face.spec, wanted, scope=actor.scope, most=MOST)
    try:
        ids = [UUID(text) for text in posted.getlist("row")]
    except ValueError as err:
        raise InputError(say("这一页已经失效"), remedy=say("刷新页面再提交；您填的内容请先复制")) from err
    if len(ids) > MOST:
        raise InputError(say("一次最多办 {n} 条", n=MOST), remedy=say("分几次办"))
    return ids


def _undone(task: Task, actor: Actor, *, row: Row) -> Outcome:
    """Return what the act would do to a row: it is done, and undone at once."""
    with transaction.atomic():
        outcome = _tried(task, actor, row=row, seen=task.act.version(row))
        transaction.set_rollback(True)
    return outcome


def _done(task: Task, actor: Actor, *, row: Row) -> Outcome:
    """Do the act on a row, unless it has changed since its author saw it."""
    seen = task.typed.get(f"{SEEN}{row['id']}", "")
    if seen == task.act.version(row) or journal.act_by_request(_key(task, row)) is not None:
        return _tried(task, actor, row=row, seen=seen)
    error = StateError(say("您预览以后，这一条又变了"), remedy=say("看过最新的再办"))
    return _outcome(task, row, seen=seen, error=error)


def _tried(task: Task, actor: Actor, *, row: Row, seen: str) -> Outcome:
    typed = {**task.typed, "seen": seen}
    try:
        with transaction.atomic():
            told = task.act.act(actor, row, typed=typed, key=_key(task, row), at=task.at)
    except PlumblineError as error:
        return _outcome(task, row, seen=seen, error=error)
    return _outcome(task, row, seen=seen, told=text_of(told))


def _key(task: Task, row: Row) -> UUID:
    return uuid5(task.key, str(row["id"]))


def _outcome(task: Task, row: Row, *, seen: str, told: str = "", error: PlumblineError | None = None) -> Outcome:
    first = task.shown.face.spec.columns[0]
    return Outcome(str(row["id"]), str(row[first.key]), task.shown.face.link(row), seen, told, error)


def _of_the_form(outcomes: Sequence[Outcome], task: Task, *, actor: Actor) -> InputError | None:
    """Return the fault of what was asked once for all: one that every row met, beside a field of the form."""
    names = {each.name for each in task.act.fields(actor, Filled())}
    errors = [each.error for each in outcomes]
    if not all(isinstance(error, InputError) for error in errors):
        return None
    first = errors[0]
    found = first.errors if isinstance(first, InputErrors) else [first]
    return first if isinstance(first, InputError) and all(each and each.field in names for each in found) else None


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    task: Task,
    outcomes: Sequence[Outcome] = (),
    **told: object,
) -> HttpResponse:
    """Return the page of an act on many rows. told: is_done, and the fault of the form."""
    fault = told.get("fault")
    error = fault if isinstance(fault, PlumblineError) else None
    able = [each for each in outcomes if each.error is None]
    fields = task.act.fields(actor, Filled(task.typed, error))
    title = text_of(task.act.label)
    context = {
        "over": text_of(task.shown.face.spec.title),
        "phrases": _answer(len(task.rows), outcomes, title=title, is_done=bool(told.get("is_done"))),
        "fields": fields,
        "held": [(each.name, task.typed.get(each.name, "")) for each in fields],
        "outcomes": outcomes,
        "rows": [_outcome(task, row, seen="") for row in task.rows],
        "able": able,
        "act": task.act.name,
        "title": title,
        "is_done": bool(told.get("is_done")),
        "request_id": str(task.key),
        "list_url": task.typed.get("list") or task.shown.face.url,
        "bulk_url": request.path,
        "faults": faults_of(error, {each.name: each.name for each in fields}) if error else [],
        "is_cut": bool(task.typed.get("all")) and len(task.rows) >= MOST,
        "most": MOST,
    }
    crumbs = [Crumb(text_of(task.shown.face.spec.title), task.shown.face.url), Crumb(title)]
    status = status_of(error) if error else 200
    return page(request, "bulk", context=context, place=Place(task.shown.line, crumbs), status=status)


def _answer(count: int, outcomes: Sequence[Outcome], *, title: str, is_done: bool) -> list[Phrase]:
    if not outcomes:
        return [Phrase(ngettext("{act} {n} 条", "{act} {n} 条", count).format(act=title, n=count))]
    able = sum(each.error is None for each in outcomes)
    refused = len(outcomes) - able
    done, can = ngettext("办成 {n} 条", "办成 {n} 条", able), ngettext("{n} 条能办", "{n} 条能办", able)
    phrases = [Phrase((done if is_done else can).format(n=able), "ok" if able else "")]
    words = ngettext("{n} 条不能办", "{n} 条不能办", refused).format(n=refused)
    return phrases + ([Phrase(words, "bad")] if refused else [])
