"""`comity assess` of a language model: the plan first, then a yes, then the run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.errors import InputError

if TYPE_CHECKING:
    from comity.assess import QuestionCard
    from comity.assess.questions.labelling import Labelled
    from comity.assess.systems.endpoint.plan import Plan
    from comity.claims import Assessment, Assessor

__all__ = ["AskModel", "read_labels"]


def read_labels(path: Path | None, by: str | None) -> Labelled | None:
    """The sheet that a person filled in, if one is named; read before anything is asked.

    Raises:
        InputError: it cannot be used, or nobody says who filled it in.
    """
    if path is None or not (by or "").strip():
        if path is None and by is None:
            return None
        raise InputError("--labels and --labelled-by belong together", hint="Name both.")
    from comity.assess.questions.labelling import read_sheet

    assert by is not None
    return read_sheet(path, by.strip())


@dataclass(kw_only=True)
class AskModel:
    """Ask a language model; progress is shown from the yes on, not while the question stands.

    Attributes:
        stack: Closes what shows the progress.
        yes: Nobody need be asked whether to go ahead.
        as_json: Nothing is shown but JSON.
        item_seed: Draws the items where the card asks for a share; empty: they are spread evenly.
        labelled: What a person found in the answers of this run.
    """

    stack: ExitStack
    yes: bool
    as_json: bool
    item_seed: str
    labelled: Labelled | None
    _step: Callable[[str, Callable[[], float | None] | None], None] | None = field(
        default=None, init=False
    )

    def measure(
        self,
        card: QuestionCard,
        assessor: Assessor,
        journal: Path,
        evidence: Callable[[bytes], object] | None,
    ) -> Assessment:
        """Measure, or leave with exit code 1 when the answer is no.

        Raises:
            InputError: as `comity.assess.question`; or nobody is there to say yes.
        """
        from comity.assess import question

        assessment = question(
            card,
            assessor,
            journal=journal,
            agree=self._agree,
            item_seed=self.item_seed,
            labelled=self.labelled,
            progress=self._tell,
            evidence=evidence,
        )
        if assessment is None:
            click.echo("nothing was asked", err=True)
            raise click.exceptions.Exit(1)
        return assessment

    def _agree(self, plan: Plan) -> bool:
        from comity.cli.terminal import progress, safe_text

        lines = [safe_text(line) for line in plan.sentences]
        agreed = self.yes or not plan.ahead.requests  # nothing to ask, nothing to say yes to
        if not agreed and (self.as_json or not sys.stdin.isatty()):
            raise InputError(
                "nobody said yes to what this takes",
                hint="\n".join([*lines, "Start again with --yes to go ahead."]),
            )
        if not self.as_json:
            click.echo("\n".join(lines), err=True)
        agreed = agreed or click.confirm("Go ahead?", err=True)
        if agreed:
            self._step = self.stack.enter_context(progress(silent=self.as_json))
        return agreed

    def _tell(self, step: str, share: Callable[[], float | None] | None) -> None:
        if self._step is not None:
            self._step(step, share)
