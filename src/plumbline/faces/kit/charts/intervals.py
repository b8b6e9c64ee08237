"""Horizontal intervals on one shared scale: the column of a table, the line of the public check, the interval plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plumbline.faces.kit.charts import svg
from plumbline.faces.kit.charts.scale import Interval, Limits, Scale, finite, mark, scale_for

CELL_WIDTH, CELL_HEIGHT, EDGE = 232.0, 20.0, 8.0


@dataclass(frozen=True)
class IntervalRow:
    """A row of the interval plot. interval None: not measured. word: what stands at the end of the row."""

    label: str
    interval: Interval | None
    word: str = ""


def interval_scale(limits: Limits) -> SafeString:
    """Return the head of a column of `interval_cell`: the limits and zero over their places."""
    size = (CELL_WIDTH, CELL_HEIGHT)
    scale = scale_for(limits, (EDGE, CELL_WIDTH - EDGE))
    if not limits.is_known:
        return svg.small(size, [svg.text((scale.at(0), 14), limits.words, css="m")], label=limits.words)
    texts = [svg.text((scale.at(value), 14), words, css="m") for value, words in _ticks(limits)]
    return svg.small(size, texts, label=_("误差刻度 {unit}").format(unit=limits.unit))


def interval_cell(intervals: Sequence[Interval], limits: Limits, *, label: str = "") -> SafeString:
    """Return a table cell: up to three intervals above one another, on the scale of `interval_scale`."""
    across = _Across(scale_for(limits, (EDGE, CELL_WIDTH - EDGE)), limits)
    shown = finite(list(intervals))
    step = CELL_HEIGHT / (len(shown) + 1)
    parts = across.ground((3, 17), is_solid=True)
    parts += [across.value(step * index, 3.0, interval=interval) for index, interval in enumerate(shown, start=1)]
    said = "; ".join(f"{interval.label} {interval.words(limits)}".strip() for interval in shown) or _("未检")
    return svg.small((CELL_WIDTH, CELL_HEIGHT), parts, label=f"{label} {said}".strip())


def error_line(interval: Interval, limits: Limits, *, label: str = "") -> SafeString:
    """Return the line of the public check: one error between its limits, with numbers under it."""
    width = 326.0
    scale = scale_for(limits, (0, width), reach=1.3)
    across = _Across(scale, limits)
    parts = across.ground((10, 24), is_solid=True)
    parts.append(across.value(17, 5.0, interval=interval, inside="ok" if limits.is_known else ""))
    for value, words in _ticks(limits):
        said = words if value == 0 else f"{words} {limits.unit}"
        parts.append(svg.text((scale.at(value), 42), said, css="m"))
    if not limits.is_known:
        parts.append(svg.text((scale.at(0), 42), f"0 · {limits.words}", css="m"))
    title = f"{label} {interval.words(limits)}".strip()
    return svg.drawing((width, 46), parts, title=title, desc=limits.words)


def interval_plot(rows: Sequence[IntervalRow], limits: Limits, *, title: str) -> SafeString:
    """Return the interval plot: one row each with value, U and word; the limits run through all of them."""
    step = 28.0
    bottom = 10 + step * len(rows)
    across = _Across(scale_for(limits, (104, 300), reach=1.8), limits)
    parts = across.ground((6, bottom))
    for index, row in enumerate(rows):
        parts += across.row(10 + step * index + step / 2, row)
    parts += [svg.text((across.scale.at(value), bottom + 18), words, css="m") for value, words in _ticks(limits)]
    said = "; ".join(f"{row.label} {row.interval.words(limits) if row.interval else _('未检')}" for row in rows)
    return svg.drawing((392, bottom + 26), parts, title=title, desc=f"{limits.words}; {said}")


def _ticks(limits: Limits) -> list[tuple[float, str]]:
    """Return the numbers under a scale: both limits and zero; none where the limits are unknown."""
    if limits.low is None or limits.high is None:
        return []
    return [(limits.low, limits.say(limits.low)), (0.0, "0"), (limits.high, limits.say(limits.high))]


@dataclass(frozen=True)
class _Across:
    """A drawing whose errors run to the right."""

    scale: Scale
    limits: Limits

    def ground(self, span: tuple[float, float], *, is_solid: bool = False) -> list[str]:
        """Draw band, limits, running limits and zero between two heights."""
        top, bottom = span
        scale, limits = self.scale, self.limits
        parts = []
        if limits.low is not None and limits.high is not None:
            ends = scale.at(limits.low), scale.at(limits.high)
            parts.append(svg.rect((ends[0], top), (ends[1] - ends[0], bottom - top), css="band"))
            css = "lim solid" if is_solid else "lim"
            parts += [svg.line((x, top - 2), (x, bottom + 2), css=css) for x in ends]
        if limits.running is not None:
            places = [scale.at(sign * limits.running) for sign in (-1, 1)]
            parts += [svg.line((x, top), (x, bottom), css="lim2") for x in places]
        return [*parts, svg.line((scale.at(0), top - 2), (scale.at(0), bottom + 2), css="zero")]

    def value(self, y: float, r: float, *, interval: Interval, inside: str = "") -> str:
        """Draw a value with its bar of U; one off the scale is named at the edge. inside: class within limits."""
        if self.scale.is_off(interval.value):
            return self._off(y, interval.value)
        parts = []
        if interval.U:
            low, high = (self.scale.at(interval.value + sign * interval.U) for sign in (-1, 1))
            parts.append(svg.line((low, y), (high, y), css="bar"))
        parts.append(mark((self.scale.at(interval.value), y), r, interval=interval, limits=self.limits))
        return svg.group(interval.zone(self.limits) or inside, parts)

    def row(self, y: float, row: IntervalRow) -> list[str]:
        """Draw a row of the plot: label, interval, word."""
        start, stop = self.scale.start, self.scale.stop
        parts = [svg.text((start - 8, y + 4), row.label, css="ink e")]
        if row.interval is None:
            words = svg.text((stop + 12, y + 4), row.word or _("未检"), css="s3")
            return [*parts, svg.line((start, y), (stop, y), css="lim2"), words]
        zone = row.interval.zone(self.limits)
        known = {"": _("合格"), "g": _("临界"), "x": _("超限")}[zone] if self.limits.is_known else ""
        words = svg.text((stop + 12, y + 4), row.word or known, css={"": "", "g": "due", "x": "bad"}[zone])
        return [*parts, self.value(y, 4.0, interval=row.interval), words]

    def _off(self, y: float, value: float) -> str:
        is_high = value > self.scale.high
        x = self.scale.at(value)
        words = self.limits.say(value)
        label = svg.text((x + (-10 if is_high else 10), y + 4), words, css="bad b6 e" if is_high else "bad b6")
        return svg.group("x", [svg.pointer((x, y), "right" if is_high else "left", css="pt"), label])
