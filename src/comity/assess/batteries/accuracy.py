"""Accuracy: does the prediction agree with what happened?"""

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
from comity.assess.batteries.parameters import decision_parameters, score_parameters
from comity.assess.systems.table import Table
from comity.claims import Reason
from comity.statistics import auroc, balanced_accuracy, bounded_mean

__all__ = ["accuracy"]


def accuracy(table: Table) -> Iterator[Finding]:
    """All measures of accuracy, over all evaluated rows."""
    yield from _decisions(table)
    yield from _scores(table)


def _decisions(table: Table) -> Iterator[Finding]:
    parameters = decision_parameters(table)
    overall = Subject("accuracy.accuracy", parameters, {})
    balanced = Subject("accuracy.balanced_accuracy", parameters, {})
    if not table.decided:
        detail = "neither a prediction column nor a cut-off is given"
        yield absent(overall, Reason.COLUMN_NOT_GIVEN, detail)
        yield absent(balanced, Reason.COLUMN_NOT_GIVEN, detail)
        return
    rows = table.counts
    yield rate(overall, rows.tp + rows.tn, rows.scored, rows.invalid, missing=Reason.NO_ROWS)
    yield estimated(
        balanced,
        balanced_accuracy(rows.tp, rows.positives, rows.tn, rows.negatives, LEVEL),
        counts(rows.scored, rows.invalid),
        missing=Reason.ONE_CLASS_ONLY if rows.scored else Reason.NO_ROWS,
        detail="it needs positive and negative rows with a prediction",
    )


def _scores(table: Table) -> Iterator[Finding]:
    parameters = score_parameters(table)
    order, squared, loss = (
        Subject(f"accuracy.{name}", parameters, {}) for name in ("auroc", "brier", "log_loss")
    )
    scores = table.scores
    if scores is None:
        for subject in (order, squared, loss):
            yield absent(subject, Reason.COLUMN_NOT_GIVEN, "no score column is given")
        return
    numbers = counts(scores.scored, scores.invalid)
    if scores.scored == 0:
        for subject in (order, squared, loss):
            yield absent(subject, Reason.NO_ROWS, "no evaluated row has a score", numbers)
        return
    if scores.order is None:
        detail = "it needs positive and negative rows with a score"
        yield absent(order, Reason.ONE_CLASS_ONLY, detail, numbers)
    else:
        bounds = auroc(*scores.order, LEVEL)
        yield estimated(order, bounds, numbers, missing=Reason.ONE_CLASS_ONLY)
    if scores.squared_errors is None or scores.log_loss is None:
        detail = f"{scores.outside:,} scores lie below 0 or above 1"
        yield absent(squared, Reason.NOT_A_PROBABILITY, detail, numbers)
        yield absent(loss, Reason.NOT_A_PROBABILITY, detail, numbers)
        return
    bounds = bounded_mean(scores.scored, *scores.squared_errors, upper=1.0, level=LEVEL)
    yield estimated(squared, bounds, numbers, missing=Reason.NO_ROWS)
    yield exact(loss, scores.log_loss / scores.scored, numbers, "the loss has no useful bound")
