"""Districts as an alert names them: their names, their outlines, and their codes.

1. An outline is the outer edge. A CAP polygon has no holes: whoever lives in an enclave that is
   another district is warned with those around it.
2. Points are rounded to 0.0001 degrees, about 11 m. Where outlines have more than `EACH`
   characters on average (some 220 points) they are simplified by 0.001, 0.002 … degrees up to
   `KIND`, some 2 km: an alert is to be read on a slow line. Where all of them are too long for one
   alert, they are simplified until they are not. The code of the district stays exact: a receiver
   that has the boundaries uses it.
3. A part that is lost by rounding is left out; a district always keeps its largest one.
4. A district without a geometry has its code alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from comity.errors import InputError
from early_warning.cap import Named, Place
from early_warning.grids.libraries import library
from early_warning.people import Area, Ledger

__all__ = ["DISTRICT_LIST", "areas_of", "places_of"]

DISTRICT_LIST: Final = "early-warning:district"
"""The list that an alert's geocodes are from."""

MAX_OUTLINES: Final = 1_200_000
"""Characters of all outlines in all languages; an alert has at most 2,000,000 bytes."""

EACH: Final = 4_000
"""Characters of a district's outline, on average over an alert."""

KIND: Final = 0.016
"""Degrees by which outlines are simplified for the sake of slow lines."""

REMEMBERED: Final = 2_000
"""So many outlines stay in memory."""

_ROUND: Final = 4
_FIRST: Final = 0.001
_COARSEST: Final = 0.5


def areas_of(ledger: Ledger, codes: Sequence[str]) -> tuple[Area, ...]:
    """The areas of districts, in the order of the boundaries.

    Raises:
        InputError: a code names no district, or stands there twice.
    """
    known = {district.area.code: district.area for district in ledger.districts}
    for code in codes:
        if code not in known:
            raise InputError(f"there is no district {code[:60]!r}", where="districts")
    if len(set(codes)) < len(codes):
        raise InputError("a district is named twice", where="districts")
    chosen = set(codes)
    return tuple(area for code, area in known.items() if code in chosen)


def places_of(areas: Sequence[Area], languages: int) -> tuple[Place, ...]:
    """Areas as places of an alert.

    Args:
        areas: Which.
        languages: In how many languages the alert repeats them.

    Raises:
        InputError: even coarse outlines are too long together.
    """
    tolerance = 0.0
    while tolerance <= _COARSEST:
        outlines = [_outlines(area, tolerance) for area in areas]
        length = sum(len(one) for several in outlines for one in several)
        short = tolerance >= KIND or length <= EACH * len(areas)
        if short and languages * length <= MAX_OUTLINES:
            return tuple(
                Place(
                    names=dict(area.names),
                    polygons=own,
                    geocodes=(Named(name=DISTRICT_LIST, value=area.code),),
                )
                for area, own in zip(areas, outlines, strict=True)
            )
        tolerance = max(_FIRST, 2 * tolerance)
    raise InputError(
        "the outlines of these districts are too long for one alert",
        where="districts",
        hint="Name fewer districts, and make a second alert for the others.",
    )


@lru_cache(maxsize=REMEMBERED)  # by the area itself: a desk composes the same places again
def _outlines(area: Area, tolerance: float) -> tuple[str, ...]:
    shape = area.shape
    if shape is None:  # rule 4
        return ()
    shapely = library("shapely")
    whole = shapely.MultiPolygon([shapely.Polygon(part.exterior) for part in shape.geoms])
    rough = whole.simplify(tolerance) if tolerance else whole
    found = _parts(shapely, rough)
    if not found:  # rule 3
        largest = max(whole.geoms, key=lambda part: part.area)
        found = _parts(shapely, largest.envelope.buffer(10**-_ROUND, join_style="mitre"))
    return tuple(_text(part) for part in found)


def _parts(shapely: Any, shape: Any) -> list[Any]:
    """Rule 2: rounded, and still valid."""
    rounded = shapely.set_precision(shape, 10**-_ROUND)
    return [
        part
        for part in shapely.get_parts(rounded)
        if part.geom_type == "Polygon" and not part.is_empty
    ]


def _text(part: Any) -> str:
    return " ".join(f"{y:.{_ROUND}f},{x:.{_ROUND}f}" for x, y in part.exterior.coords)
