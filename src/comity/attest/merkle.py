"""The Merkle tree of RFC 6962, section 2.1: one hash commits to a list, a short proof to one leaf.

A leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right), and the left part of n leaves
is the largest power of two below n. Leaves stream through: memory grows with log n alone.

A tree that only grows keeps all its complete subtrees. So its `CompactRange`, the hashes of the
largest of them, is enough to append and to know the root; and a consistency proof shows that an
older tree is the beginning of a newer one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple

__all__ = [
    "EMPTY_ROOT",
    "HASH_SIZE",
    "CompactRange",
    "Range",
    "Tree",
    "consistency_ranges",
    "hash_tree",
    "is_consistent",
    "leaf_hash",
    "node_hash",
    "pair_hashes",
    "perfect_ranges",
    "proof_ranges",
    "root_from_proof",
]

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""

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


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two halves."""
    return hashlib.sha256(b"\1" + left + right).digest()


def pair_hashes(row: Sequence[bytes]) -> list[bytes]:
    """The hashes of the nodes over every complete pair of a row, for rows of many."""
    sha256 = hashlib.sha256
    pairs = zip(row[::2], row[1::2], strict=False)
    return [sha256(b"\1" + left + right).digest() for left, right in pairs]


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
            node, span = node_hash(left, node), 2 * span
            if (start, size) in keep:
                kept[start, size] = node
        stack.append((start, node))
    if not stack:
        return Tree(EMPTY_ROOT, 0, kept)
    _, root = stack.pop()
    while stack:
        start, left = stack.pop()
        root = node_hash(left, root)
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
    if not 0 <= index < size:
        raise ValueError("the tree has no such leaf")
    # Up to where the paths of this leaf and of the last one part, the bits of `index` say on which
    # side the sibling stands; above, every sibling stands on the left.
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        raise ValueError("the proof has not the one possible length")
    sha256 = hashlib.sha256
    node, bits = leaf, index
    for sibling in proof[:inner]:
        # Written out, not `node_hash`: a hundred thousand proofs are two million of these.
        if bits & 1:
            node = sha256(b"\1" + sibling + node).digest()
        else:
            node = sha256(b"\1" + node + sibling).digest()
        bits >>= 1
    for sibling in proof[inner:]:
        node = sha256(b"\1" + sibling + node).digest()
    return node


def perfect_ranges(start: int, end: int) -> list[Range]:
    """Split leaves into the largest complete subtrees, from the left: their hashes never change.

    The leaves must hang below one node, as all ranges of proofs do.
    """
    ranges = []
    while start < end:
        span = 1 << (end - start).bit_length() - 1
        ranges.append((start, start + span))
        start += span
    return ranges


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The subtrees whose hashes prove that a tree of `old` leaves is the beginning of one of `new`.

    RFC 6962, section 2.1.2. Of equal sizes the proof is empty: compare the roots.

    Raises:
        ValueError: `old` is not between 1 and `new`: of nothing, everything is a continuation.
    """
    if not 0 < old <= new:
        raise ValueError(
            "only a tree that has leaves, and no more than the newer one, can grow to it"
        )
    low, high, ranges = 0, new, []
    while old != high:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    if low:
        ranges.append((low, high))
    return ranges[::-1]


def is_consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the newer tree begins with all leaves of the older one.

    Raises:
        ValueError: as for `consistency_ranges`.
    """
    ranges = consistency_ranges(old, new)
    if len(proof) != len(ranges) or not all(len(one) == HASH_SIZE for one in proof):
        return False
    if old == new:
        return old_root == new_root
    # The deepest subtree ends where the older tree does; without a hash of its own it is that tree.
    first = ranges[0][1] == old and ranges[0][0] > 0
    before = after = proof[0] if first else old_root
    for (start, end), sibling in zip(ranges[first:], proof[first:], strict=True):
        if end <= old:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
        else:
            assert start >= old
            after = node_hash(after, sibling)
    return before == old_root and after == new_root


class CompactRange:
    """The hashes of a growing tree's largest complete subtrees: enough to append and for the root.

    Attributes:
        size: Number of leaves.
        nodes: One hash for each bit of `size` that is set, the largest subtree first.
    """

    __slots__ = ("nodes", "size")

    def __init__(self, size: int = 0, nodes: Iterable[bytes] = ()) -> None:
        """Take up where another one stopped.

        Raises:
            ValueError: there are not as many hashes of 32 bytes as bits of `size` are set.
        """
        self.size = size
        self.nodes = list(nodes)
        if size < 0 or len(self.nodes) != size.bit_count():
            raise ValueError("a compact range has one hash for each bit of its size")
        if not all(len(node) == HASH_SIZE for node in self.nodes):
            raise ValueError(f"a hash has {HASH_SIZE} bytes")

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        bits, node = self.size, leaf
        while bits & 1:
            node = node_hash(self.nodes.pop(), node)
            bits >>= 1
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.nodes:
            return EMPTY_ROOT
        *left, root = self.nodes
        for node in reversed(left):
            root = node_hash(node, root)
        return root
