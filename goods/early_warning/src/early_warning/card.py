"""The forecast as a system that Comity assesses: two cards and the table that both read.

    comity assess skill.toml --out skill/ --key lab.key
    comity assess coverage.toml --out coverage/ --key lab.key

`skill.toml` states quantiles: pinball loss, and skill against climatology. `coverage.toml` states
the interval between the 5 % and the 95 % quantile: how often it held the truth. Both claim every
measure over all rows and then by district, the worst first. A card holds one lead: rows of several
leads would be the same days twice. Each alert threshold is proven apart (`forecast.gate`): a card
of a forecast asks about the quantity.

Forecasts are made in one of two ways. `held_out` trains before a day and forecasts from it on, as
operations do; the training days stand in the table too, so that it is Comity that looks whether a
day is on both sides of the split, and not our word. `cross_held` forecasts every day of the record
from the others: there is no split to look at, but three or four times as many days, without which
skill can seldom be told from chance.

Rain is a quantity with a lump at zero, where the closed interval [0, 0] holds more than it states:
a coverage above 0.9 is then no fault.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from comity.attest.toml import toml_line
from comity.errors import InputError
from comity.files import write_folder
from early_warning.climate.columns import Days, Floats
from early_warning.forecast import isotonic
from early_warning.forecast.climatology import climatology
from early_warning.forecast.pairs import Pairs
from early_warning.forecast.proof import GAP, cross_validated
from early_warning.forecast.steps import Steps, quantiles

__all__ = [
    "COVERAGE",
    "LEVELS",
    "SKILL",
    "TABLE",
    "About",
    "Held",
    "cross_held",
    "held_out",
    "write_card",
]

SKILL, COVERAGE, TABLE = "skill.toml", "coverage.toml", "forecasts.csv"
LEVELS = tuple(f"{percent / 100:g}" for percent in range(5, 100, 5))
MAX_DISTRICTS = 1_000
MAX_ROWS = 2_000_000


@dataclass(frozen=True, kw_only=True)
class About:
    """What the cards say of the system.

    Attributes:
        name: Of the system.
        version: Of the system.
        intended_use: In a sentence.
        population: What the data stand for: any ASCII keys, at least one.
        lead: Hours ahead.
        unit: Of the quantity, for instance `mm`.
        split_rule: How the evaluated days were kept apart from training.
    """

    name: str
    version: str
    intended_use: str
    population: Mapping[str, str]
    lead: int
    unit: str
    split_rule: str


@dataclass(frozen=True)
class Held:
    """Forecasts of one district for days that it was not trained on.

    Attributes:
        district: Its code.
        trained: Training days; shape (t,); none where days were forecast from each other.
        days: Evaluated days; shape (n,).
        observed: What happened on them; shape (n,).
        forecast: n forecasts.
        climatology: The baseline, n forecasts.
    """

    district: str
    trained: Days
    days: Days
    observed: Floats
    forecast: Steps
    climatology: Steps


def held_out(district: str, pairs: Pairs, first_test_day: str) -> Held:
    """Train isotonic regression and climatology before a day, and forecast from that day on.

    The `GAP` days before it are left out: weather outlasts midnight.

    Args:
        district: Its code.
        pairs: Forecasts and observations.
        first_test_day: As 2014-01-01.

    Raises:
        InputError: too few days are before it, or none from it on.
    """
    first = np.datetime64(first_test_day, "D")
    before = pairs.where(pairs.days < first - np.timedelta64(GAP, "D"))
    after = pairs.where(pairs.days >= first)
    if len(after.days) == 0:
        raise InputError(f"no day is from {first} on", where=district)
    learnt = isotonic.fit(before.members.mean(axis=1), before.observed)
    return Held(
        district,
        before.days,
        after.days,
        after.observed,
        learnt.predict(after.members.mean(axis=1)),
        climatology(before.days, before.observed, after.days),
    )


def cross_held(district: str, pairs: Pairs) -> Held:
    """Forecast every day by isotonic regression from the others (`proof`, rule 1).

    Raises:
        InputError: the record is too short.
    """
    forecasts = cross_validated(pairs)
    steps = (forecasts["isotonic"], forecasts["climatology"])
    return Held(district, pairs.days[:0], pairs.days, pairs.observed, *steps)


def write_card(folder: Path, about: About, districts: Sequence[Held]) -> None:
    """Write both cards and their table as one folder that appears whole or not at all.

    Args:
        folder: Absent or empty.
        about: What the cards say of the system.
        districts: Of one lead, each district once.

    Raises:
        InputError: there are none or too many, a code is empty or stands there twice, or the folder
            holds files already.
    """
    codes = [one.district for one in districts]
    if not 1 <= len(codes) <= MAX_DISTRICTS:
        raise InputError(
            f"a card holds 1 to {MAX_DISTRICTS:,} districts, and here are {len(codes)}"
        )
    if not all(code.strip() for code in codes):
        raise InputError("a district has no code")
    if len(set(codes)) < len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise InputError(f"the district {twice!r} is given twice")
    rows = sum(len(one.days) + len(one.trained) for one in districts)
    if rows > MAX_ROWS:
        raise InputError(f"a card holds at most {MAX_ROWS:,} rows, and here are {rows:,}")
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(
        ["day", "district", "part", "observed", *_columns("forecast"), *_columns("climatology")]
    )
    for one in sorted(districts, key=lambda held: held.district):
        table.writerows(_rows(one))
    interval = {"level": "0.9", "low": _columns("forecast")[0], "high": _columns("forecast")[-1]}
    by_level = {
        form: dict(zip(LEVELS, _columns(form), strict=True)) for form in ("forecast", "climatology")
    }
    split = (
        {"split": "part", "kept_apart": ["time"]} if any(len(h.trained) for h in districts) else {}
    )
    skill = {
        **split,
        "quantiles": by_level["forecast"],
        "baseline": {"quantiles": by_level["climatology"]},
        "baseline_rule": "climatology of the training years, 15 days around the day of the year",
    }
    write_folder(
        folder,
        {
            TABLE: text.getvalue(),
            SKILL: _card(about, skill),
            COVERAGE: _card(about, {**split, "interval": interval}),
        },
    )


def _columns(form: str) -> list[str]:
    return [f"{form}_{level}" for level in LEVELS]


def _rows(held: Held) -> Iterator[list[str]]:
    for day in held.trained:
        yield [str(day), held.district, "train", *[""] * (1 + 2 * len(LEVELS))]
    levels = [float(level) for level in LEVELS]
    forecast, baseline = quantiles(held.forecast, levels), quantiles(held.climatology, levels)
    for row, day in enumerate(held.days):
        numbers = [held.observed[row], *forecast[row], *baseline[row]]
        yield [str(day), held.district, "test", *(f"{number:.12g}" for number in numbers)]


def _card(about: About, form: Mapping[str, Any]) -> str:
    system = {
        "name": f"{about.name}, {about.lead} hours ahead",
        "version": about.version,
        "intended_use": about.intended_use,
    }
    forecast = {
        "file": TABLE,
        "truth": "observed",
        **form,
        "time": "day",
        "site": "district",
        "split_rule": about.split_rule,
        "unit_of_measure": about.unit,
    }
    tables = {"system": system, "population": about.population, "forecast": forecast}
    lines = []
    for name, fields in tables.items():
        lines += [f"[{name}]", *(toml_line(field, value) for field, value in fields.items()), ""]
    return "\n".join(lines)
