"""Batteries, one per risk: pure functions from what was counted to findings."""

from comity.assess.batteries.accuracy import accuracy
from comity.assess.batteries.calibration import calibration
from comity.assess.batteries.fairness import fairness
from comity.assess.batteries.finding import Finding
from comity.assess.batteries.footprint import footprint
from comity.assess.batteries.perturbation import perturbation
from comity.assess.batteries.privacy import privacy
from comity.assess.batteries.skill import skill
from comity.assess.batteries.stability import drift_of_rates, stability

__all__ = [
    "Finding",
    "accuracy",
    "calibration",
    "drift_of_rates",
    "fairness",
    "footprint",
    "perturbation",
    "privacy",
    "skill",
    "stability",
]
