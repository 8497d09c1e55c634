"""`comity standing`: what is still good, by the logs that you follow; sign it for others."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.ask import DAY
from comity.cli.options import json_option, trust_option
from comity.cli.say import KEY, say, speaker
from comity.cli.sources import (
    LOGS,
    listed_words,
    located,
    log_words,
    read_logs,
    sources_by_log,
    told_two_stories,
)
from comity.cli.terminal import entries
from comity.errors import InputError, RecordError

if TYPE_CHECKING:
    from comity.claims.record import StatusList
    from comity.record.status import Difference

__all__ = ["command"]

ON = click.option("--on", type=DAY, help="For which day; today if left out.")


@click.group("standing")
def command() -> None:
    """Say what is still good, by the logs that you follow."""


@command.command("show")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE…]")
@LOGS
@trust_option
@ON
@json_option
def show(
    files: Sequence[Path],
    logs: Sequence[Path],
    trust_path: Path,
    on: datetime.datetime | None,
    as_json: bool,
) -> int:
    """Show the state of signed FILES, or without them of everything that the logs show.

    Exit code 1 if one of the FILES is not live.
    """
    import msgspec

    from comity.attest import load_trust
    from comity.cli.inputs import read_verified
    from comity.cli.terminal import safe_text
    from comity.record.standing import replay

    _require_logs(logs)
    trust = load_trust(trust_path)
    hand = {one.id: one for one in (read_verified(path, trust) for path in files)}
    prefixes = read_logs(logs, trust, set(hand) or None)
    held = {statement: one.predicate for statement, one in hand.items()}
    found = replay(prefixes, day=_day(on), peers=trust.peers, hand=held)
    standing = found.standing
    about = {one: standing.statements.get(one, "unknown") for one in hand} or standing.statements
    of = {one.id: one.authority.origin for one in hand.values()}
    if as_json:
        facts = {
            "standing": msgspec.to_builtins(standing),
            "asked": {one: about[one] for one in hand},
            "changed_nothing": listed_words(found.listed),
        }
        click.echo(json.dumps(facts, indent=2))
    else:
        for line in log_words(standing):
            click.echo(f"Log {safe_text(line)}")
        click.echo()
        for statement, state in about.items():
            click.echo(f"{state:<10} {statement}  {safe_text(of.get(statement, ''))}".rstrip())
        for origin, state in standing.issuers.items():
            click.echo(f"{state:<10} {safe_text(origin)}")
        if found.listed:
            click.echo("\nThese entries changed nothing:")
        for line in listed_words(found.listed):
            click.echo(f"  {safe_text(line)}")
    bad = [one for one in hand if about[one] != "live" or of[one] in standing.issuers]
    return 1 if bad else 0


@command.command("sign")
@LOGS
@trust_option
@KEY
@ON
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("status.sigstore.json"),
    show_default=True, help="File to write.",
)  # fmt: skip
@json_option
def sign(
    logs: Sequence[Path],
    trust_path: Path,
    key: Path,
    on: datetime.datetime | None,
    out: Path,
    as_json: bool,
) -> None:
    """Sign a status list: what is still good, for readers who have no network.

    It speaks of each log up to the size that its witnesses have seen. Whoever holds the logs
    computes the same list: `comity standing check`.
    """
    from comity.attest import load_trust
    from comity.record.standing import replay
    from comity.record.status import make_status

    _require_logs(logs)
    who = speaker(key)
    trust, day = load_trust(trust_path), _day(on)
    prefixes = [log.seen() for log in read_logs(logs, trust)]
    found = replay(prefixes, day=day, peers=trust.peers)
    now = datetime.datetime.now(datetime.UTC)
    listed = make_status(prefixes, found, author=who[1].origin, now=now, day=day)
    words = [f"Status of {len(listed.statements):,} statements on {day}, by"]
    words += log_words(found.standing)
    then = "Whoever decides without a network takes it along: comity decide FILE --status"
    say(listed, who, out, words="\n  ".join(words), as_json=as_json, then=then)


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@LOGS
@trust_option
@json_option
def check(file: Path, logs: Sequence[Path], trust_path: Path, as_json: bool) -> int:
    """Compute a signed status list again from its logs; exit code 1 if it is wrong."""
    from comity.attest import load_trust
    from comity.claims.record import StatusList
    from comity.cli.inputs import read_verified
    from comity.cli.terminal import safe_text

    _require_logs(logs)
    trust = load_trust(trust_path)
    verified = read_verified(file, trust)
    if not isinstance(verified.predicate, StatusList):
        raise InputError("this signed file is no status list", where=str(file))
    wrong = _compared(verified.predicate, logs, trust_path)
    if as_json:
        click.echo(
            json.dumps({"right": not wrong, "wrong": [w._asdict() for w in wrong]}, indent=2)
        )
    elif not wrong:
        click.echo(f"Right: the logs give the same for {len(verified.predicate.statements):,} "
                   "statements.")  # fmt: skip
    else:
        click.echo("Wrong: the logs say otherwise.")
        for one in wrong:
            said, found = one.listed or "nothing", one.found or "nothing"
            click.echo(f"  {safe_text(one.about)}: the list says {said}, the logs {found}")
    return 1 if wrong else 0


def _compared(listed: StatusList, logs: Sequence[Path], trust_path: Path) -> tuple[Difference, ...]:
    """Replay the logs to the sizes that a list names, by one's own rules of suspension."""
    from comity.attest import load_trust
    from comity.cli.types import TYPES
    from comity.record.replay import read_prefix
    from comity.record.standing import replay
    from comity.record.status import differences

    trust = load_trust(trust_path)
    now = datetime.datetime.now(datetime.UTC)
    at_hand = sources_by_log(logs, trust)
    prefixes = []
    for checked in listed.logs:
        head = checked.head
        if head.origin not in at_hand:
            raise InputError(
                f"the list speaks of a log that is not here: {head.origin}",
                hint="Follow it, and name the folder with --log.",
            )
        places = at_hand[head.origin]
        folder, source = places[0]
        with located(folder):
            prefix = read_prefix(source, trust, TYPES, now, size=head.size)
            if prefix.head.root != head.root:
                raise RecordError(
                    f"the log has another root at {entries(head.size)} than the list names",
                    hint="One of the two tells another story. Keep both.",
                )
        prefixes.append(prefix._replace(forked=told_two_stories(places, head.origin, trust)))
    found = replay(prefixes, day=listed.day, peers=trust.peers)
    return differences(listed, found.standing)


def _require_logs(logs: Sequence[Path]) -> None:
    if not logs:
        raise InputError(
            "no log was named, so nothing is known", hint="Name one that you follow: --log FOLDER."
        )


def _day(on: datetime.datetime | None) -> datetime.date:
    return (on or datetime.datetime.now(datetime.UTC)).date()
