"""The mean of a bounded quantity: the Brier score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from comity.statistics import Bounds, bounded_mean, clopper_pearson
from tests.statistics.simulation import ENOUGH, covered

VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def interval(values: ArrayLike, **options: float) -> Bounds:
    x = np.asarray(values, float)
    return bounded_mean(x.size, x.sum(), (x**2).sum(), (x**3).sum(), **options)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_for_zeros_and_ones_it_holds_clopper_pearson_and_hardly_more(
    count: tuple[int, int],
) -> None:
    k, n = count
    found, (low, high) = bounded_mean(n, k, k, k), clopper_pearson(k, n)
    assert found.low is not None and found.high is not None
    assert found.low <= low + 1e-9 and high <= found.high + 1e-9
    assert found.high - found.low <= 1.15 * (high - low)


@given(VALUES)
def test_the_estimate_lies_inside(values: list[float]) -> None:
    found = interval(values)
    assert found.low is not None and found.high is not None and found.estimate is not None
    assert 0 <= found.low <= found.estimate <= found.high <= 1
    assert found.estimate == pytest.approx(np.mean(values), abs=1e-12)


@given(VALUES)
def test_turning_the_values_mirrors_it(values: list[float]) -> None:
    there, back = interval(values), interval(1 - np.array(values))
    assert there.low is not None and there.high is not None
    assert (back.low, back.high) == pytest.approx((1 - there.high, 1 - there.low), abs=1e-5)


@given(VALUES, st.sampled_from([0.01, 4.0, 100.0]))
def test_another_unit_changes_only_the_unit(values: list[float], upper: float) -> None:
    one, other = interval(values), interval(np.array(values) * upper, upper=upper)
    assert one.low is not None and one.high is not None
    assert (other.low, other.high) == pytest.approx((one.low * upper, one.high * upper), rel=1e-4)


@given(VALUES)
def test_a_higher_level_widens_and_more_rows_narrow(values: list[float]) -> None:
    usual, surer, many = interval(values), interval(values, level=0.99), interval(10 * values)
    assert usual.low is not None and usual.high is not None
    assert surer.low is not None and surer.high is not None
    assert many.low is not None and many.high is not None
    assert surer.low <= usual.low + 1e-9 and usual.high <= surer.high + 1e-9
    assert many.high - many.low < usual.high - usual.low


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        pytest.param([0.0] * 20, 0.0, 0.1684, id="all perfect: as for none of 20"),
        pytest.param([1.0] * 20, 0.8316, 1.0, id="all utterly wrong"),
        pytest.param([0.0004] * 20, 0.0, 0.1688, id="all nearly perfect: a rare event may follow"),
        pytest.param([0.25], 0.0, 1.0, id="one value says little"),
    ],
)
def test_degenerate_values_have_honest_intervals(
    values: list[float], low: float, high: float
) -> None:
    found = interval(values)
    assert found.low == pytest.approx(low, abs=0.02)
    assert found.high == pytest.approx(high, abs=0.02)


def test_no_values_give_no_estimate() -> None:
    assert bounded_mean(0, 0, 0, 0).estimate is None
    assert bounded_mean(0, 0, 0, 0, upper=4.0).high == 4


# Values of (score − truth)², and their probabilities.
CASES = [
    pytest.param([0.04**2, 0.96**2], [0.96, 0.04], id="rare events"),
    pytest.param([0.002**2, 0.998**2], [0.998, 0.002], id="very rare events"),
    pytest.param([0.01, 0.09, 0.49, 0.81], [0.3, 0.2, 0.2, 0.3], id="overconfident"),
    pytest.param([0.04, 0.64], [0.05, 0.95], id="the score is nearly always wrong"),
    pytest.param([0.0, 0.25, 1.0], [0.2, 0.6, 0.2], id="three values"),
]


@pytest.mark.parametrize("n", [20, 200, 20_000])
@pytest.mark.parametrize(("values", "share"), CASES)
def test_nineteen_of_twenty_hold_the_truth(values: list[float], share: list[float], n: int) -> None:
    x = np.array(values)
    counted = np.random.default_rng(3).multinomial(n, share, 2_000)
    sums = [counted @ x**power for power in (1, 2, 3)]
    found = [bounded_mean(n, *one) for one in zip(*sums, strict=True)]
    assert covered(found, float(x @ share)) >= ENOUGH


def test_the_normal_interval_would_fail_the_same_test() -> None:
    x, share, n = np.array([0.04**2, 0.96**2]), [0.96, 0.04], 20
    counted = np.random.default_rng(3).multinomial(n, share, 2_000)
    mean, square = counted @ x / n, counted @ x**2 / n
    margin = 1.96 * np.sqrt((square - mean**2) / (n - 1))
    assert np.mean(np.abs(mean - x @ share) <= margin) < 0.6


@pytest.mark.parametrize(
    "sums",
    [
        pytest.param((5, 6.0, 1.0, 1.0), id="a mean above the largest value"),
        pytest.param((5, -1.0, 1.0, 1.0), id="a mean below 0"),
        pytest.param((-1, 0.0, 0.0, 0.0), id="fewer than no values"),
        pytest.param((5, float("nan"), 1.0, 1.0), id="a sum that is not a number"),
    ],
)
def test_sums_that_cannot_be_are_refused(sums: tuple[int, float, float, float]) -> None:
    with pytest.raises(ValueError, match="between 0"):
        bounded_mean(*sums)
