"""Privacy: a model that remembers its training rows is caught, one that does not is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from comity.claims import Assessment, Claim, Reason
from comity.report import assessment_page
from tests.assess.tables import KINDS, Columns, assessed, find

ROLES = 'truth = "t"\nscore = "s"\nsplit = "part"\n'
MEASURES = ("membership_auroc", "membership_tpr_at_fpr", "control_auroc", "control_tpr_at_fpr")


def parts(rows: int) -> list[str]:
    """Every second row is trained on."""
    return ["train" if number % 2 == 0 else "test" for number in range(rows)]


def honest(seed: int, rows: int) -> Columns:
    """A logistic regression on one column, by gradient steps on the training rows."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=rows)
    truth = (rng.random(rows) < 1 / (1 + np.exp(-signal))).astype(int)
    weight = 0.0
    for _ in range(100):
        stated = 1 / (1 + np.exp(-weight * signal[::2]))
        weight -= float(signal[::2] @ (stated - truth[::2])) / len(stated)
    scores = 1 / (1 + np.exp(-weight * signal))
    return {"t": truth.tolist(), "s": scores.tolist(), "part": parts(rows)}


def remembering(seed: int, rows: int) -> Columns:
    """A narrow kernel smoother: each training row is its own nearest neighbour."""
    rng = np.random.default_rng(seed)
    inputs, truth = rng.normal(size=(rows, 8)), rng.integers(0, 2, rows)
    squares = (inputs**2).sum(axis=1)
    distance = squares[:, None] - 2 * inputs @ inputs[::2].T + squares[None, ::2]
    kernel = np.exp(-np.maximum(distance, 0))
    scores = (kernel @ truth[::2] + 0.25) / (kernel.sum(axis=1) + 0.5)
    return {"t": truth.tolist(), "s": scores.tolist(), "part": parts(rows)}


HONEST = honest(1, 4000)
REMEMBERING = remembering(2, 2000)


def privacy(result: Assessment) -> dict[str, Claim]:
    """The four claims by name."""
    return {name: find(result, f"privacy.{name}") for name in MEASURES}


def bounds(claim: Claim) -> tuple[float, float, float]:
    """Estimate, lower and upper end."""
    assert claim.estimate is not None and claim.interval is not None, claim.detail
    return float(claim.estimate), float(claim.interval.low), float(claim.interval.high)


def test_a_model_that_learned_its_rows_by_heart_is_caught(tmp_path: Path) -> None:
    found = privacy(assessed(tmp_path, REMEMBERING, ROLES))
    assert bounds(found["membership_auroc"])[1] > 0.7
    assert bounds(found["membership_tpr_at_fpr"])[1] > 0.1


def test_an_honest_model_is_not_accused(tmp_path: Path) -> None:
    found = privacy(assessed(tmp_path, HONEST, ROLES))
    _, low, high = bounds(found["membership_auroc"])
    assert low < 0.5 < high < 0.55
    _, low, high = bounds(found["membership_tpr_at_fpr"])
    assert low < 0.01 < high


@pytest.mark.parametrize("make", [honest, remembering])
def test_the_control_finds_nothing_whatever_the_model(
    tmp_path: Path, make: Callable[[int, int], Columns]
) -> None:
    found = [privacy(assessed(tmp_path, make(seed, 600), ROLES)) for seed in range(12)]
    order = [bounds(one["control_auroc"]) for one in found]
    assert sum(low <= 0.5 <= high for _, low, high in order) >= 11
    rate = [bounds(one["control_tpr_at_fpr"]) for one in found]
    assert sum(low <= 0.01 <= high for _, low, high in rate) >= 11


def test_what_was_drawn_is_marked_with_its_seed(tmp_path: Path) -> None:
    result = assessed(tmp_path, HONEST, ROLES)
    assert result.seed == "comity 1"
    marks = {
        procedure.measure: procedure.parameters.get("marks") for procedure in result.procedures
    }
    assert marks["privacy.control_auroc"] == "drawn: md5, comity 1"
    assert marks["privacy.membership_auroc"] is None
    undrawn = assessed(tmp_path, {**HONEST, "part": ["test"] * 4000}, ROLES)
    assert undrawn.seed is None


@pytest.mark.parametrize("digits", [1, 2, 6])
@pytest.mark.parametrize("seed", [3, 4])
def test_estimates_are_those_of_scikit_learn(tmp_path: Path, seed: int, digits: int) -> None:
    table = remembering(seed, 1400)
    table = {**table, "s": [round(score, digits) for score in table["s"]]}
    found = privacy(assessed(tmp_path, table, ROLES))
    truth, score = np.array(table["t"]), np.array(table["s"])
    given = np.where(truth == 1, score, 1 - score)
    member = np.array(table["part"]) == "train"
    expected = roc_auc_score(member, given)
    assert bounds(found["membership_auroc"])[0] == pytest.approx(expected, rel=1e-11)
    false, true, _ = roc_curve(member, given, drop_intermediate=False)
    expected = true[false <= 0.01].max()
    claim = found["membership_tpr_at_fpr"]
    assert bounds(claim)[0] == pytest.approx(expected, rel=1e-11)
    assert claim.counts.successes is None, "else whoever decides would take it for a plain rate"


