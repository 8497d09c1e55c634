"""Evidence: a salted commitment to every row of a table, opened one row at a time.

1. The record of a row is canonical JSON: its number (the first row is 1), the values of the columns
   that play a role, as text, and a salt: HMAC-SHA-256(secret, index as eight bytes, the first 0).
2. Records are the leaves of an RFC 6962 tree. Its root and size are signed; nothing else leaves.
3. To reveal a row is to hand over its record and its inclusion proof. Without the salt nobody can
   tell by trying which of a few likely rows stands behind a hash, so the others stay hidden.

It proves that a row was committed to before it was asked for. It does not prove that the row is
true, nor that the claims were counted from it (docs/what-a-commitment-proves.md).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Annotated

import msgspec

from comity.attest.merkle import hash_tree, leaf_hash, proof_ranges, root_from_proof
from comity.claims import Evidence, canonical_bytes
from comity.claims.values import MAX_INTEGER, Count, Digest, Key
from comity.errors import EvidenceError, InputError

__all__ = [
    "ALGORITHM",
    "MAX_RECORD_BYTES",
    "MAX_REVEALED",
    "MAX_REVEALED_BYTES",
    "SECRET_BYTES",
    "Record",
    "Revealed",
    "RevealedRecord",
    "check_revealed",
    "commit",
    "read_revealed",
    "reveal",
]

ALGORITHM = "rfc6962-sha256-hmac-salted-rows-v1"
SECRET_BYTES = 32
MAX_RECORD_BYTES = 100_000
"""Longest record; a table may hold longer lines, but nobody asks to see one."""
MAX_REVEALED = 10_000
MAX_REVEALED_BYTES = 64_000_000

_Row = Annotated[int, msgspec.Meta(ge=1, le=MAX_INTEGER)]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row: its number, its values by role (null where the table has none), and its salt."""

    row: _Row
    salt: Digest
    values: dict[Key, str | None]


class RevealedRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A record with the hashes that prove its place, from the leaf upwards."""

    record: Record
    proof: Annotated[tuple[Digest, ...], msgspec.Meta(max_length=53)]


class Revealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is handed over: the rows that were asked for, in order, and nothing of the others."""

    algorithm: Key
    root: Digest
    n: Count
    records: Annotated[tuple[RevealedRecord, ...], msgspec.Meta(max_length=MAX_REVEALED)]


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """First line of the private file."""

    algorithm: Key
    n: Count
    secret: Digest


class _Foot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Last line of the private file: without it the file is not whole."""

    root: Digest


def commit(
    rows: Iterable[Mapping[str, str | None]],
    n: int,
    secret: bytes,
    write: Callable[[bytes], object],
) -> Evidence:
    """Commit to rows, and write what opens the commitment: one line a record, byte for byte a leaf.

    Args:
        rows: Role to value, row by row, in the table's order.
        n: How many rows there are.
        secret: 32 random bytes that nobody else ever sees; table and secret make the records again.
        write: Takes the bytes of the private file, piece by piece.

    Raises:
        InputError: there are more or fewer rows than `n`, or one is too long.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"the secret has {SECRET_BYTES} bytes")
    write(canonical_bytes(_Head(algorithm=ALGORITHM, n=n, secret=secret.hex())) + b"\n")

    def leaves() -> Iterator[bytes]:
        for index, values in enumerate(rows):
            salt = hmac.digest(secret, index.to_bytes(8, "big"), "sha256").hex()
            line = canonical_bytes({"row": index + 1, "salt": salt, "values": values})
            if len(line) > MAX_RECORD_BYTES:
                raise InputError(
                    f"row {index + 1:,} is longer than {MAX_RECORD_BYTES:,} bytes, "
                    "too long for a record",
                    hint="Leave --evidence out, or name columns with shorter values.",
                )
            write(line + b"\n")
            yield leaf_hash(line)

    tree = hash_tree(leaves())
    if tree.size != n:
        raise InputError("the table changed while its rows were committed to")
    write(canonical_bytes(_Foot(root=tree.root.hex())) + b"\n")
    return Evidence(root=tree.root.hex(), n=n, algorithm=ALGORITHM)


