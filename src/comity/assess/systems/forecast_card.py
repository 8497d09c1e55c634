"""The table `[forecast]` of a system card: forecasts of a quantity, beside a naive baseline.

[forecast]
file = "rain.csv"
truth = "observed"
members = ["m1", "m2", "m3"]    # or prediction, quantiles, interval
baseline = "climatology"        # one column, or a table of the same form as the forecast
time = "date"
unit_of_measure = "mm"
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from comity.assess.systems.fields import Filled, Wrong, check_roles, exact_decimal
from comity.assess.systems.labels import shown
from comity.claims.values import Labels, Text
from comity.errors import InputError

__all__ = ["Forecast", "ForecastTable", "Form", "resolve_forecast"]

MAX_COLUMNS = 500
_Apart = Literal["unit", "recording", "site", "time"]


class _IntervalTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    level: str | int | float
    low: Filled
    high: Filled


class _BaselineTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    prediction: Filled | None = None
    quantiles: dict[str, Filled] | None = None
    members: list[Filled] | None = None


class ForecastTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[forecast]` as it stands in the card."""

    truth: Filled
    file: Filled | None = None
    prediction: Filled | None = None
    quantiles: dict[str, Filled] | None = None
    members: list[Filled] | None = None
    interval: _IntervalTable | None = None
    baseline: Filled | _BaselineTable | None = None
    baseline_rule: Text = ""
    id: Filled | None = None
    split: Filled | None = None
    evaluate: Filled | None = None
    site: Filled | None = None
    unit: Filled | None = None
    recording: Filled | None = None
    time: Filled | None = None
    unit_of_measure: Annotated[str, msgspec.Meta(max_length=40)] = ""
    split_rule: Text = ""
    kept_apart: list[_Apart] | None = None


