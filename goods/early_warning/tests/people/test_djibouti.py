"""Djibouti's published data: no resident is lost silently, and the capital has a forecast."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from tests.parts import require_data

from comity.errors import InputError
from early_warning.grids import (
    Gates,
    RegularGrid,
    Threshold,
    from_probabilities,
    gate,
    read_grib,
)
from early_warning.people import (
    Boundaries,
    BoundarySpec,
    Count,
    TableSpec,
    district_weights,
    join,
    read_boundaries,
    read_table,
    sentences,
    unwarned,
)

QUARTER = RegularGrid(north=90, west=0, step_lat=0.25, step_lon=0.25, rows=721, columns=1440)
ARTA = {"DJ06": "the table has no row for Arta"}


def folder() -> Path:
    return require_data("weather/djibouti")


def boundaries(level: int) -> Boundaries:
    spec = BoundarySpec(code=f"ADM{level}_PCODE", name=f"ADM{level}_EN")
    return read_boundaries(folder() / f"DJI_adm{level}.json", spec)


def residents(level: int) -> tuple[Count, ...]:
    spec = TableSpec(
        code="placeCode", value="value", group="residents", where={"adminLevel": str(level)}
    )
    return read_table(folder() / "population_DJI.csv", spec)


def test_fifteen_of_twenty_districts_are_nested_wrongly_and_all_twenty_are_read() -> None:
    found = boundaries(2)
    kinds = [repair.kind for repair in found.repairs]
    assert kinds.count("nesting") == 15
    assert kinds.count("invalid") == 1
    assert len(found.areas) == 20
    assert all(area.shape is not None and area.shape.is_valid for area in found.areas)
    assert found.overlaps == ()


def test_the_regions_and_the_districts_cover_the_same_land() -> None:
    regions, districts = (
        shapely.union_all([area.shape for area in boundaries(level).areas]) for level in (1, 2)
    )
    assert regions.symmetric_difference(districts).area / regions.area < 0.02


def test_none_of_eleven_district_codes_matches_and_the_run_stops_with_all_of_them() -> None:
    with pytest.raises(InputError, match="31 codes") as caught:
        join(boundaries(2), residents(2))
    assert "DJ0401: 633,952 (residents) in no area" in caught.value.hint
    assert caught.value.hint.count("in no area") == 11
    assert caught.value.hint.count("has no row") == 20


def test_arta_stops_the_run_until_somebody_accepts_it() -> None:
    with pytest.raises(InputError, match="1 code of") as caught:
        join(boundaries(1), residents(1))
    assert "DJ06: Arta has no row of residents" in caught.value.hint
    assert join(boundaries(1), residents(1), accepted=ARTA).total == 1_120_850


def test_the_districts_nest_in_the_regions_and_nobody_is_lost() -> None:
    ledger = join(boundaries(1), residents(2), nest=4, accepted=ARTA)
    assert ledger.total == 1_120_850
    assert {one.area.code: one.residents for one in ledger.districts} == {
        "DJ01": 66_311,
        "DJ02": 160_850,
        "DJ03": 117_208,
        "DJ04": 633_952,
        "DJ05": 142_529,
        "DJ06": None,
    }


def test_what_is_printed_names_every_repair_with_its_people_and_arta() -> None:
    ledger = join(boundaries(1), residents(1), accepted=ARTA)
    told = sentences(ledger, unwarned(ledger, {}))
    assert told[0].startswith("All 1,120,850 people counted can be warned, as far as")
    assert told[1] == (
        "How many people live in Arta (DJ06) is not known: the table has no row for Arta."
    )
    assert [line.split(":")[1] for line in told[2:]] == [
        " Dikhil (DJ03), 117,208 people",
        " Djiboutii (DJ04), 633,952 people",
        " Ali Sabieh (DJ05), 142,529 people",
    ]


def test_djibouti_city_contains_no_cell_centre_and_is_covered() -> None:
    (city,) = (area for area in boundaries(1).areas if area.code == "DJ04")
    assert city.shape is not None
    lons, lats = np.meshgrid(QUARTER.longitudes(), QUARTER.latitudes())
    assert not shapely.contains_xy(city.shape, lons, lats).any()
    weights = district_weights([city], QUARTER)
    assert len(weights.entry) == 3
    assert weights.covered()[0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("level", [1, 2])
def test_every_district_is_covered_whole(level: int) -> None:
    covered = district_weights(boundaries(level).areas, QUARTER).covered()
    np.testing.assert_allclose(covered, 1.0, atol=1e-6)


def test_the_real_forecast_reaches_djibouti_city_and_step_24_is_told_as_no_forecast() -> None:
    found = boundaries(1)
    ledger = join(found, residents(1), accepted=ARTA)
    half = RegularGrid(north=89.75, west=0, step_lat=0.5, step_lon=0.5, rows=360, columns=720)
    weights = district_weights(found.areas, half)
    event = Threshold("above", 1.0, "mm")
    odds = {}
    for step in ("024", "048"):
        path = require_data(
            f"weather/cma-geps/Z_NAFP_C_BABJ_20231207000000_P_CMA-GEPS-GLB-{step}.grib2"
        )
        for field, verdict in gate(read_grib(path, weights.cells), Gates(now=None)):
            if field.name == "rain" and field.threshold == event:
                odds[step] = from_probabilities(field, verdict, weights, "peak")
    city = {step: next(one for one in odds[step] if one.code == "DJ04") for step in odds}
    assert city["048"].probability is not None
    assert 0.0 <= city["048"].probability <= 1.0
    assert city["024"].probability is None
    no_forecast = {one.code: one.no_data.text for one in odds["024"] if one.no_data}
    missed = unwarned(ledger, no_forecast)
    assert sum(one.low or 0 for one in missed) == 1_120_850
    assert sentences(ledger, missed)[-4].startswith("How many people live in Arta")
