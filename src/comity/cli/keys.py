"""`comity keys`: make and show the keys that you sign with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from comity.claims.assessment import Role
from comity.cli.options import json_option

if TYPE_CHECKING:
    from comity.attest import NoteKey, PublicKey

__all__ = ["command"]

ROLES = get_args(Role)


@click.group("keys")
def command() -> None:
    """Make and show the keys that you sign with."""


@command.command("new")
@click.argument("origin")
@click.option("--name", required=True, help="Your name for people: “Laboratory A”.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="How you assess.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("keys"),
    show_default=True,
    help="The folder of your keys.",
)
@click.option("--password", "protect", is_flag=True, help="Protect the key by a password.")
@json_option
def new(origin: str, name: str, role: Role, out: Path, protect: bool, as_json: bool) -> None:
    """Make a key for ORIGIN, a name of yours that nobody else uses: lab.example.

    Writes ORIGIN.key (secret), ORIGIN.pub (to give away) and ORIGIN.toml (who you are).
    """
    from comity.attest import check_origin, new_key, save_signer
    from comity.claims import Assessor
    from comity.cli.terminal import new_password

    assessor = Assessor(origin=check_origin(origin), name=name, role=role)
    path = save_signer(new_key(), assessor, out, new_password() if protect else None)
    from comity.attest import load_public_key

    public = load_public_key(path.with_suffix(".pub"))
    if as_json:
        click.echo(json.dumps({"key": str(path), **_facts(public)}, indent=2))
        return
    click.echo(f"Secret key:  {path}  (keep it; never send it)")
    click.echo(f"Public key:  {path.with_suffix('.pub')}  (give it to whoever shall trust you)")
    click.echo(f"Fingerprint: {public.fingerprint}  (read it to them by telephone)")


@command.command("witness")
@click.argument("name")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("keys"),
    show_default=True,
    help="The folder of your keys.",
)
@click.option("--password", "protect", is_flag=True, help="Protect the key by a password.")
@json_option
def witness(name: str, out: Path, protect: bool, as_json: bool) -> None:
    """Make the key with which you cosign the logs of others, as NAME: lab.example.

    It is a key of its own: one key per purpose. `comity log init` makes the key of a log.
    """
    from comity.attest import check_origin
    from comity.cli.terminal import new_password
    from comity.record.keys import new_note_signer, save_note_signer

    signer = new_note_signer(check_origin(name), "witness")
    path = save_note_signer(signer, out, new_password() if protect else None)
    if as_json:
        click.echo(json.dumps({"key": str(path), **_vkey_facts(signer.key)}, indent=2))
        return
    click.echo(f"Secret key:  {path}  (keep it; never send it)")
    click.echo(f"Public key:  {path.with_suffix('.vkey')}  (give it to those whose logs you see)")
    click.echo(f"Fingerprint: {signer.key.fingerprint}  (read it to them by telephone)")


@command.command("show")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def show(file: Path, as_json: bool) -> None:
    """Show the fingerprint of FILE, a .pub, .key or .vkey file."""
    from comity.attest import load_key, load_public_key
    from comity.cli.terminal import password_for

    if file.name.endswith((".vkey", ".log.key", ".witness.key")):
        from comity.record.keys import load_vkey

        note_key = load_vkey(file.with_suffix(".vkey"))
        if as_json:
            click.echo(json.dumps(_vkey_facts(note_key), indent=2))
        else:
            click.echo(f"Fingerprint: {note_key.fingerprint}")
            click.echo(f"Key:         {note_key.vkey}")
        return
    if file.suffix == ".key":
        public = load_key(file, password_for(file)).public
    else:
        public = load_public_key(file)
    if as_json:
        click.echo(json.dumps(_facts(public), indent=2))
        return
    click.echo(f"Fingerprint: {public.fingerprint}")
    click.echo(f"SHA-256:     {public.spki_sha256}")


def _vkey_facts(key: NoteKey) -> dict[str, str]:
    return {"fingerprint": key.fingerprint, "vkey": key.vkey}


def _facts(public: PublicKey) -> dict[str, str]:
    return {
        "fingerprint": public.fingerprint,
        "spki_sha256": public.spki_sha256,
        "public_key": public.base64,
    }
