"""`comity draw`: draw the announced number of rows from a table, by a seed that nobody chose."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import click

from comity.cli.intent import BEACON, beacon_head, read_plan
from comity.cli.log import LOG
from comity.cli.options import json_option, trust_option
from comity.cli.say import KEY, speaker
from comity.errors import InputError

__all__ = ["command"]

MAX_TABLE_BYTES = 500_000_000


@click.command("draw")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--card", required=True, type=click.Path(path_type=Path), help="The announced card.")
@click.option("--intent", "intent_path", required=True, type=click.Path(path_type=Path),
    help="What you announced with `comity intent --items TABLE`.")  # fmt: skip
@click.option("--id", "column", required=True, help="Column that names each row.")
@KEY
@BEACON
@LOG
@trust_option
@click.option("--out", required=True, type=click.Path(path_type=Path), help="New CSV file.")
@json_option
def command(
    table: Path,
    card: Path,
    intent_path: Path,
    column: str,
    key: Path,
    beacon: Path | None,
    folder: Path,
    trust_path: Path,
    out: Path,
    as_json: bool,
) -> None:
    """Draw as many rows of TABLE (CSV) as were announced, by a seed that nobody chose.

    The rows stand in the order of the draw. Whoever holds TABLE draws the same ones.
    """
    from comity.files import digest_file, read_text, write_atomic
    from comity.record.intent import draw, item_seed

    plan = read_plan(intent_path, card, speaker(key))
    if plan.intent.items is None or plan.intent.items != digest_file(table):
        raise InputError(
            "this is not the table that was announced to draw from",
            where=str(table),
            hint="Announce it: comity intent CARD --items TABLE. The table must not change since.",
        )
    head = beacon_head(plan, beacon, folder, trust_path)
    assert head is not None  # what announces items names a log
    try:
        header, *rows = csv.reader(StringIO(read_text(table, MAX_TABLE_BYTES), newline=""))
    except (csv.Error, ValueError) as error:
        raise InputError(f"the table is not CSV: {error}", where=str(table)) from None
    if column not in header:
        raise InputError(f"the table has no column {column!r}", where=str(table))
    at = header.index(column)
    by_name = {row[at]: row for row in rows if len(row) == len(header)}
    if len(by_name) != len(rows):
        raise InputError(
            f"two rows have the same {column!r}, or a row has another number of columns",
            where=str(table),
            hint="Each row needs a name of its own, so that the draw is the same for everybody.",
        )
    if plan.intent.planned > len(by_name):
        raise InputError(
            f"{plan.intent.planned:,} rows were announced, and the table has {len(by_name):,}",
            where=str(table),
        )
    seed = item_seed(plan.statement, head.root)
    names = draw(seed, by_name.keys(), plan.intent.planned)
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(by_name[name] for name in names)
    write_atomic(out, text.getvalue(), replace=False)
    if as_json:
        facts = {"written": str(out), "seed": seed, "rows": len(names), "size": head.size}
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"Drawn: {len(names):,} of {len(by_name):,} rows, by {head.origin} {head.size:,}")
    click.echo(f"Seed:  {seed}\nWritten: {out}")
