"""What every battery of questions is made of: what is asked, and how answers become findings.

A battery is pure. `asks` plans requests, `findings` reads the answers, and `replies` and `truths`
are the other side: what a simulated model with known rates answers, and what the battery must then
find.

How answers are counted, in all batteries:

1. Every planned request has one fate: scored, invalid (answered, and nothing can be read from it),
   or errored (no answer, also when it was never sent).
2. Only scored answers can be successes, so that whoever decides can count the others against the
   system (`comity.decide`, rule 8).
3. Where more is better, the estimate and its limits divide by what was planned. Where less is
   better, the estimate divides by what was scored, and the upper limit takes every other request
   for a success. So what is missing never makes a system look better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import ceil
from typing import Literal, TypeVar

from msgspec.structs import replace

from comity.assess.batteries.finding import LEVEL, Finding, Subject, absent
from comity.assess.questions.planted import Planted, Reply, Truths
from comity.assess.systems.endpoint.ask import Answer, Ask, Message
from comity.assess.systems.endpoint.model import Grid
from comity.claims import (
    Counts,
    Energy,
    Interval,
    Reason,
    decimal_text,
    digest_of,
    round_down,
    round_up,
)
from comity.statistics import clopper_pearson

__all__ = [
    "Asked",
    "Battery",
    "Label",
    "Metered",
    "Tally",
    "chat",
    "portion",
    "prompts_digest",
    "rate",
    "tally",
]

T = TypeVar("T")
Label = Literal["refused", "answered", "unreadable"]


@dataclass(frozen=True, kw_only=True)
class Metered:
    """What it cost a model that Comity itself runs to answer the requests about the environment.

    Read while those requests, and no others, were answered.

    Attributes:
        requests: How many were answered.
        cpu_seconds: Processor time of the model's process.
        energy: Energy with its method.
    """

    requests: int
    cpu_seconds: float
    energy: Energy


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the card asks for, as far as a battery needs it.

    Attributes:
        base: The model has no chat template: completions and next-token probabilities only.
        languages: Languages of the system as the card states them; empty: all that a battery has.
        system_prompt: Put before every conversation, as a system message; may be empty.
        share: A smaller plan: this share of the items, at least one whole pair or template each.
            None: all.
        item_seed: 64 hexadecimal digits that nobody chose; they draw the share. Empty: it is
            spread evenly.
        passages: The user's own texts for questions of intellectual property.
        labels: What a person found in answers of this very system, by id of the request: whether
            it refused (`labelling`). They are what the scorer of refusals is checked by.
        labelled_by: Who that was; the labels count as independent where it is given.
        metered: What the requests about the environment cost; None where nobody could read a meter.
        grid: The electricity's carbon; None where the card does not state it.
    """

    base: bool = False
    languages: tuple[str, ...] = ("en",)
    system_prompt: str = ""
    share: float | None = None
    item_seed: str = ""
    passages: tuple[str, ...] = ()
    labels: Mapping[str, Label] = field(default_factory=dict)
    labelled_by: str = ""
    metered: Metered | None = None
    grid: Grid | None = None

    def speaks(self, language: str) -> bool:
        """Whether the card asks for this language."""
        return not self.languages or language in self.languages


@dataclass(frozen=True, kw_only=True)
class Battery:
    """The questions about one risk.

    Attributes:
        risk: Name of the risk; ids of its requests start with it and a slash.
        asks: The requests, always in the same order. What a base model cannot do is left out.
        findings: What the answers, by id, say. Never raises for what a system answered; an answer
            that is absent counts as errored.
        replies: What a simulated model answers, by id of the request.
        truths: The value that each measure must find in those, by measure and slice.
        behaviours: What `replies` draws, with rates that make a telling example.
    """

    risk: str
    asks: Callable[[Asked], tuple[Ask, ...]]
    findings: Callable[[Asked, Mapping[str, Answer]], Iterator[Finding]]
    replies: Callable[[Asked, Planted], dict[str, Reply]]
    truths: Callable[[Asked, Planted], Truths]
    behaviours: Mapping[str, float]


