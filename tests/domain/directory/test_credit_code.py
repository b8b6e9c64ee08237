"""Unified social credit codes: the check digit, what is refused, what is only odd."""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.domain.directory import rules
from plumbline.errors import InputError
from plumbline.rulebook import regions
from tests.shared_data import shared_path

KNOWN = {"110000", "330305", "350100"}


def _examples() -> list[dict[str, str]]:
    with shared_path("data/uscc/examples.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _is_accepted(code: str) -> bool:
    try:
        rules.read_credit_code(code, regions.codes(), is_new=True)
    except InputError:
        return False
    return True


def _outcome(text: str) -> str | InputError:
    try:
        return rules.read_credit_code(text, KNOWN, is_new=True).code
    except InputError as err:
        return err


def test_published_examples_are_judged_as_their_kind_says() -> None:
    judged = {row["code"]: _is_accepted(row["code"]) for row in _examples()}

    assert judged == {row["code"]: row["kind"] != "invalid" for row in _examples()}


def test_worked_examples_are_judged_as_published() -> None:
    worked = json.loads(shared_path("domain/worked_examples.json").read_text(encoding="utf-8"))["uscc"]

    assert {each["code"]: _is_accepted(each["code"]) for each in worked} == {
        each["code"]: each["valid"] for each in worked
    }
    assert rules.check_digit("91350100M000100Y4") == worked[1]["check_should_be"]


def test_public_university_is_accepted_with_a_warning_about_its_region() -> None:
    code = rules.read_credit_code("12100000470095016Q", regions.codes(), is_new=True)

    assert code.warnings == (rules.UNKNOWN_REGION,)


def test_unknown_kind_is_a_warning() -> None:
    first17 = "X9330305MA0000001"

    code = rules.read_credit_code(first17 + rules.check_digit(first17), KNOWN, is_new=True)

    assert code.warnings == (rules.UNKNOWN_KIND,)


def test_all_digits_alone_is_no_fault() -> None:
    first17 = "91330305000000013"
    code = first17 + rules.check_digit(first17)

    assert code.isdecimal()
    assert rules.read_credit_code(code, KNOWN, is_new=True).warnings == ()


@pytest.mark.parametrize(
    "text", ["123456789012345678", "000000000000000000", "222222222222222222", "987654321098765432"]
)
@pytest.mark.parametrize("is_new", [True, False])
def test_placeholder_is_refused_even_from_an_import(text: str, *, is_new: bool) -> None:
    with pytest.raises(InputError, match="占位号"):
        rules.read_credit_code(text, KNOWN, is_new=is_new)


def test_placeholder_passes_the_check_digit_and_is_refused_all_the_same() -> None:
    assert rules.check_digit("12345678901234567") == "8"


def test_wrong_check_digit_of_a_new_code_is_refused_with_the_right_one() -> None:
    with pytest.raises(InputError, match="末位应为 L") as caught:
        rules.read_credit_code("911100006000373411", KNOWN, is_new=True)

    assert caught.value.field == "uscc"


def test_wrong_check_digit_of_an_imported_code_is_a_warning() -> None:
    code = rules.read_credit_code("911100006000373411", KNOWN, is_new=False)

    assert code.warnings == (rules.BAD_CHECK_DIGIT,)


@pytest.mark.parametrize(
    "text", ["９１１１００００６０００３７３４１Ｌ", " 9111 0000 6000 3734 1l ", "91110000-600037341-L"]
)
def test_code_is_read_however_it_is_typed(text: str) -> None:
    assert rules.read_credit_code(text, KNOWN, is_new=True).code == "91110000600037341L"


@pytest.mark.parametrize("text", ["", "9111", "9111000060003734IL", "91110000600037341é", "91110000600037341L0"])
def test_malformed_code_is_refused_from_everywhere(text: str) -> None:
    with pytest.raises(InputError):
        rules.read_credit_code(text, KNOWN, is_new=False)


@given(st.text(alphabet=rules.ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_any_one_wrong_character_is_found(first17: str, place: int, step: int) -> None:
    wrong = rules.ALPHABET[(rules.ALPHABET.index(first17[place]) + step) % 31]
    changed = first17[:place] + wrong + first17[place + 1 :]

    assert rules.check_digit(changed) != rules.check_digit(first17)


@given(st.text(max_size=40))
def test_any_text_is_accepted_or_refused_with_words(text: str) -> None:
    outcome = _outcome(text)

    assert outcome.remedy if isinstance(outcome, InputError) else rules.check_digit(outcome[:17]) == outcome[17]
