"""Files of logs that `benchmarks/soak.py` damages, and what must hold where one is accepted."""

from __future__ import annotations

from datetime import timedelta

from tests.record.example_log import entry
from tests.record.world import KEY, ORIGIN, START, Clock, Keeper, Watcher, trust_in

from comity.attest import parse_trust
from comity.record.checkpoint import open_checkpoint
from comity.record.cosigned import COSIGNED
from comity.record.fork import check_fork, compare
from comity.record.log import CHECKPOINT
from comity.record.proof import check_proof, prove
from comity.record.store import MemoryStore
from comity.record.witness import gather

__all__ = [
    "BUNDLES",
    "FORKS",
    "NOTES",
    "PROOFS",
    "TRUST_OF_LOGS",
    "follow_damaged",
    "read_fork",
    "read_note",
    "read_proof",
    "read_trust_of_logs",
]

CLOCK, KEEPER = Clock(), Keeper()
KEEPER.log.append([entry(number) for number in range(300)], {}, KEY)
WATCHERS = [Watcher("plain.test", CLOCK), Watcher("hill.test", CLOCK)]
for _one in WATCHERS:
    _one.follow(KEEPER.store)
TRUST = trust_in(*WATCHERS, needed=2)
gather(KEEPER.store, (KEY.key,), TRUST, [one.published for one in WATCHERS])
WITNESSES = TRUST.witness_keys

NOTES = [KEEPER.store.contents[CHECKPOINT], KEEPER.store.contents[COSIGNED]]
PROOFS = [prove(KEEPER.log, entry(number).payload, TRUST, CLOCK.now) for number in (0, 255, 299)]
OTHER = Keeper()
OTHER.grow(300)
LONGER = Keeper()
LONGER.grow(301)
FORKS = [
    proof
    for one in (OTHER, LONGER)
    if (proof := compare(NOTES[0], one.store.contents[CHECKPOINT], (KEY.key,), one.store)[1])
]
BUNDLE = "tile/entries/001.p/44"
BUNDLES = [KEEPER.store.contents[BUNDLE]]
TRUST_OF_LOGS = f"""
[[authority]]
origin = "coast.test"
name = "Coast"
log = "{KEY.key.vkey}"
witness = "{WATCHERS[0].signer.key.vkey}"
[quorum]
witnesses = 2
max_age_hours = 48
""".encode()


def read_note(data: bytes) -> None:
    """What the log signed says what it said."""
    checkpoint, _ = open_checkpoint(data, (KEY.key,), WITNESSES)
    assert (checkpoint.origin, checkpoint.size) == (ORIGIN, 300)


def read_proof(data: bytes) -> None:
    """An accepted proof is of an entry of the log, at its place, and no older than it was seen."""
    found = check_proof(data, TRUST, CLOCK.now)
    assert found.entry == entry(found.index)
    assert found.existed_by in (None, START)


def read_fork(data: bytes) -> None:
    """An accepted proof is of two checkpoints that the log did sign."""
    forked = check_fork(data)
    if forked.keys == (KEY.key,):
        assert {forked.first.size, forked.second.size} <= {300, 301}


def read_trust_of_logs(data: bytes) -> None:
    """No other key ever gets in, nor one for another purpose."""
    trust = parse_trust(data.decode("utf-8", "replace"))
    assert set(trust.witness_keys) <= {WATCHERS[0].signer.key}
    assert {one.log_key for one in trust.authorities} <= {KEY.key, None}


def follow_damaged(data: bytes) -> None:
    """A log whose newest bundle of entries was damaged is never taken over otherwise."""
    served = MemoryStore(KEEPER.store.contents | {BUNDLE: data})
    done = Watcher("fresh.test", Clock(START + timedelta(days=1))).follow(served)
    assert done.checkpoint == KEEPER.log.checkpoint()[0]
