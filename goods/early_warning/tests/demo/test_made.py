"""What the demonstration makes is the same every time, says that it is made, and has one defect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from tests.parts import require_data

from comity.errors import InputError
from early_warning.audit import read_observations, read_reach
from early_warning.climate import read_record
from early_warning.country import read_country
from early_warning.forecast import Case, Proof, judge, prove_all, read_pairs
from early_warning.grids import (
    ECMWF_2026,
    Ensemble,
    Gates,
    NoData,
    accumulated,
    ensembles,
    read_grib,
    rising,
)
from early_warning.grids.libraries import library
from early_warning.people import Boundaries, BoundarySpec, Ledger, join, read_boundaries, read_table
from early_warning.service import open_service
from goods.early_warning.demo import real
from goods.early_warning.demo.day import GRID, STEPS, fields
from goods.early_warning.demo.land import CAPITAL, DISTRICTS, ISLAND, UNCOUNTED, boundaries
from goods.early_warning.demo.made import START, tables
from goods.early_warning.demo.weather import make_past

pytestmark = pytest.mark.xdist_group("demo-warning")

Found = dict[tuple[str, float, float], Ensemble | NoData]


@pytest.fixture(scope="module")
def land(coast: Path) -> Boundaries:
    return read_boundaries(
        coast / "made" / "made-districts.json", BoundarySpec(code="code", name="name")
    )


@pytest.fixture(scope="module")
def ledger(coast: Path) -> Ledger:
    return open_service(coast / "country.toml").ledger


@pytest.fixture(scope="module")
def found(coast: Path) -> Found:
    """The forecast day as the program reads it: by name, begin and end."""
    read = read_grib(coast / "made" / "incoming" / "made-day.grib2")
    gathered = ensembles(read, ECMWF_2026, Gates(now=START))
    return {(name, start, end): one for (name, _, _, start, end), one in gathered.items()}


def test_land_people_weather_and_forecast_are_the_same_every_time(coast: Path) -> None:
    made = coast / "made"
    assert (made / "made-districts.json").read_bytes() == boundaries()
    for name, text in tables().items():
        assert (made / f"made-{name}.csv").read_text() == text
    assert (made / "incoming" / "made-day.grib2").read_bytes() == b"".join(fields(START))
    first, second = make_past(), make_past()
    for code in first.rain:
        np.testing.assert_array_equal(first.rain[code], second.rain[code])
        np.testing.assert_array_equal(first.forecasts[code, 24], second.forecasts[code, 24])


def test_every_file_says_in_its_name_that_it_is_made_and_the_forecast_says_it_inside(
    coast: Path,
) -> None:
    made = [path for path in (coast / "made").rglob("*") if path.is_file()]
    assert len(made) == 1 + 1 + 3 + 2 + 1 + 24 + 24
    assert all(path.name.startswith("made-") or path.name == "MADE.txt" for path in made)
    assert b"Made for a demonstration" in boundaries()
    codes = library("eccodes")
    for message in fields(START):
        handle = codes.codes_new_from_message(message)
        assert codes.codes_get(handle, "experimentVersionNumber") == "made"
        codes.codes_release(handle)


def test_no_two_districts_overlap_and_one_open_ring_was_closed(land: Boundaries) -> None:
    assert len(land.areas) == len(DISTRICTS) == 12
    assert land.overlaps == ()
    assert [(one.kind, one.code) for one in land.repairs] == [("open_ring", ISLAND)]
    assert all(area.shape is not None and area.shape.is_valid for area in land.areas)


def test_the_capital_is_smaller_than_a_cell_and_holds_the_centre_of_none(
    land: Boundaries,
) -> None:
    (town,) = (area.shape for area in land.areas if area.code == CAPITAL)
    assert town is not None
    assert town.area < GRID.step_lat * GRID.step_lon
    lons, lats = np.meshgrid(GRID.longitudes(), GRID.latitudes())
    assert not shapely.contains_xy(town, lons, lats).any()


def test_the_island_touches_nobody(land: Boundaries) -> None:
    shapes = {area.code: area.shape for area in land.areas}
    island = shapes.pop(ISLAND)
    assert island is not None
    assert not any(island.intersects(one) for one in shapes.values())


def test_everybody_speaks_one_language_and_one_district_is_not_counted(ledger: Ledger) -> None:
    for one in ledger.districts:
        spoken = [
            count.number for group, count in one.groups.items() if group.startswith("language:")
        ]
        assert (one.residents is None) == (one.area.code == UNCOUNTED)
        assert sum(spoken) == (one.residents or 0)
    assert ledger.total == 1_021_775


def test_without_the_accepted_reason_nothing_runs(coast: Path, land: Boundaries) -> None:
    spec = read_country(coast / "country.toml").people
    rows = [row for one in spec.tables for row in read_table(coast / one.file, one.columns)]
    with pytest.raises(InputError, match="1 code of people or areas is unmatched"):
        join(land, rows)


def test_all_ensembles_are_complete_and_pass_the_gates(found: Found) -> None:
    days = [(step - 24.0, float(step)) for step in STEPS]
    assert set(found) == {
        *(("rain", 0.0, float(step)) for step in STEPS),
        *((name, *day) for day in days for name in ("gust", "temperature_max")),
    }
    for one in found.values():
        assert isinstance(one, Ensemble)
        assert one.values.shape == (51, GRID.size)


def test_the_spoilt_rain_is_no_data_and_the_next_step_is_not(found: Found) -> None:
    steps = [found["rain", 0.0, float(step)] for step in STEPS]
    told = rising([one for one in steps if isinstance(one, Ensemble)])
    assert [isinstance(one, NoData) for one in told] == [False, False, True, False]
    first, second = told[:2]
    assert isinstance(first, Ensemble)
    assert isinstance(second, Ensemble)
    assert isinstance(accumulated(first, second), Ensemble)


def test_forecasts_have_skill_on_the_shore_and_none_in_the_dry_interior(coast: Path) -> None:
    pairs = read_country(coast / "country.toml").hazards[0].pairs
    assert pairs is not None
    proofs: dict[Case, Proof] = {}
    for code, threshold in (("XC02", 20.0), ("XC09", 5.6)):
        path = coast / pairs.files.format(code=code, lead=24)
        kept = read_pairs(path, day=pairs.day, observed=pairs.observed, members=pairs.members)
        assert len(kept.days) == 8 * 365 + 2
        proofs |= prove_all(code, 24, kept, [threshold])
    shown = {case.district: verdict.shown for case, verdict in judge(proofs).items()}
    assert shown == {"XC02": True, "XC09": False}


def test_what_was_observed_in_the_pairs_is_what_stands_in_the_record(coast: Path) -> None:
    country = read_country(coast / "country.toml")
    rain = country.hazards[0]
    assert rain.record is not None
    assert rain.pairs is not None
    record = read_record(
        coast / rain.record.files.format(code="XC07"), day=rain.record.day, value=rain.record.value
    )
    pairs = read_pairs(
        coast / rain.pairs.files.format(code="XC07", lead=48),
        day=rain.pairs.day,
        observed=rain.pairs.observed,
        members=rain.pairs.members,
    )
    same = record.values[np.isin(record.days, pairs.days)]
    np.testing.assert_array_equal(same, pairs.observed)
    assert len(record.days) == 28 * 365 + 7


def test_one_district_was_not_observed_and_one_had_its_rain_before_the_alert(coast: Path) -> None:
    codes = [one.code for one in DISTRICTS]
    windows = read_observations(coast / "made" / "made-observations.csv", codes)["heavy_rain"]
    assert len(windows) == 24
    assert [one.district for one in windows if one.event is None] == [ISLAND]
    (early,) = (one for one in windows if one.event and one.start == START)
    assert early.district == "XC01"
    assert early.beginning.hour == 3
    assert len(read_reach(coast / "made" / "made-reach.csv", codes)) == 3


@pytest.mark.parametrize(
    ("name", "people", "districts"),
    [("mongolia", 3_193_760, 22), ("djibouti", 1_120_850, 6)],
)
def test_a_real_country_opens_with_everybody_and_names_nobody_as_its_authority(
    tmp_path: Path, name: str, people: int, districts: int
) -> None:
    data = require_data("weather").parent
    (place,) = (one for one in real.PLACES if one.folder == name)
    path = tmp_path / "country.toml"
    path.write_text(real.country_toml(place, data, desk=0), encoding="utf-8")
    service = open_service(path)
    assert service.ledger.total == people
    assert len(service.ledger.districts) == districts
    assert service.country.status == "Test"
    assert not service.country.send.webhooks
    assert not service.country.send.brokers
    assert "no weather service" in service.country.authority.names["en"]
