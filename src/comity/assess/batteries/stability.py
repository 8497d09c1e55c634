"""Stability: is the loss the same in every window of time and at every site?

Many windows and many sites are many chances to find a difference, so one number is claimed for
each: the largest minus the smallest mean loss, with an interval that holds for all pairs at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from comity.assess.batteries.finding import LEVEL, Finding, Subject, absent, counts
from comity.assess.batteries.parameters import series_parameters
from comity.assess.batteries.skill import carried
from comity.assess.systems.losses import main_loss
from comity.assess.systems.series import Series
from comity.claims import Reason
from comity.statistics import block_drift
from comity.statistics.blocks import parts_of

__all__ = ["WINDOWS", "stability"]

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
