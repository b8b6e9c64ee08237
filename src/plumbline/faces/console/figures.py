"""The figures of an area or institution: how instruments stand, how cases go, what fails; each opens its records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.directory import queries as directory
from plumbline.domain.indicators import queries
from plumbline.domain.indicators.types import CoverageLine, FailureLine, HandledLine
from plumbline.errors import InputError, say
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import Bar, month_bars
from plumbline.faces.kit.charts.shares import percent, share_dot, share_interval
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Crumb, Figure
from plumbline.rulebook import catalogue, notices
from plumbline.science.statistics.proportions import exact_interval

YEAR_DAYS = 365
MOST_MAKERS = 12
BANDS = (0.80, 0.90, 0.95, 0.98)
"""Shares at which a tile of the map gets the next darker ground. No limit of any rule."""


@dataclass(frozen=True)
class Reach:
    """What of the reader's area a page of figures shows: a county or a category may be chosen."""

    region: str = ""
    category: str = ""

    @property
    def region_codes(self) -> tuple[str, ...] | None:
        """The codes of the chosen division and all below it, None for the whole area."""
        return directory.codes_under(self.region) if self.region else None

    @property
    def categories(self) -> tuple[str, ...]:
        """The chosen category, or all that fall due again and again."""
        periodic = (code for code, each in catalogue.categories().items() if each.is_verified_periodically)
        return (self.category,) if self.category else tuple(periodic)

    def address(self, **changed: str) -> str:
        """Return the address of the figures with another choice."""
        given = {"region": self.region, "category": self.category, **changed}
        return _with(reverse("console:figures"), given)

    def records(self, **narrowed: str) -> str:
        """Return the address of the instruments behind a figure."""
        given = {"region": self.region, "category": self.category, **narrowed}
        return _with(reverse("console:standings"), given)


@dataclass(frozen=True)
class CoverageRow:
    """A county or category with how its instruments stand; each number opens its records."""

    name: str
    url: str
    line: CoverageLine
    share: str
    dot: SafeString
    band: int
    overdue_url: str
    failed_url: str
    never_url: str


@dataclass(frozen=True)
class FailureRow:
    """A maker, age or category with the share of its measurements that failed, and how well it is known."""

    name: str
    measured: int
    failed: int
    share: str
    low: str
    high: str
    interval: SafeString


def reach_of(request: HttpRequest) -> Reach:
    """Return what was chosen. Raises: InputError for a division or category that is not there."""
    region, category = request.GET.get("region", ""), request.GET.get("category", "")
    if category:
        catalogue.by_code(category)
    if region and not directory.current_regions([region]):
        raise InputError(say("没有代码为 {code} 的区划", code=region[:12]), remedy=say("从看板的表里重新选"))
    return Reach(region, category)


