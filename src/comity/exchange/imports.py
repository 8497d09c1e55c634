"""Every publisher whose files are read, by name."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from comity.errors import InputError
from comity.exchange.epoch import read_epoch
from comity.exchange.imported import Imported
from comity.exchange.languages import read_languages
from comity.exchange.microsoft import read_microsoft
from comity.exchange.world_bank import read_population
from comity.share.countries import Facts

__all__ = ["MAX_BYTES", "READERS", "read", "read_population"]

MAX_BYTES = 64_000_000
"""Largest file of a publisher that is read."""

READERS: Mapping[str, Callable[[str, datetime.date, Facts, str], Imported]] = {
    "epoch": read_epoch,
    "languages": read_languages,
    "microsoft": read_microsoft,
}


def read(source: str, data: bytes, day: datetime.date, facts: Facts, where: str) -> Imported:
    """Read the bytes of a publisher's file.

    Raises:
        InputError: it is not UTF-8, or not what the publisher's files look like.
        KeyError: there is no such publisher.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"this is not UTF-8: byte {error.start}", where=where) from None
    return READERS[source](text, day, facts, where)
