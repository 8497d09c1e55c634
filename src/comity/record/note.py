"""A signed note: a text, and signatures of several keys below it (https://c2sp.org/signed-note).

1. A note is at most 1,000,000 bytes of UTF-8 without control characters other than line ends.
2. The text ends at the last empty line; below stand 1 to 100 lines: em dash, name, base64 of the
   four bytes of the key's id and the signature. One malformed line makes the note malformed.
3. A signature of a key that is not known is ignored, whatever it says: its kind may be of tomorrow.
4. A signature of a known key (same name and id) that does not hold rejects the whole note. So does
   the second line of a key, if it does not hold.
5. No signature of a known key: the note says nothing.

Which keys there are, and which are admitted, says `comity.attest.vkey`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

import msgspec

from comity.attest.vkey import COSIGNATURE, ED25519, NoteKey, decode_base64, is_key_name, parse_vkey
from comity.errors import RecordError

__all__ = [
    "COSIGNATURE_BYTES",
    "MAX_NOTE_BYTES",
    "MAX_SIGNATURES",
    "Line",
    "Note",
    "NoteKey",
    "NoteSigner",
    "Signed",
    "add_signature",
    "cosign_note",
    "join_note",
    "keep_signatures",
    "open_note",
    "parse_vkey",
    "sign_note",
    "split_note",
]

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
COSIGNATURE_BYTES = 72
"""Eight bytes of time, and an Ed25519 signature."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class NoteSigner(Protocol):
    """Holds the secret half of a key; `comity.record.keys` has the one that is stored in files."""

    @property
    def key(self) -> NoteKey:
        """The public half, with name and kind."""

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature over the message."""


class Signed(msgspec.Struct, frozen=True):
    """One signature that holds.

    Attributes:
        key: Whose it is.
        time: When a witness says that it signed; null for a log's signature, which has no time.
    """

    key: NoteKey
    time: datetime | None


class Line(NamedTuple):
    """A signature line as it stands there, not verified: whose key it names, and the bytes."""

    name: str
    key_id: int
    signature: bytes


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A note of which at least one signature holds.

    Attributes:
        text: What is signed, with its last line end.
        verified: The signatures that hold, in their order.
        unknown: How many signatures are of keys that are not known.
    """

    text: str
    verified: tuple[Signed, ...]
    unknown: int


def open_note(data: bytes, keys: Iterable[NoteKey]) -> Note:
    """Verify a note by the five rules above.

    Args:
        data: The note.
        keys: The keys that are known.

    Raises:
        RecordError: the note is malformed, a known key's signature does not hold, or there is none.
    """
    text, lines = split_note(data)
    known = {(key.name, key.key_id): key for key in keys}
    verified, unknown = [], 0
    for name, key_id, signature in lines:
        key = known.get((name, key_id))
        if key is None:
            unknown += 1
            continue
        verified.append(_verify(key, signature, text))
    if not verified:
        raise RecordError("no key that you know has signed this")
    return Note(text=text, verified=tuple(verified), unknown=unknown)


def sign_note(text: str, signer: NoteSigner) -> bytes:
    """Sign a text with a key of kind 1: the bytes of the note.

    Raises:
        ValueError: the text cannot be a note's: it is empty, does not end in a line end, or holds
            control characters.
    """
    if signer.key.kind != ED25519:
        raise ValueError("a witness's key cosigns, it signs no notes")
    if not text.endswith("\n") or not _is_plain(text):
        raise ValueError("a note's text ends in a line end and holds no control characters")
    key = signer.key
    return join_note(text, [Line(key.name, key.key_id, signer.sign(text.encode()))])


def cosign_note(text: str, signer: NoteSigner, moment: datetime) -> str:
    """A witness's signature line, `cosignature/v1`, over a text and the second of `moment`."""
    if signer.key.kind != COSIGNATURE:
        raise ValueError("a log's key signs notes, it does not cosign")
    seconds = int(moment.timestamp())
    signature = seconds.to_bytes(8, "big") + signer.sign(_cosigned_message(text, seconds))
    return _line(signer.key.name, signer.key.key_id, signature)


def add_signature(note: bytes, line: str) -> bytes:
    """The note with one more signature line below; the same line is never added twice."""
    added = line.encode()
    if b"\n" + added in note:
        return note
    return note + added


def join_note(text: str, lines: Iterable[Line]) -> bytes:
    """A note of a text and signatures, as `split_note` takes it apart."""
    return "\n".join((text, *(_line(*line).rstrip("\n") for line in lines), "")).encode()


def keep_signatures(note: bytes, keys: Iterable[NoteKey]) -> bytes:
    """The note with nothing but the signatures of these keys, not verified again.

    Raises:
        RecordError: it is not a note, or none of them signed it.
    """
    text, lines = split_note(note)
    wanted = {(key.name, key.key_id) for key in keys}
    kept = [line for line in lines if (line.name, line.key_id) in wanted]
    if not kept:
        raise RecordError("no key that you know has signed this")
    return join_note(text, kept)


def split_note(data: bytes) -> tuple[str, tuple[Line, ...]]:
    """Text and signatures of a note, not one of them verified.

    Raises:
        RecordError: it is not a note.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise RecordError(f"the note is larger than the {MAX_NOTE_BYTES:,} bytes allowed")
    try:
        content = data.decode()
    except UnicodeDecodeError:
        raise RecordError("the note is not UTF-8") from None
    if not _is_plain(content):
        raise RecordError("the note holds control characters")
    text, separator, below = content.rpartition("\n\n")
    if not separator or not text or not below.endswith("\n"):
        raise RecordError("this is not a signed note: a text, an empty line, and signatures")
    lines = below[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise RecordError(f"the note has {len(lines):,} signatures; {MAX_SIGNATURES} are allowed")
    return f"{text}\n", tuple(_parse_line(line) for line in lines)


def _verify(key: NoteKey, signature: bytes, text: str) -> Signed:
    """Rule 4: a known key's signature holds, or the note does not."""
    if key.kind == ED25519:
        if key.verifies(signature, text.encode()):
            return Signed(key, None)
    elif len(signature) == COSIGNATURE_BYTES:
        seconds = int.from_bytes(signature[:8], "big")
        if key.verifies(signature[8:], _cosigned_message(text, seconds)):
            return Signed(key, _moment(seconds, key))
    raise RecordError(
        f"the signature of {key.name} does not hold: this is not what they signed",
        hint="Fetch it again from its owner; do not rely on this one.",
    )


def _moment(seconds: int, key: NoteKey) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise RecordError(f"the time that {key.name} names is no date") from None


def _cosigned_message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _line(name: str, key_id: int, signature: bytes) -> str:
    data = base64.b64encode(key_id.to_bytes(4, "big") + signature).decode()
    return f"— {name} {data}\n"


def _parse_line(line: str) -> Line:
    dash, _, rest = line.partition(" ")
    name, _, data = rest.partition(" ")
    try:
        decoded = decode_base64(data)
    except ValueError:
        decoded = b""
    if dash != "—" or not is_key_name(name) or len(decoded) < 5:
        raise RecordError("a signature line of the note is malformed")
    return Line(name, int.from_bytes(decoded[:4], "big"), decoded[4:])


def _is_plain(text: str) -> bool:
    """No control characters of ASCII but line ends."""
    return not _CONTROL.search(text)
