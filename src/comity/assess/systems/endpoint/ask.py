"""One question to a language model and its answer: what batteries plan, and what they score.

Batteries are pure: they make `Ask`s and read `Answer`s. Whoever carries them (a server, a
recording, a function) is a `System`.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

__all__ = ["Answer", "Ask", "Message", "System", "Usage"]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One request.

    Attributes:
        id: Unique in a run: risk, item and variant, as `misuse/017/benign`.
        messages: The conversation, for a model with a chat template; else empty.
        prompt: The text to continue, for a model without one; else empty.
        max_tokens: Where the answer is cut off.
        top: How many of the likeliest next tokens are wanted with their log-probabilities, of the
            first token of the answer; 0 for none.
    """

    id: str
    messages: tuple[Message, ...] = ()
    prompt: str = ""
    max_tokens: int
    top: int = 0

    def __post_init__(self) -> None:
        if bool(self.messages) == bool(self.prompt):
            raise ValueError("a request has either messages or a prompt")

    @property
    def text(self) -> str:
        """All that is sent, as one text: for estimates of length, and for doubles."""
        return self.prompt or "\n".join(message.content for message in self.messages)


class Usage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tokens as the endpoint itself counts them; null where it does not say."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What came back, or why nothing did.

    Attributes:
        id: The id of the `Ask`.
        status: `answered`, or `errored` after the last attempt. An errored item counts against
            the system: it is planned, and not scored.
        text: The answer; empty when errored.
        finish: Why the model stopped, in the endpoint's word (`stop`, `length`); may be empty.
        model: The model that the endpoint says answered; may be empty.
        usage: Tokens.
        top: The likeliest first tokens with their natural log-probabilities, likeliest first.
        error: What went wrong, one sentence; empty when answered.
        attempts: How often it was sent.
        seconds: Time of the last attempt, from request to the last byte.
        lost: Errored, and nothing that the endpoint says to this very request: it was out of reach,
            too slow or overloaded, so another day there may be an answer.
    """

    id: str
    status: Literal["answered", "errored"]
    text: str = ""
    finish: str = ""
    model: str = ""
    usage: Usage = Usage()
    top: tuple[tuple[str, float], ...] = ()
    error: str = ""
    attempts: int = 1
    seconds: float = 0.0
    lost: bool = False


class System(Protocol):
    """Anything that answers."""

    async def answer(self, ask: Ask) -> Answer:
        """Answer one request; trouble is an errored answer, never an exception."""
        ...
