"""Mirrors: equal to the log whatever the steps, and whatever fails on the way."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from comity.claims import canonical_bytes
from comity.errors import InputError, RecordError
from comity.record.keys import new_note_signer
from comity.record.log import CHECKPOINT, Log
from comity.record.mirror import Followed, held_path
from comity.record.note import (
    add_signature,
    open_note,
    sign_note,
    split_note,
)
from comity.record.store import FolderStore, MemoryStore
from comity.record.tiles import blob_path, entries_path, tile_path
from tests.record.example_log import entry
from tests.record.world import (
    DISK_FULL,
    KEY,
    ORIGIN,
    Clock,
    Failing,
    Keeper,
    Killed,
    Watcher,
    World,
)


@pytest.fixture
def world() -> World:
    return World()


def test_a_mirror_can_be_followed_in_place_of_the_log(world: World) -> None:
    friend = Watcher("inland.test", world.clock)
    assert friend.follow(world.watcher.seen).checkpoint == world.first.checkpoint
    assert tiles(friend.mirror) == tiles(world.watcher.mirror) == tiles(world.keeper.store)


def tiles(store: MemoryStore) -> dict[str, bytes]:
    return {path: data for path, data in store.contents.items() if path.startswith("tile/")}


@pytest.mark.parametrize(
    "sizes",
    [[0], [0, 0], [1], [1, 255], [1, 254, 1], [256, 1], [256, 256], [300, 700, 24], [1000, 1]],
    ids=str,
)
def test_a_mirror_is_the_log_whatever_the_steps(sizes: list[int]) -> None:
    keeper, watcher = Keeper(), Watcher("plain.test", Clock())
    for size in sizes:
        keeper.grow(size)
        done = watcher.follow(keeper.store)
        assert done.checkpoint == keeper.log.checkpoint()[0]
    fresh = Watcher("inland.test", Clock())
    fresh.follow(keeper.store)
    for mirror in (watcher.mirror, fresh.mirror):
        assert Log(mirror, (KEY.key,)).check() == keeper.log.checkpoint()[0]
        assert tiles(mirror).items() >= tiles(fresh.mirror).items()


def test_nothing_new_is_cosigned_again_and_the_first_time_stays(world: World) -> None:
    world.clock.forward(days=1)
    world.watcher.follow(world.keeper.store)
    world.clock.forward(days=1)
    world.watcher.follow(world.keeper.store)
    note = open_note(world.watcher.mirror.contents[CHECKPOINT], [KEY.key, world.watcher.signer.key])
    times = [one.time for one in note.verified if one.time]
    assert times == [world.clock.now - timedelta(days=2), world.clock.now]


def test_a_clock_that_jumps_back_never_makes_an_earlier_cosignature(world: World) -> None:
    world.keeper.grow(1)
    world.clock.forward(hours=-1)
    done = world.watcher.follow(world.keeper.store)
    assert (done.checkpoint.size, done.cosigned) == (301, None)
    assert "before the last cosignature" in done.refused
    published = open_note(world.watcher.mirror.contents[CHECKPOINT], [KEY.key])
    assert published.unknown == 0  # verified and shown, not cosigned
    world.clock.forward(hours=2)
    assert world.watcher.follow(world.keeper.store).cosigned == world.clock.now


def test_a_log_that_changes_its_key_is_followed_over_the_change(world: World) -> None:
    new = new_note_signer(ORIGIN, "log")
    both = world.keeper
    both.grow(5)
    note = both.store.contents[CHECKPOINT]
    text, _ = split_note(note)
    both.store.contents[CHECKPOINT] = add_signature(
        note, sign_note(text, new).decode().removeprefix(f"{text}\n")
    )
    assert world.watcher.follow(both.store, KEY, new).checkpoint.size == 305
    both.signer, both.log = new, Log(both.store, (KEY.key, new.key))
    with pytest.raises(InputError, match="not the key of the log"):
        Log(both.store, (KEY.key,)).append([b"by the new key alone"], {}, new)
    both.store.contents[CHECKPOINT] = sign_note(text, new)
    assert world.watcher.follow(both.store, new).checkpoint.size == 305
    with pytest.raises(RecordError, match="no key that you know"):
        world.watcher.follow(both.store, KEY)


@pytest.mark.parametrize("error", [Killed(), DISK_FULL], ids=["killed", "disk full"])
@pytest.mark.parametrize("where", ["mirror", "private"])
def test_whatever_write_fails_the_next_run_goes_on_as_if_nothing_had_been(
    where: str, error: BaseException
) -> None:
    failed = 0
    for at in range(40):
        world = World()
        world.keeper.grow(700)
        stores: dict[str, Any] = {
            "mirror": world.watcher.mirror,
            "private": world.watcher.private,
        }
        stores[where] = Failing(stores[where], at, error)
        whole = True
        try:
            world.watcher.follow(world.keeper.store, **stores)
        except type(error):
            whole, failed = False, failed + 1
        held = world.held()
        assert held.size in (300, 1000)
        shown = published_size(world.watcher.mirror)
        assert shown <= held.size  # never shown, still less cosigned, before it is persisted
        mirror = Log(world.watcher.mirror, (KEY.key,))
        assert mirror.check().size == shown
        done = world.watcher.follow(world.keeper.store)
        assert done.checkpoint.size == 1000
        assert done.cosigned == world.clock.now
        assert mirror.check().size == 1000
        if whole:
            break
    assert whole
    assert failed > 1


def published_size(mirror: MemoryStore) -> int:
    return Log(mirror, (KEY.key,)).checkpoint()[0].size


def test_what_was_persisted_and_not_yet_shown_is_shown_by_the_next_run(world: World) -> None:
    """Killed between rules 7 and 8; the next run shows it, even where it may not cosign."""
    shown = Log(world.watcher.mirror, (KEY.key,)).checkpoint()[0]
    del world.watcher.mirror.contents[CHECKPOINT]
    world.clock.forward(hours=-1)
    assert world.watcher.follow(world.keeper.store).cosigned is None
    assert Log(world.watcher.mirror, (KEY.key,)).checkpoint()[0] == shown


def test_an_interrupted_pull_goes_on_where_it_stopped() -> None:
    keeper, watcher = Keeper(), Watcher("plain.test", Clock())
    keeper.append(*(b"%05d" % number + bytes(60_000) for number in range(800)))
    broken = Breaking(keeper.store, entries_path(3, 32))
    with pytest.raises(InputError, match="cable"):
        watcher.follow(broken)
    assert entries_path(0) in broken.asked
    broken.whole, broken.asked = True, []
    assert watcher.follow(broken).checkpoint.size == 800
    assert entries_path(0) not in broken.asked
    assert Log(watcher.mirror, (KEY.key,)).check().size == 800


class Breaking:
    """A source that breaks at one path, until it is whole."""

    def __init__(self, store: MemoryStore, path: str) -> None:
        self._store = store
        self._path = path
        self.whole = False
        self.asked: list[str] = []

    def read(self, path: str, limit: int) -> bytes | None:
        self.asked.append(path)
        if path == self._path and not self.whole:
            raise InputError("the cable was cut")
        return self._store.read(path, limit)


def test_a_damaged_state_is_never_taken_for_an_empty_one(world: World) -> None:
    path = held_path(ORIGIN)
    held = world.held()
    damaged = [
        b"{}",
        b"",
        canonical_bytes(msgspec.structs.replace(held, root=bytes(32))),
        canonical_bytes(msgspec.structs.replace(held, size=301)),
        canonical_bytes(msgspec.structs.replace(held, origin="inland.test")),
    ]
    for data in damaged:
        world.watcher.private.contents[path] = data
        with pytest.raises(RecordError):
            world.watcher.follow(world.keeper.store)
    world.watcher.private.contents[path] = canonical_bytes(held)
    assert world.watcher.follow(world.keeper.store).new == 0


def test_an_entry_of_65_535_bytes_is_mirrored_and_one_more_byte_fits_no_log() -> None:
    keeper, watcher = Keeper(), Watcher("plain.test", Clock())
    keeper.append(b"x" * 65_535)
    assert watcher.follow(keeper.store).checkpoint.size == 1
    with pytest.raises(InputError, match="65,535 are allowed"):
        keeper.append(b"x" * 65_536)


def test_a_signed_file_that_the_log_lacks_is_told_and_the_log_is_followed() -> None:
    keeper, watcher = Keeper(), Watcher("plain.test", Clock())
    blob = b"a signed file"
    digest = hashlib.sha256(blob).hexdigest()
    there = msgspec.structs.replace(entry(1), bundle=digest)
    keeper.log.append([there, entry(2), entry(3)], {digest: blob}, keeper.signer)
    keeper.store.contents[blob_path(entry(3).bundle)] = b"not what its name says"
    done = watcher.follow(keeper.store)
    assert watcher.mirror.contents[blob_path(digest)] == blob
    assert done.missing == (entry(2).bundle, entry(3).bundle)
    assert blob_path(entry(3).bundle) not in watcher.mirror.contents


def test_links_and_odd_paths_in_a_foreign_folder_are_not_followed(tmp_path: Any) -> None:
    keeper = Keeper()
    keeper.grow(3)
    (tmp_path / "secret").write_bytes(keeper.store.contents[CHECKPOINT])
    log = tmp_path / "log"
    log.mkdir()
    (log / CHECKPOINT).symlink_to(tmp_path / "secret")
    with pytest.raises(InputError):
        Watcher("plain.test", Clock()).follow(FolderStore(log))
    (log / CHECKPOINT).unlink()
    (log / CHECKPOINT).write_bytes(keeper.store.contents[CHECKPOINT])
    (log / "tile").symlink_to(tmp_path)
    with pytest.raises(InputError):
        Watcher("plain.test", Clock()).follow(FolderStore(log))


def test_two_followers_do_not_write_into_one_mirror(world: World) -> None:
    with world.watcher.mirror.exclusive(), pytest.raises(InputError):
        world.watcher.follow(world.keeper.store)


def test_what_is_told_is_what_happened(world: World) -> None:
    assert world.first == Followed(
        checkpoint=world.keeper.log.checkpoint()[0],
        new=300,
        missing=(),
        absent=0,
        cosigned=world.clock.now,
        refused="",
        forks=(),
    )
    assert tile_path(0, 1, 44) in world.watcher.mirror.contents


def test_a_withdrawal_that_a_server_keeps_back_is_asked_for_again_and_first() -> None:
    keeper, watcher = Keeper(), Watcher("plain.test", Clock())
    paper, withdrawal = b"a signed file", b"a signed withdrawal"
    entries = [
        msgspec.structs.replace(entry(1), bundle=hashlib.sha256(paper).hexdigest()),
        msgspec.structs.replace(
            entry(2), kind="withdrawal", bundle=hashlib.sha256(withdrawal).hexdigest()
        ),
    ]
    blobs = {hashlib.sha256(one).hexdigest(): one for one in (paper, withdrawal)}
    keeper.log.append(entries, blobs, keeper.signer)
    honest = dict(keeper.store.contents)
    hostile = MemoryStore({at: data for at, data in honest.items() if not at.startswith("blob/")})
    done = watcher.follow(hostile)
    assert done.missing == (entries[1].bundle, entries[0].bundle)
    assert watcher.follow(hostile).absent == 2  # nothing is new, and they are still missed
    done = watcher.follow(MemoryStore(honest))
    assert (done.missing, done.absent, done.new) == ((), 0, 0)
    assert watcher.mirror.contents[blob_path(entries[1].bundle)] == withdrawal
