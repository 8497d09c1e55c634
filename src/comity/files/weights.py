"""The digest of a model's files, as OpenSSF model-signing computes it.

Whoever signs a model with model-signing publishes one digest, the subject of the signed statement.
The same digest here joins provenance and assessment: both are about the same bytes.

1. A model is one regular file, or a folder of them; a link is refused.
2. Of a folder, `.git`, `.github`, `.gitattributes` and `.gitignore` at its top do not count.
3. Each file has its SHA-256; files stand in the order of their paths, part by part.
4. The model's digest is the SHA-256 of those digests (32 bytes each), one after the other.

Source: model-signing 1.1, serialization `files` with `sha256`, predicate
`https://model_signing/signature/v1.0`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from comity.errors import InputError
from comity.files.read import digest_file

__all__ = ["hash_weights", "weights_digest"]

MAX_FILES = 10_000
_NOT_THE_MODEL = (".git", ".github", ".gitattributes", ".gitignore")


def hash_weights(path: Path) -> dict[PurePosixPath, str]:
    """SHA-256 of every file of a model by its path in it; `.` where the model is one file.

    Raises:
        InputError: it is absent, empty, or holds a link or something that is no regular file.
    """
    if not path.is_dir():
        return {PurePosixPath("."): digest_file(path)}
    found: list[Path] = []
    for folder, folders, files in os.walk(path, onerror=_unreadable):
        here = Path(folder)
        if here == path:
            folders[:] = [name for name in folders if name not in _NOT_THE_MODEL]
            files = [name for name in files if name not in _NOT_THE_MODEL]
        for name in (*folders, *files):
            if (here / name).is_symlink():
                raise InputError(
                    "a model's folder holds no links: what they lead to can change unseen",
                    where=str(here / name),
                    hint="Put the file itself there.",
                )
        found += [here / name for name in files]
        if len(found) > MAX_FILES:
            raise InputError(f"the model has more than {MAX_FILES:,} files", where=str(path))
    if not found:
        raise InputError("the model's folder holds no files", where=str(path))
    return {PurePosixPath(file.relative_to(path).as_posix()): digest_file(file) for file in found}


def weights_digest(files: Mapping[PurePosixPath, str]) -> str:
    """One digest for the files of a model, as 64 hexadecimal digits."""
    together = b"".join(bytes.fromhex(files[path]) for path in sorted(files))
    return hashlib.sha256(together).hexdigest()


def _unreadable(error: OSError) -> None:
    raise InputError(
        f"the folder cannot be read: {error.strerror}", where=str(error.filename)
    ) from None
