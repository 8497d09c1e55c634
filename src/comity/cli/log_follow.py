"""`comity log follow`, `gather` and `check`: mirror and witness others' logs, and be witnessed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.options import json_option, trust_option
from comity.cli.places import ORIGIN, folder_of, log_at, open_place, origin_in, origin_of
from comity.errors import ComityError, InputError

if TYPE_CHECKING:
    from comity.attest import NoteKey
    from comity.record.fork import Verdict
    from comity.record.keys import StoredSigner
    from comity.record.mirror import Followed
    from comity.record.store import Source

__all__ = ["check", "compare_with", "follow", "gather"]

_KEYS = click.option(
    "--keys",
    type=click.Path(path_type=Path),
    default=Path("keys"),
    show_default=True,
    help="The folder of your keys; what was verified is kept there, too.",
)


@click.command("follow")
@click.argument("place")
@ORIGIN
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("log"),
    show_default=True,
    help="The folder that you publish; the mirror is below it, in seen/.",
)
@_KEYS
@click.option(
    "--witness", type=click.Path(path_type=Path),
    help="Your witness's key; the one in --keys if left out.",
)  # fmt: skip
@trust_option
@click.option("--no-bundles", is_flag=True, help="Mirror the entries alone, not the signed files.")
@click.option("--max-entries", type=click.IntRange(0), help="Follow no longer log than this.")
@click.option("--max-gigabytes", type=click.IntRange(1), default=20, show_default=True)
@json_option
def follow(
    place: str,
    origin: str | None,
    into: Path,
    keys: Path,
    witness: Path | None,
    trust_path: Path,
    no_bundles: bool,
    max_entries: int | None,
    max_gigabytes: int,
    as_json: bool,
) -> None:
    """Verify what is new in the log at PLACE, mirror it, and cosign what you saw.

    PLACE is a folder or a web address: the log, or anybody's mirror of it. Run it regularly. An
    interrupted run goes on where it stopped.
    """
    from comity.attest import load_trust
    from comity.cli.terminal import entries, progress, safe_text
    from comity.record import mirror
    from comity.record.checkpoint import MAX_SIZE
    from comity.record.store import FolderStore
    from comity.record.witness import seen_path

    trust = load_trust(trust_path)
    chosen = origin_of(place, origin, trust)
    signer = _witness(keys, witness)
    folder = into / seen_path(chosen)
    limits = mirror.Limits(
        entries=MAX_SIZE if max_entries is None else max_entries, bytes=max_gigabytes * 10**9
    )
    pulled = [0, 1]
    with progress(silent=as_json) as tell:
        tell(f"following {chosen}", lambda: pulled[0] / pulled[1])
        done = mirror.follow(
            log_at(place, chosen),
            FolderStore(folder),
            FolderStore(keys),
            trust.log_keys(chosen),
            lambda: datetime.now(UTC),
            signer,
            witnesses=trust.witness_keys,
            limits=limits,
            blobs=not no_bundles,
            progress=lambda count, of: pulled.__setitem__(slice(2), (count, of)),
        )
    if as_json:
        click.echo(json.dumps(_followed_facts(done, folder), indent=2))
        return
    click.echo(f"Log:      {chosen}")
    click.echo(f"Verified: {entries(done.checkpoint.size)}, {done.new:,} of them new")
    click.echo(f"Mirror:   {folder}")
    if done.cosigned:
        click.echo(f"Cosigned: {done.cosigned:%Y-%m-%d %H:%M:%S} UTC; publish {into}/")
    else:
        reason = done.refused or "no witness's key: comity keys witness NAME makes one"
        click.echo(f"Cosigned: no; {safe_text(reason)}")
    if done.absent:
        click.echo(f"Missing:  {done.absent:,} signed files that the log names and does not serve")
    for path in done.forks:
        click.echo(f"FORKED:   this log has told two stories; the proof: {folder / path}")


@click.command("gather")
@click.argument("places", nargs=-1, required=True)
@click.option(
    "--log",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("log"),
    show_default=True,
    help="The folder of your log.",
)
@trust_option
@json_option
def gather(places: tuple[str, ...], folder: Path, trust_path: Path, as_json: bool) -> int:
    """Pull what witnesses at PLACES signed below your log's checkpoints, and publish it.

    Each place is the folder that a follower of your log publishes. Your trust file names the
    followers as witnesses, and your own log.
    """
    from comity.attest import load_trust
    from comity.cli.terminal import entries, safe_text
    from comity.record import witness
    from comity.record.fork import ForkError
    from comity.record.store import FolderStore

    trust = load_trust(trust_path)
    origin = origin_in(folder)
    log_keys = trust.log_keys(origin_of(origin, origin, trust))
    if not trust.witnesses:
        raise InputError(
            "your trust file names no witness, so nobody's signature would count",
            where=str(trust_path),
        )
    seen: dict[int, int] = {}
    failed: dict[str, str] = {}
    store = FolderStore(folder)
    for place in places:
        try:
            seen |= witness.gather(store, log_keys, trust, [open_place(place)])
        except ForkError:
            raise
        except ComityError as error:
            failed[place] = " ".join(str(error).split())
    if as_json:
        facts = {"origin": origin, "witnesses": seen, "failed": failed}
        click.echo(json.dumps(facts, indent=2))
        return 1 if failed and not seen else 0
    for size, count in sorted(seen.items()):
        click.echo(f"{entries(size)}: seen by {count} of the witnesses you know")
    if not seen and not failed:
        click.echo("None of them has seen this log yet.")
    for place, reason in failed.items():
        click.echo(f"{safe_text(place)}: nothing was taken: {safe_text(reason)}", err=True)
    return 1 if failed and not seen else 0


@click.command("check")
@click.argument("place")
@click.option("--peer", "peers", multiple=True, help="The folder that another follower publishes.")
@click.option("--whole", is_flag=True, help="Read every entry and tile; PLACE is a folder.")
@ORIGIN
@trust_option
@json_option
def check(
    place: str,
    peers: tuple[str, ...],
    whole: bool,
    origin: str | None,
    trust_path: Path,
    as_json: bool,
) -> int:
    """Check how lately enough witnesses saw the log at PLACE, and whether it told PEERS the same.

    Exit code 1: it may be frozen, as it is older than your trust file allows; or somebody was told
    another story (`comity log prove-fork` writes the proof).
    """
    from comity.attest import load_trust
    from comity.cli.terminal import entries, safe_text
    from comity.record.checkpoint import open_checkpoint
    from comity.record.heads import heads_of, lately_seen
    from comity.record.log import CHECKPOINT, Log
    from comity.record.note import MAX_NOTE_BYTES

    trust = load_trust(trust_path)
    chosen = origin_of(place, origin, trust)
    source = log_at(place, chosen)
    note = source.read(CHECKPOINT, MAX_NOTE_BYTES)
    if note is None:
        raise InputError("no log is here: there is no checkpoint", where=place)
    checkpoint, _ = open_checkpoint(note, trust.log_keys(chosen))
    if whole:
        Log(folder_of(Path(place), chosen), trust.log_keys(chosen)).check()
    now = datetime.now(UTC)
    seen = lately_seen(heads_of(source, trust, now), trust, now)
    fresh = seen.last is not None and (now - seen.last).total_seconds() <= (
        trust.quorum.max_age_hours * 3600
    )
    stories = {
        peer: compare_with(source, note, log_at(peer, chosen), trust.log_keys(chosen))[0]
        for peer in peers
    }
    facts = {
        "origin": chosen,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "witnesses": len(seen.sights),
        "needed": trust.quorum.witnesses,
        "seen_at": seen.last.isoformat() if seen.last else None,
        "fresh": fresh,
        "peers": stories,
    }
    if as_json:
        click.echo(json.dumps(facts, indent=2))
    else:
        read = ", and every entry and tile belongs to it" if whole else ""
        click.echo(f"Log:       {chosen}, {entries(checkpoint.size)}; its signature holds{read}")
        click.echo(f"Witnesses: {len(seen.sights)} of {trust.quorum.witnesses} that you ask for")
        lately = f"{seen.last:%Y-%m-%d %H:%M:%S} UTC" if seen.last else "by too few to say when"
        limit = f"allowed are {trust.quorum.max_age_hours:,} hours"
        click.echo(f"Last seen: {lately}" + ("" if fresh else f"; it may be frozen ({limit})"))
        for peer, story in stories.items():
            click.echo(f"{safe_text(peer)}: {_STORIES[story]}")
    return 0 if fresh and all(story == "same" for story in stories.values()) else 1


def compare_with(
    source: Source, note: bytes, other: Source, log_keys: tuple[NoteKey, ...]
) -> tuple[Verdict, bytes | None]:
    """Whether two places show one history of a log; `note` is the checkpoint of the first.

    Raises:
        RecordError: the other one is not a checkpoint of this log.
        InputError: something cannot be read.
    """
    from comity.record.checkpoint import open_checkpoint
    from comity.record.fork import compare
    from comity.record.log import CHECKPOINT
    from comity.record.note import MAX_NOTE_BYTES

    theirs = other.read(CHECKPOINT, MAX_NOTE_BYTES)
    if theirs is None:
        raise InputError("no log is here: there is no checkpoint", where=repr(other))
    ours, _ = open_checkpoint(note, log_keys)
    larger = other if open_checkpoint(theirs, log_keys)[0].size > ours.size else source
    return compare(note, theirs, log_keys, larger)


_STORIES = {
    "same": "was told the same story",
    "forked": "was told ANOTHER story: comity log prove-fork writes the proof",
    "unproven": "shows what neither continues this log nor contradicts it with proof",
}


def _witness(keys: Path, named: Path | None) -> StoredSigner | None:
    """The witness's key: the one named, or the only one among the keys."""
    from comity.cli.terminal import password_for
    from comity.record.keys import load_note_signer

    found = [named] if named else sorted(keys.glob("*.witness.key"))
    if len(found) > 1:
        raise InputError(
            "there are several witness's keys", where=str(keys), hint="Name one with --witness."
        )
    return load_note_signer(found[0], "witness", password_for(found[0])) if found else None


def _followed_facts(done: Followed, folder: Path) -> dict[str, object]:
    return {
        "origin": done.checkpoint.origin,
        "size": done.checkpoint.size,
        "root": done.checkpoint.root.hex(),
        "new": done.new,
        "mirror": str(folder),
        "cosigned": done.cosigned.isoformat(timespec="seconds") if done.cosigned else None,
        "refused": done.refused or None,
        "missing": done.absent,
        "forks": [str(folder / path) for path in done.forks],
    }
