"""Calibration: of the cases with a stated probability of 70 %, do seven in ten happen?"""

from __future__ import annotations

from collections.abc import Iterator

from comity.assess.batteries.finding import (
    LEVEL,
    Finding,
    Subject,
    absent,
    counts,
    estimated,
    exact,
    rate,
)
from comity.assess.batteries.parameters import score_parameters
from comity.assess.systems.scores import BINS
from comity.assess.systems.table import Table
from comity.claims import Reason, decimal_text
from comity.statistics import calibration_error

__all__ = ["calibration"]


def calibration(table: Table) -> Iterator[Finding]:
    """The reliability curve in ten bins of equal width, and the binned calibration error."""
    parameters = score_parameters(table) | {"score_bins": f"{BINS} of equal width"}
    mean, observed, error = (
        Subject(f"calibration.{name}", parameters, {})
        for name in ("mean_score", "observed_rate", "expected_error")
    )
    scores = table.scores
    if scores is None or scores.bins is None:
        if scores is None:
            reason, detail = Reason.COLUMN_NOT_GIVEN, "no score column is given"
        elif scores.scored == 0:
            reason, detail = Reason.NO_ROWS, "no evaluated row has a score"
        else:
            reason = Reason.NOT_A_PROBABILITY
            detail = f"{scores.outside:,} scores lie below 0 or above 1"
        for subject in (mean, observed, error):
            yield absent(subject, reason, detail)
        return
    for number, bin_ in enumerate(scores.bins):
        low, high = (decimal_text(edge / BINS) for edge in (number, number + 1))
        score_bin = {"score_bin": f"{low} to {high}"}
        numbers = counts(bin_.rows, 0)
        stated = Subject(mean.measure, parameters, score_bin)
        happened = Subject(observed.measure, parameters, score_bin)
        if bin_.rows == 0:
            for subject in (stated, happened):
                yield absent(subject, Reason.NO_ROWS, "no score lies in this bin", numbers)
            continue
        why = "it describes these scores and estimates nothing"
        yield exact(stated, bin_.score_sum / bin_.rows, numbers, why, Reason.DESCRIPTIVE)
        yield rate(happened, bin_.positives, bin_.rows, 0, missing=Reason.NO_ROWS)
    filled = [bin_ for bin_ in scores.bins if bin_.rows]
    bounds = calibration_error(
        [bin_.rows for bin_ in filled],
        [bin_.positives for bin_ in filled],
        [bin_.score_sum / bin_.rows for bin_ in filled],
        LEVEL,
    )
    yield estimated(error, bounds, counts(scores.scored, scores.invalid), missing=Reason.NO_ROWS)
