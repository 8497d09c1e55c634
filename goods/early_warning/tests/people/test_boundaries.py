"""Boundaries as they are published: what is repaired is listed, and the rest gets a sentence."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from comity.errors import InputError
from early_warning.people import Boundaries, BoundarySpec, read_boundaries
from goods.early_warning.tests.people.made import SPEC, feature, polygon, put, square


def read(folder: Path, *features: Any, **more: Any) -> Boundaries:
    return read_boundaries(put(folder, *features, **more), SPEC)


def test_a_sound_district_needs_no_repair(tmp_path: Path) -> None:
    found = read(tmp_path, feature("A", polygon(square(40, 10)), нэр="Дүүрэг"))
    (area,) = found.areas
    assert (area.code, area.name, area.names) == ("A", "District A", {"mn": "Дүүрэг"})
    assert area.shape is not None
    assert area.shape.area == 1.0
    assert found.repairs == ()


def test_a_hole_stays_a_hole(tmp_path: Path) -> None:
    (area,) = read(tmp_path, feature("A", polygon(square(40, 10), square(40.2, 10.2, 0.5)))).areas
    assert area.shape is not None
    assert area.shape.area == pytest.approx(0.75)


BOW = [[40, 10], [41, 11], [41, 10], [40, 11], [40, 10]]
"""Crosses itself: two triangles of a quarter each."""


@pytest.mark.parametrize(
    ("geometry", "kinds", "area"),
    [
        ({"type": "Polygon", "coordinates": [[square(40, 10)]]}, ["nesting"], 1.0),
        (
            {"type": "Polygon", "coordinates": [[square(40, 10)], [square(50, 10)]]},
            ["nesting"],
            2.0,
        ),
        ({"type": "MultiPolygon", "coordinates": [square(40, 10)]}, ["nesting"], 1.0),
        (polygon(square(40, 10)[:-1]), ["open_ring"], 1.0),
        (polygon(BOW), ["invalid"], 0.5),
        (
            {"type": "MultiPolygon", "coordinates": [[square(40, 10)], [square(40.2, 10.2, 0.5)]]},
            ["invalid"],
            1.0,
        ),
        (polygon(square(40, 10), [[40.1, 10.1], [40.1, 10.1]]), ["short_ring"], 1.0),
        (None, ["no_geometry"], None),
        ({"type": "Polygon", "coordinates": []}, ["no_geometry"], None),
        (polygon([[40, 10], [41, 10], [40, 10]]), ["short_ring", "no_geometry"], None),
        (polygon([[40, 10], [41, 10], [42, 10], [40, 10]]), ["invalid", "no_geometry"], None),
    ],
    ids=[
        "a MultiPolygon's nesting under Polygon",
        "two parts under Polygon",
        "a Polygon's nesting under MultiPolygon",
        "an open ring",
        "a boundary that crosses itself",
        "a part inside a part",
        "a ring of one point",
        "no geometry",
        "empty coordinates",
        "a line there and back",
        "points on one line",
    ],
)
def test_every_repair_is_listed(
    tmp_path: Path, geometry: Any, kinds: list[str], area: float | None
) -> None:
    found = read(tmp_path, feature("A", geometry))
    assert [repair.kind for repair in found.repairs] == kinds
    assert {repair.code for repair in found.repairs} == {"A"}
    shape = found.areas[0].shape
    if area is None:
        assert shape is None
    else:
        assert shape is not None
        assert shape.is_valid
        assert shape.area == pytest.approx(area)


FIJI = [[177, -18], [-179, -18], [-179, -16], [177, -16], [177, -18]]
LAKE = [[-179.5, -17.5], [-179.2, -17.5], [-179.2, -17.2], [-179.5, -17.2], [-179.5, -17.5]]
SAMOA = [[187, -14], [188, -14], [188, -13], [187, -13], [187, -14]]
POLE = [[-180, -70], [180, -70], [180, -90], [-180, -90], [-180, -70]]


@pytest.mark.parametrize(
    ("rings", "kinds", "area", "bounds"),
    [
        ([FIJI], ["date_line"] * 2, 8.0, (-180, -18, 180, -16)),
        ([FIJI, LAKE], ["date_line"] * 2, 7.91, (-180, -18, 180, -16)),
        ([SAMOA], ["date_line"], 1.0, (-173, -14, -172, -13)),
        ([square(179.5, 60)], ["date_line"], 1.0, (-180, 60, 180, 61)),
        ([square(-180.5, 60)], ["date_line"], 1.0, (-180, 60, 180, 61)),
        ([square(179, 60)], [], 1.0, (179, 60, 180, 61)),
        ([POLE], [], 7200.0, (-180, -90, 180, -70)),
    ],
    ids=[
        "a ring that jumps across the date line",
        "a lake beyond the jump",
        "longitudes from 0 to 360",
        "a ring beyond 180 degrees east",
        "a ring beyond 180 degrees west",
        "a ring that ends at the date line",
        "a ring around the pole",
    ],
)
def test_a_district_at_the_date_line_does_not_go_around_the_earth(
    tmp_path: Path, rings: list[Any], kinds: list[str], area: float, bounds: tuple[float, ...]
) -> None:
    found = read(tmp_path, feature("A", polygon(*rings)))
    assert [one.kind for one in found.repairs] == kinds
    shape = found.areas[0].shape
    assert shape is not None
    assert shape.area == pytest.approx(area)
    assert shape.bounds == pytest.approx(bounds)
    assert shape.is_valid


def test_a_district_in_several_features_is_one_area_and_listed(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        feature("A", polygon(square(40, 10))),
        feature("B", polygon(square(60, 10))),
        feature("A", polygon(square(50, 10))),
    )
    assert [area.code for area in found.areas] == ["A", "B"]
    assert found.areas[0].shape is not None
    assert found.areas[0].shape.area == pytest.approx(2.0)
    assert [repair.kind for repair in found.repairs] == ["merged"]


def test_two_names_under_one_code_are_told(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        feature("A", polygon(square(40, 10)), name="North"),
        feature("A", polygon(square(50, 10)), name="South"),
    )
    (repair,) = found.repairs
    assert "one of them with the name North" in repair.text


def test_districts_that_claim_the_same_land_are_told_and_neighbours_are_not(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        feature("A", polygon(square(40, 10))),
        feature("B", polygon(square(41, 10))),
        feature("C", polygon(square(41.75, 10))),
    )
    ((left, right, share),) = found.overlaps
    assert (left, right) == ("B", "C")
    assert share == pytest.approx(0.25)


def test_a_packed_file_is_unpacked(tmp_path: Path) -> None:
    plain = put(tmp_path, feature("A", polygon(square(40, 10))))
    packed = tmp_path / "districts.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_boundaries(packed, SPEC).areas[0].code == "A"


def test_a_packed_file_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    plain = put(tmp_path, feature("A", polygon(square(40, 10))))
    packed = tmp_path / "districts.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes())[:-4])
    with pytest.raises(InputError, match="cut short"):
        read_boundaries(packed, SPEC)


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "districts.json.gz"
    bomb.write_bytes(gzip.compress(b" " * 65_000_000))
    with pytest.raises(InputError, match="larger than 64,000,000 bytes"):
        read_boundaries(bomb, SPEC)


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        ([], "no GeoJSON FeatureCollection"),
        (["A"], "has no properties"),
        ([feature("", polygon(square(40, 10)))], "no code in its property 'code'"),
        ([feature(None, polygon(square(40, 10)))], "no code in its property 'code'"),
        ([feature("A", {"type": "Point", "coordinates": [40, 10]})], "not 'Point'"),
        ([feature("A", polygon([[400000, 1200000], [1, 1], [2, 1]]))], "is no place on Earth"),
        ([feature("A", polygon([[12, 143], [1, 1], [2, 1]]))], "is no place on Earth"),
        ([feature("A", polygon([[10**400, 10], [1, 1], [2, 1]]))], "is no place on Earth"),
        ([feature("A", polygon([["40", 10], [1, 1], [2, 1]]))], "is no place on Earth"),
        ([feature("A", polygon([[40], [1, 1], [2, 1]]))], "is no place on Earth"),
        ([feature("A", {"type": "Polygon", "coordinates": [40, 10]})], "not nested"),
        ([feature("A", polygon(square(40, 10), 7))], "not nested"),
        ([feature("A", polygon(square(40, 10), [[[40, 10]]]))], "is no place on Earth"),
    ],
    ids=[
        "no districts",
        "a district of one letter",
        "an empty code",
        "no code",
        "a point",
        "metres",
        "latitude first",
        "a number of four hundred digits",
        "text for a number",
        "half a point",
        "a bare point",
        "a number for a ring",
        "rings nested unevenly",
    ],
)
def test_what_cannot_be_read_gets_a_sentence(
    tmp_path: Path, features: list[Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        read(tmp_path, *features)
    assert "districts.json" in str(caught.value)


def system(name: str) -> dict[str, Any]:
    return {"crs": {"type": "name", "properties": {"name": name}}}


def test_longitude_and_latitude_may_be_named(tmp_path: Path) -> None:
    found = read(
        tmp_path, feature("A", polygon(square(40, 10))), **system("urn:ogc:def:crs:OGC:1.3:CRS84")
    )
    assert len(found.areas) == 1


def test_another_system_of_coordinates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="EPSG::32638"):
        read(
            tmp_path, feature("A", polygon(square(40, 10))), **system("urn:ogc:def:crs:EPSG::32638")
        )


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '"A"', "\x00"])
def test_what_is_no_geojson_gets_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "districts.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"districts\.json"):
        read_boundaries(path, SPEC)


def test_the_hint_names_the_properties_that_there_are(tmp_path: Path) -> None:
    path = put(tmp_path, feature("A", polygon(square(40, 10))))
    with pytest.raises(InputError, match="It has code, name"):
        read_boundaries(path, BoundarySpec(code="ADM1_PCODE", name="name"))
