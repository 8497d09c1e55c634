"""`comity share`: declare needs and offers, bring them together fairly, and check the result."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.options import json_option, trust_option
from comity.cli.share_check import check_command, explain_command, what_if_command
from comity.cli.share_composite import composite_command
from comity.cli.share_files import (
    ALLOCATION,
    TITLES,
    countries_with,
    people_option,
    plain_facts,
    read_statements,
)
from comity.cli.share_floors import divide_command, floors_command
from comity.cli.share_import import import_command
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.claims.share import Allocation
    from comity.share.allocate import Signed
    from comity.share.countries import Facts

__all__ = ["command"]

REPORT = "report.html"

statements_option = click.option(
    "--statements",
    "statements",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="A signed need or offer, or a folder of them. May be given more than once.",
)


@click.group("share")
def command() -> None:
    """Declare needs and offers, bring them together fairly, and check the result."""


for one in (
    *(check_command, explain_command, what_if_command),
    *(floors_command, composite_command, divide_command, import_command),
):
    command.add_command(one)


@command.command("new")
@click.argument("what", type=click.Choice(["declaration", "need", "offer", "round"]))
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.")
@json_option
def new(what: str, out: Path | None, as_json: bool) -> None:
    """Write an example of a declaration, a need, an offer or a round, to edit."""
    from comity.cli.share_draft import example
    from comity.files import write_atomic

    target = out or Path(f"{what}.toml")
    write_atomic(target, example(what), replace=False)
    if as_json:
        click.echo(json.dumps({"written": str(target)}))
        return
    then = (
        f"comity share allocate {target} --statements FOLDER --key KEY"
        if what == "round"
        else f"comity share sign {target} --key KEY"
    )
    click.echo(f"Written: {target}. Edit it, then: {then}")


@command.command("sign")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", required=True, type=click.Path(path_type=Path), help="Your key.")
@click.option("--out", type=click.Path(path_type=Path), help="The signed file to write.")
@json_option
def sign_statement(file: Path, key: Path, out: Path | None, as_json: bool) -> None:
    """Sign the declaration, the need or the offer in FILE."""
    from comity.attest import load_signer
    from comity.claims.share import Offer
    from comity.cli.share_draft import read_statement
    from comity.cli.terminal import password_for
    from comity.cli.types import identity_of, signed
    from comity.files import write_atomic
    from comity.share.countries import load_facts

    said = read_statement(file)
    if not isinstance(said, Offer):
        load_facts().place(said.country, where=f"{file}, field country")
    secret, holder = load_signer(key, password_for(key))
    if holder.origin != said.authority:
        raise InputError(
            f"it speaks for {said.authority}, and this is the key of {holder.origin}",
            where=f"{file}, field authority",
        )
    target = out or file.with_suffix(".sigstore.json")
    write_atomic(target, signed(said, secret))
    statement = identity_of(said)
    if as_json:
        click.echo(json.dumps({"signed": str(target), "statement": statement}))
        return
    click.echo(f"Written: {target}, signed as {holder.origin}. Send it to whoever calls the round.")


@command.command("allocate")
@click.argument("rules", type=click.Path(path_type=Path))
@statements_option
@click.option("--key", required=True, type=click.Path(path_type=Path), help="Your key.")
@people_option
@trust_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("allocation"),
    show_default=True,
    help="New folder to write.",
)
@json_option
def allocate_round(
    rules: Path,
    statements: Sequence[Path],
    key: Path,
    people: Path | None,
    trust_path: Path,
    out: Path,
    as_json: bool,
) -> None:
    """Share what was offered among who declared a need, by the round in RULES."""
    from comity.attest import load_signer, load_trust
    from comity.claims.share import Round
    from comity.cli.share_words import print_allocation
    from comity.cli.terminal import password_for
    from comity.cli.types import identity_of, signed
    from comity.files import read_toml, write_folder
    from comity.share.allocate import allocate

    terms = read_toml(rules, Round)
    facts = countries_with(people)
    secret, holder = load_signer(key, password_for(key))
    said = read_statements(statements, load_trust(trust_path))
    allocation = allocate(holder.origin, terms, said, facts)
    titles = _titles(said)
    write_folder(
        out,
        {
            ALLOCATION: signed(allocation, secret),
            REPORT: _page(allocation, facts, titles),
            TITLES: json.dumps(titles, ensure_ascii=False, sort_keys=True, indent=1) + "\n",
        },
    )
    if as_json:
        facts_out: dict[str, Any] = {"written": str(out / ALLOCATION)}
        facts_out["statement"] = identity_of(allocation)
        facts_out |= plain_facts(allocation, facts, titles)
        click.echo(json.dumps(facts_out, ensure_ascii=False, indent=2))
        return
    print_allocation(allocation, facts, titles)
    _tell_groups(terms.day, said)
    click.echo(f"\nWritten: {out / ALLOCATION}\n         {out / REPORT}  ← open this one first")
    click.echo(f"Anybody checks it: comity share check {out}")


def _tell_groups(day: datetime.date, said: Sequence[Signed]) -> None:
    """Say so where offers ask for groups of countries that may have changed by the round's day."""
    from comity.claims.share import Offer
    from comity.share.countries import AS_OF

    rules = [one.said.eligible for one in said if isinstance(one.said, Offer)]
    if day > AS_OF and any("LDC" in rule.groups for rule in rules):
        click.echo(
            f"\nLeast developed countries (LDC) are those of {AS_OF}. Bangladesh, Laos and Nepal "
            "were due to\nleave on 2026-11-24 (Bangladesh asked for a delay). An offer can leave "
            "countries out, or name them."
        )


def _titles(said: Sequence[Signed]) -> dict[str, str]:
    from comity.claims.share import Offer

    return {one.digest: one.said.title for one in said if isinstance(one.said, Offer)}


def _page(allocation: Allocation, facts: Facts, titles: dict[str, str]) -> str:
    from comity.report.allocation import Land, allocation_page

    said = plain_facts(allocation, facts, titles)["countries"]
    return allocation_page(
        allocation,
        lands=[Land(place.code, place.name, place.region) for place in facts.places],
        sentences={(one["kind"], one["country"]): one["why"] for one in said},
        titles=titles,
    )
