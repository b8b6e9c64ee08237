"""The budget: eq. (10) of JCGM 100:2008, its properties and its limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError
from plumbline.science.metrology.conformity import is_within, verdict
from plumbline.science.metrology.uncertainty import (
    MANY,
    Budget,
    Contribution,
    mean,
    probability_within,
    standard_uncertainty,
    standard_uncertainty_of_mean,
)

NOISE = 1e-12


def contribution(u: float, sensitivity: float = 1.0) -> Contribution:
    return Contribution("x", "x", "量", "x", 1.0, "L", u, "normal", sensitivity, None, "assumption", ())


def test_two_contributions_add_as_squares() -> None:
    assert Budget((contribution(3.0), contribution(2.0, 2.0)), "%").u_c == pytest.approx(5.0)


def test_an_empty_budget_has_no_uncertainty() -> None:
    assert Budget((), "%").u_c == 0.0


@given(us=st.lists(st.floats(0, 1e3), min_size=1, max_size=8), factor=st.floats(0.01, 100))
def test_scaling_the_inputs_scales_the_uncertainty(us: list[float], factor: float) -> None:
    whole = Budget(tuple(contribution(u) for u in us), "%").u_c
    scaled = Budget(tuple(contribution(u * factor) for u in us), "%").u_c
    assert scaled == pytest.approx(whole * factor, rel=1e-12, abs=1e-12)


@given(st.lists(st.floats(0.001, 1e3), min_size=1, max_size=8))
def test_the_shares_of_the_contributions_sum_to_one(us: list[float]) -> None:
    budget = Budget(tuple(contribution(u) for u in us), "%")
    assert math.fsum(budget.share(part) for part in budget.contributions) == pytest.approx(1.0)


@pytest.mark.parametrize("u", [-1.0, float("nan"), float("inf")])
def test_a_contribution_that_cannot_be_is_refused(u: float) -> None:
    with pytest.raises(InputError):
        contribution(u)


@pytest.mark.parametrize("k", [0.0, -2.0, float("nan")])
def test_a_coverage_factor_must_be_positive(k: float) -> None:
    with pytest.raises(InputError):
        Budget((contribution(1.0),), "%").expanded(k)


# Table of the t-distribution for 95 % as every statistics table has it; scipy.stats.t.ppf(0.975, n) gives the same.
@pytest.mark.parametrize(("dof", "t"), [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (10, 2.228), (19, 2.093)])
def test_the_interval_of_the_table_of_t_covers_95_percent(dof: int, t: float) -> None:
    assert probability_within(t, dof) == pytest.approx(0.95, abs=1e-4)


def test_infinitely_many_degrees_of_freedom_are_the_normal_distribution() -> None:
    assert probability_within(1.959964, None) == pytest.approx(0.95, abs=1e-6)


@given(dof=st.integers(1, 200), k=st.floats(0.1, 10))
def test_more_degrees_of_freedom_cover_more(dof: int, k: float) -> None:
    assert probability_within(k, dof) <= probability_within(k, dof + 1) + NOISE
    assert probability_within(k, dof + 1) <= probability_within(k, None) + NOISE


@given(k=st.floats(0.1, 10))
def test_the_sum_and_what_stands_in_for_it_agree_where_they_meet(k: float) -> None:
    assert probability_within(k, MANY) == pytest.approx(probability_within(k, MANY + 1), abs=2e-5)


def test_three_readings_alone_cover_less_than_95_percent_at_k_2() -> None:
    alone = Contribution("A", "A", "重复性", "A", 1.0, "L", 1.0, "normal", 1.0, 2, "assumption", ())
    assert Budget((alone,), "%").coverage(2.0) == pytest.approx(0.8165, abs=1e-4)


def test_effective_degrees_of_freedom_of_equal_parts_add() -> None:
    part = Contribution("A", "A", "重复性", "A", 1.0, "L", 1.0, "normal", 1.0, 2, "assumption", ())
    assert Budget((part, part), "%").effective_dof == pytest.approx(4.0)


def test_a_budget_without_type_a_has_infinitely_many() -> None:
    assert Budget((contribution(1.0),), "%").effective_dof is None


def test_a_rectangular_half_width_is_divided_by_root_three() -> None:
    assert standard_uncertainty(0.3, "rectangular") == pytest.approx(0.3 / math.sqrt(3))


@pytest.mark.parametrize(
    ("half_width", "shape"), [(-1.0, "rectangular"), (1.0, "normal"), (float("nan"), "triangular")]
)
def test_a_half_width_without_meaning_is_refused(half_width: float, shape: str) -> None:
    with pytest.raises(InputError):
        standard_uncertainty(half_width, shape)


def test_the_mean_of_nothing_is_refused() -> None:
    with pytest.raises(InputError):
        mean(())


def test_one_value_has_no_standard_uncertainty_of_the_mean() -> None:
    assert standard_uncertainty_of_mean((1.0,)) is None


def test_equal_values_have_none() -> None:
    assert standard_uncertainty_of_mean((0.1, 0.1, 0.1)) == 0.0


def test_the_standard_uncertainty_of_the_mean_of_one_two_three() -> None:
    assert standard_uncertainty_of_mean((1.0, 2.0, 3.0)) == pytest.approx(1 / math.sqrt(3))


@pytest.mark.parametrize(
    ("value", "within"),
    [(0.3, True), (-0.3, True), (0.30000000001, True), (0.3001, False), (-0.31, False), (0.0, True)],
)
def test_simple_acceptance_compares_the_absolute_value(value: float, *, within: bool) -> None:
    assert is_within(value, 0.3) is within


@pytest.mark.parametrize(("value", "limit"), [(float("nan"), 0.3), (0.1, float("nan")), (0.1, -0.3)])
def test_a_comparison_without_meaning_is_refused(value: float, limit: float) -> None:
    with pytest.raises(InputError):
        is_within(value, limit)


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([], "incomplete"),
        ([True, True], "pass"),
        ([True, None], "incomplete"),
        ([None, False], "fail"),
        ([True, False], "fail"),
    ],
)
def test_one_failed_item_fails_the_whole(decisions: list[bool | None], expected: str) -> None:
    assert verdict(decisions) == expected
