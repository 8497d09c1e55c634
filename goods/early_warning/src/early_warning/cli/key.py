"""`early-warning key`: the key that signs alerts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from early_warning.cli.options import at_option, clock, country_argument, json_option, tell

__all__ = ["command"]


@click.command("key")
@country_argument
@at_option
@json_option
def command(country: Path, at: datetime | None, as_json: bool) -> None:
    """Make the key that signs the alerts of COUNTRY, and a certificate that it signs for itself.

    Nothing is replaced. A service that has a certificate from its national authority puts that one
    in its place.
    """
    from early_warning.cap import fingerprint
    from early_warning.desk.signing import new_signing_key
    from early_warning.service import open_service

    service = open_service(country)
    made = new_signing_key(service, now=clock(service, at)())
    key = service.path(service.country.signing.key)
    certificate = service.path(service.country.signing.certificate)
    digest, until = fingerprint(made.certificate), made.certificate.not_valid_after_utc
    lines = [
        f"{key} signs alerts from now on. It is yours alone: keep a copy where nobody else can.",
        f"{certificate} is for everybody who receives them, until {until:%Y-%m-%d}.",
        f"Let them compare its SHA-256 with yours by another way: {digest}",
    ]
    data = {
        "key": str(key),
        "certificate": str(certificate),
        "sha256": digest,
        "until": until.isoformat(),
    }
    tell(lines, data, as_json=as_json)
