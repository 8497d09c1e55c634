"""GRIB2 messages and fields made for tests, through ecCodes' own sample."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from early_warning.grids import Cells, Field, RegularGrid, Threshold
from early_warning.grids.field import Kind, make_field
from early_warning.grids.libraries import library

START = datetime(2026, 11, 22, 0, tzinfo=UTC)

WORLD = RegularGrid(north=90, west=0, step_lat=10, step_lon=10, rows=19, columns=36)
"""A coarse grid of the whole Earth: 684 cells."""

ECMWF: dict[str, Any] = {"centre": "ecmf", "setLocalDefinition": 1, "localDefinitionNumber": 1}


def some_rain(seed: int = 0, grid: RegularGrid = WORLD) -> NDArray[np.float64]:
    """Rain that varies from cell to cell, in millimetres."""
    return np.random.default_rng(seed).gamma(0.4, 20.0, (grid.rows, grid.columns))


def message(
    values: NDArray[np.float64], grid: RegularGrid = WORLD, *, template: int = 11, **keys: Any
) -> bytes:
    """One GRIB2 message; `values` have rows from north to south; missing where not a number."""
    codes = library("eccodes")
    handle = codes.codes_grib_new_from_samples("regular_ll_sfc_grib2")
    south = grid.north - (grid.rows - 1) * grid.step_lat
    settings = {
        "Ni": grid.columns,
        "Nj": grid.rows,
        "latitudeOfFirstGridPointInDegrees": grid.north,
        "latitudeOfLastGridPointInDegrees": south,
        "longitudeOfFirstGridPointInDegrees": grid.west,
        "longitudeOfLastGridPointInDegrees": grid.west + (grid.columns - 1) * grid.step_lon,
        "iDirectionIncrementInDegrees": grid.step_lon,
        "jDirectionIncrementInDegrees": grid.step_lat,
        "dataDate": int(f"{START:%Y%m%d}"),
        "dataTime": 0,
        "productDefinitionTemplateNumber": template,
        "packingType": "grid_ccsds",
        "bitsPerValue": 16,
    } | keys
    flat = np.asarray(values, dtype=np.float64).reshape(-1)
    if np.isnan(flat).any():
        settings |= {"bitmapPresent": 1, "missingValue": 9999.0}
        flat = np.where(np.isnan(flat), 9999.0, flat)
    for key, value in settings.items():
        codes.codes_set(handle, key, value)
    codes.codes_set_values(handle, flat)
    data = bytes(codes.codes_get_message(handle))
    codes.codes_release(handle)
    return data


def member(
    number: int, values: NDArray[np.float64], steps: str = "0-24", grid: RegularGrid = WORLD
) -> bytes:
    """Rain of one perturbed member, in metres, as in ECMWF's open data."""
    return message(
        values / 1000,
        grid,
        **ECMWF,
        stream="enfo",
        type="pf",
        shortName="tp",
        perturbationNumber=number,
        numberOfForecastsInEnsemble=51,
        stepRange=steps,
    )


def single_run(
    values: NDArray[np.float64], steps: str = "0-24", grid: RegularGrid = WORLD
) -> bytes:
    """Rain of the high-resolution run: since cycle 50r1 the control of the ensemble."""
    return message(
        values / 1000,
        grid,
        template=8,
        **ECMWF,
        stream="oper",
        type="fc",
        shortName="tp",
        stepRange=steps,
    )


def old_control(values: NDArray[np.float64]) -> bytes:
    """Rain of the control as it was in the ensemble's own stream before cycle 50r1."""
    return message(
        values / 1000,
        **ECMWF,
        stream="enfo",
        type="cf",
        shortName="tp",
        perturbationNumber=0,
        numberOfForecastsInEnsemble=51,
        stepRange="0-24",
    )


def field(
    values: NDArray[np.float64],
    grid: RegularGrid = WORLD,
    *,
    name: str = "rain",
    units: str = "mm",
    kind: Kind = "member",
    member: int | None = 1,
    members: int | None = 51,
    threshold: Threshold | None = None,
    reference: datetime = START,
    start_hour: float = 0.0,
    end_hour: float = 24.0,
    stream: str = "enfo",
    only: Cells | None = None,
) -> Field:
    """One field, without a file."""
    return make_field(
        name=name,
        level="surface",
        units=units,
        kind=kind,
        member=member,
        members=members,
        threshold=threshold,
        reference=reference,
        start_hour=start_hour,
        end_hour=end_hour,
        stream=stream,
        grid=grid,
        values=np.asarray(values, dtype=np.float32),
        only=only,
        source="made",
    )


def odds_field(values: NDArray[np.float64], limit: float, **more: Any) -> Field:
    """A probability of rain above a limit."""
    return field(
        values,
        units="1",
        kind="probability",
        member=None,
        threshold=Threshold("above", limit, "mm"),
        **more,
    )
