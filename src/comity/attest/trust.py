"""The trust file: whose keys count, as whom, and when. An empty one trusts nobody.

An authority with several keys may stand in several blocks, as long as these agree; one key under
two authorities is an error, because then nobody could say who signed.

[[authority]]
origin = "lab.example"
name = "Laboratory A"
role = "independent"
jurisdiction = "SG"

  [[authority.key]]
  public_key = "MFkwEwYHKoZIzj0CAQ…"
  valid_from = 2026-01-01
  valid_until = 2027-12-31

An authority that keeps a log, or that witnesses the logs of others, has an own key for each:

log = "lab.example/assessments+7bc1f0a3+AU…"
witness = "lab.example+0c41d2ee+BM…"

Whoever changes such a key stands in two blocks for a while, the old key in one, the new one in the
other. How many witnesses must have seen a log, and how lately, is said once. Without the table one
witness is enough to prove a time.

[quorum]
witnesses = 2
max_age_hours = 48

Who may suspend an authority, or vouch for it, is said once: at least `needed` of these together.
Nobody counts about themselves. Without the table nobody can. One name and `needed = 1` is an
accreditation body.

[peers]
origins = ["north.example", "east.example", "accreditation.example"]
needed = 2
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated

import msgspec

from comity import files
from comity.attest.keys import PublicKey, parse_public_key
from comity.attest.toml import toml_line
from comity.attest.vkey import COSIGNATURE, ED25519, Kind, NoteKey, parse_vkey
from comity.claims import Role
from comity.claims.assessment import Origin
from comity.claims.values import Key, Text
from comity.errors import InputError

__all__ = [
    "Authority",
    "Peers",
    "Quorum",
    "Trust",
    "TrustedKey",
    "add_to_trust",
    "load_trust",
    "parse_trust",
]


_PLAIN_NAME = re.compile(r"[!-*,-~]{1,255}")
HEADER = "# Whose signatures I accept. Compare fingerprints by telephone before you add a key.\n"


class TrustedKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """A public key and the days on which it counts, both included, in UTC; null is open.

    Attributes:
        public_key: PEM text, or base64 of the SPKI bytes.
    """

    public_key: str
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        try:
            _ = self.public
        except InputError as error:
            raise ValueError(error.what) from None
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValueError("`valid_until` lies before `valid_from`")

    @cached_property
    def public(self) -> PublicKey:
        """The key itself."""
        return parse_public_key(self.public_key)

    def valid_at(self, moment: datetime) -> bool:
        """Whether the key counts on the day (UTC) of `moment`."""
        day = moment.astimezone(UTC).date()
        return (self.valid_from or day) <= day <= (self.valid_until or day)


class Authority(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    dict=True,
    rename={"keys": "key"},
):
    """Somebody whose signature you accept.

    Attributes:
        origin: Their name on the wire; what they sign must name the same.
        name: Their name for people.
        role: What you take them for; null leaves it to their own word.
        jurisdiction: Where they stand, if you want to say so.
        keys: Their keys for statements; none where they only keep a log or witness others.
        log: The public key of their log, whose name is the log's origin.
        witness: The public key with which they cosign the logs of others.
    """

    origin: Origin
    name: Text
    role: Role | None = None
    jurisdiction: Key | None = None
    keys: tuple[TrustedKey, ...] = ()
    log: str | None = None
    witness: str | None = None

    def __post_init__(self) -> None:
        if not (self.keys or self.log or self.witness):
            raise ValueError("an authority has a key of its own, a log or a witness's key")
        try:
            _ = self.log_key, self.witness_key
        except InputError as error:
            raise ValueError(error.what) from None

    @cached_property
    def log_key(self) -> NoteKey | None:
        """The key of their log."""
        return _note_key(self.log, ED25519, "log")

    @cached_property
    def witness_key(self) -> NoteKey | None:
        """The key with which they cosign."""
        return _note_key(self.witness, COSIGNATURE, "witness")


def _note_key(text: str | None, kind: Kind, purpose: str) -> NoteKey | None:
    if text is None:
        return None
    key = parse_vkey(text)
    if key.kind != kind:
        raise InputError(f"`{purpose}` holds the key of another purpose: one key per purpose")
    if not _PLAIN_NAME.fullmatch(key.name):
        raise InputError(
            f"`{purpose}` names {key.name[:100]!r}: only ASCII counts, since letters of other "
            "scripts look like it and are none"
        )
    return key


class Quorum(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many witnesses must have seen a log, by the reader's own choice.

    Attributes:
        witnesses: Different authorities whose cosignatures are needed; the issuer never counts.
        max_age_hours: How old the newest sight of a log may be before it counts as frozen.
    """

    witnesses: Annotated[int, msgspec.Meta(ge=1, le=90)] = 1
    max_age_hours: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 48


