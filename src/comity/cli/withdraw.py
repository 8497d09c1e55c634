"""`comity withdraw`: take back a statement of your own."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli.options import json_option
from comity.cli.say import KEY, REASON, say, speaker, statement_named, verified_own
from comity.errors import InputError

__all__ = ["command"]


@click.command("withdraw")
@click.argument("what", metavar="FILE|DIGITS")
@KEY
@REASON
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("withdrawal.sigstore.json"),
    show_default=True, help="File to write.",
)  # fmt: skip
@json_option
def command(what: str, key: Path, reason: str, out: Path, as_json: bool) -> None:
    """Take back a statement of your own: a signed FILE, or the 64 DIGITS of its identity.

    It is final, but of a suspension, which it lifts. Whoever follows your log sees it; their
    decisions no longer count what you took back.
    """
    from comity.claims.record import Withdrawal
    from comity.cli.inputs import converted

    who = speaker(key)
    statement = statement_named(what, who)
    if statement is None:
        raise InputError(
            "there is no such file, and it is not the 64 digits of a statement", where=what
        )
    if Path(what).exists() and isinstance(verified_own(Path(what), who).predicate, Withdrawal):
        raise InputError(
            "a withdrawal is final, and nothing withdraws it",
            where=what,
            hint="If the statement was right after all, sign a new one.",
        )
    fields = {"author": who[1].origin, "statement": statement, "reason": reason}
    predicate = converted(fields, Withdrawal, "--reason")
    say(predicate, who, out, words=f"Withdrawn by {who[1].origin}: {statement}", as_json=as_json)
