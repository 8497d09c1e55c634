"""A country opened: its file, its people, its languages, and where everything is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from comity.errors import InputError
from early_warning.cap import Pack, load_pack, pack
from early_warning.country import Country, read_country
from early_warning.people import Ledger, join, read_boundaries, read_table

__all__ = ["Service", "open_service"]

SHOWN = 20
"""So many districts without a name are named."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Service:
    """What the rest of the program needs of `country.toml`.

    Attributes:
        country: The file.
        folder: Where it stands; its paths are relative to it.
        ledger: Everybody who lives there, by district.
        packs: One for each language, in order.
        zone: Its time zone.
    """

    country: Country
    folder: Path
    ledger: Ledger
    packs: tuple[Pack, ...]
    zone: ZoneInfo

    @property
    def state(self) -> Path:
        """The folder for drafts, journal, outbox and verdicts."""
        return self.path(self.country.state)

    def path(self, name: str) -> Path:
        """Where a file stands that `country.toml` names."""
        return self.folder / name

    def file_of(self, pattern: str, **places: str) -> Path:
        """The file of a district, and of a lead: `{code}` and `{lead}` filled in.

        Raises:
            InputError: the code has letters that no file's name has.
        """
        for text in places.values():
            if text in ("", ".", "..") or "/" in text or "\0" in text:
                raise InputError(f"the code {text[:40]!r} cannot be part of a file's name")
        return self.path(pattern.format(**places))


def open_service(path: Path) -> Service:
    """Read `country.toml` and all that it names, except forecasts and records.

    Raises:
        InputError: something cannot be read, people and boundaries do not meet, a district or the
            authority has no name in a language, or a language has no pack.
    """
    country = read_country(path)
    folder = path.absolute().parent
    packs = []
    for language in country.languages:
        own = country.packs.get(language)
        packs.append(pack(language) if own is None else _own_pack(folder / own, language))
    return Service(
        country=country,
        folder=folder,
        ledger=_people(country, folder),
        packs=tuple(packs),
        zone=ZoneInfo(country.time_zone),
    )


def _own_pack(path: Path, language: str) -> Pack:
    own = load_pack(path)
    if own.language != language:
        raise InputError(f"this pack is of {own.language!r}, not of {language!r}", where=str(path))
    return own


def _people(country: Country, folder: Path) -> Ledger:
    spec = country.people
    boundaries = read_boundaries(folder / spec.boundaries, spec.properties)
    for language in country.languages:
        unnamed = [area.code for area in boundaries.areas if not area.names.get(language)]
        if unnamed:
            more = f" and {len(unnamed) - SHOWN} more" if len(unnamed) > SHOWN else ""
            raise InputError(
                f"districts have no name in {language!r}: {', '.join(unnamed[:SHOWN])}{more}",
                where=boundaries.source,
                hint="Name the property that holds it under [people.properties.names]. Nothing "
                "goes out half-told: or leave the language out.",
            )
    counts = [
        row for table in spec.tables for row in read_table(folder / table.file, table.columns)
    ]
    return join(
        boundaries, counts, crosswalk=spec.crosswalk, nest=spec.nest, accepted=spec.accepted
    )
