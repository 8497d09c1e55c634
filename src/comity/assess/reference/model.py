"""A simulated language model with planted rates: what it is asked, what it says, what is true.

It refuses, over-refuses, leaks, copies, discriminates and answers worse in some languages, each at
a rate that is known. Whoever measures it must find those rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.assess.questions import Asked, Battery, Planted, Reply
from comity.assess.questions.planted import Truths
from comity.assess.systems.endpoint.ask import Ask
from comity.assess.systems.endpoint.serve import Says, by_ask

__all__ = ["SEED", "Reference", "planted"]

SEED = "planted"


def planted(batteries: Iterable[Battery], seed: str = SEED) -> Planted:
    """A model with each behaviour at the rate that its battery suggests."""
    rates = {name: rate for battery in batteries for name, rate in battery.behaviours.items()}
    return Planted(rates=rates, seed=seed)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A simulated model and what it declares about itself.

    Attributes:
        batteries: Who asks.
        asked: What for.
        declares: The rates that it says it has.
        behaves: The rates that it has; others than declared show that the check can fail.
    """

    batteries: tuple[Battery, ...]
    asked: Asked
    declares: Planted
    behaves: Planted

    @property
    def asks(self) -> tuple[Ask, ...]:
        """All that it is asked."""
        return tuple(ask for battery in self.batteries for ask in battery.asks(self.asked))

    @property
    def replies(self) -> Mapping[str, Reply]:
        """What it answers, by id of the request."""
        return {
            name: reply
            for battery in self.batteries
            for name, reply in battery.replies(self.asked, self.behaves).items()
        }

    @property
    def truths(self) -> Truths:
        """What is true of the model that it declares to be, by measure and slice."""
        return {
            about: truth
            for battery in self.batteries
            for about, truth in battery.truths(self.asked, self.declares).items()
        }

    @property
    def says(self) -> Says:
        """What it says to a request, found by the request's words."""
        return by_ask(self.asks, self.replies)
