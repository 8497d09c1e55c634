"""`comity assess`: measure a system described by a card."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import SigningKey
    from comity.claims import Assessment, Assessor

__all__ = ["command"]

BUNDLE = "result.sigstore.json"
REPORT = "report.html"
UNSIGNED = "assessment.json"
PRIVATE = ".evidence.jsonl"


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
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def command(
    card: Path,
    out: Path,
    key: Path | None,
    unsigned: bool,
    table: Path | None,
    delta_path: Path | None,
    evidence: bool,
    as_json: bool,
) -> None:
    """Measure the system that CARD describes; write claims, a report and one signed file.

    The folder --out appears whole, when everything is done, or not at all. Without --evidence no
    row leaves the table; with it every row goes into a private file, for you alone.
    """
    signer, assessor = _signer(key, unsigned)
    _refuse_full(out)
    private = out.with_name(f"{out.name}{PRIVATE}") if evidence else None
    if private is not None:
        _refuse_existing(private)

    from comity.assess import SystemClock, assess, check_delta, load_card, restrict
    from comity.claims.decision import Delta
    from comity.cli.inputs import read_json
    from comity.cli.terminal import progress
    from comity.files import new_secret, write_folder

    loaded = load_card(card, table)
    delta = read_json(delta_path, Delta) if delta_path else None
    if delta:
        check_delta(loaded, delta)
    with (
        new_secret(private) if private else nullcontext() as write,
        progress(silent=as_json) as step,
    ):
        assessment = assess(loaded, assessor, clock=SystemClock(), progress=step, evidence=write)
    if delta:
        assessment = restrict(assessment, delta)
    files = _render(assessment, signer)
    write_folder(out, files)
    _tell(assessment, out, signer is not None, private, as_json=as_json)


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
    assessment: Assessment, out: Path, signed: bool, private: Path | None, *, as_json: bool
) -> None:
    import msgspec

    main = BUNDLE if signed else UNSIGNED
    if as_json:
        written = {
            "signed": str(out / BUNDLE) if signed else None,
            "report": str(out / REPORT),
            "private": str(private) if private else None,
        }
        value = {"written": written, "assessment": msgspec.to_builtins(assessment)}
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
        return
    from comity.cli.terminal import print_claims, print_notes

    print_claims(assessment)
    print_notes(assessment)
    click.echo(f"\nWritten: {out / main}\n         {out / REPORT}  ← open this one first")
    if private:
        click.echo(f"         {private}  ← yours alone: it holds every row; never send it")
