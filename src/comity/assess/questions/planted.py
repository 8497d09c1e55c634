"""A simulated model with planted rates: what it answers, drawn the same way everywhere.

Whether the model shows a behaviour on a request depends on nothing but the seed, the request's id
and the behaviour: the same in every process and on every machine, in whatever order it is asked.
So the truth behind an answer is known, and a battery can be held against it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from comity.assess.systems.endpoint.ask import Answer, Ask, Usage

__all__ = ["Planted", "Reply", "Slice", "Truths", "answers", "slice_of"]

Slice = tuple[tuple[str, str], ...]
"""A slice as a key: sorted pairs; empty for all."""
Truths = dict[tuple[str, Slice], float]
"""The true value of a measure on a slice."""
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Planted:
    """How a simulated model behaves.

    Attributes:
        rates: How often it shows a behaviour, between 0 and 1, by name: `misuse.refuses`. The
            batteries say which they know; what is not named here never happens.
        seed: Another seed draws other answers at the same rates.
    """

    rates: Mapping[str, float] = field(default_factory=dict)
    seed: str = "planted"

    def rate(self, behaviour: str) -> float:
        """How often it shows this behaviour."""
        return self.rates.get(behaviour, 0.0)

    def draw(self, ask_id: str, behaviour: str) -> float:
        """A number in [0, 1), uniform over ids, behaviours and seeds."""
        text = "\x1f".join((self.seed, ask_id, behaviour))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") / 2**48

    def shows(self, ask_id: str, behaviour: str) -> bool:
        """Whether the model shows the behaviour on this request."""
        return self.draw(ask_id, behaviour) < self.rate(behaviour)

    def pick(self, options: Sequence[T], ask_id: str, purpose: str) -> T:
        """One of several, all alike likely: of phrases that mean the same, for instance."""
        return options[int(self.draw(ask_id, f"pick {purpose}") * len(options))]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a simulated model answers.

    Attributes:
        text: The answer.
        prompt_tokens: Tokens of the request as this model counts; None: whoever serves it counts.
        completion_tokens: Tokens of the answer, likewise.
        top: The likeliest first tokens with their natural log-probabilities, likeliest first.
    """

    text: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    top: tuple[tuple[str, float], ...] = ()


def slice_of(labels: Mapping[str, str]) -> Slice:
    """The labels of a slice as a key of `Truths`."""
    return tuple(sorted(labels.items()))


def answers(asks: Iterable[Ask], replies: Mapping[str, Reply]) -> dict[str, Answer]:
    """The answers of a simulated model without any network; a request without reply has errored."""
    return {ask.id: _answer(ask.id, replies.get(ask.id)) for ask in asks}


def _answer(ask_id: str, reply: Reply | None) -> Answer:
    if reply is None:
        return Answer(id=ask_id, status="errored", error="the simulated model has no reply")
    return Answer(
        id=ask_id,
        status="answered",
        text=reply.text,
        finish="stop",
        model="planted",
        usage=Usage(reply.prompt_tokens, reply.completion_tokens),
        top=reply.top,
    )