@officer
def figures(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the figures of the actor's area or institution. GET: region, category."""
    require_right(actor, "register.read")
    reach, today = reach_of(request), timezone.localdate()
    since = today - timedelta(days=YEAR_DAYS)
    where, what = reach.region_codes, reach.categories
    counties = queries.coverage("region_code", on=today, categories=what, region_codes=where)
    kinds = queries.coverage("category", on=today, categories=what, region_codes=where)
    handled = queries.handled(on=today, since=since, region_codes=where)
    failures = queries.failures("category", since=since, categories=what, region_codes=where)
    makers = queries.failures("maker", since=since, categories=what, region_codes=where)
    ages = queries.failures("age", since=since, categories=what, region_codes=where)
    whole = _sum(kinds)
    context = {
        "phrases": _answer(whole, handled, reach=reach),
        "fresh": queries.freshness(),
        "has_load_test": certificates.has_load_test_rows(),
        "reach": reach,
        "chosen": _chosen(reach),
        "figures": [*_standing_figures(whole, reach), *_work_figures(handled), *_failure_figures(failures)],
        "counties": _county_rows(counties, reach),
        "kinds": _kind_rows(kinds, reach),
        "handled": _handled_rows(handled),
        "makers": _failure_rows(makers, most=MOST_MAKERS),
        "ages": _failure_rows(_in_years(ages), most=MOST_MAKERS),
        "months": _month_chart(queries.failures("month", since=since, categories=what, region_codes=where)),
        "failing": _failure_rows(_named_kinds(failures), most=MOST_MAKERS),
        "statements": [
            (_("在用器具的现状"), queries.coverage_sql("region_code")),
            (_("检定不合格"), queries.failures_sql("maker")),
            (_("业务办结"), queries.HANDLED_SQL),
        ],
        "due_days": notices.soon_days(),
        "since": since.replace(day=1),
    }
    return page(request, "figures", context=context, place=Place("figures", [Crumb(_("看板"))]))


def _with(address: str, given: dict[str, str]) -> str:
    kept = {name: value for name, value in given.items() if value}
    return f"{address}?{urlencode(kept)}" if kept else address


def _sum(lines: Sequence[CoverageLine]) -> CoverageLine:
    parts = ("valid", "due", "overdue", "failed", "revoked", "never")
    return CoverageLine("", **{part: sum(getattr(line, part) for line in lines) for part in parts})


def _chosen(reach: Reach) -> list[tuple[str, str]]:
    """Return what is chosen, each with the address without it."""
    found = []
    if reach.region:
        found.append((directory.current_regions([reach.region])[0].name, reach.address(region="")))
    if reach.category:
        found.append((named(catalogue.by_code(reach.category)), reach.address(category="")))
    return found


def _answer(whole: CoverageLine, handled: Sequence[HandledLine], *, reach: Reach) -> list[Phrase]:
    late = sum(line.late for line in handled)
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


def _work_figures(handled: Sequence[HandledLine]) -> list[Figure]:
    on_time, too_late = sum(line.on_time for line in handled), sum(line.too_late for line in handled)
    under_way, late = sum(line.under_way for line in handled), sum(line.late for line in handled)
    unknown = sum(line.unknown for line in handled)
    if not handled:
        return []
    counted = _("{on_time} 件按期，{late} 件超期").format(on_time=on_time, late=too_late)
    left_out = _("{n} 件没有计时限，不算在内").format(n=unknown) if unknown else ""
    is_counted = on_time + too_late > 0
    return [
        Figure(_("按期办结率"), percent(on_time / (on_time + too_late)) if is_counted else "", "%", target=counted,
               gap=left_out, reason="" if is_counted else _("近 12 个月没有计时限的办结业务")),
        Figure(_("超期在办"), formats.number(late), _("件"),
               target=_("计时中 {n} 件").format(n=formats.number(under_way)), url=reverse("console:cases")),
    ]  # fmt: skip


def _failure_figures(lines: Sequence[FailureLine]) -> list[Figure]:
    measured, failed = sum(line.measured for line in lines), sum(line.failed for line in lines)
    if not measured:
        return []
    low, high = exact_interval(failed, measured)
    counted = _("{failed} / {measured} 份结论").format(failed=failed, measured=formats.number(measured))
    between = _("95 % 区间 {low} 到 {high} %").format(low=percent(low), high=percent(high))
    return [Figure(_("检定不合格率"), percent(failed / measured), "%", target=counted, gap=between)]


def _county_rows(lines: Sequence[CoverageLine], reach: Reach) -> list[CoverageRow]:
    names = {each.code: each.name for each in directory.current_regions([line.key for line in lines])}
    return [_coverage_row(line, names.get(line.key, line.key), reach=reach, chosen="region") for line in lines]


def _kind_rows(lines: Sequence[CoverageLine], reach: Reach) -> list[CoverageRow]:
    return [_coverage_row(line, named(catalogue.by_code(line.key)), reach=reach, chosen="category") for line in lines]


def _coverage_row(line: CoverageLine, name: str, *, reach: Reach, chosen: str) -> CoverageRow:
    share = line.in_order / line.total if line.total else None
    narrowed = {chosen: line.key}
    return CoverageRow(
        name=name,
        url=reach.address(**narrowed),
        line=line,
        share=percent(share),
        dot=share_dot(share, label=name),
        band=sum((share or 0) >= edge for edge in BANDS),
        overdue_url=reach.records(standing="overdue", **narrowed),
        failed_url=reach.records(standing="failed", **narrowed),
        never_url=reach.records(standing="never", **narrowed),
    )


def _handled_rows(lines: Sequence[HandledLine]) -> list[tuple[str, HandledLine, str]]:
    names = directory.organisations([line.body_id for line in lines])
    return [
        (
            formats.either(names[line.body_id].name_zh, names[line.body_id].name_en),
            line,
            percent(line.on_time / counted if (counted := line.on_time + line.too_late) else None),
        )
        for line in lines
    ]


def _named_kinds(lines: Sequence[FailureLine]) -> list[FailureLine]:
    return [FailureLine(named(catalogue.by_code(line.key)), line.measured, line.failed) for line in lines]


def _in_years(lines: Sequence[FailureLine]) -> list[FailureLine]:
    """Return lines by age with their names, the youngest first; where no day is known, last."""
    ordered = sorted(lines, key=lambda line: int(line.key) if line.key else 10_000)
    return [
        FailureLine(
            ngettext("{n} 年", "{n} 年", int(line.key)).format(n=line.key) if line.key else _("启用日期不明"),
            line.measured,
            line.failed,
        )
        for line in ordered
    ]


def _month_chart(lines: Sequence[FailureLine]) -> SafeString | None:
    """Return how many verifications each month had."""
    if not lines:
        return None
    return month_bars([Bar(line.key[2:], line.measured) for line in lines], title=_("每月检定的结论，份"))


def _failure_rows(lines: Sequence[FailureLine], *, most: int) -> list[FailureRow]:
    """Return the lines with most measurements, in the order given."""
    kept = set(sorted(range(len(lines)), key=lambda place: -lines[place].measured)[:most])
    shown = [line for place, line in enumerate(lines) if place in kept]
    bounds = [exact_interval(line.failed, line.measured) for line in shown]
    top = max((high for _low, high in bounds), default=1.0)
    return [_failure_row(line, each, top=top) for line, each in zip(shown, bounds, strict=True)]


def _failure_row(line: FailureLine, bounds: tuple[float, float], *, top: float) -> FailureRow:
    name, share = line.key or _("没有填"), line.failed / line.measured
    return FailureRow(
        name=name,
        measured=line.measured,
        failed=line.failed,
        share=percent(share),
        low=percent(bounds[0]),
        high=percent(bounds[1]),
        interval=share_interval(share, bounds, top=top, label=name),
    )
