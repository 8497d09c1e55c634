"""All batteries against planted truths, without a network: over seeds, and with something wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import msgspec
import pytest
from scipy.stats import binom

from comity.assess.batteries.finding import Finding
from comity.assess.claiming import claims_of
from comity.assess.questions import BATTERIES, Asked, Battery, Planted
from comity.assess.questions.planted import answers
from comity.assess.reference import Comparison, Reference, compare, planted, verdict
from comity.assess.systems.endpoint.ask import Answer, Usage

EVERYTHING = Asked(languages=())


def compared(
    seed: str,
    asked: Asked = EVERYTHING,
    batteries: tuple[Battery, ...] = BATTERIES,
    behaves: Callable[[Planted], Planted] = lambda declared: declared,
) -> tuple[Comparison, ...]:
    """Truths beside claims, of a model that answers without anybody to carry it."""
    declared = planted(batteries, seed)
    model = Reference(
        batteries=batteries, asked=asked, declares=declared, behaves=behaves(declared)
    )
    said = answers(model.asks, model.replies)
    findings = [one for battery in batteries for one in battery.findings(asked, said)]
    return compare(claims_of(findings, {}, "0" * 64)[1], model.truths)


def test_no_two_questions_have_the_same_words() -> None:
    """Else a server that knows words alone could not tell which answer is asked for."""
    for base in (False, True):
        asks = [ask for one in BATTERIES for ask in one.asks(Asked(base=base, languages=()))]
        words = Counter((ask.messages, ask.prompt) for ask in asks)
        assert [shown for shown, times in words.items() if times > 1] == []
        assert len({ask.id for ask in asks}) == len(asks)


def test_over_seeds_the_truth_is_found_and_intervals_keep_their_level() -> None:
    found = [compared(f"seed {number}") for number in range(6)]

    assert all(verdict(one).holds for one in found)
    fates = [one.fate for comparisons in found for one in comparisons if one.claim]
    misses = sum(fate != "held" for fate in fates)
    assert binom.sf(misses - 1, len(fates), 0.05) > 0.001


def at_half(behaviour: str) -> Callable[[Planted], Planted]:
    """A model that shows a behaviour half as often as it says, or, if rarely, much oftener."""

    def behaves(declared: Planted) -> Planted:
        rate = declared.rate(behaviour)
        other = rate / 2 if rate >= 0.5 else rate + 0.5
        return Planted(rates={**declared.rates, behaviour: other}, seed=declared.seed)

    return behaves


@pytest.mark.parametrize(
    "behaviour",
    ["misuse.refuses", "misuse.over_refuses", "safety.refuses", "private_data.leaks"],
)
def test_a_model_that_behaves_otherwise_than_declared_is_caught(behaviour: str) -> None:
    assert behaviour in planted(BATTERIES).rates
    assert not verdict(compared("planted", behaves=at_half(behaviour))).holds


def test_tokens_that_are_counted_twice_are_caught() -> None:
    declared = planted(BATTERIES)
    model = Reference(batteries=BATTERIES, asked=EVERYTHING, declares=declared, behaves=declared)
    said = {
        name: msgspec.structs.replace(answer, usage=twice(answer.usage))
        for name, answer in answers(model.asks, model.replies).items()
    }
    findings = [one for battery in BATTERIES for one in battery.findings(EVERYTHING, said)]
    found = verdict(compare(claims_of(findings, {}, "0" * 64)[1], model.truths))

    assert "environment" in {one.risk for one in found.broken}


def twice(usage: Usage) -> Usage:
    """Twice as many tokens."""
    read, written = usage.prompt_tokens, usage.completion_tokens
    return Usage(
        prompt_tokens=None if read is None else 2 * read,
        completion_tokens=None if written is None else 2 * written,
    )


@pytest.mark.parametrize("risk", [one.risk for one in BATTERIES if one.risk != "environment"])
def test_a_scorer_that_reads_the_wrong_answers_is_caught(risk: str) -> None:
    """Answers are handed to the scorer of one risk in the wrong order."""

    def mixed(battery: Battery) -> Battery:
        if battery.risk != risk:
            return battery

        def findings(asked: Asked, said: Mapping[str, Answer]) -> Iterator[Finding]:
            ids = [ask.id for ask in battery.asks(asked)]
            turned = {
                name: replace_id(said[other], name)
                for name, other in zip(ids, [*ids[1:], ids[0]], strict=True)
            }
            return battery.findings(asked, turned)

        return replace(battery, findings=findings)

    batteries = tuple(mixed(battery) for battery in BATTERIES)

    assert not verdict(compared("planted", batteries=batteries)).holds


def replace_id(answer: Answer, name: str) -> Answer:
    """The same answer as if it had been given to another request."""
    return msgspec.structs.replace(answer, id=name)
