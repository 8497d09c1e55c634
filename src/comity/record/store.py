"""Where a log's files are kept: a seam with two sides, a folder and, for tests, the memory.

1. A path is relative and plain: lower-case letters, digits, `.`, `_` and `-`, in parts between
   slashes, none of which begins with a dot. So no path leaves the store or is hidden from readers.
2. Whatever is read has a limit; what is absent is `None`, all else that hinders is an error.
3. What is written appears whole or not at all, and is on the disk when the call returns.
4. A folder's files may come from abroad: no link in it is followed, neither to read nor to write.
5. One process writes at a time. Readers need no lock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from comity import files
from comity.errors import InputError

__all__ = ["FolderStore", "MemoryStore", "Source", "Store"]

MAX_PATH = 200
_PATH = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*")


class Source(Protocol):
    """What can be read: a folder, the memory, or a web address."""

    def read(self, path: str, limit: int) -> bytes | None:
        """The whole file, or `None` where there is none.

        Raises:
            InputError: the path is not plain, the file is larger than `limit` bytes, or it cannot
                be read.
        """


class Store(Source, Protocol):
    """What can be written too."""

    def write(self, path: str, data: bytes) -> None:
        """Write one file.

        Raises:
            InputError: the path is not plain, or the file cannot be written.
        """

    def write_all(self, contents: Mapping[str, bytes]) -> None:
        """Write many files, each whole or not at all, in any order; faster than one by one.

        Raises:
            InputError: as for `write`; some of the files may stand by then.
        """

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files; one that is absent is no error.

        Raises:
            InputError: a path is not plain, or a file cannot be removed.
        """

    def exclusive(self) -> AbstractContextManager[None]:
        """Be the only writer for a while.

        Raises:
            InputError: somebody else is writing.
        """


class FolderStore:
    """A folder, as a web server may serve it.

    Attributes:
        folder: The folder; made when first written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str, limit: int) -> bytes | None:
        """Rules 1, 2 and 4."""
        return files.read_below(self.folder, _checked(path), limit)

    def write(self, path: str, data: bytes) -> None:
        """Rules 1, 3 and 4."""
        self.write_all({path: data})

    def write_all(self, contents: Mapping[str, bytes]) -> None:
        """Rules 1, 3 and 4."""
        files.write_below(self.folder, {_checked(path): contents[path] for path in contents})

    def remove(self, paths: Iterable[str]) -> None:
        """Rules 1 and 4."""
        files.remove_below(self.folder, [_checked(path) for path in paths])

    def exclusive(self) -> AbstractContextManager[None]:
        """Rule 5: the operating system's lock on the folder; a killed process lets it go."""
        return files.lock_folder(self.folder)

    def __repr__(self) -> str:
        return f"FolderStore({str(self.folder)!r})"


class MemoryStore:
    """A store in memory, for tests and simulations.

    Attributes:
        contents: Every file by its path; a test may damage it.
    """

    def __init__(self, contents: Mapping[str, bytes] = {}) -> None:
        self.contents = dict(contents)
        self._busy = False

    def read(self, path: str, limit: int) -> bytes | None:
        """Rules 1 and 2."""
        data = self.contents.get(_checked(path))
        if data is not None and len(data) > limit:
            raise InputError(files.too_large(limit), where=path)
        return data

    def write(self, path: str, data: bytes) -> None:
        """Rule 1."""
        self.contents[_checked(path)] = data

    def write_all(self, contents: Mapping[str, bytes]) -> None:
        """Rule 1."""
        for path, data in contents.items():
            self.write(path, data)

    def remove(self, paths: Iterable[str]) -> None:
        """Rule 1."""
        for path in paths:
            self.contents.pop(_checked(path), None)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Rule 5."""
        if self._busy:
            raise InputError(files.BUSY)
        self._busy = True
        try:
            yield
        finally:
            self._busy = False


def _checked(path: str) -> str:
    """Rule 1."""
    if len(path) > MAX_PATH or not _PATH.fullmatch(path):
        raise InputError(f"{path[:MAX_PATH]!r} is no path within a log")
    return path
