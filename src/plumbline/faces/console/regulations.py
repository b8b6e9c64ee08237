"""Rule editions: every value with its status, source and clause or "unknown", and what an edition does not tell us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.errors import Hidden, InputError, say
from plumbline.faces.console.shell import Phrase, Place, officer, page
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named, source_words
from plumbline.faces.kit.evaluation_view import limit_words, period_facts
from plumbline.faces.kit.shapes import Crumb
from plumbline.rulebook import catalogue
from plumbline.rulebook import regulations as book
from plumbline.rulebook.provenance import Provenance
from plumbline.rulebook.regulations import Regulation
from plumbline.rulebook.regulations.model import RuleValue


@dataclass(frozen=True)
class Line:
    """One value of an edition."""

    name: str
    symbol: str
    value: str
    status: str
    clause: str
    source: str
    note: str
    is_checked: bool


@dataclass(frozen=True)
class Part:
    """A group of values of an edition."""

    title: str
    lines: Sequence[Line]


@officer
def editions(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001  # one signature for all views
    """List the rule editions known."""
    known = sorted(book.all_regulations().values(), key=lambda each: each.period.used_from, reverse=True)
    rows = [
        {
            "title": each.title,
            "name": named(each),
            "url": reverse("console:rule", args=[each.id]),
            "category": named(catalogue.by_code(each.category)),
            "period": period_facts(each),
            "limits": limit_words(each),
            "unknowns": len(each.unknowns),
            "is_checked": each.banner is None,
        }
        for each in known
    ]
    context = {"phrases": [Phrase(_("{n} 个规程版本").format(n=len(rows)))], "rows": rows}
    return page(request, "rules", context=context, place=Place("rules", [Crumb(_("规程"))]))


@officer
def edition(request: HttpRequest, actor: Actor, *, regulation_id: str) -> HttpResponse:  # noqa: ARG001  # one signature for all views
    """Show one edition whole."""
    try:
        regulation = book.by_id(regulation_id)
    except InputError as error:
        raise Hidden(say("没有这个规程版本"), remedy=say("从规程一页里选")) from error
    values = [line for part in parts_of(regulation) for line in part.lines]
    context = {
        "regulation": regulation,
        "over": _("{rule} {name}").format(rule=regulation.title, name=named(regulation)),
        "phrases": _answer(regulation),
        "facts": [*period_facts(regulation), (_("类别"), named(catalogue.by_code(regulation.category)))],
        "period_note": (formats.is_english() and regulation.period.from_provenance.note_en)
        or regulation.period.from_provenance.note_zh,
        "parts": parts_of(regulation),
        "unknowns": [named(each) for each in regulation.unknowns],
        "sources": [(each.id, named(each), each.urls, each.is_weak) for each in regulation.sources],
        "total": len(values),
        "seen": sum(line.status == "verified" for line in values),
    }
    crumbs = [Crumb(_("规程"), reverse("console:rules")), Crumb(regulation.title)]
    return page(request, "rule", context=context, place=Place("rules", crumbs))


def _answer(regulation: Regulation) -> list[Phrase]:
    end = regulation.valid_to
    state = _("现行") if end is None else _("用到 {day}").format(day=end.isoformat())
    return [Phrase(f"{regulation.title} {state}"), Phrase(limit_words(regulation))]


def parts_of(regulation: Regulation) -> list[Part]:
    """Return every value of an edition, the limits first."""
    limits = {each.code for each in regulation.limits}
    others = [each for code, each in regulation.numbers.items() if code not in limits]
    others += [each for rule in regulation.coefficients.values() for each in rule.values.values()]
    months = regulation.cycle.months
    cycle = _("不明") if months is None else _("{n} 个月").format(n=months)
    runs = regulation.runs
    required = _("不明，表上给 {n} 行").format(n=runs.offered) if runs.required is None else str(runs.required)
    parts = [
        Part(_("限值"), [_number(each) for each in regulation.limits]),
        Part(
            _("周期、次数和期间"),
            [
                _line(_("检定周期"), cycle, provenance=regulation.cycle.provenance),
                _line(_("每点测量次数"), required, provenance=runs.provenance),
                _line(_("修约位数"), str(regulation.decimals), provenance=regulation.decimals_provenance),
                _line(_("施行日期"), formats.day(regulation.valid_from), provenance=regulation.period.from_provenance),
            ],
        ),
        Part(_("测量点"), [_line(named(each), "", provenance=each.provenance) for each in regulation.points]),
        Part(_("检查项目"), [_line(named(each), "", provenance=each.provenance) for each in regulation.checks]),
        Part(_("计算用的数"), [_number(each) for each in others]),
        Part(
            _("公式"),
            [_line(each.code, each.text, provenance=each.provenance) for each in regulation.formulas.values()],
        ),
        Part(
            _("选项"),
            [_line(each.code, each.value, provenance=each.provenance) for each in regulation.options.values()],
        ),
        Part(_("读数"), _columns(regulation)),
        Part(_("计量标准"), [_line(named(regulation.standard), "", provenance=regulation.standard.provenance)]),
    ]
    return [part for part in parts if part.lines]


def _columns(regulation: Regulation) -> list[Line]:
    columns = (*regulation.environment, *regulation.point_columns, *regulation.columns)
    return [
        _line(
            named(column),
            _("录入时提醒范围 {low} 至 {high} {unit}").format(
                low=column.minimum, high=column.maximum, unit=column.unit
            ),
            provenance=column.provenance,
            symbol=column.symbol,
        )
        for column in columns
    ]


def _number(value: RuleValue) -> Line:
    text = _("不明") if value.value is None else formats.quantity(format(value.value, "f"), value.unit)
    return _line(named(value), text, provenance=value.provenance, symbol=value.symbol)


def _line(name: str, value: str, *, provenance: Provenance, symbol: str = "") -> Line:
    return Line(
        name=name,
        symbol=symbol,
        value=value,
        status=provenance.status,
        clause=provenance.clause or "",
        source=source_words(provenance.sources),
        note=provenance.note_en if formats.is_english() else provenance.note_zh,
        is_checked=provenance.is_checked,
    )
