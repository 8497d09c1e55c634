"""`comity trust`: say whose keys you trust, and write the offline verifier page."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from comity.claims.assessment import Role
from comity.cli.options import json_option, trust_option
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import Authority, TrustedKey

__all__ = ["command"]

ROLES = get_args(Role)
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("trust")
def command() -> None:
    """Say whose keys you trust, and write the offline verifier page."""


@command.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--origin", required=True, help="What they call themselves: lab.example.")
@click.option("--name", help="Their name for people; as before, if they are in the file already.")
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
    name: str | None,
    role: Role | None,
    jurisdiction: str | None,
    valid_from: datetime | None,
    valid_until: datetime | None,
    fingerprint: str | None,
    trust_path: Path,
    as_json: bool,
) -> None:
    """Trust the public key in FILE, after comparing its fingerprint by telephone.

    FILE.pub signs statements. FILE.vkey signs a log, or cosigns the logs of others.
    """
    from comity.attest import Authority, add_to_trust, check_origin
    from comity.cli.terminal import safe_text

    who = check_origin(origin)
    fields, heard = _read_key(file, _day(valid_from), _day(valid_until))
    known = _known(trust_path, who)
    if known:
        given = {"name": name, "role": role, "jurisdiction": jurisdiction}
        _check_same(known, given, trust_path)
        name, role, jurisdiction = known.name, known.role, known.jurisdiction
    if not name:
        raise InputError("how are they called?", where="--name")
    authority = Authority(origin=who, name=name, role=role, jurisdiction=jurisdiction, **fields)
    _compare(heard, fingerprint)
    add_to_trust(trust_path, authority)
    if as_json:
        click.echo(json.dumps(_rows(authority)[0], indent=2, ensure_ascii=False))
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
    rows = [row for authority in trust.authorities for row in _rows(authority)]
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
        if row["purpose"] != "statements":
            click.echo(f"  purpose      {_PURPOSES[row['purpose']]}")
            continue
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


_PURPOSES = {"log": "signs their log", "witness": "cosigns the logs of others"}


def _read_key(file: Path, since: date | None, until: date | None) -> tuple[dict[str, Any], str]:
    """The fields of an authority that the key in a file gives, and the key's fingerprint."""
    from comity.attest import TrustedKey, load_public_key

    if file.suffix != ".vkey":
        public = load_public_key(file)
        key = TrustedKey(public_key=public.base64, valid_from=since, valid_until=until)
        return {"keys": (key,)}, public.fingerprint
    from comity.attest.vkey import ED25519
    from comity.record.keys import load_vkey

    if since or until:
        raise InputError(
            "the key of a log or a witness has no days: remove it when it counts no more",
            where="--valid-from, --valid-until",
        )
    note_key = load_vkey(file)
    purpose = "log" if note_key.kind == ED25519 else "witness"
    return {purpose: note_key.vkey}, note_key.fingerprint


def _known(path: Path, origin: str) -> Authority | None:
    """Who they are by the trust file, if it names them already."""
    from comity.attest import load_trust

    authorities = load_trust(path).authorities if path.exists() else ()
    return next((one for one in authorities if one.origin == origin), None)


def _check_same(known: Authority, given: Mapping[str, str | None], path: Path) -> None:
    """Ask before the telephone call, not after it: one authority has one name, role and place.

    Raises:
        InputError: an option says otherwise than the trust file.
    """
    for fact, said in given.items():
        stands = getattr(known, fact)
        if said is not None and said != stands:
            there = repr(stands) if stands else "none"
            raise InputError(
                f"{path} names {known.origin} already, with another {fact}: {there}",
                where=f"--{fact}",
                hint=f"Leave the option out; or first write {fact} = {said!r} into every block\n"
                f"  of {known.origin} in that file.",
            )


def _compare(digits: str, heard: str | None) -> None:
    """Go on only if the digits are those that the other side read.

    Raises:
        InputError: they differ, or nobody is there to be asked.
    """
    if heard is not None:
        if "".join(heard.split()) != digits.replace(" ", ""):
            raise InputError(
                "these are not the digits of this key: do not trust it",
                hint=f"The key in your hands is {digits}.",
            )
        return
    if not sys.stdin.isatty():
        raise InputError(
            "nobody is here to compare the fingerprint",
            hint='Pass the digits that they read to you: --fingerprint "12345 …".',
        )
    click.echo(f"Fingerprint: {digits}", err=True)
    click.echo("Call them on a number that you already had, and let THEM read theirs.", err=True)
    if not click.confirm("Did they read the same eight groups?", err=True):
        raise InputError("the digits differ, so nothing was added")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _rows(authority: Authority) -> list[Any]:
    """What `list` and `add --json` tell about the keys of an authority."""
    rows = [_facts(authority, key) | {"purpose": "statements"} for key in authority.keys]
    for purpose, key in (("log", authority.log_key), ("witness", authority.witness_key)):
        if key:
            facts = {name: getattr(authority, name) for name in _WHO}
            known = {"fingerprint": key.fingerprint, "vkey": key.vkey, "purpose": purpose}
            rows.append(facts | known)
    return rows


_WHO = ("origin", "name", "role", "jurisdiction")


def _facts(authority: Authority, key: TrustedKey) -> Any:
    """What the page, `list --json` and `add --json` tell about a key that signs statements."""
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
