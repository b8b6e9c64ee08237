"""The figures of each procedure: all of them in a list, one on a page with its tables, the same as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.indicators import queries
from plumbline.domain.indicators.types import Course
from plumbline.errors import Hidden, say
from plumbline.faces.console.course_tables import Asked, good_ends, grids
from plumbline.faces.console.figure_reach import reach_of, with_
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts.shares import percent
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Crumb, Figure
from plumbline.faces.kit.tables_out import workbook_file
from plumbline.gateways.tables.workbook import Head, Tab
from plumbline.rulebook import procedures as book
from plumbline.rulebook.procedures import Procedure
from plumbline.science.statistics.proportions import exact_interval

PAGE = "console:procedure_figures"


@dataclass(frozen=True)
class Line:
    """A procedure in the list with what came in, what is open and what of it is late; each number opens its cases."""

    name: str
    url: str
    opened: int
    opened_url: str
    is_open: int
    open_url: str
    late: int
    late_url: str


@officer
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show every procedure with its cases in a line. GET: region, body."""
    require_right(actor, "case.read")
    reach, today = reach_of(request, "console:procedures_figures"), timezone.localdate()
    since = queries.year_before(today)
    held = queries.procedures_overview(on=today, since=since, reach=reach.counted)
    lines = []
    for each in book.all_procedures().values():
        opened, is_open, late = held.get(each.id, (0, 0, 0))
        asked = Asked(each, reach, since, today, actor)
        lines.append(
            Line(
                named(each), with_(reverse(PAGE, args=[each.id]), reach.given), opened,
                asked.cases(("opened_at.from", since.isoformat())), is_open, asked.open_cases(), late,
                asked.open_cases(("due_on.to", asked.yesterday)),
            )
        )  # fmt: skip
    lines.sort(key=lambda line: (-line.opened, -line.is_open))
    context = {"lines": lines, "fresh": queries.freshness(), "reach": reach, "since": since}
    return page(request, "procedures_figures", context=context, place=Place("figures", _crumbs()))


@officer
def one(request: HttpRequest, actor: Actor, *, name: str) -> HttpResponse:
    """Show the figures of a procedure. GET: region, body. Raises: Hidden for one that is not there."""
    require_right(actor, "case.read")
    asked = _asked(request, actor, name=name)
    found = _course(asked)
    context = {
        "name": named(asked.procedure),
        "phrases": _answer(found),
        "figures": _figures(found, asked),
        "grids": grids(found, asked),
        "fresh": queries.freshness(),
        "reach": asked.reach,
        "since": asked.since,
        "has_load_test": certificates.has_load_test_rows(),
        "xlsx_url": with_(reverse("console:procedure_figures_xlsx", args=[name]), asked.reach.given),
        "about_url": reverse("procedure", args=[name]) if asked.procedure.is_general else "",
    }
    crumbs = [*_crumbs(), Crumb(named(asked.procedure))]
    return page(request, "procedure_figures", context=context, place=Place("figures", crumbs))


@officer
def workbook(request: HttpRequest, actor: Actor, *, name: str) -> FileResponse:
    """Return the tables of a procedure as a workbook. GET: as the page."""
    require_right(actor, "case.read")
    asked = _asked(request, actor, name=name)
    tabs = []
    for grid in grids(_course(asked), asked):
        drawn = {place for row in grid.rows for place, value in enumerate(row) if value.drawing is not None}
        kept = [place for place in range(len(grid.heads)) if place not in drawn]
        rows = [[row[place].said for place in kept] for row in grid.rows]
        tabs.append(Tab(grid.title, [Head(grid.heads[place]) for place in kept], rows))
    fresh = queries.freshness()
    said = [
        (_("程序"), named(asked.procedure)),
        (_("月份"), _("{since} 起").format(since=formats.day(asked.since))),
        (_("计到"), formats.moment(fresh.at)),
        *[(_("条件"), words) for words, _url in asked.reach.chosen],
    ]
    about = Tab(_("说明"), [Head(_("项目")), Head(_("内容"), width=40)], said)
    return workbook_file(f"{name}-{asked.today}.xlsx", [about, *tabs])


def _asked(request: HttpRequest, actor: Actor, *, name: str) -> Asked:
    procedure, today = _procedure(name), timezone.localdate()
    reach = reach_of(request, PAGE, named=(name,))
    since = queries.year_before(today)
    return Asked(procedure, reach, since, today, actor, len(procedure.clocks) == 1)


def _procedure(name: str) -> Procedure:
    found = book.all_procedures().get(name)
    if found is None:
        raise Hidden(say("没有这个程序"), remedy=say("从办事清单里选"))
    return found


def _course(asked: Asked) -> Course:
    return queries.course(asked.procedure, on=asked.today, since=asked.since, reach=asked.reach.counted)


def _crumbs() -> list[Crumb]:
    return [Crumb(_("看板"), reverse("console:figures")), Crumb(_("各程序的数"), reverse("console:procedures_figures"))]


def _answer(found: Course) -> Sequence[Phrase]:
    is_open, late = sum(found.states.values()), _late(found)
    if not (is_open or found.months):
        return [Phrase(_("这个程序还没有业务"))]
    phrases = [Phrase(ngettext("在办 {n} 件", "在办 {n} 件", is_open).format(n=formats.number(is_open)))]
    if late:
        words = ngettext("{n} 个时限逾期", "{n} 个时限逾期", late).format(n=formats.number(late))
        phrases.append(Phrase(words, "bad", "#clocks"))
    return phrases


def _late(found: Course) -> int:
    return sum(line.late for line in found.clocks)


def _figures(found: Course, asked: Asked) -> list[Figure]:
    """Return the figures on top: what is open, what came in, what ended, what share was on time."""
    opened, well = sum(line.opened for line in found.months), sum(line.well for line in found.months)
    otherwise = sum(line.otherwise for line in found.months)
    if not (found.months or found.states):
        return []
    on_time, too_late = (sum(getattr(line, name) for line in found.clocks) for name in ("on_time", "too_late"))
    since = asked.since.isoformat()
    done = on_time + too_late
    low, high = exact_interval(on_time, done)
    return [
        Figure(_("在办"), formats.number(sum(found.states.values())), _("件"), url=asked.open_cases()),
        Figure(_("申请"), formats.number(opened), _("件"), target=_("{since} 以来申请的").format(since=since),
               url=asked.cases(("opened_at.from", since))),
        Figure(_("办成"), formats.number(well), _("件"),
               target=_("另有其他办结 {n} 件").format(n=formats.number(otherwise)),
               url=asked.cases(("ended_at.from", since), *good_ends(asked.procedure))),
        Figure(_("按期率"), percent(on_time / done) if done else "", "%",
               target=_("{on_time} 件按期，{late} 件超期").format(on_time=on_time, late=too_late),
               gap=_("95 % 区间 {low} 到 {high} %").format(low=percent(low), high=percent(high)), url="#clocks",
               reason="" if done else _("近 12 个月没有计时限的办结业务")),
    ]  # fmt: skip
