"""Systems that need no endpoint: a function, and answers that were recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.assess.systems.endpoint.journal import Journal
from comity.assess.systems.endpoint.reply import Said, answer_from

__all__ = ["Recorded", "StaticSystem"]


@dataclass(frozen=True)
class StaticSystem:
    """A function that answers.

    Attributes:
        function: Takes the request; returns a text, a reply with its
            particulars, or a whole `Answer` (for one
            that is errored).
        model: What it says its name is.
    """

    function: Callable[[Ask], Said | Answer]
    model: str = "static"

    async def answer(self, ask: Ask) -> Answer:
        """Answer one request."""
        said = self.function(ask)
        return said if isinstance(said, Answer) else answer_from(ask, said, self.model)


@dataclass(frozen=True)
class Recorded:
    """Answers of an earlier run, by the id of the request; what it does not hold is errored."""

    answers: Mapping[str, Answer]

    @classmethod
    def from_journal(cls, journal: Journal) -> Recorded:
        """What a journal held when it was opened."""
        return cls({entry.ask.id: entry.answer for entry in journal.found.values()})

    async def answer(self, ask: Ask) -> Answer:
        """The recorded answer."""
        found = self.answers.get(ask.id)
        if found is None:
            return Answer(id=ask.id, status="errored", error="the recording has no such answer")
        return found
