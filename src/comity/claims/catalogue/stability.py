"""Stability: is the system equally good at every time and place?"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

MEASURES = (
    Measure(
        id="stability.drift",
        version=1,
        title="Drift of the loss",
        unit="unit of the truth",
        direction="lower",
        formula="largest minus smallest mean loss over the windows in time, or over the sites",
        interval=(
            "Upper end: largest pairwise t limit over blocks; lower end: the same, adjusted for all pairs (Bonferroni). "
            "None where the memory of the series is too long or its events too few"
        ),
        source="docs/statistics.md; Berger, Technometrics 24, 1982",
        parameters=("form", "unit_of_measure", "blocks", "kept_apart", "loss", "between"),
        shows="How far the best and the worst time, or place, are apart; above 0 throughout, they truly differ.",
        does_not_show="Why: the weather itself may have been harder to forecast, then or there.",
    ),
)