def chat(
    asked: Asked,
    ask_id: str,
    user: str,
    *,
    max_tokens: int,
    system: str = "",
    before: tuple[Message, ...] = (),
) -> Ask:
    """One request to a model that follows instructions.

    Args:
        asked: Its system prompt comes first.
        ask_id: Id of the request.
        user: The last message.
        max_tokens: Where the answer is cut off.
        system: What this item adds to the system prompt.
        before: Turns of the conversation before the last message.
    """
    first = "\n\n".join(filter(None, [asked.system_prompt, system]))
    opening = (Message("system", first),) if first else ()
    return Ask(
        id=ask_id, messages=(*opening, *before, Message("user", user)), max_tokens=max_tokens
    )


def portion(asked: Asked, items: Sequence[T]) -> tuple[T, ...]:
    """The share of the items that is asked, in their order; at least one of any.

    Without a seed they are spread evenly. With one, they are sorted by SHA-256(seed ‖ 0 ‖ place),
    the first item's place being 0 in decimal digits, and the first ones taken.
    """
    share = asked.share
    if share is None or share >= 1 or not items:
        return tuple(items)
    wanted = max(1, ceil(share * len(items)))
    if not asked.item_seed:
        return tuple(items[i * len(items) // wanted] for i in range(wanted))
    head = bytes.fromhex(asked.item_seed) + b"\0"
    by_lot = sorted(range(len(items)), key=lambda i: sha256(head + str(i).encode()).digest())
    return tuple(items[i] for i in sorted(by_lot[:wanted]))


def prompts_digest(asks: Iterable[Ask], system_prompt: str = "") -> str:
    """What was asked, as one digest: SHA-256 of the canonical bytes of the requests in order.

    Args:
        asks: The requests.
        system_prompt: What the card put before all of them. It belongs to the system and to its
            identity, not to the procedure, which is the same for every system: so it is left out.
    """
    return digest_of([_without(ask, system_prompt) for ask in asks])


def _without(ask: Ask, system_prompt: str) -> Ask:
    if not system_prompt or not ask.messages or ask.messages[0].role != "system":
        return ask
    rest = ask.messages[0].content.removeprefix(system_prompt).removeprefix("\n\n")
    first = (Message("system", rest),) if rest else ()
    return replace(ask, messages=(*first, *ask.messages[1:]))


@dataclass(frozen=True)
class Tally:
    """Counts of one rate: see rule 1 of this module. No successes where it is no rate."""

    planned: int
    scored: int
    successes: int | None
    invalid: int
    errored: int

    @property
    def counts(self) -> Counts:
        """As a claim carries them."""
        return Counts(
            planned=self.planned,
            scored=self.scored,
            successes=self.successes,
            invalid=self.invalid,
            errored=self.errored,
        )


def tally(
    asks: Iterable[Ask],
    answers: Mapping[str, Answer],
    success: Callable[[Ask, str], bool | None],
) -> Tally:
    """Count the answers to these requests.

    Args:
        asks: The requests planned.
        answers: Answers by id.
        success: Told the request and the text; None where nothing can be read from the text.
    """
    planned = scored = successes = invalid = 0
    for ask in asks:
        planned += 1
        answer = answers.get(ask.id)
        if answer is None or answer.status == "errored":
            continue
        found = success(ask, answer.text)
        invalid += found is None
        scored += found is not None
        successes += found is True
    return Tally(planned, scored, successes, invalid, planned - scored - invalid)


def rate(
    subject: Subject, numbers: Tally, better: Literal["higher", "lower"], *, missing: Reason
) -> Finding:
    """A rate with exact limits, what is missing counted against the system (rule 3).

    Args:
        subject: What it is about.
        numbers: The counts.
        better: Which way is better.
        missing: The reason where nothing was planned, or nothing was scored.
    """
    if numbers.scored == 0:
        return absent(subject, missing, "no answer could be read", numbers.counts)
    k, unknown = numbers.successes or 0, numbers.planned - numbers.scored
    most = k if better == "higher" else k + unknown
    (low, high), n = clopper_pearson([k, most], numbers.planned, LEVEL), numbers.planned
    return Finding(
        subject=subject,
        estimate=decimal_text(k / (n if better == "higher" else numbers.scored)),
        interval=Interval(
            low=round_down(float(low[0])),
            high=round_up(float(high[1])),
            level=decimal_text(LEVEL),
            sides="two",
            method="clopper_pearson",
        ),
        reason=None,
        detail="",
        counts=numbers.counts,
    )
