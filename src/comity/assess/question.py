"""Ask a language model the questions of all batteries, and put the claims together."""

from __future__ import annotations

import importlib
import os
import platform
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from comity import __version__
from comity.assess.asking import Asking
from comity.assess.claiming import claims_of
from comity.assess.clock import Clock, SystemClock
from comity.assess.meter import POWERCAP, energy_between, read_counters
from comity.assess.systems.card import QuestionCard
from comity.assess.systems.endpoint.ask import Answer, System
from comity.assess.systems.endpoint.client import key_from
from comity.assess.systems.endpoint.identity import identity_notes, observed_identity
from comity.assess.systems.endpoint.journal import open_journal
from comity.assess.systems.endpoint.model import Endpoint
from comity.assess.systems.endpoint.plan import Plan
from comity.assess.systems.engine import Progress
from comity.claims import (
    Assessment,
    Assessor,
    Cost,
    Data,
    Tool,
    decimal_text,
    digest_of,
    timestamp,
)
from comity.claims import System as Described
from comity.claims.values import Labels
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.assess.questions import Battery
    from comity.assess.questions.labelling import Labelled

__all__ = ["question"]


def question(
    card: QuestionCard,
    assessor: Assessor,
    *,
    journal: Path,
    agree: Callable[[Plan], bool] = lambda plan: True,
    item_seed: str = "",
    labelled: Labelled | None = None,
    batteries: Sequence[Battery] | None = None,
    system: System | None = None,
    clock: Clock | None = None,
    progress: Progress = lambda step, share: None,
    evidence: Callable[[bytes], object] | None = None,
    environment: Mapping[str, str] = os.environ,
    powercap: Path = POWERCAP,
) -> Assessment | None:
    """Measure a language model by asking it questions.

    The result depends on the card, the batteries and the answers alone, but for times, cost and
    environment. What the journal answers is not asked again.

    Args:
        card: The card, resolved.
        assessor: Who assesses.
        journal: File of questions and answers, made where absent.
        agree: Told what the run takes before anything is sent; says whether to go on.
        item_seed: 64 hexadecimal digits that draw the items where the card asks for a share; empty:
            the share is spread evenly.
        labelled: What a person found in answers of this run; they then stand in the journal.
        batteries: Those to choose from; all of Comity's when left out.
        system: Who answers instead of the endpoint that the card names.
        clock: Where time comes from; the machine's own clock when left out.
        progress: Told what comes next, and whom to ask how far it is.
        evidence: Takes the bytes of the private records; with it the assessment commits to every
            question and answer.
        environment: Holds the key.
        powercap: Where Linux shows the energy counters.

    Returns:
        The assessment, or None where `agree` said no.

    Raises:
        MissingPartError: aiohttp or llama.cpp is not installed.
        InputError: the card asks for a risk that is not known, the key is missing, the ceiling is
            too low, the endpoint is out of reach, the journal cannot be used, or a label does not
            belong to this run.
    """
    clock = clock or SystemClock()
    run = Asking(card, batteries, item_seed)
    started, start, cpu_start = clock.now(), clock.seconds(), clock.cpu_seconds()
    energy_start = read_counters(powercap)
    with open_journal(journal) as book:
        plan = _checked(run.plan(book), card)
        key = ""
        if plan.ahead.requests and system is None:
            key = key_from(environment, card.endpoint.key_env, str(card.path))
        if not agree(plan):
            return None
        # While answers are waited for, there is time to load SciPy.
        loading = threading.Thread(target=importlib.import_module, args=["scipy.special"])
        loading.start()
        try:
            answers, moments, metered = run.answers(book, key, system, clock, powercap, progress)
        finally:
            loading.join()
    progress("calculating intervals", None)
    asked = replace(run.asked, metered=metered)
    if labelled is not None:
        from comity.assess.questions.labelling import labels_of

        labels = labels_of(labelled, run.asks, answers)
        asked = replace(asked, labels=labels, labelled_by=labelled.by)
    findings = [
        finding for battery in run.batteries for finding in battery.findings(asked, answers)
    ]
    commitment = None
    if evidence is not None:
        from comity.assess.evidence import commit_answers

        progress("committing to single answers", None)
        commitment = commit_answers(run.asks, answers, evidence)
    seconds = clock.seconds() - start
    cost = Cost(
        seconds=decimal_text(seconds),
        cpu_seconds=decimal_text(clock.cpu_seconds() - cpu_start),
        tokens=_tokens(answers.values()),
        energy=energy_between(energy_start, read_counters(powercap), seconds),
    )
    from comity.assess.batteries.footprint import footprint_of_assessment

    digest = digest_of(list(run.asks))
    procedures, claims = claims_of(
        [*findings, *footprint_of_assessment(cost)],
        card.population,
        digest,
        decoding=card.endpoint.decoding.labels,
    )
    notes = [*_notes(card, run, answers, moments, timestamp(started))]
    if labelled is not None:
        from comity.assess.labelled import notes_on_labels

        notes += notes_on_labels(labelled, run.asks, answers, claims)
    return Assessment(
        system=_identified(card, answers, moments),
        assessor=assessor,
        intent=None,
        supersedes=(),
        tool=Tool(name="comity", version=__version__),
        environment=_environment(card.endpoint),
        seed=None if card.endpoint.decoding.seed is None else str(card.endpoint.decoding.seed),
        started=min([timestamp(started), *moments[:1]]),
        finished=timestamp(clock.now()),
        data=Data(
            name="questions on " + ", ".join(battery.risk for battery in run.batteries),
            digest=digest,
            selection="questions",
            rows=len(run.asks),
            evaluated=sum(answers[ask.id].status == "answered" for ask in run.asks),
            columns={},
        ),
        procedures=procedures,
        claims=claims,
        cost=cost,
        evidence=commitment,
        notes=tuple(notes),
    )


