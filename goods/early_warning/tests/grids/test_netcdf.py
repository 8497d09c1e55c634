"""NetCDF files by the CF conventions, and those that break them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest

from comity.errors import InputError
from early_warning.grids import Cells, RegularGrid, read_netcdf
from goods.early_warning.tests.grids.made import START

GRID = RegularGrid(north=15, west=40, step_lat=1, step_lon=1, rows=4, columns=5)
LATITUDES = [15.0, 14.0, 13.0, 12.0]
LONGITUDES = [40.0, 41.0, 42.0, 43.0, 44.0]
VALUES = np.arange(2 * 3 * 4 * 5, dtype=np.float64).reshape(2, 3, 4, 5)


def made(path: Path, **changes: Any) -> Path:
    """Two steps and three members of rain on 4 x 5 cells; `changes` spoil it."""
    said: dict[str, Any] = {
        "lats": LATITUDES,
        "lons": LONGITUDES,
        "values": VALUES,
        "reference": "hours since 2026-11-22 00:00:00",
        "times": "hours since 2026-11-22 00:00:00",
        "calendar": "standard",
        "numbers": [0.0, 1.0, 2.0],
        "order": ("time", "number", "lat", "lon"),
        "format": "NETCDF4",
    } | changes
    with netCDF4.Dataset(path, "w", format=said["format"]) as file:
        for name, size in {
            "time": 2,
            "number": 3,
            "lat": len(said["lats"]),
            "lon": len(said["lons"]),
            "two": 2,
        }.items():
            file.createDimension(name, size)
        for name, units, values in (
            ("lat", "degrees_north", said["lats"]),
            ("lon", "degrees_east", said["lons"]),
            ("number", "1", said["numbers"]),
        ):
            axis = file.createVariable(name, "f8", (name,))
            axis.units = units
            axis[:] = values
        time = file.createVariable("time", "f8", ("time",))
        time.standard_name, time.units, time.bounds = "time", said["times"], "time_bounds"
        time.calendar = said["calendar"]
        time[:] = [24, 48]
        file.createVariable("time_bounds", "f8", ("time", "two"))[:] = [[0, 24], [24, 48]]
        if said["reference"]:
            start = file.createVariable("start", "f8", ())
            start.standard_name, start.units = "forecast_reference_time", said["reference"]
            start[...] = 0
        rain = file.createVariable("pr", "f4", said["order"], fill_value=-999.0)
        rain.standard_name, rain.units = "precipitation_amount", "kg m-2"
        places = [("time", "number", "lat", "lon").index(name) for name in said["order"]]
        rain[:] = np.transpose(said["values"], places)
    return path


def test_members_and_steps_become_fields(tmp_path: Path) -> None:
    fields = list(read_netcdf(made(tmp_path / "a.nc")))
    assert [(one.member, one.start_hour, one.end_hour) for one in fields] == [
        (number, begin, begin + 24.0) for begin in (0.0, 24.0) for number in (0, 1, 2)
    ]
    one = fields[4]
    assert (one.name, one.units, one.kind, one.reference) == ("rain", "mm", "member", START)
    assert one.grid == GRID
    assert one.values.tolist() == VALUES[1, 1].reshape(-1).tolist()


@pytest.mark.parametrize(
    "changes",
    [
        {"lats": LATITUDES[::-1], "values": VALUES[:, :, ::-1]},
        {"lons": LONGITUDES[::-1], "values": VALUES[:, :, :, ::-1]},
        {"order": ("lon", "number", "time", "lat")},
        {"format": "NETCDF3_CLASSIC"},
    ],
    ids=["rows from the south", "columns from the east", "axes in another order", "the old format"],
)
def test_the_order_of_a_file_does_not_matter(tmp_path: Path, changes: dict[str, Any]) -> None:
    plain = list(read_netcdf(made(tmp_path / "a.nc")))
    other = list(read_netcdf(made(tmp_path / "b.nc", **changes)))
    assert [one.grid for one in other] == [one.grid for one in plain]
    assert [one.values.tolist() for one in other] == [one.values.tolist() for one in plain]


def test_a_fill_value_is_missing(tmp_path: Path) -> None:
    holed = np.ma.masked_equal(VALUES, 7.0)
    first = next(read_netcdf(made(tmp_path / "a.nc", values=holed)))
    assert first.missing == 1
    assert np.isnan(first.values[7])


def test_only_the_cells_asked_for_are_kept(tmp_path: Path) -> None:
    first = next(read_netcdf(made(tmp_path / "a.nc"), Cells(GRID, np.array([3, 19]))))
    assert first.values.tolist() == [3.0, 19.0]
    assert first.high == 19.0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reference": ""}, "does not say when its forecast started"),
        ({"reference": "fortnights since 2026-11-22"}, "times of start cannot be read"),
        ({"times": "hours since yesterday"}, "times of time cannot be read"),
        ({"calendar": "360_day"}, "times of time cannot be read"),
        ({"times": "hours since 2020-11-25 00:00:00"}, "not possible"),
        ({"lats": [15.0, 14.0, 13.0, 11.0]}, "not evenly spaced"),
        ({"lons": [40.0, 41.0, 41.0, 43.0, 44.0]}, "not evenly spaced"),
        ({"lats": [150.0, 149.0, 148.0, 147.0]}, "no grid on the Earth"),
        ({"numbers": [0.0, 1.5, 2.0]}, "not numbered"),
    ],
    ids=[
        "no start",
        "a start in fortnights",
        "times since yesterday",
        "a calendar of 360 days",
        "steps before the start",
        "uneven latitudes",
        "uneven longitudes",
        "latitudes beyond the poles",
        "half members",
    ],
)
def test_a_file_that_breaks_the_conventions_gets_a_sentence(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    path = made(tmp_path / "a.nc", **changes)
    with pytest.raises(InputError, match=sentence):
        list(read_netcdf(path))


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"\x89HDF\r\n\x1a\n" + bytes(200), b"CDF\x01" + bytes(3)]
)
def test_what_is_no_netcdf_gets_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.nc"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.nc"):
        list(read_netcdf(path))


def test_text_beside_the_fields_is_passed_over(tmp_path: Path) -> None:
    path = made(tmp_path / "a.nc")
    with netCDF4.Dataset(path, "a") as file:
        file.createVariable("note", str, ("lat", "lon"))
        file.createVariable("name", str, ("lat",))
    assert len(list(read_netcdf(path))) == 6


def test_a_file_without_fields_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "a.nc")
    with netCDF4.Dataset(path, "a") as file:
        file.renameVariable("lat", "y")
    with pytest.raises(InputError, match="no variable lies on latitudes and longitudes"):
        list(read_netcdf(path))


def test_a_cut_file_gets_a_sentence(tmp_path: Path) -> None:
    path = made(tmp_path / "a.nc")
    path.write_bytes(path.read_bytes()[:-3000])
    with pytest.raises(InputError, match=r"a\.nc"):
        list(read_netcdf(path))
