"""`comity share composite`: what a ranking by several indicators would be worth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.options import json_option
from comity.cli.share_floors import figures_option, read_figures
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.share.composite import Composite
    from comity.share.countries import Facts

__all__ = ["composite_command"]


@click.command("composite")
@click.argument("indicators", nargs=-1, required=True)
@figures_option
@json_option
def composite_command(indicators: Sequence[str], figures: Sequence[Path], as_json: bool) -> None:
    """What a ranking by INDICATORS would be worth: which pairs hold, and how far places move.

    Comity ranks nobody. This is for whoever is asked for a ranking, and wants to know what it would
    say: a country's interval holds its places in 90 % of 2,000 draws of weights, scales, means and
    unknown values. Countries stand in the order of their names.
    """
    from comity.share.composite import composite
    from comity.share.countries import load_facts
    from comity.share.floors import load_indicators
    from comity.share.spread import between

    cards = load_indicators()
    names = [card.id for card in cards]
    for name in indicators:
        if name not in names:
            hint = f"There are: {', '.join(names)}."
            raise InputError(f"there is no indicator {name!r}", where="INDICATORS", hint=hint)
    if len(set(indicators)) != len(indicators):
        raise InputError("an indicator is named twice", where="INDICATORS")
    facts = load_facts()
    read = [figure for file in figures for figure in read_figures(file, cards)]
    columns = [between(one for one in read if one.indicator == name) for name in indicators]
    found = composite(
        {place.code: [column.get(place.code) for column in columns] for place in facts.places}
    )
    if as_json:
        value = {
            "indicators": list(indicators),
            "pairs": found.pairs,
            "never_behind": [list(pair) for pair in found.never_behind],
            "places": [
                {"country": one.country, "low": one.low, "high": one.high} for one in found.places
            ],
            "too_little": list(found.too_little),
        }
        click.echo(json.dumps(value, indent=2))
        return
    _tell(found, facts)


def _tell(found: Composite, facts: Facts) -> None:
    from statistics import median

    held = len(found.never_behind)
    count = len(found.places)
    click.echo(
        f"Of {found.pairs:,} pairs of {count} countries, {held:,} "
        f"({held / found.pairs * 100:.0f} %) hold whatever weights one chooses. The order of\nthe "
        "others depends on the choice, or on what nobody knows.\n"
    )
    click.echo("Places in 90 % of 2,000 draws of weights, scales, means and unknown values:\n")
    for one in sorted(found.places, key=lambda one: facts.name(one.country)):
        click.echo(f"  {facts.name(one.country):<32} {one.low:>3} to {one.high}")
    width = median(one.high - one.low + 1 for one in found.places)
    click.echo(f"\nHalf of the intervals are {width:.0f} places of {count} wide, or wider.")
    if found.too_little:
        click.echo(
            f"{len(found.too_little)} countries have figures for fewer than two thirds of the "
            "indicators, and no interval."
        )
    click.echo("This is no ranking, and gives nobody a place.")
