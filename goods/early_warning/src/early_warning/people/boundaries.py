"""Boundaries as published: GeoJSON to areas with codes.

1. The file has at most `MAX_BYTES`, also when it unpacks (`.gz`), and at most `MAX_AREAS` features.
2. Coordinates are degrees of longitude and latitude; a file that names another system is refused.
3. Every feature has a code; several features with one code are parts of one area, merged, listed.
4. Shapes are repaired as `shapes.py` says, and every repair is listed.
5. Areas that overlap by more than `OVERLAP` of the smaller one are listed: whoever lives there is
   counted once and may be warned twice.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from comity.errors import InputError
from comity.files import read_bytes
from early_warning.grids.libraries import library
from early_warning.people.shapes import Repair, Shape, read_shape

__all__ = ["Area", "Boundaries", "BoundarySpec", "read_boundaries", "read_json"]

MAX_BYTES = 64_000_000
"""Limit for a file of boundaries or a table, unpacked."""

MAX_AREAS = 20_000
"""Limit for the features of one file."""

OVERLAP = 0.01
"""Share of the smaller area from which an overlap is told."""

_SYSTEMS = ("CRS84", "EPSG::4326", "EPSG:4326")


class BoundarySpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which properties of a boundary file mean what.

    Attributes:
        code: Property with the code that tables join by.
        name: Property with the name to show.
        names: Language to property: the name in that language.
    """

    code: str
    name: str
    names: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Area:
    """One district.

    Attributes:
        code: Its code.
        name: Its name.
        names: Its name by language, where published.
        shape: Its area in degrees; null if the boundary has none.
    """

    code: str
    name: str
    names: Mapping[str, str]
    shape: Shape | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Boundaries:
    """All districts of a file, and everything that was done to them.

    Attributes:
        areas: In the order of the file.
        repairs: Every repair.
        overlaps: Pairs of codes, and the share of the smaller area that both claim.
        source: The file.
    """

    areas: tuple[Area, ...]
    repairs: tuple[Repair, ...]
    overlaps: tuple[tuple[str, str, float], ...]
    source: str


def read_boundaries(path: Path, spec: BoundarySpec) -> Boundaries:
    """Read and repair a file of boundaries.

    Raises:
        InputError: the file is no GeoJSON, breaks rule 1 or 2, a feature has no code, or a shape is
            none that can be read.
    """
    document = read_json(path)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise InputError("this is no GeoJSON FeatureCollection with features", where=str(path))
    if len(features) > MAX_AREAS:
        raise InputError(f"the file has more than {MAX_AREAS:,} areas", where=str(path))
    _check_system(document, path)
    areas: dict[str, Area] = {}
    repairs: list[Repair] = []
    for number, feature in enumerate(features, 1):
        where = f"{path}, feature {number}"
        area, found = _area(feature, spec, where)
        repairs += found
        if area.code in areas:
            first = areas[area.code].name
            other = "" if first == area.name else f", one of them with the name {first}"
            text = f"several features have this code{other}; made one area"
            repairs.append(Repair("merged", area.code, area.name, text))
            area = _merge(areas[area.code], area)
        areas[area.code] = area
    listed = tuple(areas.values())
    return Boundaries(
        areas=listed, repairs=tuple(repairs), overlaps=_overlaps(listed), source=str(path)
    )


def read_json(path: Path) -> Any:
    """Read a JSON file, unpacked first where its name ends in `.gz`.

    Raises:
        InputError: the file is too large, cannot be unpacked, or is no JSON.
    """
    data = read_bytes(path, MAX_BYTES)
    if path.suffix == ".gz":
        unpack = zlib.decompressobj(wbits=31)
        try:
            data = unpack.decompress(data, MAX_BYTES + 1)
        except zlib.error:
            raise InputError("the file cannot be unpacked", where=str(path)) from None
        if len(data) > MAX_BYTES or not unpack.eof:
            raise InputError(
                f"the file is cut short, or larger than {MAX_BYTES:,} bytes", where=str(path)
            )
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except msgspec.DecodeError as error:
        raise InputError(f"the file is no JSON: {error}", where=str(path)) from None
    except RecursionError:
        raise InputError("the file is nested too deeply", where=str(path)) from None


def _check_system(document: dict[str, Any], path: Path) -> None:
    """Rule 2. RFC 7946 dropped `crs`; older files name it."""
    system = document.get("crs")
    if system is None:
        return
    properties = system.get("properties") if isinstance(system, dict) else None
    name = str(properties.get("name")) if isinstance(properties, dict) else ""
    if not name.endswith(_SYSTEMS):
        raise InputError(
            f"the coordinates are in the system {name[:60]!r}",
            where=str(path),
            hint="Convert the boundaries to longitude and latitude in degrees (WGS 84).",
        )


def _area(feature: Any, spec: BoundarySpec, where: str) -> tuple[Area, tuple[Repair, ...]]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise InputError("this feature has no properties", where=where)

    def text(key: str) -> str:
        value = properties.get(key)
        return str(value).strip() if isinstance(value, (str, int)) else ""

    code = text(spec.code)
    if not code:
        raise InputError(
            f"this feature has no code in its property {spec.code!r}",
            where=where,
            hint=f"It has {', '.join(sorted(map(str, properties))[:20])}.",
        )
    name = text(spec.name) or code
    shape, repairs = read_shape(feature.get("geometry"), code, name, f"{where} ({code})")
    names = {language: said for language, key in spec.names.items() if (said := text(key))}
    return Area(code=code, name=name, names=names, shape=shape), repairs


def _merge(first: Area, second: Area) -> Area:
    shapely = library("shapely")
    shapes = [area.shape for area in (first, second) if area.shape is not None]
    if not shapes:
        return first
    merged = shapely.union_all(shapes)
    parts = [part for part in shapely.get_parts(merged) if part.geom_type == "Polygon"]
    return replace(first, shape=shapely.MultiPolygon(parts))


def _overlaps(areas: tuple[Area, ...]) -> tuple[tuple[str, str, float], ...]:
    """Rule 5."""
    shapely = library("shapely")
    shaped = [area for area in areas if area.shape is not None]
    shapes = [area.shape for area in shaped]
    if len(shapes) < 2:
        return ()
    left, right = shapely.STRtree(shapes).query(shapes)
    found = []
    for one, other in sorted(zip(left.tolist(), right.tolist(), strict=True)):
        if one < other:
            both = shapes[one].intersection(shapes[other]).area
            share = both / min(shapes[one].area, shapes[other].area)
            if share > OVERLAP:
                found.append((shaped[one].code, shaped[other].code, share))
    return tuple(found)
