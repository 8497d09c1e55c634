"""Comity runs the model: the numbers are scikit-learn's, the evidence is bound to the weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from comity.assess import assess, load_card
from comity.assess.clock import SystemClock
from comity.assess.systems.model.run import run_model
from comity.claims import CATALOGUE, Reason, canonical_bytes
from comity.decide.doors import binding_of
from comity.errors import InputError
from comity.files import digest_file
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
from tests.assess.tables import ASSESSOR, CLOCK, assessed, find

LEARNERS = [
    pytest.param(LogisticRegression(), id="logistic regression"),
    pytest.param(GradientBoostingClassifier(random_state=1, n_estimators=30), id="boosted trees"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a logistic regression, its inputs, and nothing else."""
    table = people()
    model = LogisticRegression().fit(matrix(table), table["sick"])
    (tmp_path / "model.onnx").write_bytes(exported(model))
    write_inputs(tmp_path / "people.csv", table)
    return tmp_path


@pytest.mark.parametrize("zipmap", [False, True], ids=["tensor", "map from class to score"])
@pytest.mark.parametrize("learner", LEARNERS)
def test_the_numbers_are_those_of_scikit_learn(
    tmp_path: Path, learner: LogisticRegression, zipmap: bool
) -> None:
    table = people()
    learner.fit(matrix(table), table["sick"])
    (tmp_path / "model.onnx").write_bytes(exported(learner, zipmap=zipmap))
    write_inputs(tmp_path / "people.csv", table)
    card = (
        MODEL
        if not zipmap
        else MODEL.replace("class_index = 1\n", "").replace("probabilities", "output_probability")
    )
    result = run_card(write_model_card(tmp_path, card))
    score = learner.predict_proba(matrix(table))[:, 1]
    expected = {
        "accuracy.accuracy": ((score >= 0.5) == table["sick"]).mean(),
        "accuracy.auroc": roc_auc_score(table["sick"], score),
        "accuracy.brier": brier_score_loss(table["sick"], score),
    }
    for measure, value in expected.items():
        assert float(find(result, measure).estimate or "nan") == pytest.approx(value, abs=1e-5)
    men = find(result, "fairness.selection_rate", female="0").counts
    assert men.successes == int((score >= 0.5)[table["female"] == 0].sum())


def test_a_class_output_gives_the_decisions(folder: Path) -> None:
    table = people()
    learner = LogisticRegression().fit(matrix(table), table["sick"])
    model = MODEL.partition("score_output")[0] + 'prediction_output = "label"\n'
    plain = PREDICTIONS.replace("cut_off = 0.5\n", "")
    result = run_card(write_model_card(folder, model, plain))
    right = int((learner.predict(matrix(table)) == table["sick"]).sum())
    assert find(result, "accuracy.accuracy").counts.successes == right
    assert find(result, "accuracy.brier").reason is Reason.COLUMN_NOT_GIVEN


def test_every_measure_is_the_same_as_from_a_table_of_the_same_scores(folder: Path) -> None:
    """The model's own scores, handed in as a table, give the same procedures and claims."""
    card = load_card(write_model_card(folder))
    with run_model(card, SystemClock(), folder) as ran:
        text = ran.card.table.read_text(encoding="utf-8")
        place = ran.card.table
    assert not place.exists()
    rows = [line.split(",") for line in text.splitlines()]
    columns = {name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0])}
    ours = run_card(folder / "system.toml")
    theirs = assessed(folder, columns, PREDICTIONS + 'score = "score"\n')
    numbers = [
        {
            (claim.procedure, claim.estimate, str(claim.slice), claim.interval)
            for claim in result.claims
            if not claim.measure.startswith(("footprint.", "robustness."))
        }
        for result in (ours, theirs)
    ]
    assert numbers[0] == numbers[1]


def test_the_evidence_is_bound_to_the_weights_and_a_table_is_not(folder: Path) -> None:
    result = run_card(write_model_card(folder))
    assert result.system.identity.binding == "weights"
    assert result.system.digest == result.system.identity.digest
    assert binding_of(result) == "weights"
    assert result.data.digest == digest_file(folder / "people.csv")
    assert result.data.name == "people.csv"
    assert result.data.columns == {
        "truth": "sick", "id": "person", "group.female": "female",
        "input.1": "heat", "input.2": "load", "input.3": "female",
    }  # fmt: skip


