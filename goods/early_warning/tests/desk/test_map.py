"""The map: districts keep their shape, none is lost, and a colour never stands alone."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from early_warning.desk.map import MAX_POINTS, SIZE, Atlas, Shade, draw, make_atlas
from early_warning.people import Area


def area(code: str, *parts: shapely.Polygon) -> Area:
    shape = shapely.MultiPolygon(parts) if parts else None
    return Area(code=code, name=f"District {code}", names={}, shape=shape)


def box(west: float, south: float, size: float = 1.0) -> shapely.Polygon:
    return shapely.box(west, south, west + size, south + size)


def shade(stage: str, label: str = "words") -> Shade:
    return Shade(stage, label, "#there")  # type: ignore[arg-type]


def many(rows: int, columns: int, wiggles: int) -> list[Area]:
    """A country of districts with coasts as uneven as real ones."""
    found = []
    for number in range(rows * columns):
        west, south = 90 + number % columns, 42 + number // columns
        ring = []
        for step in range(4 * wiggles):
            side, along = step // wiggles, step % wiggles / wiggles
            x, y = [(along, 0), (1, along), (1 - along, 1), (0, 1 - along)][side]
            wave = 0.04 * math.sin(41 * (west + x) + 23 * (south + y))
            ring.append((west + x + wave, south + y + wave))
        found.append(area(f"M{number:03}", shapely.Polygon(ring)))
    return found


def test_a_country_in_the_north_is_drawn_as_wide_as_it_is() -> None:
    atlas = make_atlas([area("A", shapely.box(90, 59, 94, 61))])  # at 60 degrees half as wide
    inner = (atlas.width - 20, atlas.height - 20)
    assert inner[0] == pytest.approx(inner[1], abs=2)
    assert max(atlas.width, atlas.height) <= SIZE + 2


def test_a_tall_country_fits_too() -> None:
    atlas = make_atlas([area("A", shapely.box(34, -17, 35, -9))])
    assert atlas.width < atlas.height <= SIZE + 2


def test_a_country_on_both_sides_of_the_date_line_is_in_one_piece() -> None:
    atlas = make_atlas([area("E", box(178.5, -18)), area("W", box(-180, -18), box(-179, -17))])
    east, west = atlas.outlines
    assert east.x < west.x
    assert west.x - east.x < SIZE


def test_a_tiny_district_gets_a_marker_above_the_others() -> None:
    atlas = make_atlas([area("tiny", box(40.5, 10.5, 0.02)), area("big", box(40, 10), box(42, 10))])
    tiny, big = atlas.outlines
    assert (tiny.small, big.small) == (True, False)
    drawing = draw(atlas, {"tiny": shade("red", "tiny"), "big": shade("green", "big")}, "Rain")
    assert drawing.index("<title>big") < drawing.index("<title>tiny")
    assert drawing.count("<circle class=") == 1


def test_a_district_of_many_small_islands_gets_a_marker() -> None:
    islands = [box(40 + number, 10 + number, 0.05) for number in range(5)]
    atlas = make_atlas([area("islands", *islands), area("main", box(46, 10), box(47, 10))])
    assert [one.small for one in atlas.outlines] == [True, False]


def test_a_district_without_a_geometry_is_named_and_not_drawn() -> None:
    atlas = make_atlas([area("A", box(40, 10)), area("lost")])
    assert atlas.missing == ("lost",)
    assert [one.code for one in atlas.outlines] == ["A"]
    assert "A" in draw(atlas, {"A": shade("red", "A"), "lost": shade("nodata", "lost")}, "Rain")


def test_a_country_without_any_geometry_is_an_empty_sheet() -> None:
    atlas = make_atlas([area("lost")])
    assert atlas.outlines == ()
    assert draw(atlas, {}, "Rain").startswith("<svg")


def test_an_enclave_is_a_hole_in_what_surrounds_it() -> None:
    hole = shapely.box(41, 11, 43, 13).exterior.coords
    ring = shapely.Polygon(shapely.box(40, 10, 44, 14).exterior.coords, [hole])
    (outline,) = make_atlas([area("ring", ring)]).outlines
    assert outline.path.count("M") == outline.path.count("z") == 2


@pytest.mark.parametrize(
    ("stage", "letter"),
    [("red", "R"), ("orange", "O"), ("yellow", "Y"), ("unsure", "?")],
    ids=["red", "orange", "yellow", "skill not shown"],
)
def test_a_colour_has_a_letter_and_words_beside_it(stage: str, letter: str) -> None:
    atlas = make_atlas([area("A", box(40, 10))])
    drawing = draw(atlas, {"A": shade(stage, "Aba: what is expected")}, "Rain")
    assert f">{letter}</text>" in drawing
    assert "<title>Aba: what is expected</title>" in drawing
    assert f'class="{stage}"' in drawing


def test_a_mark_stands_in_the_place_of_the_letter() -> None:
    given = shade("unsure", "Aba")._replace(mark="87?")
    drawing = draw(make_atlas([area("A", box(40, 10))]), {"A": given}, "Rain")
    assert ">87?</text>" in drawing


def test_patterns_tell_stages_apart_without_colour() -> None:
    drawing = draw(make_atlas([area("A", box(40, 10))]), {}, "Rain")
    patterns = re.findall(r'<pattern id="(p-\w+)".*?</pattern>', drawing)
    assert patterns == ["p-orange", "p-yellow", "p-unsure", "p-nodata"]
    assert len(set(re.findall(r"<pattern [^>]*>.*?</pattern>", drawing))) == 4


def test_a_district_that_the_map_is_not_about_is_no_link() -> None:
    atlas = make_atlas([area("A", box(40, 10)), area("B", box(41, 10))])
    drawing = draw(atlas, {"A": shade("red")}, "Rain")
    assert drawing.count("<a ") == 1
    assert 'class="other"' in drawing


def test_words_from_outside_stay_words() -> None:
    atlas = make_atlas([area("A", box(40, 10))])
    hostile = '"><script>alert(1)</script>\u202e'
    drawing = draw(atlas, {"A": Shade("red", hostile, '"#x')}, hostile)
    assert "<script" not in drawing
    assert "\u202e" not in drawing.partition("<title>")[2]
    assert isinstance(drawing, Markup)


def test_three_hundred_and_forty_districts_are_a_page_of_at_most_300_kilobytes() -> None:
    areas = many(17, 20, wiggles=150)
    assert sum(shapely.get_num_coordinates(one.shape) for one in areas) > 200_000
    atlas = make_atlas(areas)
    labels = {
        one.code: Shade(
            "yellow",
            f"A district with a long name {one.code}: yellow, 45 % for heavy rain above 50 mm",
            f"/?hazard=heavy_rain&window=20261122T0600-20261123T0600&district={one.code}#district",
        )
        for one in areas
    }
    drawing = draw(atlas, labels, "Rain")
    assert drawing.count("<a ") == 340
    assert len(drawing.encode()) < 300_000
    assert drawing.count("l") < MAX_POINTS * 1.2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(-179, 178), st.floats(-80, 79), st.floats(1e-6, 1.0), st.floats(1e-6, 1.0)
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_district_with_a_geometry_is_on_the_paper(
    boxes: list[tuple[float, float, float, float]],
) -> None:
    areas = [
        area(str(number), shapely.box(west, south, west + wide, south + high))
        for number, (west, south, wide, high) in enumerate(boxes)
    ]
    atlas = make_atlas(areas)
    drawing = draw(atlas, {one.code: shade("red") for one in areas}, "Rain")
    assert drawing.count("<a ") == len(areas)
    for outline in atlas.outlines:
        assert 0 <= outline.x <= atlas.width
        assert 0 <= outline.y <= atlas.height
        assert outline.path or outline.small
        assert_on(atlas, outline.path)


def assert_on(atlas: Atlas, path: str) -> None:
    """Every point of a path lies on the paper."""
    for ring in path.split("z")[:-1]:
        steps = [tuple(map(float, one.split())) for one in re.split("[Ml]", ring)[1:]]
        x = y = 0.0
        for step in steps:
            x, y = x + step[0], y + step[1]
            assert -1 <= x <= atlas.width + 1
            assert -1 <= y <= atlas.height + 1
        assert all(step != (0.0, 0.0) for _, step in pairwise(steps))
