"""Writing: a file appears whole or not at all, and a secret is never readable by others."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from comity.errors import InputError

__all__ = ["make_folder", "new_secret", "scratch_file", "write_atomic", "write_folder"]


def make_folder(path: Path) -> Path:
    """Create a folder and its parents where absent.

    Raises:
        InputError: it cannot be created, or a file stands in its place.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"the folder cannot be made: {error.strerror}", where=str(path)) from None
    return path


def write_atomic(path: Path, data: bytes | str, *, mode: int = 0o644, replace: bool = True) -> None:
    """Write `data` to `path` through a temporary file beside it, then rename.

    Args:
        path: Where it shall stand.
        data: Its bytes, or text that is written as UTF-8.
        mode: Permissions from the first byte on; the umask does not widen them.
        replace: Whether a file that stands there may be replaced.

    Raises:
        InputError: the folder is not writable, the disk is full, or the file exists and may not
            be replaced. Nothing half-written is left behind.
    """
    content = data.encode() if isinstance(data, str) else data
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        if replace:
            os.replace(temporary, path)
        else:
            os.link(temporary, path)  # fails if the file exists, without a moment in between
            os.unlink(temporary)
    except FileExistsError:
        _discard(temporary)
        raise InputError("the file exists already and is not replaced", where=str(path)) from None
    except OSError as error:
        _discard(temporary)
        raise InputError(f"the file cannot be written: {error.strerror}", where=str(path)) from None
    except BaseException:
        _discard(temporary)
        raise


@contextlib.contextmanager
def new_secret(path: Path) -> Iterator[Callable[[bytes], object]]:
    """Write a large secret piece by piece; yields the function that takes its bytes.

    Nobody but the owner can read it, from the first byte on. It appears whole when the block ends,
    and not at all if the block fails.

    Raises:
        InputError: the file exists, the folder is not writable, or the disk is full.
    """
    make_folder(path.parent)
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb", buffering=1 << 20) as file:
            yield file.write
            file.flush()
            os.fsync(descriptor)
        os.link(temporary, path)
    except FileExistsError:
        raise InputError("the file exists already and is not replaced", where=str(path)) from None
    except OSError as error:
        raise InputError(f"the file cannot be written: {error.strerror}", where=str(path)) from None
    finally:
        _discard(temporary)


@contextlib.contextmanager
def scratch_file(name: str, pieces: Iterable[str]) -> Iterator[Path]:
    """Write a text file for rows on their way, in a folder that only its owner can enter.

    It is gone when the block ends, whether that succeeds or not.

    Raises:
        InputError: it cannot be written, for instance because the disk is full.
    """
    with tempfile.TemporaryDirectory(prefix="comity-") as folder:
        path = Path(folder) / name
        try:
            with path.open("x", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
        except OSError as error:
            raise InputError(
                f"the working file cannot be written: {error.strerror}", where=str(path)
            ) from None
        yield path


def write_folder(path: Path, contents: Mapping[str, bytes | str]) -> None:
    """Write several files as one folder that appears whole or not at all.

    Args:
        path: The folder; it must be absent or empty, since a result is never overwritten.
        contents: File name to content.

    Raises:
        InputError: the folder holds files already, or cannot be written. Nothing is left behind.
    """
    make_folder(path.parent)
    staging = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        for name, content in contents.items():
            write_atomic(staging / name, content)
        staging.chmod(0o755)
        os.replace(staging, path)
    except OSError as error:
        if path.is_dir() and any(path.iterdir()):
            raise InputError(
                "the folder holds files already, and a result is never overwritten",
                where=str(path),
                hint="Name another folder.",
            ) from None
        raise InputError(
            f"the folder cannot be written: {error.strerror}", where=str(path)
        ) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _discard(temporary: str) -> None:
    if temporary:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
