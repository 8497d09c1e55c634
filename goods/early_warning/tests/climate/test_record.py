"""Records of daily values: whole years, their maxima, percentiles with intervals."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from tests.parts import require_data

from comity.errors import InputError
from early_warning.climate import (
    Days,
    Record,
    block_maxima,
    make_record,
    percentile,
    read_record,
)

RECORD = "weather/postproc/ecmwf_ens_frankfurt_rain_2007_2017.csv.gz"


def days(first: str, last: str) -> Days:
    return np.arange(first, last, dtype="datetime64[D]")


def rainy(years: int, seed: int = 1) -> Record:
    when = days("1990-01-01", f"{1990 + years}-01-01")
    rng = np.random.default_rng(seed)
    wet = np.repeat(rng.gamma(8, 1 / 8, years + 1), 366)[: len(when)]
    return make_record(when, rng.gamma(0.5, 5 * wet), where="station")


def test_a_year_may_begin_in_any_month() -> None:
    when = days("2000-01-01", "2003-01-01")
    values = np.zeros(len(when))
    values[when == np.datetime64("2000-12-30")] = 70
    values[when == np.datetime64("2001-01-02")] = 90
    record = make_record(when, values, where="x")
    calendar = block_maxima(record)
    assert (calendar.years, [*calendar.values]) == ((2000, 2001, 2002), [70, 90, 0])
    winter = block_maxima(record, first_month=7)
    assert (winter.years, [*winter.values]) == ((2000, 2001), [90, 0])
    assert winter.left_out == (1999, 2002)


def test_a_year_that_lost_its_days_is_left_out_and_told() -> None:
    when = days("2000-01-01", "2004-01-01")
    values = np.arange(len(when), dtype=float)
    values[(when >= np.datetime64("2001-06-01")) & (when < np.datetime64("2001-08-01"))] = np.nan
    found = block_maxima(make_record(when, values, where="x"))
    assert (found.years, found.left_out) == ((2000, 2002, 2003), (2001,))


def test_a_percentile_is_the_value_below_which_that_share_lies() -> None:
    record = rainy(20)
    found = percentile(record, 0.95)
    assert (record.values <= found.value).mean() >= 0.95
    assert (record.values < found.value).mean() < 0.95
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    assert found.years == 20


def test_years_that_differ_make_the_interval_wider_than_days_alone_would() -> None:
    found = percentile(rainy(20), 0.95)
    shuffled = rainy(20)
    mixed = np.random.default_rng(0).permutation(shuffled.values)
    alone = percentile(make_record(shuffled.days, mixed, where="x"), 0.95)
    assert found.high is not None
    assert found.low is not None
    assert alone.high is not None
    assert alone.low is not None
    assert found.high - found.low > 1.5 * (alone.high - alone.low)


def test_of_a_hundred_intervals_about_95_hold_the_truth() -> None:
    everything = np.concatenate([rainy(20, seed).values for seed in range(1000, 1040)])
    truth = np.quantile(everything, 0.95)
    held = 0
    for seed in range(100):
        found = percentile(rainy(20, seed), 0.95)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
    assert 88 <= held <= 100


def test_a_percentile_beyond_what_the_record_can_bound_has_no_upper_end() -> None:
    found = percentile(rainy(10), 0.9998)
    assert found.high is None
    assert found.low is not None


def test_nine_years_give_no_percentile() -> None:
    with pytest.raises(InputError, match="has 9 whole years, and a percentile needs 10"):
        percentile(rainy(9), 0.9)


def test_the_frankfurt_record_has_ten_years_and_too_few_for_return_levels() -> None:
    record = read_record(require_data(RECORD), day="date", value="obs")
    found = block_maxima(record)
    assert found.years == tuple(range(2007, 2017))
    assert found.left_out == (2017,)
    assert max(found.values) == 50.0
    ninety = percentile(record, 0.9)
    assert ninety.low is not None
    assert ninety.high is not None
    assert 4 < ninety.low <= ninety.value <= ninety.high < 8


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("day,rain\n2000-01-01,1\n2000-01-01,2\n", "stands there twice", id="twice"),
        pytest.param("day,rain\n2000-01-01,inf\n", "infinite", id="an infinite value"),
        pytest.param("day,rain\n2000-01-01,\n", "has no value", id="nothing but gaps"),
        pytest.param("day,rain\n", "has no rows", id="no rows"),
        pytest.param("", "no column 'day'", id="an empty file"),
        pytest.param("day,snow\n2000-01-01,1\n", "no column 'rain'", id="another column"),
        pytest.param("day,rain,rain\n2000-01-01,1,2\n", "more than one", id="two such columns"),
        pytest.param("day,rain\n01.02.2000,1\n", "'01.02.2000' is not a day", id="another date"),
        pytest.param("day,rain\n2000-02-30,1\n", "is not a day", id="30 February"),
        pytest.param("day,rain\n2000-01-0199,1\n", "is not a day", id="a day too long"),
        pytest.param('day,rain\n2000-01-01,"1,5"\n', "decimal point", id="a decimal comma"),
        pytest.param("day,rain\n2000-01-01\n", "has 1 fields", id="a short line"),
    ],
)
def test_a_bad_table_gets_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "rain.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_record(path, day="day", value="rain")
    assert sentence in str(caught.value)
    assert str(path) in caught.value.where


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"day,rain\n\xff", "not UTF-8", id="not text"),
        pytest.param(b"\x1f\x8b\x08broken....", "cannot be unpacked", id="broken gzip"),
        pytest.param(gzip.compress(b"day,rain\n" * 50)[:-9], "ends too early", id="half a gzip"),
        pytest.param(gzip.compress(b"\n" * 200_000_001), "larger than allowed", id="a gzip bomb"),
    ],
)
def test_a_bad_file_gets_a_sentence(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "rain.csv.gz"
    path.write_bytes(data)
    with pytest.raises(InputError, match=sentence):
        read_record(path, day="day", value="rain")


def test_times_of_day_are_left_out_and_gaps_are_gaps(tmp_path: Path) -> None:
    path = tmp_path / "rain.csv"
    path.write_text("day,rain\n2000-01-02T06:00,2\n2000-01-01 06:00,NA\n\n")
    record = read_record(path, day="day", value="rain")
    assert (str(record.days[0]), [*record.values]) == ("2000-01-02", [2.0])
