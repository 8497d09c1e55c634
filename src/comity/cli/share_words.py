"""An allocation in the terminal: tables that align, worst off first, and what remains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from comity.claims.floor import Declaration
from comity.claims.share import Allocation, Eligibility, Kind, Need, Offer, Shares
from comity.cli.terminal import safe_text
from comity.share.countries import Facts, load_facts
from comity.share.explain import Change, Wider, outcomes
from comity.share.words import amount_text, level_text

__all__ = ["print_allocation", "print_changes", "print_statement", "print_wider"]

MANY = 40
"""So many countries are listed; the others stand in the file."""


def print_statement(said: Declaration | Need | Offer | Allocation) -> None:
    """Print what one of the signed statements of sharing says, as `comity verify` shows it."""
    facts = load_facts()
    if isinstance(said, Allocation):
        click.echo(f"Allocates  {safe_text(said.round.title)}, on {said.round.day}")
        print_allocation(said, facts, {})
    elif isinstance(said, Declaration):
        click.echo(f"Declares   for {facts.name(said.country)}, {_days(said)}")
        for figure in said.figures:
            titles = ", ".join(safe_text(proof.title) for proof in figure.evidence)
            click.echo(f"           {figure.indicator}: {figure.value}, resting on {titles}")
    elif isinstance(said, Need):
        click.echo(f"Needs      of {facts.name(said.country)}, {_days(said)}")
        for row in said.rows:
            click.echo(f"           {row.need:,} {row.unit} of {row.kind}; floor {row.floor:,}")
            for proof in row.evidence:
                click.echo(f"           rests on {safe_text(proof.title)}, {proof.day}")
    else:
        much = f"{said.amount:,} {said.unit} of" if said.rival else "for everybody eligible:"
        click.echo(f"Offers     {safe_text(said.title)}: {much} {said.kind}")
        click.echo(f"           {_rule(said.eligible, facts)}, {said.opens} to {said.closes}")
        if said.conditions:
            click.echo(f"           on condition: {safe_text(said.conditions)}")


def _days(said: Declaration | Need) -> str:
    return f"{said.valid_from} to {said.valid_until}"


def _rule(rule: Eligibility, facts: Facts) -> str:
    lists: dict[str, list[str]] = {
        "": [facts.name(code) for code in rule.countries],
        "groups ": list(rule.groups),
        "regions ": [safe_text(region) for region in rule.regions],
        "official languages ": list(rule.languages),
        "not ": [facts.name(code) for code in rule.not_countries],
    }
    said = [f"{head}{', '.join(names)}" for head, names in lists.items() if names]
    return f"for {'; '.join(said) or 'every country'}"


def print_allocation(allocation: Allocation, facts: Facts, titles: Mapping[str, str]) -> None:
    """Print who gets what, kind by kind, worst off first; then what is idle or took no part."""
    for kind, shares in zip(allocation.round.kinds, allocation.shares, strict=True):
        _print_kind(kind, shares, facts)
    for one in allocation.everyone:
        title = safe_text(titles.get(one.offer, one.offer[:12]))
        click.echo(f"For all of {len(one.countries)} countries, not rationed: {title}")
    for idle in allocation.idle:
        title = safe_text(titles.get(idle.offer, idle.offer[:12]))
        click.echo(f"Idle: {idle.amount:,} of {title}: {idle.why}")
    for out in allocation.left_out:
        click.echo(f"Took no part: {out.statement[:12]}…: {safe_text(out.why)}")


def _print_kind(kind: Kind, shares: Shares, facts: Facts) -> None:
    unit = kind.unit if kind.lot is None else f"lots of {kind.lot:,} {kind.unit}"
    click.echo(f"\n{safe_text(kind.title)}, in {unit}\n")
    table = Table("country", "floor", "need", "gets", "level", box=None, pad_edge=False)
    for name in ("floor", "need", "gets"):
        table.columns[("country", "floor", "need", "gets").index(name)].justify = "right"
    last = len(shares.chain)
    rows = sorted(
        outcomes(shares), key=lambda one: (last if one.link is None else one.link, one.country)
    )
    for one in rows[:MANY]:
        if one.stage == "all":
            level = "all"
        elif one.got < one.floor:
            level = f"{level_text(one.got / one.floor)} of the floor"
        elif one.got == one.floor and one.floor:
            level = "all of the floor"
        else:
            level = f"{level_text((one.got - one.floor) / (one.need - one.floor))} of the need"
            level += " above the floor" if one.floor else ""
        cells = (facts.name(one.country), f"{one.floor:,}", f"{one.need:,}", amount_text(one.got))
        table.add_row(*(Text(cell) for cell in (*cells, level)))
    if table.row_count:
        Console(highlight=False, markup=False, width=100).print(table)
    else:
        click.echo("Nobody declared a need of it.")
    if len(rows) > MANY:
        click.echo(f"and {len(rows) - MANY} countries that stand better: see `share explain`.")
    click.echo()


def print_changes(changes: Sequence[Change], facts: Facts) -> None:
    """Print who would have more, and who less."""
    if not changes:
        click.echo("Nobody would have more or less.")
    for one in changes:
        word = "more" if one.after > one.before else "less"
        click.echo(
            f"{facts.name(one.country)}: {amount_text(one.after)} instead of "
            f"{amount_text(one.before)}, {word}"
        )


def print_wider(
    wider: Sequence[Wider], shares: Shares, facts: Facts, titles: Mapping[str, str]
) -> None:
    """Print which rules, if wider, would raise the worst off."""
    if not shares.asks:
        click.echo("Nobody declared a need of it.")
    elif all(one.stage == "all" for one in outcomes(shares)):
        click.echo("Everybody gets all that they ask for.")
    elif not wider:
        click.echo("No single offer, opened to the worst off, would raise them.")
    for one in wider:
        offers = ", ".join(safe_text(titles.get(offer, offer[:12])) for offer in one.offers[:3])
        more = f" and {len(one.offers) - 3} others with the same rule" if one.offers[3:] else ""
        names = ", ".join(facts.name(code) for code in one.admits[:5])
        rest = f" and {len(one.admits) - 5} more" if one.admits[5:] else ""
        click.echo(f"If {offers}{more} also admitted {names}{rest}:")
        for change in one.changes[:10]:
            click.echo(
                f"  {facts.name(change.country)}: {amount_text(change.after)} instead of "
                f"{amount_text(change.before)}"
            )
