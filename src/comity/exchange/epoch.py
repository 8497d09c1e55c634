"""Epoch AI's table of GPU clusters (`gpu_clusters.csv`, CC BY 4.0): computing per head.

A sum over all rows would overstate: planned clusters do not exist, superseded ones stand again in
larger ones, and some are listed twice. Only rows with `Status` Existing, nothing in `Superseded by`
and no `Possible Duplicate` count. Epoch finds an estimated 10 to 20 % of the world's computing, so
a country that it does not list is *absent*, never zero.
"""

from __future__ import annotations

import datetime
from collections import Counter

from comity.claims.floor import Figure
from comity.claims.values import decimal_text
from comity.exchange.imported import Imported, number, table
from comity.exchange.names import code_of_name
from comity.share.countries import Facts

__all__ = ["read_epoch"]

INDICATOR = "gpu_h100e_per_million"
SOURCE = "Epoch AI, GPU clusters"
_COLUMNS = ("Status", "H100 equivalents", "Country", "Superseded by", "Possible Duplicate")


def read_epoch(text: str, day: datetime.date, facts: Facts, where: str) -> Imported:
    """H100 equivalents per million people of every country.

    Args:
        text: The file.
        day: When it was published.
        facts: The countries, with their population.
        where: Name of the file, for errors.

    Raises:
        InputError: the table is not Epoch's, or a number in it is none.
    """
    held: dict[str, float] = {}
    skipped: Counter[str] = Counter()
    for line, row in table(text, _COLUMNS, where):
        if row["Status"] != "Existing":
            skipped["clusters that do not exist, or no more"] += 1
        elif row["Superseded by"]:
            skipped["clusters that became part of larger ones"] += 1
        elif row["Possible Duplicate"].casefold() == "true":
            skipped["clusters that may be listed twice"] += 1
        elif not row["Country"] or not row["H100 equivalents"]:
            skipped["clusters without a country or a size"] += 1
        elif (code := code_of_name(row["Country"], facts)) is None:
            skipped[f"clusters in {row['Country']}, which is not in the table of countries"] += 1
        else:
            size = number(row["H100 equivalents"], f"{where}, line {line}")
            held[code] = held.get(code, 0.0) + size
    figures, without = [], 0
    for place in facts.places:
        if place.code not in held:
            figures.append(_figure(place.code, day, None))
        elif place.people is None:
            without += 1
        else:
            value = decimal_text(held[place.code] * 1_000_000 / place.people)
            figures.append(_figure(place.code, day, value))
    left_out = [f"{count:,} {what}" for what, count in sorted(skipped.items())]
    if without:
        left_out.append(f"{without} countries whose population nobody gave")
    return Imported(figures=tuple(figures), left_out=tuple(left_out))


def _figure(code: str, day: datetime.date, value: str | None) -> Figure:
    return Figure(
        indicator=INDICATOR,
        country=code,
        seen="absent" if value is None else "measured",
        value=value,
        source=SOURCE,
        day=day,
    )
