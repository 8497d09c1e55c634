"""Point values equal those of scikit-learn and fairlearn on random tables of many shapes.

The two libraries are test oracles only; Comity does not need them.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_difference,
    demographic_parity_ratio,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    brier_score_loss,
    log_loss,
    precision_score,
    roc_auc_score,
)

from comity.claims import Claim
from comity.statistics import auroc, delong_sums
from tests.assess.tables import KINDS, assessed, find, in_partition

ROLES = 'truth = "t"\nprediction = "p"\nscore = "s"\ngroups = ["g", "h"]\nminimum_cell = 1\n'
RATES = {
    "selection_rate": selection_rate,
    "tpr": true_positive_rate,
    "fpr": false_positive_rate,
    "ppv": precision_score,
}


def random_table(seed: int, rows: int, shares: tuple[float, ...], ties: int) -> dict[str, list]:  # type: ignore[type-arg]
    """Truth, prediction, tied scores and two unequal group columns; both classes occur."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(rows) < rng.uniform(0.1, 0.9)).astype(int)
    truth[:2] = (0, 1)
    score = np.clip(rng.normal(0.4 + 0.2 * truth, 0.25), 0, 1)
    score = np.round(score * ties) / ties if ties else score
    return {
        "t": truth.tolist(),
        "p": (score > 0.5).astype(int).tolist(),
        "s": score.tolist(),
        "g": rng.choice([f"g{i}" for i in range(len(shares))], rows, p=shares).tolist(),
        "h": rng.choice(["x", "y"], rows).tolist(),
    }


SHAPES = [
    pytest.param(1, 40, (0.5, 0.5), 4, id="forty rows and five scores"),
    pytest.param(2, 500, (0.9, 0.1), 10, id="unequal groups and eleven scores"),
    pytest.param(3, 2000, (0.25,) * 4, 0, id="four groups and no ties"),
    pytest.param(4, 3000, (0.1,) * 10, 100, id="ten groups"),
    pytest.param(5, 3, (1.0,), 2, id="three rows and one group"),
]


def number(claim: Claim) -> float:
    assert claim.estimate is not None, claim.detail
    return float(claim.estimate)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(("seed", "rows", "shares", "ties"), SHAPES)
def test_point_values_are_those_of_the_peers(
    tmp_path: Path, seed: int, rows: int, shares: tuple[float, ...], ties: int, name: str
) -> None:
    table = random_table(seed, rows, shares, ties)
    result = assessed(tmp_path, table, ROLES, name)
    truth, prediction, score = table["t"], table["p"], table["s"]
    peers = {
        "accuracy": accuracy_score(truth, prediction),
        "balanced_accuracy": balanced_accuracy_score(truth, prediction),
        "auroc": roc_auc_score(truth, score),
        "brier": brier_score_loss(truth, score),
        "log_loss": log_loss(truth, score),
    }
    for measure, expected in peers.items():
        claim = find(result, f"accuracy.{measure}")
        assert number(claim) == pytest.approx(expected, rel=1e-11, abs=1e-13), measure
        assert (claim.interval is None) == (measure == "log_loss")
        if claim.interval is not None:
            assert float(claim.interval.low) <= number(claim) <= float(claim.interval.high)

    for names in (["g"], ["h"], ["g", "h"]):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the peers warn where a group has no denominator
            frame = MetricFrame(
                metrics=RATES,
                y_true=truth,
                y_pred=prediction,
                sensitive_features={column: table[column] for column in names},
            )
        for key, values in frame.by_group.dropna(how="all").iterrows():
            place = dict(zip(names, key if isinstance(key, tuple) else (key,), strict=True))
            for rate in RATES:
                claim = find(result, f"fairness.{rate}", **place)
                if claim.estimate is not None:  # without a denominator the peers print 0
                    assert number(claim) == pytest.approx(values[rate], rel=1e-11), rate
                    assert claim.counts.successes == round(number(claim) * claim.counts.scored)
        if len(frame.by_group.dropna(how="all")) > 1:
            sensitive = {"sensitive_features": {column: table[column] for column in names}}
            partition = " × ".join(names)
            gap = in_partition(result, "fairness.selection_rate_gap", partition)
            ratio = in_partition(result, "fairness.selection_rate_ratio", partition)
            difference = demographic_parity_difference(truth, prediction, **sensitive)
            assert number(gap) == pytest.approx(difference, rel=1e-11, abs=1e-12)
            share = demographic_parity_ratio(truth, prediction, **sensitive)
            if ratio.estimate is None:
                assert np.isnan(share)
            else:
                assert number(ratio) == pytest.approx(share, rel=1e-11)


