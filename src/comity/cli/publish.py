"""`comity publish`: append signed files to one's own log."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.log import KEYS, LOG
from comity.cli.options import json_option
from comity.errors import InputError, VerificationError

if TYPE_CHECKING:
    from comity.attest import Trust, Verified
    from comity.record.checkpoint import Checkpoint
    from comity.record.publish import Published

__all__ = ["command"]


@click.command("publish")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@LOG
@KEYS
@json_option
def command(files: tuple[Path, ...], folder: Path, keys: Path, as_json: bool) -> None:
    """Append the signed FILES to your log: all of them, or none.

    They must be signed with keys of yours, whose .pub and .toml stand in --keys. What is in the log
    already is not appended again. What is appended can never be taken back, only withdrawn.
    """
    from comity.attest.signer import own_trust
    from comity.cli.log import own_log
    from comity.record.publish import publish

    trust = own_trust(keys)
    signed = [_own(path, trust, keys) for path in files]
    log, signer = own_log(folder, keys)
    answers, checkpoint = publish(log, signed, signer)
    if as_json:
        facts = {"origin": log.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}
        click.echo(json.dumps({**facts, "statements": _facts(files, answers)}, indent=2))
    else:
        _tell(files, answers, checkpoint, folder)


def _own(path: Path, trust: Trust, keys: Path) -> tuple[Verified, bytes]:
    from comity.attest import MAX_BUNDLE_BYTES, verify
    from comity.cli.types import TYPES
    from comity.files import read_bytes

    bundle = read_bytes(path, MAX_BUNDLE_BYTES)
    try:
        return verify(bundle, trust, TYPES, datetime.now(UTC)), bundle
    except VerificationError as error:
        if error.rule != 3:
            error.where = f"{path} does not hold, rule {error.rule}"
            raise
    mine = ", ".join(sorted({one.origin for one in trust.authorities})) or "none"
    raise InputError(
        "this is not signed with a key of yours, and a log publishes what its owner signed",
        where=str(path),
        hint=f"Your keys are in {keys} (--keys): {mine}.\n"
        "  On what others signed, publish a statement of your own: a decision, for instance.",
    )


def _facts(files: tuple[Path, ...], answers: list[Published]) -> list[dict[str, object]]:
    return [
        {
            "file": str(path),
            "index": one.number,
            "kind": one.entry.kind,
            "statement": one.entry.payload,
            "appended": one.new,
        }
        for path, one in zip(files, answers, strict=True)
    ]


def _tell(
    files: tuple[Path, ...], answers: list[Published], checkpoint: Checkpoint, folder: Path
) -> None:
    from comity.cli.terminal import entries, safe_text

    for path, one in zip(files, answers, strict=True):
        what = "Appended" if one.new else "There already, not appended again"
        click.echo(f"{what}: entry {one.number:,}, {one.entry.kind}, {safe_text(str(path))}")
        click.echo(f"  statement {one.entry.payload}")
    click.echo(f"\nThe log {checkpoint.origin} has {entries(checkpoint.size)}.")
    if any(one.new for one in answers):
        click.echo(f"Others see it once {folder}/ is where they fetch it from.")
