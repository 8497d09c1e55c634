"""Who may work at the desk: names and the hashes of their passphrases, in a private file.

1. A passphrase has at least `MIN_LENGTH` characters. Of it only a scrypt hash (RFC 7914) with a
   salt of its own is kept.
2. An unknown id costs as much time as a wrong passphrase, and hashes are compared in constant time:
   nobody learns from the clock who works here.
3. After `FREE` wrong passphrases in a row each further attempt has to wait, twice as long each time
   up to `LONGEST`: long enough against guessing, and short enough on a night with a storm.
   The count is in memory; who can restart the program can read the file anyway.
4. An id that was removed is not given to anybody else: the journal says who did what by it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import msgspec

from comity.errors import InputError
from comity.files import (
    MAX_TEXT_BYTES,
    lock_folder,
    make_folder,
    parse_toml,
    read_secret,
    write_atomic,
)
from early_warning.desk.view import MACHINE

__all__ = ["FILE", "MIN_LENGTH", "Forecasters"]

FILE: Final = "forecasters.toml"
"""Its name in the service's state folder."""

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 1_000
FREE: Final = 3
FIRST: Final = timedelta(seconds=2)
LONGEST: Final = timedelta(seconds=30)
MAX_COUNTED: Final = 1_000
"""So many ids with wrong attempts are remembered; the oldest is forgotten first."""

_COST: Final = {"n": 2**15, "r": 8, "p": 3, "maxmem": 64 * 2**20, "dklen": 32}
"""As OWASP's cheat sheet on storing passwords has it: 32 MB, and a quarter of a second."""

_SALT: Final = 16
Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Hex = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{32}|[0-9a-f]{64}|)$")]


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One forecaster; without a hash once removed."""

    name: str
    salt: Hex = ""
    hash: Hex = ""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    forecasters: dict[Id, _Entry] = {}


class _Wrong(NamedTuple):
    """How many attempts in a row were wrong, and when the last of them was."""

    times: int
    since: datetime

    @property
    def pause(self) -> timedelta:
        """How long the next attempt has to wait (rule 3)."""
        if self.times < FREE:
            return timedelta(0)
        pause: timedelta = FIRST * (1 << min(self.times - FREE, 10))
        return min(LONGEST, pause)


class Forecasters:
    """The forecasters of one service; the file is read anew each time.

    Args:
        path: `forecasters.toml` in the state folder.
        now: The clock.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self._lock = threading.Lock()
        self._wrong: dict[str, _Wrong] = {}

    def names(self) -> dict[str, str]:
        """Id to name of everybody who may work here.

        Raises:
            InputError: the file cannot be read, or others may read it.
        """
        return {one: entry.name for one, entry in self._read().items() if entry.hash}

    def add(self, forecaster: str, name: str, passphrase: str) -> None:
        """Let somebody work here.

        Raises:
            InputError: the id or name is none, the passphrase is too short, or the id is taken.
        """
        try:
            msgspec.convert(forecaster, Id)
        except msgspec.ValidationError:
            raise InputError(
                f"{forecaster[:40]!r} is no id",
                hint="Use a small letter, then small letters, digits, - or _; at most 32.",
            ) from None
        if forecaster == MACHINE:
            raise InputError(f"the id {MACHINE!r} is the program's own")
        name = name.strip()
        if not name or len(name) > 100 or not name.isprintable():
            raise InputError("a name has 1 to 100 printable characters", where="name")
        _check_length(passphrase)
        with self._changing() as entries:
            if forecaster in entries:
                removed = "" if entries[forecaster].hash else ", of somebody who has left"
                raise InputError(
                    f"the id {forecaster!r} is taken{removed}",
                    hint="Choose another: the journal tells people apart by it.",
                )
            salt = os.urandom(_SALT)
            entries[forecaster] = _Entry(
                name=name, salt=salt.hex(), hash=_hash(passphrase, salt).hex()
            )

    def remove(self, forecaster: str) -> None:
        """Let somebody work here no longer; the id stays theirs (rule 4).

        Raises:
            InputError: nobody here has this id.
        """
        with self._changing() as entries:
            if forecaster not in entries or not entries[forecaster].hash:
                raise InputError(f"nobody here has the id {forecaster[:40]!r}")
            entries[forecaster] = _Entry(name=entries[forecaster].name)

    def check(self, forecaster: str, passphrase: str) -> bool:
        """Whether this passphrase is this forecaster's (rules 2 and 3).

        Raises:
            InputError: too many attempts were wrong, and the next one has to wait; or the file
                cannot be read.
        """
        with self._lock:
            forecaster = forecaster[:64]  # longer ones are nobody's, and would fill the memory
            now = self._now()
            wrong = self._wrong.get(forecaster) or _Wrong(0, now)
            wrong = wrong._replace(since=min(wrong.since, now))  # the clock may be put back
            left = wrong.since + wrong.pause - now
            if left > timedelta(0):
                self._wrong[forecaster] = wrong
                raise InputError(
                    "too many attempts were wrong",
                    hint=f"Wait {int(left.total_seconds()) + 1} seconds, and try again.",
                )
            entry = self._read().get(forecaster, _Entry(name=""))
            salt = bytes.fromhex(entry.salt) or bytes(_SALT)
            expected = bytes.fromhex(entry.hash) or bytes(32)
            found = _hash(passphrase[:MAX_LENGTH], salt)
            right = hmac.compare_digest(found, expected) and bool(entry.hash)
            self._wrong.pop(forecaster, None)
            if not right:
                while len(self._wrong) >= MAX_COUNTED:
                    self._wrong.pop(next(iter(self._wrong)))
                self._wrong[forecaster] = _Wrong(wrong.times + 1, now)
            return right

    def _read(self) -> dict[str, _Entry]:
        if not self._path.exists():
            return {}
        text = read_secret(self._path, MAX_TEXT_BYTES).decode("utf-8", "replace")
        return parse_toml(text, _File, where=str(self._path)).forecasters

    @contextmanager
    def _changing(self) -> Iterator[dict[str, _Entry]]:
        """Change the file as a whole, one process at a time."""
        folder = make_folder(self._path.parent)
        with lock_folder(folder):
            entries = dict(self._read())
            yield entries
            write_atomic(self._path, _toml(entries), mode=0o600)


def _check_length(passphrase: str) -> None:
    if not MIN_LENGTH <= len(passphrase) <= MAX_LENGTH:
        raise InputError(
            f"a passphrase has at least {MIN_LENGTH} characters",
            hint="Four or five words that have nothing to do with each other are good.",
        )


def _hash(passphrase: str, salt: bytes) -> bytes:
    """The same keys pressed on another keyboard give the same hash (NFKC)."""
    text = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, **_COST)


def _toml(entries: dict[str, _Entry]) -> str:
    lines = ["# Written by early-warning. Only hashes of passphrases stand here."]
    for one, entry in entries.items():
        lines += [
            "",
            f"[forecasters.{one}]",
            f"name = {json.dumps(entry.name, ensure_ascii=False)}",
        ]
        if entry.hash:
            lines += [f'salt = "{entry.salt}"', f'hash = "{entry.hash}"']
    return "\n".join(lines) + "\n"
