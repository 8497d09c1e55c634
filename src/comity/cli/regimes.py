"""`comity regimes`: which rules come with Comity, what they ask for, and how they are adopted."""

from __future__ import annotations

import datetime
import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec

from comity.claims.overlay import Operation, RegimeOverlay
from comity.claims.values import Key, Text
from comity.cli.ask import DAY
from comity.cli.options import json_option
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.claims.regime import Regime, Requirement
    from comity.decide import ResolvedRegime

__all__ = ["command"]


@click.group("regimes")
def command() -> None:
    """Read the rules that come with Comity, check your own, and adopt them."""


@command.command("list")
@json_option
def list_regimes(as_json: bool) -> None:
    """List what ships: regimes that are written out, and a map of others that decides nothing."""
    from comity import regimes
    from comity.cli.regime_words import WIDTH, written_words

    rows = {name: _facts(regimes.load(name)) for name in regimes.shipped()}
    mapped = regimes.mapped()
    if as_json:
        found = [row | {"map": name in mapped} for name, row in rows.items()]
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for heading, names in (
        (written_words(list(map(regimes.load, regimes.deciding()))), regimes.deciding()),
        ("Map: what other frameworks ask for; nothing here decides", mapped),
    ):
        click.echo(textwrap.fill(heading, WIDTH))
        for name in names:
            row = rows[name]
            marks = "" if name in mapped else f"{row['can_decide']:>4} decide"
            if row["not_read"]:
                marks += f", {row['not_read']} await adoption"
            click.echo(
                f"  {name:<26} {row['jurisdiction']:<18} {row['requirements']:>3}{marks}\n"
                f"    {row['title']}"
            )
        click.echo()
    click.echo("One of them in full: comity regimes show ID")


@command.command("show")
@click.argument("regime", metavar="ID")
@click.option("--on", type=DAY, help="Say what is in force on this day: 2026-12-02.")
@json_option
def show(regime: str, on: datetime.datetime | None, as_json: bool) -> None:
    """Show a regime by its ID or file: requirements, dates, marks, and how each is known."""
    from comity.cli.inputs import read_regime
    from comity.cli.regime_words import force_words, regime_words

    read = read_regime(regime, Path())
    day = on.date() if on else None
    if not as_json:
        click.echo(regime_words(read, day))
        return
    value = {"digest": read.digest, "regime": msgspec.to_builtins(read)}
    if day:
        value["in_force"] = {one.id: force_words(one, day) for one in read.requirements}
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


class _Finding(NamedTuple):
    """One sentence about one file."""

    severity: str
    where: str
    what: str


@command.command("check")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@json_option
def check(files: tuple[Path, ...], as_json: bool) -> int:
    """Look through regime FILES for what is wrong or doubtful; exit with 2 if anything is wrong."""
    from comity.cli.terminal import safe_text

    found = {file: _check(file) for file in files}
    wrong = any(one.severity == "error" for findings in found.values() for one in findings)
    if as_json:
        rows = [one._asdict() for findings in found.values() for one in findings]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return 2 if wrong else 0
    for file, findings in found.items():
        for one in findings:
            click.echo(f"{one.severity:<5}  {safe_text(one.where)}: {safe_text(one.what)}")
        errors = sum(one.severity == "error" for one in findings)
        click.echo(f"{safe_text(str(file))}: {errors or 'no'} error{'s' * (errors != 1)}")
    return 2 if wrong else 0


def _check(file: Path) -> list[_Finding]:
    from comity.claims.regime import Regime
    from comity.cli.inputs import plain_words
    from comity.decide import lint
    from comity.files import read_toml

    try:
        regime = read_toml(file, Regime)
    except InputError as error:
        # What msgspec said of a text tells its form; the error itself says only that it is wrong.
        told = plain_words(str(error.__context__))
        what = told if told.startswith("it is not") else error.what
        return [_Finding("error", error.where, what)]
    return [
        _Finding(
            doubt.severity,
            f"{file}, requirement {doubt.requirement}" if doubt.requirement else str(file),
            doubt.what,
        )
        for doubt in lint(regime)
    ]


