"""A checkpoint: how long a log was and which root hash it had, in three lines that the log signs.

    example-coast.test/assessments
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

https://c2sp.org/tlog-checkpoint. Lines below are extensions; Comity writes none and keeps those of
others, since they are signed too.
"""

from __future__ import annotations

import base64
import re

import msgspec

from comity.attest.vkey import NoteKey, decode_base64
from comity.errors import RecordError
from comity.record.note import Note, open_note

__all__ = [
    "MAX_SIZE",
    "Checkpoint",
    "format_checkpoint",
    "open_checkpoint",
    "parse_checkpoint",
]

MAX_SIZE = 2**53 - 1
"""Longest log that can be named: what integers hold in every language."""

MAX_EXTENSIONS = 16
MAX_LINE = 1_000

_OTHER_KEY = (
    "If its keeper has changed the log's key: get the new .vkey file, compare its fingerprint by\n"
    "  telephone, and add it: comity trust add FILE.vkey --origin WHO --name NAME"
)
_SIZE = re.compile(r"(0|[1-9][0-9]{0,15})\Z", re.ASCII)


class Checkpoint(msgspec.Struct, frozen=True):
    """What a log says of itself at one moment.

    Attributes:
        origin: The log's name, unique in the world.
        size: How many entries it has.
        root: The RFC 6962 root hash over them, 32 bytes.
        extensions: Further lines that the log signed; no meaning is read into them.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """The text that a log signs.

    Raises:
        RecordError: it could not be read back, for instance because the origin is empty.
    """
    root = base64.b64encode(checkpoint.root).decode()
    lines = (checkpoint.origin, str(checkpoint.size), root, *checkpoint.extensions)
    text = "".join(f"{line}\n" for line in lines)
    if parse_checkpoint(text) != checkpoint:
        raise RecordError("this cannot be written as a checkpoint")
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint, whose signatures somebody else has verified.

    Raises:
        RecordError: it is not one.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(0 < len(one) <= MAX_LINE for one in lines):
        raise RecordError("this is not a checkpoint: origin, size and root on three lines")
    origin, size, root, *extensions = lines
    if len(extensions) > MAX_EXTENSIONS:
        raise RecordError(f"the checkpoint has more than {MAX_EXTENSIONS} extension lines")
    if not _SIZE.match(size) or int(size) > MAX_SIZE:
        raise RecordError(f"the checkpoint's size {size[:20]!r} is not a number of entries")
    try:
        digest = decode_base64(root)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise RecordError("the checkpoint's root is not base64 of 32 bytes")
    return Checkpoint(origin, int(size), digest, tuple(extensions))


def open_checkpoint(
    note: bytes, log_keys: tuple[NoteKey, ...], others: tuple[NoteKey, ...] = ()
) -> tuple[Checkpoint, Note]:
    """Verify a signed checkpoint: the log's own key must have signed it.

    Args:
        note: The signed note.
        log_keys: The log's key, of kind 1, whose name is the log's origin; several while the log
            changes from one key to another: then any of them will do.
        others: Keys of witnesses, whose signatures are verified too where they stand.

    Raises:
        RecordError: it is no checkpoint, the log did not sign it, a known key's signature does not
            hold (rule 1), or it names another origin than the log's key (rule 2).
    """
    origin = log_keys[0].name
    try:
        opened = open_note(note, (*log_keys, *others))
    except RecordError as error:
        raise RecordError(error.what, rule=1, hint=error.hint or _OTHER_KEY) from None
    if all(signed.key not in log_keys for signed in opened.verified):
        raise RecordError(f"the log {origin} did not sign this checkpoint", rule=1)
    checkpoint = parse_checkpoint(opened.text)
    if checkpoint.origin != origin:
        raise RecordError(
            f"the checkpoint is of the log {checkpoint.origin[:200]!r}, not of {origin}", rule=2
        )
    return checkpoint, opened
