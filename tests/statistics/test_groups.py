"""Gaps, ratios and impact ratios between groups."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from comity.statistics import (
    Bounds,
    clopper_pearson,
    difference_of_rates,
    gap,
    impact_ratios,
    ratio,
    wilson,
)
from comity.statistics.groups import corners_of_all, corners_of_one, ratio_lower
from tests.statistics.simulation import ENOUGH, covered, percentile_bootstrap

GROUP = st.integers(1, 2_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
GROUPS = st.lists(GROUP, min_size=2, max_size=8)
Interval = Callable[[ArrayLike, ArrayLike], Bounds]
BOTH = pytest.mark.parametrize("interval", [gap, ratio])


def ends(found: Bounds) -> tuple[float, float]:
    assert found.low is not None and found.high is not None
    return found.low, found.high


def test_a_gap_of_two_is_the_difference_without_its_sign() -> None:
    clear, unclear = difference_of_rates(9, 10, 3, 10), difference_of_rates(5, 10, 4, 10)
    assert ends(gap([9, 3], [10, 10])) == ends(clear) == pytest.approx(ends(gap([3, 9], [10, 10])))
    assert unclear.low is not None and unclear.low < 0
    assert ends(gap([5, 4], [10, 10])) == (0, unclear.high)


def test_on_wilson_limits_the_ratio_is_that_of_another_program() -> None:
    """R's contingencytables (Fagerland, Lydersen and Laake, 2017): 7 of 34 over 1 of 34."""
    (l1, u1), (l2, u2) = wilson(7, 34), wilson(1, 34)
    p1, p2 = np.array(7 / 34), np.array(1 / 34)
    assert float(ratio_lower(p1, l1, p2, u2)) == pytest.approx(1.1537, abs=5e-5)
    assert 1 / float(ratio_lower(p2, l2, p1, u1)) == pytest.approx(41.9763, abs=5e-5)


@pytest.mark.parametrize(
    ("successes", "trials", "estimate", "low", "high"),
    [
        pytest.param([0, 0, 0], [20] * 3, 0.0, 0.0, 0.2038, id="nobody in any group"),
        pytest.param([20, 20, 20], [20] * 3, 0.0, 0.0, 0.2038, id="everybody in every group"),
        pytest.param([0, 20, 10], [20] * 3, 1.0, 0.6284, 1.0, id="nobody, everybody, and half"),
        pytest.param([3, 0, 4], [20, 0, 20], None, 0.0, 1.0, id="a group without rows"),
    ],
)
def test_gaps_of_degenerate_counts_are_honest(
    successes: list[int], trials: list[int], estimate: float | None, low: float, high: float
) -> None:
    found = gap(successes, trials)
    assert found.estimate == estimate
    assert ends(found) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("successes", "trials", "estimate", "high"),
    [
        pytest.param([0, 0, 0], [20] * 3, None, 1.0, id="nobody in any group"),
        pytest.param([0, 0], [20, 20], None, 1.0, id="nobody in either of two"),
        pytest.param([0, 20, 10], [20] * 3, 0.0, 0.2832, id="nobody in one group"),
        pytest.param([3, 0, 4], [20, 0, 20], None, 1.0, id="a group without rows"),
    ],
)
def test_ratios_of_degenerate_counts_are_honest(
    successes: list[int], trials: list[int], estimate: float | None, high: float
) -> None:
    found = ratio(successes, trials)
    assert (found.estimate, found.low) == (estimate, 0)
    assert found.high == pytest.approx(high, abs=5e-5)
    worst = impact_ratios(successes, trials)[0]
    assert (worst.estimate is None) == (estimate is None)


@BOTH
@given(groups=GROUPS)
def test_the_estimate_lies_inside_and_inside_the_possible(
    interval: Interval, groups: list[tuple[int, int]]
) -> None:
    found = interval(*zip(*groups, strict=True))
    low, high = ends(found)
    assert 0 <= low <= high <= 1
    assert found.estimate is None or low <= found.estimate <= high