def test_other_weights_are_another_system(folder: Path) -> None:
    card = write_model_card(folder)
    before = load_card(card).system.digest
    table = people(seed=9)
    other = LogisticRegression().fit(matrix(table), table["sick"])
    (folder / "model.onnx").write_bytes(exported(other))
    assert load_card(card).system.digest != before


def test_a_folder_is_bound_as_a_whole(folder: Path) -> None:
    (folder / "model").mkdir()
    (folder / "model.onnx").rename(folder / "model" / "net.onnx")
    (folder / "model" / "labels.txt").write_text("well\nsick\n", encoding="utf-8")
    card = write_model_card(folder, MODEL.replace("model.onnx", "model"))
    before = run_card(card).system.digest
    (folder / "model" / "labels.txt").write_text("sick\nwell\n", encoding="utf-8")
    assert load_card(card).system.digest != before


def test_two_runs_give_the_same_bytes(folder: Path) -> None:
    card = write_model_card(folder, perturb="seed = 1\nnoise = 0.2\n")
    assert canonical_bytes(run_card(card)) == canonical_bytes(run_card(card))


def test_every_measure_is_claimed_or_has_its_reason(folder: Path) -> None:
    result = run_card(write_model_card(folder))
    risks = ("accuracy", "calibration", "fairness", "robustness", "footprint")
    expected = {measure.id for measure in CATALOGUE.values() if measure.risk in risks}
    assert {claim.measure for claim in result.claims} >= expected
    assert find(result, "robustness.changed_rate").reason is Reason.NOT_ASKED
    assert find(result, "footprint.system_cpu_seconds").counts.scored == len(people()["sick"])


def test_only_the_evaluated_part_counts_and_the_rest_is_predicted_too(folder: Path) -> None:
    parted = PREDICTIONS + 'split = "part"\n'
    result = run_card(write_model_card(folder, MODEL, parted, "flip = ['female']\n"))
    evaluated = int((people()["part"] == "test").sum())
    assert (result.data.rows, result.data.evaluated) == (1500, evaluated)
    changed = find(result, "robustness.changed_rate", perturbation="female flipped")
    assert changed.counts.planned == evaluated


def test_a_row_with_a_missing_feature_has_no_score_where_the_model_gives_none(
    folder: Path,
) -> None:
    table = people()
    heat = [str(value) for value in table["heat"]]
    heat[3] = heat[7] = ""
    write_inputs(folder / "people.csv", {**table, "heat": heat})
    claim = find(run_card(write_model_card(folder)), "accuracy.accuracy")
    assert (claim.counts.scored, claim.counts.invalid) == (1498, 2)


@pytest.mark.parametrize("rows", [1, 7])
def test_a_model_that_takes_a_fixed_number_of_rows_is_fed_so(tmp_path: Path, rows: int) -> None:
    onnx = pytest.importorskip("onnx")
    table = people(100)
    learner = LogisticRegression().fit(matrix(table), table["sick"])
    proto = onnx.load_from_string(exported(learner))
    proto.graph.input[0].type.tensor_type.shape.dim[0].dim_value = rows
    (tmp_path / "model.onnx").write_bytes(proto.SerializeToString())
    write_inputs(tmp_path / "people.csv", table)
    result = run_card(write_model_card(tmp_path))
    right = int((learner.predict(matrix(table)) == table["sick"]).sum())
    assert find(result, "accuracy.accuracy").counts.successes == right


