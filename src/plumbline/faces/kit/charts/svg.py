"""Writes SVG: a short list of shapes, each text escaped, each number with at most one decimal."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

#: A place on the paper: x to the right, y downwards.
Place = tuple[float, float]


def co(value: float) -> str:
    """Return a coordinate: one decimal at most, no trailing zero, no minus before zero."""
    rounded = f"{value:.1f}".removesuffix(".0")
    return "0" if rounded == "-0" else rounded


def line(start: Place, end: Place, *, css: str) -> str:
    """Return a straight line."""
    return f'<path class="{css}" d="M{co(start[0])} {co(start[1])}L{co(end[0])} {co(end[1])}"/>'


def rect(at: Place, size: tuple[float, float], *, css: str) -> str:
    """Return a rectangle; a negative width or height is drawn as nothing."""
    width, height = co(max(0.0, size[0])), co(max(0.0, size[1]))
    return f'<rect class="{css}" x="{co(at[0])}" y="{co(at[1])}" width="{width}" height="{height}"/>'


def text(at: Place, words: str, *, css: str = "") -> str:
    """Return a text; classes: m middle, e end, ink, b6, s3 and the state kinds."""
    attribute = f' class="{css}"' if css else ""
    return f'<text{attribute} x="{co(at[0])}" y="{co(at[1])}">{escape(words)}</text>'


def group(css: str, parts: Sequence[str]) -> str:
    """Return the parts in a group of one class."""
    return f'<g class="{css}">{"".join(parts)}</g>' if css else "".join(parts)


def circle(at: Place, r: float, *, css: str) -> str:
    """Return a circle: the mark of a value inside the limits."""
    return f'<circle class="{css}" cx="{co(at[0])}" cy="{co(at[1])}" r="{co(r)}"/>'


def diamond(at: Place, r: float, *, css: str) -> str:
    """Return a diamond: the mark of a value outside the limits."""
    return f'<path class="{css}" d="M{co(at[0])} {co(at[1] - r)}l{co(r)} {co(r)}-{co(r)} {co(r)}-{co(r)}-{co(r)}z"/>'


def triangle(at: Place, r: float, *, css: str) -> str:
    """Return a triangle: the mark of a value whose interval reaches over a limit."""
    return f'<path class="{css}" d="M{co(at[0])} {co(at[1] - r)}l{co(r)} {co(1.8 * r)}h-{co(2 * r)}z"/>'


def square(at: Place, r: float, *, css: str) -> str:
    """Return a square: the mark of a value after an adjustment."""
    return f'<path class="{css}" d="M{co(at[0] - r)} {co(at[1] - r)}h{co(2 * r)}v{co(2 * r)}h-{co(2 * r)}z"/>'


def pointer(at: Place, direction: str, *, css: str) -> str:
    """Return a small arrow head at the edge of the scale. direction: left, right, up, down."""
    shapes = {"right": "l-7-5v10z", "left": "l7-5v10z", "up": "l-5 7h10z", "down": "l-5-7h10z"}
    return f'<path class="{css}" d="M{co(at[0])} {co(at[1])}{shapes[direction]}"/>'


def drawing(
    size: tuple[float, float], parts: Sequence[str], *, title: str, desc: str = "", css: str = ""
) -> SafeString:
    """Return the whole chart with its title and description; the ids come from the content, so bytes repeat."""
    body = "".join(parts)
    key = f"{crc32(f'{title}{desc}{body}'.encode()):08x}"
    described = f' aria-describedby="d{key}"' if desc else ""
    desc_element = f'<desc id="d{key}">{escape(desc)}</desc>' if desc else ""
    return mark_safe(  # noqa: S308 every word passed through escape
        f'<svg class="ch{" " + css if css else ""}" viewBox="0 0 {co(size[0])} {co(size[1])}" role="img" '
        f'aria-labelledby="t{key}"{described}><title id="t{key}">{escape(title)}</title>{desc_element}{body}</svg>'
    )


def small(size: tuple[float, float], parts: Sequence[str], *, label: str) -> SafeString:
    """Return a drawing inside a table row: fixed size, one label, no title that pops up."""
    width, height = co(size[0]), co(size[1])
    return mark_safe(  # noqa: S308 the label is escaped
        f'<svg class="ch fix" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )
