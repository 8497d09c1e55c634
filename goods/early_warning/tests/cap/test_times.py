"""Times as CAP writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InputError
from early_warning import cap


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T06:00:00Z",
        "2026-11-22T06:00:00",
        "2026-11-22T06:00:00,03:00",
        "2026-11-22 06:00:00+03:00",
        "2026-11-22T06:00:00.5+03:00",
        "2026-02-29T06:00:00+03:00",
        "2026-11-22T24:00:01+03:00",
        "2026-11-22T06:00:00+14:01",
        "2026-11-22T06:00:00+03:60",
        "0000-01-01T00:00:00-00:00",
        "9999-12-31T24:00:00-00:00",
        "٢٠٢٦-11-22T06:00:00+03:00",
        "",
    ],
)
def test_this_is_no_time(text: str) -> None:
    assert cap.moment(text) is None


def test_midnight_may_be_the_end_of_a_day() -> None:
    assert cap.moment("2026-11-22T24:00:00-00:00") == datetime(2026, 11, 23, tzinfo=UTC)


def test_utc_is_written_with_a_minus() -> None:
    assert cap.cap_time(datetime(2026, 11, 22, 6, tzinfo=UTC)) == "2026-11-22T06:00:00-00:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="time zone"):
        cap.cap_time(datetime(2026, 11, 22, 6))


@given(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
def test_what_is_written_is_read_as_the_same_moment(local: datetime, offset: int) -> None:
    instant = local.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert cap.moment(cap.cap_time(instant)) == instant.replace(microsecond=0)
