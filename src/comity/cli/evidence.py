"""`comity evidence`: reveal single rows of a result, and check revealed rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.options import json_option, trust_option
from comity.errors import ComityError, EvidenceError, InputError

if TYPE_CHECKING:
    from comity.attest import Revealed, Verified

__all__ = ["command"]


@click.group("evidence")
def command() -> None:
    """Reveal single rows of a result, and check revealed ones against its signature."""


@command.command("reveal")
@click.argument("records", type=click.Path(path_type=Path))
@click.option("--items", required=True, help="Numbers of rows, for instance 17,402.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("revealed.json"),
    show_default=True,
    help="File to write.",
)
def reveal(records: Path, items: str, out: Path) -> None:
    """Write the rows --items of the private file RECORDS, with proofs, and no others.

    The first row of the table is 1. What is written holds these people's values: send it to nobody
    but whoever may see them.
    """
    from comity.attest import reveal as reveal_rows
    from comity.attest.evidence import MAX_RECORD_BYTES
    from comity.claims import canonical_bytes
    from comity.files import secret_lines, write_atomic

    rows = _numbers(items)
    try:
        revealed = reveal_rows(secret_lines(records, MAX_RECORD_BYTES), rows)
    except InputError as error:
        error.where = error.where or str(records)
        raise
    write_atomic(out, canonical_bytes(revealed), mode=0o600, replace=False)
    click.echo(f"Written: {out}, with {len(revealed.records):,} of {revealed.n:,} rows")


def _numbers(items: str) -> list[int]:
    words = [word.strip() for word in items.split(",")]
    if not all(word.isascii() and word.isdigit() and len(word) <= 15 for word in words):
        raise InputError(
            "rows are named by their numbers, with commas between them",
            where="--items",
            hint="For instance: --items 17,402",
        )
    return [int(word) for word in words]


@command.command("check")
@click.argument("revealed", type=click.Path(path_type=Path))
@click.option("--bundle", required=True, type=click.Path(path_type=Path), help="The signed result.")
@trust_option
@json_option
def check(revealed: Path, bundle: Path, trust_path: Path, as_json: bool) -> None:
    """Check that the rows in REVEALED are those that the signed result was committed to.

    Exit with 0 if they are, 1 if one is not. It proves commitment, not truth.
    """
    from comity.attest import MAX_BUNDLE_BYTES, check_revealed, load_trust, read_revealed, verify
    from comity.attest.evidence import MAX_REVEALED_BYTES
    from comity.claims import Assessment
    from comity.cli.types import TYPES
    from comity.files import read_bytes

    trust = load_trust(trust_path)
    signed = read_bytes(bundle, MAX_BUNDLE_BYTES)
    handed_over = read_bytes(revealed, MAX_REVEALED_BYTES)
    try:
        verified = verify(signed, trust, TYPES, datetime.now(UTC))
        if not isinstance(verified.predicate, Assessment) or verified.predicate.evidence is None:
            raise EvidenceError(
                "the signed file commits to no rows",
                hint="Its author ran `comity assess` without --evidence.",
            )
    except ComityError as error:
        error.where = str(bundle)
        raise
    try:
        found = read_revealed(handed_over)
        check_revealed(found, verified.predicate.evidence)
    except ComityError as error:
        error.where = str(revealed)
        raise
    _tell(found, verified, as_json=as_json)


def _tell(revealed: Revealed, verified: Verified, *, as_json: bool) -> None:
    from comity.cli.terminal import safe_text

    records = [one.record for one in revealed.records]
    if as_json:
        value = {
            "committed": True,
            "statement": verified.id,
            "origin": verified.authority.origin,
            "n": revealed.n,
            "records": [{"row": record.row, "values": record.values} for record in records],
        }
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
        return
    rows = "1 row is" if len(records) == 1 else f"{len(records):,} rows are"
    click.echo(
        f"{rows} what {safe_text(verified.authority.name)} committed to, of {revealed.n:,}.\n"
        f"Statement {verified.id}\n"
    )
    for record in records:
        values = (
            f"{safe_text(role)}={'(none)' if value is None else safe_text(value)}"
            for role, value in record.values.items()
        )
        click.echo(f"  row {record.row:,}: {', '.join(values)}")
    click.echo("\nThis proves commitment, not truth: compare the rows with what you know of them.")
