"""One forecast field, in our words: what it is, when it holds, and its values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from early_warning.grids.regular import Cells, RegularGrid

__all__ = ["MAX_HOURS", "Field", "Kind", "Threshold", "make_field"]

MAX_HOURS = 24 * 400
"""No forecast reaches further than this after its start."""

Kind = Literal["member", "deterministic", "probability", "mean", "spread", "other"]
"""What the values are: of one ensemble member, of a single run, a probability, or a summary."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """The event of a probability field: `above` or `below` a value, in `units`."""

    side: Literal["above", "below"]
    value: float
    units: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """One field of one forecast.

    Attributes:
        name: What is forecast: `rain`, `gust` …; see `names.py`.
        level: Where: `surface`, `10 m`, `850 hPa` …, as kind and number.
        units: Of the values: `mm`, `m/s`, `K` …; of a probability `1`.
        kind: See `Kind`.
        member: Number of the member; 0 is the control; null where the field is of no member.
        members: How many members a probability, mean or spread was made from; null if not stated.
        threshold: The event of a probability, else null; null with kind `probability` is
            unreadable.
        reference: When the forecast started, UTC.
        start_hour: Begin of the period that the values describe, hours after `reference`.
        end_hour: Its end; equal to `start_hour` for a moment.
        stream: Of the ensemble or of the single run, as the centre names it (`enfo`, `oper`), or
            empty.
        grid: The grid of the file.
        values: The values on the whole grid, or on the cells asked for; not a number where missing.
        low: Smallest value on the whole grid; not a number where all are missing.
        high: Largest value on the whole grid.
        mean: Mean of all cells that have a value, alike; not a number where all are missing.
        packing: Step between the values that the file can hold; 0 where they are not packed.
        missing: Number of missing cells on the whole grid.
        source: File and message, for people.
        corrections: What the table of overrides put right, in sentences.
    """

    name: str
    level: str
    units: str
    kind: Kind
    member: int | None
    members: int | None
    threshold: Threshold | None
    reference: datetime
    start_hour: float
    end_hour: float
    stream: str
    grid: RegularGrid
    values: NDArray[np.float32]
    low: float
    high: float
    mean: float
    packing: float
    missing: int
    source: str
    corrections: tuple[str, ...] = ()

    @property
    def valid(self) -> datetime:
        """End of the period that the values describe, UTC."""
        return self.reference + timedelta(hours=self.end_hour)

    @property
    def subject(self) -> tuple[str, str, datetime, float, float]:
        """What members and thresholds of one forecast have in common."""
        return (self.name, self.level, self.reference, self.start_hour, self.end_hour)


def make_field(
    *,
    name: str,
    level: str,
    units: str,
    kind: Kind,
    member: int | None,
    members: int | None,
    threshold: Threshold | None,
    reference: datetime,
    start_hour: float,
    end_hour: float,
    stream: str,
    grid: RegularGrid,
    values: NDArray[np.float32],
    only: Cells | None,
    source: str,
    packing: float = 0.0,
    corrections: tuple[str, ...] = (),
) -> Field:
    """Describe the whole grid, then keep the cells asked for.

    `values` is the whole grid, rows from north to south, shape (rows, columns) or (cells,); `only`
    names the cells to keep, on the same grid, and null keeps all. The others are those of `Field`.
    """
    flat = np.ascontiguousarray(values, dtype=np.float32).reshape(-1)
    finite = np.isfinite(flat)
    missing = int(flat.size - np.count_nonzero(finite))
    if missing:  # infinity is no value either
        flat = np.where(finite, flat, np.float32(np.nan))
    known = flat if missing == 0 else flat[finite]
    low = high = mean = np.nan
    if known.size:
        low, high, mean = float(known.min()), float(known.max()), float(known.mean())
    return Field(
        name=name,
        level=level,
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
        values=flat if only is None else flat[only.index],
        low=low,
        high=high,
        mean=mean,
        packing=packing,
        missing=missing,
        source=source,
        corrections=corrections,
    )
