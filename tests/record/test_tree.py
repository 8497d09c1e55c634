"""Roots and proofs read out of tiles are those of the tree over all leaves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.attest.merkle import (
    EMPTY_ROOT,
    hash_tree,
    is_consistent,
    leaf_hash,
    proof_ranges,
    root_from_proof,
)
from comity.errors import RecordError
from comity.record.store import MemoryStore
from comity.record.tiles import tile_path
from comity.record.tree import TiledTree, consistency_proof, inclusion_proof
from tests.record.example_log import leaves, log_of

SIZE = 66_000
STORE = MemoryStore()
LOG = log_of(SIZE, STORE)
LEAVES = [leaf_hash(leaf) for leaf in leaves(0, SIZE)]
EDGES = [0, 1, 2, 3, 254, 255, 256, 257, 511, 512, 65_279, 65_280, 65_535, 65_536, 65_537, SIZE]


@pytest.mark.parametrize("size", EDGES)
def test_the_root_of_every_size_is_that_of_its_leaves(size: int) -> None:
    tree = TiledTree(STORE, SIZE)
    root = tree.hash_of((0, size)) if size else EMPTY_ROOT
    assert root == hash_tree(LEAVES[:size]).root
    if size in (0, SIZE):
        assert TiledTree(STORE, size).root() == root


@given(st.integers(0, SIZE - 1))
def test_every_inclusion_proof_is_that_of_the_tree(index: int) -> None:
    proof = inclusion_proof(TiledTree(STORE, SIZE).hash_of, index, SIZE)
    checkpoint, _ = LOG.checkpoint()
    assert root_from_proof(LEAVES[index], index, SIZE, proof) == checkpoint.root
    assert root_from_proof(LEAVES[index - 1], index, SIZE, proof) != checkpoint.root


def test_proofs_agree_with_the_definition() -> None:
    ranges = {index: proof_ranges(index, SIZE) for index in (0, 255, 256, 65_535, 65_536, 65_999)}
    tree = hash_tree(LEAVES, {one for many in ranges.values() for one in many})
    tiled = TiledTree(STORE, SIZE)
    for index, many in ranges.items():
        assert inclusion_proof(tiled.hash_of, index, SIZE) == tuple(tree.kept[one] for one in many)


@pytest.mark.parametrize("old", EDGES[1:])
def test_every_consistency_proof_holds(old: int) -> None:
    root, before = LOG.checkpoint()[0].root, hash_tree(LEAVES[:old]).root
    proof = consistency_proof(TiledTree(STORE, SIZE).hash_of, old, SIZE)
    assert is_consistent(old, before, SIZE, root, proof)


@pytest.mark.parametrize("size", EDGES)
def test_the_compact_range_goes_on_to_the_same_tree(size: int) -> None:
    tree = log_of(size).tree().compact_range()
    assert (tree.size, tree.root()) == (size, hash_tree(LEAVES[:size]).root)
    for leaf in LEAVES[size : size + 300]:
        tree.append(leaf)
    assert tree.root() == hash_tree(LEAVES[: size + 300]).root


def test_a_tile_that_is_cut_short_gives_no_proof() -> None:
    store = MemoryStore(STORE.contents)
    path = tile_path(0, 3)
    store.contents[path] = store.contents[path][:-1]
    with pytest.raises(RecordError, match="8,191 bytes where 256 hashes have 8,192"):
        inclusion_proof(TiledTree(store, SIZE).hash_of, 800, SIZE)
