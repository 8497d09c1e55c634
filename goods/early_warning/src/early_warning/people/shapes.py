"""Published coordinates to areas, with every repair named.

The repairs, and nothing else:
- `nesting`: coordinates nested as a MultiPolygon under type Polygon, or the other way round. Common
  readers make an empty geometry of these, with a warning that scrolls by.
- `open_ring`: a ring whose last point is not its first is closed.
- `date_line`: a ring that jumps from 180° east to 180° west is read the short way round, not around
  the Earth; what lies beyond 180° is turned by 360°, so that every longitude is from -180 to 180.
- `short_ring`: a ring of fewer than three different points encloses nothing and is left out.
- `invalid`: a boundary that crosses or covers itself is cut into valid parts by GEOS' `make_valid`;
  how much area that changes is said.
- `no_geometry`: there is none, or nothing is left. Nothing can repair that: the area stays in the
  list, with its people, and cannot be warned.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from comity.errors import InputError
from early_warning.grids.libraries import library

__all__ = ["Repair", "Shape", "read_shape"]

Shape = Any
"""A shapely MultiPolygon in degrees; shapely has no types."""

DECIMALS = 9
"""Coordinates are rounded to a tenth of a millimetre: nearly equal points make clipping unsafe."""

FARTHEST = 540.0
"""Degrees of longitude that a ring may reach when it is read the short way round."""

_DEPTH = {"Polygon": 3, "MultiPolygon": 4}
"""How deep the coordinates of each type are nested."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair of one area.

    Attributes:
        kind: Of the list above, or `merged`, see `boundaries.py`.
        code: The area.
        name: Its name.
        text: What was found and done, one sentence.
    """

    kind: str
    code: str
    name: str
    text: str


def read_shape(
    geometry: Any, code: str, name: str, where: str
) -> tuple[Shape | None, tuple[Repair, ...]]:
    """The area that a GeoJSON geometry means, and what had to be repaired.

    Raises:
        InputError: the geometry is of another type, or a coordinate is no place on Earth.
    """
    repairs: list[Repair] = []

    def repaired(kind: str, text: str) -> None:
        repairs.append(Repair(kind, code, name, text))

    if geometry is None or (isinstance(geometry, dict) and not geometry.get("coordinates")):
        repaired("no_geometry", "the boundary is published without a geometry")
        return None, tuple(repairs)
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _DEPTH:
        raise InputError(
            f"an area is a Polygon or a MultiPolygon, not {str(kind)[:40]!r}", where=where
        )
    coordinates = geometry["coordinates"]
    depth = _depth(coordinates)
    if depth not in _DEPTH.values():
        raise InputError("the coordinates are not nested as those of an area", where=where)
    if depth != _DEPTH[kind]:
        right = "MultiPolygon" if depth == 4 else "Polygon"
        repaired(
            "nesting", f"the coordinates of this {kind} are nested as a {right}'s; read as such"
        )
    polygons = coordinates if depth == 4 else [coordinates]
    parts = [
        part for polygon in polygons if (part := _polygon(polygon, where, repaired)) is not None
    ]
    shape = _within(_valid(parts, repaired), repaired)
    if shape is None:
        repaired("no_geometry", "nothing that encloses an area is left of the boundary")
    return shape, tuple(repairs)


def _depth(coordinates: Any) -> int:
    depth = 0
    while isinstance(coordinates, list) and depth < 6:
        depth += 1
        if not coordinates:
            break
        coordinates = coordinates[0]
    return depth


def _polygon(rings: Any, where: str, repaired: Any) -> Any:
    shapely = library("shapely")
    if not isinstance(rings, list):
        raise InputError("the coordinates are not nested as those of an area", where=where)
    read = [_ring(ring, where, repaired) for ring in rings]
    if not read or not read[0]:
        return None
    west, east = _reach(read[0])
    holes = []
    for hole in filter(None, read[1:]):
        # A hole that was read the short way round belongs where its polygon was read.
        turn = 360 * round((west + east - sum(_reach(hole))) / 720)
        holes.append([(lon + turn, lat) for lon, lat in hole])
    return shapely.Polygon(read[0], holes)


def _reach(ring: list[tuple[float, float]]) -> tuple[float, float]:
    """The ring's westernmost and easternmost longitude."""
    return min(lon for lon, _ in ring), max(lon for lon, _ in ring)


