"""Calibration: does 70 % happen seven times in ten?"""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

MEASURES = (
    Measure(
        id="calibration.mean_score",
        version=1,
        title="Mean stated probability in a score bin",
        unit="probability",
        direction="neither",
        formula="mean of the scores in the bin",
        interval="None: it describes these scores, it estimates nothing",
        source="Reliability diagram: Murphy and Winkler, J. R. Stat. Soc. C 26, 1977",
        parameters=("positive", "score_bins"),
        shows="What the model said, on average, in this range of scores.",
        does_not_show="What happened; read it beside the observed rate.",
    ),
    Measure(
        id="calibration.observed_rate",
        version=1,
        title="Observed rate in a score bin",
        unit="rate",
        direction="neither",
        formula="positives in the bin / rows in the bin",
        interval="Clopper–Pearson for this bin",
        source="Reliability diagram: Murphy and Winkler, J. R. Stat. Soc. C 26, 1977",
        parameters=("positive", "score_bins"),
        shows="What happened where the model stated this probability.",
        does_not_show="Whether single scores inside the bin are right.",
    ),
    Measure(
        id="calibration.expected_error",
        version=1,
        title="Expected calibration error (binned)",
        unit="difference",
        direction="lower",
        formula="sum over bins of (rows in bin / rows) · |observed rate − mean score|",
        interval="Given the scores. Upper end: MOVER on exact limits per bin; lower end: simultaneous exact limits, projected",
        source="Naeini, Cooper and Hauskrecht, AAAI 2015; bias: Roelofs et al., AISTATS 2022",
        parameters=("positive", "score_bins"),
        shows="How far, on average, the stated probability is from what happened.",
        does_not_show="The unbinned error, which is at least as large; the estimate itself is biased upward in small samples.",
    ),
)
