"""The difference of two paired rates, and which way answers lean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri, xlogy

from comity.statistics import clopper_pearson, leaning, paired_difference
from comity.statistics.paired import CORRECTION, paired_excess, paired_upper

Floats = NDArray[np.float64]
PAIRS = st.integers(1, 2_000).flatmap(
    lambda n: st.integers(0, n).flatmap(
        lambda b: st.tuples(st.just(b), st.integers(0, n - b), st.just(n))
    )
)
Z = float(ndtri(0.975))


def uncorrected_excess(b: int, c: int, n: int, delta: float) -> float:
    """How far `delta` is from Tango's limit as published, without correction."""
    one, two, size, at = (np.array([float(x)]) for x in (b, c, n, delta))
    return float(paired_excess(one, two, size, at, Z)[0]) + CORRECTION / n


def test_without_its_correction_it_is_the_published_interval() -> None:
    """Fagerland, Lydersen and Laake, Stat. Med. 33, 2014, 2850-2875: 1 and 7 of 21 pairs."""
    assert uncorrected_excess(1, 7, 21, -0.026) == pytest.approx(0, abs=1e-3)
    assert uncorrected_excess(7, 1, 21, 0.517) == pytest.approx(0, abs=1e-3)


@given(PAIRS, st.floats(-0.99, 0.99))
def test_the_variance_is_taken_at_the_most_likely_rates(
    pairs: tuple[int, int, int], delta: float
) -> None:
    b, c, n = pairs

    def likelihood(q: Floats) -> Floats:
        p = np.clip(q + delta, 0, 1)
        return np.asarray(xlogy(b, p) + xlogy(c, q) + xlogy(n - b - c, np.clip(1 - p - q, 0, 1)))

    # The variance is all that z multiplies, so two values of z give it back.
    one, two, size, at = (np.array([float(x)]) for x in (b, c, n, delta))
    less, none = paired_excess(one, two, size, at, 1.0), paired_excess(one, two, size, at, 0.0)
    found = ((none - less) ** 2 * n - delta * (1 - delta)) / 2
    grid = np.linspace(max(0.0, -delta), (1 - delta) / 2, 1_001)
    inside = np.clip(found, grid[0], grid[-1])
    assert found == pytest.approx(inside, abs=1e-9)
    assert likelihood(inside)[0] >= likelihood(grid).max() - 1e-4


@pytest.mark.parametrize(
    ("counts", "estimate", "low", "high"),
    [
        pytest.param((0, 0, 10), 0.0, -0.4154, 0.4154, id="ten pairs and none differs"),
        pytest.param((10, 0, 10), 1.0, 0.2985, 1.0, id="ten pairs, all one way"),
        pytest.param((5, 5, 10), 0.0, -0.6040, 0.6040, id="ten pairs, five each way"),
        pytest.param((1, 0, 1), 1.0, -0.9105, 1.0, id="a single pair shows nothing"),
    ],
)
def test_degenerate_counts_have_honest_intervals(
    counts: tuple[int, int, int], estimate: float, low: float, high: float
) -> None:
    found = paired_difference(*counts)
    assert found.estimate == estimate
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(PAIRS)
def test_the_estimate_lies_inside_and_turning_the_pairs_round_changes_the_sign(
    pairs: tuple[int, int, int],
) -> None:
    b, c, n = pairs
    there, back = paired_difference(b, c, n), paired_difference(c, b, n)
    assert there.low is not None and there.high is not None and there.estimate is not None
    assert -1 <= there.low <= there.estimate <= there.high <= 1
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=1e-9)


@given(PAIRS)
def test_a_higher_level_widens_and_more_pairs_narrow(pairs: tuple[int, int, int]) -> None:
    usual, surer = paired_difference(*pairs), paired_difference(*pairs, level=0.99)
    tenfold = paired_difference(*(10 * x for x in pairs))
    assert usual.low is not None and usual.high is not None
    assert surer.low is not None and surer.high is not None
    assert tenfold.low is not None and tenfold.high is not None
    assert surer.low <= usual.low + 1e-9 and usual.high <= surer.high + 1e-9
    assert tenfold.high - tenfold.low < usual.high - usual.low


