"""Districts as an alert names them: valid outlines, exact codes, and not too long."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parts import require_data

from comity.errors import InputError
from early_warning.cap.shapes import polygon_fault
from early_warning.desk.places import DISTRICT_LIST, EACH, MAX_OUTLINES, areas_of, places_of
from early_warning.people import Area, BoundarySpec, join, read_boundaries
from goods.early_warning.tests.people.made import country, people


def area(*polygons: Any, code: str = "A") -> Area:
    shape = shapely.MultiPolygon(list(polygons)) if polygons else None
    return Area(code=code, name=code, names={"en": code}, shape=shape)


def box(west: float, south: float, size: float) -> shapely.Polygon:
    return shapely.box(west, south, west + size, south + size)


def star(points: int, rough: float = 0.0005) -> shapely.Polygon:
    """A coast: a circle whose edge goes in and out."""
    angles = [2 * math.pi * n / points for n in range(points)]
    far = [1 + rough * (n % 2) for n in range(points)]
    return shapely.Polygon(
        [(45 + r * math.cos(a), 10 + r * math.sin(a)) for a, r in zip(angles, far, strict=True)]
    )


def test_a_district_has_its_name_its_outline_and_its_code() -> None:
    (place,) = places_of([area(box(42, 11, 1))], 1)
    assert place.names == {"en": "A"}
    assert place.polygons[0].split()[0] == place.polygons[0].split()[-1]
    assert set(place.polygons[0].split()) == {
        "11.0000,42.0000",
        "11.0000,43.0000",
        "12.0000,42.0000",
        "12.0000,43.0000",
    }
    assert [(one.name, one.value) for one in place.geocodes] == [(DISTRICT_LIST, "A")]


def test_islands_are_polygons_of_their_own() -> None:
    (place,) = places_of([area(box(42, 11, 1), box(44, 11, 0.5))], 1)
    assert len(place.polygons) == 2


def test_an_enclave_is_warned_with_those_around_it() -> None:
    outer, hole = box(42, 11, 1), box(42.4, 11.4, 0.2)
    with_hole = shapely.Polygon(outer.exterior, [hole.exterior])
    assert places_of([area(with_hole)], 1)[0].polygons == places_of([area(outer)], 1)[0].polygons


def test_a_district_without_geometry_has_its_code_alone() -> None:
    (place,) = places_of([area()], 1)
    assert place.polygons == () and place.geocodes[0].value == "A"


def test_a_rock_smaller_than_the_rounding_still_has_an_outline() -> None:
    (place,) = places_of([area(box(42, 11, 0.00001))], 1)
    assert len(place.polygons) == 1 and polygon_fault(place.polygons[0]) is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(40, 44), st.floats(10, 14)), min_size=3, max_size=30, unique=True)
)
def test_every_outline_is_valid_for_receivers(points: list[tuple[float, float]]) -> None:
    shape = shapely.make_valid(shapely.Polygon(points))
    parts = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon"]
    if not parts:
        return
    (place,) = places_of([area(*parts)], 1)
    assert place.polygons
    assert [polygon_fault(one) for one in place.polygons] == [None] * len(place.polygons)


def test_long_outlines_are_simplified_until_they_fit() -> None:
    coast = area(star(10_000))
    (plain,) = places_of([coast], 1)
    languages = MAX_OUTLINES // len(plain.polygons[0]) + 1
    (shorter,) = places_of([coast], languages)
    assert languages * len(shorter.polygons[0]) <= MAX_OUTLINES
    assert polygon_fault(shorter.polygons[0]) is None


def test_a_winding_coast_is_drawn_with_some_hundred_points_and_hardly_moves() -> None:
    turns = np.linspace(0, 2 * np.pi, 5_000, endpoint=False)
    reach = 1 + 0.001 * np.sin(400 * turns)
    coast = shapely.Polygon(np.stack([42 + reach * np.cos(turns), 11 + reach * np.sin(turns)], 1))
    (place,) = places_of([area(coast)], 2)
    (outline,) = place.polygons
    assert len(outline) <= EACH
    points = [tuple(map(float, one.split(","))) for one in outline.split()]
    drawn = shapely.Polygon([(east, north) for north, east in points])
    assert drawn.symmetric_difference(coast).area < 0.005 * coast.area


def test_an_archipelago_keeps_its_islands() -> None:
    islands = [
        shapely.Point(40 + x / 10, 10 + y / 10).buffer(0.03) for x in range(20) for y in range(20)
    ]
    (place,) = places_of([area(*islands)], 1)
    assert len(place.polygons) == 400


def test_what_no_simplifying_makes_short_enough_is_said() -> None:
    many = [area(box(42, 11, 1), code=str(number)) for number in range(100)]
    with pytest.raises(InputError, match="too long for one alert"):
        places_of(many, 200)


def test_all_of_mongolia_fits_into_one_alert_of_two_languages() -> None:
    spec = BoundarySpec(code="NSO_CODE", name="ADM1_EN", names={"mn": "ADM1_MN"})
    path = require_data("weather/mongolia") / "mng_adm1_nso_match_1212_mn.json.gz"
    places = places_of(read_boundaries(path, spec).areas, 2)
    assert len(places) == 22
    outlines = [one for place in places for one in place.polygons]
    assert [polygon_fault(one) for one in outlines] == [None] * len(outlines)
    assert sum(map(len, outlines)) <= 22 * EACH


def test_areas_come_in_the_order_of_the_boundaries(tmp_path: Path) -> None:
    ledger = join(country(tmp_path, "A", "B", "C"), people(A=1, B=2, C=3))
    assert [one.code for one in areas_of(ledger, ["C", "A"])] == ["A", "C"]
