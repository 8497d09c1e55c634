"""Intervals that keep their stated coverage. Pure functions of numbers: arrays in, numbers out."""

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
from comity.statistics.means import bounded_mean
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
    "delong_sums",
    "difference_of_rates",
    "gap",
    "impact_ratios",
    "ratio",
    "square_root",
    "threshold_ranks",
    "tpr_at_fpr",
    "wilson",
]
