"""The same program on what is public of two countries and of China's ensemble of one day.

Real are the forecast (run of 2023-12-07), the boundaries and the people. Nobody published pairs of
forecasts and observations, nor a record long enough for thresholds: so skill is not shown, and the
amounts are round numbers that say nothing about danger there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["NOW", "PLACES", "WORDS", "Place", "country_toml"]

NOW = datetime(2023, 12, 7, 6, tzinfo=UTC)
"""When the demonstration pretends to look at the run."""

WORDS = "Forecast, boundaries and people are real and public; nobody warns here."
"""What stands on copies of the desk's pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A country: its folder's name, what people call it, and its part of `country.toml`."""

    folder: str
    name: str
    settings: str


_MONGOLIA = """\
languages = ["mn", "en"]
time_zone = "Asia/Ulaanbaatar"

[authority]
sender = "demonstration@example.org"

[authority.names]
mn = "Туршилт, цаг уурын алба биш"
en = "A demonstration, no weather service"

[people]
boundaries = "{data}/weather/mongolia/mng_adm1_nso_match_1212_mn.json.gz"
nest = 3

[people.properties]
code = "NSO_CODE"
name = "ADM1_EN"
names = {{mn = "ADM1_MN", en = "ADM1_EN"}}

[[people.tables]]
file = "{data}/weather/mongolia/NSO_Population_Admin2_Total.json"
columns = {{code = "CODE", value = "DTVAL_CO", records = "DataList", group = "residents"}}

[[people.tables]]
file = "{data}/weather/mongolia/NSO_Herder_HHs_Admin2.json"
columns = {{code = "CODE", value = "DTVAL_CO", records = "DataList", group = "herders", \
unit = "households"}}

[[people.tables]]
file = "{data}/weather/mongolia/NSO_Disabled_Admin1_Total.json"
columns = {{code = "CODE", value = "DTVAL_CO", records = "DataList", group = "disabled", \
prefix = "MN"}}

[[people.tables]]
file = "{data}/weather/mongolia/NSO_Single_Elderly_Admin1_Total.json"
columns = {{code = "CODE", value = "DTVAL_CO", records = "DataList", group = "single elderly"}}
"""

_DJIBOUTI = """\
languages = ["fr", "en"]
time_zone = "Africa/Djibouti"

[authority]
sender = "demonstration@example.org"

[authority.names]
fr = "Une démonstration, pas un service météo"
en = "A demonstration, no weather service"

[people]
boundaries = "{data}/weather/djibouti/DJI_adm1.json"

[people.properties]
code = "ADM1_PCODE"
name = "ADM1_EN"
names = {{fr = "ADM1_EN", en = "ADM1_EN"}}

[[people.tables]]
file = "{data}/weather/djibouti/population_DJI.csv"
columns = {{code = "placeCode", value = "value", group = "residents", \
where = {{adminLevel = "1"}}}}

[people.accepted]
DJ06 = "the published table has no row for Arta"
"""

_COMMON = """\
# Real: forecast, boundaries, people. Not real: nobody warns here, and nothing is sent.
status = "Test"
{settings}
[forecast]
files = "{data}/weather/cma-geps/*.grib2"
layout = "probabilities"

[[hazards]]
hazard = "heavy_rain"
levels = [
  {{impact = "minor", amount = "10"}},
  {{impact = "significant", amount = "25"}},
  {{impact = "severe", amount = "50"}},
]

[[hazards]]
hazard = "strong_wind"
levels = [{{impact = "minor", amount = "15"}}, {{impact = "severe", amount = "25"}}]

[desk]
port = {desk}

[send.feed]
folder = "feed"
address = "https://demonstration.example.org/{folder}"
title = "A demonstration, no warnings"
"""

PLACES = (
    Place(folder="mongolia", name="Mongolia", settings=_MONGOLIA),
    Place(folder="djibouti", name="Djibouti", settings=_DJIBOUTI),
)


def country_toml(place: Place, data: Path, *, desk: int) -> str:
    """The file of one country.

    Args:
        place: Which.
        data: The folder of public data.
        desk: Port of the desk.
    """
    settings = place.settings.format(data=data)
    return _COMMON.format(settings=settings, data=data, desk=desk, folder=place.folder)
