"""The Merkle tree of RFC 6962, section 2.1: one hash commits to a list, a short proof to one leaf.

A leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right), and the left part of n leaves
is the largest power of two below n. Leaves stream through: memory grows with log n alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

__all__ = ["Range", "Tree", "hash_tree", "leaf_hash", "proof_ranges", "root_from_proof"]

Range = tuple[int, int]
"""The leaves from the first number up to, but without, the second; the first leaf is 0."""


class Tree(NamedTuple):
    """A hashed tree.

    Attributes:
        root: The hash of all leaves.
        size: Number of leaves.
        kept: The hashes of the subtrees that were asked for.
    """

    root: bytes
    size: int
    kept: dict[Range, bytes]


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def hash_tree(leaves: Iterable[bytes], keep: Container[Range] = ()) -> Tree:
    """Hash a list of leaf hashes in one pass.

    Args:
        leaves: Hashes of the leaves, in order.
        keep: The subtrees whose hashes are wanted too, as `proof_ranges` names them.
    """
    stack: list[tuple[int, bytes]] = []  # complete subtrees and where they start, largest first
    kept: dict[Range, bytes] = {}
    size = 0
    for size, node in enumerate(leaves, 1):
        start, span = size - 1, 1
        if (start, size) in keep:
            kept[start, size] = node
        while not size & span:
            start, left = stack.pop()
            node, span = _node_hash(left, node), 2 * span
            if (start, size) in keep:
                kept[start, size] = node
        stack.append((start, node))
    if not stack:
        return Tree(hashlib.sha256().digest(), 0, kept)
    _, root = stack.pop()
    while stack:
        start, left = stack.pop()
        root = _node_hash(left, root)
        if (start, size) in keep:
            kept[start, size] = root
    return Tree(root, size, kept)


def proof_ranges(index: int, size: int) -> list[Range]:
    """The subtrees whose hashes prove that a leaf is in the tree, from the leaf upwards.

    Raises:
        ValueError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError("the tree has no such leaf")
    low, high, ranges = 0, size, []
    while high - low > 1:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return ranges[::-1]


def root_from_proof(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root that a tree of `size` leaves has if `leaf` stands at `index` and the proof is right.

    Raises:
        ValueError: the tree has no such leaf, or the proof has not the one possible length.
    """
    node = leaf
    for (start, _), sibling in zip(proof_ranges(index, size), proof, strict=True):
        node = _node_hash(sibling, node) if start < index else _node_hash(node, sibling)
    return node
