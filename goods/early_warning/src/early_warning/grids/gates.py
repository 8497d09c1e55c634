"""Quality gates: what must not be believed becomes *no data*, with the reason; never *no hazard*.

Single fields, in this order:
1. **unknown** — the name has no limits in `names.QUANTITIES`, the units are not ours, the kind is
   not read, a probability has no readable event, or rain has no period: millimetres of nobody
   knows how many hours.
2. **stale** — the run is older than allowed, or starts in the future: a clock or a file is wrong.
3. **missing** — a cell of the file has no value, beyond the share allowed.
4. **impossible** — a value lies outside what can occur on Earth, or a probability outside 0 to 1;
   or every probability is below one in a hundred where one member would weigh more: a ratio written
   where percent was meant. Or on more than a tenth of the Earth no cell has `LEAST_RAIN` in six
   hours or more: metres that are said to be millimetres.
5. **constant** — all cells hold one value. The atmosphere is never so. An all-zero field is what a
   failed job writes; on a small domain it may be a dry day, and nobody can tell. So it is *no
   data*, unless rule 6 vouches for it. A single cell has always one value: only zero is refused.

Families: the fields of one forecast, which differ in member or threshold alone.
6. A constant field counts if it is zero rain or snow, or a probability of zero or one, and a sister
   of the same forecast passes and is not constant: with rain in the other members, or at the lower
   threshold, a dry member, or a certain absence of the extreme, is news and no defect. Wind that is
   still everywhere is none; nor is a dry member, or a certain event, on more than a tenth of the
   Earth. On at most `FEW` cells any probability may be the same in all; there a sister with another
   value vouches too, because a failed job writes one value everywhere.
7. **impossible** — a more extreme event is more probable than a milder one in some cell, by more
   than packing explains: the order of the thresholds is wrong, so all of them are refused.
8. **miscounted** — an ensemble has not exactly the members that its layout says (`ensemble.py`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

import numpy as np

from early_warning.grids.field import Field
from early_warning.grids.names import QUANTITIES

__all__ = ["Gates", "NoData", "Reason", "gate"]

Reason = Literal["unknown", "stale", "missing", "impossible", "constant", "miscounted", "outside"]
"""Why there is no data; `outside` is a district that the grid does not cover (`districts.py`)."""

PACKING = 0.011
"""Probabilities are packed to a hundredth: so much may a milder event fall short of a worse one."""

LEAST_RAIN = 5.0
"""Millimetres: of half a month's rain in metres the largest value on Earth is less."""

FEW = 100
"""So many cells may all be hit by the same number of members."""

_MAY_BE_NOWHERE = ("rain", "snow_depth")
"""What a whole field may have none of."""

AHEAD = timedelta(minutes=30)
"""So far may clocks differ before a run counts as coming from the future."""


@dataclass(frozen=True, slots=True)
class NoData:
    """Nothing is known here, and why."""

    reason: Reason
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """How strict the gates are.

    Attributes:
        now: The present moment, UTC; null where the past is studied, and age does not matter.
        max_age: The oldest run that may be used.
        max_missing: The largest share of missing cells in a file.
    """

    now: datetime | None
    max_age: timedelta = timedelta(hours=36)
    max_missing: float = 0.0


def gate(fields: Iterable[Field], gates: Gates) -> tuple[tuple[Field, NoData | None], ...]:
    """Each field with the reason why it is no data, or null; in the order given."""
    found = list(fields)
    verdicts = [_single(field, gates) for field in found]
    families: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, field in enumerate(found):
        # Events below a value are a family of their own; members and probabilities never mix.
        side = field.threshold.side if field.threshold else ""
        families[(*field.subject, field.grid, field.kind, side)].append(place)
    for places in families.values():
        _vouch([found[place] for place in places], verdicts, places)
        _ordered([found[place] for place in places], verdicts, places)
    return tuple(zip(found, verdicts, strict=True))


