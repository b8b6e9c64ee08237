"""Documents in a definition: what they may print and say, how long they hold, and how a fault is refused."""

from __future__ import annotations

from datetime import date

import pytest

from plumbline.errors import InputError
from plumbline.rulebook import procedures
from plumbline.rulebook.procedures import Wording
from plumbline.rulebook.procedures.loader import read_procedure
from plumbline.rulebook.reading import RULEBOOK, parse_table

TEXT = (RULEBOOK / "procedures" / "standard_examination_2.toml").read_text(encoding="utf-8")
CERTIFICATE = procedures.load("standard_examination").documents["certificate"]
DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"is_highest", "range"', '"persons", "range"', "个人信息"),
        ('"is_highest", "range"', '"contact_name", "range"', "个人信息"),
        ('"is_highest", "range"', '"report", "range"', "不是文字"),
        ('"is_highest", "range"', '"nothing", "range"', "nothing"),
        ("{applicant.name}建立", "{applicant.phone}建立", "applicant.phone"),
        ("{applicant.name}建立", "{contact_phone}建立", "个人信息"),
        ("{applicant.name}建立", "{1+1}建立", "花括号"),
        ("{applicant.name}建立", "{applicant.name建立", "花括号"),
        ('code = "BK"', 'code = "bk"', "bk"),
        ("valid_months = 60", 'valid_months = 60\nuntil = "visited_on"', "两种有效期"),
        ("valid_months = 60", 'until = "range"', "不是日期"),
        ("valid_months = 60", "valid_months = 0", "至少为 1"),
        ('grants_en = "', 'grants_fr = "', "grants_en"),
        ('word = "issue", document = "certificate"', 'word = "issue", document = "licence"', "licence"),
        ('code = "BK"', 'code = "BK"\nfont = "x"', "font"),
    ],
)
def test_a_document_that_says_what_it_may_not_is_refused(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError) as refused:
        read_procedure(parse_table(TEXT.replace(old, new, 1), file="probe.toml"))
    assert words in f"{refused.value.what}{refused.value.remedy}{refused.value.where}"


def test_both_languages_are_filled_in_with_their_own_values() -> None:
    filled = Wording("{a.b} 甲", "first {a.b}").filled({"a.b": Wording("乙", "second")})
    assert filled == Wording("乙 甲", "first second")


def test_months_end_on_the_day_before() -> None:
    assert CERTIFICATE.validity.last_day(DAY, until="") == date(2031, 11, 19)


def test_a_day_of_a_form_is_the_last_one_and_none_is_no_end() -> None:
    (until,) = procedures.load("institute_examination").documents.values()
    (without,) = procedures.load("c_mark_declaration").documents.values()
    assert until.validity.last_day(DAY, until="2030-01-01") == date(2030, 1, 1)
    assert without.validity.last_day(DAY, until="") is None


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ('zh = "计量标准考核证书"', 'zh = "考核证书"', True),
        ("valid_months = 60", "valid_months = 48", False),
        ('"is_highest", "range"', '"range"', False),
        ('code = "BK"', 'code = "KH"', False),
    ],
)
def test_the_digest_follows_what_a_document_binds_not_its_wording(old: str, new: str, *, is_same: bool) -> None:
    changed = read_procedure(parse_table(TEXT.replace(old, new, 1), file="probe.toml"))
    assert (changed.digest == procedures.load("standard_examination").digest) is is_same


def test_a_procedure_without_documents_keeps_the_digest_its_running_cases_hold() -> None:
    held = "dc9099af8c93c8696e48955e4ce9cc99d8fd3d22e6ef832c953bc15940fe54b9"
    assert procedures.load("verification").digest == held
