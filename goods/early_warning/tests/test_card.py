"""The forecast as a Comity system: card and table through the real command line."""

from __future__ import annotations

import base64
import csv
import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comity.assess import load_card
from comity.cli import main
from comity.errors import InputError
from early_warning.card import (
    COVERAGE,
    LEVELS,
    SKILL,
    TABLE,
    About,
    Held,
    cross_held,
    held_out,
    write_card,
)
from early_warning.forecast import Pairs, Steps, crps, make_pairs
from goods.early_warning.tests.forecast.frankfurt import frankfurt

ABOUT = About(
    name='Rain of "Frankfurt"',
    version="1.0",
    intended_use="Draft warnings of heavy rain.",
    population={"country": "DE"},
    lead=24,
    unit="mm",
    split_rule="trained to 2013, tested from 2014",
)
Claims = list[dict[str, Any]]


def assessed(folder: Path, card: str) -> Claims:
    """Sign an assessment through the command line, and read what was signed."""
    out = folder.parent / card.removesuffix(".toml")
    key = str(folder.parent / "keys" / "lab.example.key")
    assert main(["assess", str(folder / card), "--key", key, "--out", str(out)]) == 0
    envelope = json.loads((out / "result.sigstore.json").read_bytes())["dsseEnvelope"]
    claims: Claims = json.loads(base64.b64decode(envelope["payload"]))["predicate"]["claims"]
    return claims


def of(claims: Claims, measure: str) -> Claims:
    return [one for one in claims if one["measure"] == measure]


def made(seed: int, noise: float) -> Pairs:
    """Six years of made weather with a season, and an ensemble that sees it through noise."""
    days = np.arange("2009-01-01", "2015-01-01", dtype="datetime64[D]")
    rng = np.random.default_rng(seed)
    season = 2 + np.sin(2 * np.pi * np.arange(len(days)) / 365.25)
    signal = rng.gamma(season)
    observed = np.maximum(signal + rng.normal(0, 0.3, len(days)), 0).round(1)
    members = (
        signal[:, None] + rng.normal(0, noise, (len(days), 1)) + rng.normal(size=(len(days), 8))
    )
    return make_pairs(days, observed, members, where="made")


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["keys", "new", "lab.example", "--name", "Lab", "--role", "independent"]) == 0
    return tmp_path


def test_three_years_of_frankfurt_score_as_the_record_is_known_for_and_prove_little(
    keys: Path,
) -> None:
    held = held_out("Frankfurt", frankfurt(), "2014-01-01")
    assert crps(held.forecast, held.observed).mean() <= 0.714
    write_card(keys / "card", ABOUT, [held])
    claims = assessed(keys / "card", SKILL)
    skill = of(claims, "skill.pinball_skill")
    assert [one["slice"] for one in skill] == [{}, {"site": "Frankfurt"}]
    assert 0.42 < float(skill[0]["estimate"]) < 0.48
    assert float(skill[0]["interval"]["low"]) < 0  # three years of rain are few
    assert skill[0]["counts"]["scored"] == 1086
    # The mean pinball loss over all quantiles is half of the CRPS.
    (mean,) = [one for one in of(claims, "skill.pinball") if one["slice"] == {}][:1]
    assert 2 * float(mean["estimate"]) == pytest.approx(0.714, abs=0.04)
    (coverage, _) = of(assessed(keys / "card", COVERAGE), "skill.interval_coverage")
    assert 0.88 < float(coverage["estimate"]) < 0.97


def test_ten_years_of_frankfurt_show_skill_in_a_signed_assessment(keys: Path) -> None:
    write_card(keys / "card", ABOUT, [cross_held("Frankfurt", frankfurt())])
    skill = of(assessed(keys / "card", SKILL), "skill.pinball_skill")[0]
    assert 0.42 < float(skill["estimate"]) < 0.48
    assert float(skill["interval"]["low"]) > 0.1
    assert skill["counts"]["scored"] == 3617


