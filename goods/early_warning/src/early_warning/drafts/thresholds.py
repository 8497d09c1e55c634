"""The threshold of each district and level, from its own climate, and a sentence where it is from.

1. Amounts are in mm, m/s or °C, rounded to a tenth; the records are in these units too.
2. A level that asks the record takes its percentile, or its return level by L-moments; the interval
   of 95 % and the years are told, and of a return level what maximum likelihood says.
3. Cold is judged by the values times −1: `percentile = 0.99` is the cold of 1 day in 100.
4. Where the record gives none, the level's own amount stands for it, and the reason is told; where
   there is no amount either, the district has no threshold, which is no data.
5. A percentile of 0 mm or less of rain, or of 0 m/s, is none: there are that many days without. A
   level that does not occur on Earth, read off a heavy tail, is none either.
6. Where a graver level of the district begins before a milder one, its records and amounts
   contradict each other: the milder one then begins there too, so that no danger is left out.
7. What a record gave is kept in the state folder under the SHA-256 of the record and the levels, so
   that only what changed is computed again; and at once, so that a run that was stopped goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import msgspec

from comity import files
from comity.errors import InputError
from early_warning.cap import Hazard
from early_warning.climate import block_maxima, percentile, read_record, return_levels
from early_warning.climate.record import Record
from early_warning.country import Amount, HazardSpec, Impact, LevelSpec, RecordSpec
from early_warning.country_rules import COLD, UNITS
from early_warning.drafts.progress import Progress, counted, quiet
from early_warning.service import Service

__all__ = ["Key", "Limit", "limits", "sentence_of_amount"]

MAX_BYTES = 64_000_000
"""Limit for what is kept."""

HIGHEST = {"mm": 2_000.0, "m/s": 150.0}
"""More than was ever measured (1,825 mm in a day, 113 m/s): 9999 stands for *missing*."""

COLDEST, HOTTEST = -95.0, 65.0
"""Outside of these a daily temperature is not in °C; they are wider than any that was measured."""

DRIFT = 0.05


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The threshold of one level in one district.

    Attributes:
        impact: The level.
        amount: In mm, m/s or °C; null where there is none.
        words: Where it comes from, or why there is none: a sentence.
    """

    impact: Impact
    amount: Amount | None
    words: str


