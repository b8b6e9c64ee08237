"""Shows results of many instruments alike: one row each with intervals on a shared scale, and errors over the years.

Works from an evaluation (a record, replayed) or from the facts of an issued certificate. Leaves the grid and the why of
one point to `evaluation`, and pages to the faces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plumbline.domain.certificates.types import CertificateFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import Interval, Limits, error_history, interval_cell
from plumbline.faces.kit.charts.history import HistoryPoint
from plumbline.faces.kit.evaluation import limits_of, named, rule_cite, rule_value_cite
from plumbline.faces.kit.shapes import RuleCite, Why
from plumbline.rulebook import regulations
from plumbline.rulebook.regulations import Regulation
from plumbline.rulebook.regulations.record import point_texts
from plumbline.science.metrology.evaluation import Evaluation, Point


@dataclass(frozen=True)
class ErrorText:
    """A result as printed. kind: "bad" when it failed, else empty."""

    name: str
    text: str
    kind: str = ""


@dataclass(frozen=True)
class ResultRow:
    """What a table of results shows of one instrument."""

    errors: Sequence[ErrorText]
    plot: SafeString
    repeatability: ErrorText
    U: str
    kind: str
    word: str


SCALE_REACH = 2.0
"""How far the scale of a cell goes, in limits."""
VERDICTS = {"pass": "ok", "fail": "bad", "incomplete": "unk"}


def short_name(thing: object) -> str:
    """Return the name of a thing without its explanation in brackets, for the head of a column or a chart."""
    return named(thing).split("（", maxsplit=1)[0].split(" (", maxsplit=1)[0]


def name_note(thing: object) -> str:
    """Return the explanation in brackets of a name, without the brackets; empty where there is none."""
    rest = named(thing)[len(short_name(thing)) :].strip()
    return rest.strip("（）() ")


def verdict_word(verdict: str) -> str:
    """Return the word of a verdict."""
    return {"pass": _("合格"), "fail": _("不合格"), "incomplete": _("未完")}[verdict]


def result_row(evaluation: Evaluation, *, label: str = "") -> ResultRow:
    """Return one row; errors in the order of the points, the repeatability is the largest of them."""
    points = evaluation.points
    intervals = [
        Interval(point.error, point.U, named(point), is_hollow=place > 0, text=_error_words(point))
        for place, point in enumerate(points)
        if point.error is not None
    ]
    limits = shared_limits(points)
    return ResultRow(
        errors=[_error(point) for point in points],
        plot=interval_cell(_legible(intervals, limits), limits, label=label),
        repeatability=_largest_repeatability(points),
        U=_largest_U(points),
        kind=VERDICTS[evaluation.verdict],
        word=verdict_word(evaluation.verdict),
    )


def _legible(intervals: Sequence[Interval], limits: Limits) -> list[Interval]:
    """Return the intervals a cell can show: of several beyond its scale, which would cover each other, the first.

    The numbers themselves stand in the columns beside it.
    """
    beyond = [each for each in intervals if abs(each.value) > SCALE_REACH * limits.reach]
    return [each for each in intervals if each not in beyond or each is beyond[0]]


def shared_limits(points: Sequence[Point]) -> Limits:
    """Return the limits of the first point that has them; unknown where none has."""
    for point in points:
        if point.mpe is not None:
            return limits_of(point)
    return Limits(None, None)


def _error_words(point: Point) -> str:
    return formats.quantity(formats.signed(point_texts(point)["error"]), point.unit)


def _error(point: Point) -> ErrorText:
    kind = "bad" if point.error_conforms is False else ""
    return ErrorText(short_name(point), formats.signed(point_texts(point)["error"]), kind)


def _largest_repeatability(points: Sequence[Point]) -> ErrorText:
    known = [point for point in points if point.repeatability is not None]
    if not known:
        return ErrorText(_("重复性"), formats.DASH)
    worst = max(known, key=lambda point: point.repeatability or 0.0)
    kind = "bad" if worst.repeatability_conforms is False else ""
    return ErrorText(_("重复性"), formats.number(point_texts(worst)["repeatability"]), kind)


def _largest_U(points: Sequence[Point]) -> str:
    texts = [point_texts(point)["U"] for point in points if point.U is not None]
    return max(texts, default="")


# ---------------------------------------------------------------- rules


def regulation_whys(regulation: Regulation) -> Why:
    """Return the why of the edition itself: its limits, its period, and what it does not tell us."""
    cites = [rule_value_cite(regulation, rule) for rule in regulation.limits]
    months = regulation.cycle.months
    period = _("不明") if months is None else _("{n} 个月").format(n=months)
    cites.append(rule_cite(regulation, _("检定周期"), provenance=regulation.cycle.provenance, value=period))
    unknown = [named(each) for each in regulation.unknowns]
    note = _("这个版本里还没有见到：{items}").format(items=formats.joined(unknown)) if unknown else ""
    return Why(f"{regulation.title} {named(regulation)}", facts=period_facts(regulation), rules=cites, note=note)


def period_facts(regulation: Regulation) -> list[tuple[str, str]]:
    """Return from when until when an edition is in force; what was not seen is said to be unknown."""
    start = formats.day(regulation.valid_from) if regulation.valid_from else _("不明")
    end = formats.day(regulation.valid_to) if regulation.valid_to else _("现行")
    return [(_("施行"), start), (_("停用"), end)]


def limit_words(regulation: Regulation) -> str:
    """Return the limits of an edition in one line; unknown ones are said to be unknown."""
    parts = []
    for rule in regulation.limits:
        words = _("不明") if rule.value is None else formats.quantity(str(rule.value), rule.unit)
        is_error = rule.code == "mpe_percent" and rule.value is not None
        parts.append(f"{named(rule)} {'±' if is_error else ''}{words}")
    return ("，" if not formats.is_english() else ", ").join(parts)


# ---------------------------------------------------------------- from issued certificates


@dataclass(frozen=True)
class IssuedPoint:
    """One point of an issued document, as its public facts say it: decimal text, and numbers for drawing."""

    code: str
    name: str
    error: str
    U: str
    k: str
    mpe: str
    repeatability: str
    repeatability_limit: str
    verdict: str
    unit: str

    @property
    def limits(self) -> Limits:
        """The limits of the error, unknown where the document says none."""
        decimals = len(self.mpe.partition(".")[2]) or 2
        return Limits.symmetric(_float(self.mpe), self.unit, decimals=decimals)

    @property
    def interval(self) -> Interval | None:
        """The error with U, None where the document has no error."""
        value = _float(self.error)
        return None if value is None else Interval(value, _float(self.U), self.name)

    @property
    def kind(self) -> str:
        """ "bad" where the point failed, else empty."""
        return "bad" if self.verdict == "fail" else ""


def issued_points(facts: Mapping[str, object]) -> list[IssuedPoint]:
    """Return the points of a certificate's public facts."""
    rows = facts.get("points")
    return [_issued(row) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _issued(row: Mapping[str, object]) -> IssuedPoint:
    name = str(row.get("en" if formats.is_english() else "zh", "") or row.get("zh", ""))
    texts = {key: str(row.get(key) or "") for key in ("error", "U", "k", "mpe", "repeatability", "repeatability_limit")}
    return IssuedPoint(
        str(row.get("code", "")), name, verdict=str(row.get("verdict", "")), unit=str(row.get("unit", "%")), **texts
    )


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def history_chart(documents: Iterable[CertificateFacts], *, title: str, due: date | None) -> SafeString:
    """Return the chart of errors over the years; a revoked document is left out, a change of edition is marked."""
    shown = [each for each in documents if each.status != "revoked"]
    points: list[HistoryPoint] = []
    limits = Limits(None, None)
    for document in shown:
        for series, point in enumerate(issued_points(document.facts)):
            interval = point.interval
            limits = limits if limits.is_known else point.limits
            if interval is not None:
                points.append(
                    HistoryPoint(document.performed_on, interval.value, interval.U, min(series, 1), point.name)
                )
    return error_history(points, limits, title=title, due=due, changes=edition_changes(shown))


def edition_changes(documents: Iterable[CertificateFacts]) -> list[tuple[date, str]]:
    """Return (day, name) of each rule edition that took the place of another among these documents."""
    named_in = [edition_of(each) for each in sorted(documents, key=lambda each: each.performed_on)]
    used = {each.id: each for each in named_in if each is not None}
    return [(each.valid_from, each.title) for each in list(used.values())[1:] if each.valid_from is not None]


def edition_of(document: CertificateFacts) -> Regulation | None:
    """Return the edition an issued document names, None where the rulebook does not have it."""
    title = _edition_title(document)
    return next((each for each in regulations.all_regulations().values() if each.title == title), None)


def _edition_title(document: CertificateFacts) -> str:
    rule = _rule(document)
    return f"{rule.get('number', '')}-{rule.get('edition', '')}"


def _rule(document: CertificateFacts) -> Mapping[str, object]:
    rule = document.facts.get("rule", {})
    return rule if isinstance(rule, Mapping) else {}


def rule_line(document: CertificateFacts) -> RuleCite:
    """Return the edition an issued document names, with the banner where its data were not checked by a person."""
    rule = _rule(document)
    name = str(rule.get("en" if formats.is_english() else "zh", ""))
    return RuleCite(f"{_edition_title(document)} {name}", checked_by=str(rule.get("is_checked") or ""))
