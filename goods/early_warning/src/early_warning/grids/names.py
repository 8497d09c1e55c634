"""What the centres' names and units mean, and which values can occur on Earth.

The limits are wide: they catch wrong units and spoilt files, no unusual weather. They lie outside
the records of WMO's archive of weather extremes (24 h rain 1,825 mm; gust 113 m/s; temperature
184 K to 330 K), and a field whose name has no limits here counts as unknown, hence as no data.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["QUANTITIES", "Quantity", "canonical"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Units, and the smallest and largest value that can occur."""

    units: str
    low: float
    high: float


QUANTITIES = {
    "rain": Quantity("mm", 0.0, 4_000.0),
    "snow_depth": Quantity("m", 0.0, 30.0),
    "wind": Quantity("m/s", 0.0, 120.0),
    "wind_u": Quantity("m/s", -120.0, 120.0),
    "wind_v": Quantity("m/s", -120.0, 120.0),
    "gust": Quantity("m/s", 0.0, 150.0),
    "temperature": Quantity("K", 160.0, 345.0),
    "temperature_max": Quantity("K", 160.0, 345.0),
    "temperature_min": Quantity("K", 160.0, 345.0),
    "temperature_anomaly": Quantity("K", -60.0, 60.0),
    "pressure_sea": Quantity("Pa", 85_000.0, 110_000.0),
    "height": Quantity("m", -2_000.0, 60_000.0),
}

_SHORT_NAMES = {
    "tp": "rain",
    "sde": "snow_depth",
    "10si": "wind",
    "ws": "wind",
    "10u": "wind_u",
    "10v": "wind_v",
    "u": "wind_u",
    "v": "wind_v",
    "10fg": "gust",
    "10fg3": "gust",
    "i10fg": "gust",
    "max_10fg": "gust",
    "gust": "gust",
    "2t": "temperature",
    "t": "temperature",
    "mx2t": "temperature_max",
    "mx2t3": "temperature_max",
    "mx2t6": "temperature_max",
    "mx2t24": "temperature_max",
    "mn2t": "temperature_min",
    "mn2t3": "temperature_min",
    "mn2t6": "temperature_min",
    "mn2t24": "temperature_min",
    "ta": "temperature_anomaly",
    "msl": "pressure_sea",
    "prmsl": "pressure_sea",
    "gh": "height",
    # CF standard names, of NetCDF files
    "precipitation_amount": "rain",
    "lwe_thickness_of_precipitation_amount": "rain",
    "wind_speed": "wind",
    "wind_speed_of_gust": "gust",
    "air_temperature": "temperature",
    "air_pressure_at_mean_sea_level": "pressure_sea",
    "geopotential_height": "height",
    "surface_snow_thickness": "snow_depth",
}

_SCALES = {  # (the file's units, ours): what to multiply by; none of them needs an offset
    ("m", "mm"): 1000.0,
    ("kg m**-2", "mm"): 1.0,
    ("kg m-2", "mm"): 1.0,
    ("mm", "mm"): 1.0,
    ("m s**-1", "m/s"): 1.0,
    ("m s-1", "m/s"): 1.0,
    ("m/s", "m/s"): 1.0,
    ("K", "K"): 1.0,
    ("Pa", "Pa"): 1.0,
    ("hPa", "Pa"): 100.0,
    ("gpm", "m"): 1.0,
    ("m", "m"): 1.0,
}


def canonical(short_name: str, units: str) -> tuple[str, str, float]:
    """Our name and units for a file's, and the factor that brings its values into them.

    What is not known keeps the file's own words, and the gates then refuse it.
    """
    name = _SHORT_NAMES.get(short_name, "")
    if not name:
        return short_name, units, 1.0
    ours = QUANTITIES[name].units
    factor = _SCALES.get((units, ours))
    return (name, units, 1.0) if factor is None else (name, ours, factor)
