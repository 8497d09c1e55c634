"""Which country a publisher means: names as they are written, and nothing guessed."""

from __future__ import annotations

from comity.share.countries import Facts

__all__ = ["code_of_name"]

_ALSO = {
    "bolivia (plurinational state of)": "BOL",
    "brunei": "BRN",
    "brunei darussalam": "BRN",
    "cabo verde": "CPV",
    "congo": "COG",
    "congo, dem. rep.": "COD",
    "congo (democratic republic of the)": "COD",
    "congo, rep.": "COG",
    "cote d'ivoire": "CIV",
    "czech republic": "CZE",
    "democratic republic of the congo": "COD",
    "egypt, arab rep.": "EGY",
    "gambia, the": "GMB",
    "iran (islamic republic of)": "IRN",
    "iran, islamic rep.": "IRN",
    "ivory coast": "CIV",
    "korea (republic of)": "KOR",
    "korea, rep.": "KOR",
    "korea, dem. people's rep.": "PRK",
    "kyrgyz republic": "KGZ",
    "lao people's democratic republic": "LAO",
    "lao pdr": "LAO",
    "macedonia": "MKD",
    "moldova (republic of)": "MDA",
    "republic of korea": "KOR",
    "republic of moldova": "MDA",
    "republic of the congo": "COG",
    "russian federation": "RUS",
    "slovak republic": "SVK",
    "swaziland": "SWZ",
    "syrian arab republic": "SYR",
    "tanzania (united republic of)": "TZA",
    "the gambia": "GMB",
    "turkey": "TUR",
    "united arab emirates (the)": "ARE",
    "united kingdom of great britain and northern ireland": "GBR",
    "united republic of tanzania": "TZA",
    "united states of america": "USA",
    "usa": "USA",
    "uk": "GBR",
    "venezuela (bolivarian republic of)": "VEN",
    "venezuela, rb": "VEN",
    "viet nam": "VNM",
    "yemen, rep.": "YEM",
}


def code_of_name(name: str, facts: Facts) -> str | None:
    """The code of the country with this name, or None: it is no member state, or is unknown."""
    folded = " ".join(name.split()).casefold()
    for place in facts.places:
        if place.name.casefold() == folded:
            return place.code
    return _ALSO.get(folded)
