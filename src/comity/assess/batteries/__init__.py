"""Batteries, one per risk: pure functions from what was counted to findings."""

from comity.assess.batteries.accuracy import accuracy
from comity.assess.batteries.calibration import calibration
from comity.assess.batteries.fairness import fairness
from comity.assess.batteries.finding import Finding
from comity.assess.batteries.footprint import footprint

__all__ = ["Finding", "accuracy", "calibration", "fairness", "footprint"]
