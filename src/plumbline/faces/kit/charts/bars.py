"""Bars that start at zero: the budget of an uncertainty, the instruments due month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import svg

SERIES = 5
NARROW, A_MONTH = 392.0, 44.0


@dataclass(frozen=True)
class Share:
    """A contribution to u_c: its name and |c_i| u(x_i), in the unit of the result."""

    name: str
    u: float


@dataclass(frozen=True)
class Bar:
    """A column with its number. state: "" normal, "due", "over"."""

    label: str
    count: int
    state: str = ""


def budget(shares: Sequence[Share], unit: str, *, title: str, total: tuple[str, str] = ("", "")) -> SafeString:
    """Return the budget: each contribution's share of the variance, largest first; total: texts of u_c and U.

    Source: JCGM 100:2008, eq. (10): the variances of the contributions add.
    """
    ordered = sorted(shares, key=lambda share: -share.u)
    variance = sum(share.u**2 for share in ordered)
    if variance <= 0:
        return svg.drawing((392, 40), [svg.text((0, 24), _("没有不确定度分量"), css="s3")], title=title)
    parts: list[str] = []
    x = 0.0
    for index, share in enumerate(ordered):
        part = share.u**2 / variance
        colour = f"s-c{index % SERIES + 1}"
        y = 46.0 + 20 * index
        parts.append(svg.rect((x, 8), (max(1.0, 392 * part - 2), 24), css=colour))
        parts += [svg.rect((0, y), (10, 10), css=colour), svg.text((18, y + 10), share.name, css="ink")]
        parts.append(svg.text((206, y + 10), formats.quantity(100 * part, "%", decimals=0), css="ink e"))
        parts.append(svg.text((286, y + 10), formats.quantity(f"{share.u:.2g}", unit), css="e"))
        x += 392 * part
    for index, words in enumerate(words for words in total if words):
        parts.append(svg.text((392, 56 + 20 * index), words, css="ink b6 e z13"))
    said = "; ".join(f"{share.name} {share.u**2 / variance:.0%}" for share in ordered)
    return svg.drawing((392, 52 + 20 * max(len(ordered), 2)), parts, title=title, desc=said)


def month_bars(bars: Sequence[Bar], *, title: str) -> SafeString:
    """Return columns from zero with their numbers above and labels below; an empty month shows 0."""
    width, base, height = max(NARROW, A_MONTH * len(bars)), 96.0, 72.0
    highest = max((bar.count for bar in bars), default=0) or 1
    step = width / max(1, len(bars))
    parts = [svg.line((0, base), (width, base), css="ax")]
    for index, bar in enumerate(bars):
        size = height * bar.count / highest
        middle = step * (index + 0.5)
        css = {"due": "b-due", "over": "b-bad"}.get(bar.state, "s-c2")
        parts.append(svg.rect((middle - step * 0.34, base - size), (step * 0.68, size), css=css))
        parts.append(
            svg.text((middle, base - size - 5), formats.number(bar.count), css="ink b6 m" if bar.count else "s3 m")
        )
        line = 1 if _length(bar.label) > step else 0
        parts.append(svg.text((max(middle, _length(bar.label) / 2), base + 17 + 14 * line), bar.label, css="m"))
    said = "; ".join(f"{bar.label} {bar.count}" for bar in bars)
    return svg.drawing((width, 132), parts, title=title, desc=said, css="mb")


def _length(label: str) -> float:
    """Return about how long a label of the chart's text size is: a Chinese character counts twice a Latin one."""
    return sum(12.0 if ord(character) > 0x2E7F else 6.6 for character in label)