@BOTH
@given(groups=GROUPS, data=st.data())
def test_the_order_of_the_groups_does_not_matter(
    interval: Interval, groups: list[tuple[int, int]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(groups))
    first, second = (interval(*zip(*one, strict=True)) for one in (groups, shuffled))
    assert ends(first) == pytest.approx(ends(second), abs=1e-9)


@BOTH
@given(groups=GROUPS)
def test_a_higher_level_widens(interval: Interval, groups: list[tuple[int, int]]) -> None:
    k, n = zip(*groups, strict=True)
    usual, surer = ends(interval(k, n)), ends(interval(k, n, level=0.99))  # type: ignore[call-arg]
    assert surer[0] <= usual[0] + 1e-9 and usual[1] <= surer[1] + 1e-9


@BOTH
@given(groups=GROUPS)
def test_ten_times_the_rows_narrow(interval: Interval, groups: list[tuple[int, int]]) -> None:
    k, n = np.array(groups).T
    few, many = ends(interval(k, n)), ends(interval(10 * k, 10 * n))
    assert few[0] <= many[0] + 1e-9 and many[1] <= few[1] + 1e-9


@given(GROUP, GROUP)
def test_a_group_between_two_of_its_size_changes_only_the_multiplicity(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    n = one[1]
    k = [one[0], other[0] % (n + 1), one[0]]
    low, high = min(k), max(k)
    for between in {low, (low + high) // 2, high}:
        three = gap([low, high, between], [n] * 3)
        four = gap([low, high, between, between], [n] * 4)
        assert three.high == pytest.approx(four.high, abs=1e-9)
        assert ends(four)[0] <= ends(three)[0] + 1e-9


@given(GROUPS)
def test_the_smallest_impact_ratio_is_the_ratio(groups: list[tuple[int, int]]) -> None:
    k, n = zip(*groups, strict=True)
    whole, single = ratio(k, n), impact_ratios(k, n)
    assert len(single) == len(groups)
    if whole.estimate is None:
        assert all(one.estimate is None for one in single)
        return
    assert min(one.estimate for one in single if one.estimate is not None) == whole.estimate
    assert min(ends(one)[0] for one in single) == pytest.approx(whole.low)
    for one in single:
        assert one.estimate is not None
        assert 0 <= ends(one)[0] <= one.estimate <= ends(one)[1] <= 1


@given(st.integers(2, 200), st.sampled_from([0.25, 0.1, 0.05, 0.025, 0.005]))
def test_the_staircase_holds_its_probability(groups: int, error: float) -> None:
    """Against the integral over the smallest normal, and over the own one: a second way."""
    x = np.linspace(-9, 9, 20_001)
    density = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
    s, t = corners_of_all(groups, error)
    # Given that the smallest is x, the others lie between x and the best s whose t still admits x.
    reach = np.where(-x[:, None] <= t, s, -np.inf).max(axis=1)
    others = np.maximum(ndtr(reach) - ndtr(x), 0) ** (groups - 1)
    assert np.trapezoid(groups * density * others, x) == pytest.approx(1 - error, abs=2e-3)
    s, t = corners_of_one(groups, error)
    reach = np.where(-x[:, None] <= t, s, -np.inf).max(axis=1)
    inside = np.trapezoid(density * ndtr(reach) ** groups, x)
    assert inside == pytest.approx(1 - error, abs=2e-3)


@given(GROUPS.filter(lambda groups: len(groups) > 2))
@settings(deadline=None)
def test_it_is_never_wider_towards_equality_than_a_box_of_the_same_error(
    groups: list[tuple[int, int]],
) -> None:
    """The Šidák box spends 5 % on both ends together; at one end its width is a near yardstick."""
    k, n = np.array(groups).T
    low, high = clopper_pearson(k, n, level=0.975 ** (1 / len(n)))
    box = max(0.0, low.max() - high.min())
    margin = (high - low).max()
    assert ends(gap(k, n))[0] >= box - 0.15 * margin


def simulated(
    interval: Interval, rates: ArrayLike, sizes: ArrayLike, repetitions: int
) -> list[Bounds]:
    p, n = np.asarray(rates, float), np.asarray(sizes)
    k = np.random.default_rng(20261121).binomial(n, p, (repetitions, len(n)))
    return [interval(one, n) for one in k]


@pytest.mark.parametrize(
    ("rates", "sizes"),
    [
        pytest.param([0.1] * 2, [20] * 2, id="two small groups alike"),
        pytest.param([0.5] * 2, [4, 36], id="two unequal groups alike"),
        pytest.param([0.02] * 5, [50] * 5, id="five groups alike, rare"),
        pytest.param([0.5] * 20, [200] * 20, id="twenty groups alike"),
        pytest.param([0.3, 0.5, *[0.3] * 8], [40, 40, *[360] * 8], id="one small group apart"),
    ],
)
@pytest.mark.parametrize("name", ["gap", "ratio"])
def test_nineteen_of_twenty_hold_the_truth(name: str, rates: list[float], sizes: list[int]) -> None:
    truth = max(rates) - min(rates) if name == "gap" else min(rates) / max(rates)
    found = simulated({"gap": gap, "ratio": ratio}[name], rates, sizes, 2_000)
    assert covered(found, truth) >= ENOUGH


def test_the_percentile_bootstrap_would_fail_the_same_test() -> None:
    def spread(rates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(rates.max(axis=1) - rates.min(axis=1))

    def quotient(rates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(rates.min(axis=1) / rates.max(axis=1))

    for statistic, truth in ((spread, 0.0), (quotient, 1.0)):
        found = simulated(percentile_bootstrap(statistic), [0.5] * 20, [200] * 20, 200)
        assert covered(found, truth) < 0.1


@pytest.mark.parametrize("groups", [3, 10, 40])
def test_a_gap_is_seldom_claimed_where_there_is_none(groups: int) -> None:
    found = simulated(gap, [0.3] * groups, [200] * groups, 2_000)
    assert np.mean([ends(one)[0] > 0 for one in found]) <= 0.025


def test_impact_ratios_hold_the_truth_one_by_one() -> None:
    p, n = np.array([0.3, 0.5, 0.4]), np.array([100, 30, 300])
    k = np.random.default_rng(1).binomial(n, p, (2_000, 3))
    each = [impact_ratios(one, n) for one in k]
    for g in range(3):
        assert covered([one[g] for one in each], p[g] / 0.5) >= ENOUGH


def test_it_is_narrower_than_the_box_it_replaces() -> None:
    k, n = np.full(20, 100), np.full(20, 200)
    low, high = clopper_pearson(k, n, level=0.95 ** (1 / 20))
    assert ends(gap(k, n))[1] < 0.55 * (high.max() - low.min())


@pytest.mark.parametrize(
    "interval", [gap, ratio, impact_ratios], ids=["gap", "ratio", "impact ratios"]
)
@pytest.mark.parametrize(
    ("successes", "trials"),
    [
        pytest.param([3], [5], id="one group only"),
        pytest.param([3, 6], [5, 5], id="more successes than trials"),
        pytest.param(3, 5, id="no list of groups"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    interval: Interval, successes: ArrayLike, trials: ArrayLike
) -> None:
    with pytest.raises(ValueError, match=r"groups|counts"):
        interval(successes, trials)
