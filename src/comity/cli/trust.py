"""`comity trust`: say whose keys you trust, and write the offline verifier page."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from comity.claims.assessment import Role
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import Authority, PublicKey, TrustedKey

__all__ = ["command"]

ROLES = get_args(Role)
DAY = click.DateTime(["%Y-%m-%d"])

trust_option = click.option(
    "--trust",
    "trust_path",
    type=click.Path(path_type=Path),
    default=Path("trust.toml"),
    show_default=True,
    help="Your trust file.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


@click.group("trust")
def command() -> None:
    """Say whose keys you trust, and write the offline verifier page."""


@command.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--origin", required=True, help="What they call themselves: lab.example.")
@click.option("--name", required=True, help="Their name for people.")
@click.option("--role", type=click.Choice(ROLES), help="What you take them for.")
@click.option("--jurisdiction", help="Where they stand, for instance SG.")
@click.option("--valid-from", type=DAY, help="First day (UTC) on which the key counts.")
@click.option("--valid-until", type=DAY, help="Last day (UTC) on which the key counts.")
@click.option("--fingerprint", help="The digits they read to you, where nobody can be asked.")
@trust_option
@json_option
def add(
    file: Path,
    origin: str,
    name: str,
    role: Role | None,
    jurisdiction: str | None,
    valid_from: datetime | None,
    valid_until: datetime | None,
    fingerprint: str | None,
    trust_path: Path,
    as_json: bool,
) -> None:
    """Trust the public key in FILE, after comparing its fingerprint by telephone."""
    from comity.attest import Authority, TrustedKey, add_to_trust, check_origin, load_public_key
    from comity.cli.terminal import safe_text

    public = load_public_key(file)
    key = TrustedKey(
        public_key=public.base64, valid_from=_day(valid_from), valid_until=_day(valid_until)
    )
    authority = Authority(
        origin=check_origin(origin), name=name, role=role, jurisdiction=jurisdiction, keys=(key,)
    )
    _compare(public, fingerprint)
    add_to_trust(trust_path, authority)
    if as_json:
        click.echo(json.dumps(_facts(authority, key), indent=2, ensure_ascii=False))
    else:
        click.echo(f"{safe_text(name)} ({origin}) is now in {trust_path}.")
        click.echo("A verify.html made before does not know it: comity trust page")


@command.command("list")
@trust_option
@json_option
def list_trust(trust_path: Path, as_json: bool) -> None:
    """List whose keys you trust."""
    from comity.attest import load_trust
    from comity.cli.terminal import safe_text

    trust = load_trust(trust_path)
    rows = [_facts(authority, key) for authority in trust.authorities for key in authority.keys]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not rows:
        click.echo(f"{trust_path} trusts nobody.")
    for row in rows:
        place = f", {row['jurisdiction']}" if row["jurisdiction"] else ""
        click.echo(f"{safe_text(row['name'])} ({row['origin']}{place})")
        click.echo(f"  role         {row['role'] or 'not stated: by their own word'}")
        click.echo(f"  fingerprint  {row['fingerprint']}")
        since, until = row["valid_from"] or "always", row["valid_until"] or "further notice"
        click.echo(f"  counts       from {since} until {until}")


@command.command("page")
@trust_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("verify.html"),
    show_default=True,
    help="The page to write.",
)
@json_option
def page(trust_path: Path, out: Path, as_json: bool) -> None:
    """Write verify.html: a page that checks signed files by your trust file, offline."""
    from comity.attest import load_trust, schema_of
    from comity.cli.types import TYPES
    from comity.files import write_atomic
    from comity.report import verify_page

    trust = load_trust(trust_path)
    keys = [_facts(authority, key) for authority in trust.authorities for key in authority.keys]
    schemas = {name: schema_of(kind) for name, kind in TYPES.items()}
    write_atomic(out, verify_page(keys, schemas))
    if as_json:
        click.echo(json.dumps({"page": str(out), "keys": len(keys)}))
    else:
        click.echo(f"Written: {out}, which trusts {len(keys)} key{'s' * (len(keys) != 1)}.")


def _compare(public: PublicKey, heard: str | None) -> None:
    """Go on only if the digits are those that the other side read.

    Raises:
        InputError: they differ, or nobody is there to be asked.
    """
    if heard is not None:
        if "".join(heard.split()) != public.fingerprint.replace(" ", ""):
            raise InputError(
                "these are not the digits of this key: do not trust it",
                hint=f"The key in your hands is {public.fingerprint}.",
            )
        return
    if not sys.stdin.isatty():
        raise InputError(
            "nobody is here to compare the fingerprint",
            hint='Pass the digits that they read to you: --fingerprint "12345 …".',
        )
    click.echo(f"Fingerprint: {public.fingerprint}", err=True)
    click.echo("Call them on a number that you already had, and let THEM read theirs.", err=True)
    if not click.confirm("Did they read the same eight groups?", err=True):
        raise InputError("the digits differ, so nothing was added")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _facts(authority: Authority, key: TrustedKey) -> Any:
    """What the page, `list --json` and `add --json` tell about one key."""
    return {
        "origin": authority.origin,
        "name": authority.name,
        "role": authority.role,
        "jurisdiction": authority.jurisdiction,
        "spki_base64": key.public.base64,
        "spki_sha256": key.public.spki_sha256,
        "fingerprint": key.public.fingerprint,
        "valid_from": key.valid_from.isoformat() if key.valid_from else None,
        "valid_until": key.valid_until.isoformat() if key.valid_until else None,
    }