@dataclass(frozen=True)
class Form:
    """In what form something is forecast, and in which roles of columns.

    Attributes:
        kind: `point`, `quantiles`, `members` (an ensemble) or `interval`.
        roles: Role to column name, in order; quantiles by rising probability.
        probabilities: Of quantiles, in the order of the roles; of an interval, its level.
    """

    kind: Literal["point", "quantiles", "members", "interval"]
    roles: Labels
    probabilities: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Which column of a table of forecasts plays which role.

    Attributes:
        truth: Column of what happened: a number.
        form: The forecast.
        baseline: The naive baseline, a point or of the forecast's own form; None for none.
        baseline_rule: What the baseline is, in the card's words.
        labels: Role to column name: `id`, `split`, `site`, `unit`, `recording`, `time`.
        evaluate: The part that is evaluated.
        unit_of_measure: Of truth and forecast, for instance `mm`.
        split_rule: How evaluated rows were kept apart from training, in the card's words.
        kept_apart: Roles whose values may not stand in training too: otherwise the run stops.
    """

    truth: str
    form: Form
    baseline: Form | None
    baseline_rule: str
    labels: Labels
    evaluate: str
    unit_of_measure: str
    split_rule: str
    kept_apart: tuple[str, ...]

    @property
    def numbers(self) -> Labels:
        """Role to column name, of the columns that hold numbers."""
        roles = {"truth": self.truth} | self.form.roles
        return roles | (self.baseline.roles if self.baseline else {})

    @property
    def columns(self) -> Labels:
        """Role to column name."""
        return self.numbers | self.labels


def resolve_forecast(raw: ForecastTable, path: Path) -> Forecast:
    """Check the table `[forecast]` of the card at `path`.

    Raises:
        InputError: fields are missing or contradict each other.
    """

    def wrong(field: str, what: str, hint: str = "") -> InputError:
        return InputError(what, where=f"{path}, field forecast.{field}", hint=hint)

    forms = [name for name in ("prediction", "quantiles", "members", "interval")
             if getattr(raw, name) is not None]  # fmt: skip
    if len(forms) != 1:
        given = " and ".join(forms) if forms else "none of them"
        raise wrong(
            "prediction",
            "a forecast is one of prediction, quantiles, members and interval; "
            f"the card gives {given}",
        )
    if raw.evaluate is not None and raw.split is None:
        raise wrong("evaluate", "a part to evaluate needs a split column")
    labels = {
        role: column
        for role in ("id", "split", "site", "unit", "recording", "time")
        if (column := getattr(raw, role)) is not None
    }
    for role in raw.kept_apart or ():
        if role not in labels:
            raise wrong("kept_apart", f"{role} is to be kept apart, but the card names no column")
    if raw.kept_apart and raw.split is None:
        raise wrong("kept_apart", "without a split column no training rows are known")
    form = _form(raw, wrong)
    forecast = Forecast(
        truth=raw.truth,
        form=form,
        baseline=_baseline(raw.baseline, form, wrong),
        baseline_rule=raw.baseline_rule,
        labels=labels,
        evaluate=(raw.evaluate or "test").strip(),
        unit_of_measure=raw.unit_of_measure,
        split_rule=raw.split_rule,
        kept_apart=_kept_apart(raw, labels),
    )
    if forecast.baseline_rule and forecast.baseline is None:
        raise wrong("baseline_rule", "a baseline is described, but the card names no column")
    check_roles(forecast.columns, wrong)
    return forecast


def _kept_apart(raw: ForecastTable, labels: Labels) -> tuple[str, ...]:
    """As the card says; otherwise units and recordings, where training rows are marked."""
    if raw.kept_apart is not None:
        return tuple(sorted(set(raw.kept_apart)))
    return tuple(r for r in ("recording", "unit") if r in labels) if raw.split else ()


def _form(raw: ForecastTable, wrong: Wrong) -> Form:
    if raw.interval is not None:
        level = _probability(raw.interval.level, "interval", wrong)
        ends = {"interval.low": raw.interval.low, "interval.high": raw.interval.high}
        return Form("interval", ends, (level,))
    table = _BaselineTable(prediction=raw.prediction, quantiles=raw.quantiles, members=raw.members)
    return _of(table, "", wrong)


def _baseline(raw: str | _BaselineTable | None, form: Form, wrong: Wrong) -> Form | None:
    if raw is None:
        return None
    if form.kind == "interval":
        raise wrong(
            "baseline",
            "the coverage of a single interval has no skill against a baseline",
            "Leave the baseline out, or give the forecast as quantiles.",
        )
    if isinstance(raw, str):
        raw = _BaselineTable(prediction=raw)
    given = [raw.prediction, raw.quantiles, raw.members]
    if sum(one is not None for one in given) != 1:
        raise wrong("baseline", "a baseline is one of prediction, quantiles and members")
    baseline = _of(raw, "baseline.", wrong)
    if baseline.kind not in ("point", form.kind):
        raise wrong(
            "baseline",
            f"the baseline gives {baseline.kind} and the forecast {form.kind}: "
            "they cannot be compared",
        )
    if baseline.kind == "quantiles" and baseline.probabilities != form.probabilities:
        raise wrong("baseline", "forecast and baseline state quantiles at other probabilities")
    return baseline


def _of(raw: _BaselineTable, prefix: str, wrong: Wrong) -> Form:
    field = "baseline" if prefix else "quantiles" if raw.quantiles is not None else "members"
    columns = len(raw.quantiles or raw.members or ())
    if columns > MAX_COLUMNS:
        raise wrong(field, f"more than {MAX_COLUMNS} columns are given")
    if raw.prediction is not None:
        return Form("point", {"baseline" if prefix else "prediction": raw.prediction})
    if columns == 0:
        raise wrong(field, "no column is given")
    if raw.members is not None:
        members = {f"{prefix}member.{i}": name for i, name in enumerate(raw.members, 1)}
        return Form("members", members)
    named = {_probability(text, field, wrong): name for text, name in (raw.quantiles or {}).items()}
    if len(named) < columns:
        raise wrong(field, "a probability is given twice")
    ordered = sorted(named, key=Decimal)
    return Form(
        "quantiles", {f"{prefix}quantile.{one}": named[one] for one in ordered}, tuple(ordered)
    )


def _probability(value: str | int | float, field: str, wrong: Wrong) -> str:
    """A probability as the one text that is its value, so that 0.1 and "0.10" are one."""
    text, exact = exact_decimal(value, field, wrong)
    if not 0 < exact < 1 or Decimal(text) != exact:
        raise wrong(field, f"{shown(str(value))} is not a probability between 0 and 1")
    return text
