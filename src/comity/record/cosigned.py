"""What witnesses signed below a log's checkpoints: kept by size, in the log and in its mirrors.

    cosigned/sizes         the sizes that witnesses have seen, one on a line, ascending
    cosigned/<size>        the checkpoint of that size, with their signatures below
    checkpoint.cosigned    the newest of these

An entry is proven to be as old as the first of them that holds it. So a mirror takes them over from
where it follows: whoever has nothing but the mirror must not take everything for new.

1. Of each witness the first and the last time are kept, and nothing between.
2. What is taken over is signed by the log, and carries signatures of known keys alone. What does
   not hold is passed over: it says nothing.
3. One that is signed by the log, and is not its beginning as it was pulled, is another story.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from comity.attest.vkey import NoteKey
from comity.errors import RecordError
from comity.record.checkpoint import Checkpoint, open_checkpoint
from comity.record.note import (
    COSIGNATURE_BYTES,
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Line,
    join_note,
    keep_signatures,
    split_note,
)
from comity.record.store import Source, Store

__all__ = [
    "COSIGNED",
    "cosigned_notes",
    "cosigned_path",
    "cosigned_sizes",
    "keep_cosigned",
    "merge_cosignatures",
    "shown_to_witnesses",
]

COSIGNED = "checkpoint.cosigned"
SIZES = "cosigned/sizes"
MAX_SIZES_BYTES = 10_000_000
MAX_TAKEN = 1_000
"""How many sizes that are not held yet are asked for in one run, the newest first."""

RECENT = 8
"""How many of the newest sizes are asked again, since more witnesses may have signed."""

# Two lines for each witness, its first and its last, and one or two of the log.
MAX_WITNESSES = (MAX_SIGNATURES - 2) // 2


def cosigned_path(size: int) -> str:
    """Where the witnesses' signatures below the checkpoint of this size are kept."""
    return f"cosigned/{size}"


def cosigned_sizes(log: Source) -> list[int]:
    """The sizes at which witnesses have seen a log, ascending.

    Raises:
        RecordError: the file that lists them was altered.
        InputError: it cannot be read.
    """
    data = log.read(SIZES, MAX_SIZES_BYTES) or b""
    lines = data.split()
    sizes = [int(line) for line in lines if line.isdigit() and len(line) <= 16]
    if len(sizes) != len(lines) or sizes != sorted(set(sizes)):
        raise RecordError("the list of cosigned sizes was altered", where=SIZES)
    return sizes


def cosigned_notes(log: Source, sizes: list[int]) -> Iterator[tuple[int, bytes]]:
    """The signed checkpoints of these sizes, as far as they are there; nothing is verified."""
    for size in sizes:
        note = log.read(cosigned_path(size), MAX_NOTE_BYTES)
        if note is not None:
            yield size, note


def keep_cosigned(
    log: Store, found: Mapping[int, bytes], witnesses: tuple[NoteKey, ...]
) -> dict[int, bytes]:
    """Publish signatures below what is there of them; the newest also as `checkpoint.cosigned`.

    Args:
        log: The log, or a mirror of it; the caller is its only writer.
        found: Signed checkpoints by their sizes; their known signatures hold.
        witnesses: The keys whose signatures are kept.

    Returns:
        What stands there now, for the sizes that were given.
    """
    if not found:
        return {}
    held = dict(cosigned_notes(log, sorted(found)))
    kept = {
        size: merge_cosignatures(held.get(size, note), note, witnesses)
        for size, note in found.items()
    }
    log.write_all({cosigned_path(size): note for size, note in kept.items()})
    sizes = sorted({*cosigned_sizes(log), *found})
    log.write(SIZES, "".join(f"{size}\n" for size in sizes).encode())
    for _, newest in cosigned_notes(log, sizes[-1:]):
        log.write(COSIGNED, newest)
    return kept


def shown_to_witnesses(
    source: Source, held: Source, size: int, keys: tuple[NoteKey, ...], others: tuple[NoteKey, ...]
) -> Iterator[tuple[Checkpoint, bytes]]:
    """What somebody serves of cosigned checkpoints that is not held yet, verified by rule 2.

    Args:
        source: Where they are asked for.
        held: Where those that are held already stand.
        size: How far the log has been verified; what is longer is passed over.
        keys: The log's keys.
        others: The witnesses' keys.

    Raises:
        InputError: something cannot be read.
    """
    try:
        served = [one for one in cosigned_sizes(source) if one <= size]
    except RecordError:
        return
    known = set(cosigned_sizes(held))
    missing = [one for one in served if one not in known][-MAX_TAKEN:]
    for at, note in cosigned_notes(source, sorted({*missing, *served[-RECENT:]})):
        try:
            checkpoint, _ = open_checkpoint(note, keys, others)
        except RecordError:
            continue
        if checkpoint.size == at:
            yield checkpoint, keep_signatures(note, (*keys, *others))


def merge_cosignatures(note: bytes, other: bytes, witnesses: tuple[NoteKey, ...]) -> bytes:
    """The note with the first and the last cosignature that each witness has in either.

    The log's own signatures of both stay: it may have changed its key between the two. An `other`
    of another text is left out.

    Args:
        note: A signed note, whose known signatures hold.
        other: Another one, perhaps of the same text; its known signatures hold, too.
        witnesses: The keys whose cosignatures are kept.
    """
    text, lines = split_note(note)
    other_text, other_lines = split_note(other)
    wanted = {(key.name, key.key_id) for key in witnesses}
    times: dict[tuple[str, int], dict[int, Line]] = {}
    rest: dict[Line, None] = {}
    for line in (*lines, *(other_lines if other_text == text else ())):
        if (line.name, line.key_id) not in wanted:
            rest[line] = None
        elif len(line.signature) == COSIGNATURE_BYTES:
            seconds = int.from_bytes(line.signature[:8], "big")
            times.setdefault((line.name, line.key_id), {})[seconds] = line
    kept = [
        at[seconds]
        for _, at in sorted(times.items())[:MAX_WITNESSES]
        for seconds in sorted({min(at), max(at)})
    ]
    return join_note(text, (*rest, *kept)[:MAX_SIGNATURES])  # the log's own come first
