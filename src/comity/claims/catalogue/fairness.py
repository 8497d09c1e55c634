"""Fairness: does the system treat groups alike, and how sure is that?"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

_PARAMETERS = ("positive", "decision", "minimum_cell", "partition")
_RATE_INTERVAL = "Clopper–Pearson (exact binomial)"
_GAP_INTERVAL = (
    "Two groups: score interval of the difference, continuity corrected. More: the upper end is the largest of the "
    "pairwise score limits, the lower end a projected joint exact region of all rates"
)
_RATIO_INTERVAL = (
    "Two groups: MOVER-R on exact limits. More: the lower end is the smallest of the pairwise limits, the upper end a "
    "projected joint exact region of all rates"
)
_ALIKE = "Why groups differ, whether the truth column itself is fair, or that anybody was treated justly."
_RATES = (
    ("selection_rate", "Selection rate", "selected / all", "neither", "How many of 100 in this group are selected."),
    ("tpr", "True positive rate", "selected positives / positives", "higher", "Of 100 who should be selected, how many are."),
    ("fpr", "False positive rate", "selected negatives / negatives", "lower", "Of 100 who should not be selected, how many are."),
    ("ppv", "Positive predictive value", "selected positives / selected", "higher", "Of 100 selected, how many should be."),
)  # fmt: skip

MEASURES = (
    *(
        Measure(
            id=f"fairness.{name}",
            version=1,
            title=f"{title} of a group",
            unit="rate",
            direction=direction,  # type: ignore[arg-type]
            formula=formula,
            interval=_RATE_INTERVAL,
            source="Hardt, Price and Srebro, NeurIPS 2016; Barocas, Hardt and Narayanan, Fairness and ML, 2023",
            parameters=_PARAMETERS,
            shows=shows,
            does_not_show=_ALIKE,
        )
        for name, title, formula, direction, shows in _RATES
    ),
    *(
        Measure(
            id=f"fairness.{name}_gap",
            version=1,
            title=f"Gap in {title[0].lower()}{title[1:]} between groups",
            unit="difference",
            direction="lower",
            formula=f"largest minus smallest ({formula}) over the groups of the partition",
            interval=_GAP_INTERVAL,
            source="docs/statistics.md; cf. fairlearn.metrics.MetricFrame.difference",
            parameters=_PARAMETERS,
            shows="How far the best and the worst treated group are apart.",
            does_not_show=_ALIKE,
        )
        for name, title, formula, _, _ in _RATES
    ),
    *(
        Measure(
            id=f"fairness.{name}_ratio",
            version=1,
            title=f"Ratio of {title[0].lower()}{title[1:]} between groups",
            unit="ratio",
            direction="higher",
            formula=f"smallest divided by largest ({formula}) over the groups of the partition",
            interval=_RATIO_INTERVAL,
            source="docs/statistics.md; cf. fairlearn.metrics.MetricFrame.ratio",
            parameters=_PARAMETERS,
            shows="What share of the best treated group's rate the worst treated group gets.",
            does_not_show=_ALIKE,
        )
        for name, title, formula, _, _ in _RATES
    ),
    Measure(
        id="fairness.impact_ratio",
        version=1,
        title="Impact ratio of a group",
        unit="ratio",
        direction="higher",
        formula="selection rate of the group / selection rate of the group with the highest rate",
        interval=f"{_RATIO_INTERVAL}. Each group by itself, not all together",
        source="29 CFR 1607.4(D), the four-fifths guideline of 1978",
        parameters=_PARAMETERS,
        shows="How often this group is selected for each time the most selected group is.",
        does_not_show=(
            "A verdict. By the guideline's own words a smaller difference may still count where it is significant, and a "
            "larger one may not where numbers are small or recruiting was special; it looks at one partition at a time."
        ),
    ),
)
