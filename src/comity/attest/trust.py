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
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

import msgspec

from comity import files
from comity.attest.keys import PublicKey, parse_public_key
from comity.attest.toml import toml_line
from comity.claims import Role
from comity.claims.assessment import Origin
from comity.claims.values import Key, Text
from comity.errors import InputError

__all__ = ["Authority", "Trust", "TrustedKey", "add_to_trust", "load_trust", "parse_trust"]


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
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"keys": "key"}
):
    """Somebody whose signature you accept.

    Attributes:
        origin: Their name on the wire; what they sign must name the same.
        name: Their name for people.
        role: What you take them for; null leaves it to their own word.
        jurisdiction: Where they stand, if you want to say so.
        keys: Their keys.
    """

    origin: Origin
    name: Text
    role: Role | None = None
    jurisdiction: Key | None = None
    keys: tuple[TrustedKey, ...]


class Trust(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    dict=True,
    rename={"authorities": "authority"},
):
    """Everybody whose signature you accept."""

    authorities: tuple[Authority, ...] = ()

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
            hint="Make it with `comity trust add KEY.pub`, or name yours with --trust.",
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
        for name in ("origin", "name", "role", "jurisdiction")
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
