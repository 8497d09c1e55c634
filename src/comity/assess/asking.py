"""Put the questions of several batteries to one model: what is asked, in which order, metered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from comity.assess.clock import Clock
from comity.assess.meter import energy_between, read_counters
from comity.assess.systems.card import QuestionCard
from comity.assess.systems.endpoint.ask import Answer, Ask, System
from comity.assess.systems.endpoint.client import open_client
from comity.assess.systems.endpoint.identity import canaries
from comity.assess.systems.endpoint.journal import Journal
from comity.assess.systems.endpoint.local import Local, check_unchanged, local_server
from comity.assess.systems.endpoint.model import Endpoint
from comity.assess.systems.endpoint.plan import Plan, make_plan
from comity.assess.systems.endpoint.protocol import Decoding, request_digest
from comity.assess.systems.endpoint.runner import Question, Runner, numbered
from comity.assess.systems.engine import Progress
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.assess.questions import Battery
    from comity.assess.questions.battery import Metered

__all__ = ["Asking"]


class Asking:
    """What is asked of whom.

    Attributes:
        batteries: The batteries.
        asked: What they are told of the card.
        asks: All their questions.
    """

    def __init__(
        self, card: QuestionCard, batteries: Sequence[Battery] | None, item_seed: str = ""
    ) -> None:
        """Plan what is asked.

        Args:
            card: The card.
            batteries: Those to choose from; None: all of Comity's.
            item_seed: Draws the items where the card asks for a share of them.

        Raises:
            InputError: there is nothing to ask, or the card names a risk that is not known.
        """
        from comity.assess.questions.battery import Asked

        batteries = _chosen(card, batteries)
        endpoint, grid = card.endpoint, card.endpoint.grid
        self.endpoint = endpoint
        self.batteries = batteries
        self.asked = Asked(
            base=endpoint.base,
            languages=endpoint.languages,
            system_prompt=endpoint.system_prompt,
            share=endpoint.share,
            item_seed=item_seed,
            passages=endpoint.passages,
            grid=grid,
        )
        self.asks = tuple(ask for battery in batteries for ask in battery.asks(self.asked))
        if not self.asks:
            raise InputError(
                "there is nothing that this model could be asked",
                where=f"{card.path}, field {'local' if endpoint.weights else 'endpoint'}.risks",
            )
        begin, end = (
            () if endpoint.weights else canaries(endpoint, when) for when in ("begin", "end")
        )
        self._questions = list(numbered(self.asks, partial(self._digest, endpoint.decoding)))
        greedy = partial(self._digest, Decoding())
        taken = [question.key for question in self._questions]
        first = list(numbered([*begin, *end], greedy, taken))
        self._begin, self._end = first[: len(begin)], first[len(begin) :]

    def _digest(self, decoding: Decoding, ask: Ask) -> str:
        return request_digest(ask, self.endpoint.address, self.endpoint.model, decoding)

    def plan(self, journal: Journal) -> Plan:
        """What the run takes, with what the journal answers already."""
        questions = [*self._begin, *self._questions, *self._end]
        entries = [journal.found.get(question.key) for question in questions]
        return make_plan(
            self.endpoint,
            [question.ask for question in questions],
            [None if entry is None else entry.answer for entry in entries],
        )

    def answered(self, journal: Journal) -> dict[str, Answer]:
        """What the journal answers of the batteries' questions, by id of the request."""
        found = ((one, journal.found.get(one.key)) for one in self._questions)
        return {one.ask.id: entry.answer for one, entry in found if entry is not None}

    def answers(
        self,
        journal: Journal,
        key: str,
        system: System | None,
        clock: Clock,
        powercap: Path,
        progress: Progress,
    ) -> tuple[dict[str, Answer], list[str], Metered | None]:
        """Ask what the journal does not answer.

        Returns:
            All answers, when the first and the last of them came, and what those about the
            environment cost where Comity itself runs the model.
        """
        runner = Runner(self.endpoint, journal, clock)
        stages = _Stages(
            begin=runner.recall(self._begin),
            questions=runner.recall(self._questions),
            end=runner.recall(self._end),
        )
        metered = None
        weights = self.endpoint.weights
        if stages.begin or stages.questions or stages.end:
            with ExitStack() as stack:
                local = None
                if weights is not None and system is None:
                    progress("loading the model", None)
                    local = stack.enter_context(local_server(self.endpoint, weights))
                one = _Pass(self.endpoint, runner, stages, progress, powercap)
                metered = asyncio.run(one.ask(system, key, local))
        if weights is not None and system is None:
            check_unchanged(weights)
        return runner.answers, runner.moments, metered


def _chosen(card: QuestionCard, batteries: Sequence[Battery] | None) -> tuple[Battery, ...]:
    """The batteries that the card asks for."""
    if batteries is None:
        from comity.assess.questions import BATTERIES

        batteries = BATTERIES
    wanted = card.endpoint.risks
    known = [battery.risk for battery in batteries]
    for risk in wanted:
        if risk not in known:
            table = "local" if card.endpoint.weights else "endpoint"
            raise InputError(
                f"there are no questions on {risk}",
                where=f"{card.path}, field {table}.risks",
                hint=f"There are some on: {', '.join(known)}.",
            )
    return tuple(battery for battery in batteries if not wanted or battery.risk in wanted)


@dataclass(frozen=True)
class _Stages:
    """What is left to ask, in order."""

    begin: list[Question]
    questions: list[Question]
    end: list[Question]


@dataclass(frozen=True)
class _Pass:
    """One pass through what is left to ask."""

    endpoint: Endpoint
    runner: Runner
    stages: _Stages
    progress: Progress
    powercap: Path

    async def ask(self, system: System | None, key: str, local: Local | None) -> Metered | None:
        """Ask; returns what the questions about the environment cost a model that runs here."""
        if system is not None:
            return await self._ask(system, system, None)
        url = "" if local is None else local.url
        async with open_client(self.endpoint, key if local is None else local.key, url) as client:
            return await self._ask(client, client.decoded(Decoding()), local)

    async def _ask(self, system: System, greedy: System, local: Local | None) -> Metered | None:
        if self.stages.begin:
            self.progress("asking the first questions", None)
            await self.runner.ask(self.stages.begin, greedy)
        questions, metered = self.stages.questions, None
        if local is not None:
            apart = [one for one in questions if one.ask.id.startswith("environment/")]
            questions = [one for one in questions if not one.ask.id.startswith("environment/")]
            metered = await self._metered(apart, system, local)
        words = f"asking {len(questions):,} questions"
        await self.runner.ask(questions, system, lambda share: self.progress(words, share))
        if self.stages.end:
            self.progress("asking the first questions again", None)
            await self.runner.ask(self.stages.end, greedy)
        return metered

    async def _metered(
        self, questions: list[Question], system: System, local: Local
    ) -> Metered | None:
        from comity.assess.questions.battery import Metered

        words = f"asking {len(questions):,} questions beside the meter"
        before, counters, began = local.cpu_seconds(), read_counters(self.powercap), monotonic()
        await self.runner.ask(questions, system, lambda share: self.progress(words, share))
        after, seconds = local.cpu_seconds(), monotonic() - began
        answers = [self.runner.answers[one.ask.id] for one in questions]
        answered = sum(answer.status == "answered" for answer in answers)
        if before is None or after is None or answered == 0:
            return None
        return Metered(
            requests=answered,
            cpu_seconds=after - before,
            energy=energy_between(counters, read_counters(self.powercap), seconds),
        )
