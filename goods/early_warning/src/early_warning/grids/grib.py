"""GRIB2 files: messages to fields, through ecCodes.

1. The file is read once, of at most `MAX_BYTES`; its messages are framed here, by the lengths that
   they state, and a message that is cut short or does not end as it must stops the reading before
   any is decoded.
2. Sizes are looked at before values are decoded: at most `MAX_MESSAGES` messages, at most
   `regular.MAX_CELLS` cells each.
3. Only regular latitude-longitude grids are read; rows are turned to run from north to south,
   columns from west to east.
4. The table of overrides puts headers right; names and units become ours; percentages become
   ratios. Values under a bitmap are missing.
5. Where only some cells are asked for, the whole field is described first (its smallest and largest
   value, its missing cells), so that the gates judge the file and not the country.
6. Up to `MAX_THREADS` messages are decoded at a time, if ecCodes was built for several threads;
   fields come in the file's order all the same.

ecCodes is C: a hostile file meets it in this process. Read files of known centres.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.errors import InputError
from comity.files import read_bytes
from early_warning.grids.field import MAX_HOURS, Field, Kind, Threshold, make_field
from early_warning.grids.header import Header, threshold_of
from early_warning.grids.in_order import in_order, processors
from early_warning.grids.libraries import library
from early_warning.grids.names import canonical
from early_warning.grids.overrides import correct
from early_warning.grids.regular import MAX_CELLS, Cells, RegularGrid

__all__ = ["MAX_BYTES", "MAX_MESSAGES", "read_grib"]

MAX_BYTES = 1 << 30
"""Limit for one file: fetch the parameters that are used, by the centre's index, not all."""

MAX_MESSAGES = 20_000
"""Limit for the messages of one file."""

MAX_THREADS = 4
"""Limit for the messages that are decoded at a time."""

_MISSING = -1e30
"""Stands for a missing value while ecCodes decodes; no quantity comes near."""

_KINDS: dict[int, Kind] = {
    0: "deterministic",
    8: "deterministic",
    1: "member",
    11: "member",
    2: "other",
    12: "other",
    5: "probability",
    9: "probability",
}
"""Product definition templates that are read; those for periods stand beside those for moments."""

_SUMMARIES: dict[int, Kind] = {0: "mean", 4: "spread"}
"""Code table 4.7: unweighted mean of all members, spread of all members."""

_HOURS = {0: 1 / 60, 1: 1.0, 2: 24.0, 10: 3.0, 11: 6.0, 12: 12.0, 13: 1 / 3600}
"""Code table 4.4: hours in a unit of time."""


def read_grib(path: Path, only: Cells | None = None) -> Iterator[Field]:
    """The fields of a GRIB2 file, in its order.

    Args:
        path: The file.
        only: Keep these cells alone; all fields must then be on their grid.

    Raises:
        InputError: the file is no GRIB2, is cut short, too large, or has a grid that is not read.
        MissingPartError: ecCodes is not installed.
    """
    codes = library("eccodes")
    messages = [*_messages(read_bytes(path, MAX_BYTES), path)]

    def decode(number: int) -> Field:
        where = f"{path}, message {number + 1}"
        handle: Any = None
        try:
            handle = codes.codes_new_from_message(messages[number])
            return _field(codes, handle, only, where)
        except codes.CodesInternalError as error:
            raise InputError(f"ecCodes cannot read this message: {error}", where=where) from None
        finally:
            if handle is not None:
                codes.codes_release(handle)

    yield from in_order(decode, range(len(messages)), _threads(codes))


def _threads(codes: Any) -> int:
    """How many messages to decode at a time: ecCodes lets go of Python's lock while it does."""
    if not hasattr(codes, "codes_get_features"):
        return 1  # an old ecCodes, which cannot tell whether several threads may use it
    features = codes.codes_get_features(codes.CODES_FEATURES_ENABLED).split()
    return min(MAX_THREADS, processors()) if "ECCODES_THREADS" in features else 1


