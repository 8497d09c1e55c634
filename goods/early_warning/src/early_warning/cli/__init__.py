"""The front door: one file per verb, each loaded only when it is called.

Exit codes: 0 done (or yes), 1 the answer is no, 2 the question was wrong, 130 interrupted.
"""

from __future__ import annotations

import importlib
import json
import signal
import sys
from typing import Any

import click

from comity.errors import ComityError
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


class _Verbs(click.Group):
    """Lists verbs from the table above and imports a verb's file only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"early_warning.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="early-warning")
def cli() -> None:
    """From ensemble forecast to signed warning to who was missed.

    Advisory until a service adopts it: this program has no alerting authority. Start with
    `early-warning new country.toml`. Every verb takes --json for machines.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code. Every error is a sentence, no traceback."""
    words = sys.argv[1:] if arguments is None else arguments
    if arguments is None:  # asked to end: clean up as after Ctrl-C
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        result = cli.main(args=words, prog_name="early-warning", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except ComityError as error:
        _complain(error, as_json="--json" in words)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing half-written was left behind", err=True)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _complain(error: ComityError, *, as_json: bool) -> None:
    if as_json:
        fields: dict[str, Any] = {"what": error.what, "where": error.where, "hint": error.hint}
        rule = getattr(error, "rule", None)
        if rule is not None:
            fields["rule"] = rule
        click.echo(json.dumps({"error": fields}, ensure_ascii=False))
    else:
        from comity.cli.terminal import safe_text

        place = f"{safe_text(error.where)}: " if error.where else ""
        lines = [f"early-warning: {place}{safe_text(error.what)}"]
        lines += [f"  {safe_text(line.strip())}" for line in error.hint.splitlines()]
        click.echo("\n".join(lines), err=True)
