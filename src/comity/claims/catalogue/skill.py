"""Skill: how far is a forecast from what happened, and is it better than a naive baseline?"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

_BLOCKS = (
    "the wider of the t intervals over 16 and 8 blocks of the series, widened by the memory that "
    "outlasts them; none where that is too long or the events too few"
)
_FIELLER = (
    "Fieller's theorem on paired sums over 16 and 8 blocks, the wider one, widened by the memory "
    "that outlasts them; none where that is too long or the events too few: then skill is not shown"
)
_SERIES = ("form", "unit_of_measure", "blocks", "kept_apart")
_PARAMETERS = {
    name: (*_SERIES, *more)
    for name, more in (
        ("mae", ()), ("rmse", ()), ("bias", ()),
        ("pinball", ("quantile", "quantiles")), ("crps", ("crps",)),
    )
}  # fmt: skip
_NAIVE = "Whether the forecast is good enough for its use, or better than any other baseline than the one named."
_LOSSES = (
    (
        "mae", "Mean absolute error", "lower", "mean of |forecast − truth|",
        f"Mean: {_BLOCKS}", "Hyndman and Koehler, Int. J. Forecasting 22, 2006",
        "How far the forecast is from what happened, on average; of an ensemble, its median.",
        "Whether the errors lean to one side, or how bad the worst ones are.",
    ),
    (
        "rmse", "Root mean square error", "lower", "square root of the mean of (forecast − truth)²",
        f"Square root of that of the mean square: {_BLOCKS}", "Hyndman and Koehler, Int. J. Forecasting 22, 2006",
        "The same, with large errors weighing more; of an ensemble, its mean.",
        "Which errors are large: a few may decide it.",
    ),
    (
        "bias", "Bias", "neither", "mean of (forecast − truth)",
        f"Mean: {_BLOCKS}", "WMO-No. 485, standardised verification of forecasts",
        "Whether the forecast is too high (above 0) or too low on average; of an ensemble, its mean.",
        "The size of the errors: opposite ones cancel.",
    ),
    (
        "pinball", "Pinball loss", "lower", "mean of (truth − q) · (p − [truth < q]) for the quantile q at probability p",
        f"Mean: {_BLOCKS}", "Koenker and Bassett, Econometrica 46, 1978; Gneiting, Int. J. Forecasting 27, 2011",
        "How far a stated quantile is from what happened, each side weighed as its probability asks.",
        "Whether quantiles at other probabilities are right.",
    ),
    (
        "crps", "Continuous ranked probability score (CRPS)", "lower",
        "mean of Σ|x_i − truth| / m − Σ(2i − m − 1) x_(i) / d over the sorted members; plain: d = m², fair: d = m(m − 1)",
        f"Mean: {_BLOCKS}",
        "Hersbach, Weather and Forecasting 15, 2000; fair: Ferro, Q. J. R. Meteorol. Soc. 140, 2014",
        "How far a whole ensemble is from what happened: a mean absolute error that counts stated uncertainty.",
        "Why: an ensemble too narrow and one off to the side can have the same score.",
    ),
)  # fmt: skip

MEASURES = (
    *(
        Measure(
            id=f"skill.{name}",
            version=1,
            title=title,
            unit="unit of the truth",
            direction=direction,  # type: ignore[arg-type]
            formula=formula,
            interval=interval,
            source=source,
            parameters=_PARAMETERS[name],
            shows=shows,
            does_not_show=does_not_show,
        )
        for name, title, direction, formula, interval, source, shows, does_not_show in _LOSSES
    ),
    Measure(
        id="skill.interval_coverage",
        version=1,
        title="Coverage of a stated interval",
        unit="rate",
        direction="neither",
        formula="rows whose truth lies within the stated interval, ends included / rows",
        interval=(
            "Korn–Graubard: exact binomial with the number of cases that 16 and 8 blocks of the series are worth, fewer by "
            "the memory that outlasts them; none where that is too long or the events too few"
        ),
        source="Gneiting, Balabdaoui and Raftery, J. R. Stat. Soc. B 69, 2007; interval: Korn and Graubard, Survey Methodology 24, 1998",
        parameters=(*_SERIES, "level"),
        shows="Of 100 stated intervals, how many hold what happened; it should be the stated level.",
        does_not_show="Whether the intervals are narrow enough to be of use.",
    ),
    *(
        Measure(
            id=f"skill.{name}_skill",
            version=1,
            title=f"Skill by {title} against the baseline",
            unit="skill",
            direction="higher",
            formula=f"1 − {formula} of the forecast / the same of the baseline, on the same rows",
            interval=_FIELLER,
            source="Murphy, Monthly Weather Review 116, 1988; interval: Fieller, J. R. Stat. Soc. B 16, 1954",
            parameters=(*_PARAMETERS[name], "baseline"),
            shows="What share of the baseline's error the forecast avoids: 1 is perfect, 0 no better, below 0 worse.",
            does_not_show=_NAIVE,
        )
        for name, title, formula in (
            ("mae", "mean absolute error", "mean absolute error"),
            ("rmse", "root mean square error", "root mean square error"),
            ("pinball", "pinball loss", "mean pinball loss over all stated quantiles"),
            ("crps", "CRPS", "CRPS"),
        )
    ),
)
