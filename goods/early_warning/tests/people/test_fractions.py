"""Area fractions: exact on the sphere, and nobody lives between the cells."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from early_warning.grids import RegularGrid, Weights
from early_warning.people import Area, district_weights

QUARTER = RegularGrid(north=90, west=0, step_lat=0.25, step_lon=0.25, rows=721, columns=1440)
DATE_LINE = RegularGrid(north=90, west=-180, step_lat=0.25, step_lon=0.25, rows=721, columns=1440)
COARSE = RegularGrid(north=90, west=0, step_lat=10, step_lon=10, rows=19, columns=36)


def area(shape: object, code: str = "A") -> Area:
    return Area(code=code, name=code, names={}, shape=shape)


def box(west: float, south: float, east: float, north: float) -> object:
    return shapely.MultiPolygon([shapely.box(west, south, east, north)])


def shares(weights: Weights, grid: RegularGrid) -> dict[tuple[float, float], float]:
    """Latitude and longitude of a cell's centre to its share of the only district."""
    cells = weights.cells.index[weights.entry]
    rows, columns = cells // grid.columns, cells % grid.columns
    places = zip(grid.latitudes()[rows].tolist(), grid.longitudes()[columns].tolist(), strict=True)
    return dict(zip(places, weights.of_district.tolist(), strict=True))


def test_a_district_without_any_cell_centre_has_its_cells() -> None:
    weights = district_weights([area(box(43.02, 11.52, 43.2, 11.7))], QUARTER)
    found = shares(weights, QUARTER)
    assert set(found) == {(11.5, 43.0), (11.5, 43.25), (11.75, 43.0), (11.75, 43.25)}
    assert sum(found.values()) == pytest.approx(1.0)
    west = (43.125 - 43.02) / 0.18
    assert found[11.5, 43.0] + found[11.75, 43.0] == pytest.approx(west)


def test_a_district_inside_one_cell_has_that_cell() -> None:
    weights = district_weights([area(box(43.0, 11.5, 43.05, 11.55))], QUARTER)
    assert shares(weights, QUARTER) == {(11.5, 43.0): pytest.approx(1.0)}
    assert weights.of_cell[0] == pytest.approx(0.04, rel=1e-3)


def test_cells_near_the_pole_weigh_less() -> None:
    weights = district_weights([area(box(5, 45, 15, 65))], COARSE)
    found = shares(weights, COARSE)
    for lat in (50.0, 60.0):
        exact = math.sin(math.radians(lat + 5)) - math.sin(math.radians(lat - 5))
        whole = math.sin(math.radians(65)) - math.sin(math.radians(45))
        assert found[lat, 10.0] == pytest.approx(exact / whole, rel=1e-3)


@pytest.mark.parametrize("grid", [QUARTER, DATE_LINE], ids=["from 0 to 360", "from -180 to 180"])
@pytest.mark.parametrize(
    "shape",
    [
        box(179.5, -17.5, 180.5, -16.5),
        box(-180.5, -17.5, -179.5, -16.5),
        shapely.MultiPolygon(
            [shapely.box(179.5, -17.5, 180, -16.5), shapely.box(-180, -17.5, -179.5, -16.5)]
        ),
    ],
    ids=["east of the date line", "west of it", "cut by it"],
)
def test_the_date_line_divides_nobody(grid: RegularGrid, shape: object) -> None:
    weights = district_weights([area(shape)], grid)
    assert weights.covered()[0] == pytest.approx(1.0, abs=1e-6)
    assert len(weights.entry) == 5 * 5


def test_greenwich_divides_nobody() -> None:
    weights = district_weights([area(box(-0.5, 51, 0.5, 52))], QUARTER)
    assert weights.covered()[0] == pytest.approx(1.0, abs=1e-6)


def test_a_grid_that_repeats_greenwich_counts_nobody_twice() -> None:
    grid = RegularGrid(north=90, west=0, step_lat=10, step_lon=10, rows=19, columns=37)
    weights = district_weights([area(box(-4, 0, 4, 8), "A"), area(box(352, 0, 358, 8), "B")], grid)
    np.testing.assert_allclose(weights.covered(), 1.0, atol=1e-3)


def test_a_district_beyond_the_grid_is_covered_in_part() -> None:
    grid = RegularGrid(north=12, west=42, step_lat=0.5, step_lon=0.5, rows=5, columns=5)
    inside, half, beyond = district_weights(
        [
            area(box(42.5, 10.5, 43, 11), "in"),
            area(box(43.25, 11, 45.25, 11.5), "half"),
            area(box(60, 11, 61, 12), "out"),
        ],
        grid,
    ).covered()
    assert inside == pytest.approx(1.0, abs=1e-6)
    assert half == pytest.approx(0.5, abs=1e-6)
    assert beyond == 0.0


def test_a_district_without_geometry_keeps_its_row_and_has_no_cell() -> None:
    weights = district_weights([area(None), area(box(0, 0, 1, 1), "B")], QUARTER)
    assert weights.codes == ("A", "B")
    assert np.diff(weights.start)[0] == 0
    assert weights.covered()[0] == 0.0


def test_a_country_without_any_geometry_has_no_cell() -> None:
    assert district_weights([area(None)], QUARTER).cells.index.size == 0


def micro(low: float, high: float) -> st.SearchStrategy[float]:
    """Degrees with six decimals, as boundaries are published."""
    return st.integers(int(low * 1e6), int(high * 1e6)).map(lambda number: number / 1e6)


corners = st.tuples(micro(-170, 170), micro(-80, 80))


@settings(deadline=None)
@given(st.lists(corners, min_size=3, max_size=3, unique=True))
def test_the_parts_of_any_triangle_are_the_whole(points: list[tuple[float, float]]) -> None:
    triangle = shapely.Polygon(points)
    if triangle.area < 1e-3:
        return
    weights = district_weights([area(shapely.MultiPolygon([triangle]))], COARSE)
    assert weights.covered()[0] == pytest.approx(1.0, abs=5e-3)
    assert (weights.of_cell <= 1.0).all()
    assert (weights.of_district > 0).all()


@settings(deadline=None)
@given(micro(-60, 60), micro(-60, 60), micro(0.01, 3))
def test_two_halves_share_the_cells_of_the_whole(west: float, south: float, size: float) -> None:
    middle = round(west + size / 3, 6)
    whole, left, right = (
        district_weights([area(box(a, south, b, south + size))], QUARTER)
        for a, b in ((west, west + size), (west, middle), (middle, west + size))
    )
    total = dict.fromkeys(whole.cells.index.tolist(), 0.0)
    for half in (left, right):
        for cell, share in zip(half.cells.index[half.entry].tolist(), half.of_cell, strict=True):
            total[cell] = total.get(cell, 0.0) + share
    for cell, share in zip(whole.cells.index[whole.entry].tolist(), whole.of_cell, strict=True):
        assert total[cell] == pytest.approx(share, abs=1e-4)
