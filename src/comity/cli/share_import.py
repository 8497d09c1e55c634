"""`comity share import`: publishers' files in, figures out."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.ask import DAY
from comity.cli.options import json_option
from comity.cli.share_floors import COLUMNS
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.claims.floor import Figure

__all__ = ["import_command"]

SOURCES = ("epoch", "languages", "microsoft", "world-bank")


@click.command("import")
@click.argument("source", type=click.Choice(SOURCES))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--day", type=DAY, help="When the publisher published it. Not needed for world-bank.")
@click.option(
    "--people", type=click.Path(path_type=Path), help="Population, for figures per million."
)
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.")
@json_option
def import_command(
    source: str,
    file: Path,
    day: datetime.datetime | None,
    people: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Read a publisher's FILE and write figures, or from the World Bank the population."""
    from comity.cli.share_draft import read_people
    from comity.exchange import imports
    from comity.files import read_bytes, write_atomic
    from comity.share.countries import load_facts

    facts = load_facts()
    if people is not None:
        facts = facts.with_people(read_people(people))
    target = out or Path("people.csv" if source == "world-bank" else f"{source}.csv")
    data = read_bytes(file, imports.MAX_BYTES)
    left_out: tuple[str, ...] = ()
    if source == "world-bank":
        counted = imports.read_population(data, facts, str(file))
        text = "code,people\n" + "".join(f"{code},{n}\n" for code, n in counted.items())
        number = len(counted)
    else:
        if day is None:
            raise InputError("say when it was published", where="--day", hint="--day 2026-04-24")
        found = imports.read(source, data, day.date(), facts, str(file))
        text = _csv(found.figures)
        number = sum(figure.value is not None for figure in found.figures)
        left_out = found.left_out
    write_atomic(target, text)
    if as_json:
        said = {"written": str(target), "countries": number, "left_out": left_out}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    from comity.cli.terminal import safe_text

    for line in left_out:
        click.echo(f"Left out: {safe_text(line)}")
    click.echo(f"Written: {target}, with figures of {number} of {len(facts.places)} countries")


def _csv(figures: Sequence[Figure]) -> str:
    import csv
    import io

    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in figures:
        rows.writerow(["" if (v := getattr(one, name)) is None else v for name in COLUMNS])
    return text.getvalue()
