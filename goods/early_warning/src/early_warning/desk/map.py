"""The map: districts as published, drawn as SVG without tiles, scripts or a network.

1. Longitudes are scaled by the cosine of the middle latitude, so that a district keeps its shape;
   a country on both sides of the date line is drawn in one piece.
2. Boundaries are simplified until the whole country has at most `MAX_POINTS` points.
3. A district whose largest part is too small or too thin to see or to hit gets a marker.
4. Colour never stands alone: each stage has a pattern of its own, a letter where it fits, and a
   label in words.
5. A district without a geometry cannot be drawn: it is in `Atlas.missing`, for the text beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from markupsafe import Markup

from comity.report.foreign import foreign
from early_warning.grids.libraries import library
from early_warning.people import Area
from early_warning.people.shapes import Shape

__all__ = ["Atlas", "Outline", "Shade", "Stage", "draw", "make_atlas"]

SIZE: Final = 600
"""The longer side of the drawing, in its own units."""

MAX_POINTS: Final = 14_000
"""Of all boundaries together; about seven bytes each."""

SMALL: Final = 17
"""A district that is narrower and lower than so many units gets a marker."""

THIN: Final = 5
"""So does one that is narrower or lower than so many."""

LETTER: Final = 26
"""The least width and height of a district that a letter is written in."""

_MARGIN: Final = 10

EAST: Final = (360.0, 0.0)
"""Once around the Earth."""

Stage = Literal["red", "orange", "yellow", "green", "unsure", "nodata", "other"]
"""Of a district: a colour; `unsure` where skill was not shown; `nodata`; `other` for those that the
drawing is not about."""

_LETTERS: Final[dict[Stage, str]] = {"red": "R", "orange": "O", "yellow": "Y", "unsure": "?"}


class Outline(NamedTuple):
    """One district on the paper.

    Attributes:
        code: Its code.
        path: Its boundary, as the `d` of an SVG path.
        x, y: A point inside.
        small: Whether it needs a marker.
        roomy: Whether a letter fits in.
    """

    code: str
    path: str
    x: int
    y: int
    small: bool
    roomy: bool


class Atlas(NamedTuple):
    """A country, drawn once and coloured often.

    Attributes:
        width, height: Of the paper.
        outlines: In the order of the boundaries.
        missing: Codes of districts without a geometry.
    """

    width: int
    height: int
    outlines: tuple[Outline, ...]
    missing: tuple[str, ...]


class Shade(NamedTuple):
    """How a district is shown: its stage, what it says in words, and where it leads.

    `mark` is a few letters to write in it, where they say more than the letter of its stage.
    """

    stage: Stage
    label: str
    address: str
    mark: str = ""


def make_atlas(areas: Iterable[Area]) -> Atlas:
    """Draw the districts of a country."""
    shapely = library("shapely")
    listed = list(areas)
    shapes = {one.code: one.shape for one in listed if one.shape is not None}
    missing = tuple(one.code for one in listed if one.shape is None)
    if not shapes:
        return Atlas(SIZE, SIZE, (), missing)
    placed, width, height = _placed(shapes)
    tolerance = 0.4
    drawn = placed
    while True:
        drawn = {
            code: shapely.simplify(shape, tolerance, preserve_topology=True)
            for code, shape in placed.items()
        }
        points = sum(shapely.get_num_coordinates(shape) for shape in drawn.values())
        if points <= MAX_POINTS or tolerance > SIZE:
            break
        tolerance *= 1.5
    outlines = tuple(_outline(code, placed[code], drawn[code]) for code in drawn)
    return Atlas(width, height, outlines, missing)


def _placed(shapes: Mapping[str, Shape]) -> tuple[dict[str, Shape], int, int]:
    """Rule 1: shapes in units of the paper, y downwards, and the size of the paper."""
    shapely = library("shapely")
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    if east - west > 180:
        shapes = {code: _east_of_the_line(shape) for code, shape in shapes.items()}
        west, south, east, north = shapely.total_bounds(list(shapes.values()))
    squeeze = max(math.cos(math.radians((south + north) / 2)), 0.05)
    scale = (SIZE - 2 * _MARGIN) / max((east - west) * squeeze, north - south, 1e-9)
    placed = {
        code: shapely.transform(
            shape,
            lambda p: (p - (west, north)) * (squeeze * scale, -scale) + (_MARGIN, _MARGIN),
        )
        for code, shape in shapes.items()
    }
    width = math.ceil((east - west) * squeeze * scale) + 2 * _MARGIN
    height = math.ceil((north - south) * scale) + 2 * _MARGIN
    return placed, width, height


def _east_of_the_line(shape: Shape) -> Shape:
    """Parts with western longitudes moved around the Earth, beside their eastern neighbours."""
    shapely = library("shapely")
    return shapely.MultiPolygon(
        [
            shapely.transform(part, lambda p: p + EAST) if part.bounds[2] <= 0 else part
            for part in shapely.get_parts(shape)
        ]
    )


def _outline(code: str, whole: Shape, drawn: Shape) -> Outline:
    largest = max(whole.geoms, key=lambda part: part.area)
    west, north, east, south = largest.bounds
    short, long = sorted((east - west, south - north))
    inside = largest.representative_point()
    return Outline(
        code=code,
        path="".join(_ring(ring) for part in _parts(drawn) for ring in _rings(part)),
        x=round(inside.x),
        y=round(inside.y),
        small=long < SMALL or short < THIN,
        roomy=short >= LETTER,
    )


def _parts(shape: Shape) -> list[Shape]:
    return [part for part in library("shapely").get_parts(shape) if part.geom_type == "Polygon"]


def _rings(part: Shape) -> list[Shape]:
    return [part.exterior, *part.interiors]


def _ring(ring: Shape) -> str:
    """A closed ring in whole tenths of a unit, each point relative to the one before."""
    points = [(round(10 * x), round(10 * y)) for x, y in ring.coords][:-1]
    steps: list[str] = []
    x, y = 0, 0
    for number, (nx, ny) in enumerate(points):
        if number and (nx, ny) == (x, y):
            continue
        steps.append(f"{'l' if number else 'M'}{_tenth(nx - x)} {_tenth(ny - y)}")
        x, y = nx, ny
    return "".join(steps) + "z" if len(steps) > 2 else ""


def _tenth(value: int) -> str:
    return f"{value / 10:g}"


def draw(atlas: Atlas, shades: Mapping[str, Shade], title: str, chosen: str = "") -> Markup:
    """The map as one `<svg>`; every district with a shade is a link with its label.

    In labels, characters that cannot be seen stand by their number.

    Args:
        atlas: The country.
        shades: Code to how it is shown; districts without one are drawn as `other`, without a link.
        title: What the map shows, in words.
        chosen: Code of the district that is shown beside the map; empty for none.
    """
    plain, links = [], []
    for one in atlas.outlines:
        shade = shades.get(one.code)
        if shade is None:
            plain.append(_SHAPE.format("other", one.path))
            continue
        here = _HERE if one.code == chosen else ""
        inside = _SHAPE.format(shade.stage, one.path)
        letter = shade.mark or _LETTERS.get(shade.stage, "")
        if one.small:
            inside += _DOT.format(shade.stage, one.x, one.y)
        elif letter and one.roomy:
            inside += _LETTER.format(one.x, one.y, letter)
        links.append(_LINK.format(shade.address, here, foreign(shade.label).striptags(), inside))
    return _MAP.format(
        title, atlas.width, atlas.height, _PATTERNS, _join(plain), _join(_last_small(links))
    )


def _last_small(links: list[Markup]) -> list[Markup]:
    """Markers above their neighbours, whatever the order of the districts."""
    return sorted(links, key=lambda link: "<circle" in link)


def _join(parts: list[Markup]) -> Markup:
    return Markup("").join(parts)


_SHAPE = Markup('<path class="{}" d="{}"/>')
_DOT = Markup('<circle class="{}" cx="{}" cy="{}" r="7"/>')
_LETTER = Markup('<text x="{}" y="{}">{}</text>')
_HERE = Markup(' aria-current="true"')
_LINK = Markup('<a href="{}"{}><title>{}</title>{}</a>')
_MAP = Markup(
    '<svg class="map" role="group" aria-label="{}" viewBox="0 0 {} {}">{}<g>{}</g>{}</svg>'
)
_PATTERNS = Markup(
    "<defs>"
    '<pattern id="p-orange" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<rect class="ground" width="7" height="7"/><path d="M0 7L7 0M-1 1L1 -1M6 8L8 6"/></pattern>'
    '<pattern id="p-yellow" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<rect class="ground" width="8" height="8"/><circle cx="4" cy="4" r="1.1"/></pattern>'
    '<pattern id="p-unsure" width="9" height="9" patternUnits="userSpaceOnUse">'
    '<rect class="ground" width="9" height="9"/><path d="M0 4.5H9"/></pattern>'
    '<pattern id="p-nodata" width="9" height="9" patternUnits="userSpaceOnUse">'
    '<rect class="ground" width="9" height="9"/>'
    '<path d="M0 0L9 9M9 0L0 9"/></pattern>'
    "</defs>"
)
