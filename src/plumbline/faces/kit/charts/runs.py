"""All runs of an instrument on one chart with the limits, beside the results already known on the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plumbline.faces.kit.charts import svg
from plumbline.faces.kit.charts.scale import Interval, Limits, Upright, finite, scale_for

WIDTH, TOP, BOTTOM, LEFT, RIGHT = 356.0, 20.0, 264.0, 48.0, 348.0


@dataclass(frozen=True)
class RunGroup:
    """The runs at one point, or one other instrument (`is_soft`). U: of each value; pending: runs still to come."""

    label: str
    values: Sequence[float] = ()
    U: float | None = None
    mean: float | None = None
    pending: int = 0
    is_soft: bool = False

    @property
    def slots(self) -> int:
        """Places the group takes on the axis."""
        return max(1, len(self.values) + self.pending)

    @property
    def pitch(self) -> float:
        """Distance of its values in slots: other instruments stand closer together."""
        return 0.6 if self.is_soft else 1.0

    @property
    def margin(self) -> float:
        """Free space on each side, in slots."""
        return 0.2 if self.is_soft else 0.4

    @property
    def width(self) -> float:
        """Share of the axis, in slots."""
        return self.slots * self.pitch + 2 * self.margin


def runs_chart(groups: Sequence[RunGroup], limits: Limits, *, title: str) -> SafeString:
    """Return the chart: values with U as upright bars, their mean as a line with its number, limits across."""
    chart = _Runs(scale_for(limits, (BOTTOM, TOP)), limits)
    ordered = [group for group in groups if group.is_soft] + [group for group in groups if not group.is_soft]
    unit = (RIGHT - LEFT) / (sum(group.width for group in ordered) or 1.0)
    parts = chart.axis()
    x = LEFT
    for index, group in enumerate(ordered):
        if index and ordered[index - 1].is_soft and not group.is_soft:
            parts.append(svg.line((x, TOP - 8), (x, BOTTOM), css="ax"))
        parts += chart.group(group, x, unit=unit)
        x += unit * group.width
    return svg.drawing((WIDTH, 288), parts, title=title, desc=_described(ordered, limits))


@dataclass(frozen=True)
class _Runs(Upright):
    """The chart's own parts beside the values: axis, groups, means."""

    def axis(self) -> list[str]:
        """Draw band, limits, ends of the scale and zero, with their numbers."""
        limits, scale = self.limits, self.scale
        parts = []
        if limits.low is not None and limits.high is not None:
            top, bottom = scale.at(limits.high), scale.at(limits.low)
            parts.append(svg.rect((LEFT, top), (RIGHT - LEFT, bottom - top), css="band"))
            parts += self._across(limits.high, "lim", words="ink b6 e") + self._across(
                limits.low, "lim", words="ink b6 e"
            )
        parts += self._across(scale.high, "gl", words="e") + self._across(scale.low, "gl", words="e")
        zero = scale.at(0)
        return [*parts, svg.line((LEFT, zero), (RIGHT, zero), css="zero"), svg.text((LEFT - 6, zero + 4), "0", css="e")]

    def _across(self, value: float, css: str, *, words: str) -> list[str]:
        y = self.scale.at(value)
        label = svg.text((LEFT - 6, y + 4), self.limits.say(value), css=words)
        return [svg.line((LEFT, y), (RIGHT, y), css=css), label]

    def group(self, group: RunGroup, start: float, *, unit: float) -> list[str]:
        """Draw the values of a group from `start` on, the places of runs to come, the mean and the label."""
        places = [start + unit * (group.margin + group.pitch * (i + 0.5)) for i in range(group.slots)]
        intervals = finite(
            [Interval(value, group.U, is_hollow=group.is_soft and i > 0) for i, value in enumerate(group.values)]
        )
        parts = [self.value(x, interval) for x, interval in zip(places, intervals, strict=False)]
        free = places[len(intervals) : len(intervals) + group.pending]
        parts += [svg.circle((x, self.scale.at(0)), 6, css="no") for x in free]
        middle = start + unit * group.width / 2
        label = svg.text((middle, 281), group.label, css="m" if group.is_soft else "ink m")
        ends = (start + unit * group.margin, start + unit * (group.width - group.margin))
        return [svg.group("q" if group.is_soft else "", parts), *self._mean(group, ends), label]

    def _mean(self, group: RunGroup, ends: tuple[float, float]) -> list[str]:
        if group.mean is None or group.is_soft or self.scale.is_off(group.mean):
            return []
        zone = Interval(group.mean).zone(self.limits)
        y = self.scale.at(group.mean)
        highest = max([*group.values, group.mean]) + (group.U or 0.0)
        place = (sum(ends) / 2, max(TOP - 6, self.scale.at(highest) - 6))
        words = svg.text(place, self.limits.say(group.mean), css=f"{'bad' if zone else 'ink'} b6 m z13")
        return [svg.group(zone, [svg.line((ends[0], y), (ends[1], y), css="line")]), words]


def _described(groups: Sequence[RunGroup], limits: Limits) -> str:
    said = []
    for group in groups:
        values = " ".join(limits.say(value) for value in group.values) or "–"
        said.append(f"{group.label} {values} {limits.unit}")
    return "; ".join([_("限值 {limits}").format(limits=limits.words), *said])
