"""The land of Coast: twelve districts in the open sea, where nobody lives. All of it is made.

Neighbours share every point of their border, the capital is smaller than a cell of the forecast's
grid and holds the centre of none, one district is an island, and one ring is left open, so that
there is something to repair.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

__all__ = ["CAPITAL", "DISTRICTS", "ISLAND", "NOTE", "UNCOUNTED", "District", "boundaries"]

NOTE = "Made for a demonstration. Coast is fictional: nobody lives there."
SEED = "coast"
CAPITAL, ISLAND, UNCOUNTED = "XC05", "XC12", "XC11"
JAGS = 5
"""How often each edge is halved."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """One district: its names, where it lies, and how much it knows of tomorrow.

    Attributes:
        code: `XC` is free for anybody's use in ISO 3166: no country has it.
        names: In English, French and Arabic.
        seed: A place inside, longitude and latitude.
        residents: How many people; null where nobody counted.
        wet: Scale of its rain in mm.
        sees: How well forecasts of 24 and 48 hours know its rain, as correlations; small in the dry
            interior, where storms come from nowhere.
        warm: Mean of the daily maximum in °C.
        speaks: Shares of ar, fr, en and of a language that no alert is written in.
        hears: Shares of radio and text message.
    """

    code: str
    names: tuple[str, str, str]
    seed: Point
    residents: int | None
    wet: float
    sees: tuple[float, float]
    warm: float
    speaks: tuple[float, float, float, float]
    hears: tuple[float, float]


_SHORE, _HILLS, _DRY = (0.98, 0.95), (0.95, 0.92), (0.15, 0.10)

DISTRICTS = (
    District(code="XC01", names=("North Shore", "Rive-Nord", "الشاطئ الشمالي"),
             seed=(62.4, 11.6), residents=84_210, wet=16, sees=_SHORE, warm=30,
             speaks=(0.62, 0.30, 0.08, 0.0), hears=(0.71, 0.66)),
    District(code="XC02", names=("Lagoon", "Lagune", "البحيرة"),
             seed=(63.0, 10.85), residents=112_640, wet=18, sees=_SHORE, warm=30,
             speaks=(0.48, 0.44, 0.08, 0.0), hears=(0.68, 0.72)),
    District(code="XC03", names=("River Mouth", "Embouchure", "مصب النهر"),
             seed=(62.9, 9.9), residents=143_905, wet=17, sees=_SHORE, warm=31,
             speaks=(0.52, 0.38, 0.10, 0.0), hears=(0.70, 0.69)),
    District(code="XC04", names=("South Cape", "Cap-Sud", "الرأس الجنوبي"),
             seed=(62.9, 8.7), residents=57_330, wet=15, sees=_SHORE, warm=30,
             speaks=(0.44, 0.47, 0.09, 0.0), hears=(0.66, 0.58)),
    District(code="XC05", names=("Port Amber", "Port-Ambre", "ميناء العنبر"),
             seed=(63.42, 10.13), residents=386_700, wet=18, sees=_SHORE, warm=31,
             speaks=(0.40, 0.38, 0.22, 0.0), hears=(0.74, 0.88)),
    District(code="XC06", names=("Green Hills", "Collines vertes", "التلال الخضراء"),
             seed=(62.0, 10.6), residents=96_480, wet=14, sees=_HILLS, warm=28,
             speaks=(0.66, 0.22, 0.04, 0.08), hears=(0.63, 0.51)),
    District(code="XC07", names=("Upper Valley", "Haute-Vallée", "الوادي الأعلى"),
             seed=(62.1, 9.4), residents=68_120, wet=12, sees=_HILLS, warm=31,
             speaks=(0.64, 0.24, 0.03, 0.09), hears=(0.60, 0.47)),
    District(code="XC08", names=("High Plateau", "Haut-Plateau", "الهضبة العليا"),
             seed=(61.4, 11.5), residents=31_775, wet=9, sees=_HILLS, warm=27,
             speaks=(0.58, 0.12, 0.02, 0.28), hears=(0.55, 0.33)),
    District(code="XC09", names=("Dry Steppe", "Steppe sèche", "السهب الجاف"),
             seed=(61.0, 10.4), residents=18_940, wet=5, sees=_DRY, warm=35,
             speaks=(0.46, 0.05, 0.01, 0.48), hears=(0.52, 0.21)),
    District(code="XC10", names=("Red Sands", "Sables-Rouges", "الرمال الحمراء"),
             seed=(60.8, 9.4), residents=9_260, wet=4, sees=_DRY, warm=38,
             speaks=(0.41, 0.04, 0.01, 0.54), hears=(0.47, 0.16)),
    District(code="XC11", names=("Salt Flats", "Plaine de sel", "سهل الملح"),
             seed=(61.7, 8.4), residents=None, wet=6, sees=_DRY, warm=36,
             speaks=(0.5, 0.2, 0.0, 0.3), hears=(0.5, 0.2)),
    District(code="XC12", names=("Turtle Island", "Île aux Tortues", "جزيرة السلاحف"),
             seed=(64.25, 9.45), residents=12_415, wet=15, sees=_SHORE, warm=29,
             speaks=(0.35, 0.58, 0.07, 0.0), hears=(0.77, 0.41)),
)  # fmt: skip

_OUTLINE: tuple[Point, ...] = (
    (60.2, 8.95), (60.0, 10.1), (60.45, 11.2), (61.3, 12.1), (62.6, 12.05), (63.25, 11.35),
    (63.5, 10.4), (63.25, 9.6), (63.4, 8.9), (62.75, 8.1), (61.5, 7.85),
)  # fmt: skip


def boundaries() -> bytes:
    """All districts as GeoJSON, longitude and latitude."""
    shapes = _shapes()
    features = []
    for one in DISTRICTS:
        ring = [list(point) for point in shapes[one.code]]
        if one.code == ISLAND:
            ring.pop()  # left open, as in real files
        english, french, arabic = one.names
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "code": one.code, "name": english, "name_fr": french, "name_ar": arabic,
                    "note": NOTE,
                },
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )  # fmt: skip
    document: dict[str, Any] = {"type": "FeatureCollection", "note": NOTE, "features": features}
    return json.dumps(document, ensure_ascii=False, indent=None).encode() + b"\n"


def _shapes() -> dict[str, list[Point]]:
    """A closed ring for each district: cells around the seeds, borders frayed, capital cut out."""
    mainland = [one for one in DISTRICTS if one.code not in (CAPITAL, ISLAND)]
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint([one.seed for one in mainland]), extend_to=shapely.Polygon(_OUTLINE)
    )
    rings: dict[str, list[Point]] = {}
    for one in mainland:
        (cell,) = (cell for cell in cells.geoms if cell.contains(shapely.Point(one.seed)))
        inside: Any = cell.intersection(shapely.Polygon(_OUTLINE))
        rings[one.code] = _frayed(list(inside.exterior.coords))
    by_code = {one.code: one for one in DISTRICTS}
    rings[ISLAND] = _frayed(_round(by_code[ISLAND].seed, 0.22))
    town = shapely.Polygon(_frayed(_round(by_code[CAPITAL].seed, 0.09)))
    around = shapely.Polygon(rings["XC03"])
    rings[CAPITAL] = _largest(town.intersection(around))
    rings["XC03"] = _largest(around.difference(shapely.Polygon(rings[CAPITAL])))
    return rings


def _largest(shape: Any) -> list[Point]:
    part = max(shapely.get_parts(shape), key=lambda one: float(one.area))
    return [(round(lon, 5), round(lat, 5)) for lon, lat in part.exterior.coords]


def _round(centre: Point, radius: float) -> list[Point]:
    turns = np.linspace(0, 2 * np.pi, 8)
    return [
        (float(centre[0] + radius * np.cos(at)), float(centre[1] + radius * np.sin(at)))
        for at in turns
    ]


def _frayed(ring: list[Point]) -> list[Point]:
    """Every edge halved again and again, its middle moved aside; the same from either end."""
    corners = [(round(lon, 4), round(lat, 4)) for lon, lat in ring]
    points: list[Point] = []
    for start, end in pairwise(corners):
        if start == end:
            continue
        low, high = sorted((start, end))
        edge = _halved(low, high, JAGS)
        points += (edge if (low, high) == (start, end) else edge[::-1])[:-1]
    return [*points, points[0]]


def _halved(start: Point, end: Point, times: int) -> list[Point]:
    if times == 0:
        return [start, end]
    random = zlib.crc32(f"{SEED} {start} {end}".encode()) / 2**32
    aside = 0.40 * (random - 0.5)
    across = (end[0] - start[0], end[1] - start[1])
    middle = (
        round((start[0] + end[0]) / 2 - aside * across[1], 5),
        round((start[1] + end[1]) / 2 + aside * across[0], 5),
    )
    return _halved(start, middle, times - 1)[:-1] + _halved(middle, end, times - 1)
