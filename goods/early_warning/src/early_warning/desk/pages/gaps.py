"""What has no data, in as few lines as tell all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from early_warning.cap import Hazard
from early_warning.desk.pages import words
from early_warning.desk.pages.district import Window, windows_of
from early_warning.desk.pages.evidence import name_of
from early_warning.drafts.outlook import Expectation, Outlook
from early_warning.people import District

__all__ = ["Gap", "blind", "gaps"]


class Gap(NamedTuple):
    """A reason for which there is no data: how many districts, which, of what, and why."""

    number: int
    where: str
    why: str


def gaps(outlook: Outlook, districts: Mapping[str, District], zone: ZoneInfo) -> list[Gap]:
    """Every reason once for each hazard, with its districts and windows; the most common first."""
    found: dict[tuple[Hazard, str], list[Expectation]] = {}
    for one in outlook.expectations:
        if one.no_data:
            found.setdefault((one.hazard, one.no_data), []).append(one)
    listed = []
    for (hazard, why), several in found.items():
        codes = list(dict.fromkeys(one.district for one in several))
        where = words.listed([name_of(code, districts) for code in codes])
        when = _when(windows_of(several), zone)
        listed.append(Gap(len(codes), where, f"{words.HAZARDS[hazard]}, {when}: {why}"))
    return sorted(listed, key=lambda one: -one.number)


def blind(outlook: Outlook | None) -> str:
    """In how many districts something is not known, as a sentence; empty for none."""
    if outlook is None:
        return ""
    everywhere = {one.district for one in outlook.expectations}
    n = len({one.district for one in outlook.expectations if one.no_data})
    if not n:
        return ""
    have = "has" if n == 1 else "have"
    return f"{n} of {len(everywhere)} districts {have} no data for some hazard or day."


def _when(windows: tuple[Window, ...], zone: ZoneInfo) -> str:
    if len(windows) > 1:
        return f"{len(windows)} windows"
    return f"{words.stamp(windows[0].begins, zone)} to {words.stamp(windows[0].ends, zone)}"
