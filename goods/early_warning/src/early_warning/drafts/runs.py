"""The newest run among the files of a folder, read for the districts alone.

1. Only `.nc` is read as NetCDF, and `.grib2`, `.grib`, `.grb2` and `.bin` as GRIB2.
2. Of several runs only the newest of which a file can be read counts; the others are named. A run
   of the future is none. Where the newest has fewer files than an older one, or much less in them,
   that is told: it may not have come whole.
3. A file that cannot be read whole gives nothing, and a sentence. The rest is read.
4. Files on one grid are read together, so that members may come in several files.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from comity.errors import InputError
from comity.files import read_head
from early_warning.drafts.progress import Progress, counted
from early_warning.grids import Cells, Field, Weights, read_grib, read_netcdf
from early_warning.grids.gates import AHEAD
from early_warning.people import Area, district_weights

__all__ = ["MAX_FILES", "Layer", "Run", "read_run"]

MAX_FILES = 5_000
"""Limit for the files that a pattern may match; old ones are to be taken away."""

LESS = 0.75
"""A run with less than this share of an older one's bytes may lack something."""

_GRIB = (".grib2", ".grib", ".grb2", ".bin")
_HEAD = 4_096


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """The fields of a run that lie on one grid, and the districts laid over it."""

    weights: Weights
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """One forecast.

    Attributes:
        reference: When it started; null where no file could be used.
        files: The files read, by name.
        layers: Their fields, one layer for each grid.
        refused: What was passed over or could not be read, a sentence each.
    """

    reference: datetime | None
    files: tuple[str, ...]
    layers: tuple[Layer, ...]
    refused: tuple[str, ...]


def read_run(
    pattern: Path, areas: list[Area], names: Collection[str], *, now: datetime, progress: Progress
) -> Run:
    """Read the newest run.

    Args:
        pattern: A folder, and a name with `*`.
        areas: The districts.
        names: The quantities to keep, as `grids` names them.
        now: The present moment, UTC.
        progress: Told of every file.

    Raises:
        MissingPartError: a library that reads grids is not installed.
    """
    refused: list[str] = []
    started = _started(pattern, refused)
    for path, when in list(started.items()):
        if when - now > AHEAD:
            refused.append(f"{path.name}: its run of {_day(when)} lies in the future.")
            del started[path]
    if not started:
        refused = refused or [f"No file is named {pattern.name} in {pattern.parent}."]
        return Run(reference=None, files=(), layers=(), refused=tuple(refused))
    runs = sorted(set(started.values()))
    while True:  # rule 2
        newest = runs.pop()
        wanted = [path for path, when in started.items() if when == newest]
        layers, read = _layers(wanted, newest, areas, names, refused, progress)
        if layers or not runs:
            break
        refused.append(f"Nothing of the run of {_day(newest)} could be read: an older one is used.")
    if runs:
        told = ", ".join(_day(when) for when in runs[-5:])
        more = f" and {len(runs) - 5} more" if len(runs) > 5 else ""
        refused.append(f"Only the newest run is used; passed over: {told}{more}.")
        refused += _perhaps_not_whole(started, newest)
    return Run(
        reference=newest,
        files=tuple(str(name) for name in read),
        layers=tuple(Layer(weights=one, fields=tuple(fields)) for one, fields in layers),
        refused=tuple(refused),
    )


def _layers(
    wanted: Sequence[Path],
    newest: datetime,
    areas: list[Area],
    names: Collection[str],
    refused: list[str],
    progress: Progress,
) -> tuple[list[tuple[Weights, list[Field]]], list[object]]:
    """The fields of these files by their grid, and the names of the files read."""
    layers: list[tuple[Weights, list[Field]]] = []
    read: list[object] = []
    for path in wanted:
        progress(f"reading {path.name}", counted(read, len(wanted)))
        try:
            weights, fields = _read(path, areas, names, [one for one, _ in layers])
        except InputError as error:
            refused.append(f"{path.name}: {error.what}.")
            continue
        read.append(path.name)
        if any(field.reference != newest for field in fields):
            refused.append(f"{path.name}: it holds older runs too; they are passed over.")
            fields = [field for field in fields if field.reference == newest]
        for known, together in layers:
            if known is weights:
                together += fields
                break
        else:
            layers.append((weights, fields))
    return layers, read


def _perhaps_not_whole(started: Mapping[Path, datetime], newest: datetime) -> list[str]:
    """Whether an older run has more files, or much more in them (rule 2)."""
    found: dict[datetime, tuple[int, int]] = {}
    for path, when in started.items():
        number, size = found.get(when, (0, 0))
        with suppress(OSError):  # taken away since
            size += path.stat().st_size
        found[when] = (number + 1, size)
    number, size = found[newest]
    for when in sorted(found, reverse=True):
        files, held = found[when]
        if files > number or LESS * held > size:
            return [
                f"The run of {_day(newest)} may not have come whole: it has {number} of the "
                f"{files} files, and {size:,} of the {held:,} bytes, of the run of {_day(when)}. "
                "What it lacks is not known, and is not calm."
            ]
    return []


def _started(pattern: Path, refused: list[str]) -> dict[Path, datetime]:
    """When the run of each file started, from the first bytes; what cannot be read is said."""
    try:
        found = sorted(path for path in pattern.parent.glob(pattern.name) if path.is_file())
    except OSError as error:
        refused.append(f"{pattern.parent} cannot be read: {error.strerror}.")
        return {}
    if len(found) > MAX_FILES:
        refused.append(
            f"{len(found):,} files are named {pattern.name}, and at most {MAX_FILES:,} are looked "
            "at: take the old ones away. None was read."
        )
        return {}
    started = {}
    for path in found:
        name = os.fsencode(path.name).decode("utf-8", "replace")
        if name != path.name:  # nothing that is kept or shown can hold such a name
            refused.append(f"{name}: its name is not UTF-8. Give it another one.")
            continue
        try:
            started[path] = _reference(path)
        except InputError as error:
            refused.append(f"{path.name}: {error.what}.")
    return started


def _reference(path: Path) -> datetime:
    """When a file's first forecast started: section 1 of a GRIB message says it in its octets."""
    if path.suffix == ".nc":
        return next(read_netcdf(path)).reference
    if path.suffix not in _GRIB:
        raise InputError(f"a name that ends in {path.suffix[:20] or 'nothing'} is not read")
    head = read_head(path, _HEAD)
    at = head.find(b"GRIB")
    octets = head[at + 28 : at + 35]
    if at < 0 or len(octets) < 7:
        raise InputError("the file holds no GRIB message")
    try:
        month, day, hour, minute, second = octets[2:7]
        year = int.from_bytes(octets[:2], "big")
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise InputError("the reference time of its first message is no date") from None


def _read(
    path: Path, areas: list[Area], names: Collection[str], known: list[Weights]
) -> tuple[Weights, list[Field]]:
    """All fields of these quantities, on the cells of the districts."""
    grid = next(_fields(path, None)).grid
    weights = next((one for one in known if one.cells.grid.same_as(grid)), None)
    weights = weights or district_weights(areas, grid)
    # The path may hold what is nobody's business outside this computer; the name is enough.
    return weights, [
        replace(field, source=field.source.replace(str(path), path.name))
        for field in _fields(path, weights.cells)
        if field.name in names
    ]


def _fields(path: Path, only: Cells | None) -> Iterator[Field]:
    return read_netcdf(path, only) if path.suffix == ".nc" else read_grib(path, only)


def _day(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
