"""Everything that a service has of its own, made: land, people, past weather, and one forecast day.

`write_inputs` gives the same bytes every time. Nothing of it is real: files say so in their names,
and in themselves where their format has room for it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from goods.early_warning.demo.day import fields, observations
from goods.early_warning.demo.land import DISTRICTS, NOTE, UNCOUNTED, District, boundaries
from goods.early_warning.demo.weather import make_past, pairs_table, record_table

__all__ = ["REACH", "RESIDENTS_UNKNOWN", "START", "tables", "write_inputs", "write_observations"]

START = datetime(2026, 11, 21, tzinfo=UTC)
"""When the made run starts."""

RESIDENTS_UNKNOWN = "The census of 2024 could not reach them: the road was under water (made)"
"""Why it is accepted that nobody was counted in one district."""

LANGUAGES = ("ar", "fr", "en", "qst")
"""`qst` is for private use in BCP 47; here it is the Steppe's own language (made)."""

REACH = """\
channel,group,language,reached,asked,survey,district
radio,residents,ar,431,640,yes,
radio,residents,fr,207,300,yes,
radio,residents,en,88,120,yes,
"""
"""A made survey: whom the radio station reaches."""

_README = f"""\
{NOTE}

Every file in this folder was written by a program with fixed numbers: the land, the people, 28
years of weather, eight years of forecasts, and one forecast day (`made-day.grib2`, in the layout of
ECMWF's open data since 2026, version `made`). One field of it is spoilt on purpose. No file comes
from a real service, and no number says anything about a real place.
"""


def write_inputs(folder: Path) -> None:
    """Write all that is known on the morning of the forecast day into `folder`."""
    past = make_past()
    files: dict[str, bytes] = {
        "MADE.txt": _README.encode(),
        "made-districts.json": boundaries(),
        "incoming/made-day.grib2": b"".join(fields(START)),
        **{f"made-{name}.csv": text.encode() for name, text in tables().items()},
    }
    for code in (one.code for one in DISTRICTS):
        rain, heat = past.rain[code], past.heat[code]
        files[f"records/made-rain-{code}.csv"] = record_table(past, rain, "made_rain_mm")
        files[f"records/made-heat-{code}.csv"] = record_table(past, heat, "made_maximum_celsius")
    for code, lead in past.forecasts:
        files[f"pairs/made-rain-{code}-{lead}.csv"] = pairs_table(past, code, lead)
    _write(folder, files)


def write_observations(folder: Path) -> None:
    """Write what is known afterwards: what happened, and whom the radio reaches."""
    codes = tuple(one.code for one in DISTRICTS)
    _write(
        folder,
        {"made-observations.csv": observations(START, codes), "made-reach.csv": REACH.encode()},
    )


def tables() -> dict[str, str]:
    """The tables of people: CSV by name."""
    return {
        "people": _table(_groups),
        "languages": _table(_languages),
        "channels": _table(_channels),
    }


def _table(groups: Callable[[District], Iterable[tuple[str, int]]]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["code", "place", "group", "made_people"])
    for one in DISTRICTS:
        if one.code != UNCOUNTED:
            for group, number in groups(one):
                if number:
                    table.writerow([one.code, one.names[0], group, number])
    return text.getvalue()


def _residents(one: District) -> int:
    assert one.residents is not None, "the district without residents has no rows"
    return one.residents


def _groups(one: District) -> Iterator[tuple[str, int]]:
    residents, dry = _residents(one), 1 - one.wet / 18
    yield "residents", residents
    yield "age 65 and over", round(residents * (0.052 + 0.02 * dry))
    yield "disabled", round(residents * (0.061 + 0.015 * dry))
    yield "herders", round(residents * 0.45 * dry)


def _languages(one: District) -> Iterator[tuple[str, int]]:
    """Everybody speaks one of them: the first takes what rounding leaves."""
    residents = _residents(one)
    others = [round(residents * share) for share in one.speaks[1:]]
    for language, number in zip(LANGUAGES, [residents - sum(others), *others], strict=True):
        yield f"language:{language}", number


def _channels(one: District) -> Iterator[tuple[str, int]]:
    for channel, share in zip(("radio", "sms"), one.hears, strict=True):
        yield f"channel:{channel}", round(_residents(one) * share)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
