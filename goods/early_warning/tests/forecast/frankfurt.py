"""Eleven years of 24-hour rain at Frankfurt: the gauge, and all 52 runs of ECMWF's ensemble."""

from tests.parts import require_data

from early_warning.forecast import Pairs, read_pairs

__all__ = ["ENSEMBLE", "RUNS", "frankfurt"]

ENSEMBLE = ["CTR", *(f"P{i}" for i in range(1, 51))]
RUNS = ["HRES", *ENSEMBLE]
RECORD = "weather/postproc/ecmwf_ens_frankfurt_rain_2007_2017.csv.gz"


def frankfurt(runs: list[str] = RUNS) -> Pairs:
    """The record; skips where it is absent."""
    return read_pairs(require_data(RECORD), day="date", observed="obs", members=runs)