class _Kept(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What records gave, by the digest of record and levels."""

    version: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1
    limits: dict[str, tuple[Limit, ...]] = {}


Key = tuple[Hazard, str]
"""A hazard and the code of a district."""


def limits(service: Service, progress: Progress = quiet) -> Mapping[Key, tuple[Limit, ...]]:
    """The thresholds of every hazard and district, one for each level, mildest first.

    Raises:
        InputError: the state folder cannot be written.
    """
    path = service.state / "thresholds.json"
    kept = _kept(path)
    codes = [district.area.code for district in service.ledger.districts]
    asked = [hazard for hazard in service.country.hazards if _asks(hazard)]
    done: list[object] = []
    share = counted(done, len(asked) * len(codes))
    found: dict[Key, tuple[Limit, ...]] = {}
    fresh: dict[str, tuple[Limit, ...]] = {}
    for hazard in service.country.hazards:
        for code in codes:
            if hazard.record is None or not _asks(hazard):
                found[hazard.hazard, code] = tuple(_fixed(hazard, one) for one in hazard.levels)
                continue
            progress("thresholds from the districts' own records", share)
            done.append(code)
            new = len(fresh.keys() - kept.keys())
            found[hazard.hazard, code] = _of_record(
                service, hazard, hazard.record, code, kept, fresh
            )
            if len(fresh.keys() - kept.keys()) > new:  # rule 7
                _keep(path, {**kept, **fresh})
    if fresh.keys() != kept.keys():
        _keep(path, fresh)
    return found


def _keep(path: Path, found: Mapping[str, tuple[Limit, ...]]) -> None:
    files.make_folder(path.parent)
    files.write_atomic(path, msgspec.json.encode(_Kept(limits=dict(found))))


def _asks(hazard: HazardSpec) -> bool:
    return any(level.percentile or level.return_years for level in hazard.levels)


def _kept(path: Path) -> Mapping[str, tuple[Limit, ...]]:
    """What was kept; nothing where it cannot be read, for it can be computed again."""
    try:
        return msgspec.json.decode(files.read_bytes(path, MAX_BYTES), type=_Kept).limits
    except (InputError, msgspec.DecodeError):
        return {}


def _of_record(
    service: Service,
    hazard: HazardSpec,
    spec: RecordSpec,
    code: str,
    kept: Mapping[str, tuple[Limit, ...]],
    fresh: dict[str, tuple[Limit, ...]],
) -> tuple[Limit, ...]:
    """Rules 2 to 7, of one hazard and district."""
    try:
        path = service.file_of(spec.files, code=code)
        digest = _digest(files.digest_file(path), hazard, spec)
        if digest not in kept:
            record = read_record(path, day=spec.day, value=spec.value)
            record = _checked(record, hazard.hazard)
            fresh[digest] = _ordered(
                tuple(_level(record, spec, hazard, one) for one in hazard.levels), hazard.hazard
            )
        else:
            fresh[digest] = kept[digest]
    except InputError as error:
        return tuple(_instead(hazard, level, error.what) for level in hazard.levels)
    return fresh[digest]


def _digest(record: str, hazard: HazardSpec, spec: RecordSpec) -> str:
    told = msgspec.json.encode([record, hazard.hazard, hazard.levels, spec], order="deterministic")
    return hashlib.sha256(told).hexdigest()


def _checked(record: Record, hazard: Hazard) -> Record:
    """Values in our units, and of cold times −1."""
    low, high = float(record.values.min()), float(record.values.max())
    least, most = _possible(hazard)
    if low < least or high > most:
        raise InputError(
            f"the record runs from {low:g} to {high:g}, which is not {UNITS[hazard]} of one day",
            where=record.where,
            hint="Leave a missing value empty; -99.9 or 9999 is read as a number.",
        )
    return replace(record, values=-record.values) if hazard == COLD else record


def _possible(hazard: Hazard) -> tuple[float, float]:
    units = UNITS[hazard]
    return (COLDEST, HOTTEST) if units == "°C" else (0.0, HIGHEST[units])


def _level(record: Record, spec: RecordSpec, hazard: HazardSpec, level: LevelSpec) -> Limit:
    """Rules 2, 4 and 5."""
    try:
        if level.percentile is not None:
            value, words = _percentile(record, spec, hazard.hazard, level.percentile)
        elif level.return_years is not None:
            value, words = _return_level(record, spec, hazard.hazard, level.return_years)
        else:
            return _fixed(hazard, level)
    except InputError as error:
        return _instead(hazard, level, error.what)
    if UNITS[hazard.hazard] != "°C" and float(_amount(value, 1)) <= 0:
        why = f"its record says {_told(value, hazard.hazard)}: on so many days there is nothing"
        return _instead(hazard, level, why)
    least, most = _possible(hazard.hazard)
    if not least <= _sign(hazard.hazard) * value <= most:
        why = f"its record says {_told(value, hazard.hazard)}, which does not occur"
        return _instead(hazard, level, why)
    return Limit(impact=level.impact, amount=_amount(value, _sign(hazard.hazard)), words=words)


def _percentile(
    record: Record, spec: RecordSpec, hazard: Hazard, share: float
) -> tuple[float, str]:
    found = percentile(record, share, first_month=spec.first_month)
    rare = f"{100 * (1 - share):.3g}"
    words = (
        f"Passed on {rare} of 100 days in the district's own record of {found.years} whole years: "
        f"{_told(found.value, hazard)} {_interval(found.low, found.high, hazard)}."
    )
    return found.value, words


def _return_level(
    record: Record, spec: RecordSpec, hazard: Hazard, years: float
) -> tuple[float, str]:
    found = return_levels(block_maxima(record, first_month=spec.first_month), [years])
    likeliest, ours = found.levels
    assert ours.value is not None  # L-moments always give one
    other = (
        f"gives {_told(likeliest.value, hazard)}"
        if likeliest.value is not None
        else f"gives none, because {likeliest.reason}"
    )
    words = (
        f"Passed once in {years:g} years in the district's own record of {found.years} whole "
        f"years: {_told(ours.value, hazard)} {_interval(ours.low, ours.high, hazard)} by "
        f"L-moments; maximum likelihood {other}."
    )
    if found.drift < DRIFT:
        words += " Its yearly extremes drift with time, so that the level may no longer hold."
    return ours.value, words


def _fixed(hazard: HazardSpec, level: LevelSpec) -> Limit:
    assert level.amount is not None  # the rules of the file see to it
    return Limit(
        impact=level.impact,
        amount=level.amount,
        words=sentence_of_amount(level.amount, hazard.hazard),
    )


def sentence_of_amount(amount: Amount, hazard: Hazard) -> str:
    """Where an amount comes from that the service set itself."""
    return f"Set by the service for all districts: {amount} {UNITS[hazard]}."


def _instead(hazard: HazardSpec, level: LevelSpec, why: str) -> Limit:
    """Rule 4."""
    if level.amount is None:
        words = f"The district has no threshold: {why}."
    elif level.percentile is None and level.return_years is None:
        return _fixed(hazard, level)
    else:
        words = (
            f"The service's amount for districts whose record gives none, {level.amount} "
            f"{UNITS[hazard.hazard]}: {why}."
        )
    return Limit(impact=level.impact, amount=level.amount, words=words)


def _ordered(levels: tuple[Limit, ...], hazard: Hazard) -> tuple[Limit, ...]:
    """Rule 6."""
    sign = _sign(hazard)
    found: list[Limit] = []
    graver: Limit | None = None
    for one in reversed(levels):
        if one.amount is not None:
            if graver is not None and sign * float(one.amount) > sign * float(graver.amount or 0):
                words = (
                    f"A graver level begins at {graver.amount} {UNITS[hazard]} already, so this "
                    f"one does too, and not at {one.amount} {UNITS[hazard]}. {one.words}"
                )
                one = msgspec.structs.replace(one, amount=graver.amount, words=words)
            graver = one
        found.append(one)
    return tuple(reversed(found))


def _sign(hazard: Hazard) -> int:
    return -1 if hazard == COLD else 1


def _amount(value: float, sign: int) -> Amount:
    """Rule 1, as text."""
    rounded = round(sign * value, 1) or 0.0  # no minus before a zero
    return f"{rounded:.1f}".removesuffix(".0")


def _told(value: float, hazard: Hazard) -> str:
    return f"{_amount(value, _sign(hazard))} {UNITS[hazard]}"


def _interval(low: float | None, high: float | None, hazard: Hazard) -> str:
    """Of cold the ends change places with their sign."""
    sign = _sign(hazard)
    ends = (high, low) if hazard == COLD else (low, high)
    first, last = (None if end is None else _amount(end, sign) for end in ends)
    if first and last:
        return f"(95 % interval {first} to {last})"
    if first or last:
        return f"(95 % interval from {first})" if first else f"(95 % interval up to {last})"
    return "(the record is too short for an interval)"