def test_the_worst_district_stands_first_and_time_is_kept_apart(keys: Path) -> None:
    noises = {"near": 0.1, "far": 3.0, "middle": 1.0}
    districts = [
        held_out(name, made(seed, noise), "2013-01-01")
        for seed, (name, noise) in enumerate(noises.items())
    ]
    write_card(keys / "card", ABOUT, districts)
    claims = assessed(keys / "card", SKILL)
    order = [one["slice"]["site"] for one in of(claims, "skill.pinball_skill") if one["slice"]]
    assert order == ["far", "middle", "near"]
    assert of(claims, "stability.drift")
    coverage = of(assessed(keys / "card", COVERAGE), "skill.interval_coverage")
    assert {one["slice"].get("site") for one in coverage} == {None, *noises}
    for one in coverage:
        assert 0.85 < float(one["estimate"]) < 0.95
        assert float(one["interval"]["low"]) <= 0.9 <= float(one["interval"]["high"])


def test_a_day_on_both_sides_of_the_split_stops_the_assessment(
    keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = held_out("a", made(1, 1.0), "2013-01-01")
    write_card(keys / "card", ABOUT, [dataclasses.replace(held, trained=held.days[:5])])
    key = str(keys / "keys" / "lab.example.key")
    assert main(["assess", str(keys / "card" / SKILL), "--key", key]) == 2
    assert "time" in capsys.readouterr().err


def test_the_table_holds_training_days_without_and_test_days_with_numbers(tmp_path: Path) -> None:
    held = held_out('ünder, "quoted"', made(1, 1.0), "2014-12-25")
    write_card(tmp_path / "card", ABOUT, [held])
    text = (tmp_path / "card" / TABLE).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    test = [row for row in rows if row["part"] == "test"]
    assert [row["day"] for row in test] == [f"2014-12-{day}" for day in range(25, 32)]
    assert rows[-8]["day"] == "2014-12-19"  # the five days before the first one are left out
    assert rows[0]["observed"] == rows[0][f"forecast_{LEVELS[0]}"] == ""
    for number, row in enumerate(test):
        assert float(row["observed"]) == held.observed[number]
        assert row["district"] == held.district
        stated = [float(row[f"forecast_{level}"]) for level in LEVELS]
        assert stated == sorted(stated)
    card = load_card(tmp_path / "card" / SKILL)
    assert card.system.name == 'Rain of "Frankfurt", 24 hours ahead'


def one_day(district: str) -> Held:
    days = np.array(["2014-01-01"], "datetime64[D]")
    steps = Steps(np.array([0.0, 1.0]), np.array([[0.5, 1.0]]))
    return Held(district, days[:0], days, np.array([1.0]), steps, steps)


@pytest.mark.parametrize(
    ("districts", "sentence"),
    [
        pytest.param([], "1 to 1,000 districts, and here are 0", id="none"),
        pytest.param([one_day(str(i)) for i in range(1001)], "here are 1001", id="too many"),
        pytest.param([one_day("a"), one_day("a")], "'a' is given twice", id="one twice"),
        pytest.param([one_day(" ")], "a district has no code", id="without a code"),
    ],
)
def test_wrong_districts_get_a_sentence_and_write_nothing(
    tmp_path: Path, districts: list[Held], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        write_card(tmp_path / "card", ABOUT, districts)
    assert not (tmp_path / "card").exists()


def test_a_card_is_never_overwritten(tmp_path: Path) -> None:
    write_card(tmp_path / "card", ABOUT, [one_day("a")])
    with pytest.raises(InputError, match="never overwritten"):
        write_card(tmp_path / "card", ABOUT, [one_day("b")])


def test_a_split_after_the_record_leaves_nothing_to_test() -> None:
    with pytest.raises(InputError, match="no day is from 2030-01-01 on"):
        held_out("a", made(1, 1.0), "2030-01-01")
