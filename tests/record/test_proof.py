"""Proofs that travel: existed by which time, for whom, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from comity.attest import Authority, SigningKey, Trust, TrustedKey, Verified, verify
from comity.claims import ASSESSMENT_TYPE, Assessment
from comity.errors import InputError, RecordError, VerificationError
from comity.record.entry import entry_of
from comity.record.fork import ForkError
from comity.record.keys import new_note_signer
from comity.record.log import CHECKPOINT, Log
from comity.record.proof import MAX_PROOF_BYTES, Inclusion, check_proof, make_proof, prove
from comity.record.store import MemoryStore
from comity.record.witness import gather
from tests.attest.example import KEY as LAB_KEY
from tests.attest.example import OTHER_KEY, assessment, signed
from tests.record.world import KEY, START, Clock, Keeper, Watcher, trust_in

BUNDLE = signed()
TYPES = {ASSESSMENT_TYPE: Assessment}
DAY = timedelta(days=1)


class World:
    """A laboratory's assessment in the log of the coast, seen by three witnesses one day apart."""

    def __init__(self, *, needed: int = 2) -> None:
        self.clock = Clock()
        self.keeper = Keeper()
        self.keeper.grow(2)
        self.watchers = [Watcher(f"{name}.test", self.clock) for name in ("plain", "hill", "lake")]
        self.trust = self.trust_file(needed=needed)
        self.id = self.publish(BUNDLE)
        for one in self.watchers:
            one.follow(self.keeper.store)
            self.clock.forward(days=1)
        self.gather()

    def trust_file(self, *, needed: int = 2, until: date | None = None, lab: str = "") -> Trust:
        base = trust_in(*self.watchers, needed=needed)
        key = TrustedKey(public_key=LAB_KEY.public.base64, valid_until=until)
        who = Authority(origin="lab.example", name="Laboratory A", keys=(key,))
        return Trust(authorities=(*base.authorities, who), quorum=base.quorum)

    def publish(self, bundle: bytes) -> str:
        verified = verify(bundle, self.trust, TYPES, START)
        self.keeper.log.append([entry_of(verified, bundle)], {}, self.keeper.signer)
        return verified.id

    def gather(self) -> None:
        peers = [one.published for one in self.watchers]
        gather(self.keeper.store, (KEY.key,), self.trust, peers)

    def prove(self, store: MemoryStore | None = None) -> bytes:
        log = Log(store or self.keeper.store, (KEY.key,))
        return prove(log, self.id, self.trust, self.clock.now)

    def check(self, proof: bytes, trust: Trust | None = None) -> Inclusion:
        return check_proof(proof, trust or self.trust, self.clock.now)

    def verify(self, proof: bytes | None, trust: Trust | None = None) -> Verified:
        trust = trust or self.trust
        proven = self.check(proof, trust).proven if proof else None
        return verify(BUNDLE, trust, TYPES, self.clock.now, proven)


@pytest.fixture
def world() -> World:
    return World()


def test_existed_by_is_when_the_last_witness_who_is_needed_had_seen_it(world: World) -> None:
    proof = world.prove()
    for needed in (1, 2, 3):
        found = world.check(proof, world.trust_file(needed=needed))
        assert found.existed_by == START + (needed - 1) * DAY
        assert (found.index, found.entry.payload) == (2, world.id)
    assert world.verify(proof).time == "2026-11-23T01:40:00Z"


def test_with_too_few_witnesses_the_time_stays_unproven(world: World) -> None:
    trust = world.trust_file(needed=4)
    found = world.check(world.prove(), trust)
    assert (found.existed_by, len(found.sights), found.needed) == (None, 3, 4)
    assert world.verify(world.prove(), trust).time == "unproven"


