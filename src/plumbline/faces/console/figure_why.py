"""Where the figures come from: for each what was counted, the definition, the statement with its conditions, how new it
is, and the way to exactly the records it counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.indicators import queries
from plumbline.domain.indicators.types import Freshness
from plumbline.faces.console.figure_reach import Reach
from plumbline.faces.kit import formats
from plumbline.faces.kit.shapes import Crumb, Why
from plumbline.rulebook import notices


@dataclass(frozen=True)
class Query:
    """A figure opened: its panel, and the text of its statement."""

    why: Why
    sql: str


def whys(reach: Reach, fresh: Freshness, *, since: date, today: date) -> Mapping[str, Query]:
    """Return what opens beside each part of the page: coverage, handled, work, failures."""
    given = _conditions(reach)
    new = (_("新到"), freshness_words(fresh))
    from_since = (_("月份"), _("{since} 起").format(since=formats.day(since)))
    on = (_("哪一天"), formats.day(today))
    names = {
        "coverage": (_("在用器具的现状"), queries.COVERAGE_SQL, (on, *given, new), coverage_words()),
        "handled": (_("业务办结"), queries.HANDLED_SQL, (on, from_since, *given, new), handled_words()),
        "work": (_("逐月的工作量"), queries.MONTHS_SQL, (from_since, *given, new), work_words()),
        "failures": (_("检定不合格"), queries.FAILURES_SQL, (from_since, *given, new), failure_words()),
    }
    links = {
        "coverage": [Crumb(_("在用器具"), reach.records())],
        "handled": [Crumb(_("在办的业务"), reach.cases(phase="open"))],
        "work": [Crumb(_("申请的业务"), reach.cases(**{"opened_at.from": since.isoformat()}))],
        "failures": [Crumb(_("计入的证书和通知书"), reach.documents(**{"performed_on.from": since.isoformat()}))],
    }
    return {
        key: Query(Why(title, (*facts, (_("语句"), f"indicators.{key}")), links=links[key], note=note), sql)
        for key, (title, sql, facts, note) in names.items()
    }


def freshness_words(fresh: Freshness) -> str:
    """Return how new the figures are in a sentence."""
    if fresh.at is None:
        return _("还没有计过。")
    at = _("计到 {at}。").format(at=formats.moment(fresh.at))
    waiting = ngettext(
        "有 {n} 处变化还没有计入，一分钟内补上。", "有 {n} 处变化还没有计入，一分钟内补上。", fresh.waiting
    ).format(n=formats.number(fresh.waiting))
    return f"{at} {waiting}" if fresh.waiting else f"{at} {_('此后没有变化。')}"


def coverage_words() -> str:
    """Return what coverage counts."""
    return _(
        "只计在用、有检定周期的强检器具。在有效期内：最近一份没有被更换的文件是合格证书，没有撤销，有效期没有过。"
        "{days} 天内到期的仍在有效期内。"
    ).format(days=notices.soon_days())


def handled_words() -> str:
    """Return what is on time."""
    return _("按期：时限要求办成的事，办成之日不晚于时限的最后一天。计时中：时限正在走，没有因等申请人而停。")


def work_words() -> str:
    """Return what work is."""
    return _("申请按申请之日，办成按时限要求办成之日，结论按检定日期，各计入自己的月份。")


def failure_words() -> str:
    """Return what failed, and how well a share is known."""
    return _("撤销和更换的不计。区间是克洛珀-皮尔逊精确区间，包含概率 95 %。")


def _conditions(reach: Reach) -> list[tuple[str, str]]:
    names = {"region": _("区划"), "category": _("种类"), "body": _("机构")}
    said = [(names[name], value) for name, value in reach.given.items() if value]
    return said or [(_("条件"), _("您看得到的全部"))]
