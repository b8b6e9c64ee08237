"""The cells of long tables as HTML, written here and not as components: a page of a list has hundreds of them.

What is not ours is escaped; the strings returned are marked safe for the template that holds them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from plumbline.faces.kit import formats, icons
from plumbline.faces.kit.cells import Cell, Line
from plumbline.faces.kit.shapes import Clock
from plumbline.faces.kit.words import state_word

_MINI = (
    '<svg class="mini {css}" viewBox="0 0 64 6" role="img" aria-label="{words}"><path class="g" d="M0 0h64v6H0z"/>'
    '<rect class="mb" width="{bar}" height="6"/></svg>'
)


def has_chinese(text: str) -> bool:
    """Tell whether a text holds Chinese."""
    return any("\u3400" <= each <= "\u9fff" for each in text)


def own_language(text: object, *, is_english: bool) -> str:
    """Return a name as HTML, marked as Chinese where it is and the page is not."""
    escaped = _escaped(text)
    return f'<span lang="zh-CN">{escaped}</span>' if is_english and has_chinese(str(text)) else escaped


def state_mark(kind: str, words: object = "") -> SafeString:
    """Return the mark of a state: its sign with the words, the plain word of the kind where there are none."""
    return _safe(f'<span class="st {conditional_escape(kind)}">{icons.icon(kind)}{_words(kind, words)}</span>')


def clock_cell(clock: Clock | None) -> SafeString:
    """Return the clock of a row: days used of the limit with a bar, or its words where there is no limit."""
    if clock is None:
        return _safe(f'<span class="s3">{formats.DASH}</span>')
    words = conditional_escape(clock.words)
    if not clock.total:
        return _safe(f'<span class="nw"><span class="s3">{words}</span></span>')
    late = " bad" if clock.kind == "over" else ""
    bar = _MINI.format(css=clock.css, words=words, bar=clock.bar)
    days = f'<span class="tn{late}">{clock.day}</span><span class="s3 tn"> / {clock.total}</span>'
    return _safe(f'<span class="nw">{days} {bar}</span>')


def in_cell(cell: Cell, *, is_english: bool | None = None) -> SafeString:
    """Return what stands in a cell of a list. is_english: the language of the page, asked where it is not told."""
    english = formats.is_english() if is_english is None else is_english
    if cell.clock:
        return clock_cell(cell.clock)
    if cell.lines:
        return _safe(f"<div>{''.join(_line(each, is_english=english) for each in cell.lines)}</div>")
    text = own_language(cell.text, is_english=english)
    if cell.kind:
        text = state_mark(cell.kind, _safe(text))
        return _safe(f'<a href="{conditional_escape(cell.url)}">{text}</a>') if cell.url else _safe(text)
    if cell.url:
        return _safe(f'<a class="id {conditional_escape(cell.css)}" href="{conditional_escape(cell.url)}">{text}</a>')
    return _safe(text)


def rows(lines: Sequence[Line], *, has_boxes: bool) -> SafeString:
    """Return the rows of a list, each with a box to tick where there are acts on many."""
    english = formats.is_english()
    return _safe("".join(_row(line, has_boxes=has_boxes, is_english=english) for line in lines))


def _row(line: Line, *, has_boxes: bool, is_english: bool) -> str:
    box = ""
    if has_boxes:
        value, name = conditional_escape(line.key), conditional_escape(line.name)
        tick = f'<input type="checkbox" name="row" value="{value}"><span class="vh">{name}</span>'
        box = f'<td class="lst-c"><label>{tick}</label></td>'
    return f"<tr>{box}{''.join(_cell(label, cell, is_english=is_english) for label, cell in line.cells)}</tr>"


def _cell(label: str, cell: Cell, *, is_english: bool) -> str:
    css = f' class="{conditional_escape(cell.css)}"' if cell.css else ""
    return f'<td data-label="{conditional_escape(label)}"{css}>{in_cell(cell, is_english=is_english)}</td>'


def _line(cell: Cell, *, is_english: bool) -> str:
    mark = f" {state_mark(cell.kind, cell.value)}" if cell.kind else ""
    return f"<div>{own_language(cell.text, is_english=is_english)}{mark}</div>"


def _words(kind: str, words: object) -> str:
    said = _escaped(words)
    return said if said.strip() else conditional_escape(state_word(kind))


def _escaped(said: object) -> str:
    return conditional_escape("" if said is None else said if isinstance(said, str) else str(said))


def _safe(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308  # every part is ours or was escaped above
