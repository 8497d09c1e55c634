"""The proof of a fork: what convinces somebody who trusts neither side, and what does not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.attest.merkle import CompactRange, leaf_hash
from comity.claims import canonical_bytes
from comity.errors import InputError, RecordError
from comity.record.checkpoint import Checkpoint, format_checkpoint
from comity.record.fork import MAX_FORK_BYTES, Fork, check_fork, compare
from comity.record.keys import new_note_signer
from comity.record.log import CHECKPOINT
from comity.record.note import sign_note
from comity.record.store import MemoryStore
from tests.record.world import KEY, ORIGIN, Clock, Keeper, Watcher

KEYS = (KEY.key,)
OTHER = new_note_signer(ORIGIN, "log")


def keeper_of(*entries: str) -> Keeper:
    keeper = Keeper()
    keeper.append(*entries)
    return keeper


def note_of(keeper: Keeper) -> bytes:
    return keeper.store.contents[CHECKPOINT]


def proof_of(one: Keeper, other: Keeper) -> bytes:
    larger = max(one, other, key=lambda each: each.log.checkpoint()[0].size)
    verdict, proof = compare(note_of(one), note_of(other), KEYS, larger.store)
    assert verdict == "forked"
    assert proof is not None
    return proof


SHORT = keeper_of("a", "b", "c")
LONG = keeper_of("a", "x", "c", "d", "e")
CONTINUED = keeper_of("a", "b", "c", "d", "e")
SAME_SIZE = proof_of(LONG, CONTINUED)
TWO_SIZES = proof_of(SHORT, LONG)


@pytest.mark.parametrize("proof", [SAME_SIZE, TWO_SIZES], ids=["one size", "two sizes"])
def test_the_file_alone_convinces(proof: bytes) -> None:
    forked = check_fork(proof)
    assert forked.keys == KEYS
    assert (forked.first.origin, forked.second.size) == (ORIGIN, 5)
    assert forked.first.root != forked.second.root


def test_the_order_in_which_they_are_given_does_not_matter() -> None:
    assert proof_of(SHORT, LONG) == proof_of(LONG, SHORT)


@pytest.mark.parametrize(
    ("one", "other", "larger"),
    [
        (SHORT, SHORT, SHORT),
        (SHORT, CONTINUED, CONTINUED),
        (Keeper(), LONG, LONG),
    ],
    ids=["the same", "a beginning and what continues it", "nothing and something"],
)
def test_one_history_is_no_fork(one: Keeper, other: Keeper, larger: Keeper) -> None:
    assert compare(note_of(one), note_of(other), KEYS, larger.store) == ("same", None)


@pytest.mark.parametrize(
    "tiles", [MemoryStore(), SHORT.store, CONTINUED.store], ids=["hidden", "too few", "of another"]
)
def test_without_the_tiles_of_the_longer_tree_nothing_is_proven(tiles: MemoryStore) -> None:
    assert compare(note_of(SHORT), note_of(LONG), KEYS, tiles) == ("unproven", None)


def changed(base: bytes, /, **fields: Any) -> bytes:
    return canonical_bytes(msgspec.structs.replace(msgspec.json.decode(base, type=Fork), **fields))


def signed(size: int, root: bytes, signer: Any = KEY) -> str:
    return sign_note(format_checkpoint(Checkpoint(ORIGIN, size, root)), signer).decode()


ABSENT = "0" * 64
ANOTHER_LOG = new_note_signer("inland.test/log", "log")

NO_PROOF = {
    "one checkpoint twice": (
        changed(SAME_SIZE, second=msgspec.json.decode(SAME_SIZE, type=Fork).first),
        "say the same",
    ),
    "a checkpoint and what continues it": (
        changed(
            TWO_SIZES,
            second=note_of(CONTINUED).decode(),
            beginning=SHORT.root_of("a", "b", "c").hex(),
        ),
        "do not lead",
    ),
    "the beginning that both agree on": (
        changed(
            TWO_SIZES,
            first=signed(3, SHORT.root_of("a", "x", "c")),
        ),
        "one checkpoint continues the other",
    ),
    "a beginning that was made up": (changed(TWO_SIZES, beginning=ABSENT), "do not lead"),
    "a hash that was made up": (changed(TWO_SIZES, proof=(ABSENT,) * 3), "do not lead"),
    "no hashes": (changed(TWO_SIZES, proof=()), "do not lead"),
    "a hash too many": (
        changed(TWO_SIZES, proof=(*msgspec.json.decode(TWO_SIZES, type=Fork).proof, ABSENT)),
        "do not lead",
    ),
    "no beginning": (changed(TWO_SIZES, beginning=None), "do not lead"),
    "the longer one first": (
        changed(
            TWO_SIZES,
            first=msgspec.json.decode(TWO_SIZES, type=Fork).second,
            second=msgspec.json.decode(TWO_SIZES, type=Fork).first,
        ),
        "nothing can be proven",
    ),
    "nothing against something": (
        changed(TWO_SIZES, first=signed(0, bytes(32))),
        "nothing can be proven",
    ),
    "a stranger signed one": (
        changed(SAME_SIZE, first=signed(5, bytes(32), OTHER)),
        "no key that you know",
    ),
    "a checkpoint that was altered": (
        changed(SAME_SIZE, first=note_of(SHORT).decode().replace("\n3\n", "\n5\n")),
        "does not hold",
    ),
    "keys of two logs": (
        changed(SAME_SIZE, keys=(KEY.key.vkey, ANOTHER_LOG.key.vkey)),
        "not those of one log",
    ),
    "a witness's key": (
        changed(SAME_SIZE, keys=(new_note_signer(ORIGIN, "witness").key.vkey,)),
        "not those of one log",
    ),
}


@pytest.mark.parametrize("case", NO_PROOF)
def test_proves_nothing(case: str) -> None:
    proof, words = NO_PROOF[case]
    with pytest.raises(RecordError, match=words):
        check_fork(proof)


NO_FILE = {
    "empty": b"",
    "another file": b'{"format":"comity-fork/v2"}',
    "an unknown field": SAME_SIZE[:-1] + b',"more":1}',
    "nested deeply": b"[" * 50_000,
    "too large": b" " * MAX_FORK_BYTES + SAME_SIZE,
    "three keys": changed(SAME_SIZE, keys=(KEY.key.vkey,) * 3),
    "a weak key": changed(SAME_SIZE, keys=("a+00000000+AQAAAAAA",)),
}


@pytest.mark.parametrize("case", NO_FILE)
def test_is_no_such_file(case: str) -> None:
    with pytest.raises(InputError):
        check_fork(NO_FILE[case])


def test_a_fork_over_a_change_of_keys_names_both_keys() -> None:
    after = sign_note(format_checkpoint(LONG.log.checkpoint()[0]), OTHER)
    verdict, proof = compare(note_of(SHORT), after, (KEY.key, OTHER.key), LONG.store)
    assert verdict == "forked"
    assert proof is not None
    assert set(check_fork(proof).keys) == {KEY.key, OTHER.key}


def test_the_proof_carries_no_signature_but_the_log_s() -> None:
    watcher = Watcher("plain.test", Clock())
    watcher.follow(SHORT.store)
    _, proof = compare(watcher.mirror.contents[CHECKPOINT], note_of(LONG), KEYS, LONG.store)
    assert proof == TWO_SIZES


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from("ab"), min_size=1, max_size=30),
    st.lists(st.sampled_from("ab"), min_size=1, max_size=30),
)
def test_two_checkpoints_are_a_fork_exactly_if_neither_history_begins_the_other(
    one: list[str], other: list[str]
) -> None:
    first, second = sorted((keeper_of(*one), keeper_of(*other)), key=lambda k: k.size())
    verdict, proof = compare(note_of(first), note_of(second), KEYS, second.store)
    shorter, longer = sorted((one, other), key=len)
    assert verdict == ("same" if longer[: len(shorter)] == shorter else "forked")
    if proof is not None:
        assert check_fork(proof).second.size == len(longer)


def test_the_roots_of_this_world_are_those_of_the_tree() -> None:
    tree = CompactRange()
    for one in ("a", "b", "c"):
        tree.append(leaf_hash(one.encode()))
    assert SHORT.log.checkpoint()[0].root == tree.root() == SHORT.root_of("a", "b", "c")
