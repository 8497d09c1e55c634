"""Publish signed files that hold: each statement of each signer once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from comity.attest import Verified
from comity.record.checkpoint import Checkpoint
from comity.record.entry import Entry, decode_entry, entry_of
from comity.record.log import Log
from comity.record.note import NoteSigner

__all__ = ["Published", "publish"]


class Published(NamedTuple):
    """Where a statement stands in the log.

    Attributes:
        number: Its number; the first entry is 0.
        entry: The entry.
        new: Whether it was appended now, or stood there before.
    """

    number: int
    entry: Entry
    new: bool


def publish(
    log: Log, signed: Sequence[tuple[Verified, bytes]], signer: NoteSigner
) -> tuple[list[Published], Checkpoint]:
    """Append what is not in the log yet.

    Args:
        log: The log.
        signed: Verified files of the log's owner, with their bytes.
        signer: The log's key.

    Returns:
        Where each file's statement stands, in their order, and the published checkpoint.

    Raises:
        InputError, RecordError: as for `Log.writing` and `Writer.append`.
    """
    entries = [entry_of(verified, bundle) for verified, bundle in signed]
    with log.writing(signer) as writer:
        known: dict[tuple[str, str], Published] = {}
        for found in log.find({entry.payload for entry in entries}).values():
            for index, data in found:
                entry = decode_entry(data)
                known.setdefault((entry.payload, entry.key), Published(index, entry, False))
        fresh: list[Entry] = []
        blobs: dict[str, bytes] = {}
        answers = []
        for entry, (_, bundle) in zip(entries, signed, strict=True):
            identity = (entry.payload, entry.key)
            if identity in known:
                answers.append(known[identity]._replace(new=False))
                continue
            known[identity] = Published(writer.checkpoint.size + len(fresh), entry, True)
            answers.append(known[identity])
            fresh.append(entry)
            blobs[entry.bundle] = bundle
        return answers, writer.append(fresh, blobs)
