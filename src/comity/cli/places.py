"""Where a log is read from: a folder or a web address that somebody typed, and whose log it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import Trust
    from comity.record.store import FolderStore, Source

__all__ = ["ORIGIN", "folder_of", "log_at", "open_place", "origin_in", "origin_of"]

ORIGIN = click.option("--origin", help="The log's name, where your trust file names several.")


def open_place(place: str) -> Source:
    """A folder, or an address that begins with http:// or https://.

    Raises:
        InputError: it is neither.
    """
    if "://" in place:
        from comity.record.web import WebSource

        source = WebSource(place)
        click.get_current_context().call_on_close(source.close)
        return source
    from comity.record.store import FolderStore

    folder = Path(place)
    if not folder.is_dir():
        raise InputError("there is no such folder", where=place, hint="Or write https://…")
    return FolderStore(folder)


def log_at(place: str, origin: str) -> Source:
    """The log of this name at a place: the log itself, or the mirror in a follower's folder.

    Raises:
        InputError: neither is there.
    """
    from comity.record.log import CHECKPOINT
    from comity.record.note import MAX_NOTE_BYTES
    from comity.record.witness import Below, seen_path

    source = open_place(place)
    own = source.read(CHECKPOINT, MAX_NOTE_BYTES)
    if own is not None and own.startswith(f"{origin}\n".encode()):
        return source
    mirror = Below(source, seen_path(origin))
    if mirror.read(CHECKPOINT, MAX_NOTE_BYTES) is not None:
        return mirror
    if own is not None:
        return source  # of another origin: rule 2 says so
    raise InputError(f"neither the log {origin} nor a mirror of it is here", where=place)


def folder_of(folder: Path, origin: str) -> FolderStore:
    """The same, where only a folder will do, since the whole log is read."""
    from comity.record.log import CHECKPOINT
    from comity.record.note import MAX_NOTE_BYTES
    from comity.record.store import FolderStore
    from comity.record.witness import seen_path

    store = FolderStore(folder)
    own = store.read(CHECKPOINT, MAX_NOTE_BYTES) or b""
    if own.startswith(f"{origin}\n".encode()):
        return store
    return FolderStore(folder / seen_path(origin))


def origin_of(place: str, origin: str | None, trust: Trust) -> str:
    """Which log is meant: the one named, else the one whose name the address is, else the only one.

    Raises:
        InputError: the trust file names no log, several, or not this one.
    """
    known = {one.log_key.name: None for one in trust.authorities if one.log_key}
    address = place.partition("://")[2].rstrip("/")
    chosen = origin or (address if address in known else None)
    if chosen is None and len(known) == 1:
        return next(iter(known))
    if chosen is None:
        raise InputError(
            "your trust file names several logs; which one is it?" if known else _NO_LOG,
            hint=f"--origin {next(iter(known))}" if known else _ADD,
        )
    if chosen not in known:
        raise InputError(f"your trust file names no log {chosen!r}", hint=_ADD)
    return chosen


_NO_LOG = "your trust file names no log"
_ADD = (
    "Get its keeper's .vkey file, compare its fingerprint by telephone, and add it:\n"
    "  comity trust add FILE.vkey --origin WHO --name NAME"
)


def origin_in(folder: Path) -> str:
    """The name of the log in a folder, as its checkpoint says it: nothing is verified.

    Raises:
        InputError: no log is there, or its name is not one that Comity gives.
        RecordError: the checkpoint is malformed.
    """
    from comity.attest import check_origin
    from comity.record.checkpoint import parse_checkpoint
    from comity.record.log import CHECKPOINT
    from comity.record.note import MAX_NOTE_BYTES, split_note
    from comity.record.store import FolderStore

    note = FolderStore(folder).read(CHECKPOINT, MAX_NOTE_BYTES)
    if note is None:
        raise InputError(
            "no log is here: there is no checkpoint",
            where=str(folder),
            hint="Begin one with `comity log init --origin …`, or name its folder with --log.",
        )
    return check_origin(parse_checkpoint(split_note(note)[0]).origin)
