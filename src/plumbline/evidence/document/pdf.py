"""Answers what a certificate looks like on paper: PDF/A-3b with its DCC attached, the same bytes for the same content.

A view only: the signed original is the DCC. The compiler is kept between documents and guarded by a lock. Characters
the fonts lack are an error, never a box: ask `unprintable` where names are typed in.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import threading
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import segno
import typst

from plumbline.errors import InputError, StateError, say
from plumbline.evidence.document.content import CertificateContent
from plumbline.evidence.document.glyphs import covered
from plumbline.evidence.document.ornament import frame_svg
from plumbline.evidence.document.view import view_of

HERE = Path(__file__).parent
TEMPLATE = HERE / "certificate.typ"
TEXT_FONTS = ("NotoSerifSC_400Regular.ttf", "NotoSans_400Regular.ttf")
BOLD_FONTS = ("NotoSerifSC_700Bold.ttf", "NotoSans_700Bold.ttf")
MATH_FONT = "NotoSansMath_400Regular.ttf"

_PAGES = re.compile(rb"/Type\s*/Pages\s*/Count (\d+)")

# Written by the template itself or allowed to break a line; no font needs a glyph for them.
_WITHOUT_GLYPH = frozenset("\n\t\r")


def render_pdf(content: CertificateContent, dcc_xml: bytes | None, *, font_dir: Path, at: datetime) -> bytes:
    """Return the PDF/A-3b of a certificate, or of a draft when its number is None (then `dcc_xml` is None).

    at: the creation time written into the file.  Raises: InputError for characters the fonts lack, or for a certificate
    without its DCC; StateError if the fonts are missing.
    """
    if content.is_draft != (dcc_xml is None):
        raise InputError(say("证书的 PDF 要附上它的 DCC，草稿则没有 DCC"))
    if at.tzinfo is None:
        raise InputError(say("时间必须带时区"), field="at")
    record = dcc_xml or b""
    view = json.dumps(view_of(content, hashlib.sha256(record).hexdigest() if record else ""), ensure_ascii=False)
    if lacking := unprintable(view, font_dir):
        raise InputError(
            say("证书字体里没有这些字符：{characters}", characters=" ".join(sorted(lacking))),
            remedy=say("换一种写法，或把字补进证书字体"),
        )
    inputs = {
        "data": view,
        "dcc": record.decode("utf-8"),
        "qr": qr_svg(content.lookup_url) if content.lookup_url else "",
        "frame": "" if content.is_draft else frame_svg(),
        "mark": (HERE / "mark.svg").read_text(encoding="utf-8"),
    }
    return _press(font_dir).print(inputs, at)


def qr_svg(url: str) -> str:
    """Return the look-up code of an address: upper case for QR's alphanumeric mode, error level Q, no margin."""
    buffer = io.BytesIO()
    code = segno.make_qr(url.upper(), error="q", boost_error=False)
    code.save(buffer, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, svgclass=None, lineclass=None)
    return buffer.getvalue().decode("utf-8")


def unprintable(text: str, font_dir: Path) -> set[str]:
    """Return the characters of `text` that the certificate fonts cannot print, in regular or in bold type."""
    regular = _coverage(font_dir, TEXT_FONTS)
    bold = _coverage(font_dir, BOLD_FONTS)
    return {
        character for character in set(text) if ord(character) not in regular or ord(character) not in bold
    } - _WITHOUT_GLYPH


class _Press:
    """One compiler with its fonts, used by one thread at a time."""

    def __init__(self, font_dir: Path) -> None:
        self._lock = threading.Lock()
        folders = sorted({_font(font_dir, name).parent for name in (*TEXT_FONTS, *BOLD_FONTS, MATH_FONT)})
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        self._compiler = typst.Compiler(TEMPLATE, root=HERE, font_paths=fonts)

    def print(self, inputs: dict[str, str], at: datetime) -> bytes:
        """Return the PDF. It is laid out for the usual two pages first, and again with counted pages if it has more."""
        with self._lock:
            pdf = self._compile({**inputs, "pages": "2"}, at)
            pages = _PAGES.search(pdf)
            return pdf if pages is not None and pages[1] == b"2" else self._compile({**inputs, "pages": "any"}, at)

    def _compile(self, inputs: dict[str, str], at: datetime) -> bytes:
        try:
            pdf = self._compiler.compile(
                format="pdf", sys_inputs=inputs, pdf_standards=["a-3b"], timestamp=int(at.timestamp())
            )
        except typst.TypstError as error:
            raise InputError(say("排不出证书：{reason}", reason=error.message)) from error
        if not isinstance(pdf, bytes):
            raise InputError(say("排不出证书：{reason}", reason="typst"))
        return pdf


@lru_cache(maxsize=2)
def _press(font_dir: Path) -> _Press:
    return _Press(font_dir)


@lru_cache(maxsize=8)
def _coverage(font_dir: Path, names: tuple[str, ...]) -> frozenset[int]:
    return frozenset().union(*(covered(_font(font_dir, name).read_bytes()) for name in names))


def _font(font_dir: Path, name: str) -> Path:
    for path in sorted(font_dir.rglob(name)):
        return path
    raise StateError(
        say("缺少证书字体 {name}", name=name), where=say("{folder}", folder=font_dir), remedy=say("重新运行安装步骤")
    )
