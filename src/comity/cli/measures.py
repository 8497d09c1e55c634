"""`comity measures`: what can be measured, with formulas, sources and limits."""

from __future__ import annotations

import json

import click
import msgspec

from comity.claims import CATALOGUE, Measure
from comity.claims.measure import DECISIONS
from comity.cli.options import json_option
from comity.errors import InputError

__all__ = ["command", "parameter_words"]


@click.group("measures")
def command() -> None:
    """List what can be measured, with formulas, sources and limits."""


@command.command("list")
@json_option
def list_measures(as_json: bool) -> None:
    """List every measure of the catalogue."""
    if as_json:
        click.echo(json.dumps([msgspec.to_builtins(m) for m in CATALOGUE.values()], indent=2))
        return
    width = max(map(len, CATALOGUE))
    for measure in CATALOGUE.values():
        click.echo(f"{measure.id:<{width}}  {measure.title}")
    click.echo("\nOne of them in full: comity measures show ID")


@command.command("show")
@click.argument("measure_id", metavar="ID")
@json_option
def show(measure_id: str, as_json: bool) -> None:
    """Show one measure: its formula, interval, source, and what it does not show."""
    measure = CATALOGUE.get(measure_id)
    if measure is None:
        raise InputError(
            f"there is no measure {measure_id!r}", hint="`comity measures list` names them all."
        )
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(measure), indent=2))
        return
    click.echo(_in_full(measure))


def parameter_words(measure: Measure) -> str:
    """What a regime must fix or free, in one line."""
    if not measure.parameters:
        return "no parameter"
    found = ", ".join(measure.parameters)
    if "decision" in measure.parameters:
        for decision, names in DECISIONS.items():
            found += f"; {', '.join(names)} where decision is {decision!r}" if names else ""
    return found


def _in_full(measure: Measure) -> str:
    better = {"higher": "higher is better", "lower": "lower is better", "neither": "neither way"}
    lines = [
        ("measure", f"{measure.id}, version {measure.version}"),
        ("title", measure.title),
        ("unit", f"{measure.unit}; {better[measure.direction]}"),
        ("formula", measure.formula),
        ("interval", measure.interval),
        ("needs", parameter_words(measure)),
        ("source", measure.source),
        ("shows", measure.shows),
        ("not", measure.does_not_show),
    ]
    return "\n".join(f"{name:<9} {value}" for name, value in lines)
