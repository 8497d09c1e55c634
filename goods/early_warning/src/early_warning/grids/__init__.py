"""Forecasts on grids: files to fields, fields through quality gates, districts to probabilities.

What cannot be believed becomes *no data*, with the reason; never *no hazard*.
"""

from early_warning.grids.districts import Odds, Weights, from_members, from_probabilities
from early_warning.grids.ensemble import (
    ECMWF_2024,
    ECMWF_2026,
    Ensemble,
    Layout,
    accumulated,
    ensembles,
    rising,
)
from early_warning.grids.field import Field, Threshold
from early_warning.grids.gates import Gates, NoData, gate
from early_warning.grids.grib import read_grib
from early_warning.grids.netcdf import read_netcdf
from early_warning.grids.regular import Cells, RegularGrid

__all__ = [
    "ECMWF_2024",
    "ECMWF_2026",
    "Cells",
    "Ensemble",
    "Field",
    "Gates",
    "Layout",
    "NoData",
    "Odds",
    "RegularGrid",
    "Threshold",
    "Weights",
    "accumulated",
    "ensembles",
    "from_members",
    "from_probabilities",
    "gate",
    "read_grib",
    "read_netcdf",
    "rising",
]
