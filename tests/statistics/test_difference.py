"""The difference of two rates, and balanced accuracy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import bdtr, ndtri, xlogy

from comity.statistics import balanced_accuracy, difference_of_rates
from comity.statistics.difference import restricted_rates, score_excess, score_upper

COUNTS = st.integers(1, 2_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
Z = float(ndtri(0.975))


def uncorrected_excess(k1: int, n1: int, k2: int, n2: int, delta: float) -> float:
    """How far `delta` is from the limit of Miettinen and Nurminen without correction."""
    a, b, c, d, e = (np.array([float(x)]) for x in (k1, n1, k2, n2, delta))
    return float(score_excess(a, b, c, d, e, Z)[0]) + 0.5 / min(n1, n2)


@pytest.mark.parametrize(
    ("k1", "n1", "k2", "n2", "low", "high"),
    [
        # Newcombe, Stat. Med. 17, 1998, 873–890, table II: method 6 (Miettinen–Nurminen).
        pytest.param(56, 70, 48, 80, 0.0528, 0.3382, id="56 of 70 against 48 of 80"),
        pytest.param(9, 10, 3, 10, 0.1700, 0.8406, id="9 of 10 against 3 of 10"),
        pytest.param(6, 7, 2, 7, 0.0342, 0.8534, id="6 of 7 against 2 of 7"),
        pytest.param(5, 56, 0, 29, -0.0326, 0.1933, id="5 of 56 against none of 29"),
    ],
)
def test_without_its_correction_it_is_the_published_interval(
    k1: int, n1: int, k2: int, n2: int, low: float, high: float
) -> None:
    assert uncorrected_excess(k1, n1, k2, n2, high) == pytest.approx(0, abs=2e-4)
    assert uncorrected_excess(k2, n2, k1, n1, -low) == pytest.approx(0, abs=2e-4)


@given(COUNTS, COUNTS, st.floats(-0.99, 0.99))
def test_the_variance_is_taken_at_the_most_likely_rates(
    first: tuple[int, int], second: tuple[int, int], delta: float
) -> None:
    """statsmodels 0.15 is no oracle here: with unequal sizes it takes less likely rates."""
    (k1, n1), (k2, n2) = first, second

    def likelihood(p2: NDArray[np.float64]) -> NDArray[np.float64]:
        p1 = np.clip(p2 + delta, 0, 1)
        of_first = xlogy(k1, p1) + xlogy(n1 - k1, 1 - p1)
        return np.asarray(of_first + xlogy(k2, p2) + xlogy(n2 - k2, 1 - p2))

    p1, p2 = restricted_rates(*(np.array([float(x)]) for x in (*first, *second, delta)))
    assert p1[0] - p2[0] == pytest.approx(delta, abs=1e-12)
    grid = np.linspace(max(0, -delta), min(1, 1 - delta), 1_001)
    assert likelihood(p2)[0] >= likelihood(grid).max() - 1e-4


@pytest.mark.parametrize(
    ("counts", "estimate", "low", "high"),
    [
        pytest.param((0, 10, 0, 10), 0.0, -0.3541, 0.3541, id="nobody in either group"),
        pytest.param((10, 10, 10, 10), 0.0, -0.3541, 0.3541, id="everybody in both groups"),
        pytest.param((10, 10, 0, 10), 1.0, 0.5855, 1.0, id="everybody against nobody"),
        pytest.param((1, 1, 0, 1), 1.0, -0.7642, 1.0, id="one against one"),
    ],
)
def test_degenerate_counts_have_honest_intervals(
    counts: tuple[int, int, int, int], estimate: float, low: float, high: float
) -> None:
    found = difference_of_rates(*counts)
    assert found.estimate == estimate
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(COUNTS, COUNTS)
def test_the_estimate_lies_inside_and_swapping_groups_changes_the_sign(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    there, back = difference_of_rates(*first, *second), difference_of_rates(*second, *first)
    assert there.low is not None and there.high is not None and there.estimate is not None
    assert -1 <= there.low <= there.estimate <= there.high <= 1
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=1e-9)


@given(COUNTS, COUNTS)
def test_a_higher_level_widens_and_more_rows_narrow(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    usual = difference_of_rates(*first, *second)
    surer = difference_of_rates(*first, *second, level=0.99)
    tenfold = difference_of_rates(*(10 * x for x in (*first, *second)))
    assert usual.low is not None and usual.high is not None
    assert surer.low is not None and surer.high is not None
    assert tenfold.low is not None and tenfold.high is not None
    assert surer.low <= usual.low + 1e-9 and usual.high <= surer.high + 1e-9
    assert tenfold.high - tenfold.low < usual.high - usual.low


@given(COUNTS, COUNTS)
def test_the_limit_is_where_the_excess_changes_sign(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    k1, n1, k2, n2 = (np.array([float(x)]) for x in (*first, *second))
    limit = score_upper(k1, n1, k2, n2, Z)
    if limit[0] < 1:
        assert score_excess(k1, n1, k2, n2, limit - 1e-6, Z)[0] < 0
        assert score_excess(k1, n1, k2, n2, limit + 1e-6, Z)[0] > 0


@pytest.mark.parametrize(
    ("n1", "n2"),
    [
        pytest.param(5, 5, id="5 and 5 rows"),
        pytest.param(20, 20, id="20 and 20 rows"),
        pytest.param(4, 36, id="4 and 36 rows"),
        pytest.param(50, 50, id="50 and 50 rows"),
    ],
)
def test_every_pair_of_rates_is_covered_at_least_at_the_level(n1: int, n2: int) -> None:
    """Enumerated over all outcomes and a grid of rates that includes 0 and 1: no chance in it."""
    p = np.linspace(0, 1, 61)[:, None]
    first = np.diff(bdtr(np.arange(n1 + 1), n1, p), prepend=0, axis=1)
    second = np.diff(bdtr(np.arange(n2 + 1), n2, p), prepend=0, axis=1)
    k1, k2 = (k.ravel().astype(float) for k in np.mgrid[: n1 + 1, : n2 + 1])
    sizes = np.full_like(k1, n1), np.full_like(k2, n2)
    high = score_upper(k1, sizes[0], k2, sizes[1], Z).reshape(n1 + 1, n2 + 1)
    low = -score_upper(k2, sizes[1], k1, sizes[0], Z).reshape(n1 + 1, n2 + 1)
    for i in range(61):
        for j in range(61):
            truth = p[i, 0] - p[j, 0]
            inside = (low <= truth + 1e-9) & (truth <= high + 1e-9)
            assert first[i] @ inside @ second[j] >= 0.95


def test_a_group_without_trials_gives_no_estimate() -> None:
    found = difference_of_rates(0, 0, 3, 5)
    assert (found.estimate, found.low, found.high) == (None, -1, 1)


@given(COUNTS, COUNTS)
def test_balanced_accuracy_is_half_of_youdens_j_and_one_half(
    positives: tuple[int, int], negatives: tuple[int, int]
) -> None:
    (tp, pos), (tn, neg) = positives, negatives
    found = balanced_accuracy(tp, pos, tn, neg)
    youden = difference_of_rates(tp, pos, neg - tn, neg)
    assert youden.low is not None and youden.high is not None
    assert found.estimate == pytest.approx((tp / pos + tn / neg) / 2)
    assert found.low == pytest.approx((1 + youden.low) / 2)
    assert found.high == pytest.approx((1 + youden.high) / 2)


def test_balanced_accuracy_of_one_class_is_not_a_number_between() -> None:
    found = balanced_accuracy(3, 5, 0, 0)
    assert (found.estimate, found.low, found.high) == (None, 0, 1)
