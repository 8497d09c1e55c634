"""The member states of the United Nations, and what the rule of an offer may ask about them.

The list ships with Comity, since without it nobody could tell a country's code from a misprint:
codes of ISO 3166-1, regions of UN M49, the UN's groups of least developed countries (LDC, 44 since
13 December 2024), landlocked developing countries (LLDC) and small island developing states (SIDS,
as the UN's office for them lists them), and languages with official status in the whole country,
by law or in fact, after the Unicode CLDR. It holds no figure about any country. Population, where
a round's ceilings need it, comes from the reader's own file.

The groups are as of `AS_OF`. Resolution 76/8 of the General Assembly has Bangladesh, Laos and Nepal
leave the least developed countries on 24 November 2026; for Bangladesh the Committee for
Development Policy recommended three more years in June 2026. Whether that was granted was not known
when the table was written, so it holds all three.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import resources

from comity.claims.values import digest_of
from comity.errors import InputError

__all__ = ["AS_OF", "Facts", "Place", "load_facts"]

AS_OF = datetime.date(2026, 11, 22)
"""Day on which the groups of the table were read."""

_SUB_SAHARAN = ("Eastern Africa", "Middle Africa", "Southern Africa", "Western Africa")
_LATIN = ("Caribbean", "Central America", "South America")
_WIDER: Mapping[str, tuple[str, ...]] = {
    "Africa": ("Northern Africa", *_SUB_SAHARAN),
    "Americas": ("Northern America", *_LATIN),
    "Asia": ("Central Asia", "Eastern Asia", "South-eastern Asia", "Southern Asia", "Western Asia"),
    "Europe": ("Eastern Europe", "Northern Europe", "Southern Europe", "Western Europe"),
    "Latin America and the Caribbean": _LATIN,
    "Oceania": ("Australia and New Zealand", "Melanesia", "Micronesia", "Polynesia"),
    "Sub-Saharan Africa": _SUB_SAHARAN,
}
"""Regions of UN M49 that hold others. By M49, Sudan lies in Northern Africa."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One country.

    Attributes:
        code: Three letters.
        two_letters: The same in two.
        name: In English.
        region: As in UN M49, the narrowest.
        groups: `LDC`, `LLDC`, `SIDS`.
        languages: Official languages, by their codes.
        people: How many live there, or None: nobody said.
    """

    code: str
    two_letters: str
    name: str
    region: str
    groups: frozenset[str]
    languages: frozenset[str]
    people: int | None = None

    @cached_property
    def regions(self) -> frozenset[str]:
        """The region, and those that hold it."""
        return frozenset(
            {self.region, *(name for name, held in _WIDER.items() if self.region in held)}
        )


@dataclass(frozen=True, eq=False)
class Facts:
    """The table of countries that a round is read by. Equal only to itself, so that it hashes."""

    places: tuple[Place, ...]

    @cached_property
    def _by_code(self) -> dict[str, Place]:
        return {place.code: place for place in self.places}

    def place(self, code: str, where: str = "") -> Place:
        """Look a country up by its three letters.

        Raises:
            InputError: there is none, or the code is from another list.
        """
        found = self._by_code.get(code)
        if found is None:
            twin = next((one for one in self.places if one.two_letters == code), None)
            raise InputError(
                f"{code!r} is no country of this table",
                where=where,
                hint=f"{twin.name} is {twin.code}: write its three letters."
                if twin
                else "Countries are named by the three letters of ISO 3166-1, as NAM for Namibia.",
            )
        return found

    def name(self, code: str) -> str:
        """The country's name; the code itself where the table has none."""
        found = self._by_code.get(code)
        return found.name if found else code

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of all countries."""
        return frozenset(self._by_code)

    @cached_property
    def members(self) -> dict[tuple[str, str], frozenset[str]]:
        """The codes of everybody in a `group` or `region`, or with a `language`, by its name."""
        found: dict[tuple[str, str], set[str]] = {}
        for place in self.places:
            for sort, names in (
                ("group", place.groups),
                ("region", place.regions),
                ("language", place.languages),
            ):
                for name in names:
                    found.setdefault((sort, name), set()).add(place.code)
        return {key: frozenset(codes) for key, codes in found.items()}

    @cached_property
    def regions(self) -> frozenset[str]:
        """All regions in the table, wide and narrow."""
        return frozenset(region for place in self.places for region in place.regions)

    @cached_property
    def languages(self) -> frozenset[str]:
        """All languages in the table."""
        return frozenset(language for place in self.places for language in place.languages)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that rules may ask, in one canonical spelling."""
        return digest_of(
            [
                {
                    "code": place.code,
                    "groups": sorted(place.groups),
                    "languages": sorted(place.languages),
                    "people": place.people,
                    "region": place.region,
                }
                for place in sorted(self.places, key=lambda one: one.code)
            ]
        )

    def with_people(self, people: Mapping[str, int]) -> Facts:
        """The same table with the population of some countries.

        Raises:
            InputError: a code is from another list.
        """
        for code in people:
            self.place(code, where="population")
        return Facts(
            tuple(
                replace(place, people=people.get(place.code, place.people)) for place in self.places
            )
        )


@lru_cache(maxsize=1)
def load_facts() -> Facts:
    """The table that comes with Comity, without population."""
    text = resources.files("comity.share").joinpath("countries.csv").read_text(encoding="utf-8")
    return Facts(
        tuple(
            Place(
                code=row["code"],
                two_letters=row["two_letters"],
                name=row["name"],
                region=row["region"],
                groups=frozenset(row["groups"].split()),
                languages=frozenset(row["languages"].split()),
            )
            for row in csv.DictReader(text.splitlines())
        )
    )
