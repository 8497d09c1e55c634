"""Witnesses: whose signatures count, what time they prove, and how they come together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.attest import Authority, Trust
from comity.errors import InputError, RecordError
from comity.record.checkpoint import Checkpoint, open_checkpoint
from comity.record.cosigned import COSIGNED, cosigned_path, cosigned_sizes
from comity.record.fork import ForkError, check_fork
from comity.record.heads import heads_of, lately_seen
from comity.record.keys import new_note_signer
from comity.record.log import CHECKPOINT
from comity.record.note import add_signature, cosign_note, sign_note, split_note
from comity.record.store import MemoryStore
from comity.record.witness import (
    Sight,
    existed_by,
    gather,
    seen_at,
    seen_path,
    sights_of,
)
from tests.record.world import KEY, ORIGIN, START, Clock, Keeper, Watcher, trust_in

DAY = timedelta(days=1)


def sights(*days: int) -> tuple[Sight, ...]:
    return tuple(
        Sight(f"w{number}.test", START + day * DAY, START + (day + 10) * DAY)
        for number, day in enumerate(days)
    )


@pytest.mark.parametrize(
    ("days", "quorum", "first", "last"),
    [
        ((5,), 1, 5, 15),
        ((5, 1, 3), 1, 1, 15),
        ((5, 1, 3), 2, 3, 13),
        ((5, 1, 3), 3, 5, 11),
        ((5, 1, 3), 4, None, None),
        ((), 1, None, None),
    ],
)
def test_the_time_is_that_of_the_last_one_who_is_needed(
    days: tuple[int, ...], quorum: int, first: int | None, last: int | None
) -> None:
    seen = sights(*days)
    assert existed_by(seen, quorum) == (None if first is None else START + first * DAY)
    assert seen_at(seen, quorum) == (None if last is None else START + last * DAY)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=8), st.integers(1, 4), st.data())
def test_fewer_liars_than_are_needed_cannot_make_it_older_than_an_honest_witness_saw_it(
    honest: list[int], quorum: int, data: st.DataObject
) -> None:
    liars = data.draw(st.lists(st.integers(-500, 0), max_size=quorum - 1))
    time = existed_by(sights(*honest, *liars), quorum)
    assert time is None or time >= START + min(honest) * DAY


class World:
    def __init__(self, needed: int = 2) -> None:
        self.clock = Clock()
        self.keeper = Keeper()
        self.keeper.grow(3)
        self.watchers = [Watcher(f"{name}.test", self.clock) for name in ("plain", "hill", "lake")]
        self.trust = trust_in(*self.watchers, needed=needed)

    def follow(self, *watchers: Watcher) -> None:
        for one in watchers or self.watchers:
            one.follow(self.keeper.store)

    def gather(self, trust: Trust | None = None) -> dict[int, int]:
        peers = [one.published for one in self.watchers]
        return gather(self.keeper.store, (KEY.key,), trust or self.trust, peers)

    def sights(self, path: str = COSIGNED, without: tuple[str, ...] = ()) -> tuple[Sight, ...]:
        keys = self.trust.witness_keys
        _, note = open_checkpoint(self.keeper.store.contents[path], (KEY.key,), keys)
        return sights_of(note, self.trust, self.clock.now, without)


@pytest.fixture
def world() -> World:
    return World()


def test_the_log_gathers_what_its_followers_publish(world: World) -> None:
    assert world.gather() == {}
    world.follow()
    assert world.gather() == {3: 3}
    assert [one.origin for one in world.sights()] == ["hill.test", "lake.test", "plain.test"]
    assert cosigned_sizes(world.keeper.store) == [3]


def test_what_was_gathered_for_an_older_size_stays(world: World) -> None:
    world.follow()
    world.gather()
    world.keeper.grow(2)
    world.clock.forward(days=1)
    world.follow(world.watchers[0])
    assert world.gather() == {3: 3, 5: 1}
    assert cosigned_sizes(world.keeper.store) == [3, 5]
    assert len(world.sights(cosigned_path(3))) == 3
    assert [one.origin for one in world.sights()] == ["plain.test"]


def test_what_followers_signed_between_two_gatherings_is_gathered_too(world: World) -> None:
    world.follow()
    world.keeper.grow(2)
    world.clock.forward(days=1)
    world.follow()
    assert world.gather() == {3: 3, 5: 3}
    assert existed_by(world.sights(cosigned_path(3)), 2) == START


def test_a_follower_who_once_saw_another_story_proves_it(world: World) -> None:
    """The thief of a key went on from the true log later; the follower's mirror remembers."""
    world.follow()
    mirror = world.watchers[0].mirror.contents
    other = Checkpoint(ORIGIN, 2, bytes(32))
    mirror |= {cosigned_path(2): world.keeper.sign(other), "cosigned/sizes": b"2\n3\n"}
    with pytest.raises(ForkError) as caught:
        world.gather()
    assert check_fork(caught.value.proof).first == other


def test_the_first_and_the_last_time_of_each_are_kept(world: World) -> None:
    for _ in range(4):
        world.follow()
        world.gather()
        world.clock.forward(days=1)
    assert {(one.first, one.last) for one in world.sights()} == {(START, START + 3 * DAY)}
    assert len(split_note(world.keeper.store.contents[COSIGNED])[1]) == 1 + 2 * 3


@pytest.mark.parametrize("who", ["plain.test", "hill.test"])
def test_neither_the_keeper_nor_the_issuer_counts(world: World, who: str) -> None:
    world.follow()
    world.gather()
    assert who in {one.origin for one in world.sights()}
    assert who not in {one.origin for one in world.sights(without=(who,))}


