"""Parameters of procedures, as every laboratory would write them: no name of a file or column."""

from __future__ import annotations

from comity.assess.systems.series import Series
from comity.assess.systems.table import Table
from comity.claims.measure import AS_PREDICTED, BY_CUT_OFF
from comity.claims.values import Labels

__all__ = [
    "compared_parameters",
    "decision_parameters",
    "score_parameters",
    "series_parameters",
]


def score_parameters(table: Table) -> Labels:
    """What a measure of scores depends on."""
    return {"positive": table.predictions.positive}


def decision_parameters(table: Table) -> Labels:
    """What a measure of decisions depends on: the positive class, and what decides."""
    predictions = table.predictions
    positive = {"positive": predictions.positive}
    if predictions.prediction is not None:
        return positive | {"decision": AS_PREDICTED}
    if predictions.cut_off is not None:
        return positive | {"decision": BY_CUT_OFF, "cut_off": predictions.cut_off}
    return positive | {"decision": "none"}


def compared_parameters(table: Table) -> Labels:
    """What a comparison of decisions depends on: also the smallest denominator that counts."""
    return decision_parameters(table) | {"minimum_cell": str(table.predictions.minimum_cell)}


def series_parameters(series: Series) -> Labels:
    """What a measure of forecasts depends on: the form, the unit, and what was kept apart."""
    wanted = series.forecast
    form: str = wanted.form.kind
    if form == "members":
        form = f"ensemble of {len(wanted.form.roles)}"
    return {
        "form": form,
        "unit_of_measure": wanted.unit_of_measure,
        "blocks": series.order,
        "kept_apart": ", ".join(wanted.kept_apart),
    }
