"""`country.toml`: all that one country's early warning is told, and where its files are.

Paths are relative to the file's folder and stay below it, or are written from the root on.
Passwords never stand here: the file names the environment variable that holds one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from comity import files
from comity.errors import InputError
from early_warning.cap import Authority, Hazard
from early_warning.cap.compose import Status
from early_warning.country_rules import faults
from early_warning.matrix import Colour, Impact, Likelihood
from early_warning.people import BoundarySpec, TableSpec

__all__ = [
    "Amount",
    "BrokerSpec",
    "Colour",
    "Country",
    "DeskSpec",
    "FeedSpec",
    "ForecastSpec",
    "HazardSpec",
    "Impact",
    "LayoutSpec",
    "LevelSpec",
    "Likelihood",
    "PairsSpec",
    "PeopleSpec",
    "RecordSpec",
    "SendSpec",
    "SigningSpec",
    "TableFile",
    "WebhookSpec",
    "read_country",
]

Amount = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,4}(\.[0-9]{1,2})?$")]
Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class TableFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of people: its file, and which of its columns mean what."""

    file: str
    columns: TableSpec


class PeopleSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Boundaries, tables of people, and how their codes meet. See `people.join`."""

    boundaries: str
    properties: BoundarySpec
    tables: tuple[TableFile, ...]
    crosswalk: dict[str, str] = {}
    nest: int = 0
    accepted: dict[str, str] = {}


class LayoutSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes a complete ensemble, where it is none that is known by name."""

    name: str
    perturbed: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    control: str | None = None


class ForecastSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the centre's files are put, and what they hold.

    Attributes:
        files: Pattern such as `incoming/*.grib2`; GRIB2 or NetCDF (`.nc`).
        layout: A known ensemble, one of its own, or `probabilities` for files that hold
            probabilities and no members.
        max_age_hours: The oldest run that may be used.
    """

    files: str
    layout: Literal["ecmwf-2024", "ecmwf-2026", "probabilities"] | LayoutSpec
    max_age_hours: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 36


class RecordSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Daily values of each district's own climate in mm, m/s or °C; `{code}` in `files`."""

    files: str
    day: str
    value: str
    first_month: Annotated[int, msgspec.Meta(ge=1, le=12)] = 1


class PairsSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Forecasts and observations of each district and lead; `{code}` and `{lead}` in `files`.

    All values are in mm, m/s or °C. A lead is the hours from the start of the run to the end of the
    window. The value of a run is its most extreme one over the district's cells, as the outlook
    makes it: another one would be corrected for something else. Leave the files as they are between
    two judgements of skill (`drafts/skill.py`).
    """

    files: str
    day: str
    observed: str
    members: tuple[str, ...]


class LevelSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One threshold of a hazard: an amount, or what the district's own climate says.

    Attributes:
        impact: What passing it does.
        amount: In mm, m/s or °C; where a percentile or a return level is asked as well, the amount
            stands for districts whose record gives none.
        percentile: Of the daily values, as a share: 0.99. Of cold, the share of days that are not
            colder.
        return_years: A level passed once in so many years.
    """

    impact: Impact
    amount: Amount | None = None
    percentile: Share | None = None
    return_years: Annotated[float, msgspec.Meta(gt=1, le=1_000)] | None = None

    def __post_init__(self) -> None:
        if self.percentile is not None and self.return_years is not None:
            raise ValueError("a level has a `percentile` or `return_years`, not both")
        if self.amount is None and self.percentile is None and self.return_years is None:
            raise ValueError("a level needs an `amount`, a `percentile` or `return_years`")


class HazardSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One hazard: the quantity in the grids, its levels, and the records of each district.

    Attributes:
        quantity: As `grids` names it; by default rain, gust, temperature_max or temperature_min.
        hours: The length of a window, from multiples of it after the start of the run: rain is
            added up over it, and a gust or a temperature is its most extreme one. Thresholds are
            of so many hours. A value at a moment stands for so long before it.
        levels: Mildest first.
    """

    hazard: Hazard
    levels: Annotated[tuple[LevelSpec, ...], msgspec.Meta(min_length=1, max_length=3)]
    quantity: str | None = None
    hours: Annotated[int, msgspec.Meta(ge=1, le=48)] = 24
    record: RecordSpec | None = None
    pairs: PairsSpec | None = None


class DeskSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The page for forecasters.

    Attributes:
        port: On this computer alone.
        night: From when to when one approval is enough, local time; null for never.
        review_hours: How soon a second person must look at what one person sent at night.
    """

    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 8765
    night: tuple[Clock, Clock] | None = None
    review_hours: Annotated[int, msgspec.Meta(ge=1, le=48)] = 12


class SigningSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The P-256 key that signs alerts, and its certificate, both PEM."""

    key: str = "alerts.key"
    certificate: str = "alerts.crt"


class FeedSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder with an Atom feed, and where a web server shows it."""

    folder: str
    address: str
    title: str


class WebhookSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who gets each alert by HTTPS.

    Attributes:
        certificates: PEM file of the authorities that vouch for its address; empty for those that
            this computer trusts.
        token_variable: The environment variable that holds its token; empty for none.
    """

    address: str
    recipient: str
    certificates: str = ""
    token_variable: str = ""


class BrokerSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A broker that takes WIS2 notifications; `certificates` and variables as in `WebhookSpec`."""

    address: str
    recipient: str
    certificates: str = ""
    centre_id: str
    metadata_id: str
    user: str = ""
    password_variable: str = ""


class SendSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where alerts go. `composer` gets drafts, for a service that runs CAP Composer."""

    feed: FeedSpec | None = None
    webhooks: tuple[WebhookSpec, ...] = ()
    brokers: tuple[BrokerSpec, ...] = ()
    composer: FeedSpec | None = None


class Country(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file.

    Attributes:
        languages: Every alert is written in all of them, the first first.
        packs: Language to the file of a service's own pack.
        time_zone: As `Asia/Ulaanbaatar`.
        state: Folder for drafts, journal, outbox and verdicts; made where absent.
        matrix: Impact to the colours for very low, low, medium and high likelihood; what is not
            given is as in `matrix.py`.
    """

    status: Status = "Test"
    languages: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    packs: dict[str, str] = {}
    time_zone: str
    state: str = "state"
    authority: Authority
    people: PeopleSpec
    forecast: ForecastSpec
    hazards: Annotated[tuple[HazardSpec, ...], msgspec.Meta(min_length=1)]
    matrix: dict[Impact, tuple[Colour, Colour, Colour, Colour]] = {}
    desk: DeskSpec = DeskSpec()
    signing: SigningSpec = SigningSpec()
    send: SendSpec = SendSpec()


def read_country(path: Path) -> Country:
    """Read `country.toml`.

    Raises:
        InputError: it cannot be read, or breaks a rule of `country_rules`; the first is said, and
            how many more there are.
    """
    country = files.read_toml(path, Country)
    found = list(faults(country))
    if found:
        field, what, hint = found[0]
        more = f"It is one of {len(found)} mistakes." if len(found) > 1 else ""
        raise InputError(
            what, where=f"{path}, field {field}", hint=" ".join(filter(None, (hint, more)))
        )
    return country
