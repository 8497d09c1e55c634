"""What is compared: the corpus as one array, and the outputs one by one; both from files.

A corpus is files, or folders of them. Outputs are a `.jsonl` file with one a line (an object with
`text`, and `id` if it has one, or a mere string), or files or folders, where each file is one
output. Everything is UTF-8.

1. The corpus is one array with the byte 0xFF before, between and after its texts; outputs have 0xFE
   there. Neither is part of UTF-8, so no span leaves its text, and NUL is a character like others.
2. Links are not followed, nor is anything opened that is no regular file.
3. Files, their number and their sum are bounded.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from comity.assess.overlap.normal import Normalisation
from comity.errors import InputError
from comity.files import read_bytes

__all__ = ["MAX_CORPUS", "MAX_OUTPUTS", "Corpus", "Output", "read_corpus", "read_outputs"]

MAX_CORPUS = 2_000_000_000
"""Bytes of a corpus. Its index takes about as much memory again."""
MAX_OUTPUTS = 500_000_000
"""Bytes of all outputs."""
MAX_FILES = 200_000
BETWEEN = b"\xff"
"""Stands before, between and after the texts of a corpus."""

Told = Callable[[float], object]


@dataclass(frozen=True)
class Corpus:
    """Texts as they are compared.

    Attributes:
        names: The file of each text, as it was named.
        starts: Where each text begins in `text`.
        text: All of them, with 0xFF before, between and after.
    """

    names: tuple[str, ...]
    starts: tuple[int, ...]
    text: bytes

    @classmethod
    def of(cls, texts: Mapping[str, bytes]) -> Corpus:
        """A corpus of these texts by name; each is UTF-8."""
        starts, at = [], 1
        for text in texts.values():
            starts.append(at)
            at += len(text) + 1
        return cls(
            names=tuple(texts),
            starts=tuple(starts),
            text=BETWEEN.join((b"", *texts.values(), b"")),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the texts as they are compared, with what stands between them."""
        return hashlib.sha256(self.text).hexdigest()


@dataclass(frozen=True)
class Output:
    """One output of a model, as it is compared."""

    name: str
    text: bytes


class _Line(msgspec.Struct):
    """A line of a `.jsonl` file; whatever else it holds is not read."""

    text: str
    id: str | int | None = None


def read_corpus(
    paths: Iterable[Path], normal: Normalisation, told: Told = lambda share: None
) -> Corpus:
    """Read a corpus.

    Args:
        paths: Files and folders.
        normal: What is made equal.
        told: Hears which share is read.

    Raises:
        InputError: a file cannot be read, is no UTF-8, or they are too many or too large.
    """
    texts: dict[str, bytes] = {}
    files = _files(paths)
    total, done = sum(file.lstat().st_size for file in files), 0
    if total > MAX_CORPUS:
        raise InputError(
            f"the corpus has {total:,} bytes, and {MAX_CORPUS:,} are the most",
            hint="Search it in parts.",
        )
    for file in files:
        data = read_bytes(file, MAX_CORPUS - done)
        texts[str(file)] = _normalised(data, normal, str(file))
        done += len(data)
        told(done / max(total, 1))
    return Corpus.of(texts)


def read_outputs(paths: Iterable[Path], normal: Normalisation) -> tuple[Output, ...]:
    """Read outputs.

    Raises:
        InputError: a file cannot be read, is no UTF-8, a line is no output, or they are too large.
    """
    found: list[Output] = []
    left = MAX_OUTPUTS
    for file in _files(paths):
        data = read_bytes(file, left)
        left -= len(data)
        if file.suffix == ".jsonl":
            found += _lines(data, normal, file)
        else:
            found.append(Output(name=str(file), text=_normalised(data, normal, str(file))))
    return tuple(found)


def _lines(data: bytes, normal: Normalisation, file: Path) -> Iterator[Output]:
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        where = f"{file}, line {number}"
        try:
            read = msgspec.json.decode(line, type=str | _Line)
            text = (read if isinstance(read, str) else read.text).encode()
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise InputError(
                f"the line holds no output: {error}",
                where=where,
                hint='Each line is {"id": …, "text": "…"}, or a mere string.',
            ) from None
        name = None if isinstance(read, str) else read.id
        shown = f"line {number}" if name is None else str(name)
        yield Output(name=shown, text=_normalised(text, normal, where))


def _normalised(data: bytes, normal: Normalisation, where: str) -> bytes:
    try:
        return normal(data)
    except UnicodeDecodeError as error:
        raise InputError(
            f"the text is not UTF-8: byte {error.start:,} cannot be read",
            where=where,
            hint="Save it as UTF-8, or leave the file out.",
        ) from None


def _files(paths: Iterable[Path]) -> list[Path]:
    """The files that were named, and those inside named folders, sorted."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            if not path.exists():
                raise InputError("there is no such file", where=str(path))
            found[path] = None
            continue
        inside = []
        for folder, folders, files in os.walk(path, onerror=_unreadable):
            folders.sort()
            here = Path(folder)
            inside += [here / name for name in files if not (here / name).is_symlink()]
            if len(found) + len(inside) > MAX_FILES:
                raise InputError(f"there are more than {MAX_FILES:,} files", where=str(path))
        found.update(dict.fromkeys(sorted(inside)))
    return list(found)


def _unreadable(error: OSError) -> None:
    raise InputError(
        f"the folder cannot be read: {error.strerror}", where=str(error.filename)
    ) from None
