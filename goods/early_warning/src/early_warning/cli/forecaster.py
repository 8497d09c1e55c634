"""`early-warning forecaster`: who may work at the desk."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.errors import InputError
from early_warning.cli.options import country_argument, json_option, tell

if TYPE_CHECKING:
    from early_warning.desk.forecasters import Forecasters
    from early_warning.service import Service

__all__ = ["command", "forecasters_of"]

PASSPHRASE = "EARLY_WARNING_PASSPHRASE"  # noqa: S105 - the name of a variable


@click.group("forecaster")
def command() -> None:
    """Say who may work at the desk. Two different people approve each alert by day."""


@command.command("add")
@country_argument
@click.argument("forecaster")
@click.option("--name", required=True, help="The person's name, for colleagues and the journal.")
@json_option
def add(country: Path, forecaster: str, name: str, as_json: bool) -> None:
    """Let somebody work at the desk of COUNTRY, under the id FORECASTER.

    The passphrase is asked for twice, or taken from EARLY_WARNING_PASSPHRASE. Only a hash of it is
    kept.
    """
    people = _forecasters(country)
    people.add(forecaster, name, _passphrase(name))
    lines = [f"{name} may work at the desk, as {forecaster}."]
    tell(lines, {"added": forecaster, "name": name}, as_json=as_json)


@command.command("list")
@country_argument
@json_option
def show(country: Path, as_json: bool) -> None:
    """List who may work at the desk of COUNTRY."""
    names = _forecasters(country).names()
    lines = [f"{one}: {name}" for one, name in names.items()]
    if len(names) < 2:
        lines.append("Two people are needed to approve an alert by day.")
    tell(lines, {"forecasters": names}, as_json=as_json)


@command.command("remove")
@country_argument
@click.argument("forecaster")
@json_option
def remove(country: Path, forecaster: str, as_json: bool) -> None:
    """Let FORECASTER work at the desk of COUNTRY no longer. The id is not given to anybody else."""
    _forecasters(country).remove(forecaster)
    tell([f"{forecaster} can sign in no longer."], {"removed": forecaster}, as_json=as_json)


def forecasters_of(service: Service, now: Callable[[], datetime]) -> Forecasters:
    """Everybody who may work at a service's desk."""
    from early_warning.desk.forecasters import FILE, Forecasters

    return Forecasters(service.state / FILE, now=now)


def _forecasters(country: Path) -> Forecasters:
    from early_warning.service import open_service

    return forecasters_of(open_service(country), lambda: datetime.now(UTC))


def _passphrase(name: str) -> str:
    given = os.environ.get(PASSPHRASE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise InputError("nobody is here to type a passphrase", hint=f"Set {PASSPHRASE}.")
    words: str = click.prompt(
        f"Passphrase of {name}", hide_input=True, confirmation_prompt=True, err=True
    )
    return words
