"""NetCDF files that follow the CF conventions: variables to fields.

1. The file is read once, of at most `MAX_BYTES`, into memory; at most `MAX_FIELDS` fields.
2. A variable is read if it lies on one latitude and one longitude axis, evenly spaced, and
   otherwise on time and member axes alone. Other variables are passed over; a file without any is
   refused.
3. When the forecast started comes from `forecast_reference_time`; a file without it is refused,
   because its age could not be judged.
4. Times are read in their own units, in the Gregorian calendar alone. Where the time axis has
   bounds, values describe that period; else a moment.
5. Masked values and fill values are missing; scale and offset are applied; names and units become
   ours.

The library is C: a hostile file meets it in this process. Read files of known centres.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.errors import InputError
from comity.files import read_bytes
from early_warning.grids.field import MAX_HOURS, Field, Kind, make_field
from early_warning.grids.libraries import library
from early_warning.grids.names import canonical
from early_warning.grids.regular import MAX_CELLS, Cells, RegularGrid

__all__ = ["MAX_BYTES", "MAX_FIELDS", "read_netcdf"]

MAX_BYTES = 1 << 29
"""Limit for one file."""

MAX_FIELDS = 20_000
"""Limit for the fields of one file."""

_CALENDARS = ("", "standard", "gregorian", "proleptic_gregorian")

_LATITUDE = ("degrees_north", "degree_north", "degrees_N", "degree_N")
_LONGITUDE = ("degrees_east", "degree_east", "degrees_E", "degree_E")

_SECONDS = {
    "second": 1,
    "seconds": 1,
    "minute": 60,
    "minutes": 60,
    "hour": 3600,
    "hours": 3600,
    "day": 86400,
    "days": 86400,
}


def read_netcdf(path: Path, only: Cells | None = None) -> Iterator[Field]:
    """The fields of a NetCDF file, variable by variable.

    Args:
        path: The file.
        only: Keep these cells alone; all fields must then be on their grid.

    Raises:
        InputError: the file is no NetCDF, too large, or breaks rules 2 to 4.
        MissingPartError: netCDF4 is not installed.
    """
    netcdf = library("netCDF4")
    data = read_bytes(path, MAX_BYTES)
    try:
        dataset = netcdf.Dataset("memory", mode="r", memory=data)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise InputError(f"the file is no NetCDF: {reason}", where=str(path)) from None
    try:
        yield from _fields(dataset, only, str(path))
    except (RuntimeError, OSError, UnicodeDecodeError) as error:  # damaged inside
        raise InputError(f"the file cannot be read: {error}", where=str(path)) from None
    finally:
        dataset.close()


def _fields(dataset: Any, only: Cells | None, where: str) -> Iterator[Field]:
    axes = {name: _axis(variable) for name, variable in dataset.variables.items()}
    reference = _reference(dataset, axes, where)
    found = 0
    for name, variable in dataset.variables.items():
        kinds = [axes.get(dimension, "") for dimension in variable.dimensions]
        if axes[name] or not {"lat", "lon"} <= set(kinds) or len(set(kinds)) < len(kinds):
            continue
        if not set(kinds) <= {"lat", "lon", "time", "member"} or not _numeric(variable):
            continue
        for field in _variable(dataset, name, kinds, reference, only, f"{where}, {name}"):
            found += 1
            if found > MAX_FIELDS:
                raise InputError(f"the file has more than {MAX_FIELDS:,} fields", where=where)
            yield field
    if not found:
        raise InputError("no variable lies on latitudes and longitudes", where=where)


def _axis(variable: Any) -> str:
    """What a variable counts: `lat`, `lon`, `time`, `member`, `reference`, or nothing."""
    standard, units = _text(variable, "standard_name"), _text(variable, "units")
    if standard == "forecast_reference_time":
        return "reference"
    if variable.dimensions != (variable.name,) or not _numeric(variable):
        return ""  # an axis is a variable along itself
    if standard == "latitude" or units in _LATITUDE:
        return "lat"
    if standard == "longitude" or units in _LONGITUDE:
        return "lon"
    if standard == "time":
        return "time"
    if standard == "realization" or variable.name in ("number", "member", "realization"):
        return "member"
    return ""


def _numeric(variable: Any) -> bool:
    return getattr(variable.dtype, "kind", "") in ("i", "u", "f")  # text has no kind


def _scale(variable: Any) -> float:
    """Packed values are whole numbers times this; 0 where they are not packed."""
    value = getattr(variable, "scale_factor", 0.0)
    return float(value) if isinstance(value, (int, float, np.number)) else 0.0


def _text(variable: Any, key: str) -> str:
    value = getattr(variable, key, "")
    return value if isinstance(value, str) else ""


def _reference(dataset: Any, axes: dict[str, str], where: str) -> datetime:
    """Rule 3."""
    for name, kind in axes.items():
        if kind == "reference" and dataset.variables[name].size == 1:
            times = _times(dataset.variables[name], dataset.variables[name][...], where)
            return times[0]
    raise InputError(
        "the file does not say when its forecast started",
        where=where,
        hint="It needs one variable with the standard name forecast_reference_time.",
    )


def _times(variable: Any, values: Any, where: str) -> list[datetime]:
    """Rule 4: `hours since 2026-11-22 00:00:00`."""
    unit, _, since = _text(variable, "units").partition(" since ")
    seconds = _SECONDS.get(unit.strip().lower())
    try:
        start = datetime.fromisoformat(since.strip().removesuffix(" UTC"))
        if seconds is None or _text(variable, "calendar").lower() not in _CALENDARS:
            raise ValueError
        start = start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)
        numbers = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan).reshape(-1)
        return [start + timedelta(seconds=float(number) * seconds) for number in numbers]
    except (ValueError, OverflowError):
        raise InputError(f"the times of {variable.name} cannot be read", where=where) from None


def _variable(
    dataset: Any,
    name: str,
    kinds: list[str],
    reference: datetime,
    only: Cells | None,
    where: str,
) -> Iterator[Field]:
    variable = dataset.variables[name]
    at = {kind: dataset.variables[variable.dimensions[place]] for place, kind in enumerate(kinds)}
    grid, north_first, order = _grid(at["lat"], at["lon"], where)
    if only is not None and not grid.same_as(only.grid):
        raise InputError(
            "this field is on another grid than the districts were laid over", where=where
        )
    said = _text(variable, "standard_name") or name
    ours, units, factor = canonical(said, _text(variable, "units"))
    periods = _periods(dataset, at.get("time"), reference, where)
    members = _members(at.get("member"), where)
    steps = range(len(periods)) if "time" in at else [None]
    for step, number in product(steps, range(len(members)) if "member" in at else [None]):
        place = tuple({"time": step, "member": number}.get(kind, slice(None)) for kind in kinds)
        values = np.ma.filled(np.ma.asarray(variable[place], dtype=np.float32), np.nan)
        if kinds.index("lat") > kinds.index("lon"):
            values = values.T
        values = values[:: 1 if north_first else -1][:, order] * np.float32(factor)
        start, end = periods[step or 0]
        kind: Kind = "deterministic" if number is None else "member"
        yield make_field(
            name=ours,
            level=_text(variable, "level") or "surface",
            units=units,
            kind=kind,
            member=None if number is None else members[number],
            members=len(members) or None,
            threshold=None,
            reference=reference,
            start_hour=start,
            end_hour=end,
            stream="",
            grid=grid,
            values=values,
            only=only,
            source=where,
            packing=abs(_scale(variable)) * factor,
        )


def _grid(lat: Any, lon: Any, where: str) -> tuple[RegularGrid, bool, NDArray[np.int64]]:
    """The grid, whether rows run from the north, and the order of columns from the west."""
    if lat.size < 2 or lon.size < 2 or lat.size * lon.size > MAX_CELLS:
        raise InputError("the grid has no area, or too many cells", where=where)
    lats, lons = (
        np.ma.filled(np.ma.asarray(one[:], dtype=np.float64), np.nan) for one in (lat, lon)
    )
    order = np.arange(lons.size) if lons[1] > lons[0] else np.arange(lons.size)[::-1]
    lons = lons[order]
    north_first = bool(lats[0] > lats[-1])
    lats = lats if north_first else lats[::-1]
    steps = [(one[-1] - one[0]) / (one.size - 1) for one in (lats, lons)]
    for one, step in zip((lats, lons), steps, strict=True):
        even = one[0] + step * np.arange(one.size)
        if not math.isfinite(step) or step == 0 or not (abs(one - even) < abs(step) / 100).all():
            raise InputError("the latitudes or longitudes are not evenly spaced", where=where)
    grid = RegularGrid(
        north=float(lats[0]),
        west=float(lons[0]),
        step_lat=float(-steps[0]),
        step_lon=float(steps[1]),
        rows=lats.size,
        columns=lons.size,
    )
    return grid, north_first, order


def _periods(dataset: Any, time: Any, reference: datetime, where: str) -> list[tuple[float, float]]:
    """Begin and end of each step, hours after the reference (rule 4)."""
    if time is None:
        raise InputError("the variable has no time axis: it holds nobody knows when", where=where)
    if time.size > MAX_FIELDS:
        raise InputError("the time axis is too long", where=where)
    moments = _times(time, time[:], where)
    begins = ends = moments
    bounds = dataset.variables.get(_text(time, "bounds"))
    if bounds is not None and bounds.shape == (time.size, 2):
        begins, ends = (_times(time, bounds[:, side], where) for side in (0, 1))

    def hours(moment: datetime) -> float:
        return (moment - reference).total_seconds() / 3600

    periods = [(hours(begin), hours(end)) for begin, end in zip(begins, ends, strict=True)]
    if not all(0 <= begin <= end <= MAX_HOURS for begin, end in periods):
        raise InputError("the times of this forecast are not possible", where=where)
    return periods


def _members(member: Any, where: str) -> list[int]:
    if member is None:
        return []
    if member.size > 10_000:
        raise InputError("the member axis is too long", where=where)
    numbers = np.ma.filled(np.ma.asarray(member[:], dtype=np.float64), np.nan)
    if not np.isfinite(numbers).all() or (numbers != np.round(numbers)).any():
        raise InputError("the members are not numbered", where=where)
    return [int(number) for number in numbers]
