"""Plots show what the numbers say, and nothing where there is no number."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.report import Bin, Columns, Estimate, Row, interval_plot, people_dots, reliability_plot
from tests.report.markup import read

HEADS = Columns("Group", "Value", "Interval", "Cases")


def estimate(point: float, low: float, high: float, unit: str = "rate") -> Estimate:
    return Estimate(Decimal(str(point)), Decimal(str(low)), Decimal(str(high)), unit)


def plot(*rows: Row, reference: Decimal | None = None) -> str:
    return interval_plot(rows, caption="Found", columns=HEADS, reference=reference)


def test_a_dot_and_its_bar_stand_where_their_numbers_are() -> None:
    page = read(plot(Row("a", estimate(0.25, 0.125, 0.375)), Row("b", estimate(0.5, 0.25, 0.5))))
    assert page.attributes("circle", "cx") == ["50.0%", "100.0%"]  # the axis ends at 50 %
    bars = [values for tag, values in page.tags if values.get("class") == "reach"]
    assert [(bar["x1"], bar["x2"]) for bar in bars] == [("25.0%", "75.0%"), ("50.0%", "100.0%")]


def test_a_missing_number_leaves_its_place_empty_and_gives_the_reason() -> None:
    page = read(plot(Row("a", estimate(0.2, 0.1, 0.3), "2 of 10"), Row("b", None, "", "withheld")))
    assert len(page.attributes("circle", "cx")) == 1
    assert page.text.endswith("b withheld 0 10 20 30 40 50 %")


def test_a_missing_interval_has_a_dot_without_a_bar() -> None:
    page = read(plot(Row("a", Estimate(Decimal("0.2")), "9", "no interval: one run")))
    assert "reach" not in page.attributes("line", "class")
    assert "a no interval: one run 20.0 % — 9" in page.text


AXES = [
    pytest.param([0.03], "rate", "0 1 2 3 4 5 %", id="small rates have a short axis"),
    pytest.param([0.51], "rate", "0 20 40 60 80 100 %", id="rates end at a hundred at most"),
    pytest.param([-0.1, 0.2], "difference", "−20 −12 −4 4 12 20", id="below zero where values are"),
    pytest.param([3.2], "nat", "0 1 2 3 4 5", id="a round end for other units"),
    pytest.param([], "rate", "0 0.2 0.4 0.6 0.8 1", id="no number at all"),
]


@pytest.mark.parametrize(("points", "unit", "ticks"), AXES)
def test_axes_start_at_zero_and_end_round(points: list[float], unit: str, ticks: str) -> None:
    rows = [Row("x", estimate(point, point, point, unit)) for point in points]
    assert read(plot(*rows)).text.endswith(ticks)


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 6)), min_size=1))
def test_every_dot_lies_on_the_paper(points: list[float]) -> None:
    page = read(plot(*(Row("x", estimate(point, point, point, "nat")) for point in points)))
    places = [float(place.rstrip("%")) for place in page.attributes("circle", "cx")]
    assert all(0 <= place <= 100 for place in places)


def test_labels_are_foreign_text() -> None:
    assert "<script>" not in plot(Row("<script>", estimate(0.2, 0.1, 0.3)))


def test_a_reference_is_on_the_axis_even_where_no_value_reaches_it() -> None:
    page = read(plot(Row("a", estimate(0.2, 0.1, 0.3, "ratio")), reference=Decimal(1)))
    reference = [values for _, values in page.tags if values.get("class") == "reference"]
    assert [one["x1"] for one in reference] == ["100.0%"]


def test_a_reliability_curve_is_on_the_diagonal_where_what_was_stated_happened() -> None:
    bins = [
        Bin(Estimate(Decimal(share)), estimate(float(share), 0, 1), rows)
        for share, rows in (("0.25", 10), ("0.75", 20))
    ]
    bins.append(Bin(Estimate(Decimal("0.9")), None, 99))
    drawn = reliability_plot(
        bins, title="T", description="D", stated="said", observed="seen", rows="n"
    )
    page = read(drawn)
    across = [float(place) for place in page.attributes("circle", "cx")]
    down = [float(place) for place in page.attributes("circle", "cy")]
    side = across[0] * 4
    assert [round(side - place, 6) for place in down] == across
    bars = [values for _, values in page.tags if values.get("class") == "bar"]
    heights = [float(bar["y1"] or 0) - float(bar["y2"] or 0) for bar in bars]
    assert heights == [20, 40]  # the withheld bin sets no scale
    assert [(tag, values["role"]) for tag, values in page.tags if "role" in values] == [
        ("svg", "img")
    ]


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3).map(sorted))
def test_a_hundred_people(numbers: list[int]) -> None:
    low, reached, high = numbers
    page = read(people_dots(reached, low, high, title="T", description="D"))
    kinds = page.attributes("g", "class")
    assert len(kinds) == 100
    assert kinds.count("sure") == low
    assert kinds.count("sure") + kinds.count("likely") == reached
    assert kinds.count("missed") == 100 - high
    order = ["sure", "likely", "possible", "missed"]
    assert all(order.index(one) <= order.index(two) for one, two in pairwise(kinds))


@pytest.mark.parametrize("numbers", [(50, 60, 70), (50, 40, 45), (-1, -1, 0), (100, 100, 101)])
def test_people_outside_their_interval_are_refused(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="does not hold"):
        people_dots(*numbers, title="T", description="D")