def test_a_statement_can_be_verified_after_its_key_expired(world: World) -> None:
    proof = world.prove()
    world.clock.forward(days=1_000)
    trust = world.trust_file(until=date(2026, 12, 31))
    with pytest.raises(VerificationError, match="counts from") as caught:
        world.verify(None, trust)
    assert caught.value.rule == 3
    verified = world.verify(proof, trust)
    assert verified.existed_by == START + DAY


def test_a_backdated_entry_under_a_stolen_key_shows_when_it_first_existed() -> None:
    """The thief writes any date into the statement; witnesses saw it after the key had ended."""
    world = World()
    trust = world.trust_file(until=date(2026, 11, 21))  # the day before the first witness saw it
    assert assessment().finished < "2026-11-22"
    with pytest.raises(VerificationError, match=r"not on 2026-11-23") as caught:
        world.verify(world.prove(), trust)
    assert caught.value.rule == 3
    assert "existed by that day, and not before" in caught.value.hint


def test_a_later_proof_never_proves_less(world: World) -> None:
    first = world.check(world.prove()).existed_by
    for _ in range(3):
        world.keeper.grow(300)
        world.clock.forward(days=20)
        for one in world.watchers:
            one.follow(world.keeper.store)
        world.gather()
        assert world.check(world.prove()).existed_by == first


def test_without_a_history_of_cosignatures_the_newest_checkpoint_is_taken(world: World) -> None:
    bare = MemoryStore(
        {
            path: data
            for path, data in world.keeper.store.contents.items()
            if not path.startswith(("cosigned", "checkpoint.cosigned"))
        }
    )
    found = world.check(world.prove(bare))
    assert (found.checkpoint.size, found.sights) == (3, ())


def test_a_follower_s_mirror_proves_as_well_what_the_follower_saw(world: World) -> None:
    found = world.check(world.prove(world.watchers[1].mirror), world.trust_file(needed=1))
    assert [sight.origin for sight in found.sights] == ["hill.test"]
    assert found.existed_by == START + DAY


def test_the_issuer_s_own_cosignature_does_not_count(world: World) -> None:
    lab = Watcher("lab.example", world.clock)
    lab.follow(world.keeper.store)
    key = TrustedKey(public_key=LAB_KEY.public.base64)
    who = Authority(
        origin="lab.example", name="Laboratory A", keys=(key,), witness=lab.signer.key.vkey
    )
    base = trust_in(*world.watchers, needed=1)
    world.trust = Trust(authorities=(*base.authorities, who), quorum=base.quorum)
    world.watchers = [lab]
    world.gather()
    assert "lab.example" not in {sight.origin for sight in world.check(world.prove()).sights}


def test_a_proof_of_another_statement_is_refused(world: World) -> None:
    proven = world.check(world.prove()).proven
    other = signed(assessment(seed="7"))
    with pytest.raises(VerificationError, match="of another statement") as caught:
        verify(other, world.trust, TYPES, world.clock.now, proven)
    assert caught.value.rule == 7


def test_a_proof_of_the_statement_under_another_key_is_refused(world: World) -> None:
    """The same payload, signed by a key that its owner got after witnesses had seen the first."""
    proven = world.check(world.prove()).proven
    with pytest.raises(VerificationError, match="of another key") as caught:
        verify(signed(key=OTHER_KEY), trust_of(OTHER_KEY), TYPES, world.clock.now, proven)
    assert caught.value.rule == 7


def test_of_several_who_signed_the_same_each_has_a_proof_of_their_own(world: World) -> None:
    """Both parties of an agreement sign the same payload, and one log may hold both."""
    both = trust_of(LAB_KEY, OTHER_KEY)
    twin = verify(signed(key=OTHER_KEY), both, TYPES, START)
    world.keeper.log.append([entry_of(twin, signed(key=OTHER_KEY))], {}, world.keeper.signer)
    log, keys = world.keeper.log, (LAB_KEY, OTHER_KEY)
    with pytest.raises(InputError, match="several have signed"):
        world.prove()
    for index, key in enumerate(keys, 2):
        digest = key.public.spki_sha256
        found = world.check(prove(log, world.id, world.trust, world.clock.now, digest))
        assert (found.index, found.entry.key) == (index, digest)


