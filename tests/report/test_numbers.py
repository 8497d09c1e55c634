"""Numbers have the digits that their interval supports, and no bound is rounded inward."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.claims import decimal_text
from comity.report import Estimate
from comity.report.numbers import NOTHING, aligned, count_text


def estimate(point: str, low: str | None, high: str | None, unit: str = "rate") -> Estimate:
    start, end = (None if one is None else Decimal(one) for one in (low, high))
    return Estimate(Decimal(point), start, end, unit)


CASES = [
    pytest.param(("0.3823", "0.34", "0.43"), "38 %", "34 to 43", id="a wide interval, whole"),
    pytest.param(("0.3823", "0.3701", "0.3944"), "38.2 %", "37.0 to 39.5", id="a tenth"),
    pytest.param(("0.38231", "0.38209", "0.38252"), "38.231 %", "38.209 to 38.252", id="narrow"),
    pytest.param(("0.5", "0", "1"), "50 %", "0 to 100", id="no knowledge at all"),
    pytest.param(("0.123456", None, None), "12.3 %", NOTHING, id="no interval, three digits"),
    pytest.param(("1", "1", "1", "ratio"), "1.00", "1.00 to 1.00", id="an interval of one point"),
    pytest.param(("0.1379", "0.098", "0.178", "difference"), "14 pp", "9 to 18", id="a gap"),
    pytest.param(("-0.02", "-0.08", "0.03", "difference"), "−2 pp", "−8 to 3", id="a real minus"),
    pytest.param(("0.652", "0.57", "0.75", "ratio"), "0.65", "0.57 to 0.75", id="a ratio"),
    pytest.param(("0.55", "0.4", "0.7", "ratio"), "0.55", "0.40 to 0.70", id="a wide ratio"),
    pytest.param(("12345.678", None, None, "joule"), "12 346 J", NOTHING, id="thousands"),
    pytest.param(("0", None, None, "second"), "0.00 s", NOTHING, id="nothing at all"),
    pytest.param(("9" * 63, None, None, "nat"), "", NOTHING, id="the longest decimal"),
]


@pytest.mark.parametrize(("values", "text", "interval"), CASES)
def test_what_a_reader_sees(
    values: tuple[str, str | None, str | None], text: str, interval: str
) -> None:
    one = estimate(*values)
    assert one.interval_text.replace("\u202f", " ") == interval
    assert one.text.replace("\u202f", " ").startswith(text)


UNIT_INTERVAL = st.floats(0, 1).map(decimal_text).map(Decimal)


@given(st.lists(UNIT_INTERVAL, min_size=3, max_size=3).map(sorted))
def test_a_shown_interval_never_promises_more_than_the_signed_one(values: list[Decimal]) -> None:
    low, point, high = values
    one = Estimate(point, low, high, "ratio")
    shown_low, shown_high = (Decimal(text) for text in one.interval_text.split(" to "))
    assert shown_low <= low
    assert high <= shown_high
    assert abs(Decimal(one.text) - point) <= max(high - low, Decimal("0.0005"))


def test_people_of_a_hundred_are_rounded_outward() -> None:
    assert estimate("0.3649", "0.3301", "0.3999").of_hundred == "36 of 100 (33 to 40)"
    assert estimate("0.3649", None, None).of_hundred == "36 of 100"


def test_a_column_has_the_decimals_of_its_middle_row() -> None:
    rows = [
        estimate("0.5", "0.1", "0.9"),
        None,
        estimate("0.51", "0.502", "0.519"),
        estimate("0.512", "0.5119", "0.5121"),
    ]
    texts = [one.text.replace("\u202f", " ") for one in aligned(rows) if one]
    assert texts == ["50.0 %", "51.0 %", "51.2 %"]
    assert aligned([None]) == [None]


def test_counts_have_thin_spaces() -> None:
    assert count_text(10_391) == "10\u202f391"