@pytest.mark.parametrize(("known", "unknown"), [(7, 1), (12, 3)])
def test_pairs_that_are_not_known_may_have_fallen_any_way(known: int, unknown: int) -> None:
    """The interval holds every interval that some way of falling would have given."""
    n = known + unknown
    for b in range(known + 1):
        for c in range(known + 1 - b):
            found = paired_difference(b, c, n, unknown=unknown)
            assert found.low is not None and found.high is not None
            assert found.estimate == pytest.approx((b - c) / known)
            assert found.low <= found.estimate <= found.high  # type: ignore[operator]
            for more_b in range(unknown + 1):
                for more_c in range(unknown + 1 - more_b):
                    one = paired_difference(b + more_b, c + more_c, n)
                    assert one.low is not None and one.high is not None
                    assert found.low <= one.low + 1e-9 and one.high <= found.high + 1e-9


def test_nothing_known_gives_no_estimate() -> None:
    for nothing in (paired_difference(0, 0, 0), paired_difference(0, 0, 3, unknown=3)):
        assert (nothing.estimate, nothing.low, nothing.high) == (None, -1, 1)


@pytest.mark.parametrize(
    ("b", "c", "n", "unknown"),
    [
        pytest.param(2, 2, 3, 0, id="more discordant pairs than pairs"),
        pytest.param(2, 1, 4, 2, id="more pairs known and unknown than pairs"),
        pytest.param(0, 0, 3, 4, id="more unknown pairs than pairs"),
    ],
)
def test_counts_that_contradict_each_other_are_refused(
    b: int, c: int, n: int, unknown: int
) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        paired_difference(b, c, n, unknown=unknown)


@pytest.mark.parametrize(
    "n",
    [
        pytest.param(1, id="1 pair"),
        pytest.param(3, id="3 pairs"),
        pytest.param(6, id="6 pairs"),
        pytest.param(20, id="20 pairs"),
        pytest.param(60, id="60 pairs"),
    ],
)
def test_every_pair_of_rates_is_covered_at_least_at_the_level(n: int) -> None:
    """Enumerated over all outcomes; the grid is finest where no pair agrees: there it is worst."""
    b, c = (k.ravel().astype(float) for k in np.mgrid[: n + 1, : n + 1])
    b, c = b[b + c <= n], c[b + c <= n]
    size = np.full_like(b, n)
    high, low = paired_upper(b, c, size, Z), -paired_upper(c, b, size, Z)
    ways = gammaln(n + 1) - gammaln(b + 1) - gammaln(c + 1) - gammaln(n - b - c + 1)
    even = np.linspace(0, 1, 31)
    points = [(p, q) for p in even for q in even if q <= p and p + q <= 1]
    points += [(f, 1 - f) for f in np.linspace(0.5, 1, 401)]
    for p, q in points:
        rest = max(1 - p - q, 0.0)
        weight = np.exp(ways + xlogy(b, p) + xlogy(c, q) + xlogy(n - b - c, rest))
        inside = (low <= p - q + 1e-9) & (p - q <= high + 1e-9)
        assert weight[inside].sum() >= 0.95


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 50))
def test_leaning_is_the_exact_interval_of_the_share_doubled(b: int, c: int, unknown: int) -> None:
    found = leaning(b, c, unknown=unknown)
    if b + c == 0:
        assert (found.estimate, found.low, found.high) == (None, -1, 1)
        return
    low, high = clopper_pearson([b, b + unknown], b + c + unknown)
    assert found.estimate == pytest.approx(2 * b / (b + c) - 1)
    assert (found.low, found.high) == pytest.approx((2 * low[0] - 1, 2 * high[1] - 1))
    assert found.low is not None and found.high is not None and found.estimate is not None
    assert found.low <= found.estimate <= found.high
