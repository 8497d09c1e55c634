"""Batteries made of parts that need a model which follows instructions in English.

Each part measures one thing. For a base model, and for a card that names other languages only, no
part asks anything, and each of its measures is absent with the reason; a language that the card
names and in which no speaker has reviewed the items is named likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from comity.assess.batteries.finding import Finding, Subject, absent
from comity.assess.questions.battery import Asked, Battery
from comity.assess.questions.planted import Planted, Reply, Truths
from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.claims import Reason

__all__ = ["Part", "english"]

LANGUAGE = "en"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a battery; the fields are those of `Battery`, with the measures by id."""

    measures: tuple[str, ...]
    asks: Callable[[Asked], Sequence[Ask]]
    findings: Callable[[Asked, Mapping[str, Answer]], Iterator[Finding]]
    replies: Callable[[Asked, Planted], dict[str, Reply]]
    truths: Callable[[Asked, Planted], Truths]
    behaviours: Mapping[str, float]


def english(risk: str, *parts: Part) -> Battery:
    """One battery of several parts, in their order.

    Args:
        risk: Name of the risk.
        parts: Its parts.
    """

    def asks(asked: Asked) -> tuple[Ask, ...]:
        return () if _unsuited(asked) else tuple(ask for part in parts for ask in part.asks(asked))

    def findings(asked: Asked, answers: Mapping[str, Answer]) -> Iterator[Finding]:
        why = _unsuited(asked)
        for part in parts:
            if why is None:
                yield from part.findings(asked, answers)
            for measure in part.measures if why else ():
                yield absent(Subject(measure, {}, {}), why or Reason.NO_ITEMS)
            yield from _elsewhere(part, asked)

    def replies(asked: Asked, planted: Planted) -> dict[str, Reply]:
        made: dict[str, Reply] = {}
        for part in parts if _unsuited(asked) is None else ():
            made |= part.replies(asked, planted)
        return made

    def truths(asked: Asked, planted: Planted) -> Truths:
        made: Truths = {}
        for part in parts if _unsuited(asked) is None else ():
            made |= part.truths(asked, planted)
        return made

    behaviours = {name: rate for part in parts for name, rate in part.behaviours.items()}
    return Battery(
        risk=risk,
        asks=asks,
        findings=findings,
        replies=replies,
        truths=truths,
        behaviours=behaviours,
    )


def _unsuited(asked: Asked) -> Reason | None:
    """Why these questions are not put; or None."""
    if asked.base:
        return Reason.BASE_MODEL
    return None if asked.speaks(LANGUAGE) else Reason.NO_ITEMS


def _elsewhere(part: Part, asked: Asked) -> Iterator[Finding]:
    """What is said of the card's other languages."""
    reason = Reason.BASE_MODEL if asked.base else Reason.NO_ITEMS
    for language in asked.languages:
        for measure in part.measures if language != LANGUAGE else ():
            yield absent(Subject(measure, {}, {"language": language}), reason)
