"""The exact interval of a share, against published figures, scipy's own test and its defining property."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from plumbline.errors import InputError
from plumbline.science.statistics.proportions import exact_interval

COUNTS = st.integers(1, 5000).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials)))


@given(counts=COUNTS)
def test_it_is_the_interval_of_the_exact_binomial_test(counts: tuple[int, int]) -> None:
    theirs = binomtest(*counts).proportion_ci(0.95, method="exact")
    assert exact_interval(*counts) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


INSIDE = st.integers(2, 5000).flatmap(lambda trials: st.tuples(st.integers(1, trials - 1), st.just(trials)))


@given(counts=INSIDE, coverage=st.floats(0.5, 0.999))
def test_its_ends_leave_the_tails_they_promise(counts: tuple[int, int], coverage: float) -> None:
    (hits, trials), tail = counts, (1 - coverage) / 2
    low, high = exact_interval(hits, trials, coverage=coverage)
    assert low <= hits / trials <= high
    assert binom.sf(hits - 1, trials, low) <= tail + 1e-7
    assert binom.cdf(hits, trials, high) <= tail + 1e-7


def test_nothing_counted_says_nothing() -> None:
    assert exact_interval(0, 0) == (0.0, 1.0)


def test_no_failure_in_many_still_leaves_a_bound() -> None:
    low, high = exact_interval(0, 59)
    assert low == 0.0
    assert high == pytest.approx(1 - 0.025 ** (1 / 59))


@pytest.mark.parametrize(
    ("hits", "trials", "coverage"), [(-1, 5, 0.95), (6, 5, 0.95), (0, -1, 0.95), (1, 5, 0.0), (1, 5, 1.0)]
)
def test_counts_that_cannot_be_are_refused(hits: int, trials: int, coverage: float) -> None:
    with pytest.raises(InputError):
        exact_interval(hits, trials, coverage=coverage)
