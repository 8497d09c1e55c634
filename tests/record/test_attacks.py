"""Attacks on a follower by their names: which rule stops each, and what is left behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from comity.errors import ComityError, InputError, RecordError
from comity.record.checkpoint import Checkpoint
from comity.record.follow import ContradictionError
from comity.record.fork import ForkError, check_fork
from comity.record.keys import new_note_signer
from comity.record.log import CHECKPOINT, Log
from comity.record.mirror import Limits
from comity.record.note import (
    MAX_NOTE_BYTES,
    join_note,
    split_note,
)
from comity.record.store import MemoryStore
from comity.record.tiles import entries_path
from tests.record.world import (
    KEY,
    ORIGIN,
    Keeper,
    Watcher,
    World,
)


@pytest.fixture
def world() -> World:
    return World()


# Each of these does something to the world and follows; the rule says which one stops it.


def rollback(world: World) -> Any:
    """The keeper shows its log as it was before an entry that it regrets."""
    old = world.keeper.branch()
    world.keeper.grow(5)
    world.watcher.follow(world.keeper.store)
    world.watcher.follow(old.store)


def rollback_to_nothing(world: World) -> Any:
    world.watcher.follow(Keeper().store)


def two_histories_of_one_size(world: World) -> Any:
    other = Keeper()
    other.grow(300, "another")
    world.watcher.follow(other.store)


def a_longer_history_that_forgets_one_entry(world: World) -> Any:
    other = Keeper()
    other.grow(299)
    other.append("another")
    other.grow(400)
    world.watcher.follow(other.store)


def a_shorter_history_that_is_another_one(world: World) -> Any:
    other = Keeper()
    other.grow(17, "another")
    world.watcher.follow(other.store)


def a_root_without_a_tree(world: World) -> Any:
    world.keeper.grow(5)
    note = world.keeper.sign(Checkpoint(ORIGIN, 305, bytes(32)))
    world.watcher.follow(MemoryStore(world.keeper.store.contents | {CHECKPOINT: note}))


def a_log_with_the_wrong_origin(world: World) -> Any:
    inland = new_note_signer("inland.test/assessments", "log")
    world.watcher.follow(Keeper(inland).store)


def a_checkpoint_of_the_wrong_origin_under_the_right_key(world: World) -> Any:
    note = world.keeper.sign(Checkpoint("inland.test/assessments", 300, bytes(32)))
    world.watcher.follow(MemoryStore({CHECKPOINT: note}))


def a_forged_signature(world: World) -> Any:
    world.keeper.grow(5)
    note = world.keeper.store.contents[CHECKPOINT]
    world.watcher.follow(MemoryStore({CHECKPOINT: note.replace(b"\n305\n", b"\n306\n")}))


def a_stranger_s_key(world: World) -> Any:
    world.watcher.follow(Keeper(new_note_signer(ORIGIN, "log")).store)


def a_witness_who_stands_in_for_the_log(world: World) -> Any:
    cosigned = world.watcher.mirror.contents[CHECKPOINT]
    text, lines = split_note(cosigned)
    only = [line for line in lines if line.name == "plain.test"]
    world.watcher.follow(MemoryStore({CHECKPOINT: join_note(text, only)}))


def damaged(world: World, change: Callable[[bytes], bytes | None]) -> MemoryStore:
    """The log, five entries later, as somebody serves it who changed its newest bundle."""
    world.keeper.grow(5)
    path = entries_path(1, 49)
    copy = MemoryStore(world.keeper.store.contents)
    data = change(copy.contents.pop(path))
    if data is not None:
        copy.contents[path] = data
    return copy


def a_truncated_tile(world: World) -> Any:
    world.watcher.follow(damaged(world, lambda data: data[:-1]))


def a_tile_that_goes_on(world: World) -> Any:
    world.watcher.follow(damaged(world, lambda data: data + b"\0\0"))


def a_tile_that_is_gone(world: World) -> Any:
    world.watcher.follow(damaged(world, lambda data: None))


def an_old_entry_served_otherwise(world: World) -> Any:
    world.watcher.follow(damaged(world, lambda data: data.replace(b"entry 299", b"entry 2x9")))


def a_new_entry_served_otherwise(world: World) -> Any:
    world.watcher.follow(damaged(world, lambda data: data.replace(b"entry 304", b"entry 3x4")))


def a_log_larger_than_allowed(world: World) -> Any:
    world.keeper.grow(5)
    world.watcher.follow(world.keeper.store, limits=Limits(entries=304))


def more_bytes_than_allowed(world: World) -> Any:
    world.keeper.grow(5)
    world.watcher.follow(world.keeper.store, limits=Limits(bytes=500))


def a_checkpoint_that_never_ends(world: World) -> Any:
    world.watcher.follow(MemoryStore({CHECKPOINT: b"a" * (MAX_NOTE_BYTES + 1)}))


def a_size_that_no_computer_has(world: World) -> Any:
    note = world.keeper.sign(Checkpoint(ORIGIN, 2**53 - 1, bytes(32)))
    world.watcher.follow(MemoryStore({CHECKPOINT: note}))


def no_log(world: World) -> Any:
    world.watcher.follow(MemoryStore())


ATTACKS: dict[Callable[[World], Any], tuple[type[ComityError], int | None, str]] = {
    rollback: (ContradictionError, 3, "it had 305 before"),
    rollback_to_nothing: (ContradictionError, 3, "it had 300 before"),
    two_histories_of_one_size: (ForkError, 4, "two stories"),
    a_longer_history_that_forgets_one_entry: (ForkError, 5, "two stories"),
    a_shorter_history_that_is_another_one: (ForkError, 3, "two stories"),
    a_root_without_a_tree: (ContradictionError, 6, "not those that it signed"),
    a_log_with_the_wrong_origin: (RecordError, 1, "no key that you know"),
    a_checkpoint_of_the_wrong_origin_under_the_right_key: (RecordError, 2, r"inland\.test"),
    a_forged_signature: (RecordError, 1, "does not hold"),
    a_stranger_s_key: (RecordError, 1, "no key that you know"),
    a_witness_who_stands_in_for_the_log: (RecordError, 1, "no key that you know"),
    a_truncated_tile: (RecordError, None, "does not hold 49 entries"),
    a_tile_that_goes_on: (RecordError, None, "does not hold 49 entries"),
    a_tile_that_is_gone: (RecordError, None, "lacks these entries"),
    an_old_entry_served_otherwise: (ContradictionError, 5, "serves other entries"),
    a_new_entry_served_otherwise: (ContradictionError, 6, "not those that it signed"),
    a_log_larger_than_allowed: (RecordError, None, "305 entries; 304 are allowed"),
    more_bytes_than_allowed: (RecordError, None, "more bytes than are allowed"),
    a_checkpoint_that_never_ends: (InputError, None, "larger than"),
    a_size_that_no_computer_has: (RecordError, None, "lacks these entries"),
    no_log: (InputError, None, "no log is here"),
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
def test_an_attack_is_stopped_and_nothing_that_was_verified_is_lost(
    attack: Callable[[World], Any], world: World
) -> None:
    kind, rule, words = ATTACKS[attack]
    with pytest.raises(kind, match=words) as caught:
        attack(world)
    assert type(caught.value) is kind
    assert getattr(caught.value, "rule", None) == rule
    # What is published still speaks of what was verified, and the honest log is followed on.
    mirror = Log(world.watcher.mirror, (KEY.key,))
    assert mirror.check().size == world.held().size >= 300
    world.keeper.grow(400)
    after = world.watcher.follow(world.keeper.store)
    assert after.checkpoint == mirror.check() == world.keeper.log.checkpoint()[0]
    assert (after.cosigned is None) == (kind is ForkError)


PROVEN = [attack for attack, (kind, _, _) in ATTACKS.items() if kind is ForkError]


@pytest.mark.parametrize("attack", PROVEN, ids=lambda one: one.__name__)
def test_a_fork_leaves_a_proof_and_is_cosigned_no_more(
    attack: Callable[[World], Any], world: World
) -> None:
    with pytest.raises(ForkError) as caught:
        attack(world)
    kept = world.watcher.mirror.contents[caught.value.where]
    assert kept == caught.value.proof
    assert {check_fork(kept).first.origin} == {ORIGIN}
    assert world.held().forks == (caught.value.where,)
    world.keeper.grow(1)
    again = world.watcher.follow(world.keeper.store)  # its own branch goes on, and is mirrored
    assert (again.checkpoint.size, again.cosigned) == (301, None)
    assert "told two stories" in again.refused
    assert again.forks == (caught.value.where,)


def test_the_same_fork_is_kept_once(world: World) -> None:
    for _ in range(2):
        with pytest.raises(ForkError):
            two_histories_of_one_size(world)
    assert len(world.held().forks) == 1


def test_a_split_view_is_proven_when_two_followers_compare(world: World) -> None:
    """Each of two followers was told another story; their mirrors show it to one another."""
    other = Keeper()
    other.grow(299)
    other.append("another")
    other.grow(40)
    friend = Watcher("inland.test", world.clock)
    friend.follow(other.store)
    with pytest.raises(ForkError) as longer:
        world.watcher.follow(friend.seen)
    with pytest.raises(ForkError) as shorter:
        friend.follow(world.watcher.seen)
    assert check_fork(longer.value.proof).second.size == 340
    assert longer.value.proof == shorter.value.proof
