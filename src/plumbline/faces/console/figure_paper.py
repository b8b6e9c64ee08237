"""The figures as tables on paper: the same lines whether they were counted just now or frozen with a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.indicators.types import CoverageLine, FailureLine, Freshness, HandledLine, MonthLine
from plumbline.evidence.document.tables import Paper, Table, render_tables
from plumbline.faces.console import figure_rows, figure_why
from plumbline.faces.console.figure_reach import Level, Reach, organisation_words
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts.shares import percent
from plumbline.faces.kit.downloads import attachment
from plumbline.faces.kit.nav import organisation_words as house_words
from plumbline.science.statistics.proportions import exact_interval


@dataclass(frozen=True)
class Lines:
    """What is printed of the figures."""

    level: Level
    kinds: Sequence[CoverageLine]
    handled: Sequence[HandledLine]
    months: Sequence[MonthLine]
    failures: Sequence[FailureLine]
    makers: Sequence[FailureLine]
    ages: Sequence[FailureLine]


def answer(title: str, sources: Sequence[str], *, tables_: Sequence[Table], name: str) -> HttpResponse:
    """Return tables as a PDF that the browser shows."""
    paper = Paper(
        title=title,
        sources=sources,
        tables=[each for each in tables_ if each.rows],
        foot=_("准绳 · 这张纸是看板的打印件，以平台上的数和冻结的月报文件为准"),
        pages=_("第 {this} 页，共 {all} 页"),
        lacking=_("字体里没有的字印成了问号。"),
        language="en" if formats.is_english() else "zh",
    )
    pdf = render_tables(paper, font_dir=Path(settings.PLUMBLINE_FONT_DIR), at=timezone.now())
    return attachment(pdf, "application/pdf", name=f"{name}.pdf", is_shown=True)


def live_sources(reach: Reach, actor: Actor, *, fresh: Freshness) -> list[str]:
    """Return the lines under the title of figures counted just now: whose, of what, how new, when printed."""
    chosen = [name for name, _url in reach.chosen]
    return [
        " · ".join([house_words(actor), *chosen]),
        figure_why.freshness_words(fresh),
        _("打印于 {at}").format(at=formats.moment(timezone.now())),
    ]


def tables(lines: Lines) -> list[Table]:
    """Return all tables; those without a line have no rows."""
    return [
        coverage_table(
            lines.level.title, lines.level.head, lines=[(each.name, line) for each, line in lines.level.lines]
        ),
        coverage_table(
            _("按器具种类"), _("种类"), lines=[(figure_rows.kind_words(line.key), line) for line in lines.kinds]
        ),
        handled_table(lines.handled),
        month_table(lines.months),
        failure_table(_("检定不合格率"), _("种类"), lines=figure_rows.named_kinds(lines.failures)),
        failure_table(_("检定不合格率，按制造厂"), _("制造厂"), lines=figure_rows.named_makers(lines.makers)),
        failure_table(_("检定不合格率，按使用年限"), _("使用年限"), lines=figure_rows.in_years(lines.ages)),
    ]


def coverage_table(title: str, head: str, *, lines: Iterable[tuple[str, CoverageLine]]) -> Table:
    """Return how instruments stand."""
    heads = (
        head, _("在用 台"), _("受检率 %"), _("在有效期内 台"), _("将到期 台"), _("逾期 台"), _("不合格 台"),
        _("证书已撤销 台"), _("从未检定 台"),
    )  # fmt: skip
    rows = []
    for name, line in lines:
        counts = (line.in_order, line.due, line.overdue, line.failed, line.revoked, line.never)
        share = percent(line.in_order / line.total if line.total else None)
        rows.append((name, formats.number(line.total), share, *map(formats.number, counts)))
    return Table(title, heads, rows, figure_why.coverage_words())


def handled_table(lines: Sequence[HandledLine]) -> Table:
    """Return what each institution had to do and did."""
    bodies = directory.organisations([line.body_id for line in lines])
    heads = (
        _("机构"), _("申请 件"), _("在办 件"), _("计时中 件"), _("超期在办 件"), _("按期 件"), _("超期办结 件"),
        _("没有计时限 件"), _("按期办结率 %"),
    )  # fmt: skip
    rows = []
    for line in lines:
        met = line.on_time + line.too_late
        counts = (
            line.opened, line.is_open, line.under_way, line.late, line.on_time, line.too_late, line.unknown,
        )  # fmt: skip
        name = organisation_words(bodies[line.body_id])
        rows.append((name, *map(formats.number, counts), percent(line.on_time / met if met else None)))
    return Table(_("业务办结"), heads, rows, figure_why.handled_words())


def month_table(lines: Sequence[MonthLine]) -> Table:
    """Return the work month by month."""
    heads = (_("月份"), _("申请 件"), _("办成 件"), _("结论 份"))
    rows = [(line.month, *map(formats.number, (line.opened, line.done, line.made))) for line in lines]
    return Table(_("逐月的工作量"), heads, rows, figure_why.work_words())


def failure_table(title: str, head: str, *, lines: Iterable[figure_rows.Named]) -> Table:
    """Return what failed, all of it: a page shows the largest alone."""
    heads = (head, _("结论 份"), _("不合格 份"), _("不合格率 %"), _("95 % 区间"))
    rows = []
    for name, line, _key in lines:
        low, high = exact_interval(line.failed, line.measured)
        between = _("{low} 到 {high}").format(low=percent(low), high=percent(high))
        counts = (formats.number(line.measured), formats.number(line.failed))
        rows.append((name, *counts, percent(line.failed / line.measured), between))
    return Table(title, heads, rows, figure_why.failure_words())