def _single(field: Field, gates: Gates) -> NoData | None:
    """Rules 1 to 5."""
    probability = field.kind == "probability"
    quantity = QUANTITIES.get(field.name)
    if quantity is None or field.kind == "other":
        return NoData("unknown", f"{field.name} ({field.kind}) is not known here: {field.source}")
    if field.units != ("1" if probability else quantity.units):
        return NoData("unknown", f"the units {field.units!r} are not those of {field.name}")
    if probability and field.threshold is None:
        return NoData("unknown", "the file does not say which event its probability is of")
    if field.name == "rain" and not field.end_hour > field.start_hour:
        return NoData("unknown", "the file does not say in how many hours the rain falls")
    if field.kind == "member" and field.member is None:
        return NoData("unknown", "the file does not say which member this is")
    if gates.now is not None:
        age = gates.now - field.reference
        if age > gates.max_age or age < -AHEAD:
            hours = abs(age) / timedelta(hours=1)
            size = f"{hours:.0f} hours" if hours < 100 else f"{hours / 24:,.0f} days"
            what = f"{size} old" if age > timedelta(0) else f"{size} in the future"
            return NoData("stale", f"the run of {field.reference:%Y-%m-%d %H:%M} UTC is {what}")
    if field.missing > gates.max_missing * field.grid.size or not math.isfinite(field.low):
        return NoData("missing", f"{field.missing:,} of {field.grid.size:,} cells have no value")
    low, high = (0.0, 1.0) if probability else (quantity.low, quantity.high)
    if field.kind == "spread":
        low, high = 0.0, quantity.high - quantity.low
    slack = PACKING / 10 if probability or low == 0 else 0.0
    if field.low < low - slack or field.high > high + slack:
        return NoData(
            "impossible",
            f"{field.name} from {field.low:g} to {field.high:g} {field.units} does not occur",
        )
    if probability and 0 < field.high <= 0.0101 and (field.members or 0) < 99:
        return NoData("impossible", "the probabilities look like ratios where percent was meant")
    if field.low == field.high and (field.grid.size > 1 or field.low == 0):
        what = "the probability" if probability else "the value"
        units = "" if probability else f" {field.units}"
        return NoData("constant", f"every cell of the file has {what} {field.low:g}{units}")
    if _too_dry(field):
        return NoData("impossible", f"on so large a grid {field.high:g} mm cannot be the most rain")
    return None


def _too_dry(field: Field) -> bool:
    """Whether it looks like rain written in metres."""
    return (
        field.name == "rain"
        and field.kind in ("member", "deterministic")
        and field.grid.is_wide
        and field.end_hour - field.start_hour >= 6
        and field.high < LEAST_RAIN
    )


def _vouch(family: Sequence[Field], verdicts: list[NoData | None], places: Sequence[int]) -> None:
    """Rule 6."""
    constant = [
        (field, place)
        for field, place in zip(family, places, strict=True)
        if (verdict := verdicts[place]) is not None and verdict.reason == "constant"
    ]
    few = family[0].kind == "probability" and family[0].grid.size <= FEW
    differ = few and len({field.low for field, _ in constant}) > 1
    if not differ and not any(verdicts[place] is None for place in places):
        return
    for field, place in constant:
        if few or _may_be_everywhere(field):
            verdicts[place] = None


def _may_be_everywhere(field: Field) -> bool:
    """Whether its one value can be so in every cell of a field."""
    if field.kind == "probability":
        return field.low == 0.0 or (field.low == 1.0 and not field.grid.is_wide)
    if field.name == "rain" and field.grid.is_wide:
        return False
    return field.low == 0.0 and field.name in _MAY_BE_NOWHERE


def _ordered(family: Sequence[Field], verdicts: list[NoData | None], places: Sequence[int]) -> None:
    """Rule 7: compare neighbours from the mildest event to the most extreme one."""
    events = [
        (field.threshold.value if field.threshold.side == "above" else -field.threshold.value, at)
        for at, field in enumerate(family)
        if field.threshold is not None and verdicts[places[at]] is None
    ]
    events.sort()
    for (_, mild), (_, extreme) in pairwise(events):
        if np.any(family[extreme].values > family[mild].values + PACKING):
            for _, at in events:
                verdicts[places[at]] = NoData(
                    "impossible", "a more extreme event is given a higher probability than a milder"
                )
            return
