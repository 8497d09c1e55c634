"""Writing: a file appears whole or not at all, and a secret is never readable by others."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from comity.errors import InputError

__all__ = ["make_folder", "write_atomic"]


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


def _discard(temporary: str) -> None:
    if temporary:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
