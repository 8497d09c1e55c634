"""`comity intent`: announce what you will measure, before you do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from comity.cli.log import KEYS, LOG
from comity.cli.options import json_option, trust_option
from comity.cli.places import origin_in
from comity.cli.say import KEY, speaker, verified_own
from comity.cli.sources import log_in, read_one, sources_by_log
from comity.cli.terminal import entries
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import Trust
    from comity.claims.record import Intent
    from comity.claims.standing import LogHead
    from comity.cli.say import Speaker
    from comity.record.intent import Seen

__all__ = ["BEACON", "Plan", "beacon_head", "command", "read_plan"]

SIGNED = ".sigstore.json"
BEACON = click.option(
    "--beacon", type=click.Path(path_type=Path),
    help="A log of somebody else, whose next root makes the seed of the items: its mirror.",
)  # fmt: skip


class Plan(NamedTuple):
    """A signed intent of one's own, and the secret that it committed to."""

    statement: str
    intent: Intent
    secret: str


@click.command("intent")
@click.argument("card", type=click.Path(path_type=Path))
@click.option("--planned", required=True, type=click.IntRange(1), help="How many items.")
@KEY
@LOG
@KEYS
@click.option(
    "--items", type=click.Path(path_type=Path),
    help="With --beacon: the table from which that many rows will be drawn, by `comity draw`.",
)  # fmt: skip
@BEACON
@trust_option
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path(f"intent{SIGNED}"),
    show_default=True, help="File to write; the secret goes beside it.",
)  # fmt: skip
@json_option
def command(
    card: Path,
    planned: int,
    key: Path,
    folder: Path,
    keys: Path,
    items: Path | None,
    beacon: Path | None,
    trust_path: Path,
    out: Path,
    as_json: bool,
) -> None:
    """Announce in your log that you will measure the system of CARD, before you do.

    Then run it with `comity assess CARD --intent FILE`. An intent without a result stays visible,
    and so does every further try.
    """
    import hashlib
    import secrets

    from comity.assess import open_card
    from comity.attest import verify
    from comity.claims.record import Beacon, Intent
    from comity.cli.log import own_log
    from comity.cli.say import own_trust_of
    from comity.cli.types import TYPES, signed
    from comity.files import MAX_TEXT_BYTES, digest_file, new_secret, read_bytes, write_atomic
    from comity.record.publish import publish

    who = speaker(key)
    signer, holder = who
    secret_path = _secret_path(out)
    for path in (out, secret_path):
        if path.exists():
            raise InputError("the file exists already and is not replaced", where=str(path))
    if items is not None and beacon is None:
        raise InputError("items are drawn by the root of a log of somebody else", where="--items",
                         hint="Name its mirror: --beacon FOLDER.")  # fmt: skip
    log, log_key = own_log(folder, keys)
    named = None
    if beacon is not None:
        trust = _trust(trust_path)
        other = log_in(beacon, trust)
        keeper = trust.keeper_of(other)
        if other == log.origin or (keeper is not None and keeper.origin == holder.origin):
            raise InputError("the seed must come from somebody else's log", where="--beacon")
        named = Beacon(origin=other, size=_longest(beacon, other, trust))
    secret = secrets.token_bytes(32)
    intent = Intent(
        assessor=holder.origin,
        system=open_card(card).system,
        card=hashlib.sha256(read_bytes(card, MAX_TEXT_BYTES)).hexdigest(),
        procedures=(),
        planned=planned,
        items=digest_file(items) if items else None,
        seed_commitment=hashlib.sha256(secret).hexdigest(),
        beacon=named,
    )
    bundle = signed(intent, signer)
    with new_secret(secret_path) as write:
        write(f"{secret.hex()}\n".encode())
    write_atomic(out, bundle, replace=False)
    verified = verify(bundle, own_trust_of(who), TYPES, datetime.now(UTC))
    (published,), checkpoint = publish(log, [(verified, bundle)], log_key)
    if as_json:
        facts = {
            "written": str(out),
            "secret": str(secret_path),
            "statement": verified.id,
            "log": log.origin,
            "index": published.number,
        }
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"Announced in {log.origin}: entry {published.number:,} of {checkpoint.size:,}")
    click.echo(f"Written: {out}\n         {secret_path}  (keep it; the result will show it)")
    click.echo(f"Statement {verified.id}")
    if named:
        click.echo(
            f"\nThe items will be drawn by the next root of {named.origin} after its entry "
            f"{named.size:,},\nonce witnesses have seen this intent."
        )
    what = f"draw {items} --card {card} --id COLUMN --out sample.csv" if items else f"assess {card}"
    seen = f" --beacon {beacon}" if beacon else ""
    click.echo(f"\nNext: comity {what} --intent {out} --key {key}{seen}")


