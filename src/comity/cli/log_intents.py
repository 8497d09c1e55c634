"""`comity log intents`: what was announced in a log, and what came of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.options import json_option, trust_option
from comity.cli.sources import located, log_in, read_logs, read_one, sources_by_log

if TYPE_CHECKING:
    from comity.attest import Trust
    from comity.claims.record import Intent
    from comity.record.intent import Announced

__all__ = ["intents"]


@click.command("intents")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--beacon", "beacons", multiple=True, type=click.Path(path_type=Path),
    help="A log that made seeds, to compute them again.")  # fmt: skip
@click.option("--asked-in", "others", multiple=True, type=click.Path(path_type=Path),
    help="A log with decisions: what answers one of their deltas was asked for.")  # fmt: skip
@trust_option
@json_option
def intents(
    folder: Path,
    beacons: Sequence[Path],
    others: Sequence[Path],
    trust_path: Path,
    as_json: bool,
) -> None:
    """List what was announced in the log in FOLDER, and what came of it.

    Shows intents without a result, several results of one intent, and several intents for one plan.
    """
    from comity.attest import load_trust
    from comity.claims.decision import Decision
    from comity.record.intent import announced

    trust = load_trust(trust_path)
    log = read_one(folder, log_in(folder, trust), trust, None)
    deltas = {
        entry.verified.predicate.delta.digest
        for one in (log, *read_logs(others, trust))
        for entry in one.entries
        if entry.verified is not None and isinstance(entry.verified.predicate, Decision)
    }
    kept = [one.log_key for one in trust.authorities if one.origin == log.owner]
    own = {key.name for key in kept if key is not None}
    found = announced(log, _Seeds(beacons, trust), deltas, own)
    if as_json:
        click.echo(json.dumps([_facts(one) for one in found], indent=2))
    else:
        _tell(found, Counter(one.why for one in log.entries if one.verified is None))


class _Seeds:
    """The seed that follows from another log at a size, for the logs that are at hand."""

    def __init__(self, folders: Sequence[Path], trust: Trust) -> None:
        self._places = sources_by_log(folders, trust)
        self._trust = trust

    def __call__(self, statement: str, intent: Intent, size: int | None) -> str | None:
        from comity.cli.types import TYPES
        from comity.record.intent import item_seed
        from comity.record.replay import read_prefix

        beacon = intent.beacon
        if beacon is None or beacon.origin not in self._places:
            return None
        if size is None or size <= beacon.size:
            return ""  # whatever the result says, no seed follows from there
        folder, source = self._places[beacon.origin][0]
        with located(folder):
            now = datetime.now(UTC)
            prefix = read_prefix(source, self._trust, TYPES, now, size=size, wanted=())
        return item_seed(statement, prefix.head.root)


def _facts(one: Announced) -> dict[str, object]:
    return {
        "intent": one.statement,
        "index": one.number,
        "planned": one.intent.planned if one.intent else None,
        "remarks": list(one.remarks),
        "results": [
            {"statement": a.statement, "index": a.number, "remarks": list(a.remarks)}
            for a in one.answers
        ],
    }


def _tell(found: Sequence[Announced], unread: Counter[str]) -> None:
    from comity.cli.terminal import safe_text

    if not found and unread:
        click.echo("Of what could be read here, nothing was announced.")
    elif not found:
        click.echo("Nothing was announced, and no result names an intent.")
    for one in found:
        if one.intent is None:
            click.echo(f"\nNot in this log: intent {one.statement}")
        else:
            system = one.intent.system
            what = safe_text(f"{system.name} {system.version}")
            click.echo(f"\nEntry {one.number:,}: {what}, {one.intent.planned:,} items planned")
            click.echo(f"  intent {one.statement}")
        for remark in one.remarks:
            click.echo(f"  ! {remark.sentence}")
        for answer in one.answers:
            click.echo(f"  result: entry {answer.number:,}, {answer.statement}")
            for remark in answer.remarks:
                click.echo(f"    ! {remark.sentence}")
    if unread:
        click.echo("\nWhat these entries say is not known to you:")
    for why, count in unread.most_common():
        click.echo(f"  {count:,}: {safe_text(why)}")
