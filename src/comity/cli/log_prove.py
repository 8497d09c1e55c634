"""`comity log prove`, `prove-fork` and `check-fork`: files that convince somebody far away."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import click

from comity.cli.options import json_option, trust_option
from comity.cli.places import ORIGIN, folder_of, log_at, origin_of
from comity.errors import InputError, RecordError

__all__ = ["check_fork", "prove", "prove_fork"]


@click.command("prove")
@click.argument("statement")
@click.option(
    "--log",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("log"),
    show_default=True,
    help="The folder of the log, or one with a mirror of it in seen/.",
)
@ORIGIN
@click.option(
    "--out", type=click.Path(path_type=Path), help="The proof; beside the file if left out."
)
@trust_option
@json_option
def prove(
    statement: str,
    folder: Path,
    origin: str | None,
    out: Path | None,
    trust_path: Path,
    as_json: bool,
) -> None:
    """Write the proof that STATEMENT stands in a log, and by when witnesses had seen it.

    STATEMENT is a signed file, or the identity that `comity verify` shows. The proof travels with
    the signed file; `comity verify` and `comity decide` find it beside.
    """
    from comity.attest import load_trust
    from comity.cli.proofs import proof_beside
    from comity.files import write_atomic
    from comity.record import proof
    from comity.record.log import Log

    trust = load_trust(trust_path)
    identity, key = _identity(statement)
    chosen = origin_of(str(folder), origin, trust)
    now = datetime.now(UTC)
    log = Log(folder_of(folder, chosen), trust.log_keys(chosen))
    data = proof.prove(log, identity, trust, now, key)
    found = proof.check_proof(data, trust, now)
    path = out or proof_beside(Path(statement))
    write_atomic(path, data)
    time = found.existed_by.isoformat() if found.existed_by else None
    if as_json:
        facts = {"proof": str(path), "statement": identity, "existed_by": time}
        seen = {"log": chosen, "index": found.index, "witnesses": len(found.sights)}
        click.echo(json.dumps({**facts, **seen, "needed": found.needed}, indent=2))
        return
    click.echo(f"Written:    {path}")
    click.echo(f"Stands in:  {chosen}, entry {found.index:,}")
    if found.existed_by:
        click.echo(f"Existed by: {found.existed_by:%Y-%m-%d %H:%M:%S} UTC, as your witnesses say")
    else:
        click.echo(
            f"Existed by: unproven; {len(found.sights)} of {found.needed} witnesses have seen it.\n"
            "            Gather their signatures (comity log gather), and prove it again."
        )


@click.command("prove-fork")
@click.argument("one")
@click.argument("other")
@ORIGIN
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("fork.json"),
    show_default=True,
    help="The proof.",
)
@trust_option
@json_option
def prove_fork(
    one: str, other: str, origin: str | None, out: Path, trust_path: Path, as_json: bool
) -> None:
    """Prove that a log told ONE place another story than the OTHER; write it to one file.

    Each place is the log, or a mirror of it. Exit code 1: nothing is proven.
    """
    from comity.attest import load_trust
    from comity.cli.log_follow import compare_with
    from comity.files import write_atomic
    from comity.record.log import CHECKPOINT
    from comity.record.note import MAX_NOTE_BYTES

    trust = load_trust(trust_path)
    chosen = origin_of(one, origin, trust)
    source = log_at(one, chosen)
    note = source.read(CHECKPOINT, MAX_NOTE_BYTES)
    assert note is not None  # log_at looked
    verdict, proof = compare_with(source, note, log_at(other, chosen), trust.log_keys(chosen))
    if proof is None:
        raise RecordError(
            "both places tell one story of this log"
            if verdict == "same"
            else "nothing is proven: the tiles are not those of the longer checkpoint",
            where=chosen,
            hint=""
            if verdict == "same"
            else "A log that signs a root and hides what is behind it is silent, not convicted.",
        )
    write_atomic(out, proof)
    if as_json:
        click.echo(json.dumps({"proof": str(out), "origin": chosen}))
    else:
        click.echo(f"Written: {out}. Anybody can check it: comity log check-fork {out}")


@click.command("check-fork")
@click.argument("file", type=click.Path(path_type=Path))
@trust_option
@json_option
def check_fork(file: Path, trust_path: Path, as_json: bool) -> None:
    """Check a proof that a log told two stories; nothing but FILE is needed.

    Exit code 0: it is proven. Whose log it is, your trust file says, if there is one.
    """
    from comity.attest import Trust, load_trust
    from comity.cli.terminal import entries, safe_text
    from comity.files import read_bytes
    from comity.record import fork

    try:
        forked = fork.check_fork(read_bytes(file, fork.MAX_FORK_BYTES))
    except RecordError as error:
        error.where = str(file)
        raise
    trust = load_trust(trust_path) if trust_path.exists() else Trust()
    origin = forked.first.origin
    keeper = trust.keeper_of(origin)
    known = keeper is not None and set(forked.keys) <= set(trust.log_keys(origin))
    if as_json:
        pair = [
            {"size": each.size, "root": each.root.hex()} for each in (forked.first, forked.second)
        ]
        keys = [key.vkey for key in forked.keys]
        facts = {"forked": True, "origin": origin, "keys": keys, "checkpoints": pair}
        whose = keeper.origin if keeper and known else None
        click.echo(json.dumps({**facts, "keeper": whose}, indent=2))
        return
    click.echo(f"Proven: the log {safe_text(origin)} told two stories. Its key signed both:")
    for each in (forked.first, forked.second):
        click.echo(f"  {entries(each.size):>20}, root {each.root.hex()}")
    for key in forked.keys:
        click.echo(f"Key:    {key.fingerprint}")
    if keeper and known:
        click.echo(f"Keeper: {safe_text(keeper.name)} ({keeper.origin}), by your trust file")
    else:
        click.echo(
            "Keeper: unknown to you. Whoever holds this key told two stories; whose key it is, "
            "the\n        file cannot say."
        )


def _identity(statement: str) -> tuple[str, str | None]:
    """The identity that was given, or that of a signed file, with the key that it names."""
    from comity.attest import MAX_BUNDLE_BYTES, named_in
    from comity.files import read_bytes

    if re.fullmatch("[0-9a-f]{64}", statement):
        return statement, None
    if not Path(statement).exists():
        raise InputError(
            "this is neither a signed file nor the identity of a statement",
            where=statement[:200],
            hint="An identity has 64 digits of 0 to 9 and a to f; `comity verify` shows it.",
        )
    return named_in(read_bytes(Path(statement), MAX_BUNDLE_BYTES))
