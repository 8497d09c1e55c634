"""`comity report`: a signed assessment or decision as one HTML page, made by the receiver."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.options import json_option, trust_option
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.attest import Verified

__all__ = ["command"]


@click.command("report")
@click.argument("file", type=click.Path(path_type=Path))
@trust_option
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("report.html"), help="Page to write."
)
@json_option
def command(file: Path, trust_path: Path, out: Path, as_json: bool) -> None:
    """Verify the signed FILE and write its report as one HTML page.

    The page is made here from what was signed: nothing that the sender drew is shown.
    """
    from comity.attest import load_trust
    from comity.cli.inputs import read_verified
    from comity.files import write_atomic

    verified = read_verified(file, load_trust(trust_path))
    page = _page(verified, str(file))
    write_atomic(out, page)
    if as_json:
        click.echo(json.dumps({"id": verified.id, "written": str(out)}, ensure_ascii=False))
    else:
        click.echo(f"Written: {out}")


def _page(verified: Verified, where: str) -> str:
    from comity.claims import Assessment, timestamp
    from comity.claims.decision import Decision

    fingerprint, now = verified.key.public.fingerprint, timestamp(datetime.now(UTC))
    if isinstance(verified.predicate, Assessment):
        from comity.report import assessment_page

        return assessment_page(
            verified.predicate, statement_id=verified.id, fingerprint=fingerprint, generated=now
        )
    if isinstance(verified.predicate, Decision):
        from comity.report.decision import decision_page

        return decision_page(
            verified.predicate,
            assessments={},
            statement_id=verified.id,
            fingerprint=fingerprint,
            generated=now,
        )
    raise InputError(
        "there is a report of assessments and of decisions alone",
        where=where,
        hint="`comity verify` shows what is in this file.",
    )
