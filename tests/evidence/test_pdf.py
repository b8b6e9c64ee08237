"""The printed view: PDF/A-3b with its record inside, the same bytes twice, and no character that becomes a box."""

from __future__ import annotations

import json
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars
import pytest

import plumbline
from plumbline.errors import InputError, StateError
from plumbline.evidence.document import pdf
from plumbline.evidence.document.content import Bilingual, CertificateContent, CheckOutcome, Results
from plumbline.evidence.document.dcc import build_dcc
from plumbline.evidence.document.dsi import _BY_SYMBOL
from plumbline.evidence.document.ornament import frame_svg
from plumbline.evidence.document.pdf import qr_svg, render_pdf
from plumbline.evidence.document.press import press, unprintable
from plumbline.evidence.document.view import chart, fitted, signed, view_of
from tests.evidence.samples import AT, CERTIFICATE, DRAFT, NOTICE
from tests.shared_data import shared_path

FONTS = Path(plumbline.__file__).parent / "faces/kit/static/vendor/fonts"

UNKNOWN = replace(
    CERTIFICATE,
    results=replace(
        CERTIFICATE.results,
        points=tuple(
            replace(p, mpe=None, repeatability=None, repeatability_limit=None, verdict="unknown", U_to_mpe=None)
            for p in CERTIFICATE.results.points
        ),
    ),
)
LONG = replace(
    NOTICE,
    applicant=replace(NOTICE.applicant, name=Bilingual("示例" * 60, "Example " * 20)),
    standards=CERTIFICATE.standards * 6,
    results=replace(NOTICE.results, points=NOTICE.results.points * 4),
    checks=tuple(CheckOutcome(f"c{i}", Bilingual(f"检查 {i}", f"Check {i}"), "ok") for i in range(14)),
)


@pytest.fixture(scope="module")
def fonts() -> Path:
    """Return the folder of the installed fonts, or say that these tests were not run."""
    if not FONTS.is_dir():
        pytest.skip("not run: the certificate fonts are not installed")
    return FONTS


def _pdf(content: CertificateContent, fonts: Path) -> bytes:
    return render_pdf(content, None if content.is_draft else build_dcc(content), font_dir=fonts, at=AT)


def _streams(data: bytes) -> list[bytes]:
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    return [zlib.decompressobj().decompress(part) if part[:1] == b"\x78" else part for part in found]


def _pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", data))


@pytest.mark.parametrize(
    ("content", "pages"),
    [(CERTIFICATE, 2), (NOTICE, 2), (DRAFT, 2), (UNKNOWN, 2), (LONG, 4), (replace(NOTICE, results=Results((), ())), 2)],
    ids=["certificate", "notice", "draft", "unknown limits", "long", "nothing measured"],
)
def test_every_kind_of_document_is_printed_on_its_pages(content: CertificateContent, pages: int, fonts: Path) -> None:
    assert _pages(_pdf(content, fonts)) == pages


def test_pages_are_counted_when_there_are_more_than_two(fonts: Path) -> None:
    compiler = press(pdf.TEMPLATE, fonts)
    inputs = {
        "qr": qr_svg(LONG.lookup_url),
        "frame": frame_svg(),
        "dcc": "",
        "mark": (pdf.HERE / "mark.svg").read_text(),
    }
    inputs["data"] = json.dumps(view_of(LONG, ""))
    counted, guessed = (compiler.pdf({**inputs, "pages": pages}, AT) for pages in ("any", "2"))
    assert (_pages(counted), counted == guessed) == (4, False)
    assert _pages(_pdf(LONG, fonts)) == 4


def test_file_is_pdf_a_3b_with_its_record_inside(fonts: Path) -> None:
    data = _pdf(CERTIFICATE, fonts)
    assert data.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>3</pdfaid:part>" in data
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in data
    assert re.search(rb"/AFRelationship\s*/Source", data)
    assert build_dcc(CERTIFICATE) in _streams(data)


def test_same_content_gives_the_same_file(fonts: Path) -> None:
    first = _pdf(CERTIFICATE, fonts)
    _pdf(NOTICE, fonts)
    assert _pdf(CERTIFICATE, fonts) == first


def test_several_threads_may_print_at_once(fonts: Path) -> None:
    contents = [CERTIFICATE, NOTICE] * 3
    expected = [_pdf(content, fonts) for content in contents]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(_pdf, contents, [fonts] * 6)) == expected