def _messages(data: bytes, path: Path) -> Iterator[memoryview]:
    """Cut a file into messages (rules 1 and 2); bytes between them, such as headings, pass."""
    view, at, count = memoryview(data), data.find(b"GRIB"), 0
    if at < 0:
        raise InputError("the file holds no GRIB message", where=str(path))
    while at >= 0:
        count += 1
        where = f"{path}, message {count}"
        if count > MAX_MESSAGES:
            raise InputError(f"the file has more than {MAX_MESSAGES:,} messages", where=str(path))
        if data[at + 7 : at + 8] != b"\x02":
            raise InputError("this message is not of GRIB edition 2", where=where)
        end = at + int.from_bytes(data[at + 8 : at + 16], "big")
        if end < at + 20 or data[end - 4 : end] != b"7777":
            raise InputError(
                "this message is cut short, or its length is wrong",
                where=where,
                hint="Fetch the file again, and compare its size with the source's.",
            )
        yield view[at:end]
        at = data.find(b"GRIB", end)


def _field(codes: Any, handle: Any, only: Cells | None, where: str) -> Field:
    def get(key: str) -> Any:
        return codes.codes_get(handle, key) if codes.codes_is_defined(handle, key) else None

    grid = _grid(codes, handle, where)
    if only is not None and not grid.same_as(only.grid):
        raise InputError(
            "this field is on another grid than the districts were laid over",
            where=where,
            hint="Read each grid with the district weights made for it.",
        )
    header, corrections = correct(_header(codes, handle, get))
    name, units, factor = canonical(header.short_name, header.units)
    threshold = header.threshold
    values = _values(codes, handle, grid, where)
    packing = _packing(get)
    if header.kind == "probability":
        values, packing = values / np.float32(100), packing / 100
        if threshold is not None:
            known = threshold.units == header.units
            threshold = Threshold(
                threshold.side,
                threshold.value * (factor if known else 1.0),
                units if known else threshold.units,
            )
        units = "1"
    elif factor != 1.0:
        values, packing = values * np.float32(factor), packing * factor
    reference, start, end = _times(codes, handle, get, where)
    return make_field(
        name=name,
        level=_level(get),
        units=units,
        kind=header.kind,
        member=_member(get) if header.kind == "member" else None,
        members=header.members,
        threshold=threshold,
        reference=reference,
        start_hour=start,
        end_hour=end,
        stream=str(get("stream") or ""),
        grid=grid,
        values=values,
        only=only,
        source=where,
        packing=packing,
        corrections=corrections,
    )


def _grid(codes: Any, handle: Any, where: str) -> RegularGrid:
    kind = codes.codes_get(handle, "gridType")
    if kind != "regular_ll":
        raise InputError(
            f"the grid {str(kind)[:40]!r} is not read: only regular latitude-longitude grids are",
            where=where,
        )
    keys = ("jPointsAreConsecutive", "alternativeRowScanning")
    if any(codes.codes_get(handle, key) for key in keys):
        raise InputError("the cells of this field run in an order that is not read", where=where)
    columns, rows = (codes.codes_get_long(handle, key) for key in ("Ni", "Nj"))
    if columns < 1 or rows < 1 or columns * rows > MAX_CELLS:
        raise InputError(f"the grid has more cells than the {MAX_CELLS:,} allowed", where=where)
    first_lat, last_lat, first_lon, last_lon = (
        codes.codes_get_double(handle, f"{axis}Of{end}GridPointInDegrees")
        for axis in ("latitude", "longitude")
        for end in ("First", "Last")
    )
    if codes.codes_get(handle, "iScansNegatively"):
        first_lon, last_lon = last_lon, first_lon
    span = (last_lon - first_lon) % 360
    if columns > 1 and span == 0:
        span = 360.0
    # The steps follow from both ends: the increments of a file are rounded, and may be missing.
    grid = RegularGrid(
        north=max(first_lat, last_lat),
        west=first_lon,
        step_lat=abs(first_lat - last_lat) / (rows - 1) if rows > 1 else 1.0,
        step_lon=span / (columns - 1) if columns > 1 else 1.0,
        rows=rows,
        columns=columns,
    )
    if codes.codes_get_long(handle, "numberOfDataPoints") != grid.size:
        raise InputError("this field has not as many values as its grid has cells", where=where)
    return grid


