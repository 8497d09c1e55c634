"""Windows of a run: for each, every member's most extreme value in every district.

1. A window is `hours` long and begins at a multiple of them after the start of the run. Rain is
   added up over it: from periods that fill it, or as the difference of two sums since the start of
   the run, as ECMWF writes them. Of gusts and of the day's highest and lowest temperature it is the
   most extreme of the periods that fill it.
2. A window that is not filled is no data, with what is missing: a file that did not come never
   makes a window milder.
3. A value at a moment stands for the `hours` before it, and has a window of its own.
4. A window that any part of which is no data has none either.
5. Rain since the start of a run that is less than at an earlier step is no data; so are both
   windows beside that step.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from early_warning.grids import Ensemble, NoData, Weights, accumulated, rising
from early_warning.grids.districts import gaps, member_values

__all__ = ["MAX_WINDOWS", "Side", "Window", "preferred", "windows_of"]

MAX_WINDOWS = 120
"""Limit for the windows of one hazard; one more is made, by which `look_ahead` knows of more."""

Side = Literal["above", "below"]
Found = Mapping[tuple[float, float], Ensemble | NoData]
"""By begin and end, hours after the start of the run."""

_LEVELS = {"rain": ("surface",), "gust": ("10 m", "surface"), "wind": ("10 m", "surface")}
_TEMPERATURE = ("2 m", "surface")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """One window of one quantity.

    Attributes:
        start: Its begin, hours after the start of the run.
        end: Its end.
        values: Shape (members, districts), in the units of the grid; null where nothing is known.
        units: Of the values.
        why: Why a district has no data, or null; one for each district.
        source: File and message.
    """

    start: float
    end: float
    values: NDArray[np.float32] | None
    units: str
    why: tuple[NoData | None, ...]
    source: str


def preferred(name: str, levels: Iterable[str]) -> str | None:
    """The height that counts for people: 10 m for wind, 2 m for temperature, else the ground."""
    there = set(levels)
    return next((one for one in _LEVELS.get(name, _TEMPERATURE) if one in there), None)


def windows_of(
    found: Mapping[tuple[str, str, datetime, float, float], Ensemble | NoData],
    name: str,
    hours: int,
    side: Side,
    weights: Weights,
) -> list[Window]:
    """The windows of one quantity, in order; none where the run does not hold it.

    Args:
        found: What `grids.ensembles` gave, of one run.
        name: The quantity.
        hours: The length of a window.
        side: `above` where the largest value is the most extreme.
        weights: Of the grid of these ensembles.
    """
    level = preferred(name, (subject[1] for subject in found if subject[0] == name))
    mine = {
        (round(subject[3], 3), round(subject[4], 3)): one
        for subject, one in found.items()
        if subject[:2] == (name, level) and subject[4] > 0
    }
    periods: Found = {span: one for span, one in mine.items() if span[0] < span[1]}
    periods = _risen(periods) if name == "rain" else periods
    last = max((end for _, end in periods), default=0.0)
    windows = {}
    for number in range(min(math.ceil(last / hours), MAX_WINDOWS + 1)):
        span = (float(number * hours), float((number + 1) * hours))
        whole = _sum(periods, *span) if name == "rain" else None
        parts = _parts(periods, *span) if whole is None else whole
        windows[span] = _window(span, parts, side, weights)
    for start, end in mine:
        span = (max(0.0, end - hours), end)
        if start == end and span not in windows:
            windows[span] = _window(span, [mine[end, end]], side, weights)
    return sorted(windows.values(), key=lambda one: (one.start, one.end))


def _parts(periods: Found, start: float, end: float) -> list[Ensemble | NoData]:
    """The periods that fill a window, the longest first; or no data (rule 2)."""
    at, parts = start, []
    while at < end:
        ends = [stop for begin, stop in periods if begin == at and stop <= end]
        if not ends:
            missing = f"hours {at:g} to {end:g} after the start of the run are in no file"
            return [NoData("missing", missing)]
        parts.append(periods[at, max(ends)])
        at = max(ends)
    return parts


def _sum(periods: Found, start: float, end: float) -> list[Ensemble | NoData]:
    """Rain in a window (rule 1), as one ensemble or no data."""
    parts = _parts(periods, start, end)
    gap = isinstance(parts[0], NoData) and (start, end) not in periods
    if gap and (0.0, start) in periods and (0.0, end) in periods:
        earlier, later = periods[0.0, start], periods[0.0, end]
        if isinstance(earlier, NoData) or isinstance(later, NoData):
            return [one for one in (earlier, later) if isinstance(one, NoData)]
        return [accumulated(earlier, later)]
    if gap and start > 0 and (0.0, start) not in periods and (0.0, end) in periods:
        what = f"rain since the start of the run to hour {start:g} is in no file"
        return [NoData("missing", what)]
    total: Ensemble | None = None
    for part in parts:
        if isinstance(part, NoData):
            return [part]
        total = part if total is None else _added(total, part)
    return [] if total is None else [total]


def _added(one: Ensemble, other: Ensemble) -> Ensemble:
    return replace(
        other,
        start_hour=one.start_hour,
        values=one.values + other.values,
        means=one.means + other.means,
        packing=one.packing + other.packing,
    )


def _risen(periods: Found) -> Found:
    """Rain since the start of the run, without the steps that fall below an earlier one."""
    sums = [
        (span, one)
        for span, one in sorted(periods.items(), key=lambda item: item[0])
        if span[0] == 0 and isinstance(one, Ensemble)
    ]
    checked = rising([one for _, one in sums])
    return {**periods, **dict(zip((span for span, _ in sums), checked, strict=True))}


def _window(
    span: tuple[float, float], parts: list[Ensemble | NoData], side: Side, weights: Weights
) -> Window:
    """Rule 4; the most extreme of the parts, member by member."""
    nothing: NoData | None = next((one for one in parts if isinstance(one, NoData)), None)
    members = [one for one in parts if isinstance(one, Ensemble)]
    if nothing is None and len({len(one.values) for one in members}) > 1:
        nothing = NoData("miscounted", "the periods of the window have different members")
    start, end = span
    if nothing is not None:
        why = (nothing,) * len(weights.codes)
        return Window(start=start, end=end, values=None, units="", why=why, source="")
    found = [member_values(one, weights, side) for one in members]
    extreme = (np.maximum if side == "above" else np.minimum).reduce(found)
    every = [gaps(weights, one.values) for one in members]
    return Window(
        start=start,
        end=end,
        values=extreme,
        units=members[0].units,
        why=tuple(next((one for one in ones if one), None) for ones in zip(*every, strict=True)),
        source=members[-1].source,
    )