def reveal(lines: Iterable[bytes], rows: Iterable[int]) -> Revealed:
    """Open single rows of a commitment.

    Args:
        lines: The private file that `commit` wrote, line by line, without line ends.
        rows: The numbers of the rows that were asked for; the first row is 1.

    Raises:
        InputError: the file is not whole or was altered, or has no such row.
    """
    wanted = sorted(set(rows))
    lines = iter(lines)
    try:
        head = msgspec.json.decode(next(lines, b""), type=_Head)
    except ValueError:
        raise InputError(
            "this is no file of private records",
            hint="`comity assess --evidence` writes it; its name ends in .evidence.jsonl.",
        ) from None
    if head.algorithm != ALGORITHM:
        raise InputError(f"the records were made by another method: {head.algorithm}")
    if not wanted or wanted[0] < 1 or wanted[-1] > head.n:
        raise InputError(f"rows have numbers from 1 to {head.n:,}", where="--items")
    if len(wanted) > MAX_REVEALED:
        raise InputError(f"at most {MAX_REVEALED:,} rows are revealed at once", where="--items")
    ranges = {row: proof_ranges(row - 1, head.n) for row in wanted}
    opened: dict[int, bytes] = {}

    def leaves() -> Iterator[bytes]:
        for row in range(1, head.n + 1):
            line = next(lines, b"")
            if row in ranges:
                opened[row] = line
            yield leaf_hash(line)

    tree = hash_tree(leaves(), frozenset(chain(*ranges.values())))
    foot = canonical_bytes(_Foot(root=tree.root.hex()))
    if next(lines, None) != foot or next(lines, None) is not None:
        raise InputError(
            "the file is not whole, or a record in it was altered: its hash is another one",
            hint="Take it from your backup; what was committed to cannot be opened otherwise.",
        )
    return Revealed(
        algorithm=ALGORITHM,
        root=tree.root.hex(),
        n=head.n,
        records=tuple(
            RevealedRecord(
                record=msgspec.json.decode(opened[row], type=Record),
                proof=tuple(tree.kept[one].hex() for one in ranges[row]),
            )
            for row in wanted
        ),
    )


def read_revealed(data: bytes) -> Revealed:
    """Read what somebody handed over.

    Raises:
        InputError: it has another form, or is larger than anything that `reveal` makes.
    """
    if len(data) > MAX_REVEALED_BYTES:
        raise InputError(f"the file is larger than the {MAX_REVEALED_BYTES:,} bytes allowed here")
    try:
        return msgspec.json.decode(data, type=Revealed)
    except RecursionError:
        raise InputError("the file is nested too deeply") from None
    except ValueError as error:
        raise InputError(
            f"this is no file of revealed records: {error}",
            hint="`comity evidence reveal` writes it.",
        ) from None


def check_revealed(revealed: Revealed, evidence: Evidence) -> None:
    """Make sure that each revealed record is the one that was committed to in its place.

    Args:
        revealed: What was handed over.
        evidence: The commitment, from a statement that was verified.

    Raises:
        EvidenceError: it is a commitment of another kind or to other rows, or a record is not the
            one that was committed to.
    """
    if evidence.algorithm != ALGORITHM:
        raise EvidenceError(f"the rows were committed to by another method: {evidence.algorithm}")
    if Evidence(root=revealed.root, n=revealed.n, algorithm=revealed.algorithm) != evidence:
        raise EvidenceError(
            "the records belong to another commitment than the one that was signed",
            hint="Is it the result of another run?",
        )
    rows = [one.record.row for one in revealed.records]
    if not rows or rows != sorted(set(rows)):
        raise EvidenceError("the rows must be given in order, each once, and at least one")
    for one in revealed.records:
        leaf = leaf_hash(canonical_bytes(one.record))
        proof = [bytes.fromhex(digest) for digest in one.proof]
        try:
            root = root_from_proof(leaf, one.record.row - 1, evidence.n, proof)
        except ValueError:
            root = b""
        if root.hex() != evidence.root:
            raise EvidenceError(
                f"row {one.record.row:,} is not the one that was committed to",
                hint="Its values, its number, its salt or its proof was altered. "
                "Ask for the original.",
            )