def _values(codes: Any, handle: Any, grid: RegularGrid, where: str) -> NDArray[np.float32]:
    codes.codes_set(handle, "missingValue", _MISSING)
    try:
        flat = codes.codes_get_values(handle, ktype=np.float32)
    except codes.FunctionNotImplementedError:  # JPEG 2000 is decoded in double precision only
        flat = codes.codes_get_values(handle).astype(np.float32)
    if flat.size != grid.size:
        raise InputError("this field has not as many values as its grid has cells", where=where)
    values = flat.reshape(grid.rows, grid.columns)
    if codes.codes_get(handle, "bitmapPresent"):
        values[values <= _MISSING / 2] = np.nan
    if codes.codes_get(handle, "jScansPositively"):
        values = values[::-1]
    if codes.codes_get(handle, "iScansNegatively"):
        values = values[:, ::-1]
    return np.asarray(values, dtype=np.float32)


def _packing(get: Any) -> float:
    """The step between packed values; 0 for a constant field, and where none is stated."""
    if not get("bitsPerValue") or get("binaryScaleFactor") is None:
        return 0.0
    return float(2.0 ** get("binaryScaleFactor") / 10.0 ** (get("decimalScaleFactor") or 0))


def _header(codes: Any, handle: Any, get: Any) -> Header:
    def limit(which: str) -> tuple[int, int] | None:
        keys = (f"scaleFactorOf{which}Limit", f"scaledValueOf{which}Limit")
        if any(get(key) is None or codes.codes_is_missing(handle, key) for key in keys):
            return None
        return get(keys[0]), get(keys[1])

    template = int(codes.codes_get(handle, "productDefinitionTemplateNumber"))
    kind = _KINDS.get(template, "other")
    if template in (2, 12):
        kind = _SUMMARIES.get(int(codes.codes_get(handle, "derivedForecast")), "other")
    members = get("numberOfForecastsInEnsemble")
    units = str(codes.codes_get(handle, "units"))
    lower = upper = number = octet = None
    if kind == "probability":
        lower, upper = limit("Lower"), limit("Upper")
        number, octet = get("forecastProbabilityNumber"), get("probabilityType")
    return Header(
        centre=str(codes.codes_get_string(handle, "centre")),
        parameter=(
            get("discipline"),
            get("parameterCategory"),
            get("parameterNumber"),
        ),
        short_name=str(codes.codes_get(handle, "shortName")),
        units=units,
        template=template,
        kind=kind,
        members=members or None,
        probability_number=number,
        probability_type=octet,
        lower=lower,
        upper=upper,
        threshold=threshold_of(octet, lower, upper, units),
    )


def _member(get: Any) -> int | None:
    number = get("perturbationNumber")
    return None if number is None else int(number)


def _level(get: Any) -> str:
    surface, level = get("typeOfFirstFixedSurface"), get("level")
    if str(surface) in ("pl", "100"):
        return f"{level} hPa"
    if str(surface) in ("103",) or (str(surface) in ("sfc", "1") and level):
        return f"{level} m"
    return "surface" if str(surface) in ("sfc", "1", "101") else f"{surface} {level}"


def _times(codes: Any, handle: Any, get: Any, where: str) -> tuple[datetime, float, float]:
    """Reference time, and begin and end of the period in hours after it."""
    hours = _HOURS.get(codes.codes_get_long(handle, "indicatorOfUnitOfTimeRange"))
    if hours is None:
        raise InputError("the unit of this forecast's step is not read", where=where)
    start = codes.codes_get_long(handle, "forecastTime") * hours
    end = start
    length = get("lengthOfTimeRange")
    if length is not None:
        unit = _HOURS.get(int(get("indicatorOfUnitForTimeRange")))
        if unit is None:
            raise InputError("the unit of this forecast's period is not read", where=where)
        end = start + int(length) * unit
    year, month, day, hour, minute, second = (
        int(codes.codes_get_long(handle, key))
        for key in ("year", "month", "day", "hour", "minute", "second")
    )
    try:
        reference = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise InputError("the reference time of this message is no date", where=where) from None
    if not 0 <= start <= end <= MAX_HOURS:
        raise InputError("the step of this forecast is not possible", where=where)
    return reference, float(start), float(end)
