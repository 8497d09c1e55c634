"""The binned calibration error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.statistics import Bounds, calibration_error
from tests.statistics.simulation import ENOUGH, covered

BIN = st.integers(0, 300).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(0, n), st.floats(0, 1))
)
BINS = st.lists(BIN, min_size=1, max_size=12).filter(lambda bins: any(one[0] for one in bins))


def of(bins: list[tuple[int, int, float]], level: float = 0.95) -> Bounds:
    trials, positives, scores = zip(*bins, strict=True)
    return calibration_error(trials, positives, scores, level)


def ends(found: Bounds) -> tuple[float, float]:
    assert found.low is not None and found.high is not None
    return found.low, found.high


@given(BINS)
def test_the_estimate_is_the_weighted_distance_and_lies_inside(
    bins: list[tuple[int, int, float]],
) -> None:
    found, (low, high) = of(bins), ends(of(bins))
    distance = sum(abs(k - n * score) for n, k, score in bins) / sum(n for n, _, _ in bins)
    assert found.estimate == pytest.approx(distance, abs=1e-12)
    assert found.estimate is not None
    assert 0 <= low <= found.estimate <= high <= 1


@given(BINS, st.data())
def test_neither_order_nor_empty_bins_matter(
    bins: list[tuple[int, int, float]], data: st.DataObject
) -> None:
    more = data.draw(st.permutations([*bins, (0, 0, 0.5), (0, 0, float("nan"))]))
    assert ends(of(bins)) == pytest.approx(ends(of(more)), abs=1e-12)


@given(BINS)
def test_a_higher_level_widens_and_more_rows_narrow(bins: list[tuple[int, int, float]]) -> None:
    usual, surer = ends(of(bins)), ends(of(bins, 0.99))
    many = ends(of([(10 * n, 10 * k, score) for n, k, score in bins]))
    assert surer[0] <= usual[0] + 1e-12 and usual[1] <= surer[1] + 1e-12
    assert usual[0] <= many[0] + 1e-12 and many[1] <= usual[1] + 1e-12


def test_one_bin_is_a_rate_moved_by_the_score() -> None:
    found = calibration_error([20], [0], [0.0])
    assert (found.estimate, found.low) == (0, 0)
    assert found.high == pytest.approx(0.1684, abs=5e-5)


def test_no_rows_give_no_estimate() -> None:
    found = calibration_error([0, 0], [0, 0], [0.1, 0.9])
    assert (found.estimate, found.low, found.high) == (None, 0, 1)


@pytest.mark.parametrize("shift", [0.0, 0.05, 0.3], ids=["calibrated", "a little off", "far off"])
@pytest.mark.parametrize("rows", [3, 30, 2_000])
def test_nineteen_of_twenty_hold_the_truth(rows: int, shift: float) -> None:
    score = np.linspace(0.05, 0.95, 10)
    rate = np.clip(score + shift, 0, 1)
    k = np.random.default_rng(5).binomial(rows, rate, (2_000, 10))
    found = [calibration_error([rows] * 10, one, score) for one in k]
    assert covered(found, float(np.abs(rate - score).mean())) >= ENOUGH


def test_the_percentile_bootstrap_would_fail_the_same_test() -> None:
    rng, score, hits = np.random.default_rng(5), np.linspace(0.05, 0.95, 10), 0
    for _ in range(200):
        rates = rng.binomial(30, rng.binomial(30, score) / 30, (200, 10)) / 30
        low, _ = np.quantile(np.abs(rates - score).mean(axis=1), [0.025, 0.975])
        hits += low <= 0
    assert hits == 0


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_a_score_that_is_no_probability_is_refused(score: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibration_error([5], [2], [score])
