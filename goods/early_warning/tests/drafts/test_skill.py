"""Skill is judged once over everything, kept, and lost where a file or a threshold changes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from comity.errors import InputError
from early_warning.drafts.look_ahead import look_ahead
from early_warning.drafts.outlook import Expectation
from early_warning.drafts.propose import propose
from early_warning.drafts.skill import Skill, prove, read_skill
from early_warning.service import Service
from goods.early_warning.tests.drafts.made import (
    PAIRS,
    RAIN,
    everywhere,
    pairs_file,
    rain_file,
    service,
    write,
)
from goods.early_warning.tests.grids.made import START

NOW = START + timedelta(hours=3)


def wet(folder: Path) -> None:
    members = {n: everywhere({"N1": 12.0 * n, "S2": 12.0 * n}) for n in range(1, 6)}
    rain_file(folder / "incoming/rain.grib2", members, "0-24")


def files_of(folder: Path) -> None:
    wet(folder)
    pairs_file(folder / "pairs/N1-24.csv")
    pairs_file(folder / "pairs/S2-24.csv", seed=2, useful=False)


@pytest.fixture(scope="module")
def proven() -> Iterator[tuple[Service, Skill]]:
    with tempfile.TemporaryDirectory() as name:
        opened = service(Path(name), RAIN + PAIRS)
        files_of(Path(name))
        yield opened, prove(opened)


@pytest.fixture
def kept(tmp_path: Path, proven: tuple[Service, Skill]) -> Service:
    """A fresh country with the same files, and the verdicts already kept."""
    opened = service(tmp_path, RAIN + PAIRS)
    files_of(tmp_path)
    (tmp_path / "state").mkdir()
    verdicts = (proven[0].state / "skill.json").read_bytes()
    (tmp_path / "state/skill.json").write_bytes(verdicts)
    return opened


def minor(opened: Service, district: str = "N1") -> Expectation:
    (one,) = (
        one
        for one in look_ahead(opened, now=NOW).expectations
        if one.district == district and one.impact == "minor"
    )
    return one


def test_every_district_and_level_is_a_case_also_without_a_record(
    proven: tuple[Service, Skill],
) -> None:
    _, skill = proven
    cases = {(one.district, one.impact, one.method) for one in skill.verdicts}
    assert len(cases) == len(skill.verdicts) == 3 * 3 * 2
    lost = [one for one in skill.verdicts if one.district == "X3"]
    assert {one.words for one in lost} == {"skill not shown: there is no record"}
    assert set(skill.pairs) == {"heavy_rain/N1/24", "heavy_rain/S2/24"}


def test_skill_is_shown_where_there_is_some_and_not_where_there_is_none(
    proven: tuple[Service, Skill],
) -> None:
    _, skill = proven
    shown = {(one.district, one.method) for one in skill.verdicts if one.shown}
    assert shown == {("N1", "isotonic"), ("N1", "raw")}


def test_what_is_kept_is_what_was_judged(proven: tuple[Service, Skill]) -> None:
    opened, skill = proven
    assert read_skill(opened) == skill


def test_where_skill_was_shown_a_forecast_may_alert_with_all_probabilities_beside_it(
    kept: Service,
) -> None:
    one = minor(kept)
    assert one.may_alert
    assert one.words == "skill shown"
    assert one.raw == pytest.approx(0.8)
    assert one.isotonic is not None
    assert one.climatology is not None
    assert 0 < one.climatology < 0.5 < one.isotonic
    assert one.used == (one.raw if one.by == "raw" else one.isotonic)


def test_where_it_was_not_climatology_stands_and_nothing_may_alert(kept: Service) -> None:
    one = minor(kept, "S2")
    assert not one.may_alert
    assert one.by == "climatology"
    assert one.used == one.climatology
    assert one.raw == pytest.approx(0.8)
    assert "no better than climatology" in one.words


def test_a_forecast_and_a_notice_are_two_proposals(kept: Service) -> None:
    outlook = look_ahead(kept, now=NOW)
    found = {
        (one.basis, one.content.districts): one.content.chance
        for one in propose(kept, outlook, now=NOW)
    }
    assert set(found) == {("forecast", ("N1",)), ("notice", ("S2",))}
    chance = found["forecast", ("N1",)]
    assert chance is not None
    assert chance[0] == chance[1]
    assert found["notice", ("S2",)] is None


def test_nothing_kept_is_nothing_shown(kept: Service) -> None:
    (kept.state / "skill.json").unlink()
    one = minor(kept)
    assert not one.may_alert
    assert one.words == "skill not shown: skill was never judged (early-warning prove)"
    assert one.isotonic is not None


@pytest.mark.parametrize("data", [b"", b"{}]", b'{"version": 2}', b'{"verdicts": [1]}'])
def test_verdicts_that_cannot_be_read_show_nothing(kept: Service, data: bytes) -> None:
    (kept.state / "skill.json").write_bytes(data)
    one = minor(kept)
    assert not one.may_alert
    assert "cannot be read" in one.words


def test_other_pairs_than_those_judged_show_nothing(kept: Service) -> None:
    with (kept.folder / "pairs/N1-24.csv").open("a") as file:
        file.write("2026-01-01,1,1,1,1,1,1\n")
    one = minor(kept)
    assert not one.may_alert
    assert "are not those of the judgement" in one.words


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('observed = "observed"', 'observed = "m1"'),
        ('"m1", "m2"', '"m2", "m1"'),
        ('hazard = "heavy_rain"', 'hazard = "heavy_rain"\nhours = 12'),
    ],
    ids=["another column", "the runs in another order", "windows of other hours"],
)
def test_pairs_that_are_read_otherwise_than_when_judged_show_nothing(
    tmp_path: Path, kept: Service, was: str, now: str
) -> None:
    assert minor(kept).may_alert
    before = (kept.state / "learnt/heavy_rain-N1-24.json").read_bytes()
    text = (RAIN + PAIRS).replace(was, now)
    assert text != RAIN + PAIRS
    members = {n: everywhere({"N1": 12.0 * n, "S2": 12.0 * n}) for n in range(1, 6)}
    rain_file(kept.folder / "incoming/half.grib2", members, "12-24")
    (one,) = (
        one
        for one in look_ahead(service(tmp_path, text), now=NOW).expectations
        if (one.district, one.impact, one.lead) == ("N1", "minor", 24)
    )
    assert not one.may_alert
    assert "are not those of the judgement" in one.words
    assert (kept.state / "learnt/heavy_rain-N1-24.json").read_bytes() != before


def test_another_threshold_than_that_judged_shows_nothing(tmp_path: Path, kept: Service) -> None:
    other = service(tmp_path, RAIN.replace('"20"', '"21"') + PAIRS)
    one = minor(other)
    assert not one.may_alert
    assert one.words == "skill not shown: skill was judged at another threshold"
    (worse,) = (
        one
        for one in look_ahead(other, now=NOW).expectations
        if one.district == "N1" and one.impact == "significant"
    )
    assert worse.may_alert


def test_pairs_that_cannot_be_read_leave_the_raw_share_alone(kept: Service) -> None:
    (kept.folder / "pairs/N1-24.csv").write_text("day,observed\n")
    one = minor(kept)
    assert one.raw == pytest.approx(0.8)
    assert one.isotonic is None
    assert one.used is None
    assert one.words.startswith("skill is not shown: there is no column")


def test_a_lead_without_pairs_leaves_the_raw_share_alone(kept: Service) -> None:
    members = {n: everywhere({"N1": 24.0 * n, "S2": 24.0 * n}) for n in range(1, 6)}
    rain_file(kept.folder / "incoming/later.grib2", members, "0-48")
    (one,) = (
        one
        for one in look_ahead(kept, now=NOW).expectations
        if (one.district, one.impact, one.lead) == ("N1", "minor", 48)
    )
    assert one.raw is not None
    assert one.isotonic is None
    assert one.words == "skill was not judged: there are no past forecasts of 48 hours ahead"


def test_a_service_without_pairs_is_told_how_to_name_them(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no hazard has files of forecasts and observations"):
        prove(service(tmp_path))


def test_cold_is_judged_times_minus_one(tmp_path: Path) -> None:
    hazard = (
        '\n[[hazards]]\nhazard = "extreme_cold"\nlevels = [{impact = "minor", amount = "-20"}]\n'
    )
    opened = service(tmp_path, hazard + PAIRS)
    pairs_file(tmp_path / "pairs/N1-24.csv", sign=-1.0)
    members = {n: everywhere({"N1": 273.15 - 12.0 * n, "S2": 270.0}, 280.0) for n in range(1, 6)}
    write(tmp_path / "incoming/cold.grib2", members, "0-24", short_name="mn2t")
    skill = prove(opened)
    assert {one.method for one in skill.verdicts if one.shown} == {"isotonic", "raw"}
    one = minor(opened)
    assert one.may_alert
    assert one.raw == pytest.approx(0.8)
    assert one.isotonic is not None
    assert one.isotonic > 0.5
    assert one.climatology is not None
    seasonal = np.random.default_rng(1).gamma(0.5, 20.0, 1_500) > 20
    assert one.climatology == pytest.approx(seasonal.mean(), abs=0.1)
