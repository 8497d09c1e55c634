"""Who saw which size, kept in mirrors; and a follower that lost what it held."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from comity.errors import InputError, RecordError
from comity.record.checkpoint import Checkpoint
from comity.record.cosigned import COSIGNED, cosigned_path, cosigned_sizes
from comity.record.follow import ContradictionError
from comity.record.fork import ForkError, check_fork
from comity.record.heads import heads_of, lately_seen
from comity.record.keys import new_note_signer
from comity.record.log import CHECKPOINT, Log
from comity.record.mirror import follow, read_held
from comity.record.note import add_signature, cosign_note, join_note, sign_note, split_note
from comity.record.store import MemoryStore
from comity.record.witness import gather
from tests.record.world import KEY, ORIGIN, START, Keeper, Watcher, World, trust_in

DAY = datetime.timedelta(days=1)


class Seen(World):
    """A log of 300 entries that two witnesses saw, and that its keeper gathered; a third reads."""

    def __init__(self) -> None:
        super().__init__()
        self.friend = Watcher("hill.test", self.clock)
        self.reader = Watcher("lake.test", self.clock)
        self.trust = trust_in(self.watcher, self.friend, needed=2)
        self.friend.follow(self.keeper.store)
        self.gather()

    def gather(self) -> None:
        peers = [one.published for one in (self.watcher, self.friend)]
        gather(self.keeper.store, (KEY.key,), self.trust, peers)

    def read(self, source: MemoryStore | None = None) -> Any:
        witnesses = self.trust.witness_keys
        reader = self.reader
        return follow(
            source or self.keeper.store, reader.mirror, reader.private, (KEY.key,), self.clock,
            reader.signer, witnesses=witnesses,
        )  # fmt: skip

    def lately(self, store: MemoryStore | None = None) -> Any:
        heads = heads_of(store or self.reader.mirror, self.trust, self.clock.now)
        return lately_seen(heads, self.trust, self.clock.now)


@pytest.fixture
def seen() -> Seen:
    return Seen()


def test_a_mirror_alone_reaches_the_quorum_that_the_log_s_keeper_gathered(seen: Seen) -> None:
    seen.read()
    assert [one.origin for one in seen.lately().sights] == ["hill.test", "plain.test"]
    assert seen.lately().last == START


def test_when_a_log_grows_the_mirror_still_says_who_saw_it_shorter(seen: Seen) -> None:
    seen.read()
    seen.clock.forward(days=400)
    seen.keeper.grow(9)
    seen.read()
    assert cosigned_sizes(seen.reader.mirror) == [300, 309]
    assert (seen.lately().head.size, seen.lately().last) == (300, START)  # 309: by nobody yet


def test_one_s_own_cosignature_of_every_size_stays(seen: Seen) -> None:
    for _ in range(3):
        seen.keeper.grow(1)
        seen.clock.forward(days=1)
        seen.watcher.follow(seen.keeper.store)
    assert cosigned_sizes(seen.watcher.mirror) == [300, 301, 302, 303]


def test_who_signs_later_is_taken_over_later(seen: Seen) -> None:
    seen.trust = trust_in(seen.watcher, seen.friend, needed=1)
    seen.keeper.grow(1)
    seen.watcher.follow(seen.keeper.store)
    seen.gather()
    seen.read()
    seen.friend.follow(seen.keeper.store)
    seen.gather()
    seen.read()
    assert len(seen.lately().sights) == 2


def a_forged_cosignature(seen: Seen, note: bytes) -> bytes:
    """A line in the name and with the id of a witness's key, of which only the time is altered."""
    text, lines = split_note(note)
    line = next(one for one in lines if one.name == "hill.test")
    older = (int.from_bytes(line.signature[:8], "big") - 9_000_000).to_bytes(8, "big")
    forged = line._replace(signature=older + line.signature[8:])
    return join_note(text, [forged if one == line else one for one in lines])


def a_checkpoint_of_another_size(seen: Seen, note: bytes) -> bytes:
    return note.replace(b"\n300\n", b"\n299\n")


