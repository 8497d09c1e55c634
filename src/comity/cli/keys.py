"""`comity keys`: make and show the keys that you sign with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from comity.claims.assessment import Role

if TYPE_CHECKING:
    from comity.attest import PublicKey

__all__ = ["command"]

ROLES = get_args(Role)


@click.group("keys")
def command() -> None:
    """Make and show the keys that you sign with."""


@command.command("new")
@click.argument("origin")
@click.option("--name", required=True, help="Your name for people: “Laboratory A”.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="How you assess.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("keys"), help="Folder.")
@click.option("--password", "protect", is_flag=True, help="Protect the key by a password.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
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


@command.command("show")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def show(file: Path, as_json: bool) -> None:
    """Show the fingerprint of FILE, a .pub or a .key file."""
    from comity.attest import load_key, load_public_key
    from comity.cli.terminal import password_for

    if file.suffix == ".key":
        public = load_key(file, password_for(file)).public
    else:
        public = load_public_key(file)
    if as_json:
        click.echo(json.dumps(_facts(public), indent=2))
        return
    click.echo(f"Fingerprint: {public.fingerprint}")
    click.echo(f"SHA-256:     {public.spki_sha256}")


def _facts(public: PublicKey) -> dict[str, str]:
    return {
        "fingerprint": public.fingerprint,
        "spki_sha256": public.spki_sha256,
        "public_key": public.base64,
    }
