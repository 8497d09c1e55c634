"""Options that many verbs share, so that they are named and explained alike."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["json_option", "trust_option"]

trust_option = click.option(
    "--trust",
    "trust_path",
    type=click.Path(path_type=Path),
    default=Path("trust.toml"),
    show_default=True,
    help="Your trust file.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
