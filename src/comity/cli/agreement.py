"""`comity agreement`: whose measurements count where; draft it, look through it, sign it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from comity.claims.assessment import Role
from comity.cli.ask import DAY, ask, ask_list, day, somebody_is_here, words
from comity.cli.options import json_option, trust_option
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.claims.agreement import Agreement, Laboratory, Party, SignedAgreement
    from comity.decide.lint_agreement import Remark

__all__ = ["command", "force"]

ROLES = get_args(Role)


@click.group("agreement")
def command() -> None:
    """Write down whose measurements count where; look through it; sign it."""


@command.command("new")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("agreement.toml"),
    show_default=True,
    help="File to write.",
)
@click.option("--title", help="Title of the agreement.")
@click.option(
    "--party",
    "parties",
    multiple=True,
    nargs=3,
    metavar="ORIGIN JURISDICTION FILE.pub",
    help="An authority that agrees, for where it speaks, and its key. At least twice.",
)
@click.option(
    "--laboratory",
    "laboratories",
    multiple=True,
    nargs=4,
    metavar="PARTY ORIGIN FILE.pub ROLE",
    help="A laboratory, named by a party: its measurements count for all the others.",
)
@click.option(
    "--measure", "measures", multiple=True, help="A measure, or a whole risk such as fairness."
)
@click.option("--from", "valid_from", type=DAY, help="First day.")
@click.option("--until", "valid_until", type=DAY, help="Last day.")
@json_option
def new(
    out: Path,
    title: str | None,
    parties: Sequence[tuple[str, str, str]],
    laboratories: Sequence[tuple[str, str, str, str]],
    measures: Sequence[str],
    valid_from: datetime.datetime | None,
    valid_until: datetime.datetime | None,
    as_json: bool,
) -> None:
    """Draft an agreement by asking; options answer beforehand. What nobody said is careful."""
    from comity.claims.agreement import Agreement
    from comity.cli.agreement_draft import COMMENTS, HEAD, draft, measures_of
    from comity.cli.toml_document import toml_document
    from comity.files import parse_toml, write_atomic

    text = title or ask("Title", "--title", str)
    agreeing = [_party(*one) for one in parties] or _ask_parties()
    if len(agreeing) < 2:
        raise InputError("an agreement has at least two parties", where="--party")
    named = [_laboratory(*one) for one in laboratories] or _ask_laboratories(agreeing)
    covered = measures_of(measures) if measures else _ask_measures()
    today = datetime.date.today()
    first = valid_from.date() if valid_from else ask("First day", "--from", day, default=str(today))
    last = (
        valid_until.date()
        if valid_until
        else ask("Last day", "--until", day, default=str(first + datetime.timedelta(days=3 * 365)))
    )
    agreement = draft(text, agreeing, named, covered, first, last)
    document = toml_document(agreement, COMMENTS, HEAD)
    parse_toml(document, Agreement, where="the new agreement")
    write_atomic(out, document, replace=False)
    if as_json:
        click.echo(json.dumps({"agreement": str(out), "digest": agreement.digest}))
        return
    click.echo(f"Written: {out}. Edit it, then: comity agreement check {out}")


@command.command("show")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@trust_option
@json_option
def show(files: Sequence[Path], trust_path: Path, as_json: bool) -> None:
    """Show an agreement in plain words: a TOML file, or signed files, and who has signed."""
    from comity.cli.agreement_words import agreement_words
    from comity.cli.types import identity_of

    read = [_read(file) for file in files if file.suffix == ".toml"]
    drafts = [(agreement, None, identity_of(agreement)) for agreement in read]
    signed = _read_signed([file for file in files if file.suffix != ".toml"], trust_path)
    found = [*drafts, *((one.agreement, one.signers, one.statement) for one in signed)]
    if as_json:
        click.echo(json.dumps([_facts(*one) for one in found], indent=2))
        return
    for place, (agreement, signers, statement) in enumerate(found):
        click.echo(("\n" if place else "") + agreement_words(agreement, signers, statement))
        click.echo("\n" + force(agreement, signers))


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def check(file: Path, as_json: bool) -> int:
    """Look through FILE for what can never work; exit with 2 if there is any."""
    from comity.cli.terminal import safe_text
    from comity.decide.lint_agreement import lint_agreement

    remarks = lint_agreement(_read(file), datetime.date.today())
    if as_json:
        click.echo(json.dumps([one._asdict() for one in remarks], indent=2, ensure_ascii=False))
        return 2 if _errors(remarks) else 0
    for one in remarks:
        click.echo(f"{one.severity:<5}  {safe_text(one.where)}: {safe_text(one.what)}")
    errors = len(_errors(remarks))
    if errors:
        click.echo(f"\n{errors} error{'s' * (errors != 1)}: do not sign this.")
        return 2
    click.echo(f"{file}: no errors. Each party signs it: comity agreement sign {file} --key KEY")
    return 0


@command.command("sign")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", required=True, type=click.Path(path_type=Path), help="Your key.")
@click.option("--out", type=click.Path(path_type=Path), help="The signed file to write.")
@json_option
def sign_agreement(file: Path, key: Path, out: Path | None, as_json: bool) -> None:
    """Sign the agreement in FILE as one of its parties. The others sign the same file."""
    from comity.attest import load_signer
    from comity.claims.regime import Signer
    from comity.cli.terminal import password_for
    from comity.cli.types import identity_of, signed
    from comity.decide.lint_agreement import lint_agreement
    from comity.files import write_atomic

    agreement = _read(file)
    if errors := _errors(lint_agreement(agreement, datetime.date.today())):
        raise InputError(
            f"{errors[0].what}",
            where=f"{file}, {errors[0].where}",
            hint=f"Correct it before anybody signs: comity agreement check {file}",
        )
    secret, holder = load_signer(key, password_for(key))
    _require_party(agreement, Signer(origin=holder.origin, key=secret.public.spki_sha256), file)
    target = out or file.with_suffix(f".{holder.origin.replace('/', '_')}.sigstore.json")
    write_atomic(target, signed(agreement, secret))
    if as_json:
        facts = {
            "signed": str(target),
            "statement": identity_of(agreement),
            "digest": agreement.digest,
        }
        click.echo(json.dumps(facts))
        return
    click.echo(f"Written: {target}, signed as {holder.origin}.")
    others = [p.signer.origin for p in agreement.parties if p.signer.origin != holder.origin]
    click.echo(f"It is in force when signed too by: {', '.join(others)}")


def _read(file: Path) -> Agreement:
    from comity.claims.agreement import Agreement
    from comity.files import read_toml

    return read_toml(file, Agreement)


def _read_signed(files: Sequence[Path], trust_path: Path) -> tuple[SignedAgreement, ...]:
    if not files:
        return ()
    from comity.attest import load_trust
    from comity.cli.inputs import read_agreements

    return read_agreements(files, load_trust(trust_path))


def _errors(remarks: Sequence[Remark]) -> list[Remark]:
    return [one for one in remarks if one.severity == "error"]


def _require_party(agreement: Agreement, signer: object, file: Path) -> None:
    """Raise unless `signer` is a party, with that very key."""
    from comity.claims.regime import Signer

    assert isinstance(signer, Signer)
    for party in agreement.parties:
        if party.signer.origin == signer.origin:
            if party.signer.key == signer.key:
                return
            raise InputError(
                f"the agreement names another key of {signer.origin} than this one",
                where=f"{file}, field parties",
                hint=f"This key's SHA-256 is {signer.key}.",
            )
    names = ", ".join(party.signer.origin for party in agreement.parties)
    raise InputError(
        f"{signer.origin} is no party of this agreement and cannot sign it",
        where=f"{file}, field parties",
        hint=f"The parties are {names}.",
    )


def _missing(agreement: Agreement, signers: Sequence[object] | None) -> list[str]:
    """Origins of the parties whose signature is absent."""
    return [p.signer.origin for p in agreement.parties if p.signer not in (signers or ())]


def force(agreement: Agreement, signers: Sequence[object] | None) -> str:
    """One sentence: is it in force today?"""
    today = datetime.date.today()
    if signers is None:
        return "This is a draft: nobody's signature is in it."
    if missing := _missing(agreement, signers):
        return f"Not in force: {' and '.join(missing)} must sign it too."
    if not agreement.valid_from <= today <= agreement.valid_until:
        return f"Signed by all parties, but not in force today, {today}."
    return "In force: all parties have signed it."


def _facts(
    agreement: Agreement, signers: Sequence[object] | None, statement: str
) -> dict[str, object]:
    import msgspec

    missing = _missing(agreement, signers)
    today = datetime.date.today()
    return {
        "statement": statement,
        "digest": agreement.digest,
        "missing": missing,
        "in_force": not missing and agreement.valid_from <= today <= agreement.valid_until,
        "agreement": msgspec.to_builtins(agreement),
    }


def _signer(origin: str, key: str) -> dict[str, str]:
    from comity.attest import check_origin
    from comity.cli.inputs import key_digest

    return {"origin": check_origin(origin), "key": key_digest(Path(key))}


def _party(origin: str, jurisdiction: str, key: str) -> Party:
    from comity.claims.agreement import Party
    from comity.cli.inputs import converted

    return converted({"signer": _signer(origin, key), "jurisdiction": jurisdiction}, Party)


def _laboratory(party: str, origin: str, key: str, role: str) -> tuple[str, Laboratory]:
    from comity.claims.agreement import Laboratory
    from comity.cli.inputs import converted

    return party, converted({"signer": _signer(origin, key), "role": role}, Laboratory)


def _ask_parties() -> list[Party]:
    if not somebody_is_here():
        raise InputError("--party is missing, and nobody is here to ask", hint="Give it twice.")
    return ask_list(
        "Party: ORIGIN JURISDICTION FILE.pub",
        lambda line: _party(*words(line, 3)),
        why="Who agrees: each authority's name, for where it speaks, and its public key.",
    )


def _ask_laboratories(parties: Sequence[Party]) -> list[tuple[str, Laboratory]]:
    if not somebody_is_here():
        return []
    return [
        named
        for party in parties
        for named in ask_list(
            f"Laboratory of {party.signer.origin}: ORIGIN FILE.pub ROLE",
            lambda line, name=party.signer.origin: _laboratory(name, *words(line, 3)),  # type: ignore[misc]
            why=f"Whose measurements count for the others because {party.signer.origin} vouches "
            f"for them. ROLE is one of {', '.join(ROLES)}.",
        )
    ]


def _ask_measures() -> tuple[str, ...]:
    from comity.cli.agreement_draft import measures_of

    return ask(
        "Measures",
        "--measure",
        lambda line: measures_of(line.replace(",", " ").split()),
        default="accuracy fairness",
        why="What they may measure for each other: ids of measures, or whole risks.",
    )
