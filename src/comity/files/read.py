"""Reading: bounded, regular files only, and every failure says which file and what to do."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from io import BufferedReader
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from comity.errors import InputError

__all__ = [
    "MAX_TEXT_BYTES",
    "digest_file",
    "inside",
    "parse_toml",
    "read_bytes",
    "read_head",
    "read_secret",
    "read_text",
    "read_toml",
    "secret_lines",
]

MAX_TEXT_BYTES = 1_000_000
"""Limit for files that people write by hand: cards and trust files."""

MAX_DOTS = 100
"""Limit for dots in a line of TOML: the reader's time grows with their square in a dotted key."""

T = TypeVar("T")


def _open_regular(path: Path) -> int:
    """Open for reading; refuse folders, pipes and devices, which could block or never end."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise InputError("there is no such file", where=str(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the file cannot be read: {reason}", where=str(path)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputError("this is not a regular file", where=str(path))
    return descriptor


def read_bytes(path: Path, limit: int) -> bytes:
    """Read a whole file of at most `limit` bytes.

    Raises:
        InputError: it is absent, unreadable, not a regular file, or larger than `limit`.
    """
    with os.fdopen(_open_regular(path), "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise InputError(
            f"the file is larger than the {limit:,} bytes allowed here", where=str(path)
        )
    return data


def read_head(path: Path, size: int) -> bytes:
    """Read the first `size` bytes of a file, or all where it has fewer.

    Raises:
        InputError: it is absent, unreadable, or not a regular file.
    """
    with os.fdopen(_open_regular(path), "rb") as file:
        return file.read(size)


def read_text(path: Path, limit: int = MAX_TEXT_BYTES) -> str:
    """Read a UTF-8 file of at most `limit` bytes.

    Raises:
        InputError: as for `read_bytes`, or it is not UTF-8.
    """
    data = read_bytes(path, limit)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            "the file is not UTF-8 text", where=f"{path}, line {line}", hint="Save it as UTF-8."
        ) from None


def read_secret(path: Path, limit: int) -> bytes:
    """Read a secret of at most `limit` bytes, if nobody but its owner can.

    Raises:
        InputError: as for `read_bytes`, or other people may read the file.
    """
    with _open_secret(path) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise InputError(
            f"the file is larger than the {limit:,} bytes allowed here", where=str(path)
        )
    return data


def secret_lines(path: Path, limit: int) -> Iterator[bytes]:
    """Read a secret line by line, without line ends, if nobody but its owner can.

    Raises:
        InputError: as for `read_secret`, or a line is longer than `limit` bytes.
    """
    with _open_secret(path) as file:
        while read := file.readline(limit + 2):
            line = read.removesuffix(b"\n")
            if len(line) > limit:
                raise InputError(
                    f"a line is longer than the {limit:,} bytes allowed here", where=str(path)
                )
            yield line


def _open_secret(path: Path) -> BufferedReader:
    file = os.fdopen(_open_regular(path), "rb")
    if os.fstat(file.fileno()).st_mode & 0o077:
        file.close()
        raise InputError(
            "other people on this computer may read this secret",
            where=str(path),
            hint=f"Make it yours alone: chmod 600 {path}",
        )
    return file


def read_toml(path: Path, kind: type[T]) -> T:
    """Read a TOML file into the struct `kind`, with the place of any mistake.

    Raises:
        InputError: it is not TOML, or a field is missing, unknown, or of the wrong kind.
    """
    return parse_toml(read_text(path), kind, where=str(path))


def parse_toml(text: str, kind: type[T], *, where: str) -> T:
    """Turn TOML text into the struct `kind`; `where` names its source in errors.

    Raises:
        InputError: it is not TOML, or a field is missing, unknown, or of the wrong kind.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > MAX_DOTS:
            raise InputError(
                f"the line has more than {MAX_DOTS} dots",
                where=f"{where}, line {number}",
                hint="Write a long text over several lines, between three quotation marks.",
            )
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except RecursionError:
        raise InputError("the file is not TOML: it is nested too deeply", where=where) from None
    except ValueError as error:  # TOMLDecodeError, and numbers of more than 4,300 digits
        raise InputError(f"the file is not TOML: {error}", where=where) from None
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        field = place.rstrip("`").lstrip(".")
        if "matching regex" in what:
            what = "this text is too long, or holds characters that are not allowed here"
        place = f"{where}, field {field}" if field else where
        hint = _nearest_field(what, kind) or _right_value(what, field, kind)
        raise InputError(what, where=place, hint=hint) from None
    except RecursionError:
        raise InputError("the file is nested too deeply", where=where) from None


def _nearest_field(what: str, kind: Any) -> str:
    """Did you mean …? for a misspelt field, among all fields that such a file has."""
    _, misspelt, name = what.partition("unknown field `")
    if not misspelt:
        return ""
    names: set[str] = set()
    waiting, seen = [kind], set()
    while waiting:
        one = waiting.pop()
        waiting += get_args(one)
        if isinstance(one, type) and issubclass(one, msgspec.Struct) and one not in seen:
            seen.add(one)
            for field in msgspec.structs.fields(one):
                names.add(field.encode_name)
                waiting.append(field.type)
    near = get_close_matches(name.rstrip("`"), names, n=1)
    return f"Did you mean `{near[0]}`?" if near else ""


def _right_value(what: str, field: str, kind: Any) -> str:
    """What may stand in a field that has something else."""
    wanted, _, got = what.partition(", got `")
    if "`str" in wanted and got.rstrip("`") in ("int", "float"):
        return "Write it between quotation marks."
    if not what.startswith("Invalid enum value"):
        return ""
    kinds = [kind]
    for name in re.sub(r"\[[^]]*\]", "", field).split("."):
        structs = [one for one in _within(kinds) if hasattr(one, "__struct_fields__")]
        fields = [one for struct in structs for one in msgspec.structs.fields(struct)]
        kinds = [one.type for one in fields if one.encode_name == name]
    words = dict.fromkeys(one for one in _within(kinds) if isinstance(one, str))
    return f"Write one of: {', '.join(words)}." if words else ""


def _within(kinds: list[Any]) -> list[Any]:
    """These types, and what they hold: of a struct not its fields, of a dict not its keys."""
    found, waiting = [], list(kinds)
    while waiting:
        one = waiting.pop(0)
        found.append(one)
        waiting += get_args(one)[1:] if get_origin(one) is dict else get_args(one)
    return found


def digest_file(path: Path) -> str:
    """SHA-256 of a file's bytes, read in blocks, as 64 hexadecimal digits.

    Raises:
        InputError: it is absent, unreadable, or not a regular file.
    """
    with os.fdopen(_open_regular(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inside(folder: Path, name: str, *, where: str) -> Path:
    """Resolve a file name that another file gave, refusing whatever leaves `folder`.

    A card may come from abroad: absolute paths, `..` and links out of its folder are refused, so
    that it cannot point at a file of the reader's.

    Raises:
        InputError: the path leaves the folder, or no file can have that name.
    """
    try:
        target = (folder / name).resolve()
        safe = target.is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        safe = False
    if not name or not safe:
        raise InputError(
            f"the path {name!r} leaves the folder of this file",
            where=where,
            hint="Put the file beside it, or name it on the command line.",
        )
    try:
        target.exists()
    except OSError as error:  # a name too long for any file, a folder that nobody may enter
        raise InputError(
            f"the path {name[:40]!r}… cannot be used: {error.strerror}", where=where
        ) from None
    return target
