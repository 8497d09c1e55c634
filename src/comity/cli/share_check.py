"""`comity share check`, `explain` and `what-if`: whether an allocation holds, why, and what if."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.options import json_option, trust_option
from comity.cli.share_files import (
    ALLOCATION,
    TITLES,
    countries_with,
    people_option,
    plain_facts,
    read_statements,
)
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import Trust
    from comity.claims.share import Allocation

__all__ = ["check_command", "explain_command", "what_if_command"]

allocation_argument = click.argument("allocation", type=click.Path(path_type=Path))


@click.command("check")
@allocation_argument
@click.option(
    "--statements",
    "statements",
    multiple=True,
    type=click.Path(path_type=Path),
    help="The needs and offers, to read every rule again and not only the arithmetic.",
)
@people_option
@trust_option
@json_option
def check_command(
    allocation: Path,
    statements: Sequence[Path],
    people: Path | None,
    trust_path: Path,
    as_json: bool,
) -> int:
    """Check an allocation: signature, arithmetic and fairness; exit with 1 if it does not hold."""
    import msgspec

    from comity.attest import load_trust
    from comity.share import checker
    from comity.share.allocate import allocate

    trust = load_trust(trust_path)
    found = _read(allocation, trust)
    try:
        wrong = checker.check_all(msgspec.json.decode(msgspec.json.encode(found)))
    except ValueError as error:
        wrong = [str(error)]
    if statements and not wrong:
        again = allocate(
            found.authority, found.round, read_statements(statements, trust), countries_with(people)
        )
        wrong += _differences(found, again)
    if as_json:
        click.echo(json.dumps({"holds": not wrong, "wrong": wrong}, ensure_ascii=False))
    elif wrong:
        click.echo("\n".join(f"It does not hold: {what}." for what in wrong))
    else:
        click.echo(
            "It holds: nobody gets what is not theirs, and nobody worse off could have more."
        )
        if not statements:
            click.echo("Whether the rules of offers were read rightly: give --statements.")
    return 1 if wrong else 0


@click.command("explain")
@allocation_argument
@click.option("--country", help="One country, by its three letters.")
@trust_option
@json_option
def explain_command(allocation: Path, country: str | None, trust_path: Path, as_json: bool) -> None:
    """Say why each country got what it got, and what would raise it."""
    from comity.attest import load_trust
    from comity.cli.terminal import safe_text

    found, facts = _read(allocation, load_trust(trust_path)), countries_with(None)
    if country is not None:
        facts.place(country, where="--country")
    said = plain_facts(found, facts, _titles_beside(allocation))["countries"]
    chosen = [one for one in said if country in (None, one["country"])]
    if country is not None and not chosen:
        raise InputError(f"{facts.name(country)} declared no need in this round", where="--country")
    if as_json:
        click.echo(json.dumps(chosen, ensure_ascii=False, indent=2))
        return
    for one in chosen:
        click.echo(f"{safe_text(one['kind'])}: {safe_text(one['why'])}")


@click.command("what-if")
@allocation_argument
@click.option("--kind", required=True, help="The kind, as the round names it.")
@click.option("--offer", help="An offer, by its title or the first digits of its statement.")
@click.option("--more", type=click.IntRange(1), help="Units (or lots) to add to it.")
@click.option("--admit", multiple=True, help="A country to admit to it. May be given again.")
@trust_option
@json_option
def what_if_command(
    allocation: Path,
    kind: str,
    offer: str | None,
    more: int | None,
    admit: Sequence[str],
    trust_path: Path,
    as_json: bool,
) -> None:
    """Who would have more, or less, with more in one offer, or a wider rule of it.

    Without --offer: which offers, if they also admitted the worst off, would raise these.
    """
    from comity.attest import load_trust
    from comity.cli.share_words import print_changes, print_wider
    from comity.share.explain import what_if, wider_rules

    found, facts = _read(allocation, load_trust(trust_path)), countries_with(None)
    if kind not in {one.id for one in found.round.kinds}:
        names = ", ".join(one.id for one in found.round.kinds)
        raise InputError(f"the round shares no {kind!r}", where="--kind", hint=f"It has: {names}.")
    titles = _titles_beside(allocation)
    if offer is None:
        wider = wider_rules(found, kind)
        if as_json:
            click.echo(json.dumps([_wider(one) for one in wider], indent=2))
            return
        shares = next(one for one in found.shares if one.kind == kind)
        print_wider(wider, shares, facts, titles)
        return
    if more is None and not admit:
        raise InputError("say --more or --admit", where="--offer")
    for code in admit:
        facts.place(code, where="--admit")
    pool = _pool_of(found, kind, offer, titles)
    changes = what_if(found, kind, more={pool: more or 0}, admit={pool: admit})
    if as_json:
        click.echo(json.dumps([_change(one) for one in changes], indent=2))
        return
    print_changes(changes, facts)


def _read(path: Path, trust: Trust) -> Allocation:
    from comity.claims.share import Allocation
    from comity.cli.inputs import read_verified

    file = path / ALLOCATION if path.is_dir() else path
    predicate = read_verified(file, trust).predicate
    if not isinstance(predicate, Allocation):
        raise InputError("this is no allocation", where=str(file))
    return predicate


def _titles_beside(allocation: Path) -> dict[str, str]:
    """Titles of offers, for people only: nothing is decided by them."""
    from comity.cli.inputs import read_json

    folder = allocation if allocation.is_dir() else allocation.parent
    file = folder / TITLES
    return read_json(file, dict[str, str]) if file.exists() else {}


def _differences(found: Allocation, again: Allocation) -> list[str]:
    """Which parts differ from what the statements themselves give."""
    if found.facts != again.facts:
        return ["it was calculated with another table of countries, or another --people"]
    return [
        f"from the statements themselves, `{field}` is different"
        for field in found.__struct_fields__
        if getattr(found, field) != getattr(again, field)
    ]


def _pool_of(allocation: Allocation, kind: str, offer: str, titles: dict[str, str]) -> int:
    shares = next(
        one for one, rules in zip(allocation.shares, allocation.round.kinds, strict=True)
        if rules.id == kind
    )  # fmt: skip
    found = [
        pool
        for pool, row in enumerate(shares.pools)
        for part in row.offers
        if part.statement.startswith(offer) or titles.get(part.statement) == offer
    ]
    if len(found) != 1:
        count = "several offers of this kind are" if found else "no offer of this kind is"
        raise InputError(
            f"{count} named {offer!r}",
            where="--offer",
            hint=f"Name it by its title, or by the first digits of its statement: see {TITLES}.",
        )
    return found[0]


def _change(change: Any) -> dict[str, str]:
    return {"country": change.country, "before": str(change.before), "after": str(change.after)}


def _wider(wider: Any) -> dict[str, Any]:
    return {
        "offers": wider.offers,
        "admits": wider.admits,
        "changes": [_change(one) for one in wider.changes],
    }
