"""Regular grids: what lies on the Earth, and when two are the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from comity.errors import InputError
from early_warning.grids import RegularGrid
from goods.early_warning.tests.grids.made import WORLD


def test_cells_at_the_poles_are_cut_off_there() -> None:
    edges = WORLD.row_edges()
    assert (edges[0], edges[1], edges[-1]) == (90.0, 85.0, -90.0)


def test_columns_run_to_the_east() -> None:
    assert WORLD.column_edges()[[0, -1]].tolist() == [-5.0, 355.0]
    assert WORLD.longitudes()[-1] == 350.0
    assert WORLD.latitudes()[-1] == -90.0


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (WORLD, True),
        (replace(WORLD, west=360.0), True),
        (replace(WORLD, north=90.00001), True),
        (replace(WORLD, west=-0.00001), True),
        (replace(WORLD, west=0.5), False),
        (replace(WORLD, north=89.0, rows=18), False),
        (replace(WORLD, step_lat=9.9), False),
    ],
)
def test_grids_are_compared_by_their_cells(other: RegularGrid, same: bool) -> None:
    assert WORLD.same_as(other) is same
    assert other.same_as(WORLD) is same


@pytest.mark.parametrize(
    "wrong",
    [
        {"north": 91.0},
        {"rows": 20},
        {"rows": 0},
        {"columns": 40},
        {"step_lon": 0.0},
        {"step_lat": -10.0},
        {"north": np.nan},
        {"west": 1e9},
    ],
)
def test_a_grid_that_is_not_on_the_earth_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="no grid on the Earth"):
        replace(WORLD, **wrong)


def test_a_grid_of_too_many_cells_is_refused() -> None:
    with pytest.raises(InputError, match="more than the 20,000,000 allowed"):
        RegularGrid(north=90, west=0, step_lat=0.01, step_lon=0.01, rows=18001, columns=36000)
