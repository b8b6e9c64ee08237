"""Filters and tags of the kit: `{% load kit %}`. They format and pick a language; they decide nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plumbline.errors import PlumblineError, Term, Text
from plumbline.faces.kit import formats, icons, table_cells
from plumbline.faces.kit.cells import Cell, Line
from plumbline.faces.kit.codes import qr_svg
from plumbline.faces.kit.shapes import Clock
from plumbline.faces.kit.words import state_word, status_words

register = template.Library()


def _decimals(argument: object) -> int | None:
    """Return the decimals a filter was given; nothing keeps the decimals of the text."""
    text = str(argument)
    return int(text) if text.isdigit() else None


@register.filter
def num(value: formats.Number | None, decimals: object = "") -> str:
    """`{{ n|num }}`, `{{ n|num:2 }}`: thin space between thousands, U+2212."""
    return formats.number(value, _decimals(decimals))


@register.filter
def signed(value: formats.Number | None, decimals: object = "") -> str:
    """`{{ error|signed:2 }}`: the sign is always written."""
    return formats.signed(value, _decimals(decimals))


@register.filter
def qty(value: formats.Number | None, unit: str) -> str:
    """`{{ volume|qty:"L" }}`: value, space, unit; decimals as they are."""
    return formats.quantity(value, unit)


@register.filter
def limits(value: formats.Number | None, unit: str = "") -> str:
    """`{{ mpe|limits:"%" }}`: `±0.30 %`; an unknown limit is said to be unknown."""
    return formats.limits(value, unit)


@register.filter
def day(value: date | None) -> str:
    """`{{ d|day }}`: `2026-12-17`."""
    return formats.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ at|moment }}`: `2026-11-23 09:16`, local time."""
    return formats.moment(value)


@register.filter
def clock_time(value: datetime | None) -> str:
    """`{{ at|clock_time }}`: `09:14:07`, local time."""
    return formats.clock_time(value)


@register.filter
def day_words(value: date | None) -> str:
    """`{{ d|day_words }}`: the day in words for a citizen."""
    return formats.day_words(value)


@register.filter
def codes(value: str) -> str:
    """`{{ code|codes }}`: groups of five with hyphens."""
    return formats.code_groups(value)


@register.filter
def lasting(value: timedelta | float | None) -> str:
    """`{{ span|lasting }}`: a length of time in words."""
    return formats.duration(value)


@register.filter
def text_of(value: object) -> str:
    """Return an `errors.Text` or `Term` in the reader's language; of an error, its `what`; anything else as it is."""
    if isinstance(value, PlumblineError):
        value = value.what
    if isinstance(value, Term):
        return value.en if formats.is_english() else value.zh
    if not isinstance(value, Text):
        return "" if value is None else str(value)
    params = {name: text_of(part) if isinstance(part, (Text, Term)) else part for name, part in value.params.items()}
    return _(value.template).format(**params)


@register.filter
def local(value: object, stem: str = "") -> str:
    """`{{ point|local }}`: of the pair `zh`, `en` (or `name_zh`, `name_en`) the one of the reader.

    `{{ rule|local:"note" }}`: of `note_zh`, `note_en`.
    """
    stems = [f"{stem}_"] if stem else ["", "name_"]
    for ending in ("en", "zh") if formats.is_english() else ("zh", "en"):
        for start in stems:
            key = start + ending
            found = value.get(key, "") if isinstance(value, Mapping) else getattr(value, key, "")
            if found:
                return str(found)
    return ""


@register.filter
def has_chinese(value: object) -> bool:
    """`{{ text|has_chinese }}`: whether a text holds Chinese, so that an English page can mark its language."""
    return table_cells.has_chinese(str(value or ""))


@register.filter
def own_language(value: object) -> SafeString:
    """`{{ name|own_language }}`: a name as it is, marked as Chinese where it is and the page is not."""
    return mark_safe(table_cells.own_language(value, is_english=formats.is_english()))  # noqa: S308  # escaped there


@register.filter
def symbol(value: str) -> SafeString:
    """`{{ "t_J"|symbol }}`: the symbol of a quantity, italic, with its index upright and low."""
    base, _low, index = str(value).partition("_")
    return format_html("<i>{}</i><sub>{}</sub>", base, index) if index else format_html("<i>{}</i>", base)


@register.filter
def status_of(value: str) -> str:
    """`{{ rule.status|status_of }}`: verified, from memory, unknown, assumption, pattern in the reader's words."""
    return status_words(value)


@register.filter
def state_of(kind: str) -> str:
    """`{{ kind|state_of }}`: the plain word of a state kind."""
    return state_word(kind)


@register.filter
def beside(row: Sequence[str], heads: Sequence[str]) -> list[tuple[str, str]]:
    """`{% for label, text in row|beside:heads %}`: each text of a row with the head of its column."""
    return list(zip(heads, row, strict=True))


@register.simple_tag
def list_rows(lines: Sequence[Line], has_boxes: object) -> SafeString:
    """`{% list_rows list.lines list.face.offers %}`: the rows of a list, with boxes to tick where there are offers."""
    return table_cells.rows(lines, has_boxes=bool(has_boxes))


@register.filter
def in_cell(cell: Cell) -> SafeString:
    """`{{ cell|in_cell }}`: what stands in a cell of a list."""
    return table_cells.in_cell(cell)


@register.filter
def clock_cell(clock: Clock | None) -> SafeString:
    """`{{ row.clock|clock_cell }}`: the clock of a row of a table."""
    return table_cells.clock_cell(clock)


@register.filter
def state_mark(kind: str, words: object = "") -> SafeString:
    """`{{ row.kind|state_mark:row.state }}`: a state in a row of a table; elsewhere it is `<c-state>`."""
    return table_cells.state_mark(kind, words)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "ok" %}`, `{% icon "search" "l" %}`: inline SVG, hidden from screen readers."""
    return icons.icon(name, size)


@register.simple_tag
def brand_mark() -> SafeString:
    """`{% brand_mark %}`: the plumb bob."""
    return mark_safe(icons.MARK)  # noqa: S308 our own drawing


@register.simple_tag
def qr(data: str, label: str = "") -> SafeString:
    """`{% qr url %}`: the QR code of a text as inline SVG, black on white in both themes."""
    return qr_svg(data, label=label)
