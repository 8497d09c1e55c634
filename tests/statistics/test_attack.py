"""The true positive rate at a given false positive rate."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import comb
from sklearn.metrics import roc_curve

from comity.statistics import clopper_pearson, threshold_ranks, tpr_at_fpr
from tests.statistics.simulation import ENOUGH, REPETITIONS, covered


def at_most(k: int, n: int, rate: float) -> float:
    """P(X <= k) for a binomial X, summed term by term."""
    return float(sum(comb(n, j) * rate**j * (1 - rate) ** (n - j) for j in range(k + 1)))


@pytest.mark.parametrize("fpr", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("n", [1, 7, 60, 400, 800])
def test_the_ranks_are_the_nearest_that_keep_the_error(n: int, fpr: float) -> None:
    low, estimate, high = threshold_ranks(n, fpr)
    assert 0 <= low <= estimate <= high <= n + 1
    assert (estimate - 1) / n <= fpr < estimate / n
    error = 0.0125
    assert low == 0 or at_most(low - 1, n, fpr) <= error
    assert low == estimate or at_most(low, n, fpr) > error
    assert high == n + 1 or 1 - at_most(high - 1, n, fpr) <= error + 1e-12
    assert high == estimate or 1 - at_most(high - 2, n, fpr) > error - 1e-12


@pytest.mark.parametrize(
    ("n", "low"),
    [
        pytest.param(436, 0, id="436 negatives do not show where the first hundredth ends"),
        pytest.param(437, 1, id="437 do"),
    ],
)
def test_how_many_negatives_it_takes(n: int, low: int) -> None:
    assert threshold_ranks(n, 0.01).low == low


@pytest.mark.parametrize(
    ("positives", "negatives", "digits"),
    [
        pytest.param(200, 1000, 9, id="no ties"),
        pytest.param(500, 500, 1, id="many ties"),
        pytest.param(30, 40, 9, id="few rows"),
        pytest.param(1000, 700, 0, id="two values"),
    ],
)
def test_it_holds_as_often_as_it_says(positives: int, negatives: int, digits: int) -> None:
    """Losses u² of members and u of others; with ties the truth is that of the steps."""
    rng = np.random.default_rng(0)
    ranks = threshold_ranks(negatives, 0.01)
    half = 0.5 * 10.0**-digits  # where the first step that holds more than 1 % of them begins
    truth = 0.0 if half > 0.01 else np.sqrt(0.01)
    found = []
    for _ in range(REPETITIONS):
        members = np.sort(np.round(rng.random(positives) ** 2, digits))
        others = np.sort(np.round(rng.random(negatives), digits))
        edges = [-np.inf, *others, np.inf]
        before = np.searchsorted(members, [edges[rank] for rank in ranks])
        bounds = tpr_at_fpr((int(before[0]), int(before[1]), int(before[2])), positives)
        found.append(bounds)
    assert covered(found, float(truth)) >= ENOUGH
    false, true, _ = roc_curve(
        np.repeat([1, 0], [positives, negatives]),
        -np.concatenate([members, others]),
        drop_intermediate=False,
    )
    assert found[-1].estimate == pytest.approx(true[false <= 0.01].max())


def test_the_ends_are_exact_limits_with_a_quarter_of_the_error_each() -> None:
    bounds = tpr_at_fpr((3, 5, 9), 50)
    assert bounds.estimate == 0.1
    assert bounds.low == clopper_pearson(3, 50, 0.9875, "lower")[0]
    assert bounds.high == clopper_pearson(9, 50, 0.9875, "upper")[1]


def test_no_positives_give_no_estimate() -> None:
    bounds = tpr_at_fpr((0, 0, 0), 0)
    assert (bounds.estimate, bounds.low, bounds.high) == (None, 0.0, 1.0)


@pytest.mark.parametrize("before", [(2, 1, 3), (0, 1, 6), (-1, 0, 0)])
def test_counts_that_are_none_are_refused(before: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        tpr_at_fpr(before, 5)


@pytest.mark.parametrize(("n", "fpr"), [(0, 0.01), (10, 0.0), (10, 1.0)])
def test_a_threshold_needs_negatives_and_a_rate(n: int, fpr: float) -> None:
    with pytest.raises(ValueError, match="needs negatives"):
        threshold_ranks(n, fpr)
