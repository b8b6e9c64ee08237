"""Errors of one instrument over the years, with U, limits, the due day and the days on which the rule changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import svg
from plumbline.faces.kit.charts.scale import Interval, Limits, Scale, Upright, scale_for

WIDTH, TOP, BOTTOM, LEFT, RIGHT = 720.0, 32.0, 228.0, 52.0, 616.0


@dataclass(frozen=True)
class HistoryPoint:
    """One result on a day. series: 0 solid, 1 hollow; is_adjusted: measured after an adjustment (square)."""

    day: date
    value: float
    U: float | None = None
    series: int = 0
    label: str = ""
    is_adjusted: bool = False


def error_history(
    points: Sequence[HistoryPoint],
    limits: Limits,
    *,
    title: str,
    due: date | None = None,
    changes: Sequence[tuple[date, str]] = (),
) -> SafeString:
    """Return the chart. due: day the validity ends; changes: (day, name) where another rule edition began."""
    ordered = sorted(points, key=lambda point: (point.day, point.series))
    days = [point.day for point in ordered] + ([due] if due else [])
    if not days:
        return svg.drawing((WIDTH, 60), [svg.text((LEFT, 34), _("还没有结果"), css="s3")], title=title)
    chart = _History(scale_for(limits, (BOTTOM, TOP), reach=1.4), limits, _time_scale(min(days), max(days)))
    parts = [*chart.ground(), *chart.years()]
    parts += [chart.day_line(day, name, y=TOP - 20) for day, name in changes if chart.holds(day)]
    if due:
        parts.append(chart.day_line(due, _("{day} 到期").format(day=formats.day(due)), y=TOP - 6))
    parts += [chart.point(point) for point in ordered] + chart.newest(ordered)
    return svg.drawing((WIDTH, 264), parts, title=title, desc=_described(ordered, limits), css="wide")


def _time_scale(first: date, last: date) -> Scale:
    margin = max(30, (last - first).days // 20)
    return Scale(first.toordinal() - margin, last.toordinal() + margin, LEFT, RIGHT)


@dataclass(frozen=True)
class _History(Upright):
    """The chart's own parts: ground, years, days that matter, points."""

    time: Scale

    def holds(self, day: date) -> bool:
        """True when the day lies on the axis."""
        return not self.time.is_off(day.toordinal())

    def ground(self) -> list[str]:
        """Draw band and limits with their words, and zero."""
        limits, scale, zero = self.limits, self.scale, self.scale.at(0)
        parts = [svg.line((LEFT, zero), (RIGHT, zero), css="zero"), svg.text((LEFT - 8, zero + 4), "0", css="e")]
        if limits.low is None or limits.high is None:
            return [*parts, svg.text((RIGHT + 8, zero + 4), limits.words, css="s3")]
        top, bottom = scale.at(limits.high), scale.at(limits.low)
        parts.insert(0, svg.rect((LEFT, top), (RIGHT - LEFT, bottom - top), css="band"))
        for value, y in ((limits.high, top), (limits.low, bottom)):
            words = formats.signed_quantity(value, limits.unit, decimals=limits.decimals)
            parts.append(svg.line((LEFT, y), (RIGHT, y), css="lim"))
            parts.append(svg.text((LEFT - 8, y + 4), limits.say(value), css="ink b6 e"))
            parts.append(svg.text((RIGHT + 8, y + 4), _("限值 {limits}").format(limits=words), css="ink"))
        return parts

    def years(self) -> list[str]:
        """Draw the axis of time: a mark at each new year, or the first day where no year begins in it."""
        base = BOTTOM + 6
        parts = [svg.line((LEFT, base), (RIGHT, base), css="ax")]
        first, last = date.fromordinal(int(self.time.low)), date.fromordinal(int(self.time.high))
        step = max(1, (last.year - first.year) // 8)
        starts = [date(year, 1, 1) for year in range(first.year, last.year + 1, step)]
        for start in filter(self.holds, starts):
            x = self.time.at(start.toordinal())
            parts += [
                svg.line((x, base), (x, base + 5), css="ax"),
                svg.text((x, BOTTOM + 26), str(start.year), css="m"),
            ]
        if len(parts) == 1:
            parts.append(svg.text((LEFT, BOTTOM + 26), formats.day(first)))
        return parts

    def day_line(self, day: date, words: str, *, y: float) -> str:
        """Draw a day that matters as an upright line with its words at height `y`."""
        x = self.time.at(day.toordinal())
        is_late = x > (LEFT + RIGHT) / 2
        label = svg.text((x + (-6 if is_late else 6), y), words, css="ink e" if is_late else "ink")
        return svg.line((x, y - 8), (x, BOTTOM + 6), css="lim2") + label

    def point(self, point: HistoryPoint) -> str:
        """Draw one result; the second series stands a little to the right and is hollow."""
        interval = Interval(point.value, point.U, is_hollow=point.series > 0)
        x = self.time.at(point.day.toordinal()) + 6 * point.series
        shape = svg.square((x, self.scale.at(point.value)), 4, css="pt") if point.is_adjusted else ""
        return self.value(x, interval, shape=shape, css="q" if point.series else "")

    def newest(self, points: Sequence[HistoryPoint]) -> list[str]:
        """Write the number of the newest result of the first series beside its mark."""
        firsts = [point for point in points if point.series == 0 and not self.scale.is_off(point.value)]
        if not firsts:
            return []
        last = firsts[-1]
        place = (self.time.at(last.day.toordinal()) - 9, self.scale.at(last.value) - 6)
        return [svg.text(place, self.limits.say(last.value), css="ink b6 e")]


def _described(points: Sequence[HistoryPoint], limits: Limits) -> str:
    said = [f"{formats.day(point.day)} {point.label} {limits.say(point.value)} {limits.unit}" for point in points]
    return "; ".join([_("限值 {limits}").format(limits=limits.words), *said])