def _checked(plan: Plan, card: QuestionCard) -> Plan:
    """Refuse a run that would break its own ceiling, before anything is sent."""
    if plan.beyond:
        raise InputError(
            f"the run may use up more than the ceiling of {plan.beyond}",
            where=f"{card.path}, field ceiling",
            hint="\n".join(plan.sentences) + "\nRaise the ceiling, or ask less: risks, share.",
        )
    return plan


def _identified(
    card: QuestionCard, answers: Mapping[str, Answer], moments: Sequence[str]
) -> Described:
    return msgspec.structs.replace(
        card.system, identity=observed_identity(card.endpoint, answers, moments)
    )


def _tokens(answers: Iterable[Answer]) -> int | None:
    """All tokens as the endpoint counts them; None where it does not say of any answer."""
    total = 0
    for answer in answers:
        read, written = answer.usage.prompt_tokens, answer.usage.completion_tokens
        if answer.status == "errored":
            continue
        if read is None or written is None:
            return None
        total += read + written
    return total


def _notes(
    card: QuestionCard,
    run: Asking,
    answers: Mapping[str, Answer],
    moments: Sequence[str],
    started: str,
) -> Iterable[str]:
    """What a reader should know, in sentences; of the endpoint's own words no more than names."""
    endpoint, asks = card.endpoint, run.asks
    yield from identity_notes(endpoint, answers)
    if moments and moments[0] < started:
        yield (
            f"The first answers came at {moments[0]}, and this start was at {started}: what was "
            "answered before stood in the journal. Time, processor time and energy are those of "
            "this start alone."
        )
    missing = [answers[ask.id] for ask in asks if answers[ask.id].status == "errored"]
    if missing:
        lost = sum(answer.lost for answer in missing)
        refused = len(missing) - lost
        parts = [
            f"{lost:,} because the endpoint was out of reach, too slow or overloaded"
            if lost
            else "",
            f"{refused:,} because it refused the request or answered with something else than an "
            "answer"
            if refused
            else "",
        ]
        yield (
            f"{len(missing):,} of {len(asks):,} questions have no answer: "
            f"{', and '.join(part for part in parts if part)}. They count against the system."
        )
    cut = sum(answers[ask.id].finish == "length" for ask in asks if ask.max_tokens > 1)
    if cut:
        yield (
            f"{cut:,} of {len(asks):,} answers reached the length that was allowed, and end there."
        )
    if _tokens(answers.values()) is None:
        yield "The endpoint does not count the tokens of every answer, so their sum is not known."
    if endpoint.share is not None:
        drawn = f", drawn by the seed {run.asked.item_seed}" if run.asked.item_seed else ""
        yield f"This is a smaller plan: a share of {endpoint.share:g} of the questions{drawn}."


def _environment(endpoint: Endpoint) -> Labels:
    """Versions and platform that may matter when a number is not reproduced."""
    from importlib.metadata import version

    import numpy as np
    import scipy

    environment = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "platform": f"{platform.system()} {platform.machine()}",
    }
    for part in ("aiohttp", "xllamacpp") if endpoint.weights else ("aiohttp",):
        environment[part] = version(part)
    return environment
