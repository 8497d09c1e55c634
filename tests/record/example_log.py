"""Small logs for tests: a signer, numbered entries, and a log that holds them."""

from __future__ import annotations

import hashlib

from comity.record.entry import Entry
from comity.record.keys import StoredSigner, new_note_signer
from comity.record.log import Log, create_log
from comity.record.store import MemoryStore, Store

__all__ = ["ORIGIN", "SIGNER", "digest", "entry", "leaves", "log_of"]

ORIGIN = "example-coast.test/assessments"
SIGNER: StoredSigner = new_note_signer(ORIGIN, "log")


def digest(number: int) -> str:
    """A digest that stands for the thing with this number."""
    return hashlib.sha256(b"%d" % number).hexdigest()


def entry(number: int, refs: tuple[str, ...] = ()) -> Entry:
    """The entry of the assessment with this number."""
    key = digest(-1)
    return Entry(
        kind="assessment", payload=digest(number), key=key, refs=refs, bundle=digest(10**9 + number)
    )


def leaves(start: int, end: int) -> list[bytes]:
    """Small leaves that Comity does not write; a log holds whatever bytes it is given."""
    return [b"leaf %d" % number for number in range(start, end)]


def log_of(size: int, store: Store | None = None, private: Store | None = None) -> Log:
    """A log of `size` small leaves, appended in one batch."""
    log = create_log(store or MemoryStore(), SIGNER, private)
    log.append(leaves(0, size), {}, SIGNER)
    return log
