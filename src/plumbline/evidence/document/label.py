"""The label of an instrument as PDF, one of 40 x 30 mm a page or 36 a sheet of A4, and as the dots of a label printer.

It names the instrument and opens its page; a result is not printed on it, because results change and labels stay.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import segno

from plumbline.errors import InputError, say
from plumbline.evidence.document.press import press, require_printable

TEMPLATE = "label.typ"
A_SHEET = 36
DOTS_PER_MM = 8
"""Dots of the common label printers, 203 to the inch; the template's places lie on them."""
MM_PER_INCH = 25.4
MODULES_MOST = 37
"""Modules of the widest code (version 5) that leaves room for the words beside it."""
LINE_MOST = 24
Sheet = Literal["one", "a4"]


@dataclass(frozen=True)
class Label:
    """What one label says. lines: what the instrument is, the first in bold; foot: whose it is."""

    identity: str
    url: str
    lines: tuple[str, ...]
    foot: str


def render_labels(labels: Sequence[Label], *, sheet: Sheet, font_dir: Path, at: datetime, skip: int = 0) -> bytes:
    """Return the labels as PDF. skip: places of the first sheet of A4 that are used already, 0 to 35.

    Raises: InputError without a label, for a place that is not on the sheet, an address too long for the code, or
    characters the fonts lack; StateError if the fonts are missing.
    """
    if not labels:
        raise InputError(say("没有要打印的标签"), remedy=say("选一台器具"))
    if not 0 <= skip < A_SHEET:
        raise InputError(
            say("一张纸上只有 {most} 个位置", most=A_SHEET),
            remedy=say("写 0 到 {last}", last=A_SHEET - 1),
            field="skip",
        )
    return press(TEMPLATE, font_dir).pdf({"data": _data(labels, sheet, skip=skip, font_dir=font_dir)}, at)


def label_png(label: Label, *, font_dir: Path) -> bytes:
    """Return one label as PNG of 320 x 240 dots, grey at the edges of its letters. Raises: as `render_labels`."""
    data = _data([label], "one", skip=0, font_dir=font_dir)
    return press(TEMPLATE, font_dir).png({"data": data}, dots_per_inch=DOTS_PER_MM * MM_PER_INCH)


def _data(labels: Sequence[Label], sheet: Sheet, *, skip: int, font_dir: Path) -> str:
    text = json.dumps({"sheet": sheet, "skip": skip, "labels": [_fields(each) for each in labels]}, ensure_ascii=False)
    require_printable(text, font_dir)
    return text


def _fields(label: Label) -> dict[str, object]:
    code = segno.make_qr(label.url.upper(), error="m", boost_error=False)
    modules, _height = code.symbol_size(border=0)
    if modules > MODULES_MOST:
        raise InputError(
            say("网址太长，标签上印不下它的二维码"), remedy=say("把平台的网址改短，见设置说明"), field="url"
        )
    buffer = io.BytesIO()
    code.save(buffer, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, svgclass=None, lineclass=None)
    return {
        "identity": label.identity,
        "qr": buffer.getvalue().decode("utf-8"),
        "modules": modules,
        "lines": [{"text": line[:LINE_MOST], "strong": place == 0} for place, line in enumerate(label.lines) if line],
        "foot": label.foot[:LINE_MOST],
    }
