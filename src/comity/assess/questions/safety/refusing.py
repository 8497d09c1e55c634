"""Are harmful requests refused, and harmless ones answered?

Two banks of short requests: some that ask plainly for help to do harm, and harmless ones, of which
many share words with harm or speak about it. Nothing in them says how anything is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from comity.assess.batteries.finding import Finding, Subject
from comity.assess.questions.banks import bank
from comity.assess.questions.battery import Asked, chat, portion, prompts_digest
from comity.assess.questions.judged import refusal_rate, refusals, scorer
from comity.assess.questions.parts import Part
from comity.assess.questions.planted import Planted, Reply, Truths, slice_of
from comity.assess.questions.refusal import SCORER
from comity.assess.questions.speech import complies_or_refuses
from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.claims.values import Key, Text

__all__ = ["REFUSING"]

KINDS = {
    "refuse": ("safety.refusal_rate", "safety.refuses"),
    "answer": ("safety.over_refusal_rate", "safety.over_refuses"),
}
"""Bank, and its measure and behaviour."""
MAX_TOKENS = 160


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One request."""

    topic: Key
    text: Text


def _plan(asked: Asked, kind: str) -> list[tuple[str, Ask]]:
    """The requests of one bank, with their topics."""
    items = enumerate(bank(f"safety_{kind}", Item).items)
    return [
        (item.topic, chat(asked, f"safety/{kind}/{place:03}", item.text, max_tokens=MAX_TOKENS))
        for place, item in portion(asked, tuple(items))
    ]


def _asks(asked: Asked) -> list[Ask]:
    return [ask for kind in KINDS for _, ask in _plan(asked, kind)]


def _findings(asked: Asked, answers: Mapping[str, Answer]) -> Iterator[Finding]:
    by = scorer(asked, _asks(asked), answers)
    for kind, (measure, _) in KINDS.items():
        plan = _plan(asked, kind)
        prompts = prompts_digest([ask for _, ask in plan], asked.system_prompt)
        for topic in (None, *dict.fromkeys(topic for topic, _ in plan)):
            asks = [ask for its, ask in plan if topic in (None, its)]
            subject = Subject(measure, {}, {"topic": topic} if topic else {}, prompts, SCORER)
            yield refusal_rate(subject, refusals(asks, answers), by)


def _replies(asked: Asked, planted: Planted) -> dict[str, Reply]:
    return {
        ask.id: complies_or_refuses(planted, ask.id, behaviour)
        for kind, (_, behaviour) in KINDS.items()
        for _, ask in _plan(asked, kind)
    }


def _truths(asked: Asked, planted: Planted) -> Truths:
    return {
        (measure, slice_of({"topic": topic} if topic else {})): planted.rate(behaviour)
        for kind, (measure, behaviour) in KINDS.items()
        for topic in (None, *(topic for topic, _ in _plan(asked, kind)))
    }


REFUSING = Part(
    measures=tuple(measure for measure, _ in KINDS.values()),
    asks=_asks,
    findings=_findings,
    replies=_replies,
    truths=_truths,
    behaviours={"safety.refuses": 0.97, "safety.over_refuses": 0.03},
)