def test_gaps_ratios_and_impact_ratios_are_those_of_fairlearn(tmp_path: Path) -> None:
    table = random_table(8, 3000, (0.5, 0.3, 0.2), 0)
    result = assessed(tmp_path, table, ROLES)
    frame = MetricFrame(
        metrics=RATES,
        y_true=table["t"],
        y_pred=table["p"],
        sensitive_features={"g": table["g"]},
    )
    for rate in RATES:
        gap = in_partition(result, f"fairness.{rate}_gap", "g")
        ratio = in_partition(result, f"fairness.{rate}_ratio", "g")
        assert number(gap) == pytest.approx(frame.difference()[rate], rel=1e-11), rate
        assert number(ratio) == pytest.approx(frame.ratio()[rate], rel=1e-11), rate
    selected = frame.by_group["selection_rate"]
    for group, value in selected.items():
        claim = find(result, "fairness.impact_ratio", g=str(group))
        assert number(claim) == pytest.approx(value / selected.max(), rel=1e-11)


@pytest.mark.parametrize(("seed", "rows", "shares", "ties"), SHAPES)
def test_the_sums_behind_the_auroc_interval_are_exact(
    tmp_path: Path, seed: int, rows: int, shares: tuple[float, ...], ties: int
) -> None:
    table = random_table(seed, rows, shares, ties)
    claim = find(assessed(tmp_path, table, ROLES), "accuracy.auroc")
    truth, score = np.array(table["t"]), np.array(table["s"])
    distinct = np.unique(score)
    counts = [[int(((score == s) & (truth == y)).sum()) for s in distinct] for y in (1, 0)]
    expected = auroc(*delong_sums(*counts))
    assert claim.interval is not None and expected.low is not None and expected.high is not None
    assert float(claim.interval.low) == pytest.approx(expected.low, rel=1e-9, abs=1e-12)
    assert float(claim.interval.high) == pytest.approx(expected.high, rel=1e-9, abs=1e-12)


def test_a_cut_off_decides_as_a_column_of_predictions_would(tmp_path: Path) -> None:
    table = random_table(6, 400, (0.5, 0.5), 20)
    table["p"] = [int(score >= 0.35) for score in table["s"]]
    given = assessed(tmp_path, table, 'truth = "t"\nprediction = "p"\ngroups = ["g"]\n')
    cut = assessed(tmp_path, table, 'truth = "t"\nscore = "s"\ncut_off = "0.35"\ngroups = ["g"]\n')
    for measure in ("fairness.tpr_gap", "fairness.selection_rate_ratio", "accuracy.accuracy"):
        one, other = find(given, measure), find(cut, measure)
        assert (one.estimate, one.interval) == (other.estimate, other.interval)
        assert one.procedure != other.procedure


def test_the_reliability_curve_is_that_of_the_scores(tmp_path: Path) -> None:
    table = random_table(7, 1000, (1.0,), 0)
    result = assessed(tmp_path, table, ROLES)
    truth, score = np.array(table["t"]), np.array(table["s"])
    error = 0.0
    for low in range(10):
        inside = (score >= low / 10) & ((score < (low + 1) / 10) | (low == 9))
        place = {"score_bin": f"{low / 10:g} to {(low + 1) / 10:g}"}
        mean = number(find(result, "calibration.mean_score", **place))
        observed = number(find(result, "calibration.observed_rate", **place))
        assert mean == pytest.approx(score[inside].mean(), rel=1e-11)
        assert observed == pytest.approx(truth[inside].mean(), rel=1e-11)
        error += inside.mean() * abs(mean - observed)
    expected = find(result, "calibration.expected_error")
    assert number(expected) == pytest.approx(error, rel=1e-10)
