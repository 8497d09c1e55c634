"""What the journal names by its digest: evidence, and the bytes of every alert.

1. A file is named in the journal only after it is on the disk.
2. It never changes: its digest is compared each time that it is read.
3. Alerts stand as they went out, below `alerts/`; evidence is packed, below `evidence/`.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from comity.errors import RecordError
from comity.files import read_below, write_below
from early_warning.desk.journal import read_journal
from early_warning.desk.view import Act
from early_warning.drafts.outlook import Outlook
from early_warning.drafts.proposal import Proposal
from early_warning.send.message import MAX_BYTES, file_name

__all__ = ["JOURNAL", "Kept", "Offering", "issued_alerts"]

JOURNAL: Final = "journal.jsonl"
MAX_EVIDENCE: Final = 400_000_000
"""Largest outlook, unpacked; one of 330 districts, 4 hazards, 3 levels and 15 days takes 60 MB."""

T = TypeVar("T", bound=msgspec.Struct)


class Offering(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one run of the forecast offers: its outlook, and all that follows from it."""

    outlook: Outlook
    proposals: tuple[Proposal, ...]


class Kept:
    """The desk's files beside the journal. Whoever writes holds the journal.

    Args:
        folder: The desk's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, evidence: Iterable[msgspec.Struct]) -> tuple[str, ...]:
        """Keep evidence; returns the digest of each.

        Raises:
            InputError: the disk is full or fails.
        """
        files: dict[str, bytes] = {}
        digests = []
        for one in evidence:
            data = msgspec.json.encode(one)
            digests.append(hashlib.sha256(data).hexdigest())
            path = _evidence(digests[-1])
            if not (self._folder / path).exists():
                files[path] = zlib.compress(data, 6)
        if files:
            write_below(self._folder, files)
        return tuple(digests)

    def evidence(self, digest: str, kind: type[T]) -> T:
        """What was kept under a digest.

        Raises:
            RecordError: it is gone, or was changed.
            InputError: it cannot be read.
        """
        path = _evidence(digest)
        where = str(self._folder / path)
        packed = read_below(self._folder, path, MAX_EVIDENCE)
        if packed is None:
            raise RecordError("a file that the journal names is gone", where=where)
        unpack = zlib.decompressobj()
        try:
            data = unpack.decompress(packed, MAX_EVIDENCE)
            if hashlib.sha256(data).hexdigest() != digest:
                raise ValueError
            return msgspec.json.decode(data, type=kind)
        except (zlib.error, ValueError, msgspec.MsgspecError, RecursionError):
            raise RecordError("a file that the journal names was changed", where=where) from None

    def keep_alert(self, identifier: str, data: bytes) -> None:
        """Keep the signed bytes of an alert that is about to be issued.

        Raises:
            InputError: the disk is full or fails.
        """
        write_below(self._folder, {_alert(identifier): data})

    def alert(self, act: Act) -> bytes:
        """The bytes that were issued by an act.

        Raises:
            RecordError: they are gone, or were changed.
            InputError: they cannot be read.
        """
        where = str(self._folder / _alert(act.identifier))
        data = read_below(self._folder, _alert(act.identifier), MAX_BYTES)
        if data is None:
            raise RecordError("the bytes of an alert that was issued are gone", where=where)
        if hashlib.sha256(data).hexdigest() != act.digest:
            raise RecordError("the bytes of an alert that was issued were changed", where=where)
        return data


def issued_alerts(folder: Path) -> Iterator[tuple[Act, bytes]]:
    """Every alert that a desk issued, with its bytes, oldest first; also while the desk is open.

    Args:
        folder: The desk's folder, `desk` in the service's state.

    Raises:
        InputError: there is no journal, or it cannot be read.
        RecordError: the journal or an alert was changed.
    """
    kept = Kept(folder)
    for act in read_journal(folder / JOURNAL):
        if act.kind == "issued":
            yield act, kept.alert(act)


def _evidence(digest: str) -> str:
    return f"evidence/{digest[:2]}/{digest}.json.z"


def _alert(identifier: str) -> str:
    return f"alerts/{file_name(identifier)}"
