"""Appending: a private file that one process at a time adds lines to, and that survives a kill."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from comity.errors import InputError
from comity.files.write import make_folder

__all__ = ["Appended", "append_secret"]


class Appended:
    """A file open for adding lines; use `append_secret`.

    A line that was handed over stands in the file, for other programs too, before `add` returns;
    on the disk it is after the next `sync`.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    def lines(self, limit: int) -> Iterator[bytes]:
        """The lines so far, each with its line end; the last one may have none.

        Raises:
            InputError: a line is longer than `limit` bytes, or the file cannot be read.
        """
        try:
            with open(os.dup(self._descriptor), "rb", buffering=1 << 20) as file:
                file.seek(0)
                while line := file.readline(limit + 1):
                    if len(line) > limit:
                        raise InputError(
                            f"a line is longer than the {limit:,} bytes allowed here",
                            where=str(self.path),
                        )
                    yield line
        except OSError as error:
            raise InputError(
                f"the file cannot be read: {error.strerror}", where=str(self.path)
            ) from None

    def cut(self, size: int) -> None:
        """Keep the first `size` bytes.

        Raises:
            InputError: the file cannot be written.
        """
        try:
            os.ftruncate(self._descriptor, size)
            os.fsync(self._descriptor)
        except OSError as error:
            raise self._unwritable(error) from None

    def add(self, line: bytes) -> None:
        """Add a line, with its line end.

        Raises:
            InputError: the disk is full, or the file cannot be written. Part of the line may stand.
        """
        rest = memoryview(line)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            raise self._unwritable(error) from None

    def sync(self) -> None:
        """Bring everything that was added to the disk.

        Raises:
            InputError: the disk fails.
        """
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> InputError:
        return InputError(
            f"the file cannot be written: {error.strerror}",
            where=str(self.path),
            hint="What stands in it stays good. Make room, and start again: it goes on there.",
        )


@contextlib.contextmanager
def append_secret(path: Path) -> Iterator[Appended]:
    """Open a file for adding lines, made where absent; nobody but its owner may read it.

    It is gone again when the block ends and nothing was added.

    Raises:
        InputError: it cannot be opened, is no regular file, is read by others, or another process
            is adding to it.
    """
    make_folder(path.parent)
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise InputError(f"the file cannot be opened: {error.strerror}", where=str(path)) from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise InputError("this is not a regular file", where=str(path))
        if status.st_mode & 0o077:
            raise InputError(
                "other people on this computer may read this secret",
                where=str(path),
                hint=f"Make it yours alone: chmod 600 {path}",
            )
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError("another run is writing to this file", where=str(path)) from None
        try:
            yield Appended(path, descriptor)
        finally:
            if os.fstat(descriptor).st_size == 0:
                path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)
