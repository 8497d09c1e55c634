"""`comity decide`: your own verdicts on measurements of others, and what is left to test."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.ask import DAY
from comity.cli.options import json_option
from comity.cli.sources import LOGS
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import SigningKey
    from comity.claims.country import Country
    from comity.claims.divergence import Topic
    from comity.cli.docket import Decided, Docket, Side
    from comity.cli.inputs import Reader
    from comity.cli.sources import Known

__all__ = ["command", "deciding_key", "decision_files"]

SIGNED = ".sigstore.json"
BUNDLE = f"decision{SIGNED}"
UNSIGNED = "decision.json"
PAGE = "decision.html"
DELTA = "delta.json"
STANDING = "standing.json"
SHEET = "divergence.html"


class _Decide(click.Command):
    """Lets `--across` be followed by several names; signed files among them are evidence."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        spread: list[str] = []
        names = False
        for word, following in zip(args, [*args, "-"][1:], strict=True):
            if word == "--across" and not following.startswith("-"):
                names = True
            elif names and not word.startswith("-"):
                spread += [word] if word.endswith(SIGNED) else ["--across", word]
            else:
                names = False
                spread.append(word)
        return super().parse_args(ctx, spread)


@click.command("decide", cls=_Decide)
@click.argument("bundles", nargs=-1, type=click.Path(path_type=Path), metavar="BUNDLE…")
@click.option(
    "--country",
    "country_path",
    type=click.Path(path_type=Path),
    default=Path("country.toml"),
    show_default=True,
    help="Your country file.",
)
@click.option("--on", type=DAY, help="Day of the decision; today if left out.")
@click.option("--system", "system_path", type=click.Path(path_type=Path), help="A card or signed "
    "assessment of the system that you would use, when the bundles are about several.")  # fmt: skip
@click.option("--standing", "standing_path", type=click.Path(path_type=Path), help="What is known "
    "of withdrawals, suspensions and comparisons: TOML or JSON.")  # fmt: skip
@LOGS
@click.option(
    "--status",
    type=click.Path(path_type=Path),
    help="Without a network: a signed status list, instead of logs.",
)
@click.option("--max-age", type=click.IntRange(0), metavar="HOURS", help="Oldest sight of a log "
    "that counts. Left out: as the trust file and the agreements say.")  # fmt: skip
@click.option("--delta", "deltas", multiple=True, type=click.Path(path_type=Path),
    help="A delta of yours that a bundle answers.")  # fmt: skip
@click.option("--use", "uses", multiple=True, help="What the system is used for, in the regime's "
    "words: hiring. Left out: not stated.")  # fmt: skip
@click.option("--on-market-since", type=DAY, help="First day on your market.")
@click.option("--key", type=click.Path(path_type=Path), help="Your key, to sign the decision.")
@click.option("--out", type=click.Path(path_type=Path), help="New folder to write.")
@click.option("--across", multiple=True, metavar="NAME…", help="Show one system under several "
    "regimes: country files, regime files or ids.")  # fmt: skip
@json_option
def command(
    bundles: Sequence[Path],
    country_path: Path,
    on: datetime.datetime | None,
    system_path: Path | None,
    standing_path: Path | None,
    logs: Sequence[Path],
    status: Path | None,
    max_age: int | None,
    deltas: Sequence[Path],
    uses: Sequence[str],
    on_market_since: datetime.datetime | None,
    key: Path | None,
    out: Path | None,
    across: Sequence[str],
    as_json: bool,
) -> None:
    """Decide about a system by your own rules, from signed measurements of others.

    Says for each requirement what was decided and why, and lists the tests that nobody whom you
    recognise has run. Run those with `comity assess CARD --delta delta.json --key KEY --out fresh`,
    then decide again with both files and --delta.
    """
    from comity.claims.country import Deployment
    from comity.claims.decision import Delta
    from comity.cli.docket import Docket
    from comity.cli.inputs import converted, read_json
    from comity.cli.sources import Sources

    stated = {
        "on_market_since": on_market_since.date().isoformat() if on_market_since else None,
        "uses": uses or None,
    }
    docket = Docket(
        bundles=bundles,
        system=system_path,
        sources=Sources(standing_path, logs, status, max_age),
        deployment=converted(stated, Deployment, "--use"),
        deltas=tuple(read_json(path, Delta) for path in deltas),
        date=on.date() if on else datetime.date.today(),
    )
    if across:
        if key is not None:
            raise InputError("--across compares and decides nothing, so there is nothing to sign")
        _compare(docket, across, country_path, out, as_json=as_json)
    else:
        _decide(docket, country_path, key, out, as_json=as_json)


