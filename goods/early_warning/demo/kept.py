"""What the demonstration kept, for its page."""

from __future__ import annotations

from dataclasses import dataclass

from early_warning.desk.view import Act, View
from early_warning.drafts.skill import Skill
from early_warning.service import Service
from goods.early_warning.demo.radio import Heard

__all__ = ["MAP", "NEXT", "Kept", "Real"]

MAP = "The desk in the morning, with its map"
NEXT = "The desk on the next morning"
"""Words for two copies of the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """What came of one country's real data.

    Attributes:
        name: Of the country.
        people: Counted.
        districts: How many.
        notices: What was told without shown skill, a sentence each.
        no_data: What was refused, a sentence each.
        taken_up: The headline of the notice that a forecaster took up in their own name.
        pages: Words to files.
    """

    name: str
    people: int
    districts: int
    notices: tuple[str, ...]
    no_data: tuple[str, ...]
    taken_up: str
    pages: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the demonstration kept, for its page.

    Attributes:
        service: Coast.
        skill: The verdicts.
        view: The desk at the end.
        journal: Every act there.
        alerts: The signed bytes of every alert, by identifier.
        files: Identifier to the file that the feed serves.
        pages: Words to copies of the desk's pages.
        heard: What the radio station got.
        forged: What it said of an alert in which one letter was changed.
        broker: Whether there was a broker.
        real: Other countries, where their public data are here.
    """

    service: Service
    skill: Skill
    view: View
    journal: tuple[Act, ...]
    alerts: dict[str, bytes]
    files: dict[str, str]
    pages: dict[str, str]
    heard: tuple[Heard, ...]
    forged: str
    broker: bool
    real: tuple[Real, ...]
