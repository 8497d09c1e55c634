"""A regular latitude-longitude grid: where its cells lie, whatever order a file stores them in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.errors import InputError

__all__ = ["MAX_CELLS", "Cells", "RegularGrid"]

MAX_CELLS = 20_000_000
"""Limit for the cells of one grid; a global grid of 0.1° has 6.5 million."""

WIDE = 0.1
"""Share of the Earth from which on it rains somewhere in a grid, on every day."""

TOLERANCE = 1e-4
"""Degrees: files round their coordinates to a thousandth, or to a millionth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularGrid:
    """Cells with the given centres. Rows run from north to south, columns from west to east.

    Attributes:
        north: Latitude of the first row's centre, in degrees.
        west: Longitude of the first column's centre, in degrees.
        step_lat: Degrees between rows, positive.
        step_lon: Degrees between columns, positive.
        rows: Number of rows.
        columns: Number of columns.

    Raises:
        InputError: no such grid lies on the Earth, or it has more than `MAX_CELLS` cells.
    """

    north: float
    west: float
    step_lat: float
    step_lon: float
    rows: int
    columns: int

    def __post_init__(self) -> None:
        numbers = (self.north, self.west, self.step_lat, self.step_lon)
        south = self.north - (self.rows - 1) * self.step_lat
        if not (
            np.isfinite(numbers).all()
            and self.rows >= 1
            and self.columns >= 1
            and self.step_lat > 0
            and self.step_lon > 0
            and self.north <= 90 + TOLERANCE
            and south >= -90 - TOLERANCE
            and -360 <= self.west <= 360
            and self.columns * self.step_lon <= 360 + self.step_lon + TOLERANCE
        ):
            raise InputError(f"no grid on the Earth looks like this: {self}")
        if self.size > MAX_CELLS:
            raise InputError(
                f"the grid has {self.size:,} cells, more than the {MAX_CELLS:,} allowed"
            )

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.rows * self.columns

    @property
    def is_wide(self) -> bool:
        """Whether it holds more than `WIDE` of the Earth."""
        south, north = np.sin(np.radians(self.row_edges()[[-1, 0]]))
        return bool(min(1.0, self.columns * self.step_lon / 360) * (north - south) / 2 > WIDE)

    def row_edges(self) -> NDArray[np.float64]:
        """Latitudes between rows, north to south: shape (rows + 1,), no further than the poles."""
        edges = self.north + (0.5 - np.arange(self.rows + 1, dtype=np.float64)) * self.step_lat
        return np.clip(edges, -90.0, 90.0).astype(np.float64)

    def column_edges(self) -> NDArray[np.float64]:
        """Longitudes between columns, west to east: shape (columns + 1,)."""
        return self.west + (np.arange(self.columns + 1, dtype=np.float64) - 0.5) * self.step_lon

    def latitudes(self) -> NDArray[np.float64]:
        """Centres of the rows, north to south: shape (rows,)."""
        return self.north - np.arange(self.rows, dtype=np.float64) * self.step_lat

    def longitudes(self) -> NDArray[np.float64]:
        """Centres of the columns, west to east: shape (columns,)."""
        return self.west + np.arange(self.columns, dtype=np.float64) * self.step_lon

    def same_as(self, other: RegularGrid) -> bool:
        """Whether both have the same cells, to the rounding of files and whole turns."""
        turn = (self.west - other.west) % 360
        return (
            (self.rows, self.columns) == (other.rows, other.columns)
            and abs(self.north - other.north) < TOLERANCE
            and min(turn, 360 - turn) < TOLERANCE
            and abs(self.step_lat - other.step_lat) * self.rows < self.step_lat / 100
            and abs(self.step_lon - other.step_lon) * self.columns < self.step_lon / 100
        )


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Some cells of a grid: all that a country needs of it.

    Attributes:
        grid: The grid.
        index: Which cells, as row x columns + column, rising, shape (cells,).
    """

    grid: RegularGrid
    index: NDArray[np.int64]
