"""The front door: one file per verb, each loaded only when it is called.

Exit codes: 0 done (or yes), 1 the answer is no, 2 the question was wrong, 130 interrupted.
"""

from __future__ import annotations

import click

from comity.cli.front import Verbs, run_program
from early_warning import __version__

__all__ = ["VERBS", "cli", "main"]

VERBS = {
    "new": "Write a country.toml to begin with; everything in it is explained.",
    "key": "Make the key that signs alerts, and its certificate.",
    "forecaster": "Say who may work at the desk.",
    "people": "Say who can be warned, who cannot, and why.",
    "prove": "Judge for which districts and hazards the forecast has shown skill. Once a season.",
    "run": "Look for forecasts, make drafts, show the desk, send what is approved.",
    "audit": "After the event: what came true, and who was missed.",
    "card": "Write the forecast as a system that `comity assess` measures.",
    "check": "Judge any CAP file, and its signature.",
}
"""Name and summary of each verb; `early_warning.cli.<name>` defines `command`."""


@click.command(
    cls=Verbs,
    table=VERBS,
    package="early_warning.cli",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="early-warning")
def cli() -> None:
    """From ensemble forecast to signed warning to who was missed.

    Advisory until a service adopts it: this program has no alerting authority. Start with
    `early-warning new country.toml`. Every verb takes --json for machines.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code. Every error is a sentence, no traceback."""
    return run_program(cli, "early-warning", arguments)
