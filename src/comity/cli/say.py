"""What the verbs share that sign a statement for one's log: the target, the key, the file."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.errors import InputError, VerificationError

if TYPE_CHECKING:
    from comity.attest import SigningKey, Trust, Verified
    from comity.claims import Assessor
    from comity.cli.types import Predicate

__all__ = [
    "KEY",
    "REASON",
    "Speaker",
    "own_trust_of",
    "say",
    "speaker",
    "statement_named",
    "verified_own",
]

KEY = click.option(
    "--key",
    required=True,
    type=click.Path(path_type=Path),
    help="Your key, as `keys new` wrote it.",
)
REASON = click.option("--reason", required=True, help="Why. It is public, for ever.")

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")

Speaker = tuple["SigningKey", "Assessor"]
"""A key, and who holds it."""


def speaker(key: Path) -> Speaker:
    """Read the key that will sign.

    Raises:
        InputError: it cannot be read.
    """
    from comity.attest import load_signer
    from comity.cli.terminal import password_for

    return load_signer(key, password_for(key))


def statement_named(what: str, who: Speaker) -> str | None:
    """The identity of one's own statement, named by its file or by its 64 digits; None: neither.

    Raises:
        InputError: the file is somebody else's.
        VerificationError: the file does not hold.
    """
    if _DIGEST.match(what):
        return what
    path = Path(what)
    if not path.exists():
        return None
    return verified_own(path, who).id


def verified_own(path: Path, who: Speaker) -> Verified:
    """Verify a file that was signed with one's own key.

    Raises:
        InputError: it cannot be read, or is somebody else's.
        VerificationError: it does not hold.
    """
    from comity.attest import MAX_BUNDLE_BYTES, verify
    from comity.cli.types import TYPES
    from comity.files import read_bytes

    bundle = read_bytes(path, MAX_BUNDLE_BYTES)
    try:
        return verify(bundle, own_trust_of(who), TYPES, datetime.now(UTC))
    except VerificationError as error:
        error.where = f"{path} does not hold, rule {error.rule}"
        if error.rule != 3:
            raise
    raise InputError(
        f"this was not signed with the key of {who[1].origin} that you named, and what others "
        "signed is theirs",
        where=str(path),
        hint="If you signed it with an older key of yours, name its 64 digits instead: "
        "`comity verify`\n  prints them as its identity.",
    )


def own_trust_of(who: Speaker) -> Trust:
    """Trust in this one key alone."""
    from comity.attest import Authority, Trust, TrustedKey

    key, holder = who
    keys = (TrustedKey(public_key=key.public.base64),)
    return Trust(authorities=(Authority(origin=holder.origin, name=holder.name, keys=keys),))


def say(
    predicate: Predicate,
    who: Speaker,
    out: Path,
    *,
    words: str,
    as_json: bool,
    then: str = "Nobody knows it yet. Put it into your log: comity publish",
) -> None:
    """Sign a predicate, write the file, and tell what to do with it: `then`, and the file's name.

    Raises:
        InputError: the file exists already, or cannot be written.
    """
    from comity.cli.terminal import safe_text
    from comity.cli.types import identity_of, signed
    from comity.files import write_atomic

    key, _ = who
    statement = identity_of(predicate)
    write_atomic(out, signed(predicate, key), replace=False)
    if as_json:
        click.echo(json.dumps({"written": str(out), "statement": statement}, indent=2))
        return
    for line in words.splitlines():
        click.echo(safe_text(line))
    click.echo(f"Written: {out}\nStatement {statement}")
    click.echo(f"\n{then} {out}")