class _Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an authority writes: an overlay without what the base and the key already say."""

    title: Text
    jurisdiction: Key
    operations: tuple[Operation, ...]


@command.command("adopt")
@click.argument("overlay", type=click.Path(path_type=Path))
@click.option("--base", required=True, help="Id of a shipped regime, or a regime file.")
@click.option("--key", required=True, type=click.Path(path_type=Path), help="Your key.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The signed file to write; else OVERLAY.sigstore.json.",
)
@json_option
def adopt(overlay: Path, base: str, key: Path, out: Path | None, as_json: bool) -> None:
    """Sign OVERLAY, by which your authority adopts a regime and alters it; show what results.

    It counts for whoever's trust file binds your key to the jurisdiction that OVERLAY names.
    """
    from comity.attest import load_signer
    from comity.cli.inputs import read_regime
    from comity.cli.terminal import password_for
    from comity.cli.types import signed
    from comity.files import read_toml, write_atomic

    draft, regime = read_toml(overlay, _Draft), read_regime(base, Path())
    if not draft.operations:
        raise InputError("there are no operations", where=str(overlay), hint="Write at least one.")
    secret, holder = load_signer(key, password_for(key))
    made = RegimeOverlay(
        base=regime.digest,
        authority=holder.origin,
        jurisdiction=draft.jurisdiction,
        title=draft.title,
        operations=draft.operations,
    )
    result = _resolve(regime, made, secret.public.spki_sha256, overlay)
    target = out or overlay.with_suffix(".sigstore.json")
    write_atomic(target, signed(made, secret))
    _tell(regime, made, result, target, as_json=as_json)


def _resolve(regime: Regime, overlay: RegimeOverlay, key: str, file: Path) -> ResolvedRegime:
    """What a reader gets who trusts this key; refuses to sign what cannot be applied, or is wrong.

    Raises:
        InputError: an operation does not fit the base, or the result has an error.
    """
    from comity.claims import digest_of
    from comity.claims.overlay import SignedOverlay
    from comity.claims.regime import Signer
    from comity.decide import lint, resolve

    signer = Signer(origin=overlay.authority, key=key)
    mine = SignedOverlay(statement=digest_of(overlay), signer=signer, overlay=overlay)
    try:
        result = resolve(regime, [mine], lambda _: overlay.jurisdiction)
    except InputError as error:
        raise InputError(error.what, where=str(file), hint=error.hint) from None
    except ValueError as error:  # a new mark that does not fit the measure
        raise InputError(str(error), where=str(file)) from None
    for doubt in lint(result.regime):
        if doubt.severity == "error" and doubt.requirement in (*result.adopted, ""):
            raise InputError(doubt.what, where=f"{file}, requirement {doubt.requirement}")
    return result


def _tell(
    base: Regime, overlay: RegimeOverlay, result: ResolvedRegime, target: Path, *, as_json: bool
) -> None:
    from comity.cli.regime_words import change_words
    from comity.cli.terminal import safe_text

    if as_json:
        facts = {
            "signed": str(target),
            "base": overlay.base,
            "flat": result.regime.digest,
            "adopted": sorted(result.adopted),
            "regime": msgspec.to_builtins(result.regime),
        }
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    old, new = _by_id(base), _by_id(result.regime)
    click.echo(f"{overlay.authority} adopts {base.title} for {overlay.jurisdiction}:")
    for operation in overlay.operations:
        target_of = operation.requirement
        name = target_of if isinstance(target_of, str) else target_of.id
        click.echo(f"  {name}: {safe_text(change_words(operation, old.get(name), new.get(name)))}")
    deciding = _decide(base, frozenset()), _decide(result.regime, frozenset(result.adopted))
    click.echo(f"Marks that decide: {deciding[1]} (before: {deciding[0]})")
    click.echo(f"Written: {target}")
    click.echo(f"Name it in `overlays` of country.toml, beside regime = {json.dumps(base.id)}.")


def _by_id(regime: Regime) -> dict[str, Requirement]:
    return {requirement.id: requirement for requirement in regime.requirements}


def _decide(regime: Regime, adopted: frozenset[str]) -> int:
    """How many marks decide, the adopted ones among them."""
    from comity.cli.regime_words import can_decide

    return sum(
        can_decide(one) or (one.id in adopted and one.decided_by == "machine")
        for one in regime.requirements
    )


def _facts(regime: Regime) -> dict[str, Any]:
    from comity.cli.regime_words import awaits_adoption, can_decide

    return {
        "id": regime.id,
        "title": regime.title,
        "jurisdiction": regime.jurisdiction,
        "fictional": regime.fictional,
        "status": regime.status,
        "requirements": len(regime.requirements),
        "can_decide": sum(map(can_decide, regime.requirements)),
        "not_read": sum(map(awaits_adoption, regime.requirements)),
        "digest": regime.digest,
    }
