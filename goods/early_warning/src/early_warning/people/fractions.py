"""Which part of which cell belongs to which district: exact clipping, area on the sphere.

1. Every cell that a district touches is clipped to it; a district smaller than a cell keeps the
   part of the cell that it fills. No centre needs to lie in it.
2. The area of a piece is its area in degrees times the cosine of the latitude of its centroid,
   which is exact to the second order in the size of the cell. Edges are straight in longitude and
   latitude, as in the file.
3. Longitudes are compared in whole turns: a grid from 0 to 360 meets a district at 170 degrees
   west.
4. What lies outside the grid lowers `Weights.covered`; a district without a geometry has no
   entries.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from early_warning.grids.districts import Weights
from early_warning.grids.libraries import library
from early_warning.grids.regular import Cells, RegularGrid
from early_warning.people.boundaries import Area

__all__ = ["district_weights"]

_SLIVER = 1e-12
"""Share of a cell below which a piece is the rounding of a shared edge."""


def district_weights(areas: Sequence[Area], grid: RegularGrid) -> Weights:
    """Lay districts over a grid."""
    district, row, strips = _strips(areas, grid)
    whole = np.bincount(district, _sphere(strips), minlength=len(areas))
    strip, cell, piece, of_grid = _pieces(areas, grid, district, row, strips)
    # A district on both sides of the grid's seam has two pieces in one cell.
    both, entry_of = np.unique(district[strip] * grid.size + cell, return_inverse=True)
    area = np.bincount(entry_of, piece, minlength=len(both))
    full = np.empty(len(both))
    full[entry_of] = of_grid
    owner, index = np.divmod(both, grid.size)
    used, entry = np.unique(index, return_inverse=True)
    return Weights(
        codes=tuple(area.code for area in areas),
        cells=Cells(grid, used.astype(np.int64)),
        start=np.searchsorted(owner, np.arange(len(areas) + 1)).astype(np.int64),
        entry=entry.astype(np.int64).reshape(-1),
        of_district=area / np.where(whole > 0, whole, 1.0)[owner],
        of_cell=np.minimum(1.0, area / full),
    )


def _strips(
    areas: Sequence[Area], grid: RegularGrid
) -> tuple[NDArray[np.int64], NDArray[np.int64], Any]:
    """Every district cut at the rows' edges, also beyond the grid: rule 2 holds for the whole.

    Returns:
        District, row (beyond the grid: below 0, or the number of rows and more) and shape of each
        strip, shape (strips,).
    """
    shapely = library("shapely")
    shaped = [number for number, area in enumerate(areas) if area.shape is not None]
    shapes = np.array([areas[number].shape for number in shaped], dtype=object)
    west, south, east, north = shapely.bounds(shapes).reshape(-1, 4).T
    first, last = (grid.north - np.stack([north, south])) / grid.step_lat + 0.5
    of, row = _runs(np.floor(first).astype(np.int64), np.ceil(last).astype(np.int64))
    upper, lower = (grid.north + (0.5 - one) * grid.step_lat for one in (row, row + 1))
    strips = shapely.intersection(shapes[of], shapely.box(west[of], lower, east[of], upper))
    return np.array(shaped, dtype=np.int64)[of], row, strips


def _pieces(
    areas: Sequence[Area],
    grid: RegularGrid,
    district: NDArray[np.int64],
    row: NDArray[np.int64],
    strips: Any,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """The strips cut at the columns' edges: strip, cell, area of the piece and of the cell."""
    shapely = library("shapely")
    shapes = np.array([area.shape for area in areas], dtype=object)
    shapely.prepare(shapes)
    shapely.prepare(strips)
    rows = grid.row_edges()
    # A grid of more than a whole turn repeats its first columns; each place belongs to one cell.
    usable = min(grid.columns, round(360 / grid.step_lon))
    within = np.flatnonzero((row >= 0) & (row < grid.rows) & ~shapely.is_empty(strips))
    west, _, east, _ = shapely.bounds(strips[within]).reshape(-1, 4).T
    found = []
    for turn in _turns(west, east, grid):
        columns = (grid.column_edges() + 360 * turn)[: usable + 1]
        left = np.maximum(0, np.searchsorted(columns, west) - 1)
        right = np.minimum(usable, np.searchsorted(columns, east))
        run, column = _runs(left, right)
        strip = within[run]
        upper, lower = rows[row[strip]], rows[row[strip] + 1]
        boxes = shapely.box(columns[column], lower, columns[column + 1], upper)
        touched = shapely.intersects(strips[strip], boxes)
        strip, column, boxes = strip[touched], column[touched], boxes[touched]
        cut = ~shapely.contains_properly(shapes[district[strip]], boxes)
        pieces = boxes.copy()
        pieces[cut] = shapely.intersection(strips[strip[cut]], boxes[cut])
        part, full = _sphere(pieces), _sphere(boxes)
        keep = part > _SLIVER * full
        found.append(
            (strip[keep], (row[strip] * grid.columns + column)[keep], part[keep], full[keep])
        )
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0)
    strip, cell, part, full = (np.concatenate(one) for one in zip(*found, strict=True))
    return strip, cell, part, full


def _turns(west: NDArray[np.float64], east: NDArray[np.float64], grid: RegularGrid) -> range:
    """By how many whole turns the grid must be moved to meet the strips."""
    if not west.size:
        return range(0)
    edges = grid.column_edges()
    return range(
        math.ceil((west.min() - edges[-1]) / 360), math.floor((east.max() - edges[0]) / 360) + 1
    )


def _runs(
    first: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All whole numbers from each `first` to below its `last`, and to which pair each belongs."""
    lengths = np.maximum(0, last - first)
    of = np.repeat(np.arange(len(lengths)), lengths)
    before = np.cumsum(lengths) - lengths
    return of, np.arange(len(of)) - before[of] + first[of]


def _sphere(pieces: Any) -> NDArray[np.float64]:
    """Areas in square degrees of the equator (rule 2)."""
    shapely = library("shapely")
    latitude = shapely.get_y(shapely.centroid(pieces))
    area = shapely.area(pieces) * np.cos(np.radians(latitude))
    return np.asarray(np.where(shapely.is_empty(pieces), 0.0, area), dtype=np.float64)