def another_log_s_checkpoint(seen: Seen, note: bytes) -> bytes:
    other = new_note_signer("inland.test/log", "log")
    return sign_note(f"inland.test/log\n300\n{split_note(note)[0].splitlines()[2]}\n", other)


def one_that_the_log_never_signed(seen: Seen, note: bytes) -> bytes:
    return sign_note(split_note(note)[0], new_note_signer(ORIGIN, "log"))


def no_note(seen: Seen, note: bytes) -> bytes:
    return b"\xff" * 100


@pytest.mark.parametrize(
    "forge",
    [
        a_forged_cosignature,
        a_checkpoint_of_another_size,
        another_log_s_checkpoint,
        one_that_the_log_never_signed,
        no_note,
    ],
    ids=lambda one: one.__name__,
)
def test_what_a_server_forges_is_not_taken_over_and_hinders_nobody(
    forge: Callable[[Seen, bytes], bytes], seen: Seen
) -> None:
    for path in (COSIGNED, cosigned_path(300)):
        forged = forge(seen, seen.keeper.store.contents[path])
        assert forged != seen.keeper.store.contents[path]
        seen.keeper.store.contents[path] = forged
    assert seen.read().checkpoint.size == 300
    assert seen.lately().sights == ()
    assert seen.lately(seen.keeper.store).sights == ()  # nor does it count where it stands


@pytest.mark.parametrize(
    "sizes",
    [b"x", b"-1\n", b"3\n2\n", b"\xb2\n", b"9" * 20, b"301\n9007199254740991\n", b"\n" * 99],
    ids=repr,
)
def test_a_list_of_sizes_that_is_none_or_goes_beyond_the_log_gives_nothing(
    sizes: bytes, seen: Seen
) -> None:
    seen.keeper.store.contents["cosigned/sizes"] = sizes
    assert seen.read().checkpoint.size == 300
    assert cosigned_sizes(seen.reader.mirror) == [300]  # one's own


def test_a_frozen_log_does_not_look_new_by_what_witnesses_saw_of_another(seen: Seen) -> None:
    """Both logs are of one keeper, whom the reader knows; only one of them still grows."""
    alive = Keeper(new_note_signer("coast.test/decisions", "log"))
    more = trust_in(seen.watcher, seen.friend, key=alive.signer).authorities
    trust = trust_in(seen.watcher, seen.friend)
    trust = type(trust)(authorities=(*trust.authorities, more[0]), quorum=trust.quorum)
    seen.clock.forward(days=90)
    text = split_note(alive.store.contents[CHECKPOINT])[0]
    line = cosign_note(text, seen.friend.signer, seen.clock.now)
    fresh = add_signature(alive.store.contents[CHECKPOINT], line)
    seen.keeper.store.contents |= {COSIGNED: fresh, cosigned_path(300): fresh}
    heads = heads_of(seen.keeper.store, trust, seen.clock.now)
    assert lately_seen(heads, trust, seen.clock.now).last is None


def test_another_story_among_what_witnesses_signed_is_proven_once_and_ends_cosigning(
    seen: Seen,
) -> None:
    other = Checkpoint(ORIGIN, 7, bytes(32))
    seen.keeper.store.contents |= {
        cosigned_path(7): seen.keeper.sign(other),
        "cosigned/sizes": b"7\n300\n",
    }
    with pytest.raises(ForkError) as caught:
        seen.read()
    assert check_fork(caught.value.proof).first == other
    again = seen.read()
    assert again.cosigned is None
    assert "told two stories" in again.refused
    assert again.checkpoint.size == 300


def test_gathering_waits_for_nobody_and_disturbs_nobody(seen: Seen) -> None:
    with seen.keeper.store.exclusive(), pytest.raises(InputError, match="another process"):
        seen.gather()


