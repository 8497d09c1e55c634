"""GRIB2 files: what a message says, turned into our words; and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from comity.errors import InputError
from early_warning.grids import Cells, RegularGrid, Threshold, read_grib
from goods.early_warning.tests.grids.made import (
    ECMWF,
    START,
    WORLD,
    member,
    message,
    single_run,
    some_rain,
)


def put(folder: Path, *messages: bytes) -> Path:
    path = folder / "forecast.grib2"
    path.write_bytes(b"".join(messages))
    return path


def test_a_member_says_what_it_is(tmp_path: Path) -> None:
    rain = some_rain()
    (field,) = read_grib(put(tmp_path, member(7, rain)))
    assert (field.name, field.units, field.kind, field.member) == ("rain", "mm", "member", 7)
    assert (field.reference, field.start_hour, field.end_hour) == (START, 0.0, 24.0)
    assert field.valid == START + timedelta(hours=24)
    assert field.stream == "enfo"
    assert field.grid.same_as(WORLD)
    assert field.missing == 0
    np.testing.assert_allclose(field.values, rain.reshape(-1), atol=0.01)


def test_the_high_resolution_run_is_no_member(tmp_path: Path) -> None:
    (field,) = read_grib(put(tmp_path, single_run(some_rain())))
    assert (field.kind, field.member, field.stream) == ("deterministic", None, "oper")


def test_values_under_a_bitmap_are_missing_and_no_number(tmp_path: Path) -> None:
    rain = some_rain()
    rain[3, 5] = np.nan
    (field,) = read_grib(put(tmp_path, member(1, rain)))
    assert field.missing == 1
    assert np.isnan(field.values[3 * 36 + 5])
    assert np.isfinite(field.high)


@pytest.mark.parametrize("packing", ["grid_simple", "grid_ccsds"])
def test_every_packing_gives_the_same_values(tmp_path: Path, packing: str) -> None:
    rain = some_rain()
    data = message(rain, template=0, shortName="tp", packingType=packing)
    (field,) = read_grib(put(tmp_path, data))
    np.testing.assert_allclose(field.values, 1000 * rain.reshape(-1), atol=3)


def test_rows_that_run_from_the_south_are_turned(tmp_path: Path) -> None:
    rain = some_rain()
    upside_down = message(
        rain[::-1],
        template=0,
        shortName="2t",
        jScansPositively=1,
        latitudeOfFirstGridPointInDegrees=-90,
        latitudeOfLastGridPointInDegrees=90,
    )
    (field,) = read_grib(put(tmp_path, upside_down))
    assert field.grid.north == 90
    np.testing.assert_allclose(field.values, rain.reshape(-1), atol=0.01)


def test_a_grid_may_begin_at_the_date_line(tmp_path: Path) -> None:
    grid = RegularGrid(north=90, west=-180, step_lat=10, step_lon=10, rows=19, columns=36)
    (field,) = read_grib(put(tmp_path, message(some_rain(), grid, template=0, shortName="2t")))
    assert field.grid.same_as(grid)


def test_a_probability_says_its_event_and_percent_become_a_ratio(tmp_path: Path) -> None:
    data = message(
        np.linspace(0, 100, WORLD.size),
        template=9,
        shortName="tp",
        probabilityType=1,
        scaleFactorOfUpperLimit=3,
        scaledValueOfUpperLimit=50,
        stepRange="24-48",
    )
    (field,) = read_grib(put(tmp_path, data))
    assert field.kind == "probability"
    assert field.units == "1"
    assert field.threshold == Threshold("above", 50.0, "mm")  # 0.050 m
    assert field.high == pytest.approx(1.0)
    assert field.corrections == ()


def test_a_probability_between_two_limits_is_no_exceedance(tmp_path: Path) -> None:
    data = message(some_rain(), template=9, shortName="tp", probabilityType=2)
    (field,) = read_grib(put(tmp_path, data))
    assert field.threshold is None


def test_only_the_cells_asked_for_are_kept_but_the_whole_file_is_described(tmp_path: Path) -> None:
    rain = some_rain()
    rain[0, 0] = 400.0
    cells = Cells(WORLD, np.array([40, 41, 600]))
    (field,) = read_grib(put(tmp_path, member(1, rain)), cells)
    np.testing.assert_allclose(field.values, rain.reshape(-1)[[40, 41, 600]], atol=0.01)
    assert field.high == pytest.approx(400.0, abs=0.01)


def test_headings_between_messages_are_passed_over(tmp_path: Path) -> None:
    path = put(tmp_path, b"\r\r\nHTPE50 ECMF 220000\r\r\n", member(1, some_rain()), b"\x03")
    assert len(list(read_grib(path))) == 1


def cut(data: bytes) -> bytes:
    return data[:-200]


def longer(data: bytes) -> bytes:
    return data[:8] + (len(data) + 9).to_bytes(8, "big") + data[16:]


def shorter(data: bytes) -> bytes:
    return data[:8] + (3).to_bytes(8, "big") + data[16:]


def first_edition(data: bytes) -> bytes:
    return data[:7] + b"\x01" + data[8:]


def garbled(data: bytes) -> bytes:
    return data[:16] + bytes(200) + data[216:]


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda data: b"<html>not found</html>", "no GRIB message"),
        (lambda data: b"", "no GRIB message"),
        (cut, "cut short"),
        (longer, "cut short"),
        (shorter, "cut short"),
        (first_edition, "edition 2"),
        (garbled, "cannot read this message"),
    ],
    ids=[
        "a page that says not found",
        "an empty file",
        "cut short",
        "longer than it says",
        "of three bytes",
        "of the first edition",
        "garbled",
    ],
)
def test_a_damaged_file_gets_a_sentence(
    tmp_path: Path, damage: Callable[[bytes], bytes], sentence: str
) -> None:
    path = put(tmp_path, damage(member(1, some_rain())))
    with pytest.raises(InputError, match=sentence) as caught:
        list(read_grib(path))
    assert "forecast.grib2" in str(caught.value)


def test_a_message_of_no_length_after_a_sound_one_ends_the_reading(tmp_path: Path) -> None:
    sound = member(1, some_rain())
    empty = sound[:8] + bytes(8) + sound[16:]
    with pytest.raises(InputError, match="cut short") as caught:
        list(read_grib(put(tmp_path, sound, empty)))
    assert "message 2" in caught.value.where


def test_many_messages_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    rain = [some_rain(number) for number in range(24)]
    path = put(tmp_path, *(member(number, values) for number, values in enumerate(rain, 1)))
    fields = list(read_grib(path))
    assert [field.member for field in fields] == list(range(1, 25))
    for field, values in zip(fields, rain, strict=True):
        np.testing.assert_allclose(field.values, values.reshape(-1), atol=0.01)


def test_a_file_that_is_cut_short_gives_no_field_at_all(tmp_path: Path) -> None:
    sound = member(1, some_rain())
    with pytest.raises(InputError, match="cut short"):
        next(read_grib(put(tmp_path, sound, sound[:-200])))


def test_a_field_on_another_grid_than_the_districts_is_refused(tmp_path: Path) -> None:
    other = RegularGrid(north=90, west=5, step_lat=10, step_lon=10, rows=19, columns=36)
    with pytest.raises(InputError, match="another grid"):
        list(read_grib(put(tmp_path, member(1, some_rain())), Cells(other, np.array([1]))))


def test_a_reduced_grid_is_refused_by_name(tmp_path: Path) -> None:
    from early_warning.grids.libraries import library

    codes = library("eccodes")
    handle = codes.codes_grib_new_from_samples("reduced_gg_sfc_grib2")
    path = put(tmp_path, bytes(codes.codes_get_message(handle)))
    codes.codes_release(handle)
    with pytest.raises(InputError, match="reduced_gg"):
        list(read_grib(path))


def test_an_unknown_parameter_keeps_its_own_words(tmp_path: Path) -> None:
    data = message(some_rain(), template=1, **ECMWF, shortName="tcc")
    (field,) = read_grib(put(tmp_path, data))
    assert field.name == "tcc"