def test_draft_has_no_record_inside_and_no_code(fonts: Path) -> None:
    assert b"/AFRelationship" not in _pdf(DRAFT, fonts)
    assert view_of(DRAFT, "")["code"] == ""
    assert view_of(DRAFT, "")["number"] == ""


@pytest.mark.parametrize(("content", "xml"), [(CERTIFICATE, None), (DRAFT, b"<a/>")])
def test_certificate_needs_its_record_and_a_draft_has_none(
    content: CertificateContent, xml: bytes | None, fonts: Path
) -> None:
    with pytest.raises(InputError):
        render_pdf(content, xml, font_dir=fonts, at=AT)


def test_naive_time_is_refused(fonts: Path) -> None:
    with pytest.raises(InputError):
        render_pdf(DRAFT, None, font_dir=fonts, at=datetime(2026, 1, 1))  # noqa: DTZ001  wrong on purpose


def test_missing_fonts_are_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="NotoSerifSC"):
        render_pdf(DRAFT, None, font_dir=tmp_path, at=AT)


# ---- characters -----------------------------------------------------------------------------------------------------


def test_character_without_glyph_is_refused_and_named(fonts: Path) -> None:
    content = replace(CERTIFICATE, applicant=replace(CERTIFICATE.applicant, name=Bilingual("示例𓀀公司")))
    with pytest.raises(InputError, match="𓀀"):
        _pdf(content, fonts)
    assert unprintable("示例𓀀公司 and 🙂", fonts) == {"𓀀", "🙂"}


def test_every_symbol_of_units_and_results_is_printable(fonts: Path) -> None:
    symbols = "".join(_BY_SYMBOL) + "±−×÷·~℃‰①②③₀₁₂₃⁰⁻¹²³αβγδθλμπρσφωΔΩ≤≥≠≈（）《》，。、：；“”—…–◆"
    assert unprintable(symbols, fonts) == set()


def test_every_division_name_is_printable(fonts: Path) -> None:
    table = polars.read_parquet(shared_path("data/cn_divisions/divisions.parquet"))
    text = "".join(table.select(polars.col(polars.String)).to_numpy().astype(str).ravel())
    assert len(text) > 10_000
    assert unprintable(text, fonts) == set()


# ---- the parts of the page ------------------------------------------------------------------------------------------


def test_look_up_code_is_version_4_of_upper_case_letters() -> None:
    assert 'viewBox="0 0 33 33"' in qr_svg("https://check.example.cn/c/0123456789abcdefghjkmnpqrs")


def test_frame_is_the_same_every_time_and_small() -> None:
    assert frame_svg.__wrapped__() == frame_svg()
    assert len(frame_svg()) < 300_000


def test_chart_holds_limits_and_intervals() -> None:
    drawing = chart(NOTICE)
    inside = [value for row in drawing["rows"] for value in (row["low"], row["high"], *row["limits"])]
    assert 0 < min(inside) < 0.5 < max(inside) < 1
    assert drawing["rows"][0]["value"] > drawing["rows"][0]["limits"][1]
    assert [tick["label"] for tick in drawing["ticks"]] == ["0", "−0.30 %", "+0.30 %"]


def test_chart_of_zero_errors_and_zero_uncertainty_is_drawn() -> None:
    points = tuple(replace(p, error="0.00", U="0", mpe=None) for p in UNKNOWN.results.points)
    assert [
        row["value"] for row in chart(replace(UNKNOWN, results=replace(UNKNOWN.results, points=points)))["rows"]
    ] == [
        0.5,
        0.5,
    ]


@pytest.mark.parametrize(("number", "shown"), [("0.19", "+0.19"), ("-0.15", "−0.15"), ("0.00", "0.00"), ("+1", "+1")])
def test_error_shows_its_sign(number: str, shown: str) -> None:
    assert signed(number) == shown


def test_unknown_limits_are_said_to_be_unknown() -> None:
    limits = view_of(UNKNOWN, "0" * 64)["limits"]
    assert "最大允许误差 未知，重复性限 未知" in limits["zh"]
    assert "unknown" in limits["en"]


def test_notice_says_no_validity() -> None:
    labels = [row["label"]["zh"] for row in view_of(NOTICE, "0" * 64)["dates"]]
    assert labels == ["检定日期", "签发日期"]


@pytest.mark.parametrize(("text", "size"), [("", 12), ("短", 12), ("字" * 27, 12), ("字" * 36, 9), ("字" * 500, 7)])
def test_long_text_is_set_smaller_down_to_seven_points(text: str, size: float) -> None:
    assert fitted(text, 12, room=27) == size
