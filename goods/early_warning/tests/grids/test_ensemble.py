"""Ensembles are complete or no data: ECMWF's open data before and since cycle 50r1."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from comity.errors import InputError
from early_warning.grids import (
    ECMWF_2024,
    ECMWF_2026,
    Ensemble,
    Field,
    Gates,
    Layout,
    NoData,
    RegularGrid,
    accumulated,
    ensembles,
    read_grib,
    rising,
)
from goods.early_warning.tests.grids.made import (
    START,
    WORLD,
    field,
    member,
    old_control,
    single_run,
    some_rain,
)

GATES = Gates(now=None)
SMALL = Layout(name="a small ensemble", perturbed=3, control="oper")
THREE = Layout(name="without control", perturbed=3, control=None)
ISLAND = RegularGrid(north=10, west=40, step_lat=0.25, step_lon=0.25, rows=4, columns=5)


def only(fields: list[Field], layout: Layout) -> Ensemble | NoData:
    (found,) = ensembles(fields, layout, GATES).values()
    return found


def gathered(fields: list[Field], layout: Layout) -> Ensemble:
    found = only(fields, layout)
    assert isinstance(found, Ensemble)
    return found


def refused(fields: list[Field], layout: Layout) -> NoData:
    found = only(fields, layout)
    assert isinstance(found, NoData)
    return found


def small(*numbers: int, control: bool = True) -> list[Field]:
    fields = [field(some_rain(number), member=number) for number in numbers]
    run = field(some_rain(0), kind="deterministic", member=None, stream="oper")
    return [*fields, run] if control else fields


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Field]]:
    folder: Path = tmp_path_factory.mktemp("ecmwf")
    contents = {
        "enfo": b"".join(member(number, some_rain(number)) for number in range(1, 51)),
        "oper": single_run(some_rain(0)),
        "cf": old_control(some_rain(0)),
    }
    read = {}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        read[name] = list(read_grib(folder / name))
    return read


def test_since_2026_the_control_is_the_high_resolution_run(files: dict[str, list[Field]]) -> None:
    found = gathered(files["enfo"] + files["oper"], ECMWF_2026)
    assert found.values.shape == (51, WORLD.size)
    np.testing.assert_allclose(found.values[0], some_rain(0).reshape(-1), atol=0.01)
    np.testing.assert_allclose(found.values[50], some_rain(50).reshape(-1), atol=0.01)


def test_before_2026_it_was_a_member(files: dict[str, list[Field]]) -> None:
    assert gathered(files["enfo"] + files["cf"], ECMWF_2024).values.shape[0] == 51


@pytest.mark.parametrize(
    ("names", "layout", "told"),
    [
        (["enfo"], ECMWF_2026, "50 members where .* has 51 .*absent: 0"),
        (["enfo", "oper"], ECMWF_2024, "50 members where .* has 51 .*absent: 0"),
        (["enfo", "oper", "cf"], ECMWF_2026, "52 members .*twice: 0"),
        (["enfo", "enfo", "oper"], ECMWF_2026, "101 members .*twice: 1, 2, 3"),
    ],
    ids=[
        "new files without the high-resolution run",
        "new files read by the old layout",
        "old and new control together",
        "the members fetched twice",
    ],
)
def test_a_wrong_count_is_no_data(
    files: dict[str, list[Field]], names: list[str], layout: Layout, told: str
) -> None:
    found = refused([one for name in names for one in files[name]], layout)
    assert found.reason == "miscounted"
    assert re.search(told, found.text)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (small(1, 2), "miscounted"),
        (small(1, 2, 2), "miscounted"),
        (small(1, 2, 4), "miscounted"),
        (small(1, 2, 3, 4), "miscounted"),
        (small(1, 2, 3, control=False), "miscounted"),
        ([*small(1, 2), field(some_rain() - 9, member=3)], "impossible"),
    ],
    ids=[
        "one absent",
        "one twice in place of another",
        "a number that is not expected",
        "one more",
        "no control",
        "one refused member",
    ],
)
def test_an_incomplete_ensemble_is_no_data(fields: list[Field], reason: str) -> None:
    assert refused(fields, SMALL).reason == reason


def test_an_ensemble_without_control_has_only_its_members() -> None:
    alone = Layout(name="without", perturbed=3, control=None)
    assert gathered(small(3, 1, 2), alone).values.shape == (3, WORLD.size)


def test_a_grid_of_its_own_for_one_member_is_no_data() -> None:
    other = RegularGrid(north=90, west=5, step_lat=10, step_lon=10, rows=19, columns=36)
    fields = [*small(1, 2), field(some_rain(), other, member=3)]
    assert refused(fields, SMALL).reason == "miscounted"


def test_forecasts_are_kept_apart() -> None:
    later = [field(some_rain(n), member=n, end_hour=48.0) for n in (1, 2)]
    found = ensembles([*small(1, 2, 3), *later], SMALL, GATES)
    assert [type(one) for one in found.values()] == [Ensemble, NoData]


@pytest.mark.parametrize(
    "spoilt",
    [
        field(np.zeros((WORLD.rows, WORLD.columns)), member=3),
        field(np.full((WORLD.rows, WORLD.columns), 3.0), member=3),
        field(np.where(some_rain(3) > 60, np.nan, some_rain(3)), member=3),
        field(np.where(some_rain(3) > 60, np.inf, some_rain(3)), member=3),
        field(some_rain(3) / 1000, member=3),
        field(some_rain(3) * 1000, member=3),
        field(-some_rain(3), member=3),
        field(some_rain(2), member=3),
        field(some_rain(3), member=2),
        field(some_rain(3), member=3, units="m"),
        field(some_rain(3), member=3, end_hour=48.0),
        field(some_rain(3), member=3, start_hour=24.0),
        field(some_rain(3), member=3, reference=START - timedelta(hours=12)),
        field(some_rain(3), member=None),
    ],
    ids=[
        "left at zero",
        "left at one value",
        "with holes",
        "with infinite values",
        "in metres",
        "a thousand times too high",
        "negative",
        "a copy of another",
        "under another's number",
        "in other units",
        "of two days",
        "of no time",
        "of an earlier run",
        "without a number",
    ],
)
def test_no_defect_of_a_member_becomes_no_hazard(spoilt: Field) -> None:
    found = ensembles([*small(1, 2), spoilt], SMALL, GATES)
    assert not any(isinstance(one, Ensemble) for one in found.values())


def test_the_same_values_under_two_numbers_are_no_data() -> None:
    fields = [*small(1, 2), field(some_rain(1), member=3)]
    assert refused(fields, SMALL) == NoData("miscounted", "members 1 and 3 hold the same values")


def test_two_members_with_one_and_the_same_shower_are_no_copies() -> None:
    shower = np.zeros(ISLAND.size)
    shower[3] = 0.25
    fields = [field(shower, ISLAND, member=n) for n in (1, 2, 3)]
    assert gathered(fields, THREE).values.shape == (3, ISLAND.size)


def since_start(
    end: float, rain: float | NDArray[np.float64], grid: RegularGrid = WORLD, packing: float = 0.0
) -> Ensemble:
    fields = [
        replace(field(1 + some_rain(n, grid) + rain, grid, member=n, end_hour=end), packing=packing)
        for n in (1, 2, 3)
    ]
    return gathered(fields, THREE)


def rain_in_half(grid: RegularGrid = WORLD, elsewhere: float = 0.0) -> NDArray[np.float64]:
    """5 mm in the northern half, something else in the southern."""
    return np.where(np.arange(grid.rows) < grid.rows / 2, 5.0, elsewhere)[:, None]


def test_rain_between_two_steps_is_the_difference() -> None:
    between = accumulated(since_start(24.0, 0.0), since_start(48.0, 7.0))
    assert isinstance(between, Ensemble)
    assert (between.start_hour, between.end_hour) == (24.0, 48.0)
    np.testing.assert_allclose(between.values, 7.0, atol=1e-4)


def test_packing_does_not_make_negative_rain() -> None:
    between = accumulated(since_start(24.0, 0.0), since_start(48.0, rain_in_half(elsewhere=-0.02)))
    assert isinstance(between, Ensemble)
    assert (between.values >= 0).all()
    assert np.count_nonzero(between.values == 0) == 3 * 9 * WORLD.columns


def test_coarse_packing_is_no_fall_of_rain() -> None:
    # Packed in 12 bits, as of a month with 1,000 mm somewhere: steps of half a millimetre.
    later = rain_in_half(elsewhere=-0.4)
    coarse = since_start(24.0, 0.0, packing=0.5), since_start(48.0, later, packing=0.5)
    fine = since_start(24.0, 0.0, packing=0.01), since_start(48.0, later, packing=0.01)
    assert isinstance(accumulated(*coarse), Ensemble)
    assert [type(one) for one in rising(coarse)] == [Ensemble, Ensemble]
    assert isinstance(accumulated(*fine), NoData)
    assert [type(one) for one in rising(fine)] == [Ensemble, NoData]


@pytest.mark.parametrize("grid", [WORLD, ISLAND], ids=["the Earth", "an island"])
def test_a_step_written_twice_is_no_data_and_never_a_dry_day(grid: RegularGrid) -> None:
    found = accumulated(since_start(24.0, 0.0, grid), since_start(48.0, 0.0, grid))
    assert isinstance(found, NoData)
    assert found.reason == "constant"
    assert "from hour 24 to hour 48" in found.text


@pytest.mark.parametrize(
    ("grid", "kind"),
    [(WORLD, NoData), (ISLAND, Ensemble)],
    ids=["on the Earth it cannot be dry", "on an island it can"],
)
def test_one_member_without_more_rain(grid: RegularGrid, kind: type) -> None:
    later = since_start(48.0, rain_in_half(grid), grid)
    earlier = since_start(24.0, 0.0, grid)
    later.values[1], later.means[1] = earlier.values[1], earlier.means[1]
    assert isinstance(accumulated(earlier, later), kind)


def test_a_constant_field_has_no_packing(tmp_path: Path) -> None:
    path = tmp_path / "constant.grib2"
    path.write_bytes(member(1, np.zeros((WORLD.rows, WORLD.columns))))
    assert [one.packing for one in read_grib(path)] == [0.0]


def test_the_packing_of_a_file_is_read_from_it(tmp_path: Path) -> None:
    path = tmp_path / "coarse.grib2"
    path.write_bytes(member(1, some_rain(1)))
    (one,) = read_grib(path)
    steps = np.unique(np.diff(np.unique(one.values)).round(6))
    assert one.packing == pytest.approx(steps[steps > 0][0], rel=1e-2)


def test_rain_that_falls_back_up_is_no_data() -> None:
    found = accumulated(since_start(24.0, 3.0), since_start(48.0, 0.0))
    assert isinstance(found, NoData)
    assert found.reason == "impossible"


def test_a_step_left_at_zero_is_no_data_and_the_next_one_is_not_all_the_rain_of_the_run() -> None:
    steps = [since_start(24.0, 0.0), since_start(48.0, 7.0), since_start(96.0, 9.0)]
    spoilt = replace(since_start(72.0, 0.0), values=np.zeros_like(steps[0].values))
    first, second, third, last = rising([steps[0], steps[1], spoilt, steps[2]])
    assert [first, second, last] == steps
    assert isinstance(third, NoData)
    assert third.reason == "impossible"


def test_two_steps_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(InputError, match="not rain since one start"):
        accumulated(since_start(48.0, 7.0), since_start(24.0, 0.0))
