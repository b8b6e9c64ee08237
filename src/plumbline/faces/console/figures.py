"""The figures of an area or institution: how instruments stand, how cases go, what fails; each opens its records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.indicators import queries
from plumbline.domain.indicators.types import CoverageLine, FailureLine, Freshness, HandledLine, MonthLine
from plumbline.faces.console import figure_paper, figure_rows, figure_why
from plumbline.faces.console.figure_reach import Level, Reach, added, by_division, reach_of, with_
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import Bar, month_bars
from plumbline.faces.kit.charts.shares import percent
from plumbline.faces.kit.shapes import Crumb, Figure
from plumbline.rulebook import notices
from plumbline.science.statistics.proportions import exact_interval


@dataclass(frozen=True)
class Counts:
    """All that a page of figures has counted. since: the first day of the months; before: the last day that is late."""

    reach: Reach
    since: date
    before: date
    level: Level
    kinds: Sequence[CoverageLine]
    handled: Sequence[HandledLine]
    months: Sequence[MonthLine]
    failures: Sequence[FailureLine]
    makers: Sequence[FailureLine]
    ages: Sequence[FailureLine]
    fresh: Freshness

    @property
    def whole(self) -> CoverageLine:
        """All instruments counted."""
        return added("", self.kinds)


def counts_of(reach: Reach, actor: Actor, *, today: date) -> Counts:
    """Count what a page shows. How instruments stand is counted by place: of an institution alone it is not."""
    since, asked = queries.year_before(today), reach.counted
    by_place = reach.counted_by_place(actor)
    stood = queries.coverage(on=today, reach=by_place) if reach.institution is None else {}
    failed = queries.failures(since=since, reach=asked)
    return Counts(
        reach=reach,
        since=since,
        before=today - timedelta(days=1),
        level=by_division(stood.get("region_code", ()), reach, actor=actor),
        kinds=stood.get("category", ()),
        handled=queries.handled(on=today, since=since, reach=asked),
        months=queries.months(since=since, until=today, reach=asked, made=failed["month"]),
        failures=failed["category"],
        makers=failed["maker"],
        ages=failed["age"],
        fresh=queries.freshness(),
    )


@officer
def figures(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the figures of the actor's area or institution. GET: region, category, body."""
    require_right(actor, "register.read")
    reach, today = reach_of(request), timezone.localdate()
    found = counts_of(reach, actor, today=today)
    since = found.since.isoformat()
    context = {
        "phrases": _answer(found),
        "fresh": found.fresh,
        "has_load_test": certificates.has_load_test_rows(),
        "reach": reach,
        "figures": [*_standing_figures(found.whole, reach), *_work_figures(found), *_failure_figures(found)],
        "level": found.level,
        "counties": figure_rows.county_rows(found.level, reach),
        "kinds": figure_rows.kind_rows(found.kinds, reach),
        "handled": figure_rows.handled_rows(found.handled, reach, since=since, before=found.before.isoformat()),
        "work": found.months,
        "months": _month_chart(found.months),
        "failing": figure_rows.failure_rows(figure_rows.named_kinds(found.failures), reach, since=since),
        "makers": figure_rows.failure_rows(figure_rows.named_makers(found.makers), reach, since=since),
        "ages": figure_rows.failure_rows(figure_rows.in_years(found.ages), reach, since=since),
        "whys": figure_why.whys(reach, found.fresh, since=found.since, today=today),
        "since": found.since,
        "printed_at": timezone.now(),
        "procedures_url": with_(reverse("console:procedures_figures"), reach.given),
        "pdf_url": with_(reverse("console:figures_pdf"), reach.given),
    }
    return page(request, "figures", context=context, place=Place("figures", [Crumb(_("看板"))]))


