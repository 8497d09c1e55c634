"""One made forecast day: an ensemble of 51 runs as GRIB2, and what then happened.

As ECMWF's open data since 2026: 50 perturbed runs in stream `enfo`, the control in `oper`; rain
since the start of the run; gusts and temperatures of each 24 hours. Each message says that it is
made: its version is `made`, and it is marked as no operational product.

One field is spoilt on purpose: the rain of run 17 after 72 hours is zero everywhere, as a job that
failed would write it. Rain since the start cannot fall: both days that this field belongs to are
*no data* and never *no rain*.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from early_warning.grids.libraries import library
from early_warning.grids.regular import RegularGrid

__all__ = ["GRID", "OBSERVATIONS", "SPOILT", "STEPS", "fields", "observations"]

Floats = NDArray[np.float64]

GRID = RegularGrid(north=13, west=59, step_lat=0.25, step_lon=0.25, rows=25, columns=25)
STEPS = (24, 48, 72, 96)
SPOILT = (17, 72)
"""Run and step of the rain that is zero everywhere."""
SEED = 51


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """Where rain falls in one day: its middle, its width in degrees, and its amount in mm."""

    day: int
    lon: float
    lat: float
    width: float
    rain: float


_STORMS = (
    Storm(day=0, lon=62.7, lat=11.3, width=0.8, rain=58),
    Storm(day=1, lon=63.3, lat=10.1, width=0.9, rain=82),
    Storm(day=1, lon=60.9, lat=9.9, width=0.5, rain=15),
    Storm(day=2, lon=63.4, lat=9.0, width=0.8, rain=50),
    Storm(day=3, lon=62.9, lat=8.6, width=0.7, rain=12),
)


def fields(start: datetime) -> Iterator[bytes]:
    """Every message of the day: rain to each step, gust and greatest heat of each day.

    Args:
        start: When the run starts, UTC.
    """
    lot = np.random.default_rng(SEED)
    runs = [_run(lot) for _ in range(51)]
    for number, (rain, gust, heat) in enumerate(runs):
        fallen = np.cumsum(rain, axis=0) / 1000  # in metres, as the centre writes it
        for place, step in enumerate(STEPS):
            spoilt = (number, step) == SPOILT
            since = np.zeros_like(fallen[place]) if spoilt else fallen[place]
            yield _message(start, number, "tp", f"0-{step}", since)
            period = f"{step - 24}-{step}"
            yield _message(start, number, "10fg", period, gust[place])
            yield _message(start, number, "mx2t24", period, heat[place])


def _run(lot: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Rain (mm), gust (m/s) and greatest heat (K) of each day; shape (days, rows, columns)."""
    lon, lat = np.meshgrid(GRID.longitudes(), GRID.latitudes())
    rain = np.stack([_drizzle(lot, lon, lat) for _ in STEPS])
    gust = np.stack([7.0 + 2.0 * _waves(lot, lon, lat) for _ in STEPS])
    for storm in _STORMS:
        east, north = lot.normal(0, 0.22, 2)
        amount = storm.rain * float(np.exp(lot.normal(0, 0.25)))
        apart = (lon - storm.lon - east) ** 2 + (lat - storm.lat - north) ** 2
        shape = np.exp(-apart / (2 * (0.6 * storm.width) ** 2))
        rain[storm.day] += amount * shape
        gust[storm.day] += 0.17 * amount * shape
    inland = np.exp(-((lon - 60.8) ** 2 + (lat - 9.4) ** 2) / 0.5)
    heat = (
        np.stack([299.5 + 14.6 * inland + 0.4 * _waves(lot, lon, lat) for _ in STEPS]) - 0.05 * rain
    )
    return rain, np.maximum(gust, 0.5), heat


def _drizzle(lot: np.random.Generator, lon: Floats, lat: Floats) -> Floats:
    return np.asarray(np.maximum(1.5 * _waves(lot, lon, lat) - 1.0, 0), np.float64)