def test_an_authority_with_two_keys_counts_once(world: World) -> None:
    again = Watcher("plain.test", world.clock)
    again.follow(world.keeper.store)
    world.follow(world.watchers[0])
    world.watchers.append(again)
    both = (*world.trust.authorities, Authority(
        origin="plain.test", name="plain.test", witness=again.signer.key.vkey
    ))  # fmt: skip
    world.trust = Trust(authorities=both, quorum=world.trust.quorum)
    assert world.gather() == {3: 1}
    assert existed_by(world.sights(), 2) is None


def test_who_is_no_witness_of_the_trust_file_is_not_taken_over(world: World) -> None:
    world.follow()
    assert world.gather(trust_in(world.watchers[1])) == {3: 1}


def test_a_time_in_the_future_does_not_count(world: World) -> None:
    world.clock.forward(days=2)
    world.follow(world.watchers[0])
    world.clock.forward(days=-2)
    world.follow(*world.watchers[1:])
    world.gather()
    assert [one.origin for one in world.sights()] == ["hill.test", "lake.test"]


def test_a_log_that_is_shown_as_it_was_long_ago_is_seen_to_be_frozen(world: World) -> None:
    world.follow()
    world.gather()
    frozen = MemoryStore(world.keeper.store.contents)
    world.keeper.grow(5)
    world.clock.forward(days=30)
    world.follow()
    world.gather()
    trust, now = world.trust, world.clock.now
    for store, age in ((frozen, 30), (world.keeper.store, 0)):
        found = lately_seen(heads_of(store, trust, now), trust, now)
        assert (len(found.sights), found.last) == (3, world.clock.now - age * DAY)


def test_with_too_few_witnesses_nothing_says_how_new_it_is(world: World) -> None:
    world.follow(world.watchers[0])
    world.gather()
    trust, now = world.trust, world.clock.now
    found = lately_seen(heads_of(world.keeper.store, trust, now), trust, now)
    assert (len(found.sights), found.last) == (1, None)


def test_somebody_else_who_signs_with_the_log_s_key_is_found_out(world: World) -> None:
    """A stolen log key: its true keeper sees, in a follower's folder, what it never signed."""
    thief = Keeper()
    thief.grow(3, "another")
    world.watchers[0].follow(thief.store)
    with pytest.raises(ForkError) as caught:
        world.gather()
    assert check_fork(world.keeper.store.contents[caught.value.where]).first.size == 3


def test_a_longer_forged_history_is_proven_from_the_follower_s_mirror(world: World) -> None:
    thief = Keeper()
    thief.grow(7, "another")
    world.watchers[0].follow(thief.store)
    with pytest.raises(ForkError):
        world.gather()


def test_an_old_copy_of_one_s_own_log_is_noticed(world: World) -> None:
    old = MemoryStore(world.keeper.store.contents)
    world.keeper.grow(2)
    world.follow()
    with pytest.raises(RecordError, match="old copy of your log"):
        gather(old, (KEY.key,), world.trust, [world.watchers[0].published])


def test_a_peer_who_forges_a_cosignature_is_refused(world: World) -> None:
    world.follow()
    note = world.watchers[0].mirror.contents[CHECKPOINT]
    text, _ = split_note(note)
    impostor = new_note_signer("hill.test", "witness")
    line = cosign_note(text, impostor, START - 300 * DAY)
    world.watchers[0].mirror.contents[CHECKPOINT] = add_signature(note, line)
    assert world.gather() == {3: 3}  # another key under a known name is an unknown key
    assert min(one.first for one in world.sights()) == START


def test_a_peer_whose_file_is_too_large_is_refused(world: World) -> None:
    peer = MemoryStore({f"{seen_path(ORIGIN)}/checkpoint": bytes(1_000_001)})
    with pytest.raises(InputError, match="larger"):
        gather(world.keeper.store, (KEY.key,), world.trust, [peer])


@pytest.mark.parametrize("data", [b"3\n2\n", b"x\n", b"-1\n", b"3\n3\n"])
def test_an_altered_list_of_sizes_is_refused(data: bytes) -> None:
    with pytest.raises(RecordError, match="list of cosigned sizes"):
        cosigned_sizes(MemoryStore({"cosigned/sizes": data}))


def test_a_hundred_witnesses_fit_below_a_checkpoint_and_more_are_left_out() -> None:
    keeper, clock = Keeper(), Clock()
    watchers = [Watcher(f"w{number}.test", clock) for number in range(60)]
    for _ in range(2):
        for one in watchers:
            one.follow(keeper.store)
        gather(keeper.store, (KEY.key,), trust_in(*watchers), [w.published for w in watchers])
        clock.forward(hours=1)
    lines = split_note(keeper.store.contents[COSIGNED])[1]
    assert len(lines) == 1 + 2 * 49


def test_extension_lines_are_cosigned_too() -> None:
    checkpoint = Checkpoint(ORIGIN, 0, Keeper().log.checkpoint()[0].root, ("more",))
    keeper, watcher = Keeper(), Watcher("plain.test", Clock())
    keeper.store.contents[CHECKPOINT] = keeper.sign(checkpoint)
    watcher.follow(keeper.store)
    text = split_note(watcher.mirror.contents[CHECKPOINT])[0]
    assert text.endswith("\nmore\n")
    line = cosign_note(text, watcher.signer, datetime(2026, 11, 22, 1, 40, tzinfo=UTC))
    assert line.encode() in watcher.mirror.contents[CHECKPOINT]
    assert sign_note(text, KEY) == keeper.store.contents[CHECKPOINT]
