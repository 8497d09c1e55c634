"""The map of the first page: which hazard and window it shows, and the same facts as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup

from early_warning.desk.map import Atlas, Shade, draw
from early_warning.desk.pages import words
from early_warning.desk.pages.district import Found, Window, by_window, find, rank, windows_of
from early_warning.desk.pages.evidence import Row, name_of
from early_warning.desk.pages.shell import Frame
from early_warning.drafts.outlook import Expectation, Outlook
from early_warning.people import District
from early_warning.service import Service

__all__ = ["Asked", "Chart", "Chosen", "make_chart"]


class Chosen(NamedTuple):
    """What the map was asked to show; empty for the worst that there is."""

    hazard: str = ""
    window: str = ""
    district: str = ""


class Switch(NamedTuple):
    """A link beside the map."""

    words: str | Markup
    address: str
    here: bool


class Asked(NamedTuple):
    """The district that was asked for."""

    name: str
    stage: str
    people: str
    evidence: list[Row]


class Chart(NamedTuple):
    """The map with its switches, and the same facts as a table."""

    title: str
    window: Window
    drawing: Markup
    hazards: list[Switch]
    windows: list[Switch]
    stages: list[str]
    rows: list[tuple[str, str, str, str]]
    missing: list[str]
    broad: bool
    district: Asked | None


def make_chart(
    frame: Frame,
    outlook: Outlook,
    service: Service,
    atlas: Atlas,
    chosen: Chosen,
) -> Chart | None:
    """The map for what was asked, or for the worst window; null where there is no forecast.

    Args:
        frame: What every page says.
        outlook: The newest.
        service: The country.
        atlas: Its map.
        chosen: What was asked.
    """
    districts = {one.area.code: one for one in service.ledger.districts}
    windows = windows_of(outlook.expectations)
    if not windows:
        return None
    matrix = service.country.matrix
    known = by_window(outlook.expectations)
    found = {
        window: {code: find(levels, matrix) for code, levels in known[window].items()}
        for window in windows
    }
    window = _choose(windows, found, chosen)
    stages = found[window]
    when = words.stamp(window.begins, frame.zone), words.stamp(window.ends, frame.zone)
    title = f"{words.HAZARDS[window.hazard]}, {when[0]} to {when[1]}"
    shades = {
        code: Shade(
            one.stage,
            f"{name_of(code, districts)}: {one.label}",
            _address(window, code) + "#district",
            one.mark,
        )
        for code, one in stages.items()
    }
    rows = sorted(stages.items(), key=lambda item: rank(item[1]))
    return Chart(
        title=title,
        window=window,
        drawing=draw(atlas, shades, f"Map: {title}", chosen=chosen.district),
        hazards=[
            Switch(words.HAZARDS[one.hazard], _address(one) + "#map", one.hazard == window.hazard)
            for one in _first_of_each(windows, window)
        ],
        windows=[
            Switch(
                words.span(one.begins, one.ends, frame.zone), _address(one) + "#map", one == window
            )
            for one in windows
            if one.hazard == window.hazard
        ],
        stages=[one for one in words.STAGES if any(at.stage == one for at in stages.values())],
        rows=[
            (name_of(code, districts), one.stage, one.words, _address(window, code) + "#district")
            for code, one in rows
        ],
        missing=[name_of(code, districts) for code in atlas.missing],
        broad=atlas.width > 1.5 * atlas.height,
        district=_asked(known[window], districts.get(chosen.district), stages),
    )


def _first_of_each(windows: Sequence[Window], here: Window) -> list[Window]:
    """One window for each hazard: the same one where it has it."""
    found: dict[str, Window] = {}
    for one in windows:
        if one.hazard not in found or one[1:] == here[1:]:
            found[one.hazard] = one
    return list(found.values())


def _choose(
    windows: Sequence[Window], found: Mapping[Window, Mapping[str, Found]], chosen: Chosen
) -> Window:
    for one in windows:
        if (one.hazard, one.key) == (chosen.hazard, chosen.window):
            return one
    return min(windows, key=lambda one: min(rank(at) for at in found[one].values()))


def _address(window: Window, district: str = "") -> str:
    asked = {"hazard": window.hazard, "window": window.key}
    return "/?" + urlencode(asked | ({"district": district} if district else {}))


def _asked(
    known: Mapping[str, Sequence[Expectation]],
    district: District | None,
    stages: Mapping[str, Found],
) -> Asked | None:
    """The district that was asked for, with every level of the window that is shown."""
    if district is None or district.area.code not in stages:
        return None
    code, residents = district.area.code, district.residents
    people = "Nobody counted its residents" if residents is None else f"{residents:,} residents"
    groups = [
        f"{count.number:,} {name.replace('_', ' ')}" for name, count in district.groups.items()
    ]
    return Asked(
        name=district.area.name,
        stage=stages[code].stage,
        people="; ".join([people, *groups]),
        evidence=[_row(district.area.name, one) for one in known[code]],
    )


def _row(name: str, one: Expectation) -> Row:
    return Row(name=name, people="", anchor="", colour="", expectation=one)