def _decide(
    docket: Docket, country_path: Path, key: Path | None, out: Path | None, *, as_json: bool
) -> None:
    import hashlib

    import msgspec

    from comity.cli.docket import decide_by
    from comity.cli.inputs import read_reader
    from comity.cli.sources import listed_words
    from comity.cli.types import payload_of
    from comity.files import write_folder

    if not docket.bundles:
        raise InputError("no signed file was named", hint="comity decide result.sigstore.json")
    reader = read_reader(country_path)
    signer = deciding_key(key, out, reader.country, docket.date)
    decided = decide_by(reader, docket)
    payload = payload_of(decided.decision)
    statement = hashlib.sha256(payload).hexdigest()
    if out is not None:
        write_folder(out, decision_files(decided, reader, signer, payload))
    if as_json:
        facts = {
            "statement": statement,
            "written": str(out) if out else None,
            "delta": decided.decision.delta.digest,
            "standing": msgspec.to_builtins(decided.known.standing),
            "changed_nothing": listed_words(decided.known.listed),
            "decision": msgspec.to_builtins(decided.decision),
        }
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    from comity.cli.decision_tree import print_decision

    print_decision(decided.decision)
    _print_known(decided.known)
    click.echo(f"\nStatement {statement}\nWhoever decides by the same inputs gets the same digits.")
    if out is None:
        click.echo("\nNothing was written. To keep it: --out decision, and --key to sign it.")
        return
    main = BUNDLE if signer else UNSIGNED
    click.echo(f"\nWritten: {out / main}\n         {out / PAGE}  ← open this one first")
    if decided.decision.delta.items:
        click.echo(f"         {out / DELTA}  → what is left; a laboratory runs it with its key:")
        click.echo(f"comity assess CARD --delta {out / DELTA} --key KEY --out fresh")


def _print_known(known: Known) -> None:
    from comity.cli.sources import listed_words, log_words
    from comity.cli.terminal import safe_text

    for line in log_words(known.standing):
        click.echo(f"Log       {safe_text(line)}")
    if known.listed:
        click.echo("\nThese entries of the logs changed nothing:")
    for line in listed_words(known.listed):
        click.echo(f"  {safe_text(line)}")


def deciding_key(
    key: Path | None, out: Path | None, country: Country, date: datetime.date
) -> SigningKey | None:
    """The key that signs a decision, if it is the reader's own; asked for before the work begins.

    Raises:
        InputError: it is somebody else's, there is no folder to write to, or the day is to come.
    """
    if key is None:
        return None
    from comity.attest import load_signer
    from comity.cli.terminal import password_for

    if out is None:
        raise InputError("a signed decision needs a folder", hint="Name one: --out decision")
    if date > datetime.date.today():
        raise InputError(
            f"{date} has not come yet, and nobody can sign today what is decided then",
            hint="Leave --key out to look ahead.",
        )
    secret, holder = load_signer(key, password_for(key))
    authority = country.authority
    if (holder.origin, secret.public.spki_sha256) != (authority.origin, authority.key):
        raise InputError(
            f"this is the key of {holder.origin}, and another decides here: {authority.origin}"
            if holder.origin != authority.origin
            else f"the country file names another key of {authority.origin} than this one",
            where=str(key),
        )
    return secret


def decision_files(
    decided: Decided, reader: Reader, signer: SigningKey | None, payload: bytes
) -> dict[str, bytes | str]:
    """The files of a decision by name; but for the signature the same inputs give the same."""
    import hashlib

    from comity.attest.sign import sign_payload
    from comity.claims import canonical_bytes
    from comity.report.decision import decision_page

    decision = decided.decision
    page = decision_page(
        decision,
        assessments=decided.assessments,
        regime=reader.resolved.regime,
        statement_id=hashlib.sha256(payload).hexdigest() if signer else None,
        fingerprint=signer.public.fingerprint if signer else None,
        generated=str(decision.decided),
    )
    main = (
        {BUNDLE: sign_payload(payload, signer)} if signer else {UNSIGNED: canonical_bytes(decision)}
    )
    # Exactly the canonical bytes: the file's SHA-256 is what an assessment names as its intent.
    files: dict[str, bytes | str] = {**main, PAGE: page, DELTA: canonical_bytes(decision.delta)}
    if decided.known.standing.logs:  # what the logs said: whoever decides again needs it
        files[STANDING] = canonical_bytes(decided.known.standing)
    return files


def _compare(
    docket: Docket, names: Sequence[str], country: Path, out: Path | None, *, as_json: bool
) -> None:
    from comity.cli.docket import sides
    from comity.decide import across
    from comity.files import write_folder

    found = sides(names, country, docket)
    topics = across([(side.resolved, side.decision) for side in found])
    if out is not None:
        write_folder(out, {SHEET: _sheet(found, topics, docket.date)})
    if as_json:
        click.echo(json.dumps([_topic(topic) for topic in topics], ensure_ascii=False, indent=2))
        return
    from comity.cli.decision_tree import print_sheet

    print_sheet(topics, [side.name for side in found])
    if out is not None:
        click.echo(f"\nWritten: {out / SHEET}")


def _sheet(found: Sequence[Side], topics: Sequence[Topic], date: datetime.date) -> str:
    from comity.report.divergence import divergence_page

    decisions = [side.decision for side in found if side.decision is not None]
    return divergence_page(
        topics,
        [side.resolved.regime for side in found],
        system=decisions[0].system if decisions else None,
        day=date if decisions else None,
        generated=str(date),
    )


def _topic(topic: Topic) -> dict[str, object]:
    import msgspec

    return {
        "topic": topic.topic,
        "cells": [
            {
                "regime": cell.regime,
                "requirement": cell.requirement.id,
                "mark": msgspec.to_builtins(cell.requirement.mark),
                "verdict": cell.finding.verdict if cell.finding else None,
            }
            for cell in topic.cells
        ],
        "relations": [
            {"between": list(pair), "relation": relation}
            for pair, relation in topic.relations.items()
        ],
    }
