"""Every number that has an interval has a method with a row of coverage, and an oracle.

`PROOF` names, for each measure of the catalogue that has an interval, the methods that its claims
may carry and the test that compares its value with another program, or with counting by hand. A
new measure fails here until it has its line; a line is worth what its test is worth.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression

from comity.claims import CATALOGUE, Assessment
from tests.assess.models import exported, matrix, people, run_card, write_inputs, write_model_card
from tests.assess.tables import assessed
from tests.assess.test_forecast import (
    CLIMATE,
    ENSEMBLE,
    INTERVAL,
    POINT,
    QUANTILES,
    forecast,
    weather,
)
from tests.assess.test_stability import clinic
from tests.parts import ROOT

EXACT = ("clopper_pearson",)
GAP = ("score_continuity", "pairwise_score_exact_staircase")
RATIO = ("mover_ratio_exact", "pairwise_mover_exact_staircase")
MEAN = ("t_blocks_16_8_memory",)
SKILL = ("fieller_blocks_16_8_memory",)

PEERS = "assess/test_oracles.py::test_point_values_are_those_of_the_peers"
FAIRLEARN = "assess/test_oracles.py::test_gaps_ratios_and_impact_ratios_are_those_of_fairlearn"
CURVE = "assess/test_oracles.py::test_the_reliability_curve_is_that_of_the_scores"
BY_HAND = "assess/test_stability.py::test_each_drift_is_the_gap_of_rates_counted_by_hand"
SKLEARN = "assess/test_privacy.py::test_estimates_are_those_of_scikit_learn"
DISTURBED = "assess/test_perturbation.py::test_the_counts_are_those_of_scikit_learn"
POINTS = "assess/test_forecast.py::test_point_forecasts_score_as_scikit_learn_says"
QUANTILE = "assess/test_forecast.py::test_quantiles_score_as_scikit_learn_says"
COVERED = "assess/test_forecast.py::test_an_interval_is_a_rate_with_counts"
SCORES = "assess/test_forecast.py::test_ensembles_score_as_the_scores_package_says"
DRIFT = "assess/test_forecast.py::test_the_drift_is_that_of_the_means_of_windows_and_sites"
LIMITS = "statistics/test_rates.py::test_both_agree_with_statsmodels"
TANGO = "statistics/test_paired.py::test_without_its_correction_it_is_the_published_interval"
LEANING = "statistics/test_paired.py::test_leaning_is_the_exact_interval_of_the_share_doubled"
SCORE = "statistics/test_difference.py::test_without_its_correction_it_is_the_published_interval"
JUDGED = "statistics/test_judge.py::test_the_estimate_is_that_of_rogan_and_gladen"

OF_ANSWERS = (
    "bias", "content", "intellectual_property", "languages", "misuse", "private_data", "safety",
)  # fmt: skip
"""Risks of language models: a count of what a reader of answers found. The readers are tested on
labelled answers, in `assess/questions`; an oracle here is one of the interval alone."""
INTERVALS_OF_ANSWERS = {
    "Clopper–Pearson": (EXACT, LIMITS),
    "Tango's score interval": (("tango_continuity",), TANGO),
    "2p − 1 of an exact rate": (EXACT, LEANING),
    "Score interval with continuity": (("score_continuity",), SCORE),
    "Where the scorer is not validated": (("judge_box_exact", "judge_hull"), JUDGED),
}

PROOF: dict[str, tuple[tuple[str, ...], str]] = {
    "accuracy.accuracy": (EXACT, PEERS),
    "accuracy.balanced_accuracy": (("score_continuity",), PEERS),
    "accuracy.auroc": (("delong_beta",), PEERS),
    "accuracy.brier": (("gaffke_moments",), PEERS),
    "calibration.observed_rate": (EXACT, CURVE),
    "calibration.expected_error": (("mover_exact_box",), CURVE),
    **{f"fairness.{rate}": (EXACT, PEERS) for rate in ("selection_rate", "tpr", "fpr", "ppv")},
    **{
        f"fairness.{rate}_gap": (GAP, FAIRLEARN) for rate in ("selection_rate", "tpr", "fpr", "ppv")
    },
    **{
        f"fairness.{rate}_ratio": (RATIO, FAIRLEARN)
        for rate in ("selection_rate", "tpr", "fpr", "ppv")
    },
    "fairness.impact_ratio": (RATIO, FAIRLEARN),
    "privacy.membership_auroc": (("delong_beta",), SKLEARN),
    "privacy.membership_tpr_at_fpr": (("order_statistics_exact",), SKLEARN),
    "privacy.control_auroc": (("delong_beta",), SKLEARN),
    "privacy.control_tpr_at_fpr": (("order_statistics_exact",), SKLEARN),
    "robustness.changed_rate": (EXACT, DISTURBED),
    "robustness.right_to_wrong_rate": (EXACT, DISTURBED),
    "skill.mae": (MEAN, POINTS),
    "skill.rmse": (MEAN, POINTS),
    "skill.bias": (MEAN, POINTS),
    "skill.pinball": (MEAN, QUANTILE),
    "skill.crps": (MEAN, SCORES),
    "skill.interval_coverage": (("korn_graubard_blocks_16_8_memory",), COVERED),
    "skill.mae_skill": (SKILL, POINTS),
    "skill.rmse_skill": (SKILL, POINTS),
    "skill.pinball_skill": (SKILL, QUANTILE),
    "skill.crps_skill": (SKILL, SCORES),
    **{
        f"stability.{rate}_gap": (GAP, BY_HAND)
        for rate in ("accuracy", "selection_rate", "tpr", "fpr")
    },
    "stability.drift": (("pairwise_t_bonferroni_blocks_16_8_memory",), DRIFT),
}
ANSWERS = {
    measure.id: proof
    for measure in CATALOGUE.values()
    for start, proof in INTERVALS_OF_ANSWERS.items()
    if measure.risk in OF_ANSWERS and measure.interval.startswith(start)
}
ALL = PROOF | ANSWERS


def with_interval() -> set[str]:
    """Measures of the catalogue that promise an interval."""
    return {one.id for one in CATALOGUE.values() if not one.interval.startswith("None")}


def test_every_measure_with_an_interval_has_its_line() -> None:
    assert set(ALL) == with_interval()


def rows_of_coverage() -> dict[str, str]:
    """Method to what docs/statistics.md says of its coverage, from the page's first table."""
    page = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    table = page[page.index("| number | method") :].split("\n\n")[0]
    rows = [row.strip("|").split("|") for row in table.splitlines()[2:]]
    return {
        method: coverage.strip()
        for _, methods, coverage in rows
        for method in re.findall(r"`(\w+)`", methods)
    }


