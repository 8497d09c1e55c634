"""What several verbs share: options named and explained alike, and how they answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.errors import InputError

if TYPE_CHECKING:
    from early_warning.service import Service

__all__ = ["at_option", "clock", "country_argument", "json_option", "moment", "several", "tell"]

country_argument = click.argument("country", type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """Read an option as a time with its zone, such as 2026-11-22T06:00+03:00."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = None
    # At the ends of the calendar no hour can be added, nor another zone be asked.
    if found is None or found.tzinfo is None or not 1900 <= found.year <= 2200:
        raise click.BadParameter(
            f"{value[:40]!r} is no time with its zone; write it as 2026-11-22T06:00+03:00.",
            ctx=ctx,
            param=param,
        )
    return found


at_option = click.option(
    "--at",
    metavar="TIME",
    callback=moment,
    help="Pretend that it is this time, to study the past. Not with the status Actual.",
)


def clock(service: Service, at: datetime | None) -> Callable[[], datetime]:
    """This computer's clock, or one that was set to a pretended time and goes on from there.

    Raises:
        InputError: a time is pretended where alerts are real.
    """
    if at is None:
        return lambda: datetime.now(UTC)
    if service.country.status == "Actual":
        raise InputError(
            "a time can be pretended only where nothing is real, and the status is Actual",
            where=f"{service.folder}, field status",
            hint="Leave --at out, or set the status to Test or Exercise.",
        )
    began = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - began)


def several(number: int, noun: str) -> str:
    """A count with its noun: 1 alert, 2,000 alerts."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tell(lines: Iterable[str], data: Mapping[str, Any], *, as_json: bool) -> None:
    """Answer a person in lines, or a machine with one JSON object.

    Lines may hold the words of files: they are shown without their tricks.
    """
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    from comity.cli.terminal import safe_text

    for line in lines:
        click.echo(safe_text(line))
