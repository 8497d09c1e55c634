"""A fork: proof, for somebody who trusts neither side, that a log told two stories.

A log promises never to sign two checkpoints that cannot both be true. The proof holds two that it
signed, and:

1. Both are signed by a key of the log, and name its origin.
2. Of equal sizes, their roots differ: nothing more is needed.
3. Of different sizes, a consistency proof shows which root the first entries of the larger tree
   have, as many as the smaller checkpoint counts. It leads to the larger root, which the log
   signed, so its hashes are those of the log's own tree; and the root that it gives for the
   smaller tree is not the one that the log signed.

What cannot be proven: of two sizes, if nobody has hashes that lead to the larger root (a log that
signs a root and hides its tiles is silent, not convicted); that a log shows an old checkpoint to
some and a new one to others, as long as one continues the other; and who holds the key. A proof
says what the holder of a key signed. Whose key it is, the reader's trust file says.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from comity.attest.merkle import is_consistent
from comity.attest.vkey import NoteKey, parse_vkey
from comity.claims import canonical_bytes
from comity.claims.values import Digest
from comity.errors import InputError, RecordError
from comity.record.checkpoint import Checkpoint, open_checkpoint
from comity.record.note import keep_signatures
from comity.record.store import Source
from comity.record.tree import TiledTree, consistency_proof

__all__ = ["MAX_FORK_BYTES", "Fork", "ForkError", "Forked", "Verdict", "check_fork", "compare"]

MAX_FORK_BYTES = 100_000
MAX_HASHES = 64
Verdict = Literal["same", "forked", "unproven"]
_NoteText = Annotated[str, msgspec.Meta(max_length=30_000)]
_Vkey = Annotated[str, msgspec.Meta(max_length=500)]


class Fork(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file that convinces.

    Attributes:
        format: Which kind of file this is.
        keys: The log's key; two if it changed its key between the checkpoints.
        first: The signed checkpoint with fewer entries, or one of two of the same size.
        second: The other one.
        beginning: Root over the beginning of the second tree, as long as the first; null where both
            have the same size.
        proof: Consistency proof from `beginning` to the root of the second, from the leaves up.
    """

    format: Literal["comity-fork/v1"] = "comity-fork/v1"
    keys: Annotated[tuple[_Vkey, ...], msgspec.Meta(min_length=1, max_length=2)]
    first: _NoteText
    second: _NoteText
    beginning: Digest | None = None
    proof: Annotated[tuple[Digest, ...], msgspec.Meta(max_length=MAX_HASHES)] = ()


class Forked(msgspec.Struct, frozen=True, kw_only=True):
    """What a proof proves.

    Attributes:
        keys: The keys that signed, of one log.
        first, second: The two checkpoints that cannot both be true.
    """

    keys: tuple[NoteKey, ...]
    first: Checkpoint
    second: Checkpoint


class ForkError(RecordError):
    """A log told two stories, and here is the proof.

    Args:
        forked: What is proven.
        proof: The bytes of the proof file.
        path: Where the proof is kept.
        rule: The rule of following that the log broke.
    """

    def __init__(self, forked: Forked, proof: bytes, path: str, *, rule: int | None = None) -> None:
        first, second = forked.first, forked.second
        super().__init__(
            f"the log {first.origin} has told two stories: its key signed {first.size:,} and "
            f"{second.size:,} entries that do not belong to one history",
            rule=rule,
            where=path,
            hint="This file proves it to anybody: comity log check-fork FILE. Send it to the other"
            "\n  authorities that follow the log.",
        )
        self.forked = forked
        self.proof = proof


def compare(
    one: bytes, other: bytes, log_keys: tuple[NoteKey, ...], larger: Source
) -> tuple[Verdict, bytes | None]:
    """Whether two signed checkpoints belong to one history, and the proof if they cannot.

    Args:
        one: A signed checkpoint.
        other: Another one, of the same log.
        log_keys: The keys of the log.
        larger: Where the tiles of the larger one are; needed only where the sizes differ.

    Returns:
        `same`: one is the other, or its beginning. `forked`: they cannot both be true, and the
        bytes of the proof file. `unproven`: the tiles are not those of the larger checkpoint, so
        nothing is shown.

    Raises:
        RecordError: one is not a checkpoint of this log.
    """
    pair = [(open_checkpoint(note, log_keys), note) for note in (one, other)]
    pair.sort(key=lambda each: each[0][0].size)
    ((first, note), first_note), ((second, other_note), second_note) = pair
    signers = {each.key.vkey: None for each in (*note.verified, *other_note.verified)}
    beginning: bytes | None = None
    proof: tuple[bytes, ...] = ()
    if first.size == second.size:
        if first.root == second.root:
            return "same", None
    else:
        if not first.size:
            return "same", None
        tree = TiledTree(larger, second.size)
        try:
            beginning = tree.hash_of((0, first.size))
            proof = consistency_proof(tree.hash_of, first.size, second.size)
        except (RecordError, InputError):
            return "unproven", None
        if not is_consistent(first.size, beginning, second.size, second.root, proof):
            return "unproven", None
        if beginning == first.root:
            return "same", None
    return "forked", canonical_bytes(
        Fork(
            keys=tuple(signers),
            first=keep_signatures(first_note, log_keys).decode(),
            second=keep_signatures(second_note, log_keys).decode(),
            beginning=beginning.hex() if beginning else None,
            proof=tuple(one.hex() for one in proof),
        )
    )


def check_fork(data: bytes) -> Forked:
    """Check a proof by the three rules above; nothing but the file is needed.

    Raises:
        InputError: it is no such file.
        RecordError: it proves nothing.
    """
    if len(data) > MAX_FORK_BYTES:
        raise InputError(f"the file is larger than the {MAX_FORK_BYTES:,} bytes allowed here")
    try:
        fork = msgspec.json.decode(data, type=Fork)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"this is no proof of a fork: {error}", hint="`comity log prove-fork` writes one."
        ) from None
    keys = tuple(parse_vkey(text) for text in fork.keys)
    if len({key.name for key in keys}) != 1 or any(key.kind != 1 for key in keys):
        raise RecordError("the keys are not those of one log")
    # (1) both signed, by one log
    first, _ = open_checkpoint(fork.first.encode(), keys)
    second, _ = open_checkpoint(fork.second.encode(), keys)
    forked = Forked(keys=keys, first=first, second=second)
    # (2) the same size
    if first.size == second.size:
        if first.root == second.root:
            raise RecordError("the two checkpoints say the same: they prove nothing")
        return forked
    # (3) different sizes
    beginning = bytes.fromhex(fork.beginning or "")
    proof = tuple(bytes.fromhex(one) for one in fork.proof)
    try:
        leads = is_consistent(first.size, beginning, second.size, second.root, proof)
    except ValueError:
        raise RecordError("of these two sizes, nothing can be proven") from None
    if not leads:
        raise RecordError("the hashes do not lead to the root that the log signed")
    if beginning == first.root:
        raise RecordError("one checkpoint continues the other: they prove nothing")
    return forked
