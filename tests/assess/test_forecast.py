"""Forecasts of a quantity: the losses of the peers, and skill beside a naive baseline."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scores.probability import crps_for_ensemble  # type: ignore[import-untyped]
from sklearn.metrics import mean_absolute_error, mean_pinball_loss, root_mean_squared_error
from xarray import DataArray

from comity.assess import assess, load_card
from comity.claims import Assessment, Claim, Reason, canonical_bytes
from tests.assess.tables import ASSESSOR, CLOCK, KINDS, Columns, find, write_table
from tests.parts import require_data

Floats = NDArray[np.float64]
RECORD = "weather/postproc/ecmwf_ens_frankfurt_rain_2007_2017.csv.gz"


def forecast_card(folder: Path, forecast: str) -> Path:
    """Write a card whose table [forecast] is `forecast`."""
    path = folder / "forecast.toml"
    path.write_text(
        '[system]\nname = "Rain"\nversion = "1.0"\nintended_use = "Warn of rain"\n'
        f'[population]\ncountry = "DE"\n[forecast]\n{forecast}',
        encoding="utf-8",
    )
    return path


def forecast(
    folder: Path, columns: Columns, fields: str, name: str = "forecast.parquet"
) -> Assessment:
    """Write table and card, and assess them."""
    table = write_table(folder / name, columns)
    return assess(load_card(forecast_card(folder, fields), table), ASSESSOR, clock=CLOCK)


def by(assessment: Assessment, measure: str, parameter: str = "", **slice_: str) -> Claim:
    """The claim of a measure on a slice whose procedure has a parameter of this value."""
    digests = {
        one.digest
        for one in assessment.procedures
        if one.measure == measure and (not parameter or parameter in one.parameters.values())
    }
    found = [one for one in assessment.claims if one.procedure in digests and one.slice == slice_]
    assert found, f"no claim of {measure} on {slice_}"
    return found[0]


def number(claim: Claim) -> float:
    assert claim.estimate is not None, (claim.measure, claim.detail)
    return float(claim.estimate)


def ends(claim: Claim) -> tuple[float, float]:
    assert claim.interval is not None, (claim.measure, claim.reason)
    return float(claim.interval.low), float(claim.interval.high)


def weather(seed: int, days: int, sites: int = 1, members: int = 5) -> dict[str, list[object]]:
    """Skewed truth, an ensemble around it, three quantiles, a point, and a poor baseline."""
    rng = np.random.default_rng(seed)
    n = days * sites
    signal = rng.gamma(2.0, 2.0, n)
    truth = signal + rng.normal(0, 0.5, n)
    spread = rng.normal(0.2, 0.8, (n, members))
    table: dict[str, list[object]] = {
        "y": truth.tolist(),
        "p": (signal + rng.normal(0, 0.3, n)).tolist(),
        "b": rng.permutation(signal).tolist(),
        "day": [
            f"{2000 + day // 365}-{day % 365:03d}" for day in range(days) for _ in range(sites)
        ],
        "t": [day for day in range(days) for _ in range(sites)],
        "where": [f"site {site}" for _ in range(days) for site in range(sites)],
    }
    for i in range(members):
        table[f"m{i}"] = (signal + spread[:, i]).tolist()
        table[f"c{i}"] = rng.permutation(signal).tolist()
    for q, shift in (("10", -0.7), ("50", 0.0), ("90", 0.9)):
        table[f"q{q}"] = (signal + shift).tolist()
    return table


POINT = 'truth = "y"\nprediction = "p"\nbaseline = "b"\ntime = "t"\n'
QUANTILES = 'truth = "y"\nquantiles = {"0.1" = "q10", "0.5" = "q50", "0.90" = "q90"}\ntime = "t"\n'
INTERVAL = 'truth = "y"\ninterval = {level = 0.8, low = "q10", high = "q90"}\ntime = "t"\n'
ENSEMBLE = 'truth = "y"\nmembers = ["m0", "m1", "m2", "m3", "m4"]\ntime = "t"\n'
CLIMATE = 'baseline = {members = ["c0", "c1", "c2", "c3", "c4"]}\nbaseline_rule = "shuffled"\n'


def floats(table: Columns, *names: str) -> Floats:
    return np.array([table[name] for name in names], float).T.squeeze()


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("days", [7, 300])
def test_point_forecasts_score_as_scikit_learn_says(tmp_path: Path, days: int, name: str) -> None:
    table = weather(1, days, sites=2)
    result = forecast(tmp_path, table, POINT + 'site = "where"\n', name)
    y, p, b, where = (np.array(table[column]) for column in ("y", "p", "b", "where"))
    for place in ("", "site 0", "site 1"):
        on = where == place if place else np.ones(len(y), bool)
        slice_ = {"site": place} if place else {}
        expected = {
            "mae": mean_absolute_error(y[on], p[on]),
            "rmse": root_mean_squared_error(y[on], p[on]),
            "bias": float(np.mean(p[on] - y[on])),
            "mae_skill": 1 - mean_absolute_error(y[on], p[on]) / mean_absolute_error(y[on], b[on]),
            "rmse_skill": 1
            - root_mean_squared_error(y[on], p[on]) / root_mean_squared_error(y[on], b[on]),
        }
        for measure, value in expected.items():
            assert number(find(result, f"skill.{measure}", **slice_)) == pytest.approx(
                value, rel=1e-11, abs=1e-13
            ), measure


def test_quantiles_score_as_scikit_learn_says(tmp_path: Path) -> None:
    table = weather(2, 300)
    result = forecast(tmp_path, table, QUANTILES + 'baseline = "b"\n')
    y, q, b = floats(table, "y"), floats(table, "q10", "q50", "q90"), floats(table, "b")
    levels = (0.1, 0.5, 0.9)
    each = [mean_pinball_loss(y, q[:, i], alpha=level) for i, level in enumerate(levels)]
    naive = [mean_pinball_loss(y, b, alpha=level) for level in levels]
    for level, value in zip(("0.1", "0.5", "0.9"), each, strict=True):
        assert number(by(result, "skill.pinball", level)) == pytest.approx(value, rel=1e-11)
    assert number(by(result, "skill.pinball", "0.1 0.5 0.9")) == pytest.approx(np.mean(each))
    skill = find(result, "skill.pinball_skill")
    assert number(skill) == pytest.approx(1 - np.mean(each) / np.mean(naive), rel=1e-11)
    assert number(find(result, "skill.mae")) == pytest.approx(mean_absolute_error(y, q[:, 1]))
    assert find(result, "skill.rmse").reason is Reason.COLUMN_NOT_GIVEN


@pytest.mark.parametrize("members", [1, 2, 5, 50])
def test_ensembles_score_as_the_scores_package_says(tmp_path: Path, members: int) -> None:
    table = weather(3, 300, members=members)
    names = [f"m{i}" for i in range(members)]
    fields = f'truth = "y"\nmembers = {names}\nbaseline = "b"\ntime = "t"\n'
    result = forecast(tmp_path, table, fields.replace("'", '"'))
    y, x = floats(table, "y"), floats(table, *names).reshape(300, members)
    ensemble = DataArray(x, dims=["day", "member"])
    for method, parameter in (("ecdf", "plain"), ("fair", "fair")):
        if members == 1 and method == "fair":
            expected = mean_absolute_error(y, x[:, 0])  # the package divides by zero
        else:
            scored = crps_for_ensemble(
                ensemble, DataArray(y, dims=["day"]), "member", method=method
            )
            expected = float(scored)
        claim = by(result, "skill.crps", parameter)
        assert number(claim) == pytest.approx(expected, rel=1e-10)
        naive = mean_absolute_error(y, floats(table, "b"))
        skill = by(result, "skill.crps_skill", parameter)
        assert number(skill) == pytest.approx(1 - expected / naive, rel=1e-10)
    assert number(find(result, "skill.mae")) == pytest.approx(
        mean_absolute_error(y, np.median(x, axis=1)), rel=1e-11
    )
    assert number(find(result, "skill.rmse")) == pytest.approx(
        root_mean_squared_error(y, x.mean(axis=1)), rel=1e-11
    )


def test_an_interval_is_a_rate_with_counts(tmp_path: Path) -> None:
    table = weather(4, 2_000)
    result = forecast(tmp_path, table, INTERVAL)
    claim = find(result, "skill.interval_coverage")
    y, q = floats(table, "y"), floats(table, "q10", "q90")
    held = int(((q[:, 0] <= y) & (y <= q[:, 1])).sum())
    assert (claim.counts.successes, claim.counts.scored) == (held, 2_000)
    assert number(claim) == pytest.approx(held / 2_000)
    low, high = ends(claim)
    assert low < held / 2_000 < high
    assert high - low < 0.06
    assert find(result, "skill.crps").reason is Reason.COLUMN_NOT_GIVEN
    assert find(result, "skill.mae_skill").reason is Reason.COLUMN_NOT_GIVEN


def frankfurt(climate: bool, members: int = 50) -> tuple[dict[str, list[object]], Floats, Floats]:
    """The Frankfurt record: test rows from 2014, climatology of the years before as quantiles."""
    with gzip.open(require_data(RECORD), "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    before = np.sort([float(row["obs"]) for row in rows if row["date"] < "2014"])
    chances = (np.arange(members) + 0.5) / members
    climatology = np.quantile(before, chances)
    table: dict[str, list[object]] = {
        "date": [row["date"] for row in rows],
        "rain": [float(row["obs"]) for row in rows],
        "part": ["test" if row["date"] >= "2014" else "train" for row in rows],
    }
    for i in range(1, 51):
        table[f"P{i}"] = [float(row[f"P{i}"]) for row in rows]
    for i, value in enumerate(climatology, 1):
        table[f"C{i}"] = [float(value)] * len(rows)
    later = np.array(table["part"]) == "test"
    letter = "C" if climate else "P"
    x = floats(table, *(f"{letter}{i}" for i in range(1, 51)))[later]
    return table, floats(table, "rain")[later], x


def rain_card(system: str, baseline: str) -> str:
    def columns(letter: str) -> str:
        return "[" + ", ".join(f'"{letter}{i}"' for i in range(1, 51)) + "]"

    return (
        f'truth = "rain"\nmembers = {columns(system)}\n'
        f"baseline = {{members = {columns(baseline)}}}\n"
        'baseline_rule = "climatology of 2007 to 2013"\nsplit = "part"\n'
        'time = "date"\nunit_of_measure = "mm"\nsplit_rule = "trained to 2013, tested from 2014"\n'
        'kept_apart = ["time"]\n'
    )


@pytest.mark.parametrize(
    ("climate", "about"),
    [pytest.param(False, 0.788, id="the raw ensemble"), pytest.param(True, 1.30, id="climatology")],
)
def test_frankfurt_rain_scores_what_the_record_is_known_for(
    tmp_path: Path, climate: bool, about: float
) -> None:
    table, rain, x = frankfurt(climate)
    system, other = ("C", "P") if climate else ("P", "C")
    result = forecast(tmp_path, table, rain_card(system, other))
    claim = by(result, "skill.crps", "plain")
    assert number(claim) == pytest.approx(about, abs=0.002)
    expected = crps_for_ensemble(
        DataArray(x, dims=["day", "member"]), DataArray(rain, dims=["day"]), "member"
    )
    assert number(claim) == pytest.approx(float(expected), rel=1e-10)
    assert claim.counts.scored == len(rain) == 1086
    low, high = ends(by(result, "skill.crps_skill", "plain"))
    assert high < 0 if climate else low > 0.1
    assert not any("no earlier than" in note for note in result.notes)


def test_two_runs_and_every_kind_of_file_give_the_same_claims(tmp_path: Path) -> None:
    table = weather(5, 3_000, sites=4)
    fields = ENSEMBLE + CLIMATE + 'site = "where"\n'
    runs = [forecast(tmp_path, table, fields, name) for name in (*KINDS, KINDS[0])]
    assert canonical_bytes(runs[0]) == canonical_bytes(runs[-1])
    seen = [
        [(one.measure, one.slice, one.estimate, one.interval) for one in run.claims] for run in runs
    ]
    assert seen == [seen[0]] * len(seen)


def test_sites_stand_worst_first_and_have_intervals_of_their_own(tmp_path: Path) -> None:
    table = weather(6, 1_200, sites=3)
    where = np.array(table["where"])
    noise = np.random.default_rng(0).normal(0, 6, len(where))
    table["p"] = (floats(table, "p") + noise * (where == "site 1")).tolist()
    result = forecast(tmp_path, table, POINT + 'site = "where"\n')
    for measure in ("skill.mae", "skill.mae_skill"):
        order = [one.slice["site"] for one in result.claims if one.measure == measure and one.slice]
        assert order[0] == "site 1"
    assert ends(find(result, "skill.mae_skill", site="site 1"))[1] < 0.2
    assert ends(find(result, "skill.mae_skill", site="site 0"))[0] > 0.5
    drift = by(result, "stability.drift", "sites")
    assert ends(drift)[0] > 1
    steady = by(result, "stability.drift", "4 windows")
    assert ends(steady)[0] == 0


def test_a_drift_in_time_is_found_and_a_steady_series_has_none(tmp_path: Path) -> None:
    table = weather(7, 2_000)
    aged = np.arange(2_000) >= 1_500
    drifted = floats(table, "p") + 2.0 * aged
    steady = by(forecast(tmp_path, table, POINT), "stability.drift", "4 windows")
    later = forecast(tmp_path, {**table, "p": drifted.tolist()}, POINT)
    found = by(later, "stability.drift", "4 windows")
    assert ends(steady)[0] == 0
    assert ends(found)[0] > 0.5
    assert ends(found)[1] > number(found) > ends(found)[0]


def test_the_drift_is_that_of_the_means_of_windows_and_sites(tmp_path: Path) -> None:
    table = weather(14, 1_024, sites=3)
    result = forecast(tmp_path, table, POINT + 'site = "where"\n')
    loss = np.abs(floats(table, "p") - floats(table, "y"))
    for between, of in (
        ("4 windows", np.array(table["t"], int) // 256),
        ("sites", np.array(table["where"])),
    ):
        means = [loss[of == one].mean() for one in np.unique(of)]
        found = number(by(result, "stability.drift", between))
        assert found == pytest.approx(max(means) - min(means), rel=1e-10)


@pytest.mark.parametrize(
    ("days", "memory"),
    [
        pytest.param(60, 0.0, id="sixty days"),
        pytest.param(1_000, 0.98, id="a thousand days that all hang together"),
    ],
)
def test_where_events_are_too_few_skill_is_not_shown(
    tmp_path: Path, days: int, memory: float
) -> None:
    table = weather(8, days)
    rng, error = np.random.default_rng(1), np.zeros(days)
    for day in range(1, days):
        error[day] = memory * error[day - 1] + rng.normal()
    table["p"] = (floats(table, "y") + error).tolist()
    claim = find(forecast(tmp_path, table, POINT), "skill.mae_skill")
    assert claim.status == "measured"
    assert (claim.interval, claim.reason) == (None, Reason.TOO_FEW_EVENTS)
    assert "skill is not shown" in claim.detail


def test_one_flood_decides_nothing(tmp_path: Path) -> None:
    table = weather(9, 1_000)
    truth = np.zeros(1_000)
    truth[[400, 401, 402]] = (20.0, 60.0, 30.0)
    table |= {"y": [*truth], "p": [*(truth / 2)], "b": [0.0] * 1_000}
    claim = find(forecast(tmp_path, table, POINT), "skill.mae_skill")
    assert (claim.estimate, claim.reason) == ("0.5", Reason.TOO_FEW_EVENTS)


def test_a_baseline_without_error_leaves_no_skill_to_measure(tmp_path: Path) -> None:
    table = weather(10, 300)
    claim = find(forecast(tmp_path, table | {"b": table["y"]}, POINT), "skill.mae_skill")
    assert (claim.estimate, claim.reason) == (None, Reason.NO_DENOMINATOR)


@pytest.mark.parametrize("name", KINDS)
def test_rows_without_a_forecast_count_as_invalid(tmp_path: Path, name: str) -> None:
    table = weather(11, 400)
    table["m3"][5] = table["m0"][7] = None
    result = forecast(tmp_path, table, ENSEMBLE + CLIMATE, name)
    counts = find(result, "skill.crps").counts
    assert (counts.planned, counts.scored, counts.invalid) == (400, 398, 2)
    assert any(note.startswith("2 of 400 evaluated rows have no complete") for note in result.notes)


def test_no_valid_row_is_told_and_not_measured(tmp_path: Path) -> None:
    table = weather(12, 50)
    result = forecast(tmp_path, table | {"p": [None] * 50}, POINT, "f.csv")
    claim = find(result, "skill.mae")
    assert (claim.status, claim.reason) == ("not_measured", Reason.NO_ROWS)


def test_the_procedure_names_split_unit_form_and_baseline(tmp_path: Path) -> None:
    fields = ENSEMBLE + CLIMATE + 'unit_of_measure = "mm"\nsplit_rule = "by year"\n'
    result = forecast(tmp_path, weather(13, 300), fields)
    procedure = next(one for one in result.procedures if one.measure == "skill.crps_skill")
    assert procedure.split == "by year"
    assert procedure.parameters == {
        "form": "ensemble of 5",
        "unit_of_measure": "mm",
        "blocks": "in time",
        "kept_apart": "",
        "crps": "plain",
        "baseline": "shuffled",
    }
    assert result.data.columns["baseline.member.1"] == "c0"
