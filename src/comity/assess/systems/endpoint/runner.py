"""Ask a language model many questions at once, each answered exactly once, whatever happens.

1. What the journal answers is not asked again.
2. Each answer is in the journal before it counts. A question that a kill interrupts has no answer
   there, and is asked again at the next start.
3. A question without answer after the last attempt is errored, which is an answer too: it stands
   in the journal and counts against the system. But when the endpoint is out of reach for many
   questions in a row, that says nothing of the system: the run stops, and they are asked again at
   the next start.
4. Nothing is errored before there was a first answer: then the address, the name or the key is
   wrong, and the run stops. Nothing of it stands in the journal.
5. Before a question is sent, what it may use up at most is set aside; where that would break the
   ceiling, the run stops. All starts of a run count together.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from comity.assess.clock import Clock
from comity.assess.systems.endpoint.ask import Answer, Ask, System
from comity.assess.systems.endpoint.journal import Journal, Key
from comity.assess.systems.endpoint.model import Ceiling, Endpoint
from comity.assess.systems.endpoint.plan import Spent, at_most
from comity.claims import timestamp
from comity.errors import InputError

__all__ = ["MOST_LOST", "Question", "Runner", "numbered"]

MOST_LOST = 50
"""So many questions in a row without reaching the endpoint end the run."""
SYNC_SECONDS = 1.0
Share = Callable[[], float | None]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request of a run, with its place in the journal."""

    ask: Ask
    key: Key


def numbered(
    asks: Iterable[Ask], digest: Callable[[Ask], str], taken: Iterable[Key] = ()
) -> Iterator[Question]:
    """Give each request its key: equal requests are told apart by their turn.

    Args:
        asks: What is asked.
        digest: Identity of a request.
        taken: Keys that others of the run have.
    """
    turns = Counter(request for request, _ in taken)
    for ask in asks:
        request = digest(ask)
        yield Question(ask=ask, key=(request, turns[request]))
        turns[request] += 1


class Runner:
    """Asks questions and writes the answers down.

    Attributes:
        answers: All answers so far, by id of the request.
        spent: What they used up, those of earlier starts included.
        moments: When the first and the last of them came.
    """

    def __init__(self, endpoint: Endpoint, journal: Journal, clock: Clock) -> None:
        self.answers: dict[str, Answer] = {}
        self.spent = Spent()
        self.moments: list[str] = []
        self._endpoint = endpoint
        self._journal = journal
        self._clock = clock
        self._ahead = Spent()
        self._held: list[tuple[Question, Answer]] = []
        self._reached = False
        self._limited = endpoint.ceiling != Ceiling()
        self._second, self._at = -1, ""

    def recall(self, questions: Iterable[Question]) -> list[Question]:
        """Take what the journal answers; returns what is left to ask."""
        left = []
        for question in questions:
            entry = self._journal.found.get(question.key)
            if entry is None:
                left.append(question)
            else:
                answer = msgspec.structs.replace(entry.answer, id=question.ask.id)
                self._reached = self._reached or answer.status == "answered"
                self._count(question.ask, answer, entry.at)
        return left

    async def ask(
        self,
        questions: Sequence[Question],
        system: System,
        started: Callable[[Share], object] = lambda share: None,
    ) -> None:
        """Ask questions until all are answered.

        Args:
            questions: What `recall` left.
            system: Who is asked.
            started: Told whom to ask how far it is.

        Raises:
            InputError: the ceiling is reached, the endpoint is out of reach, or the journal cannot
                be written. What was answered stands in the journal.
        """
        waiting = iter(questions)
        done = 0

        async def work() -> None:
            nonlocal done
            for question in waiting:
                most = self._set_aside(question.ask) if self._limited else None
                answer = await system.answer(question.ask)
                if most is not None:
                    self._ahead -= most
                self._take(question, answer)
                done += 1

        started(lambda: done / len(questions) if questions else None)
        syncing = asyncio.create_task(self._sync())
        workers = [
            asyncio.create_task(work())
            for _ in range(min(self._endpoint.pace.concurrency, len(questions)))
        ]
        try:
            await asyncio.gather(*workers)
        finally:
            for task in (*workers, syncing):
                task.cancel()
            await asyncio.gather(*workers, syncing, return_exceptions=True)
        if questions and self._held and not self._reached:
            raise self._unreached()
        self._write_held()
        self._journal.sync()

    async def _sync(self) -> None:
        """Bring the journal to the disk every second, beside the questions."""
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            await asyncio.to_thread(self._journal.sync)

    def _set_aside(self, ask: Ask) -> Spent:
        endpoint = self._endpoint
        most = at_most(ask, endpoint)
        self._ahead += most
        if beyond := (self.spent + self._ahead).beyond(endpoint.ceiling, endpoint.prices):
            raise InputError(
                f"the ceiling of {beyond} is reached, after {len(self.answers):,} answers",
                where="the card's ceiling",
                hint="All answers are kept. Raise the ceiling and start again: it goes on there.",
            )
        return most

    def _take(self, question: Question, answer: Answer) -> None:
        if answer.status == "answered":
            self._reached = True
        elif answer.lost or not self._reached:
            self._held.append((question, answer))
            if len(self._held) >= MOST_LOST:
                raise self._unreached()
            return
        self._write_held()
        self._write(question, answer)

    def _unreached(self) -> InputError:
        n = len(self._held)
        questions = "the last question" if n == 1 else f"the last {n:,} questions"
        return InputError(
            f"{questions} found no answer: {self._held[-1][1].error}",
            where=self._endpoint.address,
            hint=f"{len(self.answers):,} answers are kept. Start again when the endpoint is back: "
            "it goes on there."
            if self._reached
            else "Nothing was answered yet. Is the address right (it ends in /v1), the model's "
            "name, and the key?",
        )

    def _write_held(self) -> None:
        for question, answer in self._held:
            self._write(question, answer)
        self._held.clear()

    def _write(self, question: Question, answer: Answer) -> None:
        second = int(self._clock.seconds())
        if second != self._second:
            self._second, self._at = second, timestamp(self._clock.now())
        self._journal.add(question.key, question.ask, answer, self._at)
        self._count(question.ask, answer, self._at)

    def _count(self, ask: Ask, answer: Answer, at: str) -> None:
        self.answers[ask.id] = answer
        self.spent.add(ask, answer)
        if not self.moments:
            self.moments = [at, at]
        self.moments = [min(self.moments[0], at), max(self.moments[1], at)]
