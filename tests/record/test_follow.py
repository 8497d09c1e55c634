"""The state machine of following by itself: what it takes, in which order, and what it notices."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.attest.merkle import EMPTY_ROOT, CompactRange, is_consistent, leaf_hash
from comity.attest.vkey import parse_vkey
from comity.errors import RecordError
from comity.record.checkpoint import Checkpoint, open_checkpoint
from comity.record.follow import ContradictionError, Follower, Held
from comity.record.keys import new_note_signer
from comity.record.log import CHECKPOINT
from tests.parts import require_data
from tests.record.world import (
    KEY,
    ORIGIN,
    Keeper,
)


def test_nothing_is_cosigned_before_it_is_persisted() -> None:
    keeper = Keeper()
    keeper.grow(2)
    signer = new_note_signer("plain.test", "witness")
    follower = Follower(Held(origin=ORIGIN), (KEY.key,))
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for step in (follower.verified, follower.persisted, lambda: follower.cosign(signer, now)):
        with pytest.raises(ValueError, match=r"no checkpoint|nothing|rule 8"):
            step()
    follower.receive(keeper.store.contents[CHECKPOINT])
    with pytest.raises(ValueError, match="not every entry"):
        follower.verified()
    follower.extend(leaf_hash(b"entry %d" % number) for number in range(2))
    follower.verified()
    with pytest.raises(ValueError, match="rule 8"):
        follower.cosign(signer, now)
    follower.persisted()
    held, _ = follower.cosign(signer, now)
    assert held.last_cosigned == int(now.timestamp())


def test_no_more_entries_are_taken_than_the_checkpoint_names() -> None:
    keeper = Keeper()
    keeper.grow(2)
    follower = Follower(Held(origin=ORIGIN), (KEY.key,))
    follower.receive(keeper.store.contents[CHECKPOINT])
    with pytest.raises(RecordError, match="more entries") as caught:
        follower.extend([bytes(32)] * 3)
    assert caught.value.rule == 5


def test_a_log_of_nothing_has_the_root_of_nothing() -> None:
    follower = Follower(Held(origin=ORIGIN), (KEY.key,))
    follower.receive(Keeper().sign(Checkpoint(ORIGIN, 0, EMPTY_ROOT)))
    assert follower.verified().size == 0
    follower = Follower(Held(origin=ORIGIN), (KEY.key,))
    follower.receive(Keeper().sign(Checkpoint(ORIGIN, 0, bytes(32))))
    with pytest.raises(ContradictionError, match="not those that it signed"):
        follower.verified()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=3), max_size=40),
    st.lists(st.binary(max_size=3), max_size=40),
    st.integers(0, 80),
    st.binary(max_size=3),
)
def test_whoever_changes_anything_held_is_noticed(
    old: list[bytes], more: list[bytes], at: int, other: bytes
) -> None:
    """A later checkpoint is accepted exactly if its tree begins with every entry held."""
    held_tree, keeper = CompactRange(), Keeper()
    for one in old:
        held_tree.append(leaf_hash(one))
    note = keeper.sign(Checkpoint(ORIGIN, len(old), held_tree.root()))
    held = Held(
        origin=ORIGIN,
        size=len(old),
        root=held_tree.root(),
        nodes=tuple(held_tree.nodes),
        note=note,
    )
    told = list(old)
    if at < len(old):
        told[at] = other
    tree = CompactRange()
    for one in (*told, *more):
        tree.append(leaf_hash(one))
    follower = Follower(held, (KEY.key,))
    signed = keeper.sign(Checkpoint(ORIGIN, tree.size, tree.root()))
    if told == old:
        follower.receive(signed)
        follower.extend(map(leaf_hash, more))
        assert follower.verified().root == tree.root()
        return
    with pytest.raises(ContradictionError):
        follower.receive(signed)
        follower.extend(map(leaf_hash, more))
        follower.verified()


def test_the_published_cases_of_a_witness_come_out_as_published() -> None:
    """transparency-dev/witness decides by consistency proofs; rules 3 and 4 and the proof agree."""
    world = json.loads(require_data("vectors/tlog/witness-update-cases.json").read_text())
    key = parse_vkey(world["log_vkey"])

    def place(side: dict[str, Any]) -> tuple[int, bytes]:
        if "note" in side:
            checkpoint, _ = open_checkpoint(world[side["note"]].encode(), (key,))
            return checkpoint.size, checkpoint.root
        return side["size"], bytes.fromhex(side.get("root", EMPTY_ROOT.hex()))

    judged = 0
    for case in world["update_cases"]:
        if case["http"] == 409:  # about the request's own memory of the size; we send none
            continue
        (old, old_root), (new, new_root) = place(case["state"]), place(case["new"])
        proof = [bytes.fromhex(one) for one in case["proof"]]
        if new < old:
            accepted = False
        elif old == 0:
            accepted = not proof
        else:
            accepted = is_consistent(old, old_root, new, new_root, proof)
        assert accepted == (case["http"] == 200), case["desc"]
        judged += 1
    assert judged == 7
