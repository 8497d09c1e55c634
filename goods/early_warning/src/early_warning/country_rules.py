"""What `country.toml` must keep that types cannot say: one sentence for each mistake.

1. A path is given, and stays below the file's folder unless it is written as an absolute one: the
   file is the owner's own. Of a pattern only the last part has a `*`.
2. Each language stands there once, and the authority has a name in all of them; CAP has no sender
   with a space, a comma, < or &.
3. Each hazard stands there once; its quantity has units that suit it; its levels run from the
   mildest to the worst; where they ask the record, there is one. A record holds values of days:
   of rain, which is added up, it says nothing about windows of other lengths.
4. A percentile is at least 0.5, of cold too: 0.99 is the temperature that 99 days in 100 do not
   fall below.
5. Pairs have as many runs as the ensemble, and a product of probabilities has none.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from early_warning.grids.ensemble import ECMWF_2024, ECMWF_2026, Layout
from early_warning.grids.names import QUANTITIES
from early_warning.matrix import IMPACTS, faults_of

if TYPE_CHECKING:
    from early_warning.cap import Hazard
    from early_warning.country import Country, ForecastSpec, HazardSpec

__all__ = ["COLD", "UNITS", "Fault", "faults", "layout_of", "quantity_of", "zone_of"]

Fault = tuple[str, str, str]
"""The field, what is wrong, and what to do about it."""

COLD = "extreme_cold"

_QUANTITY: dict[Hazard, str] = {
    "heavy_rain": "rain",
    "strong_wind": "gust",
    "extreme_heat": "temperature_max",
    "extreme_cold": "temperature_min",
}

_SUITS: dict[Hazard, tuple[str, ...]] = {
    "heavy_rain": ("rain",),
    "strong_wind": ("gust", "wind"),
    "extreme_heat": ("temperature_max", "temperature"),
    "extreme_cold": ("temperature_min", "temperature"),
}

UNITS: dict[Hazard, str] = {
    "heavy_rain": "mm",
    "strong_wind": "m/s",
    "extreme_heat": "°C",
    "extreme_cold": "°C",
}
"""Of thresholds."""

_LAYOUTS = {"ecmwf-2024": ECMWF_2024, "ecmwf-2026": ECMWF_2026}


def quantity_of(hazard: HazardSpec) -> str:
    """What `grids` calls the quantity of a hazard."""
    return hazard.quantity or _QUANTITY[hazard.hazard]


def layout_of(forecast: ForecastSpec) -> Layout | None:
    """What makes a complete ensemble; null for a product of probabilities."""
    if isinstance(forecast.layout, str):
        return _LAYOUTS.get(forecast.layout)
    own = forecast.layout
    return Layout(name=own.name, perturbed=own.perturbed, control=own.control)


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of this name; null where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def faults(country: Country) -> Iterator[Fault]:
    """Everything that is wrong, in the order of the file."""
    yield from _languages(country)
    if zone_of(country.time_zone) is None:
        hint = "Write it as Asia/Ulaanbaatar or Africa/Djibouti."
        yield "time_zone", f"there is no time zone {country.time_zone[:60]!r}", hint
    if not country.people.tables:
        yield "people.tables", "there is no table of people", "Name at least one."
    yield from _paths(country)
    yield from _pattern("forecast.files", country.forecast.files, ())
    seen: set[str] = set()
    for number, hazard in enumerate(country.hazards):
        field = f"hazards[{number}]"
        if hazard.hazard in seen:
            what = f"{hazard.hazard} stands there twice"
            yield f"{field}.hazard", what, "Put all of its levels in one place."
        seen.add(hazard.hazard)
        yield from _hazard(hazard, field, country.forecast)
    for impact, what in faults_of(country.matrix):
        yield f"matrix.{impact}", what, "Give four colours: of very low, low, medium, high."
    night = country.desk.night
    if night is not None and night[0] == night[1]:
        yield "desk.night", "the night ends when it begins", "Leave it out if there is none."


def _languages(country: Country) -> Iterator[Fault]:
    """Rule 2."""
    for language in country.languages:
        if country.languages.count(language) > 1:
            yield "languages", f"{language!r} stands there twice", ""
            return
    for language in country.packs:
        if language not in country.languages:
            what = f"there is a pack for {language!r}, in which no alert is written"
            yield "packs", what, "Add it to `languages`, or leave the pack out."
    sender = country.authority.sender
    if not sender or any(mark.isspace() or mark in ",<&" for mark in sender):
        what = f"the sender {sender[:60]!r} is empty, or has a space, a comma, < or &"
        yield "authority.sender", what, "Write it as warnings@meteo.example."
    for language in country.languages:
        if not country.authority.names.get(language, "").strip():
            what = f"the authority has no name in {language!r}"
            yield "authority.names", what, "Nothing goes out half-told: give the name."


def _paths(country: Country) -> Iterator[Fault]:
    """Rule 1."""
    send = country.send
    named = {
        **{f"packs.{language}": path for language, path in country.packs.items()},
        "state": country.state,
        "people.boundaries": country.people.boundaries,
        **{f"people.tables[{n}].file": one.file for n, one in enumerate(country.people.tables)},
        "signing.key": country.signing.key,
        "signing.certificate": country.signing.certificate,
        **({"send.feed.folder": send.feed.folder} if send.feed else {}),
        **({"send.composer.folder": send.composer.folder} if send.composer else {}),
        **{
            f"send.webhooks[{n}].certificates": one.certificates
            for n, one in enumerate(send.webhooks)
            if one.certificates
        },
        **{
            f"send.brokers[{n}].certificates": one.certificates
            for n, one in enumerate(send.brokers)
            if one.certificates
        },
    }
    for field, path in named.items():
        yield from _path(field, path)
    if country.signing.key == country.signing.certificate:
        yield "signing.certificate", "the key and its certificate are one file", "Name two files."
    if send.feed and send.composer and send.feed.folder == send.composer.folder:
        what = "drafts for CAP Composer lie in the folder of the public feed"
        yield "send.composer.folder", what, "Drafts are kept away from the public: name another."


def _path(field: str, path: str) -> Iterator[Fault]:
    if not path.strip() or "\0" in path:
        yield field, "no file is named here", ""
    elif ".." in PurePosixPath(path).parts:
        hint = "Write the whole path, from the root on, if it stands elsewhere."
        yield field, f"the path {path[:80]!r} leaves the folder of this file", hint


def _pattern(field: str, pattern: str, places: Sequence[str]) -> Iterator[Fault]:
    """Rule 1; `places` are those in braces, which must all be there."""
    yield from _path(field, pattern)
    try:
        parts = list(string.Formatter().parse(pattern))
        found = {name if not form and not turn else "" for _, name, form, turn in parts} - {None}
    except ValueError:  # a brace that is not closed
        found = {""}
    if found != set(places):
        wanted = " and ".join(f"{{{one}}}" for one in places) or "no braces"
        yield field, f"the path {pattern[:80]!r} must have {wanted}, and no other braces", ""
    *folders, last = PurePosixPath(pattern).parts or ("",)
    if any(mark in part for part in folders for mark in "*?[") or "**" in last:
        yield field, "only the name of the file may have a `*`, no folder", ""
    elif "lead" in places and "{lead}" not in last:
        yield field, "only the name of the file may have {lead}, no folder", ""
    elif places and any(mark in last for mark in "*?["):
        yield field, "this names one file for each district, without a `*`", ""


def _hazard(hazard: HazardSpec, field: str, forecast: ForecastSpec) -> Iterator[Fault]:
    """Rules 3 to 5."""
    quantity = quantity_of(hazard)
    if quantity not in _SUITS[hazard.hazard]:
        what = (
            f"{quantity[:40]!r} is no quantity of {hazard.hazard}"
            if quantity in QUANTITIES
            else f"there is no quantity {quantity[:40]!r}"
        )
        yield f"{field}.quantity", what, f"Use {' or '.join(_SUITS[hazard.hazard])}."
    yield from _levels(hazard, field)
    asks = [one for one in hazard.levels if one.percentile or one.return_years]
    if asks and hazard.record is None:
        what = "a level asks the record of the district, and there is none"
        yield f"{field}.record", what, "Give `record`, or an `amount` alone."
    if asks and UNITS[hazard.hazard] == "mm" and hazard.hours != 24:
        what = f"the record has rain of days, and the windows are of {hazard.hours} hours"
        yield f"{field}.hours", what, "Take 24 hours, or give an `amount` alone."
    if hazard.record is not None:
        yield from _pattern(f"{field}.record.files", hazard.record.files, ("code",))
    if hazard.pairs is not None:
        yield from _pattern(f"{field}.pairs.files", hazard.pairs.files, ("code", "lead"))
        yield from _runs(hazard.pairs.members, f"{field}.pairs", forecast)


def _levels(hazard: HazardSpec, field: str) -> Iterator[Fault]:
    places = [IMPACTS.index(level.impact) for level in hazard.levels]
    if any(here >= there for here, there in pairwise(places)):
        what = "the levels do not run from minor over significant to severe, each once"
        yield f"{field}.levels", what, ""
    sign = -1 if hazard.hazard == COLD else 1
    for name in ("amount", "percentile", "return_years"):
        values = [
            float(value) * (sign if name == "amount" else 1)
            for level in hazard.levels
            if (value := getattr(level, name)) is not None
        ]
        if any(here >= there for here, there in pairwise(values)):
            what = f"a worse level has not the more extreme `{name}`: levels stand mildest first"
            yield f"{field}.levels", what, ""
    for number, level in enumerate(hazard.levels):
        where = f"{field}.levels[{number}]"
        if level.percentile is not None and level.percentile < 0.5:
            hint = "For the coldest day in 100 write 0.99: that cold is rare as heat is rare."
            yield f"{where}.percentile", "a percentile below 0.5 is no extreme", hint
        if level.amount is not None and UNITS[hazard.hazard] != "°C" and float(level.amount) <= 0:
            yield f"{where}.amount", f"{level.amount} {UNITS[hazard.hazard]} is no threshold", ""


def _runs(members: Sequence[str], field: str, forecast: ForecastSpec) -> Iterator[Fault]:
    """Rule 5."""
    layout = layout_of(forecast)
    if layout is None:
        what = "pairs are of an ensemble's members, and `forecast.layout` is `probabilities`"
        yield field, what, "Leave the pairs out: skill cannot be shown from them."
        return
    wanted = layout.perturbed + (layout.control is not None)
    if len(set(members)) != len(members) or len(members) != wanted:
        what = f"there are {len(set(members))} runs, and {layout.name} has {wanted}"
        yield f"{field}.members", what, "Name the column of each run once, the control first."
