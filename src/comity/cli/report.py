"""`comity report`: the report of a signed assessment as one HTML page, made by the receiver."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

__all__ = ["command"]


@click.command("report")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--trust",
    "trust_path",
    type=click.Path(path_type=Path),
    default=Path("trust.toml"),
    show_default=True,
    help="Your trust file.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("report.html"), help="Page to write."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def command(file: Path, trust_path: Path, out: Path, as_json: bool) -> None:
    """Verify the signed FILE and write its report as one HTML page.

    The page is made here from what was signed: nothing that the sender drew is shown.
    """
    from comity.attest import MAX_BUNDLE_BYTES, TYPES, load_trust, verify
    from comity.claims import Assessment, timestamp
    from comity.files import read_bytes, write_atomic
    from comity.report import assessment_page

    now = datetime.now(UTC)
    bundle = read_bytes(file, MAX_BUNDLE_BYTES)
    verified = verify(bundle, load_trust(trust_path), TYPES, now)
    assert isinstance(verified.predicate, Assessment)
    page = assessment_page(
        verified.predicate,
        statement_id=verified.id,
        fingerprint=verified.key.public.fingerprint,
        generated=timestamp(now),
    )
    write_atomic(out, page)
    if as_json:
        click.echo(json.dumps({"id": verified.id, "written": str(out)}, ensure_ascii=False))
    else:
        click.echo(f"Written: {out}")
