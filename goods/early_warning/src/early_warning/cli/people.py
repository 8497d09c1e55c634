"""`early-warning people`: who can be warned, and who cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from early_warning.cli.options import country_argument, json_option, several, tell

__all__ = ["command"]


@click.command("people")
@country_argument
@json_option
def command(country: Path, as_json: bool) -> None:
    """Say of everybody in COUNTRY whether they can be warned, and why some cannot.

    This is what boundaries and tables say. Whether each district has a forecast today is said at
    the desk.
    """
    import dataclasses

    from early_warning.people import sentences, unwarned
    from early_warning.service import open_service

    service = open_service(country)
    ledger = service.ledger
    reasons = unwarned(ledger, {}, service.country.languages)
    told = sentences(ledger, reasons)
    where = several(len(ledger.districts), "district")
    lines = [f"{ledger.total:,} people are counted in {where}.", *told]
    data: dict[str, Any] = {
        "counted": ledger.total,
        "districts": len(ledger.districts),
        "cannot_be_warned": [dataclasses.asdict(one) for one in reasons],
        "sentences": list(told),
    }
    tell(lines, data, as_json=as_json)
