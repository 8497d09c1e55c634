"""What does an answer cost: tokens, processor time, energy, carbon, for 1,000 requests?

A fixed set of everyday requests, so that the numbers of two systems are about the same thing; for
a base model, the openings of texts. Tokens are those that the endpoint counts. Processor time and
energy are known only where Comity runs the model itself; carbon only where, besides, the card
states how much of it the electricity stands for. What is not known is absent, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from comity.assess.batteries.finding import Finding, Subject, absent, exact
from comity.assess.questions.banks import bank
from comity.assess.questions.battery import Asked, Battery, Tally, chat, portion, prompts_digest
from comity.assess.questions.planted import Planted, Reply, Truths
from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.claims import Reason, decimal_text
from comity.claims.values import Text

__all__ = ["ENVIRONMENT"]

PROMPT_TOKENS, COMPLETION_TOKENS = "environment.prompt_tokens", "environment.completion_tokens"
CPU, ENERGY = "footprint.system_cpu_seconds", "footprint.system_energy"
CARBON = "environment.carbon"
MAX_TOKENS = 128
JOULES_PER_KWH = 3.6e6
ONE_RUN = "a count of one run, of a fixed set of requests"


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One everyday request, and the opening of a text for a model that only continues."""

    request: Text
    opening: Text


def _asks(asked: Asked) -> tuple[Ask, ...]:
    items = tuple(enumerate(bank("environment", Item).items))
    return tuple(
        Ask(id=f"environment/{place:03}", prompt=item.opening, max_tokens=MAX_TOKENS)
        if asked.base
        else chat(asked, f"environment/{place:03}", item.request, max_tokens=MAX_TOKENS)
        for place, item in portion(asked, items)
    )


def _findings(asked: Asked, answers: Mapping[str, Answer]) -> Iterator[Finding]:
    asks = _asks(asked)
    prompts = prompts_digest(asks, asked.system_prompt)
    given = [answers.get(ask.id) for ask in asks]
    answered = [answer for answer in given if answer and answer.status == "answered"]
    for measure, counted in (
        (PROMPT_TOKENS, [answer.usage.prompt_tokens for answer in answered]),
        (COMPLETION_TOKENS, [answer.usage.completion_tokens for answer in answered]),
    ):
        known = [tokens for tokens in counted if tokens is not None]
        silent, errored = len(counted) - len(known), len(asks) - len(answered)
        numbers = Tally(len(asks), len(known), None, silent, errored).counts
        subject = Subject(measure, {}, {}, prompts)
        if known:
            mean = sum(known) / len(known)
            yield exact(subject, 1000 * mean, numbers, ONE_RUN, Reason.DESCRIPTIVE)
        else:
            yield absent(subject, Reason.NO_USAGE if answered else Reason.NO_ANSWERS, "", numbers)
    yield from _metered(asked, prompts)


def _metered(asked: Asked, prompts: str) -> Iterator[Finding]:
    """Processor time, energy and carbon, by the reading that was handed in."""
    reading, grid = asked.metered, asked.grid
    stated = {}
    if grid:
        stated = {
            "grams_per_kwh": decimal_text(grid.grams_per_kwh),
            "grid_source": grid.source,
        }
    cpu, energy = (Subject(measure, {}, {}, prompts) for measure in (CPU, ENERGY))
    carbon = Subject(CARBON, stated, {}, prompts)
    if reading is None or reading.requests == 0:
        for subject in (cpu, energy, carbon):
            yield absent(subject, Reason.NOT_METERED)
        return
    n = reading.requests
    numbers, thousands = Tally(n, n, None, 0, 0).counts, n / 1000
    yield exact(cpu, reading.cpu_seconds / thousands, numbers, ONE_RUN, Reason.DESCRIPTIVE)
    used = reading.energy
    if used.low is None or used.high is None:
        for subject in (energy, carbon):
            yield absent(subject, Reason.NO_ENERGY_METER, used.detail, numbers)
        return
    joules = (float(used.low) + float(used.high)) / 2 / thousands
    detail = f"{used.method}: {used.detail}"[:500]
    yield exact(energy, joules, numbers, detail, Reason.DESCRIPTIVE)
    if grid is None:
        yield absent(carbon, Reason.NO_GRID_INTENSITY, "", numbers)
    else:
        grams = joules / JOULES_PER_KWH * grid.grams_per_kwh
        yield exact(carbon, grams, numbers, detail, Reason.DESCRIPTIVE)


def _replies(asked: Asked, planted: Planted) -> dict[str, Reply]:
    """Answers of 20 to 60 words, and one token a word."""
    replies = {}
    for ask in _asks(asked):
        words = 20 + int(41 * planted.draw(ask.id, "length"))
        text = " ".join(["word", *(f"number {place}" for place in range(words))])
        replies[ask.id] = Reply(
            text=text,
            prompt_tokens=len(ask.text.split()),
            completion_tokens=len(text.split()),
        )
    return replies


def _truths(asked: Asked, planted: Planted) -> Truths:
    replies = _replies(asked, planted).values()
    return {
        (PROMPT_TOKENS, ()): 1000 * sum(r.prompt_tokens or 0 for r in replies) / len(replies),
        (COMPLETION_TOKENS, ()): 1000
        * sum(r.completion_tokens or 0 for r in replies)
        / len(replies),
    }


ENVIRONMENT = Battery(
    risk="environment",
    asks=_asks,
    findings=_findings,
    replies=_replies,
    truths=_truths,
    behaviours={},
)
