"""Intervals that keep their stated coverage. Pure functions of numbers: arrays in, numbers out.

SciPy is loaded by the first interval that needs it, and not before: half a start is saved.
"""

from comity.statistics.attack import Ranks, threshold_ranks, tpr_at_fpr
from comity.statistics.auc import DelongSums, auroc, delong_sums
from comity.statistics.blocks import (
    block_drift,
    block_mean,
    block_rate,
    block_skill,
    square_root,
)
from comity.statistics.bounds import Bounds
from comity.statistics.calibration import calibration_error
from comity.statistics.difference import balanced_accuracy, difference_of_rates
from comity.statistics.groups import gap, impact_ratios, ratio
from comity.statistics.judge import corrected_difference, corrected_rate
from comity.statistics.means import bounded_mean
from comity.statistics.paired import leaning, paired_difference
from comity.statistics.rates import clopper_pearson, wilson

__all__ = [
    "Bounds",
    "DelongSums",
    "Ranks",
    "auroc",
    "balanced_accuracy",
    "block_drift",
    "block_mean",
    "block_rate",
    "block_skill",
    "bounded_mean",
    "calibration_error",
    "clopper_pearson",
    "corrected_difference",
    "corrected_rate",
    "delong_sums",
    "difference_of_rates",
    "gap",
    "impact_ratios",
    "leaning",
    "paired_difference",
    "ratio",
    "square_root",
    "threshold_ranks",
    "tpr_at_fpr",
    "wilson",
]
