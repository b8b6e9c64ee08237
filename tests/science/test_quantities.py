"""Printing: rounding once, never against the verdict, never minus zero."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError
from plumbline.science.quantities import (
    Quantity,
    print_against_limit,
    print_decimal,
    print_full,
    print_uncertainty,
)

FLOATS = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.125, 2, "0.12"),
        (0.135, 2, "0.14"),
        (-0.001, 2, "0.00"),
        (20.0, 3, "20.000"),
        (1e-9, 2, "0.00"),
        (123456.0, 0, "123456"),
    ],
)
def test_a_value_is_rounded_half_to_even(value: float, decimals: int, text: str) -> None:
    assert print_decimal(value, decimals) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_not_printed(value: float) -> None:
    with pytest.raises(InputError):
        print_decimal(value, 2)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_quantity_must_be_finite(value: float) -> None:
    with pytest.raises(InputError):
        Quantity(value, "L")


def test_the_full_text_has_no_exponent() -> None:
    assert print_full(5e-05) == "0.00005"


def test_a_whole_number_prints_without_point() -> None:
    assert print_full(20.0) == "20"


@given(FLOATS)
def test_the_full_text_names_the_same_float(value: float) -> None:
    assert float(print_full(value)) == value


def test_a_value_just_outside_its_limit_prints_one_more_digit() -> None:
    assert print_against_limit(0.3004, limit=0.30, decimals=2, conforms=False) == "0.3004"


def test_a_value_at_its_limit_prints_as_the_limit() -> None:
    assert print_against_limit(-0.30, limit=0.30, decimals=2, conforms=True) == "-0.30"


@given(value=st.floats(min_value=-1.0, max_value=1.0), decimals=st.integers(0, 4))
def test_the_printed_value_never_contradicts_the_verdict(value: float, decimals: int) -> None:
    conforms = abs(Decimal(repr(value))) <= Decimal("0.3")
    text = print_against_limit(value, limit=0.3, decimals=decimals, conforms=conforms)
    assert (abs(Decimal(text)) <= Decimal("0.3")) == conforms or abs(abs(value) - 0.3) < 1e-14


@pytest.mark.parametrize(
    ("U", "text"),
    [
        (0.0569, "0.057"),
        (0.05, "0.050"),
        (0.0501, "0.051"),
        (0.0, "0"),
        (12.1, "13"),
        (123.0, "130"),
        (0.1, "0.10"),
        (0.0996, "0.10"),
        (9.96, "10"),
        (99.6, "100"),
        (995.0, "1000"),
    ],
)
def test_an_expanded_uncertainty_has_two_digits_rounded_up(U: float, text: str) -> None:
    assert print_uncertainty(U) == text


@given(st.floats(min_value=1e-6, max_value=1e3))
def test_a_printed_uncertainty_has_two_significant_digits(U: float) -> None:
    digits = print_uncertainty(U).replace(".", "").lstrip("0")
    assert len(digits) == 2 or set(digits[2:]) == {"0"}


@given(st.floats(min_value=1e-6, max_value=1e3))
def test_a_printed_uncertainty_is_never_smaller(U: float) -> None:
    assert float(print_uncertainty(U)) >= U * (1 - 1e-9)
