"""What a certificate cannot print: found, named with its code, and told beside every field that holds it."""

from __future__ import annotations

import string

import pytest

from plumbline.domain.rows.printing import require_printable, unprintable
from plumbline.errors import InputErrors


@pytest.mark.parametrize(
    "text",
    ["", string.printable.strip(), "示例石油有限公司（鹿城）", "测量范围 (5～60) L/min", "20\u2009L ±0.3 %", "DN50 Ø"],
)
def test_what_the_fonts_have_is_let_through(text: str) -> None:
    assert unprintable(text) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("示例𓀀公司", "𓀀（U+13000）"),
        ("🙂 and 𓀀", "𓀀（U+13000）、🙂（U+1F642）"),
        ("N\u200b1", "U+200B"),
        ("示例\u202e公司", "U+202E"),
        ("N\x001", "U+0000"),
    ],
)
def test_a_character_they_lack_is_named_with_its_code(text: str, named: str) -> None:
    assert unprintable(text) == named


def test_every_faulty_field_is_told_at_once_with_what_to_do() -> None:
    with pytest.raises(InputErrors) as refused:
        require_printable({"name_zh": "𓀀", "serial": "N-1", "maker": "🙂", "site_id": None})
    told = [(each.field, str(each.what)) for each in refused.value.errors]
    assert told == [("name_zh", "证书上印不出这些字符：𓀀（U+13000）"), ("maker", "证书上印不出这些字符：🙂（U+1F642）")]
    assert "换一种写法" in str(refused.value.remedy)
