"""A made country of three districts, and files of an ensemble of five members for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from early_warning.grids import RegularGrid
from early_warning.service import Service, open_service
from goods.early_warning.tests.grids.made import ECMWF, message

GRID = RegularGrid(north=14, west=40, step_lat=0.5, step_lon=0.5, rows=11, columns=11)
"""From 9° to 14° north and from 40° to 45° east."""

BOXES = {"N1": (41.0, 12.0), "S2": (43.0, 10.0), "X3": (60.0, 10.0)}
"""South-western corner of each district of 1° by 1°; the third one lies beyond the grid."""

MEMBERS = 5

COUNTRY = """
languages = ["en"]
time_zone = "Africa/Djibouti"

[authority]
sender = "warnings@meteo.example"
names = {en = "Made Service"}

[people]
boundaries = "boundaries.json"
properties = {code = "code", name = "name", names = {en = "name"}}

[[people.tables]]
file = "people.csv"
columns = {code = "code", value = "number", group_column = "group"}

[forecast]
files = "incoming/*"
layout = {name = "five members", perturbed = 5}
"""

RAIN = """
[[hazards]]
hazard = "heavy_rain"
levels = [
  {impact = "minor", amount = "20"},
  {impact = "significant", amount = "40"},
  {impact = "severe", amount = "80"},
]
"""


def box(west: float, south: float) -> list[list[list[float]]]:
    """The outline of a district."""
    east, north = west + 1, south + 1
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def country(folder: Path, hazards: str = RAIN, text: str = COUNTRY) -> Path:
    """Write the country's files; the path of its `country.toml`."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": f"District {code}"},
            "geometry": {"type": "Polygon", "coordinates": box(*corner)},
        }
        for code, corner in BOXES.items()
    ]
    (folder / "boundaries.json").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    (folder / "people.csv").write_text(
        "code,group,number\nN1,residents,1000\nS2,residents,200\nX3,residents,30\n"
        "N1,herders,400\nN1,channel:radio,900\n"
    )
    (folder / "incoming").mkdir(exist_ok=True)
    path = folder / "country.toml"
    path.write_text(text + hazards)
    return path


def service(folder: Path, hazards: str = RAIN, text: str = COUNTRY) -> Service:
    """The made country, opened."""
    return open_service(country(folder, hazards, text))


def everywhere(values: Mapping[str, float], background: float = 0.0) -> NDArray[np.float64]:
    """A field with one value over each district, and one cell that keeps it from being constant."""
    field = np.full((GRID.rows, GRID.columns), background)
    lats, lons = GRID.latitudes(), GRID.longitudes()
    for code, value in values.items():
        west, south = BOXES[code]
        rows = (lats > south - 0.5) & (lats < south + 1.5)
        columns = (lons > west - 0.5) & (lons < west + 1.5)
        field[np.ix_(rows, columns)] = value
    field[0, 0] = background + 1
    return field


def rain_file(
    path: Path, members: Mapping[int, NDArray[np.float64]], steps: str, **keys: Any
) -> None:
    """Rain of the members in millimetres, one message each."""
    write(path, members, steps, short_name="tp", scale=0.001, **keys)


def write(
    path: Path,
    members: Mapping[int, NDArray[np.float64]],
    steps: str,
    *,
    short_name: str,
    scale: float = 1.0,
    grid: RegularGrid = GRID,
    **keys: Any,
) -> None:
    """Any quantity; steps such as `0-24` for a period, `24` for a moment."""
    path.write_bytes(
        b"".join(
            message(
                values * scale,
                grid,
                template=11 if "-" in steps else 1,
                **{
                    **ECMWF,
                    "stream": "enfo",
                    "type": "pf",
                    "shortName": short_name,
                    "perturbationNumber": number,
                    "numberOfForecastsInEnsemble": MEMBERS,
                    "stepRange": steps,
                    **keys,
                },
            )
            for number, values in members.items()
        )
    )


def pairs_file(
    path: Path, *, days: int = 1_500, seed: int = 1, useful: bool = True, sign: float = 1.0
) -> None:
    """Past days with an observation and five runs: near it, or of other weather."""
    rng = np.random.default_rng(seed)
    when = np.datetime64("2018-01-01") + np.arange(days)
    truth = rng.gamma(0.5, 20.0, days)
    seen = truth if useful else rng.permutation(truth)
    runs = np.maximum(0, seen[:, None] * rng.lognormal(0, 0.15, (days, MEMBERS)))
    rows = [
        f"{day},{value:.2f}," + ",".join(f"{run:.2f}" for run in some)
        for day, value, some in zip(when, sign * truth, sign * runs, strict=True)
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text("day,observed,m1,m2,m3,m4,m5\n" + "\n".join(rows) + "\n")


PAIRS = """
pairs = {files = "pairs/{code}-{lead}.csv", day = "day", observed = "observed", members = [
  "m1", "m2", "m3", "m4", "m5"]}
"""
