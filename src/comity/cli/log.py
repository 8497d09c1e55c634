"""`comity log`: keep a log of what you signed; follow, witness and check those of others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.log_follow import check, follow, gather
from comity.cli.log_intents import intents
from comity.cli.log_prove import check_fork, prove, prove_fork
from comity.cli.options import json_option
from comity.cli.places import origin_in
from comity.errors import InputError, RecordError

if TYPE_CHECKING:
    from comity.record.entry import Entry
    from comity.record.keys import StoredSigner
    from comity.record.log import Log

__all__ = ["KEYS", "LOG", "command", "log_key_path", "own_log"]

LOG = click.option(
    "--log",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("log"),
    show_default=True,
    help="The folder that is published.",
)
KEYS = click.option(
    "--keys",
    type=click.Path(path_type=Path),
    default=Path("keys"),
    show_default=True,
    help="The folder of your keys.",
)


@click.group("log")
def command() -> None:
    """Keep a log of what you signed; follow, witness and check those of others."""


for _one in (follow, gather, check, prove, prove_fork, check_fork, intents):
    command.add_command(_one)


@command.command("init")
@click.option("--origin", required=True, help="The log's name: where it will be found on the web.")
@LOG
@KEYS
@click.option("--password", "protect", is_flag=True, help="Protect the log's key by a password.")
@json_option
def init(origin: str, folder: Path, keys: Path, protect: bool, as_json: bool) -> None:
    """Begin an empty log, and make its key; once in its life.

    The name is the web address without https://, for instance lab.example/assessments. Nobody else
    may use it, and it never changes.
    """
    from comity.attest import check_origin
    from comity.cli.terminal import new_password, password_for
    from comity.record.keys import load_note_signer, new_note_signer, save_note_signer
    from comity.record.log import create_log
    from comity.record.store import FolderStore

    check_origin(origin)
    _require_apart(folder, keys)
    path = log_key_path(keys, origin)
    if path.exists():  # of an attempt that was interrupted
        signer = load_note_signer(path, "log", password_for(path))
    else:
        signer = new_note_signer(origin, "log")
        save_note_signer(signer, keys, new_password() if protect else None)
    create_log(FolderStore(folder), signer, FolderStore(keys))
    public = path.with_suffix(".vkey")
    if as_json:
        facts = {"origin": origin, "log": str(folder), "key": str(path), "vkey": signer.key.vkey}
        facts["fingerprint"] = signer.key.fingerprint
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"Log:         {folder}/  (empty; publish it as it is, with any web server)")
    click.echo(f"Secret key:  {path}  (keep it; never send it)")
    click.echo(f"Public key:  {public}  (give it to whoever shall follow the log)")
    click.echo(f"Fingerprint: {signer.key.fingerprint}  (read it to them by telephone)")
    click.echo("\nNext: comity publish result/result.sigstore.json")


@command.command("rekey")
@LOG
@KEYS
@click.option("--password", "protect", is_flag=True, help="Protect the new key by a password.")
@json_option
def rekey(folder: Path, keys: Path, protect: bool, as_json: bool) -> None:
    """Give the log a new key; the old one signs once more, beside it.

    The old key moves into the folder `retired` below --keys. Whoever follows the log must take the
    new public key into their trust file before they meet a checkpoint that it signed alone.
    """
    from comity.cli.terminal import new_password, password_for
    from comity.files import make_folder, read_bytes, write_atomic
    from comity.record.keys import (
        MAX_KEY_BYTES,
        load_note_signer,
        new_note_signer,
        save_note_signer,
    )

    origin = origin_in(folder)
    path, coming = log_key_path(keys, origin), log_key_path(keys / "coming", origin)
    half = coming.with_suffix(".vkey")
    if half.exists() and not coming.exists():  # an attempt was interrupted at the very last step
        half.replace(path.with_suffix(".vkey"))
        _tell_key(path.with_suffix(".vkey"), as_json=as_json)
        return
    log, old = own_log(folder, keys)
    if coming.exists():  # of an attempt that was interrupted
        new = load_note_signer(coming, "log", password_for(coming))
    else:
        new = new_note_signer(log.origin, "log")
        save_note_signer(new, coming.parent, new_password() if protect else None)
    retired = make_folder(keys / "retired" / f"{old.key.key_id:08x}")
    with log.writing(old) as writer:
        writer.change_key(new)
        for before in (path, path.with_suffix(".vkey")):
            write_atomic(retired / before.name, read_bytes(before, MAX_KEY_BYTES), mode=0o600)
        for suffix in (".key", ".vkey"):
            coming.with_suffix(suffix).replace(path.with_suffix(suffix))
    _tell_key(path.with_suffix(".vkey"), as_json=as_json)
    if not as_json:
        click.echo(f"The old key is in {retired}/.")


def _tell_key(public: Path, *, as_json: bool) -> None:
    from comity.record.keys import load_vkey

    key = load_vkey(public)
    if as_json:
        facts = {"origin": key.name, "vkey": key.vkey, "fingerprint": key.fingerprint}
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"New public key: {public}  (give it to everybody who follows the log, now)")
    click.echo(f"Fingerprint:    {key.fingerprint}  (read it to them by telephone)")
    click.echo("Add it to your own trust file, too, and leave the old one there.")


@command.command("show")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("log"))
@KEYS
@click.option(
    "--key", "vkey", type=click.Path(path_type=Path), help="The log's public key (.vkey)."
)
@click.option("--last", type=click.IntRange(0, 100_000), default=10, show_default=True)
@json_option
def show(folder: Path, keys: Path, vkey: Path | None, last: int, as_json: bool) -> None:
    """Show what the log in FOLDER holds: its checkpoint, and the --last entries.

    Checks the log's signature, and that the entries shown belong to the checkpoint.
    """
    import msgspec

    from comity.attest.merkle import leaf_hash, root_from_proof
    from comity.record.entry import decode_entry
    from comity.record.keys import load_vkey
    from comity.record.log import Log
    from comity.record.store import FolderStore
    from comity.record.tree import inclusion_proof

    store = FolderStore(folder)
    path = vkey or log_key_path(keys, origin_in(folder)).with_suffix(".vkey")
    if not path.exists():
        raise InputError(
            "the log's public key is not here, so its signature cannot be checked",
            where=str(path),
            hint="Name it with --key; its owner gives it to you.",
        )
    log = Log(store, (load_vkey(path),))
    checkpoint, _ = log.checkpoint()
    tree = log.tree(checkpoint)
    start = max(0, checkpoint.size - last)
    shown: list[tuple[int, Entry | None]] = []
    for index, data in enumerate(log.entries(start, checkpoint.size), start):
        proof = inclusion_proof(tree.hash_of, index, tree.size)
        if root_from_proof(leaf_hash(data), index, tree.size, proof) != checkpoint.root:
            raise RecordError(
                f"entry {index:,} is not the one that the checkpoint speaks of", where=str(folder)
            )
        try:
            shown.append((index, decode_entry(data)))
        except RecordError:  # of another kind: it belongs to the log, and says nothing to us
            shown.append((index, None))
    if as_json:
        entries = [{"index": index, **msgspec.to_builtins(entry or {})} for index, entry in shown]
        facts = {"origin": log.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}
        click.echo(json.dumps({**facts, "signature": "holds", "entries": entries}, indent=2))
        return
    click.echo(f"Origin:    {log.origin}")
    click.echo(f"Entries:   {checkpoint.size:,}")
    click.echo(f"Root:      {checkpoint.root.hex()}")
    click.echo(f"Signature: holds, by the key {path}")
    if shown:
        click.echo("\n  number  kind          statement")
    for index, entry in shown:
        if entry is None:
            click.echo(f"{index:>8,}  not an entry that Comity knows")
            continue
        about = f"  about {len(entry.refs):,} other(s)" if entry.refs else ""
        click.echo(f"{index:>8,}  {entry.kind:<12}  {entry.payload}{about}")


def log_key_path(keys: Path, origin: str) -> Path:
    """Where the secret key of the log of this origin stands."""
    return keys / f"{origin.replace('/', '_')}.log.key"


def own_log(folder: Path, keys: Path) -> tuple[Log, StoredSigner]:
    """The log in a folder of one's own, and the key that signs it.

    Raises:
        InputError: no log is there, its key is not among `keys`, or is protected and nobody is
            here to type the password.
        RecordError: the checkpoint is malformed.
    """
    from comity.cli.terminal import password_for
    from comity.record.keys import load_note_signer
    from comity.record.log import Log
    from comity.record.store import FolderStore

    origin = origin_in(folder)
    path = log_key_path(keys, origin)
    if not path.exists():
        raise InputError(
            f"the key of the log {origin} is not here, so nothing can be appended",
            where=str(path),
            hint="Name the folder of your keys with --keys.",
        )
    signer = load_note_signer(path, "log", password_for(path))
    return Log(FolderStore(folder), (signer.key,), FolderStore(keys)), signer


def _require_apart(folder: Path, keys: Path) -> None:
    """What is published must not hold secrets, nor anything that is no part of the log."""
    if keys.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            "the folder of your keys lies within the folder that everybody will read",
            where=str(folder),
            hint="Name another one with --log, for instance --log public-log.",
        )
    if folder.exists() and not folder.is_dir():
        raise InputError("a file stands where the log's folder would", where=str(folder))
    # `seen` is there where others' logs were followed before an own one began.
    strange = folder.is_dir() and any(path.name != "seen" for path in folder.iterdir())
    if strange and not (folder / "checkpoint").exists():
        raise InputError(
            "the folder holds files already, and all in it will be public",
            where=str(folder),
            hint="Name an empty or a new one with --log.",
        )
