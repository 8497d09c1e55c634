"""From figures to limits: what is known of each country, and what nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from comity.claims.floor import Figure
from comity.share.composite import Between
from comity.share.countries import Facts
from comity.share.divide import Limits, TheilParts, theil_parts

__all__ = ["Known", "between", "limits_of", "parts_of"]


@dataclass(frozen=True, kw_only=True)
class Known:
    """The limits of every country whose population is known.

    Attributes:
        limits: By country.
        measured, censored, unknown: How many countries of each sort.
        without_people: How many were left out, since nobody said how many people live there.
    """

    limits: dict[str, Limits]
    measured: int
    censored: int
    unknown: int
    without_people: int


def _newest(figures: Iterable[Figure]) -> dict[str, Figure]:
    """The newest figure with a value, by country."""
    found: dict[str, Figure] = {}
    for figure in figures:
        if figure.value is None:
            continue
        before = found.get(figure.country)
        if before is None or (before.day, before.source) < (figure.day, figure.source):
            found[figure.country] = figure
    return found


def limits_of(facts: Facts, figures: Iterable[Figure]) -> Known:
    """The value itself, zero to what the source sees, or zero to the highest measured."""
    newest = _newest(figures)
    highest = max(
        (float(one.value or 0) for one in newest.values() if one.seen == "measured"), default=0.0
    )
    limits: dict[str, Limits] = {}
    counted = {"measured": 0, "censored": 0, "unknown": 0}
    left_out = 0
    for place in facts.places:
        if place.people is None:
            left_out += 1
            continue
        figure = newest.get(place.code)
        seen = figure.seen if figure else "unknown"
        value = float(figure.value or 0) if figure else highest
        limits[place.code] = Limits(value if seen == "measured" else 0.0, value, place.people)
        counted[seen] += 1
    return Known(limits=limits, without_people=left_out, **counted)


def between(figures: Iterable[Figure]) -> dict[str, Between]:
    """The limits of every country of which anything is known: the value, or zero to the limit."""
    return {
        code: (float(one.value or 0) if one.seen == "measured" else 0.0, float(one.value or 0))
        for code, one in _newest(figures).items()
    }


def parts_of(facts: Facts, figures: Iterable[Figure]) -> TheilParts | None:
    """Theil's index of the measured countries, between and within regions; None: none has any."""
    rows = [
        (float(figure.value or 0), place.people, place.region)
        for code, figure in _newest(figures).items()
        if figure.seen == "measured" and (place := facts.place(code)).people
    ]
    if not any(value for value, _, _ in rows):
        return None
    return theil_parts(
        [value for value, _, _ in rows],
        [people or 0 for _, people, _ in rows],
        [region for _, _, region in rows],
    )