def test_after_a_change_of_keys_those_who_know_only_the_new_one_read_the_log(seen: Seen) -> None:
    new = new_note_signer(ORIGIN, "log")
    seen.keeper.grow(1)
    with seen.keeper.log.writing(KEY) as writer:
        writer.change_key(new)
    trust = trust_in(seen.watcher, seen.friend, needed=2, key=new)
    both = (*trust.log_keys(ORIGIN), KEY.key)
    for one in (seen.watcher, seen.friend):
        one.follow(seen.keeper.store, KEY, new)
    gather(seen.keeper.store, both, seen.trust, [seen.watcher.published, seen.friend.published])
    assert cosigned_sizes(seen.keeper.store) == [300, 301]
    heads = heads_of(seen.keeper.store, trust, seen.clock.now)
    assert {one.head.size for one in heads} == {301}  # 300 was signed by the old key alone
    assert len(lately_seen(heads, trust, seen.clock.now).sights) == 2


# A follower that lost what it held, or found it in an old backup.


class Forgetful(World):
    """Followed at 300 entries, where a backup was made, and a day later at 320."""

    def __init__(self) -> None:
        super().__init__()
        self.backup = dict(self.watcher.private.contents)
        self.keeper.grow(20)
        self.clock.forward(days=1)
        self.watcher.follow(self.keeper.store)


def lost(world: Forgetful) -> None:
    world.watcher.private.contents.clear()


def from_an_old_backup(world: Forgetful) -> None:
    world.watcher.private.contents = world.backup


@pytest.fixture
def forgetful() -> Forgetful:
    return Forgetful()


FORGETTING = pytest.mark.parametrize("forget", [lost, from_an_old_backup])


@FORGETTING
def test_a_follower_that_forgot_is_reminded_by_its_own_mirror(
    forget: Callable[[Forgetful], None], forgetful: Forgetful
) -> None:
    forget(forgetful)
    other = Keeper()
    other.grow(310)
    other.append("another")
    other.grow(50)
    with pytest.raises(ForkError):
        forgetful.watcher.follow(other.store)


@FORGETTING
def test_a_follower_that_forgot_goes_on_where_it_was(
    forget: Callable[[Forgetful], None], forgetful: Forgetful
) -> None:
    forget(forgetful)
    forgetful.keeper.grow(5)
    done = forgetful.watcher.follow(forgetful.keeper.store)
    assert (done.new, done.checkpoint.size) == (5, 325)
    assert done.cosigned == START + DAY
    assert Log(forgetful.watcher.mirror, (KEY.key,)).check() == done.checkpoint


@FORGETTING
def test_a_follower_that_forgot_cosigns_no_earlier_time_than_it_has_shown(
    forget: Callable[[Forgetful], None], forgetful: Forgetful
) -> None:
    forget(forgetful)
    forgetful.clock.forward(hours=-5)
    done = forgetful.watcher.follow(forgetful.keeper.store)
    assert done.cosigned is None
    assert "before the last cosignature" in done.refused


def test_a_mirror_that_was_damaged_reminds_nobody(forgetful: Forgetful) -> None:
    lost(forgetful)
    mirror = forgetful.watcher.mirror
    for path in [path for path in mirror.contents if path.startswith("tile/0/")]:
        mirror.contents[path] = mirror.contents[path][::-1]
    with pytest.raises(RecordError, match="was damaged"):
        forgetful.watcher.follow(forgetful.keeper.store)


def test_a_mirror_that_contradicts_what_is_held_proves_the_fork(forgetful: Forgetful) -> None:
    """Somebody put the other story's mirror in place of one's own."""
    other = Keeper()
    other.grow(400, "another")
    forgetful.watcher.mirror = MemoryStore(other.store.contents)
    with pytest.raises(ForkError):
        forgetful.watcher.follow(forgetful.keeper.store)
    assert read_held(forgetful.watcher.private, ORIGIN).forks


def test_a_mirror_of_a_key_that_is_gone_is_no_reminder(forgetful: Forgetful) -> None:
    lost(forgetful)
    stranger = Keeper(new_note_signer(ORIGIN, "log"))
    forgetful.watcher.mirror = MemoryStore(stranger.store.contents)
    done = forgetful.watcher.follow(forgetful.keeper.store)
    assert done.new == 320
    with pytest.raises(ContradictionError):
        forgetful.watcher.follow(Keeper().store)
