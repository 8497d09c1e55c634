"""Decimals, canonical bytes and digests: what crosses a border must be the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.claims.values import (
    DecimalText,
    canonical_bytes,
    decimal_text,
    digest_of,
    round_down,
    round_up,
    timestamp,
)

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(0.5, "0.5", id="a half has no trailing zeros"),
        pytest.param(1.0, "1", id="a whole number has no point"),
        pytest.param(1200.0, "1200", id="zeros before the point stay"),
        pytest.param(-0.0, "0", id="zero has no sign"),
        pytest.param(1 / 3, "0.333333333333", id="twelve significant digits"),
        pytest.param(123456.789012345, "123456.789012", id="digits before the point count too"),
        pytest.param(1e-15, "0.000000000000001", id="no exponent"),
        pytest.param(5e-324, "0", id="the smallest float is zero to forty places"),
    ],
)
def test_decimal_text(value: float, text: str) -> None:
    assert decimal_text(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_has_no_decimal(value: float) -> None:
    with pytest.raises(ValueError, match="never a number"):
        decimal_text(value)


@given(finite)
def test_bounds_are_rounded_outward(value: float) -> None:
    assert Decimal(round_down(value)) <= Decimal(value) <= Decimal(round_up(value))


@given(finite)
def test_every_decimal_fits_its_own_type(value: float) -> None:
    for text in (decimal_text(value), round_down(value), round_up(value)):
        assert msgspec.convert(text, DecimalText) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("0.50", id="a trailing zero"),
        pytest.param("1.", id="a bare point"),
        pytest.param(".5", id="no digit before the point"),
        pytest.param("-0", id="minus zero"),
        pytest.param("01", id="a leading zero"),
        pytest.param("1e3", id="an exponent"),
        pytest.param("NaN", id="no number"),
        pytest.param("0.5\n", id="a line end behind it"),
        pytest.param("٠.٥", id="digits of another script"),
    ],
)
def test_a_number_has_one_spelling(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, DecimalText)


def test_canonical_bytes_are_sorted_and_bare() -> None:
    assert (
        canonical_bytes({"b": [1, None, True], "a": "é\n"})
        == '{"a":"é\\n","b":[1,null,true]}'.encode()
    )


def test_the_order_of_keys_does_not_change_a_digest() -> None:
    assert digest_of({"a": "1", "b": "2"}) == digest_of({"b": "2", "a": "1"})


def test_a_moment_is_written_in_utc_to_the_second() -> None:
    moment = datetime(2026, 11, 21, 6, 30, 15, 999, tzinfo=timezone(timedelta(hours=8)))

    assert timestamp(moment) == "2026-11-20T22:30:15Z"
    assert timestamp(moment.astimezone(UTC)) == "2026-11-20T22:30:15Z"
