"""`comity revisit`: which of your decisions rest on what is no longer good, and what changes."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from comity.cli.ask import DAY
from comity.cli.options import json_option
from comity.cli.sources import LOGS, Sources
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import SigningKey
    from comity.claims.decision import Decision, Delta, Exhibit
    from comity.claims.standing import Standing
    from comity.cli.docket import Decided
    from comity.cli.inputs import Reader
    from comity.cli.sources import Known
    from comity.decide import Change

__all__ = ["command"]

MAX_SEEN = 1_000_000
MAX_FILES = 10_000
SIGNED = ".sigstore.json"


class Paper(NamedTuple):
    """A decision of one's own, where it lies, and what it rests on that is not good."""

    path: Path
    decision: Decision
    rests_on: tuple[str, ...]


class Revisited(NamedTuple):
    """A decision, made again; `after` None: something is missing that it was made from."""

    paper: Paper
    after: Decided | None
    missing: tuple[str, ...]
    changes: tuple[Change, ...]


@click.command("revisit")
@click.argument("decisions", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--country", "country_path", type=click.Path(path_type=Path),
    default=Path("country.toml"), show_default=True, help="Your country file.")  # fmt: skip
@click.option("--evidence", multiple=True, type=click.Path(path_type=Path),
    help="Signed files, or folders of them, from which you decided.")  # fmt: skip
@LOGS
@click.option("--status", type=click.Path(path_type=Path),
    help="Without a network: a signed status list, instead of logs.")  # fmt: skip
@click.option("--standing", "standing_path", type=click.Path(path_type=Path),
    help="Results of comparisons; without a log, all that is known: TOML or JSON.")  # fmt: skip
@click.option("--issuer", "issuers", multiple=True, metavar="ORIGIN",
    help="Only decisions that rest on this authority, in good standing or not.")  # fmt: skip
