"""The list of cases: filter by state and text, continue by key; the address is the list.

Without a filter it shows the cases under way, the latest limit missed first; those that have ended are asked for.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries
from plumbline.domain.cases.queries import Wanted
from plumbline.faces.console.case_rows import CaseRow, case_rows
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Chip, Crumb, Option
from plumbline.rulebook import procedures

OPEN, ENDED, ALL = "open", "ended", "all"


@officer
def cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the cases the actor may see. GET: state (under way unless said), q, after (the key of the page before)."""
    require_right(actor, "case.read")
    today = timezone.localdate()
    state, text, after = (request.GET.get(name, "").strip() for name in ("state", "q", "after"))
    state = state or OPEN
    found = _found(state, text[:80], after=after)
    rows = case_rows(found.cases, actor, today=today)
    context = {
        "phrases": _answer(rows, found.next_key, is_later=bool(after)),
        "rows": rows,
        "query": text,
        "states": _states(state),
        "chips": _chips(state, text),
        "everywhere_url": _address(ALL, text) if text and state != ALL else "",
        "next_url": _address(state, text, after=found.next_key) if found.next_key else "",
        "first_url": _address(state, text) if after else "",
    }
    return page(request, "cases", context=context, place=Place("cases", [Crumb(_("业务"))]))


def _found(state: str, text: str, *, after: str) -> queries.Page:
    known = procedures.load("verification").states
    wanted = Wanted(
        states=(state,) if state in known else (),
        is_open={OPEN: True, ENDED: False}.get(state),
        text=text,
    )
    return queries.page(wanted, after=after)


def _answer(rows: list[CaseRow], next_key: str, *, is_later: bool) -> list[Phrase]:
    count = len(rows)
    if not count:
        return [Phrase(_("没有这样的业务"))]
    late = sum(row.kind == "over" for row in rows)
    whole = next_key or is_later
    words = _("本页 {n} 件") if whole else ngettext("{n} 件业务", "{n} 件业务", count)
    phrases = [Phrase(words.format(n=count))]
    if late:
        phrases.append(Phrase(ngettext("{n} 件逾期", "{n} 件逾期", late).format(n=late), "bad"))
    return phrases


def _states(chosen: str) -> list[Option]:
    words = {OPEN: _("在办"), ENDED: _("办结或撤回"), ALL: _("全部")}
    words |= {name: named(state) for name, state in procedures.load("verification").states.items()}
    return [Option(name, label, is_selected=name == chosen) for name, label in words.items()]


def _chips(state: str, text: str) -> list[Chip]:
    chips = [
        Chip(_("状态"), option.label, _address("", text))
        for option in _states(state)
        if option.is_selected and state != OPEN
    ]
    return chips + ([Chip(_("含有"), text, _address(state, ""))] if text else [])


def _address(state: str, text: str, *, after: str = "") -> str:
    state = "" if state == OPEN else state
    given = {name: value for name, value in (("state", state), ("q", text), ("after", after)) if value}
    return f"{reverse('console:cases')}?{urlencode(given)}" if given else reverse("console:cases")
