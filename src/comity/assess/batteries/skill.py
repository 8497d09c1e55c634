"""Skill: how far is a forecast from what happened, and is it better than a naive baseline?

Every loss, and every skill, over all rows and then site by site, the worst site first. All sites
share their blocks, so what strikes them on the same days is not counted as many cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from comity.assess.batteries.finding import (
    LEVEL,
    Finding,
    Subject,
    absent,
    counts,
    estimated,
)
from comity.assess.batteries.parameters import series_parameters
from comity.assess.systems.losses import COVERED, pinball
from comity.assess.systems.series import BASELINE, Series
from comity.claims import CATALOGUE, Counts, Reason, decimal_text
from comity.claims.values import Labels
from comity.statistics import Bounds, block_mean, block_rate, block_skill, square_root

__all__ = ["carried", "skill"]

_MEANS = (("skill.mae", "mae"), ("skill.rmse", "mse"), ("skill.bias", "error"))
_LACKS = {
    "skill.mae": "the forecast has no median",
    "skill.rmse": "the forecast has no mean",
    "skill.bias": "the forecast has no mean",
    "skill.pinball": "the forecast has no quantiles",
    "skill.crps": "the forecast is no ensemble",
    "skill.interval_coverage": "the forecast has no interval",
}
_CRPS = ("plain", "fair")


def skill(series: Series) -> Iterator[Finding]:
    """All measures of skill, of the form that the forecast has."""
    parameters = series_parameters(series)
    measured: set[str] = set()
    for subject, name in _wanted(series, parameters):
        measured.add(subject.measure)
        places: list[tuple[Labels, int | None]] = [({}, None)]
        if "site" in series.forecast.labels:
            places += [({"site": site}, row) for row, site in enumerate(series.sites)]
        first, *sites = [
            _measured(series, Subject(subject.measure, subject.parameters, place), name, row)
            for place, row in places
        ]
        yield first
        yield from _worst_first(sites)
    for measure, why in _LACKS.items():
        if measure not in measured:
            yield absent(Subject(measure, parameters, {}), Reason.COLUMN_NOT_GIVEN, why)
    if not any(measure.endswith("_skill") for measure in measured):
        why = (
            "a baseline" if series.forecast.baseline is None else "a forecast with a mean or median"
        )
        for name in ("mae", "rmse", "pinball", "crps"):
            subject = Subject(f"skill.{name}_skill", parameters, {})
            yield absent(subject, Reason.COLUMN_NOT_GIVEN, f"it needs {why}")


def _wanted(series: Series, parameters: Labels) -> Iterator[tuple[Subject, str]]:
    """Each measure that the form has, with the name of its loss."""
    losses = series.losses
    named = [(measure, loss, parameters) for measure, loss in _MEANS]
    probabilities = series.forecast.form.probabilities
    every = parameters | {"quantiles": " ".join(probabilities)}
    named.append(("skill.pinball", "pinball", every))
    named += [
        ("skill.pinball", pinball(one), parameters | {"quantile": one}) for one in probabilities
    ]
    named += [("skill.crps", f"crps.{one}", parameters | {"crps": one}) for one in _CRPS]
    named += [
        ("skill.interval_coverage", name, parameters | {"level": name.removeprefix(COVERED)})
        for name in losses
        if name.startswith(COVERED)
    ]
    for measure, loss, how in named:
        if loss in losses:
            yield Subject(measure, how, {}), loss
    rule = {"baseline": series.forecast.baseline_rule}
    compared = [(measure, loss, how) for measure, loss, how in named if BASELINE + loss in losses]
    for measure, loss, how in compared:
        yield Subject(f"{measure}_skill", how | rule, {}), loss


def _measured(series: Series, subject: Subject, name: str, site: int | None) -> Finding:
    """One measure over all rows, or at one site."""
    rows = series.sizes.sum(axis=0) if site is None else series.sizes[site]
    n = int(rows.sum())
    invalid = series.evaluated - n if site is None else 0
    loss = _of(series, name, site)
    if subject.measure.endswith("_skill"):
        bounds = block_skill(loss, _of(series, BASELINE + name, site), rows, LEVEL)
        if subject.measure == "skill.rmse_skill":
            bounds = square_root(bounds, skill=True)
        missing = Reason.NO_DENOMINATOR if n else Reason.NO_ROWS
        detail = "the baseline has no loss to improve on" if n else ""
        return carried(subject, bounds, counts(n, invalid), missing, detail)
    if subject.measure == "skill.interval_coverage":
        bounds = block_rate(loss, rows, LEVEL)
        return carried(subject, bounds, counts(n, invalid, round(float(loss.sum()))))
    bounds = block_mean(loss, rows, LEVEL)
    if subject.measure == "skill.rmse":
        bounds = square_root(bounds)
    elif subject.measure != "skill.bias" and bounds.low is not None and bounds.low < 0:
        # No loss of ours is negative but the fair CRPS, and its expectation is not.
        bounds = Bounds(
            bounds.estimate, min(0.0, bounds.estimate or 0.0), bounds.high, bounds.method
        )
    return carried(subject, bounds, counts(n, invalid))


def _of(series: Series, name: str, site: int | None) -> NDArray[np.float64]:
    sums = series.losses[name]
    return np.asarray(sums.sum(axis=0) if site is None else sums[site])


def carried(
    subject: Subject,
    bounds: Bounds,
    numbers: Counts,
    missing: Reason = Reason.NO_ROWS,
    detail: str = "",
) -> Finding:
    """A finding on a series, which may be too short for an interval: then nothing is shown."""
    if bounds.estimate is None or bounds.low is not None:
        return estimated(subject, bounds, numbers, missing=missing, detail=detail)
    what = "skill" if subject.measure.endswith("_skill") else "how sure this is"
    return Finding(
        subject=subject,
        estimate=decimal_text(bounds.estimate),
        interval=None,
        reason=Reason.TOO_FEW_EVENTS,
        detail=f"{what} is not shown: the series is too short for its memory, or a few events "
        "decide it",
        counts=numbers,
    )


def _worst_first(findings: Iterable[Finding]) -> list[Finding]:
    def place(finding: Finding) -> tuple[bool, float]:
        value = float(finding.estimate or 0)
        direction = CATALOGUE[finding.subject.measure].direction
        if direction == "neither":
            worst = -abs(value) if finding.subject.measure == "skill.bias" else value
        else:
            worst = -value if direction == "lower" else value
        return finding.estimate is None, worst

    return sorted(findings, key=place)
