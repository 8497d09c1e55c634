"""Thresholds from a country's own record: percentiles and return levels, with intervals."""

from early_warning.climate.columns import Days, Floats, read_columns
from early_warning.climate.gev import Gev
from early_warning.climate.levels import Level, Levels, return_levels
from early_warning.climate.record import (
    Maxima,
    Percentile,
    Record,
    block_maxima,
    make_record,
    percentile,
    read_record,
)

__all__ = [
    "Days",
    "Floats",
    "Gev",
    "Level",
    "Levels",
    "Maxima",
    "Percentile",
    "Record",
    "block_maxima",
    "make_record",
    "percentile",
    "read_columns",
    "read_record",
    "return_levels",
]
