"""The World Bank's indicators as its API writes them (JSON, CC BY 4.0): population by country.

A file is a list of two: the page's head, then rows with `countryiso3code`, `date` and `value`.
Aggregates such as *Arab World* stand among the countries and have codes of their own; a missing
value is null.
"""

from __future__ import annotations

import msgspec

from comity.errors import InputError
from comity.share.countries import Facts

__all__ = ["read_population"]


class _Row(msgspec.Struct):
    countryiso3code: str
    date: str
    value: float | None


class _Head(msgspec.Struct):
    pages: int = 1


def read_population(data: bytes, facts: Facts, where: str) -> dict[str, int]:
    """The newest population of each country that has one.

    Raises:
        InputError: it is not a file of the World Bank's API, or holds a part of it only.
    """
    try:
        head, rows = msgspec.json.decode(data, type=tuple[_Head, list[_Row]])
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"this is not a file of the World Bank's API: {error}",
            where=where,
            hint="Ask it for the indicator SP.POP.TOTL with format=json and per_page=20000.",
        ) from None
    if head.pages > 1:
        raise InputError(
            f"this is one page of {head.pages}", where=where, hint="Ask for per_page=20000."
        )
    codes = {place.code for place in facts.places}
    newest: dict[str, tuple[str, int]] = {}
    for row in rows:
        if row.value is None or row.countryiso3code not in codes or row.value < 1:
            continue
        one = (row.date, int(row.value))
        newest[row.countryiso3code] = max(newest.get(row.countryiso3code, one), one)
    return {code: people for code, (_, people) in sorted(newest.items())}
