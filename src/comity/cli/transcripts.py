"""`comity transcripts`: what a language model was asked and said, for the assessor's eyes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.options import json_option

if TYPE_CHECKING:
    from comity.assess.systems.endpoint.journal import Entry
    from comity.report.transcripts import Transcript

__all__ = ["command"]


@click.command("transcripts")
@click.argument("journal", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("transcripts.html"),
    show_default=True, help="Page to write.",
)  # fmt: skip
@json_option
def command(journal: Path, out: Path, as_json: bool) -> None:
    """Show every question and answer of JOURNAL on one page, as text.

    JOURNAL is the private file that `comity assess` keeps of a language model. The page is yours
    alone too: nobody else on this computer can read it, and nothing of it is ever signed.
    """
    from comity.assess.systems.endpoint.journal import open_journal
    from comity.claims import timestamp
    from comity.errors import InputError
    from comity.files import write_atomic
    from comity.report.transcripts import transcripts_page

    if not journal.is_file():
        raise InputError("there is no such journal", where=str(journal))
    with open_journal(journal) as book:
        found = [_transcript(entry) for entry in book.found.values()]
    page = transcripts_page(found, title=journal.name, generated=timestamp(datetime.now(UTC)))
    write_atomic(out, page, mode=0o600)
    if as_json:
        value = {"written": str(out), "questions": len(found)}
        click.echo(json.dumps(value, ensure_ascii=False))
    else:
        click.echo(f"Written: {out}  ← yours alone: {len(found):,} questions and answers")


def _transcript(entry: Entry) -> Transcript:
    from comity.report.transcripts import Transcript

    ask, answer = entry.ask, entry.answer
    turns = tuple((message.role, message.content) for message in ask.messages)
    return Transcript(
        id=ask.id,
        turns=turns or (("", ask.prompt),),
        answer=answer.text,
        trouble=answer.error or ("nothing was said" if not answer.text else ""),
    )
