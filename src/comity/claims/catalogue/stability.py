"""Stability: is the system equally good at every time and place?"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

_RATES = (
    ("accuracy", "accuracy", "correct / scored", "is right"),
    ("selection_rate", "selection rate", "selected / all", "selects"),
    ("tpr", "true positive rate", "selected positives / positives", "selects those who should be"),
    (
        "fpr",
        "false positive rate",
        "selected negatives / negatives",
        "selects those who should not be",
    ),
)

MEASURES = (
    *(
        Measure(
            id=f"stability.{name}_gap",
            version=1,
            title=f"Drift of the {title}",
            unit="difference",
            direction="lower",
            formula=(
                f"largest minus smallest ({formula}) over four windows of equal count in time, rows of one time kept "
                "together, or over the sites"
            ),
            interval=(
                "Two windows or sites: score interval of the difference, continuity corrected. More: the upper end is the "
                "largest of the pairwise score limits, the lower end a projected joint exact region of all rates"
            ),
            source="docs/statistics.md; the same interval as for groups",
            parameters=("positive", "decision", "minimum_cell", "between"),
            shows=f"How far the times, or the places, are apart in how often the system {what}; above 0 throughout, they truly differ.",
            does_not_show=(
                "Why: other people may have come, then or there. Rows count as independent: where those of one day or site "
                "are alike for reasons that will not return, the interval is too narrow."
            ),
        )
        for name, title, formula, what in _RATES
    ),
    Measure(
        id="stability.drift",
        version=1,
        title="Drift of the loss",
        unit="unit of the truth",
        direction="lower",
        formula="largest minus smallest mean loss over the windows in time, or over the sites",
        interval=(
            "Upper end: largest pairwise t limit over blocks, widened by the memory that outlasts them; lower end: the same, "
            "adjusted for all pairs (Bonferroni). None where the memory is too long or the events too few"
        ),
        source="docs/statistics.md; Berger, Technometrics 24, 1982",
        parameters=("form", "unit_of_measure", "blocks", "kept_apart", "loss", "between"),
        shows="How far the best and the worst time, or place, are apart; above 0 throughout, they truly differ.",
        does_not_show="Why: the weather itself may have been harder to forecast, then or there.",
    ),
)
