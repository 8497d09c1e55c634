"""The weather of Coast: daily rain and heat of 28 years, and what forecasts said of eight of them.

How it is made: each day and district has a number z from a standard normal distribution, alike for
neighbours and from day to day; rain is (z − z0)^1.5 times the district's scale, with z0 high in the
dry season. A forecast knows a part of z, by `District.sees`: where it sees much it has skill, where
it sees nothing it has none. Its members are too wet and too much alike, as those of real ensembles
are, so that there is something to learn from the past. All of it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goods.early_warning.demo.land import DISTRICTS, District

__all__ = ["LEADS", "MEMBERS", "Past", "make_past", "pairs_table", "record_table"]

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]

FIRST, FIRST_PAIR, LAST = "1998-01-01", "2018-01-01", "2025-12-31"
LEADS = (24, 48)
MEMBERS = 51
SEED = 20_261_121
TOGETHER = 0.55
"""Share of a day's weather that all districts have in common."""
MEMORY = 0.25
"""How much of a day's weather is that of the day before."""
NARROW, BIAS = 0.55, 0.12
"""How widely members are spread, of what would be right; and how much too wet they are, in z."""


@dataclass(frozen=True, kw_only=True)
class Past:
    """What happened, and what was forecast.

    Attributes:
        days: From `FIRST` to `LAST`; shape (n,).
        rain: mm a day, by district; shape (n,) each.
        heat: Daily maximum in °C, by district; shape (n,) each.
        forecasts: By district and lead: rain of each member in mm, shape (pairs, MEMBERS).
        paired: The days that have forecasts; shape (pairs,).
    """

    days: Days
    rain: Mapping[str, Floats]
    heat: Mapping[str, Floats]
    forecasts: Mapping[tuple[str, int], Floats]
    paired: Days


def make_past() -> Past:
    """The same past every time."""
    lot = np.random.default_rng(SEED)
    days = np.arange(FIRST, np.datetime64(LAST) + 1, dtype="datetime64[D]")
    paired = days >= np.datetime64(FIRST_PAIR)
    dryness = _dryness(days)
    common = _remembering(lot.normal(size=len(days)))
    rain, heat, forecasts = {}, {}, {}
    for one in DISTRICTS:
        own = _remembering(lot.normal(size=len(days)))
        z = np.sqrt(TOGETHER) * common + np.sqrt(1 - TOGETHER) * own
        rain[one.code] = _rain(z, dryness, one)
        heat[one.code] = _heat(z, dryness, one, lot)
        for lead, sees in zip(LEADS, one.sees, strict=True):
            blind = np.sqrt(1 - sees**2)
            seen = sees * z[paired] + blind * lot.normal(size=int(paired.sum()))
            spread = NARROW * blind * lot.normal(size=(len(seen), MEMBERS))
            members = sees * seen[:, None] + BIAS + spread
            forecasts[one.code, lead] = _rain(members, dryness[paired][:, None], one)
    return Past(days=days, rain=rain, heat=heat, forecasts=forecasts, paired=days[paired])


def record_table(past: Past, values: Floats, column: str) -> bytes:
    """One record as CSV: `day` and one column."""
    return _table(["day", column], past.days, values[:, None])


def pairs_table(past: Past, code: str, lead: int) -> bytes:
    """Forecasts and observation of one district and lead as CSV."""
    observed = past.rain[code][past.days >= past.paired[0]]
    head = ["day", "made_observed", *members()]
    return _table(head, past.paired, np.column_stack([observed, past.forecasts[code, lead]]))


def members() -> list[str]:
    """Columns of the ensemble's runs: the control first."""
    return [f"made_m{number:02d}" for number in range(MEMBERS)]


def _remembering(fresh: Floats) -> Floats:
    """White noise to noise that remembers the day before, of variance one."""
    from scipy.signal import lfilter

    kept = np.sqrt(1 - MEMORY**2)
    return np.asarray(lfilter([kept], [1, -MEMORY], fresh), np.float64)


def _dryness(days: Days) -> Floats:
    """From which z on it rains: low around 15 November, high around 15 May."""
    day = (days - days.astype("datetime64[Y]")).astype(np.float64)
    return np.asarray(0.6 - 0.3 * np.cos(2 * np.pi * (day - 318) / 365.25), np.float64)


def _rain(z: Floats, dryness: Floats, one: District) -> Floats:
    return np.asarray((one.wet * np.maximum(z - dryness, 0) ** 1.5).round(1), np.float64)


def _heat(z: Floats, dryness: Floats, one: District, lot: np.random.Generator) -> Floats:
    """Warmer in the dry season, and on dry days."""
    noise = _remembering(lot.normal(size=len(z)))
    return np.asarray((one.warm + 3 * dryness - 0.8 * z + 1.5 * noise - 3).round(1), np.float64)


def _table(head: list[str], days: Days, values: Floats) -> bytes:
    """CSV of tenths, by a list of all tenths there are: ten times as fast as one by one."""
    tenths = np.rint(values * 10).astype(np.int64)
    low = int(tenths.min())
    words = [f"{number / 10:g}" for number in range(low, int(tenths.max()) + 1)]
    lines = [",".join(head)]
    for day, row in zip(np.datetime_as_string(days), (tenths - low).tolist(), strict=True):
        lines.append(day + "," + ",".join([words[number] for number in row]))
    return ("\n".join(lines) + "\n").encode()
