"""Small countries made for tests: square districts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from early_warning.people import Boundaries, BoundarySpec, Count, read_boundaries

SPEC = BoundarySpec(code="code", name="name", names={"mn": "нэр"})


def square(west: float, south: float, size: float = 1.0) -> list[list[float]]:
    """A closed ring."""
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: Any, geometry: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"District {code}"} | properties,
        "geometry": geometry,
    }


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def put(folder: Path, *features: Any, **more: Any) -> Path:
    path = folder / "districts.json"
    document = {"type": "FeatureCollection", "features": list(features)} | more
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def country(folder: Path, *codes: str, without: str = "") -> Boundaries:
    """Districts in a row; the one named `without` has no geometry."""
    features = [
        feature(code, None if code == without else polygon(square(40 + place, 10)))
        for place, code in enumerate(codes)
    ]
    return read_boundaries(put(folder, *features), SPEC)


def people(**residents: int) -> list[Count]:
    return [Count(code, "residents", number, "people") for code, number in residents.items()]
