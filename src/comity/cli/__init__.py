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

from comity import __version__
from comity.errors import ComityError

__all__ = ["cli", "main"]

VERBS = {
    "self-check": "See Comity find what was planted in a simulated language model.",
    "assess": "Measure a system described by a card; write claims, a report and one signed file.",
    "verify": "Check a signed file: who said it, that nothing changed, what was measured.",
    "evidence": "Reveal single rows of a result, and check revealed ones against its signature.",
    "report": "Write the report of a signed assessment or decision as one HTML page.",
    "decide": "Decide by your own rules on measurements of others; list what is left to test.",
    "country": "Write down your rules, whom you recognise, and what you can spend.",
    "agreement": "Write down whose measurements count where; look through it; sign it.",
    "regimes": "Read the rules that come with Comity, check your own, and adopt them.",
    "log": "Keep a log of what you signed; follow, witness and check those of others.",
    "publish": "Append what you signed to your log, where others can see that it never changes.",
    "withdraw": "Take back a statement of your own.",
    "suspend": "Stop a statement of your own, or an authority, for some days.",
    "scope": "Say for what you vouch for an authority, and see for whom your peers do.",
    "standing": "Say what is still good, by the logs that you follow; sign it for others.",
    "revisit": "List which of your decisions rest on what is no longer good; decide again.",
    "intent": "Announce in your log what you will measure, before you do.",
    "draw": "Draw the announced number of rows from a table, by a seed that nobody chose.",
    "share": "Declare needs and offers, bring them together fairly, and check the result.",
    "keys": "Make and show the keys that you sign with.",
    "trust": "Say whose keys you trust, and write the offline verifier page.",
    "label": "Write a sheet on which a person checks how the model's refusals were told.",
    "transcripts": "Show what a language model was asked and said, for your eyes alone.",
    "overlap": "Find text that a model's outputs share with a corpus, word for word.",
    "measures": "List what can be measured, with formulas, sources and limits.",
}
"""Name and summary of each verb; `comity.cli.<name>` defines `command` (a dash becomes `_`)."""


class _Verbs(click.Group):
    """Lists verbs from the table above and imports a verb's file only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"comity.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.command(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="comity")
def cli() -> None:
    """Test an AI system once; let every country check the proof.

    Start with `comity keys new`, then `comity assess system.toml --key KEY --out result`.
    Every verb takes --json for machines.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code. Every error is a sentence, no traceback."""
    words = sys.argv[1:] if arguments is None else arguments
    if arguments is None:  # asked to end: clean up as after Ctrl-C
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        result = cli.main(args=words, prog_name="comity", standalone_mode=False)
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
        lines = [f"comity: {place}{safe_text(error.what)}"]
        lines += [f"  {safe_text(line.strip())}" for line in error.hint.splitlines()]
        click.echo("\n".join(lines), err=True)
