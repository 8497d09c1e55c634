"""People whose language has much public text: who speaks what (CLDR) and how much there is.

Who speaks what comes from the Unicode CLDR through Babel. How much text there is comes from the
table of FineWeb-2 (`fineweb2-language-distribution.csv`, ODC-By): words in its `train` rows, summed
over scripts. FineWeb-2 leaves English out, which has far more than a billion words.

Shares of a country's languages can add up to more than one, since people speak several. So the
figure is the largest single share: at least so many people have such a language.
"""

from __future__ import annotations

import datetime
from collections import Counter

from comity.claims.floor import Figure
from comity.claims.values import decimal_text
from comity.errors import MissingPartError
from comity.exchange.imported import Imported, number, table
from comity.share.countries import Facts

__all__ = ["read_languages"]

INDICATOR = "people_with_written_language"
SOURCE = "Unicode CLDR and FineWeb-2"
ENOUGH = 1_000_000_000
_COLUMNS = ("subset", "split", "code", "words")


def read_languages(text: str, day: datetime.date, facts: Facts, where: str) -> Imported:
    """The share of people with at least one language of a billion words, by country.

    Raises:
        InputError: the table is not that of FineWeb-2.
        MissingPartError: Babel is not installed.
    """
    try:
        from babel.core import get_global
    except ImportError:
        raise MissingPartError(
            "who speaks what is read from the Unicode CLDR, through Babel, which is not installed",
            hint="In Comity's folder: pip install '.[share]'",
        ) from None
    names = get_global("language_aliases")
    words: Counter[str] = Counter({"en": ENOUGH})
    for line, row in table(text, _COLUMNS, where):
        if row["split"] != "train" or row["subset"].endswith("_removed"):
            continue
        language = str(names.get(row["code"], row["code"]))
        words[language] += int(number(row["words"], f"{where}, line {line}"))
    spoken = get_global("territory_languages")
    figures, unknown = [], []
    for place in facts.places:
        shares = [
            facts_of["population_percent"]
            for language, facts_of in (spoken.get(place.two_letters) or {}).items()
            if words[language.split("_")[0]] >= ENOUGH
        ]
        known = place.two_letters in spoken
        if not known:
            unknown.append(place.name)
        share = min(max(shares, default=0.0), 100.0) / 100
        figures.append(
            Figure(
                indicator=INDICATOR,
                country=place.code,
                seen="measured" if known else "absent",
                value=decimal_text(share) if known else None,
                source=SOURCE,
                day=day,
            )
        )
    left_out = tuple(f"{name}: CLDR does not say who speaks what there" for name in unknown)
    return Imported(figures=tuple(figures), left_out=left_out)
