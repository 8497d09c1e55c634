"""Terminal: foreign text shown without its tricks, passwords asked, claims as a table."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.errors import InputError

if TYPE_CHECKING:
    from comity.claims import Assessment, Claim

__all__ = [
    "entries",
    "new_password",
    "password_for",
    "print_claims",
    "print_notes",
    "progress",
    "safe_text",
]

MANY_CLAIMS = 20
"""Above this, a table in the terminal leaves single groups to the report."""
PASSWORD_VARIABLE = "COMITY_KEY_PASSWORD"  # noqa: S105
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"
"""Part of ordinary spelling in Persian and in Indian scripts, so they stay."""


def safe_text(text: str) -> str:
    """Foreign text for a terminal: what cannot be seen is shown by its number, as `<U+001B>`.

    Control characters could move the cursor, colour a lie or hide a line; direction overrides and
    zero-width characters make one name look like another.
    """
    return "".join(
        f"<U+{ord(letter):04X}>"
        if unicodedata.category(letter) in _UNSEEN and letter not in _JOINERS
        else letter
        for letter in text
    )


def entries(size: int) -> str:
    """How many entries a log has, in words: `1 entry`, `2,048 entries`."""
    return "1 entry" if size == 1 else f"{size:,} entries"


def password_for(path: Path) -> str | None:
    """The password of the key at `path`: from the environment, or asked for; None if it has none.

    Raises:
        InputError: the key cannot be read, or it needs a password and nobody is there to ask.
    """
    from comity.files import read_secret

    if b"ENCRYPTED" not in read_secret(path, 20_000):
        return None
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise InputError(
            "this key is protected by a password", where=str(path), hint=f"Set {PASSWORD_VARIABLE}."
        )
    answer: str = click.prompt(f"Password of {path}", hide_input=True, err=True)
    return answer


def new_password() -> str:
    """A password for a new key: from the environment, or asked for twice.

    Raises:
        InputError: nobody is there to ask.
    """
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise InputError("nobody is here to type a password", hint=f"Set {PASSWORD_VARIABLE}.")
    answer: str = click.prompt("New password", hide_input=True, confirmation_prompt=True, err=True)
    return answer


Share = Callable[[], float | None]


@contextlib.contextmanager
def progress(*, silent: bool) -> Iterator[Callable[[str, Share | None], None]]:
    """Show on a terminal what is being done, for how long, and about how much longer.

    Yields the function to tell each step: its words, and what gives the share of it that is done.

    Args:
        silent: Show nothing, for machines.
    """
    if silent or not sys.stderr.isatty():
        yield lambda step, share: None
        return
    from rich.console import Console
    from rich.progress import (
        Progress,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.text import Text

    began = time.monotonic()
    asked: Share | None = None

    class Left(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(time_left(asked() if asked else None, time.monotonic() - began))

    words = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), words, TimeElapsedColumn(), Left())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("starting")

        def tell(step: str, share: Share | None) -> None:
            nonlocal began, asked
            began, asked = time.monotonic(), share
            shown.update(task, description=step)

        yield tell


def time_left(share: float | None, seconds: float) -> str:
    """About how long a step still takes, when `share` of it took `seconds`; empty if unknown.

    Nothing is said in the first two seconds, nor from less than a fiftieth: it would be a guess.
    """
    if share is None or not 0.02 <= share < 1 or seconds < 2:
        return ""
    left = round(seconds * (1 - share) / share)
    return f"about {left} s left" if left < 120 else f"about {round(left / 60)} min left"


def print_claims(assessment: Assessment) -> None:
    """Print the measured claims as a table, then what was not measured and why."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    measure = Column("measure", no_wrap=True)  # cut short, two measures would look alike
    table = Table(measure, "groups", "estimate", "interval", "n", box=None, pad_edge=False)
    partitions = {
        one.digest: one.parameters["partition"]
        for one in assessment.procedures
        if "partition" in one.parameters
    }
    few = len(assessment.claims) <= MANY_CLAIMS
    shown = [claim for claim in assessment.claims if few or not claim.slice]
    for claim in shown:
        if claim.estimate is None:
            continue
        interval = claim.interval
        bounds = (
            f"[{short(interval.low)}, {short(interval.high)}]"
            if interval
            else f"none: {claim.reason.sentence if claim.reason else ''}"
        )
        cells = (
            claim.measure,
            _about(claim, partitions),
            short(claim.estimate),
            bounds,
            f"{claim.counts.scored:,}",
        )
        table.add_row(*(Text(safe_text(cell)) for cell in cells))
    width = None if sys.stdout.isatty() else 160
    console = Console(highlight=False, markup=False, width=width)
    if table.row_count:
        console.print(table)
    parts = [claim for claim in assessment.claims if claim.slice and not few]
    measured = sum(claim.estimate is not None for claim in parts)
    if parts:
        click.echo(f"\nand {measured:,} numbers on single groups and score bins: see the report.")
    absent = [claim for claim in shown if claim.estimate is None]
    if absent or measured < len(parts):
        click.echo("\nNot measured:")
    for claim in absent:
        why = claim.reason.sentence if claim.reason else claim.status
        detail = f" ({safe_text(claim.detail)})" if claim.detail else ""
        click.echo(f"  {safe_text(claim.measure)}, {_about(claim, partitions)}: {why}{detail}")
    reasons = Counter(claim.reason for claim in parts if claim.estimate is None)
    for reason, number in reasons.items():
        why = reason.sentence if reason else "no reason given"
        click.echo(f"  {number:,} numbers on single groups and score bins: {why}")


def print_notes(assessment: Assessment) -> None:
    """Print what the author wants the reader to know about the data."""
    if assessment.notes:
        click.echo("\nNotes:")
    for note in assessment.notes:
        click.echo(f"  {safe_text(note)}")


def _about(claim: Claim, partitions: Mapping[str, str]) -> str:
    """Which part a claim is about (`sex=female`), what it compares (`by sex`), or `all`."""
    if claim.slice:
        return ", ".join(
            f"{safe_text(key)}={safe_text(value)}" for key, value in claim.slice.items()
        )
    partition = partitions.get(claim.procedure)
    return f"by {safe_text(partition)}" if partition else "all"


def short(decimal: str) -> str:
    """A decimal with four significant digits, for the eye; the signed file has all twelve."""
    return f"{float(decimal):.4g}"
