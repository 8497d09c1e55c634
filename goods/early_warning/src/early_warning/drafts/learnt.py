"""What a record of past forecasts taught, kept small, so that no run reads the record again.

Reading ten years of 51 runs and learning from them takes a quarter of a second, for each hazard,
district and lead. What a threshold needs of it is little: the isotonic chance at some ensemble
means, with straight lines between them, and the share of past days of the season. It gives what
`forecast.odds_of_day` gives from the whole record.

1. One file for each hazard, district and lead in `state/learnt/`, which names the SHA-256 of its
   record and of how it is read. With another one or other thresholds it is learnt again, and
   written over.
2. No opinion stays none: beyond the largest value of the record, in a season that it lacks, and of
   a record that is too short.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

from comity import files
from comity.errors import InputError
from early_warning.climate import Days
from early_warning.drafts.outlook import Probability
from early_warning.forecast import Odds, Pairs, Trained, Verdict, climatology, exceedance, odds
from early_warning.forecast.climatology import LEAST_DAYS, WINDOW, day_of_year

__all__ = ["Curve", "Learnt", "keep", "kept", "learn", "odds_from"]

Floats = NDArray[np.float64]

MAX_BYTES = 8_000_000
YEAR = 366


class Curve(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was learnt of one threshold.

    Attributes:
        threshold: In the sign of the record.
        means: Ensemble means, rising; empty where isotonic regression has no opinion.
        chances: That the threshold is passed at each of them.
        season: The same by the season, for each day of a leap year; null for a day, or empty, where
            the record has no opinion.
    """

    threshold: float
    means: tuple[float, ...]
    chances: tuple[Probability, ...]
    season: tuple[Probability | None, ...]


class Learnt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was learnt of one hazard, district and lead.

    Attributes:
        record: `skill.record_of` the file of pairs.
        runs: How many runs it has.
        curves: One for each threshold.
    """

    version: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1
    record: str
    runs: int
    curves: tuple[Curve, ...]


def learn(trained: Trained, record: str, thresholds: Sequence[float]) -> Learnt:
    """Keep what these thresholds need.

    Args:
        trained: `forecast.train` of the whole record.
        record: `skill.record_of` its file.
        thresholds: In the sign of the record.
    """
    return Learnt(
        record=record,
        runs=trained.pairs.members.shape[1],
        curves=tuple(_curve(trained, one) for one in thresholds),
    )


def _curve(trained: Trained, threshold: float) -> Curve:
    means: Floats = np.empty(0)
    chances: Floats | None = None
    if trained.fitted is not None:
        means = trained.fitted.given
        chances = trained.fitted.exceedance(means, threshold)
    if chances is None:
        means = chances = np.empty(0)
    # Inside a run of equal chances a point tells nothing.
    ends = np.ones(len(means), bool)
    ends[1:-1] = (chances[1:-1] != chances[:-2]) | (chances[1:-1] != chances[2:])
    return Curve(
        threshold=threshold,
        means=tuple(means[ends].tolist()),
        chances=tuple(np.clip(chances[ends], 0, 1).tolist()),
        season=_season(trained.pairs, threshold),
    )


def _season(pairs: Pairs, threshold: float) -> tuple[float | None, ...]:
    if threshold >= pairs.observed.max():
        return ()
    year: Days = np.datetime64("2000-01-01") + np.arange(YEAR)
    counts = np.bincount(day_of_year(pairs.days), minlength=YEAR)
    around = sum(np.roll(counts, shift) for shift in range(-WINDOW, WINDOW + 1))
    known = np.asarray(around) >= LEAST_DAYS
    found: list[float | None] = [None] * YEAR
    if known.any():
        shares = exceedance(climatology(pairs.days, pairs.observed, year[known]), threshold)
        for day, share in zip(np.flatnonzero(known).tolist(), shares.tolist(), strict=True):
            found[day] = min(max(share, 0.0), 1.0)
    return tuple(found)


def odds_from(
    learnt: Learnt, day: str, members: Floats, threshold: float, verdicts: Sequence[Verdict]
) -> Odds:
    """As `forecast.odds_of_day`.

    Args:
        learnt: With a curve for the threshold.
        day: The day that is forecast, as 2026-11-22.
        members: All runs of this day, in the sign of the record, shape (members,).
        threshold: In the sign of the record.
        verdicts: Those of this district, lead and threshold.

    Raises:
        InputError: there are not as many runs as were learnt from.
    """
    if len(members) != learnt.runs:
        raise InputError(
            f"the forecast was trained on {learnt.runs} runs, and of this day there are "
            f"{len(members)}"
        )
    curve = next(one for one in learnt.curves if one.threshold == threshold)
    isotonic = None
    if curve.means:
        isotonic = float(np.interp(members.mean(), curve.means, curve.chances))
    when = int(day_of_year(np.array([day], "datetime64[D]"))[0])
    seasonal = curve.season[when] if curve.season else None
    return odds(float((members > threshold).mean()), isotonic, seasonal, verdicts)


def kept(path: Path, record: str, thresholds: Sequence[float]) -> Learnt | None:
    """What was kept of this very record and these thresholds; null where nothing was."""
    try:
        found = msgspec.json.decode(files.read_bytes(path, MAX_BYTES), type=Learnt)
    except (InputError, msgspec.DecodeError):
        return None
    whole = all(
        len(one.means) == len(one.chances) and len(one.season) in (0, YEAR) for one in found.curves
    )
    same = found.record == record and [one.threshold for one in found.curves] == list(thresholds)
    return found if whole and same else None


def keep(path: Path, learnt: Learnt) -> None:
    """Write it over what was kept.

    Raises:
        InputError: the state folder cannot be written.
    """
    files.make_folder(path.parent)
    files.write_atomic(path, msgspec.json.encode(learnt))
