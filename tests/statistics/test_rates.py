"""One rate: exact limits, and Wilson's for display."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc
from statsmodels.stats.proportion import proportion_confint

from comity.statistics import clopper_pearson, wilson


def numbers(limits: tuple[NDArray[np.float64], NDArray[np.float64]]) -> tuple[float, float]:
    return float(limits[0]), float(limits[1])


COUNTS = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe, Stat. Med. 17, 1998, 857–872, table I: method 5 (Clopper–Pearson).
        pytest.param(81, 263, 0.2527, 0.3676, id="81 of 263"),
        pytest.param(15, 148, 0.0578, 0.1617, id="15 of 148"),
        pytest.param(0, 20, 0.0, 0.1684, id="none of 20"),
        pytest.param(1, 29, 0.0009, 0.1776, id="1 of 29"),
    ],
)
def test_exact_limits_are_the_published_ones(
    successes: int, trials: int, low: float, high: float
) -> None:
    found = numbers(clopper_pearson(successes, trials))
    assert found == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # The same table, method 3 (score without continuity correction).
        pytest.param(81, 263, 0.2553, 0.3662, id="81 of 263"),
        pytest.param(15, 148, 0.0624, 0.1605, id="15 of 148"),
        pytest.param(0, 20, 0.0, 0.1611, id="none of 20"),
        pytest.param(1, 29, 0.0061, 0.1718, id="1 of 29"),
    ],
)
def test_wilson_limits_are_the_published_ones(
    successes: int, trials: int, low: float, high: float
) -> None:
    found = numbers(wilson(successes, trials))
    assert found == pytest.approx((low, high), abs=5e-5)


@given(COUNTS, LEVELS)
def test_both_agree_with_statsmodels(count: tuple[int, int], level: float) -> None:
    for ours, method in ((clopper_pearson, "beta"), (wilson, "wilson")):
        expected = proportion_confint(*count, alpha=1 - level, method=method)
        assert np.allclose(ours(*count, level), expected, atol=1e-9)


@given(COUNTS, LEVELS)
def test_at_an_exact_limit_the_tail_is_what_may_err(count: tuple[int, int], level: float) -> None:
    k, n = count
    low, high = clopper_pearson(k, n, level)
    if k > 0:
        assert bdtrc(k - 1, n, low) == pytest.approx((1 - level) / 2, rel=1e-6)
    if k < n:
        assert bdtr(k, n, high) == pytest.approx((1 - level) / 2, rel=1e-6)


@given(COUNTS)
def test_one_sided_limits_spend_the_whole_error_on_one_side(count: tuple[int, int]) -> None:
    low, high = numbers(clopper_pearson(*count, level=0.9))
    only_low = numbers(clopper_pearson(*count, level=0.95, sides="lower"))
    only_high = numbers(clopper_pearson(*count, level=0.95, sides="upper"))
    assert only_low == pytest.approx((low, 1))
    assert only_high == pytest.approx((0, high))


@given(COUNTS)
def test_swapping_success_and_failure_mirrors_the_limits(count: tuple[int, int]) -> None:
    k, n = count
    for method in (clopper_pearson, wilson):
        low, high = method(k, n)
        other = method(n - k, n)
        assert np.allclose((1 - high, 1 - low), other, atol=1e-12)


def test_many_rates_are_calculated_at_once() -> None:
    low, high = clopper_pearson([[0, 5], [10, 3]], 10)
    assert low.shape == high.shape == (2, 2)
    assert (low[0, 1], high[0, 1]) == numbers(clopper_pearson(5, 10))


def test_without_trials_nothing_is_known() -> None:
    assert numbers(clopper_pearson(0, 0)) == numbers(wilson(0, 0)) == (0, 1)


@pytest.mark.parametrize("n", [5, 20, 77])
def test_exact_limits_cover_every_rate_and_wilson_does_not(n: int) -> None:
    k, p = np.arange(n + 1), np.linspace(0.001, 0.999, 999)[:, None]
    weight = np.diff(bdtr(k, n, p), prepend=0, axis=1)
    exact, score = (
        ((low <= p) & (p <= high)) for low, high in (clopper_pearson(k, n), wilson(k, n))
    )
    assert (weight * exact).sum(axis=1).min() >= 0.95
    assert (weight * score).sum(axis=1).min() < 0.9


@pytest.mark.parametrize(
    ("successes", "trials"),
    [
        pytest.param(3, 2, id="more successes than trials"),
        pytest.param(-1, 2, id="fewer than no successes"),
        pytest.param(0.5, 2, id="half a success"),
        pytest.param(1, float("nan"), id="trials that are not a number"),
    ],
)
def test_what_is_no_count_is_refused(successes: float, trials: float) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        clopper_pearson(successes, trials)
