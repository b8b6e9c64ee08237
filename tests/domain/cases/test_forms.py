"""Forms of acts: every faulty field is named at once, and what is good is cleaned."""

from __future__ import annotations

from uuid import UUID

import pytest

from plumbline.domain.cases import rules
from plumbline.errors import InputErrors
from tests.domain.cases.stories import PROCEDURE

SUBMIT, ASSIGN, DELIVER = PROCEDURE.act("submit"), PROCEDURE.act("assign"), PROCEDURE.act("deliver")
GOOD: dict[str, object] = {
    "site": "1", "instruments": ["a", "b"], "place": "on_site", "contact_name": "示例员", "contact_phone": "1",
}  # fmt: skip


def faults(form: dict[str, object]) -> dict[str | None, str]:
    """Return what is wrong with an application by field."""
    with pytest.raises(InputErrors) as refused:
        rules.read_form(SUBMIT, form)
    return {error.field: str(error.what) for error in refused.value.errors}


def test_a_complete_form_is_taken_as_it_is() -> None:
    assert rules.read_form(SUBMIT, GOOD) == GOOD


def test_an_empty_form_names_every_required_field() -> None:
    assert faults({}) == {
        "site": "“使用地点”还没有填",
        "instruments": "“计量器具”还没有选",
        "place": "“检定方式”还没有填",
        "contact_name": "“联系人”还没有填",
        "contact_phone": "“联系电话”还没有填",
    }


def test_several_faults_of_different_kinds_are_told_together() -> None:
    bad = GOOD | {"place": "by_post", "wanted_on": "tomorrow", "contact_name": "  ", "remarks": "\x00"}
    assert set(faults(bad)) == {"place", "wanted_on", "contact_name", "remarks"}


def test_every_fault_says_what_to_do() -> None:
    with pytest.raises(InputErrors) as refused:
        rules.read_form(SUBMIT, GOOD | {"place": "by_post", "wanted_on": "tomorrow", "contact_name": ""})
    assert all(error.remedy for error in refused.value.errors)


@pytest.mark.parametrize("text", ["2026-11-31", "21.11.2026", "2026年11月21日", "0", "2026-11-21T10:00:00Z"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    assert set(faults(GOOD | {"wanted_on": text})) == {"wanted_on"}


def test_a_day_is_taken_in_one_form() -> None:
    assert rules.read_form(SUBMIT, GOOD | {"wanted_on": " 20261121 "})["wanted_on"] == "2026-11-21"


def test_spaces_around_a_text_are_dropped() -> None:
    assert rules.read_form(SUBMIT, GOOD | {"contact_name": "  示例员 "})["contact_name"] == "示例员"


def test_a_text_may_have_2000_characters() -> None:
    assert len(str(rules.read_form(SUBMIT, GOOD | {"remarks": "字" * 2000})["remarks"])) == 2000


def test_a_text_too_long_is_refused() -> None:
    assert faults(GOOD | {"remarks": "字" * 2001}) == {"remarks": "“备注”太长"}


@pytest.mark.parametrize("hidden", ["\x00", "\x1b", "\u202e", "\u2066", "\u200f"])
def test_a_text_with_characters_nobody_sees_is_refused(hidden: str) -> None:
    said = f"有看不见的字符，或改变文字方向的字符：U+{ord(hidden):04X}"
    assert faults(GOOD | {"remarks": f"a{hidden}b"}) == {"remarks": said}


def test_lines_and_tabs_are_kept() -> None:
    assert rules.read_form(SUBMIT, GOOD | {"remarks": "一\n二\t三"})["remarks"] == "一\n二\t三"


def test_empty_optional_fields_are_left_out() -> None:
    assert rules.read_form(SUBMIT, GOOD | {"remarks": " ", "wanted_on": ""}) == GOOD


def test_fields_that_the_form_does_not_have_are_dropped() -> None:
    assert rules.read_form(SUBMIT, GOOD | {"state": "issued"}) == GOOD


@pytest.mark.parametrize("instruments", [[], "a", None, ["", None], {"a": 1}])
def test_a_list_that_names_nothing_is_refused(instruments: object) -> None:
    assert set(faults(GOOD | {"instruments": instruments})) == {"instruments"}


def test_a_person_must_be_one_of_the_list() -> None:
    with pytest.raises(InputErrors) as refused:
        rules.read_form(ASSIGN, {"verifier": "张三", "checker": str(UUID(int=1)), "approver": ""})
    assert {error.field for error in refused.value.errors} == {"verifier", "approver"}


def test_a_person_is_taken_in_one_form() -> None:
    people = {"verifier": UUID(int=1).hex.upper(), "checker": str(UUID(int=2)), "approver": str(UUID(int=3))}
    assert rules.read_form(ASSIGN, people)["verifier"] == str(UUID(int=1))


def test_a_choice_beyond_the_options_is_shown_shortened() -> None:
    with pytest.raises(InputErrors) as refused:
        rules.read_form(DELIVER, {"way": "x" * 5000})
    assert len(str(refused.value.errors[0].what)) < 100
