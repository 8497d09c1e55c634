"""Quality gates: what must not be believed is no data, with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_warning.grids import Field, Gates, RegularGrid, gate
from goods.early_warning.tests.grids.made import START, WORLD, field, odds_field, some_rain

NOW = START + timedelta(hours=9)
GATES = Gates(now=NOW)
SHAPE = (WORLD.rows, WORLD.columns)
ISLAND = RegularGrid(north=10, west=40, step_lat=0.25, step_lon=0.25, rows=4, columns=5)
COUNTRY = RegularGrid(north=20, west=40, step_lat=0.25, step_lon=0.25, rows=30, columns=40)


def share(seed: int = 1) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).uniform(0, 1, SHAPE)


def reasons(*fields: Field, gates: Gates = GATES) -> list[str]:
    return [verdict.reason if verdict else "good" for _, verdict in gate(fields, gates)]


def with_hole() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    rain = some_rain()
    rain[4, 4] = np.nan
    return rain


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (field(some_rain()), "good"),
        (field(some_rain(), name="tcc", units="%"), "unknown"),
        (field(some_rain(), units="m"), "unknown"),
        (field(some_rain(), kind="other"), "unknown"),
        (field(some_rain(), member=None), "unknown"),
        (replace(odds_field(share(), 10), threshold=None), "unknown"),
        (field(some_rain(), reference=START - timedelta(days=2)), "stale"),
        (field(some_rain(), reference=START + timedelta(days=1)), "stale"),
        (field(with_hole()), "missing"),
        (field(np.full(SHAPE, np.nan)), "missing"),
        (field(some_rain() - 5), "impossible"),
        (field(some_rain() * 1000), "impossible"),
        (field(some_rain() / 1000), "impossible"),
        (field(some_rain(0, COUNTRY) / 1000, COUNTRY), "good"),
        (field(280 + share(), name="temperature", units="K"), "good"),
        (field(7 + share(), name="temperature", units="K"), "impossible"),
        (field(1e7 + share(), name="pressure_sea", units="Pa", kind="mean"), "impossible"),
        (odds_field(share() * 1.1, 10), "impossible"),
        (odds_field(share() / 100, 10), "impossible"),
        (odds_field(share(), 10), "good"),
        (field(np.zeros(SHAPE)), "constant"),
        (field(np.full(SHAPE, 285.0), name="temperature", units="K"), "constant"),
        (odds_field(np.zeros(SHAPE), 1), "constant"),
        (odds_field(np.ones(SHAPE), 1), "constant"),
    ],
    ids=[
        "rain that varies is good",
        "a name without limits is unknown",
        "rain in metres is unknown",
        "a kind that is not read is unknown",
        "a member without number is unknown",
        "a probability without event is unknown",
        "a run two days old is stale",
        "a run from tomorrow is stale",
        "a hole is missing",
        "nothing but holes is missing",
        "negative rain is impossible",
        "rain of kilometres is impossible",
        "rain in metres that is said to be in millimetres is impossible",
        "a country may have a drizzle and no more",
        "a mild temperature is good",
        "degrees Celsius under the name of Kelvin are impossible",
        "a hundredfold pressure is impossible",
        "a probability above one is impossible",
        "ratios where percent was meant are impossible",
        "a probability is good",
        "no rain anywhere on Earth is constant",
        "one temperature everywhere is constant",
        "no chance of rain anywhere is constant",
        "certain rain everywhere is constant",
    ],
)
def test_a_single_field(one: Field, reason: str) -> None:
    assert reasons(one) == [reason]


def test_a_run_of_the_past_is_not_stale_where_the_past_is_studied() -> None:
    old = field(some_rain(), reference=START - timedelta(days=900))
    assert reasons(old, gates=Gates(now=None)) == ["good"]


def test_all_zero_at_every_threshold_is_no_data_and_never_no_hazard() -> None:
    nothing = [odds_field(np.zeros(SHAPE), limit) for limit in (1, 5, 10, 25, 50, 100)]
    assert reasons(*nothing) == ["constant"] * 6


def test_zero_at_the_extreme_counts_where_the_milder_event_varies() -> None:
    assert reasons(odds_field(share(), 10), odds_field(np.zeros(SHAPE), 100)) == ["good", "good"]


def test_what_is_certain_in_a_whole_country_counts_and_on_the_whole_earth_does_not() -> None:
    varies = np.random.default_rng(1).uniform(0, 1, COUNTRY.size)
    certain = odds_field(np.ones(COUNTRY.size), 1, grid=COUNTRY)
    assert reasons(odds_field(varies, 10, grid=COUNTRY), certain) == ["good", "good"]
    assert reasons(odds_field(share(), 10), odds_field(np.ones(SHAPE), 1)) == ["good", "constant"]


def test_a_sister_of_another_forecast_does_not_vouch() -> None:
    tomorrow = odds_field(share(), 10, start_hour=24.0, end_hour=48.0)
    assert reasons(tomorrow, odds_field(np.zeros(SHAPE), 100)) == ["good", "constant"]


def test_a_refused_sister_does_not_vouch() -> None:
    refused = odds_field(share() * 1.2, 10)
    assert reasons(refused, odds_field(np.zeros(SHAPE), 100)) == ["impossible", "constant"]


def test_a_dry_member_counts_where_others_have_rain() -> None:
    dry = field(np.zeros(COUNTRY.size), COUNTRY, member=2)
    assert reasons(field(some_rain(0, COUNTRY), COUNTRY), dry) == ["good", "good"]


def test_a_member_without_rain_anywhere_on_earth_is_a_defect_whatever_the_others_have() -> None:
    dry = field(np.zeros(SHAPE), member=2)
    assert reasons(field(some_rain()), dry) == ["good", "constant"]


def test_rain_of_nobody_knows_how_many_hours_is_unknown() -> None:
    assert reasons(field(some_rain(), start_hour=24.0, end_hour=24.0)) == ["unknown"]


def test_infinity_is_no_value_however_many_may_be_missing() -> None:
    rain = some_rain()
    rain[4, 4] = np.inf
    one = field(rain)
    assert reasons(one) == ["missing"]
    assert reasons(one, gates=Gates(now=NOW, max_missing=0.5)) == ["good"]
    assert np.isnan(one.values[4 * WORLD.columns + 4])


def on(grid: RegularGrid, chance: float, limit: float) -> Field:
    return odds_field(np.full(grid.size, chance), limit, grid=grid)


def test_on_an_island_all_cells_may_have_one_probability_where_another_event_varies() -> None:
    varies = np.linspace(0.5, 1, ISLAND.size)
    assert reasons(odds_field(varies, 1, grid=ISLAND), on(ISLAND, 0.25, 10)) == ["good", "good"]
    wide = np.linspace(0.5, 1, COUNTRY.size)
    assert reasons(odds_field(wide, 1, grid=COUNTRY), on(COUNTRY, 0.25, 10)) == ["good", "constant"]


def test_a_storm_over_the_whole_island_is_news_and_one_value_for_all_events_is_a_defect() -> None:
    assert reasons(on(ISLAND, 1.0, 10), on(ISLAND, 0.0, 100)) == ["good", "good"]
    assert reasons(on(ISLAND, 0.0, 10), on(ISLAND, 0.0, 100)) == ["constant"] * 2
    assert reasons(on(ISLAND, 0.5, 10), on(ISLAND, 0.5, 100)) == ["constant"] * 2


def test_a_single_cell_has_always_one_value() -> None:
    cell = RegularGrid(north=-0.5, west=167, step_lat=0.25, step_lon=0.25, rows=1, columns=1)
    assert reasons(field(np.full(1, 80.0), cell)) == ["good"]
    assert reasons(field(np.full(1, 0.0), cell)) == ["constant"]
    assert reasons(field(np.full(1, 80.0), cell), field(np.zeros(1), cell, member=2)) == [
        "good",
        "good",
    ]


def test_wind_that_is_still_everywhere_is_no_news_even_where_others_blow() -> None:
    still = field(np.zeros(SHAPE), name="gust", units="m/s", member=2)
    blowing = field(some_rain() / 10, name="gust", units="m/s")
    assert reasons(blowing, still) == ["good", "constant"]


def test_one_value_other_than_zero_is_no_dry_member() -> None:
    stuck = field(np.full(SHAPE, 3.0), member=2)
    assert reasons(field(some_rain()), stuck) == ["good", "constant"]


def test_an_extreme_more_probable_than_a_milder_event_spoils_the_family() -> None:
    half = share() / 2
    family = [odds_field(half, 10), odds_field(half + 0.02, 50), odds_field(half / 2, 1)]
    assert reasons(*family) == ["impossible"] * 3


def test_packing_may_move_a_probability_by_a_hundredth() -> None:
    half = share() / 2
    assert reasons(odds_field(half, 10), odds_field(half + 0.01, 50)) == ["good", "good"]


@given(st.permutations(range(4)))
def test_the_order_of_the_fields_in_a_file_does_not_matter(order: list[int]) -> None:
    family = [
        odds_field(share(), 1),
        odds_field(share() / 2, 10),
        odds_field(np.zeros(SHAPE), 100),
        field(np.zeros(SHAPE)),
    ]
    expected = ["good", "good", "good", "constant"]
    assert reasons(*(family[at] for at in order)) == [expected[at] for at in order]


def test_the_reason_says_what_was_found() -> None:
    ((_, verdict),) = gate([field(np.zeros(SHAPE))], GATES)
    assert verdict is not None
    assert verdict.text == "every cell of the file has the value 0 mm"
