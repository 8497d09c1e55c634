"""`comity assess`: measure a system described by a card."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.log import LOG
from comity.cli.options import json_option, trust_option
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import SigningKey
    from comity.claims import Assessment, Assessor
    from comity.cli.say import Speaker

__all__ = ["command"]

BUNDLE = "result.sigstore.json"
REPORT = "report.html"
UNSIGNED = "assessment.json"
PRIVATE = ".evidence.jsonl"
JOURNAL = ".journal.jsonl"


@click.command("assess")
@click.argument("card", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("result"), help="New folder to write."
)
@click.option("--key", type=click.Path(path_type=Path), help="Your key, as `keys new` wrote it.")
@click.option("--unsigned", is_flag=True, help="Write claims and report without a signed file.")
@click.option(
    "--table", type=click.Path(path_type=Path), help="The table, if it is not beside the card."
)
@click.option(
    "--delta", "delta_path", type=click.Path(path_type=Path),
    help="Measure only what a decision left to test: its delta.json.",
)  # fmt: skip
@click.option(
    "--evidence", is_flag=True,
    help="Commit to every row, and keep the records in a private file beside --out.",
)  # fmt: skip
@click.option(
    "--journal", type=click.Path(path_type=Path),
    help="Of a language model: where questions and answers are kept; beside --out if left out.",
)  # fmt: skip
@click.option(
    "--labels", type=click.Path(path_type=Path),
    help="Of a language model: the table of `comity label`, filled in. Nothing is asked again.",
)  # fmt: skip
@click.option("--labelled-by", help="With --labels: the name of the person who filled it in.")
@click.option("--yes", is_flag=True, help="Ask a language model without asking you first.")
@click.option(
    "--intent", "intent_path", type=click.Path(path_type=Path),
    help="What you announced with `comity intent`; the result names it.",
)  # fmt: skip
@click.option(
    "--beacon", type=click.Path(path_type=Path),
    help="With --intent: the mirror of the log whose root draws the items.",
)  # fmt: skip
@LOG
@trust_option
@json_option
def command(
    card: Path,
    out: Path,
    key: Path | None,
    unsigned: bool,
    table: Path | None,
    delta_path: Path | None,
    evidence: bool,
    journal: Path | None,
    labels: Path | None,
    labelled_by: str | None,
    yes: bool,
    intent_path: Path | None,
    beacon: Path | None,
    folder: Path,
    trust_path: Path,
    as_json: bool,
) -> None:
    """Measure the system that CARD describes; write claims, a report and one signed file.

    The folder --out appears whole, when everything is done, or not at all. Without --evidence no
    row leaves the table; with it every row goes into a private file, for you alone.

    A language model is asked only after you have seen what that takes, and said yes. All questions
    and answers go into a private journal; a run that was interrupted goes on from there.
    """
    signer, assessor = _signer(key, unsigned)
    _refuse_full(out)
    private = out.with_name(f"{out.name}{PRIVATE}") if evidence else None
    if private is not None:
        _refuse_existing(private)

    announced = None
    if intent_path is not None:
        if signer is None:
            raise InputError("what was announced is signed, too", hint="Name your key: --key")
        who = (signer, assessor)
        announced = _Announced(intent_path, card, who, delta_path, beacon, folder, trust_path)
    elif beacon is not None:
        raise InputError("--beacon belongs to an intent", hint="Announce one: comity intent")

    from comity.assess import Card, assess, check_delta, open_card, restrict
    from comity.claims.decision import Delta
    from comity.cli.assess_model import AskModel, read_labels
    from comity.cli.inputs import read_json
    from comity.cli.terminal import progress
    from comity.files import new_secret, write_folder

    loaded = open_card(card, table)
    delta = read_json(delta_path, Delta) if delta_path else None
    if delta:
        check_delta(loaded, delta)
    if isinstance(loaded, Card):
        for option, value in (("--journal", journal), ("--labels", labels)):
            if value is not None:
                raise InputError("only a language model is asked questions", where=option)
    labelled = read_labels(labels, labelled_by)
    if not isinstance(loaded, Card):
        journal = journal or out.with_name(f"{out.name}{JOURNAL}")
    with ExitStack() as stack:
        write = stack.enter_context(new_secret(private)) if private else None
        if isinstance(loaded, Card):
            step = stack.enter_context(progress(silent=as_json))
            assessment = assess(loaded, assessor, progress=step, evidence=write)
        else:
            assert journal is not None
            asking = AskModel(
                stack=stack,
                yes=yes,
                as_json=as_json,
                item_seed=announced.item_seed if announced else "",
                labelled=labelled,
            )
            assessment = asking.measure(loaded, assessor, journal, write)
    if delta:
        assessment = restrict(assessment, delta)
    if announced:
        assessment = announced.named_in(assessment)
    files = _render(assessment, signer)
    write_folder(out, files)
    kept = {"private": private, "journal": journal}
    _tell(assessment, card, out, signer is not None, kept, as_json=as_json)


class _Announced:
    """What was announced; looked at before the run, so that none is lost by a wrong file."""

    def __init__(
        self,
        path: Path,
        card: Path,
        who: Speaker,
        delta: Path | None,
        beacon: Path | None,
        log: Path,
        trust: Path,
    ) -> None:
        from comity.cli.intent import beacon_head, read_plan

        if delta is not None:
            raise InputError(
                "--intent and --delta exclude each other",
                hint="Who asked for a delta announced it already: its decision is the intent.",
            )
        self._plan = read_plan(path, card, who)
        self._head = beacon_head(self._plan, beacon, log, trust)

    @property
    def item_seed(self) -> str:
        """The seed of the items; empty where the intent names no other log."""
        from comity.record.intent import item_seed

        head = self._head
        return "" if head is None else item_seed(self._plan.statement, head.root)

    def named_in(self, assessment: Assessment) -> Assessment:
        """The assessment with its intent, the secret, and the seed of its items."""
        from comity.record.intent import with_intent

        return with_intent(assessment, self._plan.statement, self._plan.secret, self._head)


def _signer(key: Path | None, unsigned: bool) -> tuple[SigningKey | None, Assessor]:
    """Who signs, asked before the work begins and not after it."""
    from comity.attest import load_signer
    from comity.claims import Assessor
    from comity.cli.terminal import password_for

    if unsigned:
        if key is not None:
            raise InputError("--key and --unsigned exclude each other")
        return None, Assessor(origin="unsigned", name="nobody signed this", role="user")
    if key is None:
        raise InputError(
            "no key was named, so the result could not be signed",
            hint='Make one with `comity keys new lab.example --name "…" --role independent` and\n'
            "  name it with --key keys/lab.example.key; or pass --unsigned to look first.",
        )
    return load_signer(key, password_for(key))


def _refuse_full(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(
            "the folder holds files already, and a result is never overwritten",
            where=str(out),
            hint="Name another folder with --out.",
        )


def _refuse_existing(private: Path) -> None:
    if private.exists():
        raise InputError(
            "private records of an earlier run stand here, and they are never overwritten",
            where=str(private),
            hint="Name another folder with --out, or move the file away.",
        )


def _render(assessment: Assessment, signer: SigningKey | None) -> dict[str, bytes | str]:
    """The files of a result by name; a signed one carries its report beside it."""
    import hashlib

    from comity.attest import Statement, sign, subjects_of
    from comity.claims import ASSESSMENT_TYPE, canonical_bytes
    from comity.report import assessment_page

    subjects = tuple(subjects_of(assessment))
    if signer is None:
        page = assessment_page(
            assessment, statement_id=None, fingerprint=None, generated=assessment.finished
        )
        return {UNSIGNED: canonical_bytes(assessment), REPORT: page}
    payload = canonical_bytes(
        Statement(subject=subjects, predicate_type=ASSESSMENT_TYPE, predicate=assessment)
    )
    page = assessment_page(
        assessment,
        statement_id=hashlib.sha256(payload).hexdigest(),
        fingerprint=signer.public.fingerprint,
        generated=assessment.finished,
    )
    return {BUNDLE: sign(ASSESSMENT_TYPE, subjects, assessment, signer), REPORT: page}


def _tell(
    assessment: Assessment,
    card: Path,
    out: Path,
    signed: bool,
    kept: dict[str, Path | None],
    *,
    as_json: bool,
) -> None:
    """Say what was measured and written; `kept` are the files for the assessor alone."""
    import msgspec

    main = BUNDLE if signed else UNSIGNED
    if as_json:
        written = {
            "signed": str(out / BUNDLE) if signed else None,
            "report": str(out / REPORT),
            **{name: str(path) if path else None for name, path in kept.items()},
        }
        value = {"written": written, "assessment": msgspec.to_builtins(assessment)}
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
        return
    from comity.cli.terminal import print_claims, print_notes

    print_claims(assessment)
    print_notes(assessment)
    click.echo(f"\nWritten: {out / main}\n         {out / REPORT}  ← open this one first")
    if kept["private"]:
        held = "answer" if kept["journal"] else "row"
        click.echo(
            f"         {kept['private']}  ← yours alone: it holds every {held}; never send it"
        )
    if kept["journal"]:
        click.echo(
            f"         {kept['journal']}  ← yours alone: every question and what was answered"
        )
    if any(claim.judge and not claim.judge.validated for claim in assessment.claims):
        click.echo(
            "\nNo country decides on the refusals before a person has checked some of the answers:"
            f"\n  comity label {card} --journal {kept['journal']}"
        )
