"""A folder whose content may come from anywhere: nothing below it is reached through a link.

Paths are relative, with slashes; the caller has refused what leaves the folder. A name that is a
link, at any depth, is refused by the operating system itself, so that nobody can put one there
between a look and the use. The folder itself was named by the user and may be a link.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from comity.errors import InputError

__all__ = ["BUSY", "lock_folder", "read_below", "remove_below", "too_large", "write_below"]

BUSY = "another process is writing here"
STAGING = ".staging"
"""Files on their way stand here, so that what a killed process leaves is found and removed."""

FLUSHERS = 8

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_BELOW = _FOLDER | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def too_large(limit: int) -> str:
    """The sentence for a file above its limit."""
    return f"the file is larger than the {limit:,} bytes allowed here"


def read_below(folder: Path, path: str, limit: int) -> bytes | None:
    """Read a whole file of at most `limit` bytes, or return `None` where there is none.

    Raises:
        InputError: a link or something that is no regular file is on the way, the file is larger
            than `limit`, or it cannot be read.
    """
    *parents, name = path.split("/")
    try:
        with (
            _opened(os.open(folder, _FOLDER)) as root,
            _descend(root, parents) as parent,
            os.fdopen(os.open(name, _FILE, dir_fd=parent), "rb") as file,
        ):
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError("this is not a regular file", where=f"{folder}/{path}")
            data = file.read(limit + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refusal(error, "read", f"{folder}/{path}") from None
    if len(data) > limit:
        raise InputError(too_large(limit), where=f"{folder}/{path}")
    return data


def write_below(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files that everybody may read, each whole or not at all; all are on the disk then.

    One process at a time: whoever shares the folder with other writers holds `lock_folder`.

    Raises:
        InputError: a link is on the way, the folder is not writable, or the disk is full. Nothing
            half-written stands then, but some of the files may.
    """
    path = ""
    touched: set[str] = set()
    staged: list[tuple[str, str]] = []
    try:
        _make(folder)
        with _opened(os.open(folder, _FOLDER)) as root, _descend(root, [STAGING], touched) as stage:
            for path, data in contents.items():
                staged.append((path, f"{os.getpid()}.{len(staged)}"))
                _stage(stage, staged[-1][1], data)
            _flush(stage, [temporary for _, temporary in staged])
            for path, temporary in staged:
                *parents, name = path.split("/")
                with _descend(root, parents, touched) as parent:
                    os.replace(temporary, name, src_dir_fd=stage, dst_dir_fd=parent)
                touched.add("/".join(parents))
            for path in touched:
                with _descend(root, path.split("/") if path else []) as parent:
                    os.fsync(parent)
    except OSError as error:
        raise _refusal(error, "written", f"{folder}/{path}") from None
    finally:
        _clear(folder, {temporary for _, temporary in staged})


def remove_below(folder: Path, paths: Iterable[str]) -> None:
    """Remove files below `folder`, and the folder of each if it becomes empty.

    Raises:
        InputError: a link is on the way, or a file cannot be removed. One that is absent is no
            error.
    """
    path, emptied = "", set()
    try:
        with _opened(os.open(folder, _FOLDER)) as root:
            for path in paths:
                *parents, name = path.split("/")
                with suppress(FileNotFoundError), _descend(root, parents) as parent:
                    os.unlink(name, dir_fd=parent)
                    emptied.add(tuple(parents))
            for *above, last in filter(None, emptied):
                with suppress(OSError), _descend(root, above) as parent:
                    os.rmdir(last, dir_fd=parent)  # stays if it is not empty
    except OSError as error:
        raise _refusal(error, "removed", f"{folder}/{path}") from None


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold the operating system's lock on a folder; a process that is killed lets it go.

    The folder is made where absent. What a killed writer left half-done is removed first.

    Raises:
        InputError: another process holds it, or the file system has no locks.
    """
    try:
        _make(folder)
        descriptor = os.open(folder, _FOLDER)
    except OSError as error:
        raise _refusal(error, "opened", str(folder)) from None
    with _opened(descriptor):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                BUSY, where=str(folder), hint="Wait until it is done, and try again."
            ) from None
        except OSError as error:
            raise InputError(
                f"the folder cannot be locked: {error.strerror}",
                where=str(folder),
                hint="Keep it on a disk of this computer, and copy it to where it is served from.",
            ) from None
        _clear(folder)
        yield


@contextmanager
def _opened(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _descend(root: int, parts: list[str], made: set[str] | None = None) -> Iterator[int]:
    """Open a folder below `root`, never through a link.

    Args:
        root: Where to begin.
        parts: The names on the way.
        made: Where given, what is absent is made, and the folder that a new name stands in is
            added to it.
    """
    here = os.dup(root)
    try:
        for depth, part in enumerate(parts):
            try:
                below = os.open(part, _BELOW, dir_fd=here)
            except FileNotFoundError:
                if made is None:
                    raise
                with suppress(FileExistsError):
                    os.mkdir(part, 0o755, dir_fd=here)
                made.add("/".join(parts[:depth]))
                below = os.open(part, _BELOW, dir_fd=here)
                os.fchmod(below, 0o755)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def _make(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)


def _stage(stage: int, name: str, data: bytes) -> None:
    with _opened(os.open(name, _NEW, 0o644, dir_fd=stage)) as descriptor:
        os.fchmod(descriptor, 0o644)  # whatever the umask: a web server shall read it
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def _flush(stage: int, names: list[str]) -> None:
    """Bring files onto the disk, several at a time: a disk takes many as fast as one."""
    from concurrent.futures import ThreadPoolExecutor

    def flush(name: str) -> None:
        with _opened(os.open(name, _FILE, dir_fd=stage)) as descriptor:
            os.fsync(descriptor)

    if len(names) < FLUSHERS:
        for name in names:
            flush(name)
        return
    with ThreadPoolExecutor(FLUSHERS) as pool:
        for _ in pool.map(flush, names):
            pass


def _clear(folder: Path, names: Container[str] | None = None) -> None:
    """Remove these files, or all, from the staging folder, and it too once it is empty."""
    with suppress(OSError), _opened(os.open(folder, _FOLDER)) as root:
        with _descend(root, [STAGING]) as stage:
            for name in os.listdir(stage):
                if names is None or name in names:
                    os.unlink(name, dir_fd=stage)
        os.rmdir(STAGING, dir_fd=root)


def _refusal(error: OSError, done: str, where: str) -> InputError:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return InputError(
            "a link, or a file in place of a folder, is on the way; neither is followed",
            where=where,
            hint="A log consists of plain files and folders alone.",
        )
    return InputError(f"the file cannot be {done}: {error.strerror}", where=where)
