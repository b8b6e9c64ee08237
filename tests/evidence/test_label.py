"""The label of an instrument: what is on it, on how many pages, and the dots a label printer burns."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

import plumbline
from plumbline.errors import InputError
from plumbline.evidence.document.label import Label, Sheet, label_png, render_labels
from plumbline.gateways.label_printer import zpl

FONTS = Path(plumbline.__file__).parent / "faces/kit/static/vendor/fonts"
AT = datetime(2026, 11, 20, tzinfo=UTC)
LABEL = Label(
    "PL-4K7M-2X9Q-8H-T",
    "http://localhost:8000/C/0123456789ABCDEFGHJKMNPQRS",
    ("燃油加油机", "EX-FD-4", "EX-19-30417", "3 号机 2 号枪"),
    "示例石油城西加油站",
)


@pytest.fixture(autouse=True)
def _fonts() -> None:
    if not FONTS.is_dir():
        pytest.skip("not run: the certificate fonts are not installed")


def pages(pdf: bytes) -> int:
    return int((re.search(rb"/Type\s*/Pages\s*/Count (\d+)", pdf) or [b"", b"0"])[1])


@pytest.mark.parametrize(
    ("count", "sheet", "skip", "expected"),
    [(1, "one", 0, 1), (5, "one", 0, 5), (1, "a4", 0, 1), (36, "a4", 0, 1), (36, "a4", 1, 2), (40, "a4", 35, 3)],
)  # fmt: skip
def test_labels_fill_their_pages(count: int, sheet: Sheet, skip: int, expected: int) -> None:
    assert pages(render_labels([LABEL] * count, sheet=sheet, font_dir=FONTS, at=AT, skip=skip)) == expected


def test_the_same_labels_are_the_same_bytes() -> None:
    first, second = (render_labels([LABEL], sheet="a4", font_dir=FONTS, at=AT) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("labels", "skip", "fault"),
    [
        ([], 0, "没有要打印的标签"),
        ([LABEL], 36, "只有 36 个位置"),
        ([LABEL], -1, "只有 36 个位置"),
        ([replace(LABEL, foot="\U0001f600")], 0, "没有这些字符"),
        ([replace(LABEL, url="http://" + "a" * 120 + "/C/X")], 0, "印不下它的二维码"),
    ],
    ids=["none", "place 36", "place -1", "no glyph", "long address"],
)
def test_what_cannot_be_printed_is_refused(labels: list[Label], skip: int, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        render_labels(labels, sheet="a4", font_dir=FONTS, at=AT, skip=skip)


def test_a_printer_is_sent_every_dot_of_the_label() -> None:
    job = zpl([label_png(LABEL, font_dir=FONTS)]).decode()
    found = re.fullmatch(r"\^XA\^PW320\^LL240\^FO0,0\^GFA,9600,9600,40,([0-9A-F]{19200})\^FS\^XZ\n", job)
    assert found is not None
    dots = Image.frombytes("1", (320, 240), bytes.fromhex(found[1]))
    assert dots.getpixel((12, 12)) == 255  # the corner of the code, 1.5 mm from both edges, is burnt
    assert dots.getpixel((4, 4)) == 0  # the margin is not


def test_each_label_is_a_job_of_its_own() -> None:
    picture = label_png(LABEL, font_dir=FONTS)
    assert zpl([picture, picture]).count(b"^XA") == 2
