"""Logs and followers in memory, and what goes wrong with them: the world of the named attacks.

A `Keeper` keeps a log, honestly or not; a `Watcher` follows, mirrors and witnesses it. Both are the
real code on stores in memory; a `Clock` says what time it is, and `Failing` breaks a store.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from comity.attest import Authority, Quorum, Trust
from comity.attest.merkle import CompactRange, leaf_hash
from comity.errors import InputError
from comity.record.checkpoint import Checkpoint, format_checkpoint
from comity.record.follow import Held
from comity.record.keys import StoredSigner, new_note_signer
from comity.record.log import Log, create_log
from comity.record.mirror import DEFAULT_LIMITS, Followed, Limits, follow, read_held
from comity.record.note import sign_note
from comity.record.store import MemoryStore, Source, Store
from comity.record.witness import Below, seen_path

__all__ = [
    "DISK_FULL",
    "KEY",
    "ORIGIN",
    "START",
    "Clock",
    "Failing",
    "Keeper",
    "Killed",
    "Watcher",
    "World",
    "trust_in",
]

ORIGIN = "coast.test/assessments"
KEY = new_note_signer(ORIGIN, "log")
START = datetime(2026, 11, 22, 1, 40, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class Keeper:
    """Keeps a log. `branch` makes the second one of somebody who tells two stories."""

    def __init__(self, signer: StoredSigner = KEY) -> None:
        self.signer = signer
        self.store = MemoryStore()
        self.log: Log = create_log(self.store, signer)

    def append(self, *entries: str | bytes) -> Checkpoint:
        leaves = [one.encode() if isinstance(one, str) else one for one in entries]
        return self.log.append(leaves, {}, self.signer)

    def grow(self, count: int, word: str = "entry") -> Checkpoint:
        size = self.size()
        return self.append(*(f"{word} {size + number}" for number in range(count)))

    def size(self) -> int:
        return self.log.checkpoint()[0].size

    def branch(self) -> Keeper:
        """The same log up to here, of which another story can be told."""
        other = copy.copy(self)
        other.store = MemoryStore(self.store.contents)
        other.log = Log(other.store, (self.signer.key,))
        return other

    def sign(self, checkpoint: Checkpoint) -> bytes:
        return sign_note(format_checkpoint(checkpoint), self.signer)

    def root_of(self, *entries: str) -> bytes:
        tree = CompactRange()
        for one in entries:
            tree.append(leaf_hash(one.encode()))
        return tree.root()


class Watcher:
    """Follows logs into a public folder, and cosigns as `name`."""

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self.clock = clock
        self.signer = new_note_signer(name, "witness")
        self.mirror = MemoryStore()
        self.private = MemoryStore()

    def follow(
        self,
        source: Source,
        *keys: StoredSigner,
        mirror: Store | None = None,
        private: Store | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Followed:
        return follow(
            source,
            mirror or self.mirror,
            private or self.private,
            tuple(key.key for key in keys or (KEY,)),
            self.clock,
            self.signer,
            limits=limits,
        )

    @property
    def published(self) -> Source:
        """What others see of this follower: the mirror, below seen/."""
        folder = seen_path(ORIGIN)
        return MemoryStore({f"{folder}/{at}": data for at, data in self.mirror.contents.items()})

    @property
    def seen(self) -> Source:
        """The mirror as others read it."""
        return Below(self.published, seen_path(ORIGIN))


class World:
    """An honest log of 300 entries, followed once by one follower."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.keeper = Keeper()
        self.keeper.grow(300)
        self.watcher = Watcher("plain.test", self.clock)
        self.first = self.watcher.follow(self.keeper.store)

    def held(self) -> Held:
        return read_held(self.watcher.private, ORIGIN)


class Killed(BaseException):
    """The process ends here, as by SIGKILL: no `except Exception` sees it."""


class Failing:
    """A store that fails at the n-th write, with the error given; reads go through."""

    def __init__(self, store: Store, at: int, error: BaseException) -> None:
        self._store = store
        self._left = at
        self._error = error

    def read(self, path: str, limit: int) -> bytes | None:
        return self._store.read(path, limit)

    def write(self, path: str, data: bytes) -> None:
        self.write_all({path: data})

    def write_all(self, contents: Mapping[str, bytes]) -> None:
        for path, data in contents.items():
            if not self._left:
                raise self._error
            self._left -= 1
            self._store.write(path, data)

    def remove(self, paths: Iterable[str]) -> None:
        if not self._left:
            raise self._error
        self._store.remove(paths)

    def exclusive(self) -> AbstractContextManager[None]:
        return self._store.exclusive()


DISK_FULL = InputError("the file cannot be written: No space left on device")


def trust_in(
    *watchers: Watcher, keeper: str = "coast.test", needed: int = 1, key: StoredSigner = KEY
) -> Trust:
    """A trust file that knows the log and these witnesses."""
    return Trust(
        authorities=(
            Authority(origin=keeper, name="Coast", log=key.key.vkey),
            *(
                Authority(origin=one.name, name=one.name, witness=one.signer.key.vkey)
                for one in watchers
            ),
        ),
        quorum=Quorum(witnesses=needed),
    )
