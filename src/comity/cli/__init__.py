"""The front door: one file per verb, each loaded only when it is called.

Exit codes: 0 done (or yes), 1 the answer is no, 2 the question was wrong, 130 interrupted.
"""

from __future__ import annotations

import click

from comity import __version__
from comity.cli.front import Verbs, run_program

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


@click.command(
    cls=Verbs,
    table=VERBS,
    package="comity.cli",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="comity")
def cli() -> None:
    """Test an AI system once; let every country check the proof.

    Start with `comity keys new`, then `comity assess system.toml --key KEY --out result`.
    Every verb takes --json for machines.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code. Every error is a sentence, no traceback."""
    return run_program(cli, "comity", arguments)
