"""Windows of a run: filled by periods, by a difference of sums, or by a moment; else no data."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_warning.drafts.windows import Window, preferred, windows_of
from early_warning.grids import Cells, Ensemble, NoData, Weights
from goods.early_warning.tests.grids.made import START, WORLD

WEIGHTS = Weights(
    codes=("one", "two"),
    cells=Cells(WORLD, np.array([10, 11, 12])),
    start=np.array([0, 2, 3]),
    entry=np.array([0, 1, 2]),
    of_district=np.array([0.5, 0.5, 1.0]),
    of_cell=np.array([1.0, 1.0, 1.0]),
)
"""District one has two cells, district two has one."""

Subject = tuple[str, str, datetime, float, float]
LOST = NoData("constant", "every cell of the file has the value 0 mm")


def subject(name: str, start: float, end: float, level: str = "surface") -> Subject:
    return (name, level, START, start, end)


def ensemble(
    name: str, start: float, end: float, *members: list[float], level: str = "surface"
) -> tuple[Subject, Ensemble]:
    return subject(name, start, end, level), Ensemble(
        name=name,
        level=level,
        units="mm" if name == "rain" else "m/s",
        reference=START,
        start_hour=start,
        end_hour=end,
        grid=WORLD,
        values=np.array(members, dtype=np.float32),
        means=np.array(members).mean(axis=1),
        packing=0.0,
        source=f"{name} {start:g} to {end:g}",
    )


def windows(name: str, *found: tuple[Subject, Ensemble | NoData], hours: int = 24) -> list[Window]:
    return windows_of(dict(found), name, hours, "above", WEIGHTS)


def spans(found: list[Window]) -> list[tuple[float, float]]:
    return [(one.start, one.end) for one in found]


def values(window: Window) -> list[list[float]]:
    assert window.values is not None
    return [[float(one) for one in member] for member in window.values]


def why(window: Window) -> str:
    assert window.values is None
    (reason,) = {one.text for one in window.why if one}
    return reason


def test_a_period_of_the_right_length_is_a_window() -> None:
    (one,) = windows("rain", ensemble("rain", 0, 24, [1, 5, 2], [3, 0, 9]))
    assert spans([one]) == [(0, 24)]
    assert values(one) == [[5, 2], [3, 9]]


def test_rain_since_the_start_becomes_rain_of_each_day() -> None:
    first, second = windows(
        "rain",
        ensemble("rain", 0, 24, [1, 5, 2], [3, 0, 9]),
        ensemble("rain", 0, 48, [11, 6, 2], [3, 0, 29]),
    )
    assert spans([first, second]) == [(0, 24), (24, 48)]
    assert values(second) == [[10, 0], [0, 20]]


def test_rain_of_six_hours_is_added_up_cell_by_cell_and_member_by_member() -> None:
    parts = [
        ensemble("rain", start, start + 6, [10, 0, 1], [0, 10, 1])
        if start < 12
        else ensemble("rain", start, start + 6, [0, 10, 1], [10, 0, 1])
        for start in (0, 6, 12, 18)
    ]
    (one,) = windows("rain", *parts)
    assert values(one) == [[20, 4], [20, 4]]


def test_a_sum_that_did_not_come_is_no_data_for_its_day_and_the_next() -> None:
    first, second, third = windows(
        "rain",
        ensemble("rain", 0, 48, [11, 6, 2]),
        ensemble("rain", 0, 72, [12, 6, 2]),
    )
    assert why(first) == "hours 0 to 24 after the start of the run are in no file"
    assert why(second) == "rain since the start of the run to hour 24 is in no file"
    assert values(third) == [[1, 0]]


def test_a_refused_sum_is_no_data_for_both_days_that_rest_on_it() -> None:
    first, second = windows(
        "rain", (subject("rain", 0, 24), LOST), ensemble("rain", 0, 48, [11, 6, 2])
    )
    assert why(first) == why(second) == LOST.text


def test_rain_that_falls_backwards_is_no_data() -> None:
    _, second = windows(
        "rain", ensemble("rain", 0, 24, [5, 5, 5]), ensemble("rain", 0, 48, [5, 4, 5])
    )
    assert "1.00 mm less" in why(second)


def test_a_step_that_a_job_left_at_zero_makes_no_wet_day_after_it() -> None:
    first, second, third = windows(
        "rain",
        ensemble("rain", 0, 24, [5, 5, 5]),
        ensemble("rain", 0, 48, [0, 0, 1]),
        ensemble("rain", 0, 72, [9, 9, 9]),
    )
    assert values(first) == [[5, 5]]
    assert why(second) == why(third)
    assert "less than at an earlier step" in why(second)


def test_gusts_are_the_strongest_of_the_periods_that_fill_the_window() -> None:
    (one,) = windows(
        "gust",
        ensemble("gust", 0, 12, [9, 20, 3], [9, 8, 3], level="10 m"),
        ensemble("gust", 12, 24, [7, 7, 30], [25, 7, 1], level="10 m"),
    )
    assert values(one) == [[20, 30], [25, 3]]


def test_a_window_with_a_gap_is_no_data_and_not_the_rest() -> None:
    (one,) = windows("gust", ensemble("gust", 12, 24, [7, 7, 30], level="10 m"))
    assert why(one) == "hours 0 to 24 after the start of the run are in no file"


def test_an_unfinished_window_is_no_data() -> None:
    first, second = windows(
        "gust",
        ensemble("gust", 0, 24, [7, 7, 30]),
        ensemble("gust", 24, 30, [9, 9, 9]),
    )
    assert values(first) == [[7, 30]]
    assert why(second) == "hours 30 to 48 after the start of the run are in no file"


def test_a_moment_stands_for_the_hours_before_it_and_not_before_the_run() -> None:
    found = windows(
        "wind",
        ensemble("wind", 6, 6, [1, 2, 3], level="10 m"),
        ensemble("wind", 24, 24, [4, 5, 6], level="10 m"),
        ensemble("wind", 0, 0, [9, 9, 9], level="10 m"),
        hours=12,
    )
    assert spans(found) == [(0, 6), (12, 24)]
    assert values(found[1]) == [[5, 6]]


def test_winds_aloft_are_not_taken_for_winds_that_people_feel() -> None:
    assert windows("wind", ensemble("wind", 24, 24, [50, 50, 50], level="850 hPa")) == []
    assert preferred("wind", ["850 hPa", "surface", "10 m"]) == "10 m"
    assert preferred("temperature", ["850 hPa"]) is None


def test_a_missing_cell_takes_its_district_alone() -> None:
    (one,) = windows("rain", ensemble("rain", 0, 24, [1, np.nan, 2]))
    assert one.why[0] is not None
    assert one.why[1] is None


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=6),
    st.sets(st.integers(0, 5)),
)
def test_a_file_that_is_taken_away_never_changes_what_is_still_known(
    daily: list[int], gone: set[int]
) -> None:
    sums = np.cumsum(daily)
    files = [
        ensemble("rain", 0, 24 * (day + 1), [float(total)] * 3)
        for day, total in enumerate(sums.tolist())
    ]
    whole = {(one.start, one.end): one for one in windows("rain", *files)}
    left = [file for day, file in enumerate(files) if day not in gone]
    for one in windows("rain", *left):
        if one.values is not None:
            assert values(one) == values(whole[one.start, one.end])


@pytest.mark.parametrize("side", ["above", "below"])
def test_the_extreme_is_the_largest_or_the_smallest(side: str) -> None:
    key, one = ensemble("temperature_min", 0, 24, [5, -5, 0], level="2 m")
    (window,) = windows_of(
        {key: one}, "temperature_min", 24, "above" if side == "above" else "below", WEIGHTS
    )
    assert values(window) == [[5, 0] if side == "above" else [-5, 0]]
