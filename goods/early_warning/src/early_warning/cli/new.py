"""`early-warning new`: a country.toml to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from early_warning.cli.options import country_argument, json_option, tell

__all__ = ["command"]


@click.command("new")
@country_argument
@json_option
def command(country: Path, as_json: bool) -> None:
    """Write the file COUNTRY to begin with; everything in it is explained. Nothing is replaced."""
    from importlib.resources import files

    from comity.files import write_atomic

    text = files("early_warning.cli").joinpath("starter.toml").read_text("utf-8")
    write_atomic(country, text.replace("COUNTRY", country.name), replace=False)
    lines = [
        f"{country} is written. Put your own names and files into it; then:",
        f"  early-warning people {country}",
    ]
    tell(lines, {"written": str(country)}, as_json=as_json)