def test_inputs_with_names_numbers_and_text_are_fed_by_name(tmp_path: Path) -> None:
    import pandas as pd
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    table = people(400)
    region = np.where(table["load"] > 3, "нед", "NA")
    frame = pd.DataFrame(
        {"heat": table["heat"].astype(np.float32), "age": table["female"] + 60, "region": region}
    )
    kinds = ColumnTransformer([("r", OneHotEncoder(), ["region"])], remainder="passthrough")
    learner = make_pipeline(kinds, LogisticRegression()).fit(frame, table["sick"])
    proto = to_onnx(
        learner,
        initial_types=[
            ("heat", FloatTensorType([None, 1])),
            ("age", Int64TensorType([None, 1])),
            ("region", StringTensorType([None, 1])),
        ],
        options={"zipmap": False},
    )
    (tmp_path / "model.onnx").write_bytes(proto.SerializeToString())
    inputs = {"t": frame["heat"], "alter": frame["age"], "place": region, "sick": table["sick"]}
    write_inputs(tmp_path / "people.csv", inputs)
    model = MODEL.replace(
        'features = ["heat", "load", "female"]',
        'features = {heat = "t", age = ["alter"], region = "place"}',
    )
    card = write_model_card(
        tmp_path, model, 'truth = "sick"\ncut_off = 0.5\n', "flip = ['place', 'alter']\n"
    )
    result = run_card(card)
    right = int((learner.predict(frame) == table["sick"]).sum())
    assert find(result, "accuracy.accuracy").counts.successes == right
    for name in ("region", "age"):
        other = frame.copy()
        values = sorted(set(frame[name]))
        other[name] = [values[1 - values.index(value)] for value in frame[name]]
        changed = int((learner.predict(other) != learner.predict(frame)).sum())
        column = {"region": "place", "age": "alter"}[name]
        claim = find(result, "robustness.changed_rate", perturbation=f"{column} flipped")
        assert claim.counts.successes == changed > 0


def test_the_commitment_is_to_the_rows_that_the_model_answered(folder: Path) -> None:
    pieces: list[bytes] = []
    card = load_card(write_model_card(folder))
    result = assess(card, ASSESSOR, clock=CLOCK, evidence=pieces.append)
    assert result.evidence is not None
    assert result.evidence.n == 1500
    assert b'"score"' in b"".join(pieces)


def test_the_model_changes_while_it_runs(folder: Path) -> None:
    card = load_card(write_model_card(folder))
    (folder / "model.onnx").write_bytes(b"another")
    with (
        pytest.raises(InputError, match="changed while it was read"),
        run_model(card, SystemClock(), folder),
    ):
        pass


def test_the_need_model_of_the_demo_selects_the_same_people(tmp_path: Path) -> None:
    """One fold of the demo: trained by scikit-learn on four fifths, run by Comity on the fifth."""
    from demo.people import FEATURES, FOLDS, SEED, income_group, load_people
    from sklearn.model_selection import KFold

    everybody = load_people()
    features = np.column_stack([everybody[name] for name in FEATURES])
    need = (everybody["fair"] + everybody["poor"]) > 0
    train, test = next(iter(KFold(FOLDS, shuffle=True, random_state=SEED).split(features)))
    learner = GradientBoostingClassifier(random_state=SEED).fit(features[train], need[train])
    expected = learner.predict_proba(features[test])[:, 1]
    (tmp_path / "model.onnx").write_bytes(exported(learner, width=len(FEATURES)))
    income = np.array(income_group(everybody))
    columns = {name: everybody[name][test] for name in FEATURES}
    write_inputs(
        tmp_path / "people.csv",
        {"row": test, **columns, "sick": need[test].astype(int), "group": income[test]},
    )
    quarter = len(test) // 4
    ranked = np.sort(expected)
    cut_off = f"{(ranked[-quarter] + ranked[-quarter - 1]) / 2:.9f}"
    named = ", ".join(f'"{name}"' for name in FEATURES)
    card = write_model_card(
        tmp_path,
        MODEL.replace('"heat", "load", "female"', named),
        f'truth = "sick"\nid = "row"\ncut_off = "{cut_off}"\ngroups = ["group"]\n',
    )
    with run_model(load_card(card), SystemClock(), tmp_path) as ran:
        lines = ran.card.table.read_text(encoding="utf-8").splitlines()[1:]
    score = np.array([float(line.rsplit(",", 1)[1]) for line in lines])
    assert score == pytest.approx(expected, abs=1e-6)
    assert (score >= float(cut_off)).tolist() == (expected >= float(cut_off)).tolist()
    reached = find(run_card(card), "fairness.tpr", group="poor").counts
    sick_poor = need[test] & (income[test] == "poor")
    assert reached.scored == int(sick_poor.sum())
    assert reached.successes == int((expected[sick_poor] >= float(cut_off)).sum())
