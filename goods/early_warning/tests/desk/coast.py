"""A made country with a desk: ten districts, one of them tiny, one with a hostile name."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec

from comity.files import make_folder, write_atomic
from early_warning.desk.forecasters import Forecasters
from early_warning.desk.signing import new_signing_key
from early_warning.drafts.outlook import Expectation, Outlook
from early_warning.drafts.proposal import Content, Line, Proposal
from early_warning.service import Service, open_service

RUN = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
DAY = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
"""Ten in the morning on the coast."""

NIGHT = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
"""Half past three at night on the coast."""

ONSET = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EXPIRES = ONSET + timedelta(hours=24)
HOSTILE = '<script>alert("x")</script>\u202egpj'
PASSPHRASES = {"aicha": "four plain words here", "omar": "another set of words"}

_NAMES = {
    "C01": "North Coast",
    "C02": "Dunes",
    "C03": "Salt Lake",
    "C04": "Old Port",
    "C05": "River Mouth",
    "C06": "Highlands",
    "C07": HOSTILE,
    "C08": "South Coast",
    "C09": "Islands",
    "C10": "Port City",
}
_ARABIC = {code: f"منطقة {number}" for number, code in enumerate(_NAMES, 1)}
_TOML = """
status = "{status}"
languages = ["en", "ar"]
time_zone = "Africa/Djibouti"

[authority]
sender = "warnings@coast.example"
names = {{ en = "Coast Weather Service", ar = "مصلحة أرصاد الساحل" }}

[people]
boundaries = "districts.json"
properties = {{ code = "code", name = "name", names = {{ en = "name", ar = "ar" }} }}
accepted = {{ C09 = "nobody has counted the islands" }}

[[people.tables]]
file = "people.csv"
columns = {{ code = "code", value = "number", group = "residents" }}

[forecast]
files = "incoming/*.grib2"
layout = "ecmwf-2026"

[[hazards]]
hazard = "heavy_rain"
levels = [{{ impact = "significant", amount = "50" }}, {{ impact = "severe", amount = "100" }}]

[[hazards]]
hazard = "strong_wind"
levels = [{{ impact = "significant", amount = "20" }}]

[desk]
port = 0
night = ["21:00", "06:00"]
review_hours = 6

[send.feed]
folder = "feed"
address = "https://coast.example/cap"
title = "Warnings of the coast"
"""


class Clock:
    """A clock that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def coast(folder: Path, *, status: str = "Test") -> Service:
    """The service, with its files and its signing key in `folder`."""
    (folder / "country.toml").write_text(_TOML.format(status=status), encoding="utf-8")
    document = {"type": "FeatureCollection", "features": list(map(_feature, _NAMES))}
    (folder / "districts.json").write_text(json.dumps(document), encoding="utf-8")
    rows = [f"{code},{1000 * n}" for n, code in enumerate(_NAMES, 1) if code != "C09"]
    (folder / "people.csv").write_text("\n".join(["code,number", *rows, ""]), encoding="utf-8")
    service = open_service(folder / "country.toml")
    new_signing_key(service, now=datetime(2026, 1, 1, tzinfo=UTC))
    return service


def two_forecasters(service: Service, clock: Clock) -> Forecasters:
    """Aicha and Omar."""
    path = service.state / "forecasters.toml"
    make_folder(path.parent)
    write_atomic(path, _two_forecasters(), mode=0o600)
    return Forecasters(path, now=clock)


