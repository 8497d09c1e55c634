"""`country.toml` of Coast, as its service would have written it."""

from __future__ import annotations

from goods.early_warning.demo.land import NOTE, UNCOUNTED
from goods.early_warning.demo.made import RESIDENTS_UNKNOWN
from goods.early_warning.demo.weather import members

__all__ = ["CENTRE", "country_toml"]

CENTRE = "xc-coast"
"""Its name in WMO's information system (made: `xc` is no country)."""


def country_toml(*, desk: int, webhook: str, certificates: str, broker: str | None) -> str:
    """The file.

    Args:
        desk: Port of the desk.
        webhook: Address of the radio station's receiver.
        certificates: PEM file, below the folder, of who vouches for it.
        broker: Address of an MQTT broker; null where there is none.
    """
    return _TEXT.format(
        note=NOTE,
        code=UNCOUNTED,
        reason=RESIDENTS_UNKNOWN,
        members=", ".join(f'"{one}"' for one in members()),
        desk=desk,
        webhook=webhook,
        certificates=certificates,
        broker="" if broker is None else _BROKER.format(address=broker, centre=CENTRE),
    )


_BROKER = """
[[send.brokers]]
address = "{address}"
recipient = "wis2 (made)"
centre_id = "{centre}"
metadata_id = "urn:wmo:md:{centre}:made-warnings"
"""

_TEXT = """\
# {note}
status = "Exercise"
languages = ["en", "fr", "ar"]
time_zone = "Etc/GMT-4"

[authority]
sender = "warnings@meteo.coast.example"
contact = "warnings@meteo.coast.example"
web = "https://meteo.coast.example"

[authority.names]
en = "Weather Service of Coast (made)"
fr = "Service météo de Coast (fictif)"
ar = "مرصد كوست (مختلق)"

[people]
boundaries = "made/made-districts.json"

[people.properties]
code = "code"
name = "name"
names = {{en = "name", fr = "name_fr", ar = "name_ar"}}

[[people.tables]]
file = "made/made-people.csv"
columns = {{code = "code", value = "made_people", group_column = "group"}}

[[people.tables]]
file = "made/made-languages.csv"
columns = {{code = "code", value = "made_people", group_column = "group"}}

[[people.tables]]
file = "made/made-channels.csv"
columns = {{code = "code", value = "made_people", group_column = "group"}}

[people.accepted]
{code} = "{reason}"

[forecast]
files = "made/incoming/*.grib2"
layout = "ecmwf-2026"

[[hazards]]
hazard = "heavy_rain"
record = {{files = "made/records/made-rain-{{code}}.csv", day = "day", value = "made_rain_mm", \
first_month = 5}}
levels = [
  {{impact = "minor", percentile = 0.95}},
  {{impact = "significant", percentile = 0.985}},
  {{impact = "severe", return_years = 5}},
]

[hazards.pairs]
files = "made/pairs/made-rain-{{code}}-{{lead}}.csv"
day = "day"
observed = "made_observed"
members = [{members}]

# Nobody kept pairs of gusts: their skill cannot be shown.
[[hazards]]
hazard = "strong_wind"
levels = [{{impact = "significant", amount = "17"}}, {{impact = "severe", amount = "25"}}]

[[hazards]]
hazard = "extreme_heat"
record = {{files = "made/records/made-heat-{{code}}.csv", day = "day", \
value = "made_maximum_celsius", first_month = 11}}
levels = [{{impact = "significant", percentile = 0.99}}]

[desk]
port = {desk}
night = ["21:00", "06:00"]
review_hours = 10

[send.feed]
folder = "feed"
address = "https://meteo.coast.example/cap"
title = "Warnings of Coast (made)"

[[send.webhooks]]
address = "{webhook}"
recipient = "radio"
certificates = "{certificates}"
{broker}"""
