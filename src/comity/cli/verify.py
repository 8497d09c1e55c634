"""`comity verify`: check a signed file: who said it, that nothing changed, what was measured."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.options import json_option, trust_option
from comity.errors import VerificationError

if TYPE_CHECKING:
    from comity.attest import Verified
    from comity.claims import Assessment
    from comity.claims.overlay import RegimeOverlay
    from comity.record.proof import Inclusion

__all__ = ["command"]


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@trust_option
@click.option(
    "--proof",
    type=click.Path(path_type=Path),
    help="A proof from a log: by when the file existed. The .tlog-proof beside FILE if left out.",
)
@json_option
def command(file: Path, trust_path: Path, proof: Path | None, as_json: bool) -> None:
    """Check the signed FILE offline; exit with 0 if it holds, 1 if it does not.

    Without a proof nothing says when it was signed, and the key must count today.
    """
    from comity.attest import MAX_BUNDLE_BYTES, load_trust, verify
    from comity.cli.proofs import inclusion_of
    from comity.cli.types import TYPES
    from comity.files import read_bytes

    trust = load_trust(trust_path)
    bundle = read_bytes(file, MAX_BUNDLE_BYTES)
    now = datetime.now(UTC)
    inclusion = inclusion_of(file, trust, now, proof)
    try:
        verified = verify(bundle, trust, TYPES, now, inclusion.proven if inclusion else None)
    except VerificationError as error:
        error.where = str(file) if as_json else f"{file} does not hold, rule {error.rule}"
        raise
    if as_json:
        facts = _facts(verified) | {"log": inclusion and _log_facts(inclusion)}
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        _tell(verified, inclusion)


def _log_facts(inclusion: Inclusion) -> dict[str, object]:
    return {
        "origin": inclusion.checkpoint.origin,
        "index": inclusion.index,
        "size": inclusion.checkpoint.size,
        "witnesses": [sight.origin for sight in inclusion.sights],
        "needed": inclusion.needed,
    }


def _facts(verified: Verified) -> dict[str, object]:
    import msgspec

    authority, statement = verified.authority, verified.statement
    return {
        "verified": True,
        "id": verified.id,
        "time": verified.time,
        "authority": {
            "origin": authority.origin,
            "name": authority.name,
            "role": authority.role,
            "jurisdiction": authority.jurisdiction,
            "fingerprint": verified.key.public.fingerprint,
        },
        "statement": msgspec.to_builtins(statement),
    }


def _tell(verified: Verified, inclusion: Inclusion | None) -> None:
    from comity.claims import Assessment
    from comity.claims.agreement import Agreement
    from comity.claims.decision import Decision
    from comity.claims.floor import Declaration
    from comity.claims.overlay import RegimeOverlay
    from comity.claims.share import Allocation, Need, Offer
    from comity.cli.terminal import safe_text

    authority, predicate = verified.authority, verified.predicate
    role = f", {authority.role}" if authority.role else ""
    said = ""
    if isinstance(predicate, Assessment):
        role = role or f", {predicate.assessor.role}, by their own word"
        said = f"; the author says {predicate.finished}"
    if isinstance(predicate, Decision):
        said = f"; the author says {predicate.decided}"
    _print(
        {
            "Holds": "not a byte has changed since it was signed",
            "Signed by": f"{safe_text(authority.name)} ({authority.origin}){role}",
            "Key": verified.key.public.fingerprint,
            "Time": _time(verified, inclusion) + said,
            "Identity": verified.id,
        }
    )
    if inclusion:
        log = inclusion.checkpoint.origin
        seen = ", ".join(sight.origin for sight in inclusion.sights) or "nobody you know"
        _print({"Logged": f"{log}, entry {inclusion.index:,}; seen by {seen}"})
    if isinstance(predicate, Assessment):
        _tell_assessment(predicate)
    elif isinstance(predicate, Decision):
        from comity.cli.decision_tree import print_decision

        click.echo()
        print_decision(predicate)
    elif isinstance(predicate, Agreement):
        from comity.cli.agreement_words import agreement_words

        click.echo("\nOne party's signature; each other one has a file of its own.\n")
        click.echo(agreement_words(predicate, None))
    elif isinstance(predicate, Declaration | Need | Offer | Allocation):
        from comity.cli.share_words import print_statement

        print_statement(predicate)
    elif isinstance(predicate, RegimeOverlay):
        _tell_adoption(predicate)
    else:
        from comity.cli.record_words import record_words

        for name, words in record_words(predicate):
            _print({name: safe_text(words)})


def _time(verified: Verified, inclusion: Inclusion | None) -> str:
    if verified.existed_by:
        return f"existed by {verified.existed_by:%Y-%m-%d %H:%M:%S} UTC"
    if inclusion:
        return f"unproven: {len(inclusion.sights)} of {inclusion.needed} witnesses have seen it"
    return "unproven"


def _tell_assessment(assessment: Assessment) -> None:
    from comity.cli.terminal import print_claims, print_notes, safe_text

    system, data = assessment.system, assessment.data
    _print(
        {
            "System": f"{safe_text(system.name)} {safe_text(system.version)}",
            "Bound by": f"{system.identity.binding} {system.identity.digest or ''}".strip(),
            "Data": f"{safe_text(data.name)}, {data.evaluated:,} of {data.rows:,} rows evaluated",
            "": f"SHA-256 {data.digest}",
        }
    )
    if assessment.evidence:
        _print({"Evidence": f"{assessment.evidence.n:,} rows committed to; any can be asked for"})
    click.echo()
    print_claims(assessment)
    print_notes(assessment)


def _tell_adoption(overlay: RegimeOverlay) -> None:
    from comity.cli.terminal import safe_text

    _print({"Adopts": f"{safe_text(overlay.title)}, for {overlay.jurisdiction}"})
    _print({"Base": overlay.base})
    for operation in overlay.operations:
        target = operation.requirement
        name = target if isinstance(target, str) else target.id
        _print({"": f"{type(operation).__name__.lower()} {name}"})


def _print(lines: dict[str, str]) -> None:
    for name, value in lines.items():
        click.echo(f"{name:<10} {value}")