def read_plan(path: Path, card: Path, who: Speaker) -> Plan:
    """Read one's own intent and its secret, and see that it announced this very card.

    Raises:
        InputError: it is no intent, of somebody else, of another card, or its secret is not here.
        VerificationError: it does not hold.
    """
    import hashlib

    from comity.claims.record import Intent
    from comity.files import MAX_TEXT_BYTES, read_bytes, read_secret

    verified = verified_own(path, who)
    intent = verified.predicate
    if not isinstance(intent, Intent):
        raise InputError("this signed file announces nothing", where=str(path))
    if hashlib.sha256(read_bytes(card, MAX_TEXT_BYTES)).hexdigest() != intent.card:
        raise InputError(
            "this intent announced another card, or the card was changed since",
            where=str(path),
            hint="Announce this one with `comity intent`, or take the card as it was.",
        )
    secret_path = _secret_path(path)
    secret = read_secret(secret_path, 1_000).decode("ascii", "replace").strip()
    try:
        right = hashlib.sha256(bytes.fromhex(secret)).hexdigest() == intent.seed_commitment
    except ValueError:
        right = False
    if not right:
        raise InputError("this is not the secret of that intent", where=str(secret_path))
    return Plan(verified.id, intent, secret)


def beacon_head(plan: Plan, beacon: Path | None, own: Path, trust_path: Path) -> LogHead | None:
    """The root that makes the seed of the items, or None where the intent asks for none.

    Args:
        plan: The intent.
        beacon: The mirror of the log that it names.
        own: One's own log, in which it stands.
        trust_path: The trust file, which names both logs and the witnesses.

    Raises:
        InputError: the log is not named, is another one, or has not grown, or too few witnesses
            have seen the intent, and after it the other log.
        RecordError: a log does not hold.
    """
    from comity.record.intent import beacon_after

    named = plan.intent.beacon
    if named is None:
        if beacon is not None:
            raise InputError("this intent draws no items by lot", where="--beacon")
        return None
    if beacon is None:
        raise InputError(
            f"the items are drawn by the next root of {named.origin}",
            hint="Name its mirror: --beacon FOLDER.",
        )
    trust = _trust(trust_path)
    log = read_one(own, origin_in(own), trust, {plan.statement})
    seen = [one for one in log.seen().entries if one.verified and one.verified.id == plan.statement]
    times = [one.verified.existed_by for one in seen if one.verified]
    existed = min((time for time in times if time is not None), default=None)
    if existed is None:
        raise InputError(
            "too few witnesses have seen the intent in your log; "
            f"{trust.quorum.witnesses} are needed",
            where=str(own),
            hint="Wait until they have, and gather what they signed: comity log gather.",
        )
    head = beacon_after(_times_of(beacon, named.origin, trust), named, existed)
    if head is None:
        raise InputError(
            f"{named.origin} must have grown beyond {entries(named.size)}, and been seen by "
            f"{trust.quorum.witnesses} witnesses after {existed:%Y-%m-%d %H:%M:%S} UTC",
            where=str(beacon),
            hint="Nobody can hurry it: whoever could, could choose the items. Follow it later.",
        )
    return head


def _longest(folder: Path, origin: str, trust: Trust) -> int:
    """How many entries a log has, by the newest checkpoint here, seen by witnesses or not."""
    from comity.record.heads import heads_of

    _, source = sources_by_log([folder], trust)[origin][0]
    return max(one.head.size for one in heads_of(source, trust, datetime.now(UTC)))


def _times_of(folder: Path, origin: str, trust: Trust) -> list[Seen]:
    """The checkpoints of a log that enough witnesses have seen, as far as they are kept here."""
    from comity.record.cosigned import cosigned_sizes
    from comity.record.heads import cosigned_heads
    from comity.record.intent import Seen

    now = datetime.now(UTC)
    newest = read_one(folder, origin, trust, ())
    found = [Seen(newest.head, newest.first)] if newest.first else []
    for _, source in sources_by_log([folder], trust)[origin]:
        heads = cosigned_heads(source, origin, cosigned_sizes(source), trust, now)
        found += [Seen(one.head, one.first) for one in heads if one.first is not None]
    return found


def _trust(path: Path) -> Trust:
    from comity.attest import load_trust

    return load_trust(path)


def _secret_path(path: Path) -> Path:
    return path.with_name(f"{path.name.removesuffix(SIGNED)}.secret")
