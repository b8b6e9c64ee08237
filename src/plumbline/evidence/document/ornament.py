"""Answers how the woven border and the rosette of a certificate are drawn: one SVG of an A4 page, the same every time.

Families of sine curves, written as cubic Béziers from their exact slopes. Colour and place on the page belong to the
certificate's design; nothing here depends on what the certificate says.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import cos, pi, sin

INK = "#0B525B"
PAGE_MM = (210.0, 297.0)
STRANDS = 9
PETALS = 12
RINGS = 18

Curve = Callable[[float], tuple[float, float]]


@cache
def frame_svg() -> str:
    """Return the frame of an issued certificate: two rules, a woven band between them, a faint rosette inside."""
    width, height = PAGE_MM
    rules = (
        f'<rect x="8.1" y="8.1" width="{width - 16.2:.1f}" height="{height - 16.2:.1f}" stroke-width=".35"/>'
        f'<rect x="14.9" y="14.9" width="{width - 29.8:.1f}" height="{height - 29.8:.1f}" stroke-width=".25"/>'
    )
    across = _band(width - 16.2, 9)
    down = _band(height - 16.2, 13)
    bands = (
        f'<g transform="translate(8.1 11.5)">{across}</g>'
        f'<g transform="translate(8.1 {height - 11.5})">{across}</g>'
        f'<g transform="translate(11.5 8.1) rotate(90)">{down}</g>'
        f'<g transform="translate({width - 11.5} 8.1) rotate(90)">{down}</g>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">'
        f'<g fill="none" stroke="{INK}">{rules}'
        f'<g stroke-opacity=".34" stroke-width=".2">{bands}</g>'
        f'<g stroke-opacity=".075" stroke-width=".2" transform="translate({width / 2} 150)">{_rosette()}</g>'
        "</g></svg>"
    )


def _band(length: float, waves: int) -> str:
    """Return two twisted ribbons that cross along the x axis, half-height 2.5 mm."""
    step = 2 * pi * waves / length

    def strand(offset: float, side: int) -> Curve:
        def at(x: float) -> tuple[float, float]:
            return x, side * 1.6 * sin(step * x) + offset * cos(step * x + side * 0.5) + 0.2 * offset * sin(
                2 * step * x
            )

        return at

    offsets = [1.9 * (k / (STRANDS - 1) - 0.5) for k in range(STRANDS)]
    paths = [_path(strand(offset, side), 0.0, stop=length, pieces=waves * 4) for side in (1, -1) for offset in offsets]
    return "".join(f'<path d="{path}"/>' for path in paths)


def _rosette() -> str:
    """Return rings whose radius swings twelve times round; outer radius 59 mm."""

    def ring(k: int) -> Curve:
        phase = 2 * pi * k / RINGS

        def at(angle: float) -> tuple[float, float]:
            radius = 45 + 5.5 * cos(phase) + 8.5 * cos(PETALS * angle + phase)
            return radius * cos(angle), radius * sin(angle)

        return at

    return "".join(f'<path d="{_path(ring(k), 0.0, stop=2 * pi, pieces=PETALS * 5)}"/>' for k in range(RINGS))


def _path(curve: Curve, start: float, *, stop: float, pieces: int) -> str:
    """Return a smooth path through `pieces` + 1 points of the curve, with its slopes by central difference."""
    width = (stop - start) / pieces
    tiny = width / 100
    parts: list[str] = []
    for i in range(pieces + 1):
        t = start + i * width
        x, y = curve(t)
        (x0, y0), (x1, y1) = curve(t - tiny), curve(t + tiny)
        dx, dy = (x1 - x0) / (2 * tiny) * width / 3, (y1 - y0) / (2 * tiny) * width / 3
        if parts:
            parts.append(f"{x - dx:.2f} {y - dy:.2f} {x:.2f} {y:.2f}")
        else:
            parts.append(f"M{x:.2f} {y:.2f}C{x + dx:.2f} {y + dy:.2f}")
            continue
        if i < pieces:
            parts.append(f"{x + dx:.2f} {y + dy:.2f}")
    return " ".join(parts)
