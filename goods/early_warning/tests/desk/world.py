"""A made service with three square districts, a clock that stands still, and made forecasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from early_warning import cap
from early_warning.country import (
    Country,
    DeskSpec,
    FeedSpec,
    ForecastSpec,
    HazardSpec,
    LevelSpec,
    PeopleSpec,
    SendSpec,
)
from early_warning.desk.desk import Desk, open_desk
from early_warning.desk.signing import new_signing_key
from early_warning.drafts.outlook import Expectation, Outlook
from early_warning.drafts.proposal import Content, Line, Proposal
from early_warning.matrix import Colour
from early_warning.people import Area, Boundaries, BoundarySpec, Count, join
from early_warning.people.shapes import read_shape
from early_warning.service import Service
from goods.early_warning.tests.people.made import polygon, square

RUN = dt.datetime(2026, 11, 22, 0, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 22, 6, tzinfo=dt.UTC)
"""Nine in the morning in the made country."""

ONSET, END = NOW + dt.timedelta(hours=12), NOW + dt.timedelta(hours=36)
CODES = ("A", "B", "C")
NAMES = {
    "A": {"en": "Ada", "fr": "Ada", "ar": "عدة"},
    "B": {"en": "Bera", "fr": "Béra", "ar": "بيرة"},
    "C": {"en": "Coro", "fr": "Coro", "ar": "كورو"},
}
SERVICE = {
    "en": "Coast Weather Service",
    "fr": "Service météorologique de la Côte",
    "ar": "مصلحة أرصاد الساحل",
}
NIGHT = ("20:00", "06:00")


class Clock:
    """Stands still until somebody sets it."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def later(self, **by: float) -> dt.datetime:
        self.now += dt.timedelta(**by)
        return self.now


def service(
    folder: Path,
    *languages: str,
    feed: bool = True,
    night: tuple[str, str] | None = NIGHT,
    **more: Any,
) -> Service:
    """A service without a signing key."""
    languages = languages or ("en", "fr")
    country = Country(
        languages=languages,
        time_zone="Africa/Djibouti",
        authority=cap.Authority(sender="warnings@coast.example", names=SERVICE),
        people=PeopleSpec(
            boundaries="districts.json",
            properties=BoundarySpec(code="code", name="name"),
            tables=(),
        ),
        forecast=ForecastSpec(files="incoming/*.grib2", layout="ecmwf-2026"),
        hazards=(
            HazardSpec(hazard="heavy_rain", levels=(LevelSpec(impact="severe", amount="50"),)),
        ),
        desk=DeskSpec(port=0, night=night),
        send=SendSpec(
            feed=FeedSpec(folder="served", address="https://coast.example/cap", title="Warnings")
        )
        if feed
        else SendSpec(),
    )
    country = msgspec.structs.replace(country, **more)
    areas = []
    for place, code in enumerate(CODES):
        shape, _ = read_shape(polygon(square(42 + place, 11)), code, code, "made")
        names = NAMES[code]
        areas.append(Area(code=code, name=names["en"], names=names, shape=shape))
    boundaries = Boundaries(areas=tuple(areas), repairs=(), overlaps=(), source="made")
    ledger = join(boundaries, [Count(code, "residents", 1_000, "people") for code in CODES])
    return Service(
        country=country,
        folder=folder,
        ledger=ledger,
        packs=tuple(cap.pack(language) for language in languages),
        zone=ZoneInfo(country.time_zone),
    )


def keyed(folder: Path, *languages: str, at: dt.datetime = NOW, **more: Any) -> Service:
    """A service with a signing key, whose certificate began the day before."""
    made = service(folder, *languages, **more)
    if not made.path(made.country.signing.key).exists():
        new_signing_key(made, now=at - dt.timedelta(days=1))
    return made


@contextmanager
def desk(
    folder: Path, clock: Callable[[], dt.datetime] | None = None, *languages: str, **more: Any
) -> Iterator[Desk]:
    """An open desk of such a service."""
    with open_desk(keyed(folder, *languages, **more), now=clock or Clock()) as opened:
        yield opened


def expectation(district: str, used: float | None = 0.6, **more: Any) -> Expectation:
    made = Expectation(
        district=district,
        hazard="heavy_rain",
        impact="severe",
        threshold="50",
        threshold_from="The amount that country.toml gives.",
        begins=ONSET,
        ends=END,
        lead=42,
        question="anywhere",
        raw=used,
        used=used,
        by=None if used is None else "raw",
        may_alert=used is not None,
        no_data="" if used is not None else "the field is constant",
    )
    return msgspec.structs.replace(made, **more)


def content(*districts: str, colour: Colour = "red", **more: Any) -> Content:
    made = Content(
        hazard="heavy_rain",
        threshold="50",
        chance=(60, 60),
        colour=colour,
        impact="severe",
        onset=ONSET,
        expires=END,
        districts=districts or ("A", "B"),
        urgency="Future",
        severity="Extreme",
        certainty="Likely",
    )
    return msgspec.structs.replace(made, **more)


def proposal(
    *districts: str,
    basis: Literal["forecast", "notice"] = "forecast",
    used: float = 0.6,
    key: str = "",
    **more: Any,
) -> Proposal:
    chance = round(100 * used)
    said = content(*districts, **{"chance": (chance, chance), **more})
    return Proposal(
        key=key or f"heavy_rain/{said.onset:%Y%m%d%H}/{said.impact}/{said.colour}",
        basis=basis,
        content=said,
        reasons=(f"More than 50 mm: {chance} %.",),
        lines=tuple(
            Line(
                expectation=expectation(code, used, begins=said.onset, ends=said.expires),
                name=NAMES[code]["en"],
                residents=1_000,
                groups={},
            )
            for code in said.districts
        ),
    )


def outlook(
    run: dt.datetime | None = RUN, *, without: tuple[str, ...] = (), windows: int = 1
) -> Outlook:
    """An outlook that has data of every district, but for some."""
    day = dt.timedelta(days=1)
    return Outlook(
        made=NOW,
        run=run,
        files=("made.grib2",),
        expectations=tuple(
            expectation(
                code,
                None if code in without else 0.1,
                begins=ONSET + number * day,
                ends=END + number * day,
            )
            for code in CODES
            for number in range(windows)
        ),
        no_data=(),
        people=(),
    )


def offered(opened: Desk, *proposals: Proposal, run: dt.datetime = RUN) -> tuple[int, ...]:
    """Offer a run; the numbers of the drafts that wait then, oldest first."""
    opened.offer(outlook(run), proposals)
    return tuple(sorted(one.number for one in opened.look().drafts))


def approve(opened: Desk, number: int, *people: str) -> Any:
    """Approve a draft by several people; what the last one gets."""
    issued = None
    for who in people:
        issued = opened.approve(number, who, opened.find_draft(number).content.digest)
    return issued
