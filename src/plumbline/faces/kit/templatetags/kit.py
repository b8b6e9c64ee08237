"""Filters and tags of the kit: `{% load kit %}`. They format and pick a language; they decide nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plumbline.errors import PlumblineError, Term, Text
from plumbline.faces.kit import formats, icons
from plumbline.faces.kit.cells import Cell
from plumbline.faces.kit.codes import qr_svg
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
    return any("\u3400" <= each <= "\u9fff" for each in str(value or ""))


@register.filter
def own_language(value: object) -> SafeString:
    """`{{ name|own_language }}`: a name as it is, marked as Chinese where it is and the page is not."""
    if formats.is_english() and has_chinese(value):
        return format_html('<span lang="zh-CN">{}</span>', value)
    return format_html("{}", "" if value is None else value)


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


@register.filter
def in_cell(cell: Cell) -> SafeString:
    """`{{ cell|in_cell }}`: what stands in a cell of a list that has neither clock nor lines.

    Written here and not as a component, because a page has hundreds of cells.
    """
    text = own_language(cell.text)
    if cell.kind:
        words = text or state_word(cell.kind)
        text = format_html('<span class="st {}">{}{}</span>', cell.kind, icons.icon(cell.kind), words)
        return format_html('<a href="{}">{}</a>', cell.url, text) if cell.url else text
    return format_html('<a class="id {}" href="{}">{}</a>', cell.css, cell.url, text) if cell.url else text


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
