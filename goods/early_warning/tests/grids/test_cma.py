"""China's real ensemble files: garbage in the metadata, and no rain anywhere at step 24."""

from __future__ import annotations

import numpy as np
import pytest
from tests.parts import require_data

from early_warning.grids import Field, Gates, NoData, Threshold, gate, read_grib

Judged = tuple[tuple[Field, NoData | None], ...]


def judged(step: str) -> Judged:
    name = f"weather/cma-geps/Z_NAFP_C_BABJ_20231207000000_P_CMA-GEPS-GLB-{step}.grib2"
    return gate(read_grib(require_data(name)), Gates(now=None))


@pytest.fixture(scope="module")
def day_one() -> Judged:
    return judged("024")


@pytest.fixture(scope="module")
def day_two() -> Judged:
    return judged("048")


def rain(fields: Judged) -> Judged:
    return tuple(one for one in fields if one[0].name == "rain")


def test_both_files_are_read_whole(day_one: Judged, day_two: Judged) -> None:
    assert (len(day_one), len(day_two)) == (26, 26)


def test_the_rain_of_step_24_is_no_data_and_never_no_hazard(day_one: Judged) -> None:
    assert len(rain(day_one)) == 6
    for field, verdict in rain(day_one):
        assert field.high == 0.0
        assert verdict is not None
        assert verdict.reason == "constant"


def test_the_rain_of_step_48_has_its_thresholds_and_counts(day_two: Judged) -> None:
    assert [field.threshold for field, _ in rain(day_two)] == [
        Threshold("above", float(limit), "mm") for limit in (1, 5, 10, 25, 50, 100)
    ]
    assert [verdict for _, verdict in rain(day_two)] == [None] * 6
    assert {field.members for field, _ in rain(day_two)} == {31}
    assert all(field.corrections for field, _ in rain(day_two))


def test_heavy_rain_in_the_horn_of_africa_is_read_as_the_file_has_it(day_two: Judged) -> None:
    (fifty,) = (one for one, _ in rain(day_two) if one.threshold == Threshold("above", 50.0, "mm"))
    grid = fifty.grid
    table = fifty.values.reshape(grid.rows, grid.columns)
    south_north = (grid.latitudes() >= -5) & (grid.latitudes() <= 15)
    west_east = (grid.longitudes() >= 35) & (grid.longitudes() <= 52)
    assert table[np.ix_(south_north, west_east)].max() == pytest.approx(10 / 31, abs=0.005)


@pytest.mark.parametrize("name", ["temperature_anomaly", "wind", "gust"])
def test_the_other_probabilities_count_on_both_days(
    day_one: Judged, day_two: Judged, name: str
) -> None:
    for fields in (day_one, day_two):
        found = [(field, verdict) for field, verdict in fields if field.name == name]
        odds = [(field, verdict) for field, verdict in found if field.kind == "probability"]
        assert odds
        assert {verdict for _, verdict in odds} == {None}


def test_the_inferred_order_of_the_anomalies_holds_in_every_cell(day_two: Judged) -> None:
    anomalies = [field for field, _ in day_two if field.name == "temperature_anomaly"]
    events = [(one.threshold.side, one.threshold.value) for one in anomalies if one.threshold]
    assert events == [
        ("below", -2.0),
        ("below", -1.5),
        ("below", -1.0),
        ("above", 1.0),
        ("above", 1.5),
        ("above", 2.0),
    ]
    below_2, below_1_5, below_1, above_1, above_1_5, above_2 = (one.values for one in anomalies)
    assert (below_2 <= below_1_5 + 0.011).all()
    assert (below_1_5 <= below_1 + 0.011).all()
    assert (above_2 <= above_1_5 + 0.011).all()
    assert (above_1_5 <= above_1 + 0.011).all()
    assert (below_1 + above_1 <= 1.02).all()


def test_a_pressure_a_hundred_times_too_high_is_no_data(day_two: Judged) -> None:
    verdicts = {
        (field.name, field.kind): verdict.reason
        for field, verdict in day_two
        if verdict is not None
    }
    assert verdicts == {
        ("pressure_sea", "mean"): "impossible",
        ("pressure_sea", "spread"): "impossible",
        ("wind", "other"): "unknown",
    }