@click.option("--on", type=DAY, help="Day of the new decisions; today if left out.")
@click.option("--key", type=click.Path(path_type=Path), help="Your key, to sign the new ones.")
@click.option("--out", type=click.Path(path_type=Path), help="New folder for the new ones.")
@json_option
def command(
    decisions: Sequence[Path],
    country_path: Path,
    evidence: Sequence[Path],
    logs: Sequence[Path],
    status: Path | None,
    standing_path: Path | None,
    issuers: Sequence[str],
    on: datetime.datetime | None,
    key: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """List which of your DECISIONS (files, or folders of them) rest on what is no longer good.

    Each is made again, as of today, and shown before and after: what laboratories withdrew, what is
    suspended, and every authority that is not in good standing. What it was made from is taken from
    --evidence and from the logs.
    """
    from comity.cli.decide import deciding_key
    from comity.cli.docket import known_of
    from comity.cli.inputs import read_reader

    day = on.date() if on else datetime.date.today()
    reader = read_reader(country_path)
    signer = deciding_key(key, out, reader.country, day)
    sources = Sources(standing_path, logs, status)
    files = list(_found(decisions, ("decision.json", SIGNED)))
    made = _read_decisions(files, reader)
    deltas = _read_deltas(files)
    shelf = _shelf([*_found(evidence, (SIGNED,))], logs, made, reader)
    known = known_of(reader, sources, [one for found in shelf.values() for one in found], day)
    papers = _resting(made, known.standing, issuers)
    done = [_again(paper, reader, known, shelf, deltas, day) for paper in papers]
    written = _write(done, reader, signer, out) if out else {}
    if as_json:
        facts = {
            "read": len(made),
            "revisited": [_facts(one, written.get(one.paper.path)) for one in done],
        }
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        _tell(done, len(made), written)


def _found(paths: Iterable[Path], endings: tuple[str, ...]) -> Iterable[Path]:
    """Files by their endings, in folders too; a link to elsewhere is not followed."""
    count = 0
    for path in paths:
        if not path.exists():
            raise InputError("there is no such file or folder", where=str(path))
        inside = [path]
        if path.is_dir():
            inside = sorted(islice(path.rglob("*"), MAX_SEEN + 1))
        if len(inside) > MAX_SEEN:
            raise InputError(f"more than {MAX_SEEN:,} files and folders are here", where=str(path))
        for one in inside:
            if not one.name.endswith(endings) or one.is_symlink() or not one.is_file():
                continue
            count += 1
            if count > MAX_FILES:
                raise InputError(f"more than {MAX_FILES:,} files are here", where=str(path))
            yield one


def _read_decisions(files: Iterable[Path], reader: Reader) -> dict[Path, Decision]:
    """The reader's own decisions among the files; others are passed over."""
    from comity.claims.decision import Decision
    from comity.cli.inputs import read_json, read_verified

    own, found = reader.country.authority.origin, {}
    for path in files:
        if path.name.endswith(SIGNED):
            said = read_verified(path, reader.trust).predicate
        else:
            said = read_json(path, Decision)
        if isinstance(said, Decision) and said.authority == own:
            found[path] = said
    if not found:
        raise InputError(f"no decision of {own} is here")
    return found


def _read_deltas(files: Iterable[Path]) -> dict[str, Delta]:
    """The deltas beside the decisions, by their digest."""
    from comity.claims.decision import Delta
    from comity.cli.inputs import read_json

    found = {}
    for folder in sorted({path.parent for path in files}):
        path = folder / "delta.json"
        if path.is_file():
            delta = read_json(path, Delta)
            found[delta.digest] = delta
    return found


def _shelf(
    files: Sequence[Path], logs: Sequence[Path], made: dict[Path, Decision], reader: Reader
) -> dict[str, list[Exhibit]]:
    """What was laid before the decider, by statement: from files, and from the logs' blobs."""
    from comity.cli.inputs import exhibit_of, read_exhibits
    from comity.cli.sources import read_logs

    asked = {one.statement for decision in made.values() for one in decision.inputs.exhibits}
    shelf: dict[str, list[Exhibit]] = {}
    for exhibit in read_exhibits(files, reader.trust):
        shelf.setdefault(exhibit.statement, []).append(exhibit)
    for log in read_logs(logs, reader.trust, asked):
        for entry in log.entries:
            if entry.verified is not None and entry.verified.id in asked:
                exhibit = exhibit_of(entry.verified)
                if exhibit not in shelf.setdefault(exhibit.statement, []):
                    shelf[exhibit.statement].append(exhibit)
    return shelf


def _resting(made: dict[Path, Decision], known: Standing, issuers: Sequence[str]) -> list[Paper]:
    from comity.decide import not_live, rests_on

    statements, bad = not_live(known)
    if issuers:
        statements, bad = frozenset(), frozenset(issuers)
    papers = []
    for path, decision in made.items():
        carried = rests_on(decision, statements=statements, issuers=bad)
        if carried:
            papers.append(Paper(path, decision, carried))
    return papers


def _again(
    paper: Paper,
    reader: Reader,
    known: Known,
    shelf: dict[str, list[Exhibit]],
    deltas: dict[str, Delta],
    day: datetime.date,
) -> Revisited:
    """Decide again about the same system, from the same files, by what is known now."""
    from comity.cli.docket import decide_from
    from comity.decide import changes

    before = paper.decision
    wanted = [one.statement for one in before.inputs.exhibits]
    missing = [one for one in wanted if one not in shelf]
    missing += [one for one in before.inputs.deltas if one not in deltas]
    if missing:
        return Revisited(paper, None, tuple(missing), ())
    after = decide_from(
        reader,
        before.system,
        [exhibit for one in wanted for exhibit in shelf[one]],
        known,
        deployment=before.deployment,
        deltas=tuple(deltas[one] for one in before.inputs.deltas),
        date=day,
    )
    return Revisited(paper, after, (), changes(before, after.decision))


def _write(
    done: Sequence[Revisited], reader: Reader, signer: SigningKey | None, out: Path
) -> dict[Path, Path]:
    """Write each new decision into a folder of its own; returns where, by the old file."""
    from comity.cli.decide import decision_files
    from comity.cli.types import payload_of
    from comity.files import write_folder

    written: dict[Path, Path] = {}
    for one in done:
        if one.after is None:
            continue
        name, number = one.paper.path.parent.name or "decision", 1
        while (target := out / (name if number == 1 else f"{name}-{number}")) in written.values():
            number += 1
        payload = payload_of(one.after.decision)
        write_folder(target, decision_files(one.after, reader, signer, payload))
        written[one.paper.path] = target
    return written


def _facts(one: Revisited, written: Path | None) -> dict[str, object]:
    return {
        "decision": str(one.paper.path),
        "rests_on": list(one.paper.rests_on),
        "missing": list(one.missing),
        "changes": [
            {**change._asdict(), "gone": [gone._asdict() for gone in change.gone]}
            for change in one.changes
        ],
        "written": str(written) if written else None,
    }


def _tell(done: Sequence[Revisited], read: int, written: dict[Path, Path]) -> None:
    from comity.cli.terminal import safe_text
    from comity.report.decision_words import VERDICTS

    were, rest = "decision of yours was" if read == 1 else "decisions of yours were", len(done)
    click.echo(f"{read:,} {were} read; {rest:,} rest{'s' * (rest == 1)} on what is not good.")
    for one in done:
        decision = one.paper.decision
        system = f"{decision.system.name} {decision.system.version}"
        click.echo(f"\n{one.paper.path}\n  {safe_text(system)}, decided {decision.decided}")
        click.echo(f"  rests on {', '.join(map(safe_text, one.paper.rests_on))}")
        if one.missing:
            click.echo("  cannot be decided again: these files were not found (--evidence)")
            click.echo("".join(f"    {statement}\n" for statement in one.missing).rstrip())
            continue
        if not one.changes:
            click.echo("  no verdict changes")
        for change in one.changes:
            title = safe_text(f"{change.official_id}  {change.title}")
            before, after = VERDICTS[change.before], VERDICTS[change.after]
            click.echo(f"  {title}: {before} → {after}")
            for gone in change.gone:
                why = gone.reason.sentence if gone.reason else "it was not laid before the decider"
                detail = f" ({safe_text(gone.detail)})" if gone.detail else ""
                click.echo(f"    {gone.statement[:12]}… of {gone.laboratory}: {why}{detail}")
        if one.paper.path in written:
            click.echo(f"  Written: {written[one.paper.path]}")
    if done and not written:
        click.echo("\nNothing was written. To keep the new ones: --out again, and --key to sign.")
