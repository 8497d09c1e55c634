"""The page of the five floors: a tile for each country and floor, and what each rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from comity.report.allocation import Land
from comity.report.page import render, shell, static

__all__ = ["FloorLine", "FloorSection", "floors_page"]

WORDS: dict[str, Any] = {
    "kicker": "Five floors",
    "title": "Which floors are reached?",
    "lead": "What countries say they have, beside the figures of others, on",
    "stages": {"met": "met", "not_met": "not met", "unknown": "unknown: this is not a zero"},
    "parts": {"met": "met", "not_met": "no", "unknown": "?"},
    "legend": "What a tile says",
    "tier": "tier {tier} of 4",
    "floor": "The floor: {post} {unit}.",
    "counts": "{met} met, {not_met} not met, {unknown} unknown.",
    "does_not_show": "What it does not show: {what}",
    "each": "Each country",
    "silent": "Of {n} countries nobody has said anything. They are unknown, and stand in no list.",
    "not_said": "What this does not say",
    "limits": (
        "Five floors stay five floors: nothing is added up, and no country is ranked.",
        "A country's own signed word stands above anybody's figure. The signature shows who said "
        "it, not that it is true.",
        "The goalposts are Comity's own proposal, in natural units; whoever disputes one proposes "
        "another.",
    ),
    "foot": "Made from signed declarations and from figures that the maker of this page chose.",
}

STAGES = {"met": "all", "not_met": "floor", "unknown": "none"}
"""Verdict to the look of its tile."""


class FloorLine(NamedTuple):
    """One floor of one country.

    Attributes:
        country: Its code.
        verdict: `met`, `not_met` or `unknown`.
        tier: 0 to 4, or None.
        rests_on: What was said of it, newest first, in sentences; empty: nobody said anything.
    """

    country: str
    verdict: str
    tier: int | None
    rests_on: tuple[str, ...]


class FloorSection(NamedTuple):
    """One floor of all countries.

    Attributes:
        gap: Its key.
        title: What is counted.
        unit: In which unit.
        post: Where the floor is.
        does_not_show: What nobody should conclude.
        lines: One for each country.
    """

    gap: str
    title: str
    unit: str
    post: str
    does_not_show: str
    lines: tuple[FloorLine, ...]


class _Tile(NamedTuple):
    country: str
    name: str
    look: str
    part: str
    told: str
    linked: bool


class _Country(NamedTuple):
    code: str
    name: str
    floors: list[tuple[str, str, tuple[str, ...]]]


def floors_page(sections: Sequence[FloorSection], lands: Sequence[Land], day: str) -> str:
    """The page as one HTML file that loads nothing.

    Args:
        sections: The floors.
        lands: All countries.
        day: The day for which it holds.
    """
    spoken = {line.country for section in sections for line in section.lines if line.rests_on}
    return str(
        render(
            "floors.html.j2",
            language="en",
            direction="ltr",
            words=WORDS,
            title=WORDS["title"],
            day=day,
            sections=[(one, _counts(one), _regions(one, lands, spoken)) for one in sections],
            countries=[
                _Country(land.code, land.name, _floors_of(land.code, sections))
                for land in sorted(lands, key=lambda land: land.name)
                if land.code in spoken
            ],
            silent=len({land.code for land in lands} - spoken),
            **shell(style=static("allocation.css")),
        )
    )


def _counts(section: FloorSection) -> str:
    found = [line.verdict for line in section.lines]
    return str(WORDS["counts"].format(**{name: found.count(name) for name in STAGES}))


def _regions(
    section: FloorSection, lands: Sequence[Land], spoken: set[str]
) -> list[tuple[str, list[_Tile]]]:
    lines = {line.country: line for line in section.lines}
    regions: dict[str, list[_Tile]] = {}
    for land in sorted(lands, key=lambda land: land.code):
        verdict = lines[land.code].verdict
        tile = _Tile(
            land.code,
            land.name,
            STAGES[verdict],
            WORDS["parts"][verdict],
            WORDS["stages"][verdict],
            land.code in spoken,
        )
        regions.setdefault(land.region, []).append(tile)
    return sorted(regions.items())


def _floors_of(
    country: str, sections: Sequence[FloorSection]
) -> list[tuple[str, str, tuple[str, ...]]]:
    """For each floor: what is counted, the verdict with its tier, and what it rests on."""
    found = []
    for section in sections:
        line = next(one for one in section.lines if one.country == country)
        verdict = WORDS["stages"][line.verdict]
        if line.tier is not None:
            verdict = f"{verdict}, {WORDS['tier'].format(tier=line.tier)}"
        found.append((section.title, verdict, line.rests_on))
    return found
