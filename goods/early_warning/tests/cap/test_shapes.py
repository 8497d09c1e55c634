"""Polygons and circles: the sentence for each fault."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from early_warning.cap.shapes import circle_fault, points_of, polygon_fault

FAULTS = {
    "": "it has 0 points; a closed polygon has at least 4",
    "1,1 1,2 1,1": "it has 3 points; a closed polygon has at least 4",
    "1,1 1,2 2,2 2,1": "it is not closed: the last point is not the first",
    "1,1 2,2 3,3 1,1": "it encloses nothing",
    "5,5 5,5 5,5 5,5": "it encloses nothing",
    "1,1 2,2 1,2 2,1 1,1": ("its edges touch or cross each other (self-intersection at 1.5,1.5)"),
    "91,1 1,2 2,2 91,1": "point 1, '91,1', is not on Earth",
    "1,1 1,181 2,2 1,1": "point 2, '1,181', is not on Earth",
    "1,1 x,2 2,2 1,1": "point 2, 'x,2', is not latitude,longitude",
    "1,1 1;2 2,2 1,1": "point 2, '1;2', is not latitude,longitude",
    "1e1,1 1,2 2,2 1e1,1": "point 1, '1e1,1', is not latitude,longitude",
    "1,179 1,-179 2,-179 1,179": (
        "an edge spans more than 180° of longitude; split the polygon at the date line"
    ),
}


NUMBERS = ["0", "1", "2.5", "3", "-1", "-0", "91", "181", ".5", "1.", "+2", "01", "1e1", "-", ""]


@pytest.mark.parametrize(("text", "fault"), FAULTS.items(), ids=FAULTS.values())
def test_the_fault_of_a_polygon_is(text: str, fault: str) -> None:
    assert polygon_fault(text) == fault


def test_a_polygon_of_many_points_is_judged_alike() -> None:
    rows = [f"{n / 1000:.3f},0" for n in range(8_000)]
    comb = " ".join([*rows, "8,9", "0,9", rows[0]])
    assert len(comb) > 64_000
    assert polygon_fault(comb) is None
    assert polygon_fault(comb.replace("8,9 0,9", "0,9 8,9")) is not None


def test_a_polygon_round_the_globe_is_to_be_split_and_one_over_the_equator_is_fine() -> None:
    assert polygon_fault("-90,-180 -90,180 90,180 90,-180 -90,-180") == (
        "an edge spans more than 180° of longitude; split the polygon at the date line"
    )
    assert polygon_fault("-1,-1 -1,1 +1.,1 .5,-1 -1,-1") is None


@pytest.mark.parametrize("text", ["0,0 0", "11.5,42.5 30", " -1.5,+2 0.5 "])
def test_this_is_a_circle(text: str) -> None:
    assert circle_fault(text) is None


@pytest.mark.parametrize("text", ["", "1,1", "1,1 x", "1,1 -2", "1,1 2 3", "1 2", "1,1 99999"])
def test_this_is_no_circle(text: str) -> None:
    assert circle_fault(text) is not None


@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=12))
def test_what_is_written_with_decimals_is_read(points: list[tuple[float, float]]) -> None:
    text = " ".join(f"{latitude:.6f},{longitude:.6f}" for latitude, longitude in points)
    read = points_of(text)
    assert not isinstance(read, str)
    assert [f"{a:.6f},{b:.6f}" for a, b in read] == text.split()
    polygon_fault(text)  # whatever it says, it says so


@given(
    st.lists(st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)), min_size=1, max_size=5),
    st.sampled_from([" ", "  ", "\n", "],["]),
)
def test_reading_in_one_go_passes_nothing_that_reading_point_by_point_does_not(
    points: list[tuple[str, str]], between: str
) -> None:
    text = between.join(f"{latitude},{longitude}" for latitude, longitude in [*points, points[0]])
    read = points_of(text)
    if polygon_fault(text) is None:
        assert not isinstance(read, str)
        assert len(read) > 3 and read[0] == read[-1]
