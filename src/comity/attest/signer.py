"""A signer on disk: the secret key, the public key, and who holds them, side by side.

keys/lab.example.key     the secret, readable by its owner alone
keys/lab.example.pub     the public key, to give away
keys/lab.example.toml    origin, name and role, which every statement of this key repeats

A slash in an origin becomes an underscore in the file name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from comity import files
from comity.attest.keys import SigningKey, load_key, load_public_key, save_key
from comity.attest.toml import toml_line
from comity.attest.trust import Authority, Trust, TrustedKey
from comity.claims import Assessor, Role
from comity.claims.assessment import Origin
from comity.claims.values import Text
from comity.errors import InputError

__all__ = ["check_origin", "load_signer", "own_trust", "save_signer"]


class _Holder(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who holds a key: the `.toml` beside it."""

    origin: Origin
    name: Annotated[Text, msgspec.Meta(min_length=1)]
    role: Role
    fingerprint: str


def check_origin(text: str) -> str:
    """Return `text` if it can name an authority.

    Raises:
        InputError: it is not a lower-case name like `lab.example`.
    """
    try:
        return msgspec.convert(text, Origin)
    except msgspec.ValidationError:
        raise InputError(
            f"{text!r} cannot name an authority",
            where="origin",
            hint="Write a name like lab.example or ministry.example/health: lower-case letters, "
            "digits,\n  dots, hyphens and slashes, 2 to 128 of them.",
        ) from None


def save_signer(
    key: SigningKey, assessor: Assessor, folder: Path, password: str | None = None
) -> Path:
    """Write the three files of a signer into `folder`; a key that stands there is never replaced.

    Returns:
        The path of the `.key` file.

    Raises:
        InputError: origin, name or role is not well formed, or a file cannot be written.
    """
    lines = [
        toml_line("origin", assessor.origin),
        toml_line("name", assessor.name),
        toml_line("role", assessor.role),
        toml_line("fingerprint", key.public.fingerprint),
    ]
    text = "\n".join(lines) + "\n"
    files.parse_toml(text, _Holder, where="who holds the key")
    base = files.make_folder(folder) / assessor.origin.replace("/", "_")
    path = base.with_name(base.name + ".key")
    save_key(key, path, password)
    files.write_atomic(base.with_name(base.name + ".pub"), key.public.pem)
    files.write_atomic(base.with_name(base.name + ".toml"), text)
    return path


def load_signer(path: Path, password: str | None = None) -> tuple[SigningKey, Assessor]:
    """Read a key and, from the `.toml` beside it, who holds it.

    Raises:
        InputError: one of them is absent or wrong, others may read the key, or the two do not
            belong together.
    """
    if path.suffix == ".pub":
        raise InputError(
            "this is a public key, which signs nothing",
            where=str(path),
            hint=f"Name the secret one: {path.with_suffix('.key')}.",
        )
    key = load_key(path, password)
    beside = path.with_suffix(".toml")
    holder = files.read_toml(beside, _Holder)
    if holder.fingerprint != key.public.fingerprint:
        raise InputError(
            f"this file describes another key than {path.name}",
            where=f"{beside}, field fingerprint",
            hint=f"The key's fingerprint is {key.public.fingerprint}.",
        )
    return key, Assessor(origin=holder.origin, name=holder.name, role=holder.role)


def own_trust(folder: Path) -> Trust:
    """Trust in oneself: everybody whose `.pub` and `.toml` stand in the folder of one's own keys.

    Raises:
        InputError: one of these files is wrong, or the two do not belong together.
    """
    authorities = []
    for beside in sorted(folder.glob("*.toml")):
        path = beside.with_suffix(".pub")
        if not path.exists():
            continue
        public, holder = load_public_key(path), files.read_toml(beside, _Holder)
        if holder.fingerprint != public.fingerprint:
            raise InputError(
                f"this file describes another key than {path.name}",
                where=f"{beside}, field fingerprint",
                hint=f"The key's fingerprint is {public.fingerprint}.",
            )
        key = TrustedKey(public_key=public.base64)
        authorities.append(
            Authority(origin=holder.origin, name=holder.name, role=holder.role, keys=(key,))
        )
    try:
        return Trust(authorities=tuple(authorities))
    except ValueError as error:
        raise InputError(f"your keys contradict each other: {error}", where=str(folder)) from None
