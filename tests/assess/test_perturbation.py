"""Disturbed inputs: the counts are those that scikit-learn gives on the same disturbed rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from comity.assess.systems.model.perturb import Spread
from comity.claims import Assessment, Claim, Reason
from comity.errors import InputError
from comity.statistics import clopper_pearson
from tests.assess.models import (
    MODEL,
    PREDICTIONS,
    exported,
    matrix,
    people,
    run_card,
    write_inputs,
    write_model_card,
)
from tests.assess.tables import assessed, find

CHANGED, WORSE = "robustness.changed_rate", "robustness.right_to_wrong_rate"


@pytest.fixture
def table(tmp_path: Path) -> dict[str, NDArray[Any]]:
    table = people()
    write_inputs(tmp_path / "people.csv", table)
    return table


def logistic(folder: Path, table: dict[str, NDArray[Any]]) -> LogisticRegression:
    learner = LogisticRegression().fit(matrix(table), table["sick"])
    (folder / "model.onnx").write_bytes(exported(learner))
    return learner


def changed(result: Assessment, what: str) -> tuple[Claim, Claim]:
    return find(result, CHANGED, perturbation=what), find(result, WORSE, perturbation=what)


@pytest.mark.parametrize(
    ("asked", "words", "disturbed"),
    [
        pytest.param(
            "offset = {heat = 2.5}", "heat + 2.5", lambda x: np.add(x, [2.5, 0, 0]), id="an offset"
        ),
        pytest.param(
            "offset = {heat = -3}",
            "heat - 3",
            lambda x: np.add(x, [-3, 0, 0]),
            id="an offset downwards",
        ),
        pytest.param("scale = {load = 1.5}", "load × 1.5", lambda x: x * [1, 1.5, 1], id="a scale"),
        pytest.param(
            "flip = ['female']", "female flipped", lambda x: [0, 0, 1] + x * [1, 1, -1], id="a flip"
        ),
    ],
)
def test_the_counts_are_those_of_scikit_learn(
    tmp_path: Path, table: dict[str, NDArray[Any]], asked: str, words: str, disturbed: Any
) -> None:
    learner = logistic(tmp_path, table)
    features = matrix(table).astype(float)
    before, after = learner.predict(features), learner.predict(disturbed(features))
    all_, right = changed(run_card(write_model_card(tmp_path, perturb=asked + "\n")), words)
    assert all_.counts.successes == int((before != after).sum()) > 0
    assert all_.counts.scored == len(before)
    good = before == table["sick"]
    assert right.counts.successes == int((good & (before != after)).sum())
    assert right.counts.scored == int(good.sum())
    assert all_.interval is not None
    low, high = clopper_pearson(all_.counts.successes or 0, all_.counts.scored)
    assert float(all_.interval.low) == pytest.approx(float(low), rel=1e-9)
    assert float(all_.interval.high) == pytest.approx(float(high), rel=1e-9)


def test_a_model_that_does_not_use_the_group_changes_nothing_when_it_is_flipped(
    tmp_path: Path, table: dict[str, NDArray[Any]]
) -> None:
    """The weight is made zero: then neither flip, nor offset, nor absence can change anything."""
    learner = LogisticRegression().fit(matrix(table), table["sick"])
    learner.coef_[0, 2] = 0.0
    (tmp_path / "model.onnx").write_bytes(exported(learner))
    result = run_card(write_model_card(tmp_path, perturb="flip = ['female']\n"))
    assert changed(result, "female flipped")[0].estimate == "0"


def test_noise_is_as_large_as_it_says_and_the_same_for_everybody(
    tmp_path: Path, table: dict[str, NDArray[Any]]
) -> None:
    """With weights on one feature alone the share is that of normal noise of this size."""
    learner = LogisticRegression().fit(matrix(table), table["sick"])
    learner.coef_[0] = [1.0, 0.0, 0.0]
    learner.intercept_[0] = -float(np.mean(table["heat"]))
    (tmp_path / "model.onnx").write_bytes(exported(learner))
    share: dict[str, float] = {}
    for size in ("0.01", "0.3", "3"):
        card = write_model_card(tmp_path, perturb=f"seed = 5\nnoise = {size}\n")
        result = run_card(card)
        claim = changed(result, f"noise of {size} standard deviations")[0]
        assert result.seed == "5"
        share[size] = float(claim.estimate or "nan")
        # P(sign of z differs from that of z + size·e) for two independent normals: atan(size)/π
        expected = np.arctan(float(size)) / np.pi
        assert share[size] == pytest.approx(expected, abs=4 * (expected / 1500) ** 0.5)
    other = run_card(write_model_card(tmp_path, perturb="seed = 6\nnoise = 0.3\n"))
    assert changed(other, "noise of 0.3 standard deviations")[0].estimate != str(share["0.3"])


def test_the_spread_does_not_depend_on_how_rows_are_cut_into_batches() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(1e6, 1.0, 1000)
    values[17] = np.nan
    evaluated = rng.random(1000) < 0.7
    for size in (1, 7, 1000):
        spread = Spread(("x",), ())
        for start in range(0, 1000, size):
            part = slice(start, start + size)
            spread.add({"x": values[part]}, evaluated[part])
        expected = float(np.nanstd(values[evaluated]))
        assert spread.deviation("x") == pytest.approx(expected, rel=1e-9)


def test_a_missing_sensor_leaves_a_linear_model_without_decisions(
    tmp_path: Path, table: dict[str, NDArray[Any]]
) -> None:
    logistic(tmp_path, table)
    result = run_card(write_model_card(tmp_path, perturb="missing = ['heat']\n"))
    claim = changed(result, "heat missing")[0]
    assert (claim.status, claim.reason) == ("not_measured", Reason.NO_ROWS)
    assert (claim.counts.planned, claim.counts.invalid) == (1500, 1500)
    assert "no decision" in claim.detail


def test_trees_decide_without_a_sensor_and_the_changes_are_counted(
    tmp_path: Path, table: dict[str, NDArray[Any]]
) -> None:
    """In ONNX a missing value goes to the right in every tree, as a very large one does."""
    learner = GradientBoostingClassifier(random_state=1, n_estimators=20)
    learner.fit(matrix(table), table["sick"])
    (tmp_path / "model.onnx").write_bytes(exported(learner))
    result = run_card(write_model_card(tmp_path, perturb="missing = ['heat']\n"))
    large = matrix(table)
    large[:, 0] = 1e30
    claim = changed(result, "heat missing")[0]
    differ = learner.predict(large) != learner.predict(matrix(table))
    assert claim.counts.successes == int(differ.sum()) > 0
    assert claim.counts.invalid == 0


def test_a_row_whose_group_is_not_known_is_not_flipped(
    tmp_path: Path, table: dict[str, NDArray[Any]]
) -> None:
    learner = GradientBoostingClassifier(random_state=1, n_estimators=20)
    learner.fit(matrix(table), table["sick"])
    (tmp_path / "model.onnx").write_bytes(exported(learner))
    female = [str(value) for value in table["female"]]
    female[:100] = [""] * 100
    write_inputs(tmp_path / "people.csv", {**table, "female": female})
    result = run_card(write_model_card(tmp_path, perturb="flip = ['female']\n"))
    assert changed(result, "female flipped")[0].counts.planned == 1400


def test_scores_without_a_cut_off_are_no_decisions(
    tmp_path: Path, table: dict[str, NDArray[Any]]
) -> None:
    logistic(tmp_path, table)
    plain = PREDICTIONS.replace("cut_off = 0.5\n", "")
    result = run_card(write_model_card(tmp_path, MODEL, plain, "missing = ['heat']\n"))
    assert find(result, CHANGED).reason is Reason.COLUMN_NOT_GIVEN


def test_a_table_of_predictions_cannot_be_disturbed(tmp_path: Path) -> None:
    result = assessed(tmp_path, {"t": [0, 1], "p": [0, 1]}, 'truth = "t"\nprediction = "p"\n')
    assert find(result, CHANGED).reason is Reason.SYSTEM_NOT_RUN
    assert find(result, WORSE).reason is Reason.SYSTEM_NOT_RUN


def test_each_disturbance_is_a_procedure_of_its_own(
    tmp_path: Path, table: dict[str, NDArray[Any]]
) -> None:
    logistic(tmp_path, table)
    asked = "seed = 1\nnoise = 0.5\nmissing = ['heat', 'load']\nscale = {heat = 2}\n"
    result = run_card(write_model_card(tmp_path, perturb=asked))
    found = [procedure for procedure in result.procedures if procedure.measure == CHANGED]
    assert len(found) == 4
    noise = {"positive": "1", "decision": "score >= cut_off", "cut_off": "0.5"}
    assert found[0].parameters == noise | {"perturbation": "noise", "by": "0.5"}


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        pytest.param("noise = 0.1", "seed", "noise needs a seed", id="noise without a seed"),
        pytest.param("seed = 1\nnoise = 0", "noise", "changes nothing", id="no noise"),
        pytest.param("seed = 1\nnoise = nan", "noise", "no finite number", id="noise of nan"),
        pytest.param("missing = ['age']", "missing", "no feature", id="no such feature"),
        pytest.param("flip = ['heat']", "flip", "cannot be flipped", id="a flip of a quantity"),
        pytest.param("scale = {heat = inf}", "scale.heat", "no finite", id="an endless scale"),
        pytest.param("missing = ['heat', 'heat']", "perturb", "different", id="the same twice"),
        pytest.param("wobble = 1", "perturb", "`wobble`", id="an unknown disturbance"),
    ],
)
def test_a_wrong_disturbance_is_told(
    tmp_path: Path, table: dict[str, NDArray[Any]], asked: str, field: str, sentence: str
) -> None:
    logistic(tmp_path, table)
    with pytest.raises(InputError, match=sentence) as caught:
        run_card(write_model_card(tmp_path, perturb=asked + "\n"))
    assert f"model.perturb{'.' if field != 'perturb' else ''}" in caught.value.where
    assert caught.value.where.endswith(field)
