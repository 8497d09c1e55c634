"""One sentence for each country: what it gets, why no more, and what would raise it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from comity.claims.share import Kind
from comity.share.countries import Facts
from comity.share.explain import Outcome

__all__ = ["amount_text", "level_text", "sentence"]

SHOWN = 3
"""How many names are written out; the others are counted."""


def amount_text(value: Fraction) -> str:
    """An amount for people: whole as it is, else with one decimal and *about*."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return f"about {float(value):,.1f}"


def level_text(level: Fraction) -> str:
    """A level as a percentage with one decimal, and never 0 % or 100 % for what is neither."""
    text = f"{float(level) * 100:.1f}"
    if text == "0.0" and level:
        return "under 0.1 %"
    if text == "100.0" and level < 1:
        return "over 99.9 %"
    return f"{text.removesuffix('.0')} %"


def sentence(outcome: Outcome, kind: Kind, facts: Facts, titles: Mapping[str, str]) -> str:
    """Why one country got what it got.

    Args:
        outcome: From `explain.outcomes`.
        kind: What was shared.
        facts: The countries.
        titles: Titles of the offers, by the digests of their statements.
    """
    name, unit = facts.name(outcome.country), _unit(kind)
    capped = ""
    if outcome.declared > outcome.need * (kind.lot or 1):
        capped = f" (it declared {outcome.declared:,}; the round's ceiling counts)"
    if outcome.stage == "all":
        return f"{name} gets all {outcome.need:,} {unit} that it asks for{capped}."
    got = (
        f"{name} gets {amount_text(outcome.got)} of the {outcome.need:,} {unit} that it asks "
        f"for{capped}."
    )
    if not outcome.offers:
        return f"{got} No offer that it may use has anything left. {_raise(name)}"
    return f"{got} {_why(outcome, facts, titles, unit)} {_raise(name)}"


def _unit(kind: Kind) -> str:
    if kind.lot is None:
        return kind.unit.replace("_", " ")
    return f"lots of {kind.lot:,} {kind.unit.replace('_', ' ')}"


def _raise(name: str) -> str:
    return f"To raise {name}, somebody must add to an offer that it may use, or open another to it."


def _why(outcome: Outcome, facts: Facts, titles: Mapping[str, str], unit: str) -> str:
    others = [facts.name(code) for code in outcome.together if code != outcome.country]
    offers = [f"“{titles.get(offer, offer[:12])}”" for offer in outcome.offers]
    group = f"Together with {_listed(others, 'others')} it" if others else "It"
    alone = "" if outcome.elsewhere else " only"
    draws = f"{group} can draw on {_listed(offers, 'other offers')}{alone}"
    holds = f"{'these hold' if len(offers) > 1 else 'this holds'} {outcome.holds:,} {unit}"
    return f"{draws}; {holds}{_level(outcome, many=bool(others))}.{_besides(outcome)}"


def _level(outcome: Outcome, *, many: bool) -> str:
    """What share of what is asked that is."""
    if outcome.level is None:
        return f", for {outcome.asked:,} asked"
    share = f"{level_text(outcome.level)} of the {outcome.asked:,}"
    if outcome.stage == "floor":
        return f": {share} that {'their floors ask' if many else 'its floor asks'} for"
    if not outcome.floors:
        return f": {share} that {'they ask' if many else 'it asks'} for"
    floors, above = ("all floors", "them") if many else ("its floor", "it")
    return f": {floors}, {outcome.floors:,}, and {share} asked above {above}"


def _besides(outcome: Outcome) -> str:
    """What the country may use, and whoever is worse off needs."""
    if not outcome.elsewhere:
        return ""
    what = "one other offer" if outcome.elsewhere == 1 else f"{outcome.elsewhere:,} other offers"
    return f" What it may use besides, {what}, goes to whoever would otherwise reach less."


def _listed(names: list[str], rest: str) -> str:
    if len(names) <= SHOWN:
        return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])
    return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} {rest}"
