"""The area under the ROC curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from comity.statistics import auroc, clopper_pearson, delong_sums
from tests.statistics.simulation import ENOUGH, covered

COUNTS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12
).filter(lambda counts: all(sum(side) > 0 for side in zip(*counts, strict=True)))


def components(pos: NDArray[np.int64], neg: NDArray[np.int64]) -> tuple[NDArray[np.float64], ...]:
    """DeLong's components by comparing every positive with every negative."""
    x, y = np.repeat(np.arange(len(pos)), pos), np.repeat(np.arange(len(neg)), neg)
    wins = (x[:, None] > y) + (x[:, None] == y) / 2
    return wins.mean(axis=1), wins.mean(axis=0)


@given(COUNTS)
def test_the_sums_are_those_of_all_pairs_and_the_area_is_scikit_learns(
    counts: list[tuple[int, int]],
) -> None:
    pos, neg = np.array(counts).T
    v10, v01 = components(pos, neg)
    sums = delong_sums(pos, neg)
    expected = (len(v10), len(v01), v10.sum(), (v10**2).sum(), v01.sum(), (v01**2).sum())
    assert sums == pytest.approx(expected)
    truth = np.repeat([1, 0], [len(v10), len(v01)])
    score = np.concatenate([np.repeat(np.arange(len(pos)), side) for side in (pos, neg)])
    assert auroc(*sums).estimate == pytest.approx(roc_auc_score(truth, score))


@given(COUNTS)
def test_the_estimate_lies_inside_and_turning_the_scores_mirrors_it(
    counts: list[tuple[int, int]],
) -> None:
    pos, neg = np.array(counts).T
    there, back = auroc(*delong_sums(pos, neg)), auroc(*delong_sums(pos[::-1], neg[::-1]))
    assert there.low is not None and there.high is not None and there.estimate is not None
    assert 0 <= there.low <= there.estimate <= there.high <= 1
    assert (back.low, back.high) == pytest.approx((1 - there.high, 1 - there.low), abs=1e-6)


@given(COUNTS)
def test_a_higher_level_widens_and_more_rows_narrow(counts: list[tuple[int, int]]) -> None:
    pos, neg = np.array(counts).T
    usual, surer = (auroc(*delong_sums(pos, neg), level=level) for level in (0.95, 0.99))
    many = auroc(*delong_sums(10 * pos, 10 * neg))
    assert usual.low is not None and usual.high is not None
    assert surer.low is not None and surer.high is not None
    assert many.low is not None and many.high is not None
    assert surer.low <= usual.low and usual.high <= surer.high
    assert many.high - many.low < usual.high - usual.low


@pytest.mark.parametrize(
    ("pos", "neg", "estimate", "low", "high"),
    [
        pytest.param([0, 20], [20, 0], 1.0, 0.8316, 1.0, id="every pair in order"),
        pytest.param([20, 0], [0, 20], 0.0, 0.0, 0.1684, id="every pair out of order"),
        pytest.param([0, 1], [1, 0], 1.0, 0.025, 1.0, id="one positive and one negative"),
        pytest.param([0, 5], [1000, 0], 1.0, 0.4782, 1.0, id="five positives, all above"),
        pytest.param([20], [20], 0.5, 0.4318, 0.5682, id="all scores alike"),
        pytest.param([3], [0], None, 0.0, 1.0, id="positives only"),
        pytest.param([0], [0], None, 0.0, 1.0, id="no rows"),
    ],
)
def test_degenerate_scores_have_honest_intervals(
    pos: list[int], neg: list[int], estimate: float | None, low: float, high: float
) -> None:
    found = auroc(*delong_sums(pos, neg))
    assert found.estimate == estimate
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_where_every_positive_beats_all_or_none_it_is_clopper_pearson(
    counts: tuple[int, int],
) -> None:
    above, n = counts
    found = auroc(*delong_sums([n - above, 0, above], [0, 10_000, 0]))
    low, high = clopper_pearson(above, n)
    assert (found.low, found.high) == pytest.approx((float(low), float(high)), abs=1e-9)


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_a_subgroup_that_scores_lowest_does_not_break_it(share: float) -> None:
    below = np.random.default_rng(1).binomial(20, share, 2_000)
    found = [auroc(*delong_sums([k, 0, 20 - k], [0, 1_000, 0])) for k in below]
    assert covered(found, 1 - share) >= ENOUGH


@pytest.mark.parametrize(("n_pos", "n_neg"), [(10, 10), (30, 200), (200, 200)])
@pytest.mark.parametrize("area", [0.7, 0.97])
def test_nineteen_of_twenty_hold_the_truth(area: float, n_pos: int, n_neg: int) -> None:
    rng, shift = np.random.default_rng(2), {0.7: 0.7416143, 0.97: 2.6598684}[area]
    found = []
    for _ in range(2_000):
        score = np.concatenate([rng.normal(shift, 1, n_pos), rng.normal(0, 1, n_neg)])
        positive = np.argsort(score) < n_pos
        found.append(auroc(*delong_sums(positive, ~positive)))
    assert covered(found, area) >= ENOUGH


def test_the_normal_interval_on_the_logit_scale_would_fail_the_same_test() -> None:
    rng, hits = np.random.default_rng(2), 0
    for _ in range(500):
        below = int(rng.binomial(20, 0.05))
        v10 = np.repeat([0.0, 1.0], [below, 20 - below])
        area, deviation = v10.mean(), v10.std(ddof=1) / np.sqrt(20)
        if below:
            logit, margin = np.log(area / (1 - area)), 1.96 * deviation / (area * (1 - area))
            low, high = (1 / (1 + np.exp(-(logit + side * margin))) for side in (-1, 1))
            hits += low <= 0.95 <= high
    assert hits / 500 < 0.75


def test_sums_that_are_not_of_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="shares"):
        auroc(5, 5, 6.0, 6.0, 5.0, 5.0)
