"""Before a run: how many requests, tokens and minutes it takes, and what it costs. Pure.

Tokens are estimated from letters before there is an answer to count: one for each four letters of
the Latin script, one for each letter of another script. Of the answers, the most is counted that
they may have. So the figures are larger than what a run mostly uses up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from comity.assess.systems.endpoint.ask import Answer, Ask
from comity.assess.systems.endpoint.model import Ceiling, Endpoint, Prices

__all__ = ["Plan", "Spent", "at_most", "make_plan", "tokens_of"]

LETTERS_A_TOKEN = 4
SECONDS_AN_ANSWER = 2.0
"""What is assumed where nothing was asked yet."""


@dataclass(kw_only=True)
class Spent:
    """What a run has used up, or will at most.

    Attributes:
        requests: Sent, with every new attempt.
        read, written: Tokens of questions and of answers.
    """

    requests: int = 0
    read: int = 0
    written: int = 0

    def add(self, ask: Ask, answer: Answer) -> None:
        """Count one answer: as the endpoint counts, or estimated where it does not say."""
        self.requests += answer.attempts
        if answer.status == "answered":
            usage = answer.usage
            self.read += tokens_of(ask.text) if usage.prompt_tokens is None else usage.prompt_tokens
            self.written += (
                tokens_of(answer.text)
                if usage.completion_tokens is None
                else usage.completion_tokens
            )

    def beyond(self, ceiling: Ceiling, prices: Prices | None) -> str:
        """Which limit these figures break, in words; empty where they keep to all."""
        if ceiling.requests is not None and self.requests > ceiling.requests:
            return f"{ceiling.requests:,} requests"
        if ceiling.tokens is not None and self.read + self.written > ceiling.tokens:
            return f"{ceiling.tokens:,} tokens"
        if ceiling.cost is None or prices is None:
            return ""
        beyond = prices.cost(self.read, self.written) > ceiling.cost
        return f"{ceiling.cost} {prices.currency}" if beyond else ""

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            requests=self.requests + other.requests,
            read=self.read + other.read,
            written=self.written + other.written,
        )

    def __sub__(self, other: Spent) -> Spent:
        return Spent(
            requests=self.requests - other.requests,
            read=self.read - other.read,
            written=self.written - other.written,
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run will take.

    Attributes:
        endpoint: The model, and how it is asked.
        asks: All questions of the batteries, and those that tell whether the model has changed.
        answered: How many of them the journal answers already.
        ahead: Requests and tokens of the others, at most, if each is sent once.
        before: What the answers in the journal used up.
        minutes: About how long the others take.
    """

    endpoint: Endpoint
    asks: int
    answered: int
    ahead: Spent
    before: Spent
    minutes: float

    @property
    def cost(self) -> Decimal | None:
        """What the tokens ahead cost at most; None without prices."""
        prices = self.endpoint.prices
        return None if prices is None else prices.cost(self.ahead.read, self.ahead.written)

    @property
    def beyond(self) -> str:
        """Which limit of the card the run would break, in words; empty for none."""
        return (self.ahead + self.before).beyond(self.endpoint.ceiling, self.endpoint.prices)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The plan in words."""
        endpoint = self.endpoint
        where = (
            f"{endpoint.url} is asked as “{endpoint.model}”"
            if endpoint.weights is None
            else f"{endpoint.weights.name} is run here"
        )
        left = self.asks - self.answered
        if not left:
            return (f"All {self.asks:,} questions are answered in the journal. Nothing is asked.",)
        known = f" ({self.answered:,} of {self.asks:,} are answered already)"
        pace = endpoint.pace
        rate = f", {pace.requests_per_second:g} a second" if pace.requests_per_second else ""
        tokens = self.ahead.read + self.ahead.written
        lines = [
            f"{where}, {pace.concurrency:,} questions at once{rate}.",
            f"Requests: {left:,}{known if self.answered else ''}, and more where one is repeated.",
            f"Tokens:   at most about {tokens:,}, {self.ahead.read:,} to read and "
            f"{self.ahead.written:,} to write (estimated from letters).",
            f"Time:     about {_minutes(self.minutes)}, {_assumed(endpoint)}.",
        ]
        if endpoint.prices is not None:
            lines.append(f"Cost:     at most about {self.cost:.2f} {endpoint.prices.currency}.")
        if endpoint.unencrypted:
            lines.append("Nothing is encrypted on the way to this address: not the key either.")
        return tuple(lines)


def make_plan(endpoint: Endpoint, asks: Iterable[Ask], journal: Iterable[Answer | None]) -> Plan:
    """Plan a run.

    Args:
        endpoint: The model, and how it is asked.
        asks: What is to be asked.
        journal: The answer to each that is there already, or None.
    """
    ahead, before = Spent(), Spent()
    total = answered = 0
    for ask, answer in zip(asks, journal, strict=True):
        total += 1
        if answer is None:
            ahead += at_most(ask, endpoint)
        else:
            answered += 1
            before.add(ask, answer)
    pace = endpoint.pace
    rate = pace.concurrency / SECONDS_AN_ANSWER
    if pace.requests_per_second is not None:
        rate = min(rate, pace.requests_per_second)
    return Plan(
        endpoint=endpoint,
        asks=total,
        answered=answered,
        ahead=ahead,
        before=before,
        minutes=ahead.requests / rate / 60,
    )


def at_most(ask: Ask, endpoint: Endpoint) -> Spent:
    """What one question uses up that is sent once and answered at full length."""
    limit = endpoint.decoding.max_tokens
    return Spent(
        requests=1,
        read=tokens_of(ask.text),
        written=ask.max_tokens if limit is None else min(limit, ask.max_tokens),
    )


def tokens_of(text: str) -> int:
    """About how many tokens a text has, from its letters; at least one."""
    latin = len(text) if text.isascii() else len(text.encode("latin-1", "ignore"))
    return len(text) - latin + max(1, -(-latin // LETTERS_A_TOKEN))


def _minutes(minutes: float) -> str:
    return "a minute" if round(minutes) <= 1 else f"{round(minutes):,} minutes"


def _assumed(endpoint: Endpoint) -> str:
    pace = endpoint.pace
    bound = pace.concurrency / SECONDS_AN_ANSWER
    if pace.requests_per_second is not None and pace.requests_per_second < bound:
        return "at the rate that the card allows"
    return f"if an answer takes {SECONDS_AN_ANSWER:g} seconds"
