"""`comity scope`: say for what you vouch for an authority, and see who is vouched for."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click

from comity.claims.assessment import Role
from comity.cli.ask import DAY
from comity.cli.options import json_option, trust_option
from comity.cli.say import KEY, say, speaker
from comity.cli.sources import LOGS, read_logs

__all__ = ["command"]


@click.group("scope")
def command() -> None:
    """Say for what you vouch for an authority, and see for whom your peers do."""


@command.command("grant")
@click.argument("subject", metavar="ORIGIN")
@click.argument("public", metavar="FILE.pub", type=click.Path(path_type=Path))
@KEY
@click.option("--role", required=True, type=click.Choice(get_args(Role)), help="Highest role.")
@click.option("--measure", "measures", multiple=True, required=True, help="A measure, or a whole "
    "risk such as fairness.")  # fmt: skip
@click.option("--from", "first", type=DAY, help="First day; today if left out.")
@click.option("--until", required=True, type=DAY, help="Last day; at most five years.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("scope.sigstore.json"),
    show_default=True, help="File to write.",
)  # fmt: skip
@json_option
def grant(
    subject: str,
    public: Path,
    key: Path,
    role: str,
    measures: Sequence[str],
    first: datetime.datetime | None,
    until: datetime.datetime,
    out: Path,
    as_json: bool,
) -> None:
    """Vouch for the authority ORIGIN, whose key is FILE.pub.

    It counts for those who named you among the peers in their trust file, together with as many
    others as they ask for. Nobody vouches for themselves.
    """
    from comity.attest import check_origin
    from comity.claims.record import ScopeGrant
    from comity.cli.inputs import converted, key_digest

    who = speaker(key)
    fields = {
        "author": who[1].origin,
        "subject": check_origin(subject),
        "key": key_digest(public),
        "role": role,
        "measures": sorted(measures),
        "first_day": str((first or datetime.datetime.now(datetime.UTC)).date()),
        "last_day": str(until.date()),
    }
    predicate = converted(fields, ScopeGrant, "scope")
    words = f"{who[1].origin} vouches for {subject} until {until.date()}"
    say(predicate, who, out, words=words, as_json=as_json)


@command.command("show")
@LOGS
@trust_option
@click.option("--on", type=DAY, help="For which day; today if left out.")
@json_option
def show(
    logs: Sequence[Path], trust_path: Path, on: datetime.datetime | None, as_json: bool
) -> None:
    """Show for whom enough of your peers vouch, by the logs that you follow."""
    from comity.attest import fingerprint_of, load_trust
    from comity.cli.terminal import safe_text
    from comity.record.scope import vouched
    from comity.record.standing import grants_in

    trust = load_trust(trust_path)
    day = (on or datetime.datetime.now(datetime.UTC)).date()
    grants = grants_in(read_logs(logs, trust, ()), day=day, peers=trust.peers)
    found = vouched(grants, trust.peers, day)
    if as_json:
        click.echo(json.dumps([one._asdict() for one in found], indent=2))
        return
    peers = trust.peers
    if not peers.origins:
        click.echo("Your trust file names no peers, so nobody vouches for anybody: see [peers].")
        return
    click.echo(f"By {peers.needed} of {', '.join(peers.origins)}:")
    for one in found:
        click.echo(f"\n{one.subject}, key {fingerprint_of(one.key)}")
        for measure, role in one.measures.items():
            click.echo(f"  {safe_text(measure)}: {role}")
    if not found:
        click.echo("nobody.")
