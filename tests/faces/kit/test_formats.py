"""How numbers, dates, codes and durations are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import Term, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.templatetags import kit


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("-0.11", None, "−0.11"),
        ("−0.11", None, "−0.11"),
        (1088, None, "1\u202f088"),
        (1234567.5, 1, "1\u202f234\u202f567.5"),
        ("20.10", None, "20.10"),
        (0.005, 1, "0.0"),
        (-0.001, 1, "0.0"),
        (None, None, "–"),
        ("", 2, "–"),
        ("不明", 2, "不明"),
        (float("nan"), 2, "nan"),
        ("+0.46", None, "+0.46"),
    ],
)
def test_number_is_written_with_true_minus_and_thin_spaces(
    value: formats.Number | None, decimals: int | None, expected: str
) -> None:
    assert formats.number(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("0.46", "+0.46"), (-0.11, "−0.11"), ("0.00", "0.00"), ("+0.4", "+0.4"), (None, "–")]
)
def test_error_always_shows_its_sign_and_zero_has_none(value: formats.Number | None, expected: str) -> None:
    assert formats.signed(value) == expected


def test_quantity_has_a_space_that_does_not_break() -> None:
    assert formats.quantity("0.30", "%") == "0.30\u00a0%"
    assert formats.quantity(formats.signed("0.46"), "%") == "+0.46\u00a0%"
    assert formats.quantity(None, "%") == "–"


def test_unknown_limit_is_said_to_be_unknown() -> None:
    assert formats.limits(None, "%") == "不明"
    assert formats.limits("0.30", "%") == "±0.30\u00a0%"


def test_day_is_the_local_day() -> None:
    late_in_utc = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert formats.day(late_in_utc) == "2026-11-24"
    assert formats.moment(late_in_utc) == "2026-11-24 01:30"
    assert formats.day(None) == "–"


def test_day_in_words_follows_the_language() -> None:
    day = date(2027, 3, 1)
    assert formats.day_words(day).replace("\u00a0", " ") == "2027 年 3 月 1 日"
    with translation.override("en"):
        assert formats.day_words(day).replace("\u00a0", " ") == "1 March 2027"


def test_code_is_grouped_in_fives_once() -> None:
    assert formats.code_groups("7k3m92qxf4h8tdw0c5rn6abzey") == "7K3M9-2QXF4-H8TDW-0C5RN-6ABZE-Y"
    assert formats.code_groups("PL-4K7M-2X9Q-8H-T") == "PL-4K7M-2X9Q-8H-T"


@pytest.mark.parametrize(
    ("span", "expected"),
    [(timedelta(seconds=40), "40 秒"), (timedelta(minutes=6), "6 分"), (11400, "3 小时 10 分"), (200000, "2 天")],
)
def test_duration_is_one_phrase(span: timedelta | float, expected: str) -> None:
    assert formats.duration(span) == expected


def test_sentence_of_an_error_is_filled_in_and_may_hold_another() -> None:
    inner = say("重复性超出限值")
    assert kit.text_of(say("{name}：{what}", name="q1", what=inner)) == "q1：重复性超出限值"
    assert kit.text_of(None) == ""


def test_term_in_a_sentence_is_taken_in_the_language_of_the_reader() -> None:
    sentence = say("{point}：", point=Term("流量点", "Flow point"))
    assert kit.text_of(sentence) == "流量点："
    with translation.override("en"):
        assert kit.text_of(sentence).startswith("Flow point")
        assert kit.text_of(Term("流量点", "Flow point")) == "Flow point"


def test_symbol_has_its_index_upright() -> None:
    assert kit.symbol("t_J") == "<i>t</i><sub>J</sub>"
    assert kit.symbol("U") == "<i>U</i>"
    assert kit.symbol("<b>_x") == "<i>&lt;b&gt;</i><sub>x</sub>"


def test_name_is_taken_in_the_language_of_the_reader() -> None:
    thing = {"zh": "流量点", "en": "Flow point", "note_zh": "注", "note_en": ""}
    assert kit.local(thing) == "流量点"
    with translation.override("en"):
        assert kit.local(thing) == "Flow point"
        assert kit.local(thing, "note") == "注"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3))
def test_number_reads_back_as_the_same_number(value: object) -> None:
    text = formats.number(str(value)).replace("\u202f", "").replace("−", "-")
    assert float(text) == float(str(value))
