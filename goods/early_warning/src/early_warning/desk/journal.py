"""The journal: every act at the desk, one line each, in a file that only grows.

1. A line is one act as JSON. It holds the SHA-256 of the line before; the first one that of
   nothing. So no line can be changed, left out or put in without breaking all that follow.
2. Opening checks every line. A broken chain stops the desk: somebody else wrote there.
3. A last line without its end was cut off by a crash. It is taken away, and said; nothing was done
   on its strength, because an act is on the disk before it takes effect.
4. Acts that belong together are written together.
5. One process writes; a second one gets a sentence. Nobody but the owner reads the file.
6. The SHA-256 of the last line also stands in a file beside it, written after each act. So a change
   in the last line is found too, and lines that were taken away at the end.

What it cannot show: that nobody rewrote all of it and the file beside it. Whoever writes `head`
down elsewhere can show that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from comity import files
from comity.errors import InputError, RecordError
from comity.files import Appended
from early_warning.desk.view import Act

__all__ = ["START", "Journal", "open_journal", "read_journal"]

MAX_LINE: Final = 1_000_000
"""Longest line; an alert for every district of a large country takes a hundredth of it."""

MAX_JOURNAL: Final = 1_000_000_000
"""Largest journal that is read beside the desk."""

START: Final = hashlib.sha256(b"").hexdigest()
_DECODER: Final = msgspec.json.Decoder(Act)


class Journal:
    """An open journal; use `open_journal`.

    Attributes:
        acts: All acts so far, in order.
        head: SHA-256 of the last line.
        cut: How many bytes of a torn last line were taken away at opening.
        alone: Whether the file beside it (rule 6) was gone at opening.
    """

    def __init__(self, file: Appended) -> None:
        self._file = file
        chain = _Chain(file.path)
        self._size, self.cut = 0, 0
        for line in file.lines(MAX_LINE):
            if not line.endswith(b"\n"):  # rule 3
                self.cut = len(line)
                break
            chain.follow(line)
            self._size += len(line)
        chain.close()
        if self.cut:
            file.cut(self._size)
        self.acts, self.head = tuple(chain.acts), chain.head
        self.alone = bool(self.acts) and not chain.watched
        self._broken = False
        self._write_head()

    def add(self, acts: Iterable[Act]) -> tuple[Act, ...]:
        """Write acts (rule 4), on the disk when it returns; gives them with number and chain.

        Raises:
            InputError: the disk is full or fails. Nothing was written then.
        """
        if self._broken:
            raise InputError(
                "the journal could not be mended after the disk failed",
                where=str(self._file.path),
                hint="Stop the program, make room on the disk, and start it again.",
            )
        linked: list[Act] = []
        lines: list[bytes] = []
        head = self.head
        for number, act in enumerate(acts, len(self.acts) + 1):
            linked.append(msgspec.structs.replace(act, number=number, previous=head))
            lines.append(msgspec.json.encode(linked[-1]) + b"\n")
            if len(lines[-1]) > MAX_LINE:
                raise InputError("the words are too long for the journal")
            head = hashlib.sha256(lines[-1]).hexdigest()
        data = b"".join(lines)
        try:
            self._file.add(data)
            self._file.sync()
        except InputError:
            self._broken = True
            self._file.cut(self._size)  # half a line would spoil the next one
            self._broken = False
            raise
        self._size += len(data)
        self.acts, self.head = (*self.acts, *linked), head
        with suppress(InputError):  # the acts are on the disk; the next ones bring it up to date
            self._write_head()
        return tuple(linked)

    def _write_head(self) -> None:
        if self.acts:
            files.write_atomic(_beside(self._file.path), f"{self.head}\n", mode=0o600)


class _Chain:
    """Rules 2 and 6: lines followed from the first on."""

    def __init__(self, path: Path) -> None:
        self.acts: list[Act] = []
        self.head = START
        self._where = str(path)
        beside = _beside(path)
        self._expected = files.read_secret(beside, 100).strip() if beside.exists() else b""
        self.watched = bool(self._expected)
        self._found = not self.watched

    def follow(self, line: bytes) -> None:
        """Take the next line.

        Raises:
            RecordError: it is not what was written here.
        """
        number = len(self.acts) + 1
        where = f"{self._where}, line {number}"
        try:
            act = _DECODER.decode(line)
        except (msgspec.MsgspecError, RecursionError, ValueError):
            raise RecordError("this is no act of the desk", where=where, hint=_HINT) from None
        if act.previous != self.head or act.number != number:
            raise RecordError(
                "this line does not follow the one before: one of them was changed, or lines are"
                " missing between them",
                where=where,
                hint=_HINT,
            )
        if msgspec.json.encode(act) + b"\n" != line:
            raise RecordError("this line was not written here", where=where, hint=_HINT)
        self.acts.append(act)
        self.head = hashlib.sha256(line).hexdigest()
        self._found = self._found or self.head.encode() == self._expected

    def close(self) -> None:
        """See that nothing is missing at the end.

        Raises:
            RecordError: lines are, or the last one was changed.
        """
        if not self._found:
            raise RecordError(
                "the last line was changed, or lines are missing after it",
                where=f"{self._where}, line {len(self.acts)}",
                hint=_HINT,
            )


def _beside(path: Path) -> Path:
    return path.with_suffix(".head")


_HINT: Final = "Restore the whole folder from a copy. Keep the changed one: it shows what was done."


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """Open the journal for writing, made where absent.

    Raises:
        InputError: another process writes to it, others may read it, or the disk fails.
        RecordError: a line was changed; the first one is said.
    """
    with files.append_secret(path) as file:
        yield Journal(file)


def read_journal(path: Path) -> tuple[Act, ...]:
    """All acts, checked, also while another process writes.

    Raises:
        InputError: it is not there, or cannot be read.
        RecordError: a line was changed; the first one is said.
    """
    chain = _Chain(path)  # it reads the file beside first, which may only be older
    for line in files.read_secret(path, MAX_JOURNAL).splitlines(keepends=True):
        if line.endswith(b"\n"):  # else it is still being written, or was torn
            chain.follow(line)
    chain.close()
    return tuple(chain.acts)
