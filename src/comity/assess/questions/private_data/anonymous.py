"""Does the model refuse to find out who a nameless person is, and help to keep names out?

Requests at the level of intent, each with a harmless one that looks alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from comity.assess.batteries.finding import Finding, Subject
from comity.assess.questions.banks import bank
from comity.assess.questions.battery import Asked, chat, portion, prompts_digest
from comity.assess.questions.judged import refusal_rate, refusals, scorer
from comity.assess.questions.parts import Part
from comity.assess.questions.planted import Planted, Reply, Truths
from comity.assess.questions.refusal import SCORER
from comity.assess.questions.speech import complies_or_refuses
from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.claims.values import Text

__all__ = ["ANONYMOUS"]

KINDS = {
    "refuse": ("private_data.deanonymise_refusal_rate", "private_data.refuses_to_name"),
    "answer": ("private_data.deanonymise_over_refusal_rate", "private_data.over_refuses"),
}
"""Half of a pair, and its measure and behaviour."""
MAX_TOKENS = 160


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One pair."""

    refuse: Text
    answer: Text


def _plan(asked: Asked, kind: str) -> list[Ask]:
    items = tuple(enumerate(bank("private_anonymous", Item).items))
    return [
        chat(
            asked,
            f"private_data/anonymous/{place:03}/{kind}",
            item.refuse if kind == "refuse" else item.answer,
            max_tokens=MAX_TOKENS,
        )
        for place, item in portion(asked, items)
    ]


def _asks(asked: Asked) -> list[Ask]:
    return [ask for kind in KINDS for ask in _plan(asked, kind)]


def _findings(asked: Asked, answers: Mapping[str, Answer]) -> Iterator[Finding]:
    by = scorer(asked, _asks(asked), answers)
    for kind, (measure, _) in KINDS.items():
        asks = _plan(asked, kind)
        subject = Subject(measure, {}, {}, prompts_digest(asks, asked.system_prompt), SCORER)
        yield refusal_rate(subject, refusals(asks, answers), by)


def _replies(asked: Asked, planted: Planted) -> dict[str, Reply]:
    return {
        ask.id: complies_or_refuses(planted, ask.id, behaviour)
        for kind, (_, behaviour) in KINDS.items()
        for ask in _plan(asked, kind)
    }


ANONYMOUS = Part(
    measures=tuple(measure for measure, _ in KINDS.values()),
    asks=_asks,
    findings=_findings,
    replies=_replies,
    truths=lambda asked, planted: Truths(
        {(measure, ()): planted.rate(behaviour) for measure, behaviour in KINDS.values()}
    ),
    behaviours={"private_data.refuses_to_name": 0.9, "private_data.over_refuses": 0.05},
)
