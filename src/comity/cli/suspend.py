"""`comity suspend`: stop a statement of your own, or an authority, for some days."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from comity.cli.ask import DAY
from comity.cli.options import json_option
from comity.cli.say import KEY, REASON, say, speaker, statement_named
from comity.errors import InputError

__all__ = ["command"]


@click.command("suspend")
@click.argument("what", metavar="FILE|DIGITS|ORIGIN")
@KEY
@REASON
@click.option("--until", required=True, type=DAY, help="Last day; at most 42 days in all.")
@click.option("--from", "first", type=DAY, help="First day; today if left out.")
@click.option("--review", is_flag=True, help="An authority is under review, not suspended yet.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("suspension.sigstore.json"),
    show_default=True, help="File to write.",
)  # fmt: skip
@json_option
def command(
    what: str,
    key: Path,
    reason: str,
    until: datetime.datetime,
    first: datetime.datetime | None,
    review: bool,
    out: Path,
    as_json: bool,
) -> None:
    """Stop a statement of your own (FILE or DIGITS), or an authority (ORIGIN), for some days.

    It ends nothing: the day after, all is as before. Lift it earlier with `comity withdraw`. Your
    word about another authority counts for those who named you among the peers in their trust file,
    together with as many others as they ask for.
    """
    from comity.attest import check_origin
    from comity.claims.record import Suspension
    from comity.cli.inputs import converted

    who = speaker(key)
    statement = statement_named(what, who)
    if review and statement:
        raise InputError("--review is about an authority; a statement is suspended")
    fields = {
        "author": who[1].origin,
        "statement": statement,
        "issuer": None if statement else check_origin(what),
        "degree": "issuer_under_review" if review else "suspended",
        "first_day": str((first or datetime.datetime.now(datetime.UTC)).date()),
        "last_day": str(until.date()),
        "reason": reason,
    }
    predicate = converted(fields, Suspension, "--until")
    state = "Under review" if review else "Suspended"
    words = f"{state} by {who[1].origin} until {until.date()}: {what}"
    say(predicate, who, out, words=words, as_json=as_json)
