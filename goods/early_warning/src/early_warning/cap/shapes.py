"""Polygons and circles: the schema sees plain text, so their geometry is checked here."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

import msgspec
import shapely

__all__ = ["circle_fault", "points_of", "polygon_fault"]

REPEATED: Final = 64_000
"""Characters of a polygon whose verdict is kept, since an alert repeats it in each language."""

_NUMBER: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_PAIR: Final = re.compile(rf"({_NUMBER}),({_NUMBER})")
_PLAIN: Final = re.compile(r"[0-9., -]*")
_PAIRS: Final = msgspec.json.Decoder(list[tuple[float, float]])
"""Of the characters of `_PLAIN` alone, JSON has no number that `_NUMBER` does not have."""


def points_of(text: str) -> tuple[tuple[float, float], ...] | str:
    """The points of `lat,lon lat,lon …` as (latitude, longitude) in degrees, or what is wrong."""
    points: list[tuple[float, float]] = []
    for number, pair in enumerate(text.split(), 1):
        match = _PAIR.fullmatch(pair)
        if match is None:
            return f"point {number}, {pair[:40]!r}, is not latitude,longitude"
        latitude, longitude = float(match[1]), float(match[2])
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            return f"point {number}, {pair[:40]!r}, is not on Earth"
        points.append((latitude, longitude))
    return tuple(points)


def polygon_fault(text: str) -> str | None:
    """What is wrong with a polygon, or null.

    It has at least four points, the last is the first, it encloses something, and its edges do not
    cross. Crossing is judged on the plane of degrees; a polygon over the date line cannot be, and
    is told to be split.
    """
    return _repeated_fault(text) if len(text) <= REPEATED else _fault(text)


def _fault(text: str) -> str | None:
    return None if _sound(text) else _said(text)


def _sound(text: str) -> bool:
    """Whether nothing is wrong: most polygons, so they are read in one go. In doubt it says no."""
    if not _PLAIN.fullmatch(text):
        return False
    try:
        points = _PAIRS.decode("[[" + text.replace(" ", "],[") + "]]")
    except msgspec.DecodeError:
        return False
    if len(points) < 4 or points[0] != points[-1]:
        return False
    polygon = shapely.polygons(points)  # latitude first: its mirror image is valid alike
    south, west, north, east = polygon.bounds
    return (
        -90 <= south <= north <= 90
        and -180 <= west <= east <= min(180, west + 180)
        and polygon.is_valid
        and polygon.area > 0
    )


def _said(text: str) -> str | None:
    """The sentence, point by point."""
    points = points_of(text)
    if isinstance(points, str):
        return points
    if len(points) < 4:
        return f"it has {len(points)} points; a closed polygon has at least 4"
    if points[0] != points[-1]:
        return "it is not closed: the last point is not the first"
    longitudes = [longitude for _, longitude in points]
    if any(abs(a - b) > 180 for a, b in pairwise(longitudes)):
        return "an edge spans more than 180° of longitude; split the polygon at the date line"
    polygon = shapely.Polygon([(longitude, latitude) for latitude, longitude in points])
    reason = shapely.is_valid_reason(polygon)
    if polygon.convex_hull.area == 0:
        return "it encloses nothing"
    if reason != "Valid Geometry":
        kind, _, place = reason.partition("[")
        longitude, _, latitude = place.rstrip("]").partition(" ")
        return f"its edges touch or cross each other ({kind.lower()} at {latitude},{longitude})"
    return None


_repeated_fault = lru_cache(maxsize=256)(_fault)


def circle_fault(text: str) -> str | None:
    """What is wrong with a circle `lat,lon radius` (km), or null."""
    centre, _, radius = text.strip().partition(" ")
    points = points_of(centre)
    if isinstance(points, str) or len(points) != 1:
        return f"{text[:40]!r} is not latitude,longitude radius"
    if not re.fullmatch(_NUMBER, radius.strip()):
        return f"{radius[:40]!r} is not a radius in km"
    kilometres = float(radius)
    if not 0 <= kilometres <= math.pi * 6371.0:
        return f"the radius {radius[:40]} km is not between 0 and half the Earth's circumference"
    return None
