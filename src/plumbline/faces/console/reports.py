"""Frozen monthly reports: which there are, what one says of the reader's area, and what became known since.

The figures shown are those of the file; nothing on these pages is counted anew but what is asked for as "since".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.indicators import queries
from plumbline.domain.indicators.types import (
    Counted,
    CoverageLine,
    Difference,
    Documents,
    FailureLine,
    Frozen,
    HandledLine,
    MonthFigures,
    ReportFacts,
    Work,
)
from plumbline.errors import AccessError, Hidden, say
from plumbline.faces.console import figure_paper, figure_rows
from plumbline.faces.console.figure_reach import (
    Reach,
    added,
    by_division,
    organisation_words,
    reach_of,
    with_,
)
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts.shares import percent
from plumbline.faces.kit.downloads import attachment
from plumbline.faces.kit.nav import organisation_words as house_words
from plumbline.faces.kit.shapes import Crumb

SINCE_MOST = 50


@dataclass(frozen=True)
class ReportReach(Reach):
    """What of a frozen report is shown; its links stay within the report."""

    month: str = ""

    def address(self, **changed: str) -> str:
        """Return the address of the report with another choice."""
        return with_(reverse("console:report", args=[self.month]), {**self.given, **changed})


@require_safe
@officer
def reports(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the frozen reports, the newest month first."""
    require_right(actor, "register.read")
    found = queries.reports()
    words = ngettext("{n} 份冻结的月报", "{n} 份冻结的月报", len(found)).format(n=len(found))
    context = {
        "phrases": [Phrase(words if found else _("还没有冻结的月报"))],
        "rows": [(f"{each.month:%Y-%m}", each) for each in found],
        "sees_everything": actor.sees_everything,
    }
    crumbs = [Crumb(_("看板"), reverse("console:figures")), Crumb(_("月报"))]
    return page(request, "reports", context=context, place=Place("figures", crumbs))


@require_safe
@officer
def report(request: HttpRequest, actor: Actor, *, month: str) -> HttpResponse:
    """Show a frozen report, of the reader's area. GET: region, category, body; since, to ask what became known."""
    require_right(actor, "register.read")
    reach, frozen = _asked(request, month)
    lines = _lines(frozen, actor, reach=reach)
    context = {
        "phrases": _answer(lines, month),
        "month": month,
        "report": frozen.report,
        "reach": reach,
        "tables": [table for table in figure_paper.tables(lines) if table.rows],
        "divisions": [(division.name, reach.address(region=division.code)) for division, _line in lines.level.lines],
        "late": _late(frozen, actor, reach=reach) if request.GET.get("since") else None,
        "since_url": with_(reverse("console:report", args=[month]), {**reach.given, "since": "1"}),
        "pdf_url": with_(reverse("console:report_pdf", args=[month]), reach.given),
        "json_url": reverse("console:report_file", args=[month]) if actor.sees_everything else "",
    }
    crumbs = [
        Crumb(_("看板"), reverse("console:figures")),
        Crumb(_("月报"), reverse("console:reports")),
        Crumb(month),
    ]
    return page(request, "report", context=context, place=Place("figures", crumbs))


@require_safe
@officer
def report_pdf(request: HttpRequest, actor: Actor, *, month: str) -> HttpResponse:
    """Return a frozen report, of the reader's area, on paper."""
    require_right(actor, "register.read")
    reach, frozen = _asked(request, month)
    lines = _lines(frozen, actor, reach=reach)
    chosen = " · ".join([house_words(actor), *(name for name, _url in reach.chosen)])
    sources = [chosen, *source_lines(frozen.report)]
    title = _("{month} 月报").format(month=month)
    return figure_paper.answer(title, sources, tables_=figure_paper.tables(lines), name=f"report-{month}")


@require_safe
@officer
def report_file(request: HttpRequest, actor: Actor, *, month: str) -> HttpResponse:  # noqa: ARG001  # one signature for all views
    """Return the bytes whose hash was signed: lines of every county, so that only who sees everything has them."""
    require_right(actor, "register.read")
    if not actor.sees_everything:
        raise AccessError(
            say("完整的月报文件含有全部地区，当前角色只看本辖区"), remedy=say("下载本辖区的 PDF，或换用看全部的角色")
        )
    return attachment(queries.report_content(_month(month)), "application/json", name=f"report-{month}.json")


def source_lines(found: ReportFacts) -> list[str]:
    """Return from which facts a report was made, and when."""
    place = (
        _("签名的声明在透明日志第 {index} 条。").format(index=found.index)
        if found.index is not None
        else _("签名的声明正等待写入透明日志。")
    )
    return [
        _("冻结于 {at}，按当时已知的事实；此后补来的事实不改变它。").format(at=formats.moment(found.frozen_at)),
        _("文件的 SHA-256：{sha256}").format(sha256=found.sha256),
        place,
    ]


def _asked(request: HttpRequest, month: str) -> tuple[ReportReach, Frozen]:
    chosen = reach_of(request)
    reach = ReportReach(chosen.region, chosen.category, chosen.body, month=month)
    return reach, queries.frozen_report(_month(month))


