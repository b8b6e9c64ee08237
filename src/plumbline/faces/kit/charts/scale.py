"""Limits, intervals and the straight scale from a value to a place on the paper; which mark a value gets."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from django.utils.translation import gettext as _

from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import svg

#: Relative slack when a value is compared with its limit, so that a value on the limit is inside.
SLACK = 1e-9


@dataclass(frozen=True)
class Limits:
    """The limits of an error, in `unit`. low or high None: not known, and then nothing is drawn or claimed.

    running: a wider limit in service, drawn as a fine line.
    """

    low: float | None
    high: float | None
    unit: str = "%"
    decimals: int = 2
    running: float | None = None

    @classmethod
    def symmetric(cls, mpe: float | None, unit: str = "%", *, decimals: int = 2) -> Limits:
        """Return limits of plus and minus `mpe`; None where the limit is unknown."""
        return cls(None if mpe is None else -abs(mpe), None if mpe is None else abs(mpe), unit, decimals)

    @property
    def is_known(self) -> bool:
        """True when both limits are known."""
        return self.low is not None and self.high is not None

    @property
    def reach(self) -> float:
        """The larger of the two limits by size; 1 where they are unknown, so that a scale exists."""
        sizes = [abs(value) for value in (self.low, self.high) if value is not None]
        return max(sizes, default=0.0) or 1.0

    def say(self, value: float) -> str:
        """Return a signed value with the decimals of the limits."""
        return formats.signed(value, self.decimals)

    @property
    def words(self) -> str:
        """Return the limits in words: `±0.30 %`, `−0.5 % 至 +1.0 %`, or that they are unknown."""
        if self.low is None or self.high is None:
            return _("限值不明")
        if abs(self.low + self.high) <= SLACK * self.reach:
            return f"±{formats.quantity(self.high, self.unit, decimals=self.decimals)}"
        low, high = self.say(self.low), self.say(self.high)
        return _("{low} 至 {high} {unit}").format(low=low, high=high, unit=self.unit)


@dataclass(frozen=True)
class Interval:
    """A value with its expanded uncertainty U (None: not known), in the unit of the limits."""

    value: float
    U: float | None = None
    label: str = ""
    is_hollow: bool = False
    text: str = ""

    def zone(self, limits: Limits) -> str:
        """Return "" inside, "g" where the interval reaches over a limit, "x" outside; "" where limits are unknown."""
        if limits.low is None or limits.high is None:
            return ""
        slack = SLACK * limits.reach
        if not limits.low - slack <= self.value <= limits.high + slack:
            return "x"
        half = self.U or 0.0
        return "" if limits.low - slack <= self.value - half and self.value + half <= limits.high + slack else "g"

    def words(self, limits: Limits) -> str:
        """Return the interval and its place in words, for those who do not see the drawing."""
        said = self.text or formats.signed_quantity(self.value, limits.unit, decimals=limits.decimals)
        places = {"": _("在限内"), "g": _("在限内，不确定度越过限值"), "x": _("超限")}
        if not limits.is_known:
            return _("{value}，限值不明").format(value=said)
        return _("{value}，{place}").format(value=said, place=places[self.zone(limits)])


@dataclass(frozen=True)
class Scale:
    """A straight scale: `low` lies at `start`, `high` at `stop`; `stop` may be less than `start`."""

    low: float
    high: float
    start: float
    stop: float

    def at(self, value: float) -> float:
        """Return the place of a value, held at the ends."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.stop - self.start)

    def is_off(self, value: float) -> bool:
        """True when the value lies beyond the scale."""
        return not self.low <= value <= self.high


def scale_for(limits: Limits, ends: tuple[float, float], *, reach: float = 2.0) -> Scale:
    """Return a scale of `reach` times the limits to both sides of zero, laid between the two ends."""
    side = reach * limits.reach
    return Scale(-side, side, ends[0], ends[1])


def finite(intervals: list[Interval]) -> list[Interval]:
    """Leave out what is no number: an unmeasured value is said to be missing, never drawn."""
    return [interval for interval in intervals if isfinite(interval.value)]


def mark(at: svg.Place, r: float, *, interval: Interval, limits: Limits) -> str:
    """Return the mark of a value at a place: circle inside, triangle in the guard zone, diamond outside."""
    css = "pt o" if interval.is_hollow else "pt"
    zone = interval.zone(limits)
    if zone == "x":
        return svg.diamond(at, r * 1.4, css=css)
    return svg.triangle(at, r * 1.5, css=css) if zone == "g" else svg.circle(at, r, css=css)


@dataclass(frozen=True)
class Upright:
    """A chart whose errors run upwards: the scale, the limits, and how one value stands on it."""

    scale: Scale
    limits: Limits

    def value(self, x: float, interval: Interval, *, shape: str = "", css: str = "") -> str:
        """Draw a value with its bar of U; a value off the scale becomes an arrow with its number.

        shape: a mark drawn by the caller, else the one of its zone. css: class where the zone gives none.
        """
        if self.scale.is_off(interval.value):
            return self._off(x, interval.value)
        y = self.scale.at(interval.value)
        parts = []
        if interval.U:
            low, high = (self.scale.at(interval.value + sign * interval.U) for sign in (-1, 1))
            parts.append(svg.line((x, low), (x, high), css="bar"))
        drawn = shape or mark((x, y), 3.7, interval=interval, limits=self.limits)
        return svg.group(interval.zone(self.limits) or css, [*parts, drawn])

    def _off(self, x: float, value: float) -> str:
        """Name a value that the scale does not hold: an arrow at the edge and the number beside it."""
        is_high = value > self.scale.high
        edge = self.scale.at(value)
        words = svg.text((x, edge + (20 if is_high else -12)), self.limits.say(value), css="bad b6 m")
        return svg.group("x", [svg.pointer((x, edge), "up" if is_high else "down", css="pt"), words])
