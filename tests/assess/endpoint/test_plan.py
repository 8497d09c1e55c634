"""The plan: what a run takes, said before anything is sent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from comity.assess.systems.endpoint.ask import Answer, Ask, Message, Usage
from comity.assess.systems.endpoint.model import Ceiling, Endpoint, Pace, Prices
from comity.assess.systems.endpoint.plan import Plan, make_plan, tokens_of
from comity.assess.systems.endpoint.protocol import Decoding

EUROS = Prices(input=Decimal(2), output=Decimal(10), currency="EUR")


def asks(n: int, text: str = "x" * 40, max_tokens: int = 100) -> list[Ask]:
    return [
        Ask(id=f"a/{i}", messages=(Message("user", text),), max_tokens=max_tokens) for i in range(n)
    ]


def plan(
    n: int,
    answered: int = 0,
    *,
    pace: Pace | None = None,
    decoding: Decoding | None = None,
    ceiling: Ceiling | None = None,
    url: str = "https://models.example/v1",
) -> Plan:
    answer = Answer(id="a", status="answered", usage=Usage(10, 20), attempts=2)
    endpoint = Endpoint(
        url=url,
        model="m",
        prices=EUROS,
        pace=pace or Pace(),
        decoding=decoding or Decoding(),
        ceiling=ceiling or Ceiling(),
    )
    return make_plan(endpoint, asks(n), [answer] * answered + [None] * (n - answered))


def test_requests_tokens_and_cost_are_the_most_that_may_come() -> None:
    found = plan(1_000)
    assert (found.ahead.requests, found.ahead.read, found.ahead.written) == (1000, 10_000, 100_000)
    assert found.cost == Decimal("1.02")


def test_what_is_answered_is_not_ahead_but_counts_for_the_ceiling() -> None:
    found = plan(10, answered=4)
    assert (found.ahead.requests, found.before.requests, found.before.written) == (6, 8, 80)
    assert plan(10, answered=4, ceiling=Ceiling(requests=13)).beyond == "13 requests"
    assert plan(10, answered=4, ceiling=Ceiling(requests=14)).beyond == ""


@pytest.mark.parametrize(
    ("ceiling", "words"),
    [
        (Ceiling(tokens=1_099), "1,099 tokens"),
        (Ceiling(tokens=1_100), ""),
        (Ceiling(cost=Decimal("0.01")), "0.01 EUR"),
        (Ceiling(cost=Decimal("0.0102")), ""),
    ],
)
def test_a_ceiling_is_broken_from_the_first_token_above_it(ceiling: Ceiling, words: str) -> None:
    assert plan(10, ceiling=ceiling).beyond == words


def test_the_cards_own_limit_of_answers_counts() -> None:
    assert plan(10, decoding=Decoding(max_tokens=7)).ahead.written == 70


@pytest.mark.parametrize(
    ("pace", "minutes"),
    [
        (Pace(concurrency=10), 2),  # ten at once, two seconds each: five a second
        (Pace(concurrency=10, requests_per_second=1), 10),
        (Pace(concurrency=10, requests_per_second=50), 2),
    ],
)
def test_the_time_follows_from_the_rate_or_from_two_seconds_an_answer(
    pace: Pace, minutes: float
) -> None:
    assert plan(600, pace=pace).minutes == minutes


def test_the_plan_in_words_says_what_is_estimated() -> None:
    text = "\n".join(plan(1_000, answered=200, pace=Pace(concurrency=10)).sentences)
    assert "https://models.example/v1 is asked as “m”, 10 questions at once" in text
    assert "800 (200 of 1,000 are answered already)" in text
    assert "at most about 88,000" in text and "estimated from letters" in text
    assert "about 3 minutes, if an answer takes 2 seconds" in text
    assert "at most about 0.82 EUR" in text
    assert "encrypted" not in text


def test_the_plan_warns_of_an_address_without_encryption() -> None:
    assert any("encrypted" in line for line in plan(1, url="http://models.example/v1").sentences)


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 1), ("a", 1), ("abcd", 1), ("abcde", 2), ("你好", 3), ("é" * 8, 2)]
)
def test_tokens_are_estimated_from_letters(text: str, tokens: int) -> None:
    assert tokens_of(text) == tokens
