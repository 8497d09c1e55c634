"""`comity country`: your rules, whom you recognise, and what you can spend."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.claims.grounds import Ground
from comity.cli.ask import ask, ask_list, somebody_is_here, words
from comity.cli.options import json_option
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.claims.agreement import Laboratory
    from comity.claims.country import Budget
    from comity.claims.regime import Signer
    from comity.cli.inputs import Reader

__all__ = ["command"]

HEAD = """Whose rules apply here, whom we recognise, and what we can spend.
Read it in words:  comity country show FILE
Decide by it:      comity decide BUNDLE… --country FILE
Paths are relative to this file."""

COMMENTS = {
    "jurisdiction": "Its key, as regimes and agreements name it.",
    "regime": "Id of a shipped regime (comity regimes list), or a regime file.",
    "overlays": "Signed adoptions of it, in order.",
    "agreements": "Signed agreements: one file of every party.",
    "trust": "Whose keys count here. A party or laboratory that is not in it cannot be verified.",
    "own_max_age_days": "Oldest evidence of our own assessors that counts, in days.",
    "authority": "Who decides: the key signs decisions and agreements.",
    "budget": "Most items that one test can take, and by how much we expect the truth to be\n"
    "better than the mark when a test is planned.",
    "own_assessors": "Laboratories that count here without any agreement, and in which role.",
}


@click.group("country")
def command() -> None:
    """Write down your rules, whom you recognise, and what you can spend."""


@command.command("new")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("country.toml"),
    show_default=True,
    help="File to write.",
)
@click.option("--name", help="The country's name, for readers.")
@click.option("--jurisdiction", help="Its key, lower-case, as regimes name it: coast.")
@click.option(
    "--authority", nargs=2, metavar="ORIGIN FILE.pub", help="Who decides, and its public key."
)
@click.option("--regime", help="Id of a shipped regime, or a regime file.")
@click.option("--agreement", "agreements", multiple=True, help="A signed agreement file.")
@click.option("--trust", "trust_path", help="Your trust file.")
@click.option(
    "--own",
    multiple=True,
    nargs=3,
    metavar="ORIGIN FILE.pub ROLE",
    help="A laboratory that counts without any agreement.",
)
@click.option("--max-items", type=int, help="Most items that one test can take.")
@json_option
def new(
    out: Path,
    name: str | None,
    jurisdiction: str | None,
    authority: tuple[str, str] | None,
    regime: str | None,
    agreements: Sequence[str],
    trust_path: str | None,
    own: Sequence[tuple[str, str, str]],
    max_items: int | None,
    as_json: bool,
) -> None:
    """Write a country file by asking; options answer beforehand."""
    from comity.claims.country import Country
    from comity.cli.toml_document import toml_document
    from comity.files import parse_toml, write_atomic

    folder = out.parent
    called = name or ask("Name of the country", "--name", _filled, why="How readers know you.")
    country = Country(
        name=called,
        jurisdiction=jurisdiction
        or ask(
            "Jurisdiction",
            "--jurisdiction",
            _filled,
            default=called.lower().replace(" ", "-"),
            why="The short key for which you decide, as regimes and agreements write it.",
        ),
        authority=_signer(*authority) if authority else _ask_authority(),
        regime=_regime(regime, folder) if regime else _ask_regime(folder),
        agreements=tuple(_beside(one, folder) for one in agreements or _ask_agreements()),
        trust=_trust(trust_path, folder),
        own_assessors=tuple(_laboratory(*one) for one in own) or _ask_own(),
        budget=_budget(max_items),
    )
    document = toml_document(country, COMMENTS, HEAD)
    parse_toml(document, Country, where="the new country file")
    write_atomic(out, document, replace=False)
    if as_json:
        click.echo(json.dumps({"country": str(out), "digest": country.digest}))
        return
    click.echo(f"Written: {out}. Look at it: comity country show {out}")


@command.command("show")
@click.argument("file", type=click.Path(path_type=Path), default=Path("country.toml"))
@json_option
def show(file: Path, as_json: bool) -> None:
    """Show a country FILE in plain words, with everything that it names verified."""
    import msgspec

    from comity.cli.inputs import read_reader

    reader = read_reader(file)
    if as_json:
        facts = {
            "digest": reader.country.digest,
            "regime": reader.resolved.regime.digest,
            "country": msgspec.to_builtins(reader.country),
        }
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        _tell(reader)


def _tell(reader: Reader) -> None:
    from comity.cli.agreement import force
    from comity.cli.terminal import safe_text

    country, regime = reader.country, reader.resolved.regime
    fictional = ", fictional" if regime.fictional else ""
    lines = [
        ("decides", f"{country.authority.origin} for {country.jurisdiction}"),
        ("regime", f"{regime.title}, version {regime.version} ({regime.id}{fictional})"),
        ("", f"{len(regime.requirements)} requirements, {len(country.overlays)} adoptions"),
        ("trusts", f"{len(reader.trust.authorities)} authorities in {country.trust}"),
    ]
    if regime.jurisdiction != country.jurisdiction:
        lines.append(("note", f"{Ground.OTHER_JURISDICTION.sentence} ({regime.jurisdiction})"))
    lines += [
        (
            "own",
            f"{one.signer.origin} as {one.role}, not older than {country.own_max_age_days} days",
        )
        for one in country.own_assessors
    ]
    if not country.own_assessors:
        lines.append(("own", "nobody: only agreements let a measurement count"))
    for signed in reader.agreements:
        lines.append(("agreement", signed.agreement.title))
        lines.append(("", force(signed.agreement, signed.signers)))
        lines += [
            ("", f"{lab.signer.origin} counts as {lab.role}, under row {row.id}")
            for row in signed.agreement.rows
            if row.receiver == country.authority.origin
            for lab in row.laboratories
        ]
    if not reader.agreements:
        lines.append(("agreement", "none: nobody abroad is recognised"))
    budget = country.budget
    lines.append(("budget", f"at most {budget.max_items:,} items a test"))
    lines.append(
        ("", f"planned as if the truth were {budget.planning_margin} better than the mark")
    )
    click.echo(safe_text(country.name))
    for name, value in lines:
        click.echo(f"  {name:<10} {safe_text(value)}")


def _filled(text: str) -> str:
    if not text:
        raise InputError("something must be written here")
    return text


def _beside(name: str, folder: Path) -> str:
    """A path from the command line as the country file in `folder` names it."""
    return Path(os.path.relpath(name, folder)).as_posix()


def _signer(origin: str, key: str) -> Signer:
    from comity.attest import check_origin
    from comity.claims.regime import Signer
    from comity.cli.inputs import key_digest

    return Signer(origin=check_origin(origin), key=key_digest(Path(key)))


def _laboratory(origin: str, key: str, role: str) -> Laboratory:
    import msgspec

    from comity.claims.agreement import Laboratory
    from comity.cli.inputs import converted

    signer = msgspec.to_builtins(_signer(origin, key))
    return converted({"signer": signer, "role": role}, Laboratory, where="--own")


def _regime(name: str, folder: Path) -> str:
    """The name as the country file has it, after a look that there is such a regime."""
    from comity import regimes
    from comity.cli.inputs import read_regime

    read_regime(name, Path())
    return name if name in regimes.shipped() else _beside(name, folder)


def _trust(path: str | None, folder: Path) -> str:
    from comity.attest import load_trust

    def read(name: str) -> str:
        load_trust(Path(name))
        return _beside(name, folder)

    if path is not None:
        return read(path)
    why = "Whose keys you accept. Make it with `comity trust add`."
    return ask("Trust file", "--trust", read, default="trust.toml", why=why)


def _budget(max_items: int | None) -> Budget:
    from comity.claims.country import Budget
    from comity.cli.inputs import converted

    if max_items is not None:
        return converted({"max_items": max_items}, Budget, "--max-items")
    if not somebody_is_here():
        return Budget()
    why = "The most items that one test of yours can take; what needs more is called undecidable."
    return ask("Most items a test", "--max-items", _items, default="10000", why=why)


def _items(text: str) -> Budget:
    try:
        return _budget(int(text))
    except ValueError:
        raise InputError(f"{text!r} is no whole number") from None


def _ask_authority() -> Signer:
    return ask(
        "Authority: ORIGIN FILE.pub",
        "--authority",
        lambda line: _signer(*words(line, 2)),
        why="Who decides for you, and its public key (`comity keys new` makes one).",
    )


def _ask_regime(folder: Path) -> str:
    return ask(
        "Regime",
        "--regime",
        lambda name: _regime(name, folder),
        default="example-coast",
        why="The rules that you decide by: an id of `comity regimes list`, or a file.",
    )


def _ask_agreements() -> list[str]:
    if not somebody_is_here():
        return []
    why = "Agreements let measurements from abroad count: one signed file of every party."
    return ask_list("Signed agreement", _existing, why=why)


def _existing(name: str) -> str:
    if not Path(name).is_file():
        raise InputError("there is no such file", where=name)
    return name


def _ask_own() -> tuple[Laboratory, ...]:
    if not somebody_is_here():
        return ()
    why = "Your own laboratories: their measurements count without any agreement."
    lines = ask_list(
        "Own laboratory: ORIGIN FILE.pub ROLE", lambda line: _laboratory(*words(line, 3)), why=why
    )
    return tuple(lines)
