"""My work: what is late, what is due today, what waits for me; by role, in order of the time limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.queries import Wanted
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.registers import queries as registers
from plumbline.faces.console.case_rows import CaseRow, case_rows
from plumbline.faces.console.shell import Phrase, Place, may, officer, page
from plumbline.faces.console.words import standard_state, week_day
from plumbline.faces.kit import formats
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import Crumb, Tab
from plumbline.rulebook import roles

SATURDAY = 5
SHOWN = 100
STANDARDS_SHOWN = 5


@dataclass(frozen=True)
class Group:
    """Rows that are due alike: late, today, this week, later."""

    id: str
    label: str
    rows: Sequence[CaseRow]


@dataclass(frozen=True)
class Day:
    """A day of the week with what has its last day then."""

    label: str
    is_today: bool
    rows: Sequence[CaseRow]


@dataclass(frozen=True)
class StandardLine:
    """A measurement standard that ends soon or has ended."""

    id: UUID
    code: str
    name: str
    kind: str
    word: str
    valid_to: date


@dataclass(frozen=True)
class StandIn:
    """Somebody in whose place the reader may act: by which key, who, in which role, how many cases wait there."""

    key: str
    name: str
    role: str
    waiting: int | None


@officer
def work(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show my work. `view`: mine (waits for me, the default), hands (assigned to me), all (open in house or area)."""
    today = timezone.localdate()
    waiting = cases.waiting_count(actor)
    view = _view(request.GET.get("view", ""), actor)
    found = cases.waiting_for(actor, most=SHOWN) if view == "mine" else _listed(actor, view)
    rows = case_rows(found, actor, today=today)
    groups = _groups(rows, today)
    context = {
        "over": _over(today),
        "phrases": _answer(groups, actor, waiting=waiting, view=view),
        "tabs": _tabs(view, actor, waiting=waiting),
        "groups": groups,
        "week": _week(rows, today),
        "standards": _standards(actor, today),
        "standing_in": _standing_in(request, actor),
        "is_cut": waiting > len(found) if view == "mine" else len(found) >= SHOWN,
        "view": view,
    }
    return page(request, "work", context=context, place=Place("work", [Crumb(_("我的工作"))]))


def _standing_in(request: HttpRequest, actor: Actor) -> list[StandIn]:
    """Return whom the reader may stand in for besides how they act now, with what waits there."""
    if actor.behalf is not None:
        return []
    others = [each for each in getattr(request, "actors", ()) if each.behalf is not None]
    return [
        StandIn(str(each.membership_id), formats.either(each.behalf.name, each.behalf.name_en), role_words(each.role),
                cases.waiting_count(each) if each.organisation_id == actor.organisation_id else None)
        for each in others
    ]  # fmt: skip


def _view(asked: str, actor: Actor) -> str:
    known = _views(actor)
    return asked if asked in known else next(iter(known), "")


def _views(actor: Actor) -> dict[str, str]:
    """Return the views a role has: a role that acts begins with what waits for it, a reader with all it may read."""
    views: dict[str, str] = {}
    if _has_work(actor):
        views |= {"mine": _("等我办"), "hands": _("我经手的")}
    if actor.role == "institute_reception":
        views.pop("hands")
    if may(actor, "case.read"):
        views["all"] = _("全部在办")
    return views


def _has_work(actor: Actor) -> bool:
    """Tell whether a list of what waits is of use: to a role that acts; to one that reads everything and is a party now
    and then, as to a draw, while something waits."""
    is_reader = roles.by_code(actor.role).reach == "everything"
    return bool(cases.waiting_states(actor.role)) and (not is_reader or cases.waiting_count(actor) > 0)


def _listed(actor: Actor, view: str) -> tuple[CaseFacts, ...]:
    if not view:
        return ()
    wanted = Wanted(is_open=True)
    if view == "hands":
        wanted = Wanted(is_open=True, person_id=actor.duty_of)
    elif roles.by_code(actor.role).reach == "institution":
        wanted = Wanted(is_open=True, body_id=actor.organisation_id)
    return cases.listed(wanted, most=SHOWN)


def _groups(rows: Sequence[CaseRow], today: date) -> list[Group]:
    end_of_week = today + timedelta(days=6 - today.weekday())
    spans: list[tuple[str, str, list[CaseRow]]] = [
        ("over", _("逾期"), [row for row in rows if row.due_on and row.due_on < today]),
        ("today", _("今天"), [row for row in rows if row.due_on == today]),
        ("week", _("本周"), [row for row in rows if row.due_on and today < row.due_on <= end_of_week]),
        ("later", _("以后"), [row for row in rows if row.due_on and row.due_on > end_of_week]),
        ("open", _("没有时限"), [row for row in rows if row.due_on is None]),
    ]
    return [Group(key, label, found) for key, label, found in spans if found]


def _answer(groups: Sequence[Group], actor: Actor, *, waiting: int, view: str) -> list[Phrase]:
    counts = {group.id: len(group.rows) for group in groups}
    phrases = []
    if late := counts.get("over", 0):
        phrases.append(Phrase(ngettext("{n} 件逾期", "{n} 件逾期", late).format(n=late), "bad", "#over"))
    if now := counts.get("today", 0):
        phrases.append(Phrase(ngettext("{n} 件今天要办", "{n} 件今天要办", now).format(n=now), "due", "#today"))
    if _has_work(actor):
        words = ngettext("{n} 件等我办", "{n} 件等我办", waiting).format(n=waiting) if waiting else _("没有事等您办")
        return [*phrases, Phrase(words, "", "?view=mine" if view != "mine" and waiting else "")]
    total = sum(counts.values())
    if not may(actor, "case.read"):
        return [Phrase(_("您的角色没有待办的业务"))]
    return [
        *phrases,
        Phrase(ngettext("{n} 件在办", "{n} 件在办", total).format(n=total) if total else _("没有在办的业务")),
    ]


def _tabs(view: str, actor: Actor, *, waiting: int) -> list[Tab]:
    return [
        Tab(label, f"?view={name}", count=waiting if name == "mine" else None, is_current=name == view)
        for name, label in _views(actor).items()
    ]


def _over(today: date) -> str:
    week = today.isocalendar().week
    return _("我的工作 · {day} {weekday} · 第 {week} 周").format(
        day=today.isoformat(), weekday=week_day(today), week=week
    )


def _week(rows: Sequence[CaseRow], today: date) -> list[Day]:
    """Return the working days of this week, at its end of the next; nothing when no case has its last day then."""
    monday = (
        today - timedelta(days=today.weekday())
        if today.weekday() < SATURDAY
        else today + timedelta(days=7 - today.weekday())
    )
    days = [monday + timedelta(days=n) for n in range(5)]
    if not any(row.due_on in days for row in rows):
        return []
    return [Day(f"{week_day(day)} {day.day}", day == today, [row for row in rows if row.due_on == day]) for day in days]


def _standards(actor: Actor, today: date) -> list[StandardLine]:
    """Return the house's measurement standards that end within 30 days or have ended."""
    if roles.by_code(actor.role).reach != "institution":
        return []
    lines = []
    for each in registers.standards_of(actor.organisation_id, on=today):
        kind, word = standard_state(each.valid_from, each.valid_to, today=today)
        if kind in {"over", "due"}:
            name = formats.either(each.name_zh, each.name_en)
            lines.append(StandardLine(each.id, each.code, name, kind, word, each.valid_to))
    return sorted(lines, key=lambda line: line.valid_to)[:STANDARDS_SHOWN]
