"""Public codes: what a typing error in an instrument's code does, and what a look-up code tells."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plumbline.domain.rows import codes
from plumbline.errors import InputError

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BODIES = st.text(CROCKFORD, min_size=10, max_size=10)
PLACES = st.integers(0, 9)


def stands_beside(first: str, second: str) -> bool:
    """Tell whether two characters are neighbours in the cycle of 36, among whose swaps the method may miss one."""
    return (ALPHANUMERIC.index(first) - ALPHANUMERIC.index(second)) % 36 in (0, 1, 35)


@given(body=BODIES)
def test_an_identity_with_its_check_character_is_read_as_itself(body: str) -> None:
    check = codes.check_character(body)
    assert codes.read_identity(body + check) == f"PL-{body[:4]}-{body[4:8]}-{body[8:]}-{check}"


@given(body=BODIES, place=PLACES, wrong=st.sampled_from(CROCKFORD))
def test_one_wrong_character_is_always_noticed(body: str, place: int, wrong: str) -> None:
    assume(wrong != body[place])
    assert codes.check_character(body[:place] + wrong + body[place + 1 :]) != codes.check_character(body)


@given(body=BODIES, wrong=st.sampled_from(ALPHANUMERIC))
def test_a_wrong_check_character_is_always_noticed(body: str, wrong: str) -> None:
    assume(wrong != codes.check_character(body))
    with pytest.raises(InputError):
        codes.read_identity(body + wrong)


@given(body=BODIES, place=st.integers(0, 8))
def test_two_characters_swapped_are_noticed_unless_they_are_neighbours_in_the_alphabet(body: str, place: int) -> None:
    assume(not stands_beside(body[place], body[place + 1]))
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert codes.check_character(swapped) != codes.check_character(body)


@given(body=BODIES)
def test_letters_that_look_like_digits_are_read_as_those(body: str) -> None:
    typed = body.replace("0", "O").replace("1", "l").lower() + codes.check_character(body)
    assert codes.read_identity(typed).replace("-", "") == f"PL{body}{codes.check_character(body)}"


@given(text=st.text(max_size=40))
def test_any_other_text_is_refused_beside_its_field(text: str) -> None:
    with pytest.raises(InputError) as refused:
        codes.read_identity(text + "?-")
    assert refused.value.field == "identity"


@pytest.mark.parametrize("text", ["794", "", "ZZZZZZZZZZ"])
def test_check_character_makes_the_sum_of_the_standard_one(text: str) -> None:
    product = 36
    for character in text + codes.check_character(text):
        total = (product + ALPHANUMERIC.index(character)) % 36
        product = (total or 36) * 2 % 37
    assert total == 1


def test_a_new_identity_is_read_as_itself() -> None:
    identity = codes.new_identity()
    assert codes.read_identity(identity) == identity


def test_a_look_up_code_has_26_crockford_characters() -> None:
    code = codes.new_lookup_code()
    assert (len(code), set(code) - set(CROCKFORD)) == (26, set())


@pytest.mark.parametrize("text", ["", "0" * 25, "0" * 27, "U" * 26, "\x00" * 26, "码" * 26, "a" * 26])
def test_what_is_no_look_up_code_is_known_without_asking(text: str) -> None:
    assert not codes.is_lookup_code(text)


def test_a_new_look_up_code_is_one() -> None:
    assert codes.is_lookup_code(codes.new_lookup_code())


def test_look_up_codes_do_not_repeat() -> None:
    assert len({codes.new_lookup_code() for _ in range(500)}) == 500
