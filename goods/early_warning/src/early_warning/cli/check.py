"""`early-warning check`: any CAP file, judged."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.errors import InputError
from early_warning.cli.options import json_option, moment, several, tell

if TYPE_CHECKING:
    from early_warning.cap import Finding, Verdict

__all__ = ["command"]

_PROFILES = {"cap": "CAP 1.2 itself", "wmo": "WMO's members' use", "google": "Google's profile"}


@click.command("check")
@click.argument("alert", type=click.Path(path_type=Path))
@click.option(
    "--certificate", "certificates", multiple=True, type=click.Path(path_type=Path),
    help="A certificate whose holder you believe (PEM); can be given several times.",
)  # fmt: skip
@click.option(
    "--at", metavar="TIME", callback=moment,
    help="When you received it, by your own record. Without it: now.",
)  # fmt: skip
@json_option
def command(alert: Path, certificates: tuple[Path, ...], at: datetime | None, as_json: bool) -> int:
    """Judge the CAP file ALERT: its structure, its meaning, two profiles, and its signature.

    The answer is no (exit 1) where it is not valid CAP 1.2, or a certificate is given and the
    signature does not hold by it. What profiles ask for is told and decides nothing.
    """
    from comity.files import read_bytes
    from early_warning.cap import judge
    from early_warning.cap.door import MAX_BYTES

    if at is not None and not certificates:
        raise InputError("--at belongs to a certificate", hint="Whom do you believe? --certificate")
    data = read_bytes(alert, MAX_BYTES)
    verdict = judge(data)
    holds, signature = _signature(data, verdict, certificates, at)
    answer = {
        "file": str(alert),
        "kind": verdict.kind,
        "valid": verdict.valid,
        "why": verdict.why,
        "signed": verdict.signed,
        "signature_holds": holds,
        "signature": signature,
        "findings": [_plain(one) for one in verdict.findings],
    }
    if as_json:
        tell((), answer, as_json=True)
    else:
        _show(alert, verdict, signature)
    return 0 if verdict.valid and holds is not False else 1


def _signature(
    data: bytes, verdict: Verdict, certificates: tuple[Path, ...], at: datetime | None
) -> tuple[bool | None, str]:
    """Whether it holds (null where nobody asked), and a sentence."""
    from datetime import UTC

    from comity.errors import VerificationError
    from early_warning.cap import certificate_in, check_signature, fingerprint, load_certificate

    if certificates:
        trusted = [load_certificate(one) for one in certificates]
        when = at or datetime.now(UTC)
        try:
            found = check_signature(data, trusted=trusted, at=when)
        except VerificationError as error:
            return False, f"The signature does not hold (rule {error.rule}): {error.what}."
        return True, (
            f"The signature holds: {found.holder} signed these bytes (SHA-256 "
            f"{found.bytes_sha256}), received {when.isoformat(timespec='seconds')}."
        )
    if verdict.kind != "cap-1.2":
        return None, "Whether it is signed was not looked at."
    if not verdict.signed:
        return None, "It is not signed."
    try:
        brought = certificate_in(data)
    except VerificationError as error:
        return None, f"Its signature cannot be looked at: {error.what}."
    return None, (
        f"It brings a signature and the certificate of {brought.subject.rfc4514_string()} "
        f"({fingerprint(brought)}), which were not checked: say whom you believe by --certificate."
    )


def _show(alert: Path, verdict: Verdict, signature: str) -> None:
    """A headline, a table of what is wrong, and the signature."""
    from comity.cli.terminal import safe_text

    if verdict.kind != "cap-1.2":
        why = ". ".join(line.strip().rstrip(".") for line in (verdict.why or "").splitlines())
        click.echo(safe_text(f"{alert}: not valid CAP 1.2. {why}."))
    else:
        word = "valid" if verdict.valid else "not valid"
        click.echo(safe_text(f"{alert}: {word} CAP 1.2."))
        _table(verdict)
    click.echo(safe_text(signature))


def _table(verdict: Verdict) -> None:
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    from comity.cli.terminal import safe_text

    rule, level = Column("rule", no_wrap=True), Column("level", no_wrap=True)
    table = Table(rule, level, "where", "what is wrong", "source", box=None, pad_edge=False)
    # errors first, else in the order of the rules
    for one in sorted(verdict.findings, key=lambda one: one.level != "error"):
        cells = (one.rule, one.level, one.place, one.what, one.source)
        table.add_row(*(Text(safe_text(cell)) for cell in cells))
    if verdict.findings:
        width = None if sys.stdout.isatty() else 160
        Console(highlight=False, markup=False, width=width).print(table)
    for profile, name in _PROFILES.items():
        levels = [one.level for one in verdict.findings if one.profile == profile]
        if verdict.alert is None and profile != "cap":
            click.echo(f"{name}: not looked at, because the structure is wrong")
        else:
            errors = several(levels.count("error"), "error")
            click.echo(f"{name}: {errors}, {several(levels.count('warning'), 'warning')}")


def _plain(one: Finding) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "level": one.level,
        "profile": one.profile,
        "place": one.place,
        "what": one.what,
        "source": one.source,
    }
