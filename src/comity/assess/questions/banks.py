"""Banks of questions: files beside this one, written by us, read once.

A bank is JSON Lines. The first line says what it is; each further line is one item. Its version
rises with any change of the items, and a test states the digest of its bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import as_file, files
from typing import Generic, TypeVar

import msgspec

from comity.claims.values import Key, Text
from comity.files import read_bytes

__all__ = ["Bank", "Head", "bank"]

MAX_BANK_BYTES = 4_000_000
T = TypeVar("T")


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a bank is.

    Attributes:
        bank: Its name, as its file's.
        version: Version of its items.
        language: Language of its items, or `mul` for several.
        licence: Its licence.
        written_by: Who wrote the items.
        reviewed: Whether a speaker of the language who is not their translator has read them, or
            they are in the language that they were written in.
    """

    bank: Key
    version: int
    language: Key
    licence: Text
    written_by: Text
    reviewed: bool


class Bank(msgspec.Struct, Generic[T], frozen=True):
    """A bank: what it is, and its items in the order of the file."""

    head: Head
    items: tuple[T, ...]


@cache
def bank(name: str, item: Callable[..., T]) -> Bank[T]:
    """Read a bank that ships with Comity.

    Args:
        name: Name of its file, without the ending.
        item: Struct of its items.
    """
    with as_file(files(__package__) / "items" / f"{name}.jsonl") as path:
        lines = read_bytes(path, MAX_BANK_BYTES).splitlines()
    return Bank(
        head=msgspec.json.decode(lines[0], type=Head),
        items=tuple(msgspec.json.decode(line, type=item) for line in lines[1:]),
    )
