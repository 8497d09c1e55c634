"""The journal of a run: every question with its answer, one line each, chained and never rewritten.

1. The first line says what the file is. Each further line holds one question, the digest of the
   request that carried it, and the answer.
2. Each line holds the SHA-256 of the line before it, so that none can be changed, moved or taken
   out from between others unseen. (Lines taken from the end, or a change of the very last, leave no
   trace: nothing follows them.)
3. A line stands in the file before the next question is counted as answered; it is on the disk
   within seconds. A kill at any moment costs the questions under way, and no others.
4. What a kill or a power cut left of a last line is dropped when the file is opened again. A
   line that is broken in any other way is an error: somebody changed the file.
5. An answer is found by its request: where it went, which model, settings and words. The same
   request asked twice in one run has two answers, told apart by `turn`.

The file holds what was said, so nobody but its owner can read it, and it is never signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.claims.values import Digest, Timestamp
from comity.errors import InputError
from comity.files import Appended, append_secret

__all__ = ["Entry", "Journal", "Key", "open_journal"]

FORM: Literal["comity-journal-v1"] = "comity-journal-v1"
START = f'{{"form":"{FORM}"'.encode()
"""How every journal begins; a torn first line begins so, as far as it goes."""
MAX_LINE_BYTES = 16_000_000
"""Longest line: a question, and an answer of the largest size, each letter written as an escape."""

Key = tuple[str, int]
"""Digest of a request, and which of the equal requests of a run it is, the first one 0."""


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    form: Literal["comity-journal-v1"] = FORM
    begun: Timestamp


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line after the first.

    Attributes:
        previous: SHA-256 of the line before, without its line end.
        request: Digest of the request.
        turn: Which of the equal requests of a run it is.
        at: When the answer had come.
        ask: What was asked.
        answer: What came back.
    """

    previous: Digest
    request: Digest
    turn: Annotated[int, msgspec.Meta(ge=0)]
    at: Timestamp
    ask: Ask
    answer: Answer


_encode = msgspec.json.Encoder().encode
_read_head = msgspec.json.Decoder(_Head).decode
_read_entry = msgspec.json.Decoder(Entry).decode


class Journal:
    """An open journal; use `open_journal`.

    Attributes:
        found: The entries that stood there when it was opened, by request and turn.
        dropped: Bytes of a torn last line that were dropped.
    """

    def __init__(self, file: Appended) -> None:
        self._file = file
        self._previous = ""
        self.found: dict[Key, Entry] = {}
        self.dropped = 0
        self._read()

    def _read(self) -> None:
        size = whole = 0
        broken = 0
        for number, line in enumerate(self._file.lines(MAX_LINE_BYTES), start=1):
            size += len(line)
            entry = _entry(line, first=number == 1)
            if number == 1 and line[: len(START)] != START[: len(line)]:
                raise InputError("this file is no journal of Comity", where=str(self._file.path))
            if entry is None:
                broken = broken or number
                continue
            if broken or (isinstance(entry, Entry) and entry.previous != self._previous):
                raise InputError(
                    "the journal was changed after it was written: this line does not continue "
                    "the one before",
                    where=f"{self._file.path}, line {number}",
                    hint="Take the file from your backup, or move it away and ask everything "
                    "again.",
                )
            whole = size
            self._previous = _hash(line)
            if isinstance(entry, Entry):
                self._take(entry, number)
        self.dropped = size - whole
        if self.dropped:
            self._file.cut(whole)

    def _take(self, entry: Entry, number: int) -> None:
        key = (entry.request, entry.turn)
        if key in self.found:
            raise InputError(
                "the journal answers a question twice",
                where=f"{self._file.path}, line {number}",
            )
        self.found[key] = entry

    def add(self, key: Key, ask: Ask, answer: Answer, at: str) -> None:
        """Write one answer down.

        Raises:
            InputError: the disk is full, or the file cannot be written.
        """
        if not self._previous:
            self._write(_Head(begun=at))
        request, turn = key
        self._write(
            Entry(
                previous=self._previous, request=request, turn=turn, at=at, ask=ask, answer=answer
            )
        )

    def _write(self, line: _Head | Entry) -> None:
        data = _encode(line) + b"\n"
        self._file.add(data)
        self._previous = _hash(data)

    def sync(self) -> None:
        """Bring everything to the disk; may be called from another thread.

        Raises:
            InputError: the disk fails.
        """
        self._file.sync()


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """Open a journal, made where absent, and check every line of it.

    Raises:
        InputError: it was changed, is no journal, is read by others, cannot be written, or another
            run is writing to it.
    """
    with append_secret(path) as file:
        journal = Journal(file)
        try:
            yield journal
        finally:
            journal.sync()


def _entry(line: bytes, *, first: bool) -> _Head | Entry | None:
    """A line, or None where it is torn or no line of a journal."""
    if not line.endswith(b"\n"):
        return None
    try:
        return _read_head(line) if first else _read_entry(line)
    except (ValueError, RecursionError):
        return None


def _hash(line: bytes) -> str:
    return hashlib.sha256(line[:-1]).hexdigest()
