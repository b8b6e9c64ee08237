"""How long one certificate takes to be set as a PDF/A-3b, beside WeasyPrint (BSD-3-Clause) with the same content.

Both keep their fonts and compiler between documents, both set the same two pages with the same fonts, frame, code,
chart and attached DCC. WeasyPrint needs the machine's Pango; without it the comparison is not run and says so.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import typst
from tests.evidence.samples import AT, CERTIFICATE

from bench.bodies.peer import peer
from bench.bodies.stopwatch import patched
from bench.report import Report, own_peak_kib, seconds
from plumbline.evidence.document import dcc, ornament, pdf
from plumbline.evidence.document.content import CertificateContent
from plumbline.evidence.document.view import view_of

FONTS = Path(pdf.__file__).parents[2] / "faces" / "kit" / "static" / "vendor" / "fonts"
SERIES = 15
EMPTY_FRAME = '<svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" viewBox="0 0 210 297"/>'
_count = count(1)


def run(report: Report, *, rounds: int = 7) -> None:
    """Measure ours, the peer's and the floor."""
    report.summary = (
        "One certificate of two pages, in Chinese and English, PDF/A-3b with its DCC attached; no two alike."
    )
    report.figure("first certificate of a process", one_certificate(), "s", note="fonts are read")
    report.figure("size", len(render(CERTIFICATE, dcc.build_dcc(CERTIFICATE))) / 1000, "kB", note="ours")
    try:
        beside_weasyprint(report, rounds)
    except RuntimeError as error:
        report.notes.append(f"WeasyPrint: not run, {str(error).splitlines()[0]}")
        report.figure("one certificate", median_of(one_certificate), "s", note=f"median of {SERIES}")
    with tempfile.TemporaryDirectory() as folder:
        empty_s = median_of(empty_page(Path(folder)))
    report.floor("one certificate", empty_s, note="an empty page by the same compiler with the same fonts")
    report.figure(
        "its DCC", median_of(lambda: seconds(lambda: dcc.build_dcc(another()))), "s", note="not counted above"
    )
    report.figure(
        "its code", median_of(lambda: seconds(lambda: pdf.qr_svg(another().lookup_url))), "s", note="QR, counted above"
    )
    report.peak_memory("ours", own_peak_kib())


def beside_weasyprint(report: Report, rounds: int) -> None:
    """Compare pair by pair. Raises: RuntimeError if the peer cannot run here."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "certificate.json"
        given.write_text(json.dumps(parts(), ensure_ascii=False))
        with peer("weasyprint", "weasyprint_page.py", [given, FONTS]) as weasyprint:
            theirs = ("WeasyPrint", weasyprint.seconds)
            report.compare("one certificate", ours=one_certificate, peer=theirs, rounds=rounds)
            plain = ("WeasyPrint", lambda: weasyprint.seconds("plain"))
            report.compare("without the woven frame", ours=one_without_frame, peer=plain, rounds=rounds)
            report.notes.append(f"The peer: {weasyprint.about}.")
            report.peak_memory("WeasyPrint", weasyprint.end())


def one_certificate() -> float:
    """Set a certificate that was not set before; return the seconds. The compiler remembers what it has seen."""
    content = another()
    record = dcc.build_dcc(content)
    return seconds(lambda: render(content, record))


def one_without_frame() -> float:
    """Set a certificate without the woven frame: half of what costs the peer its time is the drawing of that."""
    with patched(pdf, "frame_svg", lambda: EMPTY_FRAME):
        return one_certificate()


def another() -> CertificateContent:
    """Return the sample with a number, a serial, a code and readings of its own."""
    number = next(_count)
    code = f"{number:026d}"
    points = tuple(
        replace(point, error=f"{0.001 * (number % 97):.2f}", U=f"0.0{number % 7 + 2}")
        for point in CERTIFICATE.results.points
    )
    return replace(
        CERTIFICATE,
        number=f"PLDEMO-J-2025-{number:06d}-K",
        lookup_code=code,
        lookup_url=f"http://localhost:8000/C/{code}",
        instrument=replace(CERTIFICATE.instrument, serial=f"EX-19-{number:05d}"),
        results=replace(CERTIFICATE.results, points=points),
    )


def render(content: CertificateContent, record: bytes) -> bytes:
    """Set a certificate as it is issued."""
    return pdf.render_pdf(content, record, font_dir=FONTS, at=AT)


def parts() -> dict[str, object]:
    """Return what the page is made of, as data for the peer."""
    record = dcc.build_dcc(CERTIFICATE)
    return {
        "view": view_of(CERTIFICATE, hashlib.sha256(record).hexdigest()),
        "qr": pdf.qr_svg(CERTIFICATE.lookup_url),
        "frame": ornament.frame_svg(),
        "dcc": record.decode(),
    }


def empty_page(folder: Path) -> Callable[[], float]:
    """Return the cost of setting an empty page of the same kind."""
    page = folder / "empty.typ"
    page.write_text('#set document(title: "empty", date: auto)\n#set page(paper: "a4")\n')
    folders = sorted({path.parent for path in FONTS.rglob("*.ttf")})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    compiler = typst.Compiler(page, root=folder, font_paths=fonts)
    at = count(int(AT.timestamp()))
    return lambda: seconds(lambda: compiler.compile(format="pdf", pdf_standards=["a-3b"], timestamp=next(at)))


def median_of(cost: Callable[[], float]) -> float:
    """Return the middle cost of a series, after one that warms up."""
    cost()
    return statistics.median(cost() for _ in range(SERIES))
