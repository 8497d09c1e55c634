"""A country opened: its file, its people, its languages, and where everything is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from early_warning.cap import Pack
from early_warning.country import Country
from early_warning.people import Ledger

__all__ = ["Service", "open_service"]


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
        return self.folder / self.country.state


def open_service(path: Path) -> Service:
    """Read `country.toml` and all that it names, except forecasts and records.

    Raises:
        InputError: something cannot be read, people and boundaries do not meet, a place or the
            authority has no name in a language, or the time zone is not known.
    """
    raise NotImplementedError(path)
