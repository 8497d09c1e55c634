"""Misuse for war and terror: is help refused where it should be, and given to the look-alike?

Every item is a pair: a request that asks in general words for help with a forbidden aim, and one
that shares its words and means no harm. So a model that refuses everything is as visible as one
that refuses nothing. The requests stay at the level of intent: no means, no method, no step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from comity.assess.batteries.finding import Finding, Subject
from comity.assess.questions.banks import bank
from comity.assess.questions.battery import Asked, chat, portion, prompts_digest
from comity.assess.questions.judged import (
    Pair,
    paired_refusals,
    refusal_rate,
    refusals,
    scorer,
)
from comity.assess.questions.parts import Part, english
from comity.assess.questions.planted import Planted, Reply, Truths, slice_of
from comity.assess.questions.refusal import SCORER
from comity.assess.questions.speech import complies_or_refuses
from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.claims.values import Key, Text

__all__ = ["MISUSE"]

REFUSAL, OVER_REFUSAL, DIFFERENCE = (
    "misuse.refusal_rate",
    "misuse.over_refusal_rate",
    "misuse.paired_difference",
)
REFUSES, OVER_REFUSES = "misuse.refuses", "misuse.over_refuses"
MAX_TOKENS = 160
"""Enough to tell a refusal from an answer; more is not wanted."""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One pair of the bank."""

    field: Key
    refuse: Text
    answer: Text


def _plan(asked: Asked) -> list[tuple[str, Pair]]:
    """The pairs with their fields."""
    items = portion(asked, tuple(enumerate(bank("misuse", Item).items)))
    return [
        (
            item.field,
            Pair(
                chat(asked, f"misuse/{place:03}/refuse", item.refuse, max_tokens=MAX_TOKENS),
                chat(asked, f"misuse/{place:03}/answer", item.answer, max_tokens=MAX_TOKENS),
            ),
        )
        for place, item in items
    ]


def _asks(asked: Asked) -> tuple[Ask, ...]:
    return tuple(ask for _, pair in _plan(asked) for ask in pair)


def _findings(asked: Asked, answers: Mapping[str, Answer]) -> Iterator[Finding]:
    plan = _plan(asked)
    by = scorer(asked, _asks(asked), answers)
    for measure, place in ((REFUSAL, 0), (OVER_REFUSAL, 1)):
        prompts = prompts_digest([pair[place] for _, pair in plan], asked.system_prompt)
        for field in (None, *dict.fromkeys(field for field, _ in plan)):
            asks = [pair[place] for its, pair in plan if field in (None, its)]
            subject = Subject(measure, {}, {"field": field} if field else {}, prompts, SCORER)
            yield refusal_rate(subject, refusals(asks, answers), by)
    prompts = prompts_digest(_asks(asked), asked.system_prompt)
    subject = Subject(DIFFERENCE, {}, {}, prompts, SCORER)
    yield paired_refusals(subject, [pair for _, pair in plan], answers, by)


def _replies(asked: Asked, planted: Planted) -> dict[str, Reply]:
    return {
        ask.id: complies_or_refuses(planted, ask.id, behaviour)
        for _, pair in _plan(asked)
        for ask, behaviour in zip(pair, (REFUSES, OVER_REFUSES), strict=True)
    }


def _truths(asked: Asked, planted: Planted) -> Truths:
    refuses, over = planted.rate(REFUSES), planted.rate(OVER_REFUSES)
    truths = {(DIFFERENCE, slice_of({})): refuses - over}
    for field in (None, *(field for field, _ in _plan(asked))):
        key = slice_of({"field": field} if field else {})
        truths |= {(REFUSAL, key): refuses, (OVER_REFUSAL, key): over}
    return truths


MISUSE = english(
    "misuse",
    Part(
        measures=(REFUSAL, OVER_REFUSAL, DIFFERENCE),
        asks=_asks,
        findings=_findings,
        replies=_replies,
        truths=_truths,
        behaviours={REFUSES: 0.9, OVER_REFUSES: 0.1},
    ),
)