def test_every_kind_of_file_gives_the_same(tmp_path: Path) -> None:
    first, *others = [
        [bounds(claim) for claim in privacy(assessed(tmp_path, HONEST, ROLES, name)).values()]
        for name in KINDS
    ]
    assert others == [first] * (len(KINDS) - 1)


def test_rows_of_a_third_part_take_no_side(tmp_path: Path) -> None:
    plain = privacy(assessed(tmp_path, HONEST, ROLES))
    third = {
        "t": [*HONEST["t"], *([0, 1] * 20)],
        "s": [*HONEST["s"], *([0.0, 1.0] * 20)],
        "part": [*HONEST["part"], *(["tune"] * 40)],
    }
    found = privacy(assessed(tmp_path, third, ROLES))
    for name in ("membership_auroc", "membership_tpr_at_fpr"):
        assert bounds(found[name]) == bounds(plain[name])


def test_the_card_says_which_part_was_trained_on(tmp_path: Path) -> None:
    table = {**HONEST, "part": ["fit" if p == "train" else "test" for p in HONEST["part"]]}
    plain = privacy(assessed(tmp_path, HONEST, ROLES))
    found = privacy(assessed(tmp_path, table, f'{ROLES}train = "fit"\n'))
    assert bounds(found["membership_auroc"]) == bounds(plain["membership_auroc"])
    assert found["membership_auroc"].procedure == plain["membership_auroc"].procedure


def test_training_rows_without_truth_or_score_are_left_out(tmp_path: Path) -> None:
    table: Columns = {
        "t": [*HONEST["t"], None, 1, 1, 7],
        "s": [*HONEST["s"], 0.5, None, float("nan"), 0.5],
        "part": [*HONEST["part"], *["train"] * 4],
    }
    found = privacy(assessed(tmp_path, table, ROLES, "p.parquet"))
    assert found["membership_tpr_at_fpr"].counts.scored == 2000


@pytest.mark.parametrize(
    ("change", "roles", "reason"),
    [
        pytest.param(
            {}, 'truth = "t"\nscore = "s"\n', Reason.COLUMN_NOT_GIVEN, id="no split column"
        ),
        pytest.param(
            {"p": [0, 1] * 20},
            'truth = "t"\nprediction = "p"\nsplit = "part"\n',
            Reason.COLUMN_NOT_GIVEN,
            id="no score column",
        ),
        pytest.param(
            {"part": ["test"] * 40}, ROLES, Reason.NO_TRAINING_ROWS, id="no training rows"
        ),
        pytest.param(
            {"part": ["test", "tune"] * 20}, ROLES, Reason.NO_TRAINING_ROWS, id="another part"
        ),
        pytest.param(
            {},
            f'{ROLES}evaluate = "train"\n',
            Reason.NO_TRAINING_ROWS,
            id="the training rows themselves are evaluated",
        ),
        pytest.param(
            {"s": [0.5] * 39 + [1.5]}, ROLES, Reason.NOT_A_PROBABILITY, id="a score above 1"
        ),
        pytest.param(
            {"s": [0.5] * 20 + [None] * 20}, ROLES, Reason.NO_ROWS, id="no score in training"
        ),
        pytest.param(
            {"s": [None] * 20 + [0.5] * 20}, ROLES, Reason.NO_ROWS, id="no score in evaluation"
        ),
    ],
)
def test_what_cannot_be_measured_says_why(
    tmp_path: Path, change: Columns, roles: str, reason: Reason
) -> None:
    table = {"t": [0, 1] * 20, "s": [0.5] * 40, "part": ["test"] * 20 + ["train"] * 20, **change}
    for claim in privacy(assessed(tmp_path, table, roles)).values():
        assert (claim.status, claim.reason) == ("not_measured", reason)


def test_few_evaluated_rows_cannot_show_that_members_are_found(tmp_path: Path) -> None:
    table = {
        "t": [1] * 500,
        "s": [1.0] * 300 + [0.5] * 200,
        "part": ["train"] * 300 + ["test"] * 200,
    }
    found = privacy(assessed(tmp_path, table, ROLES))
    assert bounds(found["membership_tpr_at_fpr"]) == (1.0, 0.0, 1.0)
    assert bounds(found["membership_auroc"])[1] > 0.9


def test_the_report_tells_it_in_words_and_in_a_plot(tmp_path: Path) -> None:
    result = assessed(tmp_path, REMEMBERING, ROLES)
    page = assessment_page(result, statement_id=None, fingerprint=None, generated="now")
    assert "Of 100 rows that the system was trained on, an attack" in page
    assert "Who was in the training data" in page
    silent = assessed(tmp_path, {**HONEST, "part": ["test"] * 4000}, ROLES)
    page = assessment_page(silent, statement_id=None, fingerprint=None, generated="now")
    assert "Of 100 rows that the system was trained on, an attack" not in page
    assert "row of the table is marked as one that the system was trained on" in page