@pytest.mark.parametrize("method", sorted({one for methods, _ in ALL.values() for one in methods}))
def test_every_method_has_a_row_of_coverage(method: str) -> None:
    held = re.search(r"at least (0\.\d{3}|95 %)", rows_of_coverage()[method])
    assert held is not None
    assert held[1] == "95 %" or float(held[1]) >= 0.94


@pytest.mark.parametrize("measure", ALL)
def test_every_measure_has_an_oracle(measure: str) -> None:
    """The test is there, and its file speaks of the measure: of its risk and its name."""
    file, _, name = ALL[measure][1].partition("::")
    text = (ROOT / "tests" / file).read_text(encoding="utf-8")
    start = re.search(rf"^def {name}\(", text, re.MULTILINE)
    assert start is not None, f"{file} has no test {name}"
    if measure in PROOF:
        risk, _, what = measure.partition(".")
        stem = re.sub(r"_(gap|ratio|rate)$", "", what)
        assert f"{risk}." in text and stem in text


@pytest.fixture(scope="module")
def claimed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Measure to the methods that its claims carry, where everything that can be is measured."""
    folder = tmp_path_factory.mktemp("all")
    table = clinic(1, 3_000) | {"part": ["train", "test"] * 1_500}
    roles = 'truth = "t"\nscore = "s"\ncut_off = 0.5\nsplit = "part"\ntime = "day"\n'
    learner = LogisticRegression().fit(matrix(people()), people()["sick"])
    write_inputs(folder / "people.csv", people())
    (folder / "model.onnx").write_bytes(exported(learner))
    days = weather(1, 2_000, sites=2)
    runs: list[Assessment] = [
        assessed(folder, table, roles + 'site = "where"\ngroups = ["g", "h"]\n'),
        run_card(write_model_card(folder, perturb="offset = {heat = 2}\n")),
        forecast(folder, days, POINT + 'site = "where"\n'),
        forecast(folder, days, QUANTILES + 'baseline = "b"\n'),
        forecast(folder, days, ENSEMBLE + CLIMATE),
        forecast(folder, days, INTERVAL),
    ]
    found: dict[str, set[str]] = defaultdict(set)
    for run in runs:
        for claim in run.claims:
            if claim.interval is not None:
                found[claim.measure].add(claim.interval.method)
    return found


def test_claims_carry_the_methods_that_are_named(claimed: dict[str, set[str]]) -> None:
    assert set(claimed) == set(PROOF)
    assert {name: sorted(found - set(PROOF[name][0])) for name, found in claimed.items()} == {
        name: [] for name in claimed
    }


def test_the_named_file_of_tables_is_where_the_page_says() -> None:
    page = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    for script in re.findall(r"`python (benchmarks/\w+\.py)`", page):
        assert Path(ROOT, script).exists(), script