def trust_of(*keys: SigningKey) -> Trust:
    trusted = tuple(TrustedKey(public_key=key.public.base64) for key in keys)
    return Trust(authorities=(Authority(origin="lab.example", name="A", keys=trusted),))


def test_a_log_that_nobody_knows_proves_nothing(world: World) -> None:
    stranger = new_note_signer("inland.test/log", "log")
    with pytest.raises(InputError, match="do not know the log"):
        world.check(world.prove(), trust_in(*world.watchers, key=stranger))


def test_a_statement_that_is_not_in_the_log_has_no_proof(world: World) -> None:
    world.id = "0" * 64
    with pytest.raises(InputError, match="holds no statement"):
        world.prove()


def test_what_no_checkpoint_speaks_of_yet_has_no_proof(world: World) -> None:
    """A mirror's tiles go ahead of its checkpoint while it pulls; that proves nothing yet."""
    old = world.keeper.branch()
    world.id = world.publish(signed(assessment(seed="8")))
    ahead = MemoryStore(world.keeper.store.contents | {CHECKPOINT: old.store.contents[CHECKPOINT]})
    with pytest.raises(InputError, match="holds no statement"):
        world.prove(ahead)


def replaced(proof: bytes, old: bytes, new: bytes) -> bytes:
    assert old in proof
    return proof.replace(old, new, 1)


GOOD = World().prove()
HEAD, _, NOTE = GOOD.partition(b"\n\n")
LINES = HEAD.split(b"\n")

REFUSED = {
    "another place": (replaced(GOOD, b"\nindex 2\n", b"\nindex 1\n"), RecordError),
    "a place beyond the end": (replaced(GOOD, b"\nindex 2\n", b"\nindex 3\n"), RecordError),
    "a hash left out": (b"\n".join(LINES[:3]) + b"\n\n" + NOTE, RecordError),
    "another entry": (replaced(GOOD, LINES[1], b"extra e30="), RecordError),
    "an altered checkpoint": (replaced(GOOD, b"\n3\n", b"\n4\n"), RecordError),
    "empty": (b"", InputError),
    "another format": (replaced(GOOD, b"@v1", b"@v2"), InputError),
    "no entry": (replaced(GOOD, LINES[1] + b"\n", b""), InputError),
    "a place with a plus": (replaced(GOOD, b"\nindex 2\n", b"\nindex +2\n"), InputError),
    "a place with a zero in front": (replaced(GOOD, b"\nindex 2\n", b"\nindex 02\n"), InputError),
    "a hash of 31 bytes": (replaced(GOOD, LINES[-1], b"AAAA"), InputError),
    "60 hashes": (replaced(GOOD, LINES[-1], b"\n".join([LINES[-1]] * 60)), InputError),
    "no checkpoint": (HEAD + b"\n\n", RecordError),
    "too large": (GOOD + b" " * MAX_PROOF_BYTES, InputError),
    "not text": (b"\xff" + GOOD, InputError),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_no_proof(case: str) -> None:
    proof, kind = REFUSED[case]
    with pytest.raises(kind) as caught:
        check_proof(proof, World().trust, START + 9 * DAY)
    assert type(caught.value) is kind


def test_an_entry_that_says_what_comity_does_not_know_is_no_proof() -> None:
    keeper = Keeper()
    keeper.append("an entry of another program")
    proof = make_proof(b"an entry of another program", 0, (), keeper.store.contents[CHECKPOINT])
    with pytest.raises(RecordError, match="not an entry that Comity knows"):
        check_proof(proof, trust_in(), START)


def test_a_forked_log_gives_no_proof_to_those_who_saw_the_other_story(world: World) -> None:
    other = Keeper()
    other.grow(3, "another")
    with pytest.raises(ForkError):
        world.watchers[0].follow(other.store)
