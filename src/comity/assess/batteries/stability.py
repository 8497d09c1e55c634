"""Stability: is the system equally good in every window of time and at every site?

Many windows and many sites are many chances to find a difference, so one number is claimed for
each: the largest minus the smallest mean loss, or rate, with an interval that holds for all pairs
at once. A window or site whose denominator is below the minimum cell is not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from comity.assess.batteries.fairness import RATES, Rate
from comity.assess.batteries.finding import LEVEL, Finding, Subject, absent, counts, estimated
from comity.assess.batteries.parameters import compared_parameters, series_parameters
from comity.assess.batteries.skill import carried
from comity.assess.systems.drift import WINDOWS as RATE_WINDOWS
from comity.assess.systems.losses import main_loss
from comity.assess.systems.series import Series
from comity.assess.systems.table import Confusion, Group, Table
from comity.claims import Cell, Reason
from comity.claims.values import Labels
from comity.statistics import block_drift, gap
from comity.statistics.blocks import parts_of

__all__ = ["WINDOWS", "drift_of_rates", "stability"]

WINDOWS = 4
"""Windows of nearly equal length into which the evaluated time is cut."""


def stability(series: Series) -> Iterator[Finding]:
    """Drift of the form's main loss between windows, and between sites."""
    loss = main_loss(series.forecast.form)
    parameters = series_parameters(series) | {"loss": loss}
    total = int(series.sizes.sum())
    numbers = counts(total, series.evaluated - total)
    in_time = Subject("stability.drift", parameters | {"between": f"{WINDOWS} windows"}, {})
    blocks = series.sizes.shape[1]
    if not series.spans or blocks < WINDOWS:
        what = "no time is given" if "time" not in series.forecast.labels else "too few times"
        yield absent(in_time, Reason.COLUMN_NOT_GIVEN, what, numbers)
    else:
        window = np.array(parts_of(blocks, WINDOWS)) == np.arange(WINDOWS)[:, None]
        sums = window * series.losses[loss].sum(axis=0)
        bounds = block_drift(sums, window * series.sizes.sum(axis=0), level=LEVEL, windows=True)
        yield carried(in_time, bounds, numbers)
    at_sites = Subject("stability.drift", parameters | {"between": "sites"}, {})
    if "site" not in series.forecast.labels:
        yield absent(at_sites, Reason.COLUMN_NOT_GIVEN, "no site is given", numbers)
        return
    bounds = block_drift(series.losses[loss], series.sizes, level=LEVEL)
    yield carried(at_sites, bounds, numbers, Reason.ONE_GROUP_ONLY)


def drift_of_rates(table: Table) -> Iterator[Finding]:
    """Drift of the rates of decisions between windows in time, and between sites."""
    rates: dict[str, Callable[[Confusion], Rate]] = {
        "accuracy": lambda rows: Rate(rows.tp + rows.tn, rows.scored, rows.invalid)
    } | {name: RATES[name] for name in ("selection_rate", "tpr", "fpr")}
    parameters, minimum = compared_parameters(table), table.predictions.minimum_cell
    for between, role, key, groups in (
        (f"{RATE_WINDOWS} windows of equal count", "time", "window", table.windows),
        ("sites", "site", "site", table.sites),
    ):
        for name, of in rates.items():
            subject = Subject(f"stability.{name}_gap", parameters | {"between": between}, {})
            if groups is None:
                what = role if table.decided else "prediction column or cut-off"
                yield absent(subject, Reason.COLUMN_NOT_GIVEN, f"no {what} is given")
            else:
                yield _gap(subject, key, [(one, of(one.counts)) for one in groups], minimum)


def _gap(subject: Subject, key: str, found: list[tuple[Group, Rate]], minimum: int) -> Finding:
    """The gap of one rate between the windows, or sites, that are large enough."""
    compared: list[tuple[Labels, Rate]] = [
        ({key: group.values[0]}, one) for group, one in found if one.trials >= max(minimum, 1)
    ]
    numbers = counts(
        sum(one.trials for _, one in compared), sum(one.invalid for _, one in compared)
    )
    if len(compared) < 2:
        detail = f"fewer than two {key}s have {minimum:,} rows in the denominator"
        return absent(subject, Reason.ONE_GROUP_ONLY, detail)
    successes, trials = ([one[at] for _, one in compared] for at in (0, 1))
    return estimated(
        subject,
        gap(successes, trials, LEVEL),
        numbers,
        missing=Reason.NO_ROWS,
        cells=tuple(
            Cell(slice=place, scored=one.trials, successes=one.successes) for place, one in compared
        ),
    )
