"""Answers what a certificate looks like on paper: PDF/A-3b with its DCC attached, the same bytes for the same content.

A view only: the signed original is the DCC.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import segno

from plumbline.errors import InputError, say
from plumbline.evidence.document.content import CertificateContent
from plumbline.evidence.document.ornament import frame_svg
from plumbline.evidence.document.press import press, require_printable
from plumbline.evidence.document.view import view_of

HERE = Path(__file__).parent
TEMPLATE = "certificate.typ"

_PAGES = re.compile(rb"/Type\s*/Pages\s*/Count (\d+)")


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
    require_printable(view, font_dir)
    inputs = {
        "data": view,
        "dcc": record.decode("utf-8"),
        "qr": qr_svg(content.lookup_url) if content.lookup_url else "",
        "frame": "" if content.is_draft else frame_svg(),
        "mark": (HERE / "mark.svg").read_text(encoding="utf-8"),
    }
    return laid_out(TEMPLATE, inputs, usual=2, font_dir=font_dir, at=at)


def laid_out(template: str, inputs: Mapping[str, str], *, usual: int, font_dir: Path, at: datetime) -> bytes:
    """Return a document laid out for the usual number of pages first, and again with counted pages if it has others."""
    pdf = press(template, font_dir).pdf({**inputs, "pages": str(usual)}, at)
    pages = _PAGES.search(pdf)
    if pages is not None and int(pages[1]) == usual:
        return pdf
    return press(template, font_dir).pdf({**inputs, "pages": "any"}, at)


def qr_svg(url: str) -> str:
    """Return the look-up code of an address: upper case for QR's alphanumeric mode, error level Q, no margin."""
    buffer = io.BytesIO()
    code = segno.make_qr(url.upper(), error="q", boost_error=False)
    code.save(buffer, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, svgclass=None, lineclass=None)
    return buffer.getvalue().decode("utf-8")
