"""The probability of each level in each district and window: from members, or from a product.

1. From members it is the share of them that pass the district's own threshold *anywhere* in it.
2. From a product of probabilities it is the *peak*: that of the district's likeliest place. Only
   the thresholds that the product holds can be asked; another one is no data, and those that are
   there are named.
3. A field that is given twice with different values is no data.
4. Of two grids, in each district the one counts that knows more levels; then the one that gives
   more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from early_warning.drafts.windows import Side, Window, preferred
from early_warning.grids import Field, NoData, Weights
from early_warning.grids.districts import gaps
from early_warning.grids.names import QUANTITIES

__all__ = ["Shares", "better", "in_degrees", "of_members", "of_product"]

Floats = NDArray[np.float64]

KELVIN = 273.15
SAME = 0.005
"""Thresholds nearer than this are one: files round, and kelvins are converted."""

_OFFSETS = {"K": KELVIN}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shares:
    """What is known of one hazard in one window, before post-processing.

    Attributes:
        start: Begin of the window, hours after the start of the run.
        end: Its end.
        raw: Shape (levels, districts); not a number where there is no data.
        why: For each level the reason of each district, empty where there is a probability.
        source: For each level, file and message.
        corrections: For each level what was put right in the file's metadata.
        members: Every member's value in every district, in mm, m/s or °C, shape
            (members, districts); null for a product.
    """

    start: float
    end: float
    raw: Floats
    why: tuple[tuple[str, ...], ...]
    source: tuple[str, ...]
    corrections: tuple[tuple[str, ...], ...]
    members: Floats | None


def in_degrees(values: NDArray[np.float32], units: str) -> Floats:
    """Values of a grid in the units of thresholds."""
    return np.asarray(values, np.float64) - _OFFSETS.get(units, 0.0)


def better(one: Shares, other: Shares) -> Shares:
    """Rule 4: the same window of two grids as one."""
    known = (~np.isnan(other.raw)).sum(axis=0) - (~np.isnan(one.raw)).sum(axis=0)
    more = np.nansum(other.raw, axis=0) > np.nansum(one.raw, axis=0)
    taken = (known > 0) | ((known == 0) & more)
    if taken.all() or not taken.any():
        return other if taken.all() else one
    members = None
    if one.members is not None or other.members is not None:
        # Where a grid has none, nothing is known: not a number.
        ours, theirs = (np.nan if it.members is None else it.members for it in (one, other))
        members = np.where(taken, theirs, ours)
    return replace(
        one,
        raw=np.where(taken, other.raw, one.raw),
        why=tuple(
            tuple(new if here else old for here, old, new in zip(taken, olds, news, strict=True))
            for olds, news in zip(one.why, other.why, strict=True)
        ),
        source=_together(one.source, other.source),
        corrections=tuple(
            tuple(dict.fromkeys(both))
            for both in map(tuple.__add__, one.corrections, other.corrections)
        ),
        members=members,
    )


def _together(ones: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        "; ".join(dict.fromkeys(filter(None, pair))) for pair in zip(ones, others, strict=True)
    )


def of_members(window: Window, amounts: Floats, side: Side) -> Shares:
    """Rule 1.

    Args:
        window: One of `windows_of`.
        amounts: Thresholds in mm, m/s or °C, shape (levels, districts); not a number where a
            district has none.
        side: Which side of the threshold is the event.
    """
    levels, districts = amounts.shape
    why = tuple(one.text if one else "" for one in window.why)
    raw = np.full((levels, districts), np.nan)
    if window.values is not None:
        # In single precision, as the grid's values are: both sides are rounded alike.
        limit = (amounts + _OFFSETS.get(window.units, 0.0)).astype(np.float32)
        with np.errstate(invalid="ignore"):
            for level in range(levels):
                hit = window.values > limit[level]
                if side == "below":
                    hit = window.values < limit[level]
                raw[level] = hit.mean(axis=0)
        raw[np.isnan(amounts) | np.array([bool(one) for one in why])] = np.nan
    return Shares(
        start=window.start,
        end=window.end,
        raw=raw,
        why=(why,) * levels,
        source=(window.source,) * levels,
        corrections=((),) * levels,
        members=None if window.values is None else in_degrees(window.values, window.units),
    )


def of_product(
    judged: Sequence[tuple[Field, NoData | None]],
    name: str,
    hours: int,
    amounts: Floats,
    side: Side,
    weights: Weights,
) -> list[Shares]:
    """Rule 2: the windows of a product, in order.

    Args:
        judged: Probabilities of one run and grid, each with what the gates said.
        name: The quantity.
        hours: What a value at a moment stands for; and how long a period of rain must be, for its
            thresholds are of so many hours.
        amounts: As for `of_members`.
        side: Which side of the threshold is the event.
        weights: Of the grid.
    """
    mine = [one for one in judged if one[0].name == name]
    level = preferred(name, (field.level for field, _ in mine))
    windows: defaultdict[tuple[float, float], list[tuple[Field, NoData | None]]] = defaultdict(list)
    for field, verdict in mine:
        if field.level == level and field.end_hour > 0:
            start = field.start_hour
            if start == field.end_hour:
                start = max(0.0, field.end_hour - hours)
            elif name == "rain" and field.end_hour - start != hours:
                what = f"rain of {field.end_hour - start:g} hours has no threshold of {hours} hours"
                verdict = NoData("unknown", what)
            windows[start, field.end_hour].append((field, verdict))
    return [
        _window(span, fields, name, amounts, side, weights)
        for span, fields in sorted(windows.items())
    ]


def _window(
    span: tuple[float, float],
    fields: list[tuple[Field, NoData | None]],
    name: str,
    amounts: Floats,
    side: Side,
    weights: Weights,
) -> Shares:
    levels, districts = amounts.shape
    units = QUANTITIES[name].units
    raw = np.full((levels, districts), np.nan)
    why = [["the district has no threshold"] * districts for _ in range(levels)]
    used: list[list[Field]] = [[] for _ in range(levels)]
    for value in np.unique(amounts[~np.isnan(amounts)]):
        field, peak, reasons = _event(fields, float(value), units, name, side, weights)
        for level in range(levels):
            here = amounts[level] == value
            if not here.any():
                continue
            if field is not None:
                used[level].append(field)
            for district in np.flatnonzero(here).tolist():
                why[level][district] = reasons[district]
                if peak is not None and not reasons[district]:
                    raw[level, district] = min(1.0, peak[district])
    return Shares(
        start=span[0],
        end=span[1],
        raw=raw,
        why=tuple(tuple(one) for one in why),
        source=tuple("; ".join(dict.fromkeys(one.source for one in ones)) for ones in used),
        corrections=tuple(
            tuple(dict.fromkeys(text for one in ones for text in one.corrections)) for ones in used
        ),
        members=None,
    )


def _event(
    fields: list[tuple[Field, NoData | None]],
    value: float,
    units: str,
    name: str,
    side: Side,
    weights: Weights,
) -> tuple[Field | None, Floats | None, tuple[str, ...]]:
    """The field of one threshold, its peak in every district, and why a district has none."""
    offset, shown = _OFFSETS.get(units, 0.0), "°C" if units == "K" else units
    known = [
        (field.threshold.value - offset, field, verdict)
        for field, verdict in fields
        if field.threshold is not None
        and field.threshold.side == side
        and field.threshold.units == units
    ]
    matching = [(field, verdict) for at, field, verdict in known if abs(at - value) < SAME]
    every = len(weights.codes)
    if not matching:
        there = ", ".join(f"{at:g}" for at in sorted({round(at, 2) for at, _, _ in known}))
        held = f"it has those {side} {there} {shown}" if there else f"it has none {side} any"
        refused = {verdict.text for _, verdict in fields if verdict is not None}
        also = f" ({'; '.join(sorted(refused))})" if refused and not there else ""
        what = f"the product has no probability of {name} {side} {value:g} {shown}; {held}{also}"
        return None, None, (what,) * every
    field, verdict = matching[0]
    if any(not np.array_equal(field.values, other.values) for other, _ in matching[1:]):
        return field, None, ("the files hold this probability twice, with other values",) * every
    if verdict is not None:
        return field, None, (verdict.text,) * every
    values = np.clip(field.values, 0, 1)  # packing may leave 1.0000001; the gates saw to the rest
    reasons = tuple(one.text if one else "" for one in gaps(weights, field.values))
    return field, weights.largest(values), reasons
