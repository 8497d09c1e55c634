"""What was observed, and whom channels reach: two tables that a service fills in.

`observations.csv` has one line for each district and window of a hazard:

    district,hazard,start,end,event,began
    DJ01,heavy_rain,2026-11-22T00:00+03:00,2026-11-23T00:00+03:00,yes,2026-11-22T14:20+03:00
    DJ02,heavy_rain,2026-11-22T00:00+03:00,2026-11-23T00:00+03:00,no,
    DJ03,heavy_rain,2026-11-22T00:00+03:00,2026-11-23T00:00+03:00,,

An empty `event` says that nobody observed it, which is not *no*. The column `began` may be left
out; then an alert that was in force for a part of the window only is neither a hit nor a miss.
`reach.csv` has one line for what is known of a channel, by the name of its recipient:

    channel,group,language,reached,asked,survey,district
    radio,residents,so,412,600,yes,DJ01

Without `survey` (or with *no*) everybody was counted. An empty district stands for all districts: a
survey is taken to hold in each of them, and a count only bounds how many of each are reached.
Every line that cannot be used is named, and then nothing is used: also one that repeats or overlaps
another, because it would be counted twice.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import TypeVar, get_args

from comity.errors import InputError
from comity.files import read_text
from early_warning.audit.events import Window, check_window
from early_warning.audit.people import UNKNOWN_LANGUAGE, Reach
from early_warning.cap import Hazard

__all__ = ["read_observations", "read_reach"]

MAX_BYTES = 32_000_000
MAX_LINES = 500_000
FIRST_YEAR, LAST_YEAR = 1900, 2200
SHOWN = 20
"""So many bad lines are told at once."""

T = TypeVar("T")
_YES_OR_NO = {"yes": True, "no": False}


def read_observations(path: Path, districts: Collection[str]) -> dict[Hazard, tuple[Window, ...]]:
    """The windows of each hazard, in the order of the table.

    Args:
        path: The table.
        districts: The codes that there are.

    Raises:
        InputError: it is no such table, or a line cannot be used.
    """
    known = frozenset(districts)
    taken: defaultdict[tuple[Hazard, str], list[tuple[datetime, datetime]]] = defaultdict(list)

    def window(row: dict[str, str]) -> tuple[Hazard, Window]:
        hazard = _hazard(row["hazard"])
        one = Window(
            district=_district(row["district"], known),
            start=_time(row["start"], "start"),
            end=_time(row["end"], "end"),
            event=_yes(row["event"], "event") if row["event"] else None,
            began=_time(row["began"], "began") if row["began"] else None,
        )
        check_window(one)
        others = taken[hazard, one.district]
        place = bisect_left(others, (one.start, one.end))
        for start, end in others[max(0, place - 1) : place + 1]:
            if start < one.end and one.start < end:
                raise InputError(
                    f"the window overlaps the one of {one.district} from {start.isoformat()} on"
                )
        insort(others, (one.start, one.end))
        return hazard, one

    found: defaultdict[Hazard, list[Window]] = defaultdict(list)
    needed = ("district", "hazard", "start", "end", "event")
    for hazard, one in _rows(path, needed, ("began",), window):
        found[hazard].append(one)
    return {hazard: tuple(found[hazard]) for hazard in get_args(Hazard) if found[hazard]}


def read_reach(path: Path, districts: Collection[str]) -> tuple[Reach, ...]:
    """What is known of the channels' reach.

    Raises:
        InputError: it is no such table, or a line cannot be used.
    """
    known = frozenset(districts)
    taken: set[tuple[str, str, str, str]] = set()

    def reach(row: dict[str, str]) -> Reach:
        for column in ("channel", "group", "language"):
            if not row[column]:
                raise InputError(f"{column} is empty")
        if row["language"].lower() == UNKNOWN_LANGUAGE:
            raise InputError("reach needs a language: who cannot be said to understand, is not")
        reached, asked = _count(row["reached"], "reached"), _count(row["asked"], "asked")
        if not asked or reached > asked:
            raise InputError(f"{reached} of {asked} is no share of people")
        key = (row["channel"], row["group"], row["language"].lower(), row["district"])
        if key in taken:
            raise InputError("this reach is given twice")
        taken.add(key)
        return Reach(
            channel=row["channel"],
            group=row["group"],
            language=row["language"].lower(),
            reached=reached,
            asked=asked,
            survey=_yes(row["survey"], "survey") if row["survey"] else False,
            district=_district(row["district"], known) if row["district"] else None,
        )

    needed = ("channel", "group", "language", "reached", "asked")
    return tuple(_rows(path, needed, ("survey", "district"), reach))


def _rows(
    path: Path,
    needed: Collection[str],
    optional: Collection[str],
    make: Callable[[dict[str, str]], T],
) -> list[T]:
    """Each line made into what it says; every mistake is collected before one error is raised."""
    reader = csv.reader(io.StringIO(read_text(path, MAX_BYTES), newline=""), strict=True)
    made: list[T] = []
    faults: list[str] = []
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        _check_head(head, needed, optional, path)
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if reader.line_num > MAX_LINES:
                raise InputError(f"the table has more than {MAX_LINES:,} lines", where=str(path))
            try:
                made.append(make(_named(head, fields, optional)))
            except InputError as error:
                faults.append(f"line {reader.line_num}: {error.what}")
    except csv.Error as error:
        where = f"{path}, line {reader.line_num}"
        raise InputError(f"this is not a CSV table: {error}", where=where) from None
    if faults:
        more = [f"… and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
        raise InputError(
            "1 line cannot be used" if len(faults) == 1 else f"{len(faults)} lines cannot be used",
            where=str(path),
            hint="\n".join([*faults[:SHOWN], *more]),
        )
    if not made:
        raise InputError("the table has no lines", where=str(path))
    return made


def _check_head(
    head: list[str], needed: Collection[str], optional: Collection[str], path: Path
) -> None:
    where, columns = f"{path}, line 1", f"Its columns are {', '.join([*needed, *optional])}."
    for name in needed:
        if name not in head:
            raise InputError(f"there is no column {name!r}", where=where, hint=columns)
    for name in head:
        if name not in {*needed, *optional} or head.count(name) > 1:
            what = f"the column {name[:40]!r} is not known here, or is there twice"
            raise InputError(what, where=where, hint=columns)


def _named(head: list[str], fields: list[str], optional: Iterable[str]) -> dict[str, str]:
    if len(fields) != len(head):
        raise InputError(f"it has {len(fields)} fields and the table {len(head)} columns")
    named = {name: field.strip() for name, field in zip(head, fields, strict=True)}
    return dict.fromkeys(optional, "") | named


def _district(text: str, known: frozenset[str]) -> str:
    if text not in known:
        raise InputError(f"there is no district {text[:40]!r}")
    return text


def _hazard(text: str) -> Hazard:
    for hazard in get_args(Hazard):
        if text == hazard:
            return hazard  # type: ignore[no-any-return]
    names = ", ".join(get_args(Hazard))
    raise InputError(f"{text[:40]!r} is no hazard that is known here: {names}")


def _time(text: str, column: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{column} is {text[:40]!r}, not a time as 2026-11-22T14:20+03:00"
        ) from None
    if time.tzinfo is None:
        raise InputError(f"{column} is {text[:40]!r}, without a time zone as +03:00")
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        raise InputError(f"{column} is {text[:40]!r}, of no year that was observed")
    return time


def _yes(text: str, column: str) -> bool:
    if text.lower() not in _YES_OR_NO:
        raise InputError(f"{column} is {text[:40]!r}, neither yes nor no")
    return _YES_OR_NO[text.lower()]


def _count(text: str, column: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise InputError(f"{column} is {text[:40]!r}, not a whole number")
    return int(text)