@officer
def figures_pdf(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Return the figures on paper, in the reader's language. GET: as the page."""
    require_right(actor, "register.read")
    reach, today = reach_of(request), timezone.localdate()
    found = counts_of(reach, actor, today=today)
    tables = figure_paper.tables(
        figure_paper.Lines(
            found.level, found.kinds, found.handled, found.months, found.failures, found.makers, found.ages
        )
    )
    return figure_paper.answer(
        _("看板"), figure_paper.live_sources(reach, actor, fresh=found.fresh), tables_=tables, name="figures"
    )


def _answer(found: Counts) -> list[Phrase]:
    whole, reach = found.whole, found.reach
    late = sum(line.late for line in found.handled)
    late_words = ngettext("{n} 件业务超期", "{n} 件业务超期", late).format(n=late)
    phrases = [Phrase(late_words, "bad")] if late else []
    if not whole.total:
        return phrases or [Phrase(_("还没有要计的器具"))]
    share = percent(whole.in_order / whole.total)
    over = ngettext("{n} 台逾期", "{n} 台逾期", whole.overdue).format(n=whole.overdue)
    head = [Phrase(_("在用器具 {share} % 在有效期内").format(share=share))]
    return head + ([Phrase(over, "bad", reach.records(standing="overdue"))] if whole.overdue else []) + phrases


def _standing_figures(whole: CoverageLine, reach: Reach) -> list[Figure]:
    if not whole.total:
        return []
    of = _("共 {n} 台在用").format(n=formats.number(whole.total))
    share = percent(whole.in_order / whole.total)
    return [
        Figure(_("周期检定受检率"), share, "%", target=of, gap=_("在有效期内 {n} 台").format(n=whole.in_order),
               url=reach.records(standing="valid")),
        Figure(_("逾期"), formats.number(whole.overdue), _("台"), target=of, url=reach.records(standing="overdue")),
        Figure(_("{n} 天内到期").format(n=notices.soon_days()), formats.number(whole.due), _("台"), target=of,
               url=reach.records(standing="due")),
        Figure(_("最近一次不合格"), formats.number(whole.failed), _("台"), target=of,
               gap=_("另有证书已撤销 {n} 台").format(n=whole.revoked), url=reach.records(standing="failed")),
        Figure(_("从未检定"), formats.number(whole.never), _("台"), target=of, url=reach.records(standing="never")),
    ]  # fmt: skip


def _work_figures(found: Counts) -> list[Figure]:
    handled, reach, since = found.handled, found.reach, found.since.isoformat()
    on_time, too_late = sum(line.on_time for line in handled), sum(line.too_late for line in handled)
    under_way, late = sum(line.under_way for line in handled), sum(line.late for line in handled)
    unknown = sum(line.unknown for line in handled)
    opened, is_open = sum(line.opened for line in handled), sum(line.is_open for line in handled)
    if not handled:
        return []
    counted = _("{on_time} 件按期，{late} 件超期").format(on_time=on_time, late=too_late)
    left_out = _("{n} 件没有计时限，不算在内").format(n=unknown) if unknown else ""
    is_counted = on_time + too_late > 0
    met = {"met_on.from": since}
    return [
        Figure(_("按期办结率"), percent(on_time / (on_time + too_late)) if is_counted else "", "%", target=counted,
               gap=left_out, url=reach.cases(met="on_time", **met) if is_counted else "",
               reason="" if is_counted else _("近 12 个月没有计时限的办结业务")),
        Figure(_("超期在办"), formats.number(late), _("件"),
               target=_("计时中 {n} 件").format(n=formats.number(under_way)),
               url=reach.cases(phase="open", **{"due_on.to": found.before.isoformat()})),
        Figure(_("工作量"), formats.number(opened), _("件"), target=_("{since} 以来申请的").format(since=since),
               gap=_("现在在办 {n} 件").format(n=formats.number(is_open)),
               url=reach.cases(**{"opened_at.from": since})),
    ]  # fmt: skip


def _failure_figures(found: Counts) -> list[Figure]:
    lines, since = found.failures, found.since.isoformat()
    measured, failed = sum(line.measured for line in lines), sum(line.failed for line in lines)
    if not measured:
        return []
    low, high = exact_interval(failed, measured)
    counted = _("{failed} / {measured} 份结论").format(failed=failed, measured=formats.number(measured))
    between = _("95 % 区间 {low} 到 {high} %").format(low=percent(low), high=percent(high))
    url = found.reach.documents(kind="T", **{"performed_on.from": since})
    return [Figure(_("检定不合格率"), percent(failed / measured), "%", target=counted, gap=between, url=url)]


def _month_chart(lines: Sequence[MonthLine]) -> SafeString | None:
    """Return how many documents each month had; the table beside it says the same and more."""
    if not any(line.made for line in lines):
        return None
    return month_bars([Bar(line.month[2:], line.made) for line in lines], title=_("每月检定的结论，份"))