@cache
def _two_forecasters() -> bytes:
    """Their file, hashed once: passphrases are slow."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "forecasters.toml"
        forecasters = Forecasters(path, now=Clock(DAY))
        forecasters.add("aicha", "Aicha Omar", PASSPHRASES["aicha"])
        forecasters.add("omar", "Omar Ali", PASSPHRASES["omar"])
        return path.read_bytes()


def _feature(code: str) -> dict[str, object]:
    """Nine districts in three rows with a bent edge, and a tiny one in the corner of the fifth."""
    number = int(code[1:]) - 1
    west, south, size = 42.0 + number % 3, 13.0 - number // 3, 1.0
    if code == "C10":
        west, south, size = 43.4, 12.4, 0.02
    east, north, bend = west + size, south + size, 0.12 * size
    ring = [
        [west, south],
        [west + size / 2, south + bend],
        [east, south],
        [east - bend, south + size / 2],
        [east, north],
        [west + size / 2, north + bend],
        [west, north],
        [west - bend, south + size / 2],
        [west, south],
    ]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": _NAMES[code], "ar": _ARABIC[code]},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def expected(code: str, **changes: object) -> Expectation:
    """Heavy rain in a district, with shown skill; other fields on demand."""
    one = Expectation(
        district=code,
        hazard="heavy_rain",
        impact="significant",
        threshold="50",
        threshold_from="An amount that the service set.",
        begins=ONSET,
        ends=EXPIRES,
        lead=36,
        question="anywhere",
        raw=0.48,
        isotonic=0.45,
        climatology=0.02,
        used=0.45,
        by="isotonic",
        may_alert=True,
        words="Isotonic regression beat climatology at this threshold.",
        source="ens.grib2, message 4",
    )
    return msgspec.structs.replace(one, **changes)


def unproven(code: str, raw: float = 0.6) -> Expectation:
    """Strong wind, for which no skill was shown."""
    return expected(
        code,
        hazard="strong_wind",
        threshold="20",
        raw=raw,
        isotonic=None,
        used=None,
        by=None,
        may_alert=False,
        words="Skill not shown: there are no pairs of forecasts and observations.",
    )


def missing(code: str) -> Expectation:
    """Heavy rain without data."""
    why = "The field is zero everywhere on Earth, which cannot be."
    return expected(
        code,
        raw=None,
        isotonic=None,
        climatology=None,
        used=None,
        by=None,
        may_alert=False,
        words="",
        no_data=why,
    )


def outlook(*expectations: Expectation, run: datetime = RUN) -> Outlook:
    """One forecast day."""
    return Outlook(
        made=run + timedelta(hours=4),
        run=run,
        files=("ens.grib2",),
        expectations=expectations,
        no_data=("ens.grib2, message 9: the field is zero everywhere on Earth.",),
        people=("How many people live in Islands (C09) is not known: nobody has counted them.",),
    )


def line(one: Expectation, residents: int | None = 4000) -> Line:
    """A district of a proposal."""
    return Line(
        expectation=one, name=_NAMES[one.district], residents=residents, groups={"elderly": "310"}
    )


def proposal(
    codes: Sequence[str] = ("C04", "C05", "C07", "C10"), *, key: str = "rain", **changes: object
) -> Proposal:
    """An orange draft for heavy rain, or what `changes` make of its content."""
    content = Content(
        hazard="heavy_rain",
        threshold="50",
        chance=(45, 45),
        colour="orange",
        impact="significant",
        onset=ONSET,
        expires=EXPIRES,
        districts=tuple(codes),
        urgency="Future",
        severity="Severe",
        certainty="Possible",
    )
    return Proposal(
        key=key,
        basis="forecast",
        content=msgspec.structs.replace(content, **changes),
        reasons=("In Old Port the chance of more than 50 mm is 45 %.",),
        lines=tuple(line(expected(code)) for code in codes),
    )


def notice() -> Proposal:
    """Strong wind on the south coast, without shown skill."""
    own = proposal(
        ("C08",),
        key="wind",
        hazard="strong_wind",
        threshold="20",
        chance=None,
    )
    return msgspec.structs.replace(
        own,
        basis="notice",
        reasons=("No pairs of forecasts and observations are there for wind.",),
        lines=(line(unproven("C08")),),
    )


def day() -> Outlook:
    """Rain in the middle, nothing known of the islands, wind without shown skill in the south."""
    rain = [expected(code) for code in ("C04", "C05", "C07", "C10")]
    calm = [expected(code, raw=0.02, isotonic=0.01, used=0.01) for code in ("C01", "C02", "C06")]
    severe = expected("C05", impact="severe", threshold="100", raw=0.2, isotonic=0.12, used=0.12)
    near = expected("C03", raw=0.3, isotonic=0.25, used=0.25)
    wind = [unproven(code, 0.6 if code == "C08" else 0.0) for code in _NAMES]
    return outlook(*rain, severe, near, *calm, unproven_rain("C08"), missing("C09"), *wind)


def unproven_rain(code: str) -> Expectation:
    """Heavy rain without shown skill."""
    return expected(
        code,
        raw=0.35,
        isotonic=None,
        used=None,
        by=None,
        may_alert=False,
        words="Skill not shown: 300 days are too few.",
    )
