"""The Merkle tree is that of RFC 6962: against its definition, and against published vectors."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.attest.merkle import (
    CompactRange,
    consistency_ranges,
    hash_tree,
    is_consistent,
    leaf_hash,
    perfect_ranges,
    proof_ranges,
    root_from_proof,
)
from tests.parts import require_data


def definition(data: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = 1
    while 2 * k < len(data):
        k *= 2
    return hashlib.sha256(b"\x01" + definition(data[:k]) + definition(data[k:])).digest()


def path(m: int, data: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1, word for word."""
    if len(data) == 1:
        return []
    k = 1
    while 2 * k < len(data):
        k *= 2
    if m < k:
        return [*path(m, data[:k]), definition(data[k:])]
    return [*path(m - k, data[k:]), definition(data[:k])]


@pytest.mark.parametrize("size", [*range(34), 63, 64, 65, 100])
def test_root_and_every_proof_are_those_of_the_definition(size: int) -> None:
    data = [bytes([number]) * (number % 5) for number in range(size)]
    leaves = [leaf_hash(one) for one in data]
    ranges = {index: proof_ranges(index, size) for index in range(size)}
    tree = hash_tree(leaves, {one for many in ranges.values() for one in many})
    assert (tree.root, tree.size) == (definition(data), size)
    for index in range(size):
        proof = [tree.kept[one] for one in ranges[index]]
        assert proof == path(index, data)
        assert root_from_proof(leaves[index], index, size, proof) == tree.root


def test_only_what_is_asked_for_is_kept() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(100)]
    wanted = proof_ranges(41, 100)
    assert hash_tree(leaves, frozenset(wanted)).kept.keys() == set(wanted)
    assert hash_tree(leaves).kept == {}


def grown_path(m: int, data: list[bytes], complete: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2, word for word."""
    if m == len(data):
        return [] if complete else [definition(data)]
    k = 1
    while 2 * k < len(data):
        k *= 2
    if m <= k:
        return [*grown_path(m, data[:k], complete), definition(data[k:])]
    return [*grown_path(m - k, data[k:], False), definition(data[:k])]


@pytest.mark.parametrize("new", [*range(1, 34), 63, 64, 65])
def test_every_consistency_proof_is_that_of_the_definition(new: int) -> None:
    data = [bytes([number]) for number in range(new)]
    root = definition(data)
    for old in range(1, new + 1):
        ranges = consistency_ranges(old, new)
        tree = hash_tree(map(leaf_hash, data), ranges)
        proof = [tree.kept[one] for one in ranges]
        assert proof == grown_path(old, data, True)
        before = definition(data[:old])
        assert is_consistent(old, before, new, root, proof)
        assert not is_consistent(old, b"x" * 32, new, root, proof)
        assert not is_consistent(old, before, new, b"x" * 32, proof)
        assert not is_consistent(old, before, new, root, [*proof, root])
        for at in range(len(proof)):
            wrong = [*proof[:at], b"x" * 32, *proof[at + 1 :]]
            assert not is_consistent(old, before, new, root, wrong)
            assert not is_consistent(old, before, new, root, proof[:at])


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_compact_range_gives_the_root_wherever_it_was_taken_up(first: int, more: int) -> None:
    data = [leaf_hash(b"%d" % number) for number in range(first + more)]
    tree = CompactRange()
    for leaf in data[:first]:
        tree.append(leaf)
    again = CompactRange(tree.size, tree.nodes)
    for leaf in data[first:]:
        again.append(leaf)
    assert again.root() == hash_tree(data).root
    assert tree.root() == hash_tree(data[:first]).root
    ranges = perfect_ranges(0, again.size)
    assert again.nodes == [hash_tree(data[low:high]).root for low, high in ranges]


@pytest.mark.parametrize(
    ("size", "nodes"),
    [
        pytest.param(-1, [], id="less than nothing"),
        pytest.param(3, [b"x" * 32], id="a hash is missing"),
        pytest.param(0, [b"x" * 32], id="a hash too many"),
        pytest.param(1, [b"x" * 31], id="a hash that is none"),
    ],
)
def test_a_compact_range_that_cannot_be_is_refused(size: int, nodes: list[bytes]) -> None:
    with pytest.raises(ValueError, match="hash"):
        CompactRange(size, nodes)


def cases(kind: str) -> list[Any]:
    """The published proofs of a kind, right and wrong ones, by name."""
    found = json.loads(require_data("vectors/tlog/rfc6962-proofs.json").read_text())
    return [(name, one) for name, one in found.items() if name.startswith(f"{kind}/")]


def holds(case: dict[str, Any]) -> bool:
    """Whether a published proof leads to its root."""
    proof = [base64.b64decode(one) for one in case["proof"] or []]
    leaf, root = base64.b64decode(case["leafHash"]), base64.b64decode(case["root"])
    if any(len(one) != 32 for one in (*proof, leaf)):
        return False  # `Digest` in the file format already refuses these
    try:
        return root_from_proof(leaf, case["leafIdx"], case["treeSize"], proof) == root
    except ValueError:
        return False


def grows(case: dict[str, Any]) -> bool:
    """Whether a published proof shows that one tree continues another."""
    proof = [base64.b64decode(one) for one in case["proof"] or []]
    before, after = base64.b64decode(case["root1"]), base64.b64decode(case["root2"])
    try:
        return is_consistent(case["size1"], before, case["size2"], after, proof)
    except ValueError:
        return False


@pytest.mark.parametrize(("kind", "check"), [("inclusion", holds), ("consistency", grows)])
def test_published_proofs_hold_exactly_where_they_should(
    kind: str, check: Callable[[dict[str, Any]], bool]
) -> None:
    outcomes = {name: (check(case), not case["wantErr"]) for name, case in cases(kind)}
    assert len(outcomes) > 90
    assert {name for name, (got, expected) in outcomes.items() if got != expected} == set()
    assert {expected for _, expected in outcomes.values()} == {True, False}


@given(st.integers(1, 2**53), st.data())
def test_a_proof_is_never_longer_than_the_tree_is_high(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    ranges = proof_ranges(index, size)
    assert len(ranges) <= (size - 1).bit_length()
    covered = sum(high - low for low, high in ranges)
    assert covered == size - 1, "the siblings are all other leaves, each once"


@pytest.mark.parametrize(
    ("index", "size"),
    [
        pytest.param(0, 0, id="an empty tree has no leaf"),
        pytest.param(5, 5, id="the leaf after the last"),
        pytest.param(-1, 5, id="a leaf before the first"),
    ],
)
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        proof_ranges(index, size)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(0, 5, id="of nothing, everything is a continuation"),
        pytest.param(6, 5, id="a tree does not shrink"),
        pytest.param(-1, 5, id="less than nothing"),
    ],
)
def test_growth_that_cannot_be_has_no_proof(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="can grow"):
        consistency_ranges(old, new)