def _waves(lot: np.random.Generator, lon: Floats, lat: Floats) -> Floats:
    """A smooth field of mean 0 and variance about 1: six waves of random direction."""
    total = np.zeros_like(lon)
    for _ in range(6):
        east, north = lot.normal(0, 1.6, 2)
        total += np.sin(east * lon + north * lat + lot.uniform(0, 2 * np.pi))
    return np.asarray(total / np.sqrt(3), np.float64)


def _message(start: datetime, number: int, name: str, period: str, values: Floats) -> bytes:
    codes = library("eccodes")
    handle = codes.codes_grib_new_from_samples("regular_ll_sfc_grib2")
    whose: dict[str, Any] = (
        {"productDefinitionTemplateNumber": 8, "stream": "oper", "type": "fc"}
        if number == 0
        else {"productDefinitionTemplateNumber": 11, "stream": "enfo", "type": "pf"}
    )
    settings = {
        "Ni": GRID.columns,
        "Nj": GRID.rows,
        "latitudeOfFirstGridPointInDegrees": GRID.north,
        "latitudeOfLastGridPointInDegrees": float(GRID.latitudes()[-1]),
        "longitudeOfFirstGridPointInDegrees": GRID.west,
        "longitudeOfLastGridPointInDegrees": float(GRID.longitudes()[-1]),
        "iDirectionIncrementInDegrees": GRID.step_lon,
        "jDirectionIncrementInDegrees": GRID.step_lat,
        "dataDate": int(f"{start:%Y%m%d}"),
        "dataTime": int(f"{start:%H%M}"),
        "productDefinitionTemplateNumber": whose["productDefinitionTemplateNumber"],
        "packingType": "grid_ccsds",
        "bitsPerValue": 16,
        "centre": "ecmf",  # whose layout it copies; the version says that it is not theirs
        "setLocalDefinition": 1,
        "localDefinitionNumber": 1,
        "expver": "made",
        "productionStatusOfProcessedData": 2,  # code table 1.3: a research product
        "stream": whose["stream"],
        "type": whose["type"],
        "shortName": name,
        "stepRange": period,
    }
    if number:
        settings |= {"perturbationNumber": number, "numberOfForecastsInEnsemble": 51}
    for key, value in settings.items():
        codes.codes_set(handle, key, value)
    codes.codes_set_values(handle, values.reshape(-1))
    data = bytes(codes.codes_get_message(handle))
    codes.codes_release(handle)
    return data


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was observed in one district on one day of the forecast.

    Attributes:
        event: Whether there was heavy rain; null where nobody looked.
        began: Hours after the start of that day.
    """

    event: bool | None
    began: float | None = None


_QUIET, _NOBODY = Seen(event=False), Seen(event=None)
OBSERVATIONS: dict[int, dict[str, Seen]] = {
    0: {"XC01": Seen(event=True, began=3.5), "XC02": _QUIET},
    1: {
        "XC02": Seen(event=True, began=9.0),
        "XC03": Seen(event=True, began=6.5),
        "XC04": _QUIET,
        "XC05": Seen(event=True, began=8.0),
        "XC06": _QUIET,
        "XC09": Seen(event=True, began=15.0),
        "XC12": _NOBODY,
    },
}
"""By day and district; all others were quiet. On North Shore the rain came before the alert."""


def observations(start: datetime, districts: tuple[str, ...]) -> bytes:
    """What happened in every district in the first 48 hours, as CSV."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["district", "hazard", "start", "end", "event", "began"])
    for day, seen in OBSERVATIONS.items():
        begins = start + timedelta(days=day)
        for code in districts:
            one = seen.get(code, _QUIET)
            began = "" if one.began is None else _utc(begins + timedelta(hours=one.began))
            event = "" if one.event is None else ("yes" if one.event else "no")
            ends = _utc(begins + timedelta(days=1))
            table.writerow([code, "heavy_rain", _utc(begins), ends, event, began])
    return text.getvalue().encode()


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}+00:00"
