"""Microsoft's AI Diffusion table (MIT): the share of working-age people who used generative AI.

The publisher describes its columns as `country` and *AI User Share* for various periods; the last
such column is read. Shares are written with a percent sign, or as numbers of per cent.
"""

from __future__ import annotations

import datetime

from comity.claims.floor import Figure
from comity.claims.values import decimal_text
from comity.errors import InputError
from comity.exchange.imported import Imported, columns_of, number, table
from comity.exchange.names import code_of_name
from comity.share.countries import Facts

__all__ = ["read_microsoft"]

INDICATOR = "ai_users_share"
SOURCE = "Microsoft AI Diffusion"


def read_microsoft(text: str, day: datetime.date, facts: Facts, where: str) -> Imported:
    """The share of people aged 15 to 64 who used generative AI, by country.

    Raises:
        InputError: the table is not Microsoft's, or a share in it is none.
    """
    head = columns_of(text, where)
    country = next((name for name in head if name.strip().casefold() in ("country", "economy")), "")
    periods = [name for name in head if "ai user share" in " ".join(name.split()).casefold()]
    if not country or not periods:
        raise InputError(
            "the table has no column `country` or none named AI User Share",
            where=where,
            hint="This reader expects the publisher's file as it was published.",
        )
    found: dict[str, str] = {}
    left_out = []
    for line, row in table(text, (country, periods[-1]), where):
        place = f"{where}, line {line}"
        code = code_of_name(row[country], facts)
        if code is None:
            left_out.append(f"{row[country]}, which is not in the table of countries")
            continue
        if not row[periods[-1]].strip():
            continue
        share = number(row[periods[-1]], place)
        share = share if "%" in row[periods[-1]] else share / 100
        if share > 1:
            raise InputError(f"{row[periods[-1]]!r} is more than everybody", where=place)
        if code in found:
            raise InputError(f"{row[country]} stands twice", where=place)
        found[code] = decimal_text(share)
    figures = tuple(
        Figure(
            indicator=INDICATOR,
            country=one.code,
            seen="measured" if one.code in found else "absent",
            value=found.get(one.code),
            source=f"{SOURCE}, {' '.join(periods[-1].split())}",
            day=day,
        )
        for one in facts.places
    )
    return Imported(figures=figures, left_out=tuple(left_out))