class Peers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who, together, may suspend an authority or vouch for it, by the reader's own choice.

    Attributes:
        origins: The authorities that count; none: nobody may.
        needed: How many different ones must say the same.
    """

    origins: tuple[Origin, ...]
    needed: Annotated[int, msgspec.Meta(ge=1, le=1_000)]

    def __post_init__(self) -> None:
        if len(set(self.origins)) != len(self.origins):
            raise ValueError("`peers.origins` names somebody twice")
        if self.origins and self.needed > len(self.origins):
            raise ValueError("`peers.needed` is more than there are peers: nobody could ever act")


class Trust(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    dict=True,
    rename={"authorities": "authority"},
):
    """Everybody whose signature you accept, and who may speak about others."""

    authorities: tuple[Authority, ...] = ()
    quorum: Quorum = Quorum()
    peers: Peers = Peers(origins=(), needed=1)

    def __post_init__(self) -> None:
        known: dict[str, tuple[str, Role | None, str | None]] = {}
        owners: dict[str, str] = {}
        for authority in self.authorities:
            facts = (authority.name, authority.role, authority.jurisdiction)
            if known.setdefault(authority.origin, facts) != facts:
                raise ValueError(
                    f"{authority.origin} is listed twice, with another name, role or jurisdiction"
                )
            for key in authority.keys:
                hint = key.public.hint
                if hint in owners:
                    raise ValueError(
                        f"the key {key.public.fingerprint} is given to {owners[hint]} "
                        f"and again to {authority.origin}"
                    )
                owners[hint] = authority.origin
        self._check_note_keys()
        if unknown := sorted(set(self.peers.origins) - known.keys()):
            raise ValueError(f"the peer {unknown[0]} is no authority of this file")

    def _check_note_keys(self) -> None:
        """One key serves one purpose of one authority, and a log has one keeper."""
        owners: dict[bytes, str] = {}
        keepers: dict[str, str] = {}
        for authority in self.authorities:
            for key in filter(None, (authority.log_key, authority.witness_key)):
                if key.public in owners:
                    raise ValueError(
                        f"the key of {key.name} serves twice, for {owners[key.public]} and for "
                        f"{authority.origin}: one key per purpose"
                    )
                owners[key.public] = authority.origin
            log = authority.log_key
            if log and keepers.setdefault(log.name, authority.origin) != authority.origin:
                raise ValueError(f"the log {log.name} is given to two authorities")

    def keeper_of(self, log: str) -> Authority | None:
        """The authority that keeps the log of this origin."""
        for authority in self.authorities:
            if authority.log_key and authority.log_key.name == log:
                return authority
        return None

    def log_keys(self, log: str) -> tuple[NoteKey, ...]:
        """The keys of the log of this origin: none for a stranger's, two while it changes keys."""
        keys = (authority.log_key for authority in self.authorities)
        return tuple(key for key in keys if key and key.name == log)

    @cached_property
    def witnesses(self) -> tuple[tuple[str, NoteKey], ...]:
        """Origin and key of every witness; an authority may have two keys and counts once."""
        return tuple(
            (authority.origin, authority.witness_key)
            for authority in self.authorities
            if authority.witness_key
        )

    @cached_property
    def witness_keys(self) -> tuple[NoteKey, ...]:
        """The keys of all witnesses."""
        return tuple(key for _, key in self.witnesses)

    @cached_property
    def by_hint(self) -> dict[str, tuple[Authority, TrustedKey]]:
        """Authority and key by base64 of the SHA-256 of the key's SPKI bytes."""
        return {
            key.public.hint: (authority, key)
            for authority in self.authorities
            for key in authority.keys
        }


def parse_trust(text: str, *, where: str = "trust file") -> Trust:
    """Read the text of a trust file.

    Raises:
        InputError: it is not TOML, a field is wrong, or one key belongs to two authorities.
    """
    return files.parse_toml(text, Trust, where=where)


def load_trust(path: Path) -> Trust:
    """Read a trust file.

    Raises:
        InputError: as for `parse_trust`, or it cannot be read.
    """
    if not path.exists():
        raise InputError(
            "there is no such trust file, so nobody is trusted yet",
            where=str(path),
            hint="Make it: comity trust add FILE.pub --origin WHO --name NAME\n"
            "  (for a log: FILE.vkey). Or name yours with --trust.",
        )
    return parse_trust(files.read_text(path), where=str(path))


def add_to_trust(path: Path, authority: Authority) -> Trust:
    """Append `authority` to the trust file at `path`, which is made if absent.

    What stands in the file, comments too, is left as it is.

    Raises:
        InputError: the file or the new entry is wrong, or contradicts what stands there; then the
            file is not changed.
    """
    before = files.read_text(path) if path.exists() else HEADER
    text = f"{before.rstrip()}\n\n{_block(authority)}"
    trust = parse_trust(text, where=str(path))
    files.write_atomic(path, text)
    return trust


def _block(authority: Authority) -> str:
    lines = ["[[authority]]"]
    lines += [
        toml_line(name, value)
        for name in ("origin", "name", "role", "jurisdiction", "log", "witness")
        if (value := getattr(authority, name)) is not None
    ]
    for key in authority.keys:
        lines += ["", "[[authority.key]]"]
        lines += [
            toml_line(name, value)
            for name in ("public_key", "valid_from", "valid_until")
            if (value := getattr(key, name)) is not None
        ]
    return "\n".join(lines) + "\n"
