"""The Merkle tree is that of RFC 6962: against its definition, and against published vectors."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.attest.merkle import hash_tree, leaf_hash, proof_ranges, root_from_proof
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


def cases() -> list[Any]:
    """The published inclusion proofs, right and wrong ones, by name."""
    found = json.loads(require_data("vectors/tlog/rfc6962-proofs.json").read_text())
    return [(name, one) for name, one in found.items() if name.startswith("inclusion/")]


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


def test_published_proofs_hold_exactly_where_they_should() -> None:
    outcomes = {name: (holds(case), not case["wantErr"]) for name, case in cases()}
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