def _ring(points: Any, where: str, repaired: Any) -> list[tuple[float, float]]:
    if not isinstance(points, list):
        raise InputError("the coordinates are not nested as those of an area", where=where)
    ring = [_point(point, where) for point in points]
    if len(set(ring)) < 3:
        repaired("short_ring", "a ring of fewer than three points was left out")
        return []
    if ring[0] != ring[-1]:
        repaired("open_ring", "a ring whose last point is not its first was closed")
        ring.append(ring[0])
    return _short_way(ring, repaired)


def _short_way(ring: list[tuple[float, float]], repaired: Any) -> list[tuple[float, float]]:
    """A closed ring without edges around the Earth; one that is meant so stays as it is."""
    turn, turned = 0.0, ring[:1]
    for (before, _), (lon, lat) in pairwise(ring):
        turn -= 360 * ((lon - before > 180) - (before - lon > 180))
        turned.append((lon + turn, lat))
    west, east = _reach(turned)
    if turn or turned == ring or west == east or max(-west, east) > FARTHEST:
        return ring  # it goes around a pole, or has no jump, or encloses nothing the short way
    repaired("date_line", "a ring that jumps across the date line was read the short way round")
    return turned


def _point(point: Any, where: str) -> tuple[float, float]:
    if isinstance(point, list) and 2 <= len(point) <= 4:
        lon, lat = point[:2]
        numbers = type(lon) in (int, float) and type(lat) in (int, float)
        if numbers and abs(lon) <= 360 and abs(lat) <= 90:  # false for what is not a number
            return round(float(lon), DECIMALS), round(float(lat), DECIMALS)
    raise InputError(
        f"{str(point)[:60]} is no place on Earth",
        where=where,
        hint="Boundaries are longitude and latitude in degrees (WGS 84), longitude first.",
    )


def _within(shape: Any, repaired: Any) -> Any:
    """The shape with longitudes from -180 to 180, cut at the date line where it crosses it."""
    shapely = library("shapely")
    if shape is None or (shape.bounds[0] >= -180 and shape.bounds[2] <= 180):
        return shape
    repaired("date_line", "what lies beyond 180 degrees of longitude was turned by 360 degrees")
    parts = []
    for turn in (-720, -360, 0, 360, 720):
        zone = shapely.intersection(shape, shapely.box(turn - 180, -90, turn + 180, 90))
        moved = shapely.transform(zone, lambda points, turn=turn: points - [turn, 0])
        parts += [one for one in shapely.get_parts(moved) if one.geom_type == "Polygon"]
    whole = shapely.get_parts(shapely.union_all(parts))
    pieces = [one for one in whole if one.geom_type == "Polygon"]
    return shapely.MultiPolygon(pieces) if pieces else None


def _valid(parts: list[Any], repaired: Any) -> Any:
    """One MultiPolygon that is valid, or null."""
    shapely = library("shapely")
    if not parts:
        return None
    shape = shapely.MultiPolygon(parts)
    if not shape.is_valid:
        fault, _, place = shapely.is_valid_reason(shape).partition("[")
        why = f"it crosses or covers itself ({fault.lower()} at {place.rstrip(']')})"
        before = sum(part.area for part in parts)
        shape = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        change = shape.area / before - 1 if before else 0.0
        size = f"{change:+.2%}" if abs(change) >= 5e-5 else "less than 0.01%"
        repaired("invalid", f"{why}; cut into valid parts, which changes its area by {size}")
    pieces = [piece for piece in shapely.get_parts(shape) if piece.geom_type == "Polygon"]
    pieces = [piece for piece in pieces if piece.area > 0]
    return shapely.MultiPolygon(pieces) if pieces else None
