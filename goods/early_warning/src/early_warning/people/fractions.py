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
from early_warning.people.shapes import Shape

__all__ = ["district_weights"]

_SLIVER = 1e-12
"""Share of a cell below which a piece is the rounding of a shared edge."""


def district_weights(areas: Sequence[Area], grid: RegularGrid) -> Weights:
    """Lay districts over a grid."""
    flat: list[NDArray[np.int64]] = []
    of_district: list[NDArray[np.float64]] = []
    of_cell: list[NDArray[np.float64]] = []
    for area in areas:
        index, pieces, cells = _district(area.shape, grid)
        whole = 0.0 if area.shape is None else float(_sphere(_strips(area.shape, grid)).sum())
        flat.append(index)
        of_cell.append(np.minimum(1.0, pieces / cells))
        of_district.append(pieces / whole if whole else pieces)
    start = np.concatenate([[0], np.cumsum([len(one) for one in flat])]).astype(np.int64)
    every = np.concatenate(flat) if flat else np.empty(0, np.int64)
    used, entry = np.unique(every, return_inverse=True)
    return Weights(
        codes=tuple(area.code for area in areas),
        cells=Cells(grid, used),
        start=start,
        entry=entry.astype(np.int64).reshape(-1),
        of_district=np.concatenate(of_district) if flat else np.empty(0),
        of_cell=np.concatenate(of_cell) if flat else np.empty(0),
    )


def _district(
    shape: Shape | None, grid: RegularGrid
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Cells of one district: index, area of the piece, area of the whole cell."""
    found: dict[int, tuple[float, float]] = {}
    if shape is not None:
        for turn in _turns(shape, grid):
            for index, piece, cell in _clip(shape, grid, turn):
                had = found.get(index, (0.0, cell))[0]
                found[index] = (had + piece, cell)
    order = sorted(found)
    pieces = np.array([found[one] for one in order], dtype=np.float64).reshape(-1, 2)
    return np.array(order, dtype=np.int64), pieces[:, 0], pieces[:, 1]


def _turns(shape: Shape, grid: RegularGrid) -> range:
    """By how many whole turns the grid must be moved to meet the shape."""
    west, _, east, _ = shape.bounds
    edges = grid.column_edges()
    return range(math.ceil((west - edges[-1]) / 360), math.floor((east - edges[0]) / 360) + 1)


def _clip(shape: Shape, grid: RegularGrid, turn: int) -> list[tuple[int, float, float]]:
    shapely = library("shapely")
    west, south, east, north = shape.bounds
    rows, columns = grid.row_edges(), grid.column_edges() + 360 * turn
    # A grid of more than a whole turn repeats its first columns; each place belongs to one cell.
    usable = min(grid.columns, round(360 / grid.step_lon))
    first, last = np.searchsorted(columns[: usable + 1], [west, east])
    left, right = max(0, int(first) - 1), min(usable, int(last))
    top, bottom = np.searchsorted(-rows, [-north, -south])
    upper, lower = max(0, int(top) - 1), min(grid.rows, int(bottom))
    if left >= right or upper >= lower:
        return []
    found: list[tuple[int, float, float]] = []
    for row in range(upper, lower):
        strip = shapely.intersection(
            shape, shapely.box(columns[left], rows[row + 1], columns[right], rows[row])
        )
        if strip.is_empty:
            continue
        boxes = shapely.box(
            columns[left:right], rows[row + 1], columns[left + 1 : right + 1], rows[row]
        )
        shapely.prepare(strip)
        touched = np.flatnonzero(shapely.intersects(strip, boxes))
        pieces = boxes[touched]
        cut = ~shapely.contains_properly(shape, pieces)
        pieces[cut] = shapely.intersection(strip, pieces[cut])
        whole, part = _sphere(boxes[touched]), _sphere(pieces)
        for at, column in enumerate(touched.tolist()):
            if part[at] > _SLIVER * whole[at]:
                found.append(
                    (row * grid.columns + left + column, float(part[at]), float(whole[at]))
                )
    return found


def _strips(shape: Shape, grid: RegularGrid) -> Any:
    """The shape cut at the rows' edges, also beyond the grid: rule 2 holds for the whole."""
    shapely = library("shapely")
    west, south, east, north = shape.bounds
    step = grid.step_lat
    anchor = grid.north + step / 2
    first = math.floor((south - anchor) / step)
    count = math.ceil((north - anchor) / step) - first
    lower = anchor + (first + np.arange(count)) * step
    return shapely.intersection(shape, shapely.box(west, lower, east, lower + step))


def _sphere(pieces: Any) -> NDArray[np.float64]:
    """Areas in square degrees of the equator (rule 2)."""
    shapely = library("shapely")
    latitude = shapely.get_y(shapely.centroid(pieces))
    area = shapely.area(pieces) * np.cos(np.radians(latitude))
    return np.asarray(np.where(shapely.is_empty(pieces), 0.0, area), dtype=np.float64)
