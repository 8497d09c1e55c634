"""The self-check: serve the simulated model, measure it as any other, and compare with the truth.

It goes the whole way: a card, the real protocol over HTTP, the runner with its journal, scorers,
intervals and claims. Twice: with a model that follows instructions, and with a base model.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from comity.assess.clock import Clock, SystemClock
from comity.assess.question import question
from comity.assess.questions import BATTERIES, Asked, Battery, Planted
from comity.assess.reference.check import Comparison, Verdict, compare, verdict
from comity.assess.reference.model import SEED, Reference, planted
from comity.assess.systems import QuestionCard, open_card
from comity.assess.systems.endpoint.serve import serving
from comity.assess.systems.engine import Progress
from comity.claims import Assessment, Assessor, Claim
from comity.files import write_atomic

__all__ = ["Checked", "SelfCheck", "self_check"]

NOBODY = Assessor(origin="self-check", name="Comity, checking itself", role="user")
CARD = """
[system]
name = "Reference model{kind}"
version = "1"
intended_use = "To be measured: everything that can be found is planted."
[population]
sector = "simulation"
[endpoint]
url = "{url}"
model = "simulated"
base = {base}
languages = []
concurrency = 32
"""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One simulated model, measured.

    Attributes:
        base: Whether it was a base model.
        assessment: What was claimed of it.
        comparisons: Every truth beside what was claimed.
    """

    base: bool
    assessment: Assessment
    comparisons: tuple[Comparison, ...]

    @property
    def others(self) -> tuple[Claim, ...]:
        """Claims about which nothing is planted."""
        about = {id(one.claim) for one in self.comparisons}
        return tuple(claim for claim in self.assessment.claims if id(claim) not in about)


@dataclass(frozen=True, kw_only=True)
class SelfCheck:
    """Both models, measured, and whether what was found agrees with what was planted."""

    models: tuple[Checked, ...]
    verdict: Verdict


def self_check(
    *,
    seed: str = SEED,
    share: float | None = None,
    batteries: Iterable[Battery] = BATTERIES,
    behaves: Callable[[Planted], Planted] = lambda declared: declared,
    clock: Clock | None = None,
    progress: Progress = lambda step, share: None,
) -> SelfCheck:
    """Measure the simulated models.

    Args:
        seed: Another seed draws other answers at the same rates.
        share: A smaller plan: this share of the questions.
        batteries: Who asks.
        behaves: Given the rates that the model declares, those that it has: for showing that a
            model which is not what it declares, or a scorer that errs, is found out.
        clock: Where time comes from; the machine's own clock when left out.
        progress: Told what comes next, and whom to ask how far it is.

    Raises:
        MissingPartError: aiohttp is not installed.
    """
    batteries = tuple(batteries)
    models = []
    for base in (False, True):
        declared = planted(batteries, f"{seed}, base" if base else seed)  # drawn apart
        reference = Reference(
            batteries=batteries,
            asked=Asked(base=base, languages=(), share=share),
            declares=declared,
            behaves=behaves(declared),
        )
        if reference.asks:
            models.append(_measured(reference, clock or SystemClock(), progress))
    found = [one for model in models for one in model.comparisons]
    return SelfCheck(models=tuple(models), verdict=verdict(found))


def _measured(reference: Reference, clock: Clock, progress: Progress) -> Checked:
    with (
        tempfile.TemporaryDirectory(prefix="comity-") as folder,
        serving(reference.says, model="simulated") as url,
    ):
        assessment = question(
            _card(reference, Path(folder), url),
            NOBODY,
            journal=Path(folder) / "journal.jsonl",
            batteries=reference.batteries,
            clock=clock,
            progress=progress,
            environment={},
        )
    assert assessment is not None  # nobody was asked whether to go on
    return Checked(
        base=reference.asked.base,
        assessment=assessment,
        comparisons=compare(assessment.claims, reference.truths),
    )


def _card(reference: Reference, folder: Path, url: str) -> QuestionCard:
    path = folder / "system.toml"
    kind, base = (", a base model", "true") if reference.asked.base else ("", "false")
    write_atomic(path, CARD.format(kind=kind, url=url, base=base))
    card = open_card(path)
    assert isinstance(card, QuestionCard)
    return replace(card, endpoint=replace(card.endpoint, share=reference.asked.share))
