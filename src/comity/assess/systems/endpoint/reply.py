"""What a double says: a text, or a text with token counts and log-probabilities."""

from __future__ import annotations

import math
from typing import Protocol

import msgspec

from comity.assess.systems.endpoint.ask import Answer, Ask, Usage

__all__ = ["Said", "Told", "answer_from", "whole"]

LETTERS_A_TOKEN = 4
"""What a double counts as one token where it is not told otherwise."""


class Told(Protocol):
    """A reply with its particulars, for instance `comity.assess.questions.Reply`."""

    @property
    def text(self) -> str:
        """What the model says."""
        ...

    @property
    def prompt_tokens(self) -> int | None:
        """How many tokens it has read; None: counted by letters."""
        ...

    @property
    def completion_tokens(self) -> int | None:
        """How many tokens it has written; None: counted by letters."""
        ...

    @property
    def top(self) -> tuple[tuple[str, float], ...]:
        """The likeliest first tokens with their natural log-probabilities, likeliest first."""
        ...


Said = str | Told


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """A reply with nothing left open."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    top: tuple[tuple[str, float], ...] = ()
    finish: str = "stop"


def whole(said: Said, read: str) -> Whole:
    """The whole reply to the text `read`: tokens that nobody stated are counted by letters."""
    if isinstance(said, str):
        return Whole(text=said, prompt_tokens=_tokens(read), completion_tokens=_tokens(said))
    return Whole(
        text=said.text,
        prompt_tokens=_tokens(read) if said.prompt_tokens is None else said.prompt_tokens,
        completion_tokens=_tokens(said.text)
        if said.completion_tokens is None
        else said.completion_tokens,
        top=tuple(said.top),
    )


def answer_from(ask: Ask, said: Said, model: str) -> Answer:
    """The answer that `ask` gets when this is said, without anybody to carry it."""
    reply = whole(said, ask.text)
    return Answer(
        id=ask.id,
        status="answered",
        text=reply.text,
        finish=reply.finish,
        model=model,
        usage=Usage(prompt_tokens=reply.prompt_tokens, completion_tokens=reply.completion_tokens),
        top=reply.top[: ask.top],
    )


def _tokens(text: str) -> int:
    return math.ceil(len(text) / LETTERS_A_TOKEN)
