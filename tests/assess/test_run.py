"""An assessment: the same from every kind of file, complete, and honest about what is missing."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec
import pytest

from comity.assess import assess, load_card
from comity.assess.systems.engine import Share, open_engine
from comity.claims import CATALOGUE, Assessment, Reason, canonical_bytes
from comity.claims.measure import DECISIONS
from tests.assess.tables import (
    ASSESSOR,
    CLOCK,
    KINDS,
    Columns,
    assessed,
    find,
    in_partition,
    write_card,
    write_table,
)
from tests.assess.test_oracles import random_table

ROLES = 'truth = "t"\nprediction = "p"\ngroups = ["g"]\n'


def outcome(assessment: Assessment) -> list[object]:
    """Everything measured, without the digest of the data and the name of the file."""
    return [
        msgspec.structs.replace(claim, measurand="0" * 64)
        for claim in assessment.claims
        if not claim.measure.startswith("footprint.")
    ] + [note.removeprefix(assessment.data.name) for note in assessment.notes]


def test_every_kind_of_file_gives_identical_claims(tmp_path: Path) -> None:
    table = random_table(11, 700, (0.6, 0.3, 0.1), 0)
    table["g"] = [{"g0": "01", "g1": "NA", "g2": 'ж "x",\n; DROP'}[value] for value in table["g"]]
    table["t"] = [bool(value) for value in table["t"]]
    table["s"][5] = table["s"][6] = None
    roles = 'truth = "t"\nprediction = "p"\nscore = "s"\ngroups = ["g", "h"]\n'
    first, *others = [assessed(tmp_path, table, roles, name) for name in KINDS]
    assert [outcome(other) for other in others] == [outcome(first)] * (len(KINDS) - 1)
    assert find(first, "fairness.selection_rate", g="NA").counts.scored > 0
    assert find(first, "fairness.selection_rate", g='ж "x",\n; DROP').counts.scored > 0


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    table = random_table(12, 50_000, (0.5, 0.5), 0)
    roles = 'truth = "t"\nprediction = "p"\nscore = "s"\ngroups = ["g"]\n'
    runs = {canonical_bytes(assessed(tmp_path, table, roles, "p.parquet")) for _ in range(3)}
    assert len(runs) == 1


@pytest.mark.parametrize(
    "roles",
    [
        pytest.param('truth = "t"\nprediction = "p"\n', id="predictions alone"),
        pytest.param('truth = "t"\nscore = "s"\n', id="scores alone"),
        pytest.param('truth = "t"\nscore = "s"\ncut_off = 0.5\ngroups = ["g"]\n', id="all"),
    ],
)
def test_every_measure_is_claimed_or_has_its_reason(tmp_path: Path, roles: str) -> None:
    result = assessed(tmp_path, random_table(13, 300, (0.5, 0.5), 0), roles)
    assert {claim.measure for claim in result.claims} == {
        measure.id
        for measure in CATALOGUE.values()
        if measure.risk
        in ("accuracy", "calibration", "fairness", "robustness", "privacy", "footprint")
        or (measure.risk == "stability" and measure.id != "stability.drift")
    }
    again = msgspec.json.decode(canonical_bytes(result), type=Assessment)
    assert again == result


@pytest.mark.parametrize(
    "decides",
    [
        pytest.param('prediction = "p"', id="a column of predictions"),
        pytest.param("cut_off = 0.5", id="a cut-off"),
    ],
)
def test_what_is_measured_has_the_parameters_of_the_catalogue(tmp_path: Path, decides: str) -> None:
    roles = f'truth = "t"\nscore = "s"\n{decides}\ngroups = ["g", "h"]\n'
    result = assessed(tmp_path, random_table(13, 300, (0.5, 0.5), 0), roles)
    procedures = {one.digest: one for one in result.procedures}
    for claim in result.claims:
        if claim.status == "measured":
            has = procedures[claim.procedure].parameters
            listed = set(CATALOGUE[claim.measure].parameters)
            more = DECISIONS[has["decision"]] if "decision" in listed else ()
            assert set(has) == listed | set(more), claim.measure


def test_the_assessment_says_what_was_measured_on_what(tmp_path: Path) -> None:
    table = {
        "t": [0, 1] * 40,
        "p": [0, 1] * 40,
        "sexe": ["f", "m"] * 40,
        "part": ["test"] * 79 + [""],
    }
    roles = 'truth = "t"\nprediction = "p"\nsplit = "part"\ngroups = {sex = "sexe"}\n'
    result = assessed(tmp_path, table, roles + 'split_rule = "by person"\n')
    assert (result.data.rows, result.data.evaluated) == (80, 79)
    assert result.data.columns == {
        "truth": "t",
        "prediction": "p",
        "split": "part",
        "group.sex": "sexe",
    }
    parameters = {tuple(sorted(procedure.parameters)) for procedure in result.procedures}
    assert ("decision", "minimum_cell", "partition", "positive") in parameters
    assert {procedure.split for procedure in result.procedures} == {"by person"}
    procedures = canonical_bytes(result.procedures).decode()
    assert "sexe" not in procedures and "csv" not in procedures
    assert any("1 rows belong to other parts" in note for note in result.notes)


def test_the_procedure_does_not_depend_on_the_names_in_one_laboratory(tmp_path: Path) -> None:
    here = {"t": [0, 1] * 40, "p": [0, 1] * 40, "g": ["f", "m"] * 40}
    there = {"reality": [False, True] * 40, "choice": ["0", "1"] * 40, "пол": ["m", "f"] * 40}
    one = assessed(tmp_path, here, 'truth = "t"\nprediction = "p"\ngroups = {sex = "g"}\n')
    other = assessed(
        tmp_path,
        there,
        'truth = "reality"\nprediction = "choice"\ngroups = {sex = "пол"}\n',
        "x.jsonl",
    )
    assert {p.digest for p in one.procedures} == {p.digest for p in other.procedures}


def group(
    name: str, rows: int, positives: int, selected: int, right: int
) -> dict[str, list[object]]:
    """Rows of one group: `right` of the `selected` are positive."""
    truth = [1] * positives + [0] * (rows - positives)
    prediction = [0] * rows
    prediction[:right] = [1] * right
    prediction[positives : positives + selected - right] = [1] * (selected - right)
    return {"t": list(truth), "p": list(prediction), "g": [name] * rows}


def together(*groups: Columns) -> Columns:
    return {name: [value for one in groups for value in one[name]] for name in groups[0]}


def test_a_group_below_the_minimum_cell_is_withheld_with_all_its_numbers(tmp_path: Path) -> None:
    table = together(
        group("a", 100, 50, 40, 35), group("b", 90, 45, 30, 29), group("c", 29, 20, 9, 8)
    )
    result = assessed(tmp_path, table, ROLES)
    for measure in ("selection_rate", "tpr", "fpr", "ppv", "impact_ratio"):
        claim = find(result, f"fairness.{measure}", g="c")
        assert (claim.status, claim.reason) == ("not_measured", Reason.GROUP_TOO_SMALL)
        assert (claim.counts.scored, claim.counts.successes) == (0, None)
    gap = find(result, "fairness.selection_rate_gap")
    assert [cell.slice for cell in gap.cells] == [{"g": "a"}, {"g": "b"}]
    assert (
        "predictions.csv, column 'g' (field predictions.groups): "
        "1 of 3 groups of g have fewer than 30 rows and are withheld: 'c'."
    ) in result.notes


def test_the_minimum_cell_is_that_of_each_rates_own_denominator(tmp_path: Path) -> None:
    table = together(
        group("a", 100, 50, 40, 35), group("b", 100, 29, 40, 20), group("c", 100, 50, 0, 0)
    )
    result = assessed(tmp_path, table, ROLES)
    assert find(result, "fairness.selection_rate", g="b").status == "measured"
    assert find(result, "fairness.tpr", g="b").reason is Reason.GROUP_TOO_SMALL
    assert find(result, "fairness.fpr", g="b").status == "measured"
    assert find(result, "fairness.ppv", g="c").reason is Reason.NO_DENOMINATOR
    assert [cell.slice["g"] for cell in find(result, "fairness.tpr_gap").cells] == ["a", "c"]
    assert [cell.slice["g"] for cell in find(result, "fairness.ppv_gap").cells] == ["a", "b"]


def test_rows_without_a_group_are_counted_aside(tmp_path: Path) -> None:
    table = dict(
        together(group("a", 60, 30, 30, 20), group("b", 60, 30, 6, 5), group("", 50, 25, 50, 25))
    )
    table["g"] = [value or None for value in table["g"]]
    for name in KINDS:
        result = assessed(tmp_path, table, ROLES, name)
        for measure in ("selection_rate", "tpr", "fpr", "ppv", "impact_ratio"):
            assert find(result, f"fairness.{measure}", g="").reason is Reason.GROUP_UNKNOWN
        gap = find(result, "fairness.selection_rate_gap")
        assert (gap.estimate, len(gap.cells)) == ("0.4", 2)
        assert any(
            note.startswith(f"{name}, column 'g' (field predictions.groups): 50 rows have no value")
            for note in result.notes
        )
        assert find(result, "accuracy.accuracy").counts.scored == 170


def test_the_impact_ratio_compares_with_the_most_selected_group(tmp_path: Path) -> None:
    table = together(group("a", 100, 50, 60, 40), group("b", 100, 50, 45, 40))
    result = assessed(tmp_path, table, ROLES)
    assert find(result, "fairness.impact_ratio", g="a").estimate == "1"
    claim = find(result, "fairness.impact_ratio", g="b")
    assert claim.estimate == "0.75"
    assert [cell.slice["g"] for cell in claim.cells] == ["b", "a"]


def test_invalid_predictions_count_as_planned(tmp_path: Path) -> None:
    table = dict(together(group("a", 60, 40, 30, 20), group("b", 60, 30, 6, 5)))
    table["p"] = [None, "NaN", *map(str, table["p"][2:])]
    for name in KINDS:
        result = assessed(tmp_path, table, ROLES, name)
        counts = find(result, "accuracy.accuracy").counts
        assert (counts.planned, counts.scored, counts.invalid) == (120, 118, 2)
        counts = find(result, "fairness.tpr", g="a").counts
        assert (counts.planned, counts.scored, counts.successes, counts.invalid) == (40, 38, 18, 2)
        assert find(result, "fairness.fpr", g="a").counts.invalid == 0
        expected = (
            f"{name}, column 'p' (field predictions.prediction): "
            "2 of 120 evaluated rows have no prediction; they count as invalid."
        )
        assert expected in result.notes


def test_missing_scores_are_neither_zero_nor_decided(tmp_path: Path) -> None:
    scores: list[object] = [None, float("nan"), "", "n/a", "inf", *["0.9", "0.2"] * 30]
    table = {"t": [1, 0, 1, 0, 1, *[1, 0] * 30], "s": scores}
    roles = 'truth = "t"\nscore = "s"\ncut_off = 0.5\n'
    for name in ("p.csv", "p.jsonl"):
        result = assessed(tmp_path, table, roles, name)
        for measure in ("accuracy.accuracy", "accuracy.auroc", "accuracy.brier"):
            claim = find(result, measure)
            assert (claim.counts.scored, claim.counts.invalid) == (60, 5)
        assert find(result, "accuracy.accuracy").estimate == "1"


def reasons(result: Assessment) -> dict[str, Reason | None]:
    return {claim.measure: claim.reason for claim in result.claims if not claim.slice}


@pytest.mark.parametrize(
    ("columns", "roles", "expected", "note"),
    [
        pytest.param(
            group("a", 80, 40, 40, 30),
            ROLES,
            {
                "fairness.tpr_gap": Reason.ONE_GROUP_ONLY,
                "fairness.ppv_ratio": Reason.ONE_GROUP_ONLY,
            },
            "predictions.csv, column 'g' (field predictions.groups): "
            "there is one group only of g, so nothing can be compared.",
            id="one group only",
        ),
        pytest.param(
            together(group("a", 80, 0, 10, 0), group("b", 80, 0, 10, 0)),
            ROLES,
            {
                "accuracy.balanced_accuracy": Reason.ONE_CLASS_ONLY,
                "fairness.tpr_gap": Reason.ONE_GROUP_ONLY,
                "accuracy.accuracy": None,
            },
            "predictions.csv, column 't' (field predictions.truth): "
            "the truth holds one class only, so nothing that needs two can be measured.",
            id="negatives only",
        ),
        pytest.param(
            {"t": [0] * 40, "s": [0.1] * 40},
            'truth = "t"\nscore = "s"\n',
            {
                "accuracy.auroc": Reason.ONE_CLASS_ONLY,
                "accuracy.brier": None,
                "accuracy.accuracy": Reason.COLUMN_NOT_GIVEN,
                "fairness.impact_ratio": Reason.COLUMN_NOT_GIVEN,
            },
            "predictions.csv, column 't' (field predictions.truth): "
            "the truth holds one class only, so nothing that needs two can be measured.",
            id="negatives only, with scores and without decisions",
        ),
        pytest.param(
            together(group("a", 80, 40, 0, 0), group("b", 80, 40, 0, 0)),
            ROLES,
            {
                "fairness.selection_rate_gap": None,
                "fairness.selection_rate_ratio": Reason.NOBODY_SELECTED,
                "fairness.ppv_gap": Reason.ONE_GROUP_ONLY,
            },
            "No identifier is given, so repeated rows cannot be found.",
            id="nobody selected",
        ),
        pytest.param(
            {"t": [0, 1] * 40, "s": [-3.5, 0.5] * 40},
            'truth = "t"\nscore = "s"\n',
            {
                "accuracy.auroc": None,
                "accuracy.brier": Reason.NOT_A_PROBABILITY,
                "accuracy.log_loss": Reason.NOT_A_PROBABILITY,
                "calibration.expected_error": Reason.NOT_A_PROBABILITY,
            },
            "The card does not say how the evaluated rows were kept apart from training.",
            id="scores that are no probabilities",
        ),
        pytest.param(
            {"t": [0, 1] * 40, "p": [""] * 80, "s": ["nan"] * 80},
            'truth = "t"\nprediction = "p"\nscore = "s"\n',
            {
                "accuracy.accuracy": Reason.NO_ROWS,
                "accuracy.balanced_accuracy": Reason.NO_ROWS,
                "accuracy.auroc": Reason.NO_ROWS,
                "calibration.expected_error": Reason.NO_ROWS,
            },
            "predictions.csv, column 's' (field predictions.score): "
            "80 of 80 evaluated rows have no finite score.",
            id="not one valid prediction or score",
        ),
        pytest.param(
            group("a", 80, 40, 40, 30),
            'truth = "t"\nprediction = "p"\n',
            {"fairness.tpr": Reason.COLUMN_NOT_GIVEN, "accuracy.brier": Reason.COLUMN_NOT_GIVEN},
            "No identifier is given, so repeated rows cannot be found.",
            id="neither groups nor scores",
        ),
    ],
)
def test_what_was_not_measured_has_its_reason_and_its_note(
    tmp_path: Path, columns: Columns, roles: str, expected: dict[str, Reason | None], note: str
) -> None:
    result = assessed(tmp_path, columns, roles)
    found = reasons(result)
    assert {measure: found[measure] for measure in expected} == expected
    assert note in result.notes
    for claim in result.claims:
        assert (claim.status == "measured") == (claim.estimate is not None)


HOSTILE = ['"; DROP TABLE source; --', "r0", "source", "пол", "c0", "row", "'", "s)", "{x}", "?"]


@pytest.mark.parametrize(
    ("name", "hostile"),
    [(name, hostile) for name in KINDS for hostile in HOSTILE]
    + [("p.parquet", "a\nb"), ("p.jsonl", "a\nb")],  # a CSV header stands on one line
)
def test_names_and_values_from_a_table_are_never_sql(
    tmp_path: Path, name: str, hostile: str
) -> None:
    table = {"t": [0, 1] * 40, "p": [0, 1] * 40, hostile: [hostile, "b"] * 40}
    literal = "".join(f"\\U{ord(c):08X}" for c in hostile)
    roles = f'truth = "t"\nprediction = "p"\ngroups = {{g = "{literal}"}}\n'
    result = assessed(tmp_path, table, roles, name)
    assert find(result, "fairness.selection_rate", g=hostile).counts.scored == 40


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("t;p;g\n0;0;a\n1;1;b\n", id="semicolons"),
        pytest.param("t\tp\tg\n0\t0\ta\n1\t1\tb\n", id="tabs"),
        pytest.param("\ufefft,p,g\n0,0,a\n1,1,b\n", id="a byte order mark"),
        pytest.param("t,p,g\r\n0,0,a\r\n1,1,b\r\n", id="Windows line ends"),
        pytest.param("t,p,g\n0,0,a\n\n1,1,b\n\n", id="blank lines"),
        pytest.param(
            '"t","p","g"\n"0","0","a"\n"1","1","b"', id="quotes everywhere, no last line end"
        ),
        pytest.param("x,t,p,g\n#,0,0,a\n#,1,1,b\n", id="a column nobody asked for"),
        pytest.param("t,p,g\nFalse,0.0,a\nTRUE, 1 ,b\n", id="classes written in three ways"),
    ],
)
def test_csv_is_read_as_it_is_commonly_written(tmp_path: Path, text: str) -> None:
    (tmp_path / "p.csv").write_bytes(text.encode())
    card = load_card(write_card(tmp_path, 'file = "p.csv"\n' + ROLES + "minimum_cell = 1\n"))
    result = assess(card, ASSESSOR, clock=CLOCK)
    assert find(result, "accuracy.accuracy").estimate == "1"
    assert find(result, "fairness.selection_rate", g="b").estimate == "1"


def test_progress_is_told_step_by_step(tmp_path: Path) -> None:
    table = write_table(tmp_path / "p.csv", {"t": [0, 1], "p": [0, 1], "id": [1, 2]})
    card = load_card(write_card(tmp_path, 'truth = "t"\nprediction = "p"\nid = "id"\n'), table)
    steps: list[tuple[str, bool]] = []
    shares: list[float | None] = []

    def progress(step: str, share: Share | None) -> None:
        steps.append((step, share is not None))
        if share:
            shares.append(share())

    assess(card, ASSESSOR, clock=CLOCK, progress=progress)
    assert steps == [
        ("reading the file's digest", False),
        ("counting rows", True),
        ("comparing identifiers", True),
        ("calculating intervals", False),
    ]
    assert all(share is None or 0 < share <= 1 for share in shares)


def test_how_far_a_query_is_can_be_asked_while_it_runs_and_after(tmp_path: Path) -> None:
    file = write_table(tmp_path / "p.csv", {"t": [0, 1]})
    slow = "SELECT sum(hash(range)) FROM range(1000000000)"
    seen: list[float] = []
    with open_engine(file, seconds=120) as engine:
        query = threading.Thread(target=engine.rows, args=[slow])
        query.start()
        while query.is_alive():
            share = engine.share()
            if share is not None:
                seen.append(share)
            query.join(0.01)
        assert engine.share() is None
    assert engine.share() is None
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] <= 1


def test_every_partition_is_claimed_alone_and_all_together(tmp_path: Path) -> None:
    table = random_table(14, 900, (0.5, 0.5), 0)
    result = assessed(tmp_path, table, 'truth = "t"\nprediction = "p"\ngroups = ["h", "g"]\n')
    sizes = [
        len(in_partition(result, "fairness.selection_rate_gap", partition).cells)
        for partition in ("g", "h", "g × h")
    ]
    assert sizes == [2, 2, 4]
