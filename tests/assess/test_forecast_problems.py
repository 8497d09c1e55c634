"""Every defect of a card or table of forecasts has its sentence; leakage is refused or told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from comity.assess import load_card
from comity.errors import InputError
from tests.assess.tables import Columns, find, write_card
from tests.assess.test_forecast import POINT, forecast, forecast_card, number, weather


@pytest.mark.parametrize(
    ("fields", "field", "what"),
    [
        pytest.param(
            'prediction = "p"\nmembers = ["m"]',
            "prediction",
            "gives prediction and members",
            id="two forms",
        ),
        pytest.param("", "prediction", "gives none of them", id="no form"),
        pytest.param("members = []", "members", "no column is given", id="an empty ensemble"),
        pytest.param(
            'quantiles = {"1.1" = "q"}',
            "quantiles",
            "not a probability",
            id="a probability above one",
        ),
        pytest.param(
            'quantiles = {"x" = "q"}',
            "quantiles",
            "not a decimal number",
            id="a probability that is no number",
        ),
        pytest.param(
            'quantiles = {"0.1" = "q", "0.10" = "r"}',
            "quantiles",
            "given twice",
            id="one probability twice",
        ),
        pytest.param(
            'interval = {level = 2, low = "a", high = "b"}',
            "interval",
            "not a probability",
            id="a level above one",
        ),
        pytest.param(
            'interval = {level = 0.9, low = "a", high = "b"}\nbaseline = "c"',
            "baseline",
            "no skill against",
            id="an interval with a baseline",
        ),
        pytest.param(
            'prediction = "p"\nbaseline = {members = ["a"]}',
            "baseline",
            "cannot be compared",
            id="a baseline of another form",
        ),
        pytest.param(
            'quantiles = {"0.1" = "q"}\nbaseline = {quantiles = {"0.2" = "r"}}',
            "baseline",
            "other probabilities",
            id="a baseline at other probabilities",
        ),
        pytest.param(
            'prediction = "p"\nbaseline = {}',
            "baseline",
            "a baseline is one of",
            id="a baseline without a form",
        ),
        pytest.param(
            'prediction = "p"\nbaseline_rule = "mean"',
            "baseline_rule",
            "names no column",
            id="a baseline described but not given",
        ),
        pytest.param(
            'prediction = "p"\nkept_apart = ["site"]',
            "kept_apart",
            "names no column",
            id="apart by a column that is not named",
        ),
        pytest.param(
            'prediction = "p"\nsite = "s"\nkept_apart = ["site"]',
            "kept_apart",
            "no training rows",
            id="apart without training rows",
        ),
        pytest.param(
            'prediction = "p"\nevaluate = "test"',
            "evaluate",
            "needs a split column",
            id="a part without a split",
        ),
        pytest.param(
            'prediction = "y"',
            "prediction",
            "two roles: truth and prediction",
            id="a forecast that is the truth",
        ),
        pytest.param('members = ["a", "a"]', "member", "two roles", id="one member twice"),
    ],
)
def test_a_wrong_card_is_refused_with_its_field(
    tmp_path: Path, fields: str, field: str, what: str
) -> None:
    path = forecast_card(tmp_path, f'file = "f.csv"\ntruth = "y"\n{fields}\n')
    (tmp_path / "f.csv").write_text("y\n1\n")
    with pytest.raises(InputError, match=what) as caught:
        load_card(path)
    assert caught.value.where.startswith(f"{path}, field forecast.{field}")


def test_a_card_has_predictions_or_a_forecast_and_not_both(tmp_path: Path) -> None:
    both = write_card(
        tmp_path, 'truth = "t"\nprediction = "p"\n[forecast]\ntruth = "y"\nprediction = "p"\n'
    )
    with pytest.raises(InputError, match="either a table"):
        load_card(both)


def changed(**columns: list[object]) -> Columns:
    return {**weather(1, 20), **columns}


@pytest.mark.parametrize(
    ("columns", "fields", "what", "where"),
    [
        pytest.param(
            changed(y=[*[1.0] * 19, None]),
            POINT,
            "1 evaluated rows have no truth",
            "row 20, column 'y'",
            id="no truth",
        ),
        pytest.param(
            changed(b=[None, *[1.0] * 19]),
            POINT,
            "1 evaluated rows have no baseline",
            "row 1, column 'b'",
            id="no baseline",
        ),
        pytest.param(
            changed(t=["", *range(19)]),
            POINT,
            "1 evaluated rows have no time",
            "row 1, column 't'",
            id="no time",
        ),
        pytest.param(
            changed(p=["1,5", *[1.0] * 19]),
            POINT,
            "the first is '1,5'",
            "row 1, column 'p'",
            id="a decimal comma",
        ),
        pytest.param(
            changed(t=[*range(19), "soon"]),
            POINT,
            "1 times cannot be read, the first is 'soon'",
            "row 20, column 't'",
            id="a time that is none",
        ),
        pytest.param(
            changed(y=["1e200", *[1.0] * 19]),
            POINT,
            "too large to be squared",
            "f.csv",
            id="a number too large",
        ),
        pytest.param(
            weather(1, 20),
            POINT + 'site = "wher"\n',
            "there is no column 'wher'",
            "field forecast.site",
            id="a site that is not there",
        ),
        pytest.param(
            changed(id=[1, 1, *range(18)]),
            POINT + 'id = "id"\n',
            "stand more than once",
            "field forecast.id",
            id="a row twice",
        ),
        pytest.param(
            changed(part=["train"] * 20),
            POINT + 'split = "part"\n',
            "no row belongs to the part 'test'",
            "field forecast.split",
            id="no row to evaluate",
        ),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(
    tmp_path: Path, columns: Columns, fields: str, what: str, where: str
) -> None:
    with pytest.raises(InputError, match=what) as caught:
        forecast(tmp_path, columns, fields, "f.csv")
    assert where in caught.value.where


def bearings(split: str) -> Columns:
    """Windows of sixty bearings' recordings. A lookup of the bearing knows all that it has seen.

    Each bearing wears at a rate of its own, which nothing in its signal tells. The model answers
    with the mean rate of the bearing's windows in training, or of all, if it never saw the bearing.
    """
    rng = np.random.default_rng(5)
    units, windows = 400, 10
    unit = np.repeat(np.arange(units), windows)
    wear = rng.normal(10, 3, units)[unit] + rng.normal(0, 0.3, units * windows)
    test = rng.random(units)[unit] < 0.5 if split == "unit" else rng.random(len(unit)) < 0.5
    overall = wear[~test].mean()
    known = [wear[(unit == one) & ~test] for one in range(units)]
    guess = np.array([seen.mean() if len(seen) else overall for seen in known])
    return {
        "wear": wear.tolist(),
        "model": guess[unit].tolist(),
        "mean": [float(overall)] * len(unit),
        "part": np.where(test, "test", "train").tolist(),
        "bearing": [f"bearing {one}" for one in unit],
    }


BEARING = (
    'truth = "wear"\nprediction = "model"\nbaseline = "mean"\nbaseline_rule = "training mean"\n'
    'split = "part"\nunit = "bearing"\nunit_of_measure = "µm"\n'
)


def test_random_windows_show_a_skill_that_new_units_do_not(tmp_path: Path) -> None:
    """The example of docs/splits-and-leakage.md."""
    leaked = forecast(tmp_path, bearings("window"), BEARING + "kept_apart = []\n")
    honest = forecast(tmp_path, bearings("unit"), BEARING)
    remembered, real = find(leaked, "skill.mae_skill"), find(honest, "skill.mae_skill")
    assert number(remembered) > 0.85
    assert number(real) == pytest.approx(0, abs=1e-12)
    assert remembered.procedure != real.procedure
    assert any("evaluated units stand in another part too" in note for note in leaked.notes)
    assert not any("stand in another part too" in note for note in honest.notes)


def test_a_unit_on_both_sides_stops_the_run_unless_the_card_allows_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="evaluated units stand in another part too") as caught:
        forecast(tmp_path, bearings("window"), BEARING)
    assert "Split by unit" in caught.value.hint


@pytest.mark.parametrize("role", ["recording", "site"])
def test_what_the_card_keeps_apart_must_be_apart(tmp_path: Path, role: str) -> None:
    fields = BEARING.replace("unit =", f"{role} =") + f'kept_apart = ["{role}"]\n'
    with pytest.raises(InputError, match=f"evaluated {role}s stand in another part too"):
        forecast(tmp_path, bearings("window"), fields)
    assert forecast(tmp_path, bearings("unit"), fields).notes


def test_a_site_on_both_sides_is_told(tmp_path: Path) -> None:
    result = forecast(tmp_path, bearings("window"), BEARING.replace("unit =", "site ="))
    assert any("does not show how the system does at a new site" in one for one in result.notes)


def test_training_between_evaluated_days_is_told_or_refused(tmp_path: Path) -> None:
    table = weather(2, 200) | {"part": ["test", "train"] * 100}
    result = forecast(tmp_path, table, POINT + 'split = "part"\n')
    assert any(note.startswith("100 rows of other parts are no earlier") for note in result.notes)
    with pytest.raises(InputError, match="no earlier than the first evaluated"):
        forecast(tmp_path, table, POINT + 'split = "part"\nkept_apart = ["time"]\n')


def test_a_table_without_training_rows_says_so(tmp_path: Path) -> None:
    result = forecast(tmp_path, weather(3, 50), POINT)
    assert any(note.startswith("The table marks no training rows") for note in result.notes)


HOSTILE = ['"; DROP TABLE source; --', "x0", "key", "пол", "{x}", "'", "s)", "?"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_and_values_from_a_table_are_never_sql(tmp_path: Path, name: str) -> None:
    table = weather(4, 40)
    table[name] = [name] * 40
    literal = "".join(f"\\U{ord(letter):08X}" for letter in name)
    result = forecast(tmp_path, table, POINT + f'site = "{literal}"\n', "f.csv")
    assert find(result, "skill.mae", site=name).counts.scored == 40
