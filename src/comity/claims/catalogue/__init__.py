"""The measure catalogue: every quantity Comity can claim, one file per risk."""

from types import MappingProxyType

from comity.claims.catalogue import (
    accuracy,
    bias,
    calibration,
    environment,
    fairness,
    footprint,
    generative,
    intellectual_property,
    languages,
    misuse,
    privacy,
    private_data,
    robustness,
    skill,
    stability,
)
from comity.claims.measure import Measure

__all__ = ["CATALOGUE"]

CATALOGUE: MappingProxyType[str, Measure] = MappingProxyType(
    {
        measure.id: measure
        for risk in (
            accuracy,
            bias,
            calibration,
            environment,
            fairness,
            footprint,
            generative,
            intellectual_property,
            languages,
            misuse,
            privacy,
            private_data,
            robustness,
            skill,
            stability,
        )
        for measure in risk.MEASURES
    }
)
"""Measures by id."""
