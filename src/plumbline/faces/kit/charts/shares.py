"""Shares of a whole on a scale from zero: a dot for how many are in order, an interval for what a count can say."""

from __future__ import annotations

from django.utils.safestring import SafeString

from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import svg

WIDTH, HEIGHT, EDGE = 168.0, 16.0, 6.0


def percent(share: float | None, decimals: int = 1) -> str:
    """Return a share as a number of percent; an en dash for none."""
    return formats.DASH if share is None else formats.number(100 * share, decimals)


def share_dot(share: float | None, *, label: str) -> SafeString:
    """Return a dot on a line from 0 to 100 %; without a share the line alone."""
    parts = [svg.line((EDGE, HEIGHT / 2), (WIDTH - EDGE, HEIGHT / 2), css="ax")]
    if share is not None:
        parts.append(svg.circle((_at(share), HEIGHT / 2), 4, css="pt"))
    return svg.small((WIDTH, HEIGHT), parts, label=f"{label} {percent(share)} %")


def share_interval(share: float, bounds: tuple[float, float], *, top: float, label: str) -> SafeString:
    """Return a share with the interval it is known within, on a line from 0 to `top`."""
    low, high = bounds
    middle = HEIGHT / 2
    scale = 1 / top if top > 0 else 1.0
    parts = [
        svg.line((EDGE, middle), (WIDTH - EDGE, middle), css="lim2"),
        svg.line((_at(low * scale), middle), (_at(min(1.0, high * scale)), middle), css="bar"),
        svg.circle((_at(share * scale), middle), 3, css="pt"),
    ]
    said = f"{label} {percent(share)} % ({percent(low)} – {percent(high)} %)"
    return svg.small((WIDTH, HEIGHT), parts, label=said)


def days_span(median: int, most: int, *, top: int, label: str) -> SafeString:
    """Return how long half of them and nine tenths took at most, on a line from 0 to `top` days."""
    middle, scale = HEIGHT / 2, 1 / top if top > 0 else 0.0
    parts = [
        svg.line((EDGE, middle), (WIDTH - EDGE, middle), css="lim2"),
        svg.line((EDGE, middle), (_at(most * scale), middle), css="bar"),
        svg.circle((_at(median * scale), middle), 3, css="pt"),
    ]
    return svg.small((WIDTH, HEIGHT), parts, label=f"{label} {median} / {most}")


def _at(share: float) -> float:
    return EDGE + (WIDTH - 2 * EDGE) * share