def _month(text: str) -> date:
    """Return the first day of the month of an address. Raises: Hidden for what is none."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as err:
        raise Hidden(say("没有这份月报"), remedy=say("从月报清单里选")) from err


def _lines(frozen: Frozen, actor: Actor, *, reach: Reach) -> figure_paper.Lines:
    """Return what a report says of what the reader sees and has chosen."""
    figures = narrowed(frozen.figures, actor, reach=reach)
    categories = {reach.category} if reach.category else set(frozen.periodic)
    stood = [line for line in figures.coverage if line.category in categories]
    made = [line for line in figures.documents if line.category in categories]
    counties = _coverage(stood, lambda line: line.region_code)
    return figure_paper.Lines(
        level=by_division(counties, reach, actor=actor),
        kinds=_coverage(stood, lambda line: line.category),
        handled=_handled(figures.work),
        months=(),
        failures=_failures(made, lambda line: line.category),
        makers=_failures(made, lambda line: line.maker),
        ages=_failures(made, lambda line: line.age),
    )


def narrowed(figures: MonthFigures, actor: Actor, *, reach: Reach) -> MonthFigures:
    """Return the lines the reader may see, of what was chosen: those of the own area, or of the own institution."""
    chosen = None if reach.region_codes is None else set(reach.region_codes)
    body = str(reach.institution.id) if reach.institution else ""
    own, area = str(actor.organisation_id), set(actor.regions)

    def sees(region_code: str, house: str = "") -> bool:
        is_own = actor.sees_everything or region_code in area or house == own
        return is_own and (chosen is None or region_code in chosen) and (not body or house == body)

    return MonthFigures(
        coverage=tuple(line for line in figures.coverage if sees(line.region_code)),
        documents=tuple(line for line in figures.documents if sees(line.region_code, line.body)),
        work=tuple(line for line in figures.work if sees(line.region_code, line.body)),
    )


def _coverage(lines: Iterable[Counted], key: Callable[[Counted], str]) -> list[CoverageLine]:
    found: dict[str, list[CoverageLine]] = defaultdict(list)
    for line in lines:
        found[key(line)].append(CoverageLine(key(line), *line[2:]))
    return [added(name, held) for name, held in sorted(found.items())]


def _failures(lines: Iterable[Documents], key: Callable[[Documents], str]) -> list[FailureLine]:
    found: dict[str, list[Documents]] = defaultdict(list)
    for line in lines:
        found[key(line)].append(line)
    return [
        FailureLine(name, sum(line.measured for line in held), sum(line.failed for line in held))
        for name, held in sorted(found.items())
    ]


def _handled(lines: Iterable[Work]) -> list[HandledLine]:
    found: dict[str, list[Work]] = defaultdict(list)
    for line in lines:
        found[line.body].append(line)
    names = ("opened", "is_open", "under_way", "late", "on_time", "too_late", "unknown")
    return [
        HandledLine(UUID(body), *(sum(getattr(line, name) for line in held) for name in names))
        for body, held in sorted(found.items())
    ]


def _answer(lines: figure_paper.Lines, month: str) -> list[Phrase]:
    whole = added("", lines.kinds)
    said = [Phrase(_("{month} 月报").format(month=month))]
    if whole.total:
        share = percent(whole.in_order / whole.total)
        said.append(Phrase(_("在用器具 {share} % 在有效期内").format(share=share)))
    made = sum(line.measured for line in lines.failures)
    if made:
        failed = sum(line.failed for line in lines.failures)
        said.append(
            Phrase(_("{failed} / {measured} 份结论不合格").format(failed=failed, measured=formats.number(made)))
        )
    return said


def _late(frozen: Frozen, actor: Actor, *, reach: Reach) -> list[tuple[str, str, str, str, str]]:
    """Return what became known since, of what the reader sees: figure, of what, which count, was, is now."""
    found = queries.late_figures(frozen.report.month)
    own = narrowed(frozen.figures, actor, reach=reach), narrowed(found, actor, reach=reach)
    differences: Sequence[Difference] = queries.differences(*own, most=SINCE_MOST)
    names = {each.code: each.name for each in directory.current_regions({each.line[0] for each in differences})}
    bodies = directory.organisations({UUID(each.line[1]) for each in differences if each.figure != "coverage"})
    houses, words = {str(key): organisation_words(body) for key, body in bodies.items()}, figure_words()
    return [
        (
            words[each.figure],
            " · ".join(_line_words(each, names, bodies=houses)),
            words[each.count],
            formats.number(each.was),
            formats.number(each.now),
        )
        for each in differences
    ]


def _line_words(found: Difference, regions: dict[str, str], *, bodies: dict[str, str]) -> list[str]:
    region, second, *rest = found.line
    named = figure_rows.kind_words(second) if found.figure == "coverage" else bodies.get(second, second)
    rest = [figure_rows.kind_words(rest[0]), *rest[1:]] if rest else []
    return [part for part in (regions.get(region, region), named, *rest) if part]


def figure_words() -> dict[str, str]:
    """Return what the figures and their counts are called."""
    return {
        "coverage": _("在用器具的现状"), "documents": _("检定不合格"), "work": _("业务办结"),
        "valid": _("在有效期内"), "due": _("将到期"), "overdue": _("逾期"), "failed": _("不合格"),
        "revoked": _("证书已撤销"), "never": _("从未检定"), "measured": _("结论"), "opened": _("申请"),
        "on_time": _("按期"), "too_late": _("超期办结"), "unknown": _("没有计时限"), "is_open": _("在办"),
        "under_way": _("计时中"), "late": _("超期在办"),
    }  # fmt: skip
