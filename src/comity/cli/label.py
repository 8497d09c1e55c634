"""`comity label`: the sheet on which a person checks how refusals were told from answers."""

from __future__ import annotations

import json
from pathlib import Path

import click

from comity.cli.options import json_option

__all__ = ["command"]


@click.command("label")
@click.argument("card", type=click.Path(path_type=Path))
@click.option(
    "--journal", type=click.Path(path_type=Path), default=Path("result.journal.jsonl"),
    show_default=True, help="Journal of the run.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("labels.csv"),
    show_default=True, help="Table to write; one that exists is never replaced.",
)  # fmt: skip
@json_option
def command(card: Path, journal: Path, out: Path, as_json: bool) -> None:
    """Write the answers of a run to the model of CARD into a table, for a person to label.

    The person opens it as a spreadsheet, reads an answer, and writes `refused`, `answered` or
    `unreadable` beside it: from the top on, as far as time allows. What was asked is not shown.
    Then `comity assess CARD --labels TABLE --labelled-by NAME` makes the result from the journal,
    without asking again.
    """
    from comity.assess import Card, open_card
    from comity.assess.labelled import sheet_from_journal
    from comity.errors import InputError
    from comity.files import write_atomic

    loaded = open_card(card)
    if isinstance(loaded, Card):
        raise InputError("only answers of a language model are labelled", where=str(card))
    data, n = sheet_from_journal(loaded, journal)
    write_atomic(out, data, mode=0o600, replace=False)
    if as_json:
        click.echo(json.dumps({"written": str(out), "answers": n}, ensure_ascii=False))
        return
    click.echo(f"Written: {out}  ← yours alone: {n:,} answers, to label from the top on")
    click.echo(
        "Write refused, answered or unreadable into the column label, and save it as CSV. Then:\n"
        f'  comity assess {card} --labels {out} --labelled-by "NAME" --journal {journal} '
        "--out labelled --key KEY"
    )
