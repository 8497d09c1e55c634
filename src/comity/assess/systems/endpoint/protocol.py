"""The protocol of OpenAI-compatible servers: requests as bytes, and what their replies hold. Pure.

Only what is needed is read of a reply; everything else may be there. What is there must have its
form: a reply that breaks it is `Unreadable`, never half an answer. Token counts and
log-probabilities are extras: where they are missing or have another form, the answer goes without.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from comity.assess.systems.endpoint.ask import Answer, Ask, Usage
from comity.claims.values import Labels

__all__ = [
    "MAX_REPLY_BYTES",
    "Decoding",
    "Unreadable",
    "body",
    "message_of",
    "parse",
    "path_of",
    "request_digest",
]

MAX_REPLY_BYTES = 1_000_000
"""Longest reply that is read: many times what the longest answer asked for can fill."""
MAX_MESSAGE = 200
"""What is kept of an endpoint's own words about an error, in letters."""
MAX_NAME = 200
MAX_TOP = 100

Tokens = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


@dataclass(frozen=True, kw_only=True)
class Decoding:
    """How the model picks its words; numbers as decimal text, None where it is left to the server.

    Attributes:
        temperature: 0 takes the likeliest token each time.
        top_p: Share of probability from which a token is drawn.
        max_tokens: No answer may be longer, whatever a question allows.
        seed: Seed of the draw.
    """

    temperature: str = "0"
    top_p: str | None = None
    max_tokens: int | None = None
    seed: int | None = None

    @property
    def labels(self) -> Labels:
        """As a procedure states it."""
        given = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "max_tokens": self.max_tokens,
            "seed": self.seed,
        }
        return {name: str(value) for name, value in given.items() if value is not None}


class Unreadable(ValueError):  # noqa: N818, it is the name of what came, and stays in this folder
    """A reply that is none; the text is a sentence about it."""


def path_of(ask: Ask) -> str:
    """Where a request goes, after the base URL."""
    return "/completions" if ask.prompt else "/chat/completions"


def body(ask: Ask, model: str, decoding: Decoding) -> bytes:
    """The request as JSON: the same bytes for the same question, always."""
    fields: dict[str, Any] = {
        "model": model,
        "max_tokens": min(ask.max_tokens, decoding.max_tokens or ask.max_tokens),
        "temperature": _number(decoding.temperature),
    }
    if decoding.top_p is not None:
        fields["top_p"] = _number(decoding.top_p)
    if decoding.seed is not None:
        fields["seed"] = decoding.seed
    if ask.prompt:
        fields["prompt"] = ask.prompt
        if ask.top:
            fields["logprobs"] = ask.top
    else:
        fields["messages"] = ask.messages
        if ask.top:
            fields["logprobs"] = True
            fields["top_logprobs"] = ask.top
    return msgspec.json.encode(fields)


def request_digest(ask: Ask, address: str, model: str, decoding: Decoding) -> str:
    """Identity of a request: where it goes and every byte of it, but not the name we give it."""
    head = f"{address}\n{path_of(ask)}\n".encode()
    return hashlib.sha256(head + body(ask, model, decoding)).hexdigest()


_NOTHING = msgspec.Raw(b"null")


class _Message(msgspec.Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct):
    message: _Message | None = None
    text: str | None = None
    finish_reason: str | None = None
    logprobs: msgspec.Raw = _NOTHING


class _Reply(msgspec.Struct):
    choices: Annotated[list[_Choice], msgspec.Meta(min_length=1)]
    model: str | None = None
    usage: msgspec.Raw = _NOTHING


class _Usage(msgspec.Struct):
    prompt_tokens: Tokens | None = None
    completion_tokens: Tokens | None = None


class _Likely(msgspec.Struct):
    token: str
    logprob: float | None = None


class _Position(msgspec.Struct):
    top_logprobs: list[_Likely] = []


class _Logprobs(msgspec.Struct):
    content: list[_Position] | None = None
    top_logprobs: list[dict[str, float | None]] | None = None


class _Trouble(msgspec.Struct):
    message: str = ""


class _Error(msgspec.Struct):
    error: _Trouble | str


_read_reply = msgspec.json.Decoder(_Reply).decode
_read_usage = msgspec.json.Decoder(_Usage | None).decode
_read_logprobs = msgspec.json.Decoder(_Logprobs | None).decode
_read_error = msgspec.json.Decoder(_Error).decode


def parse(ask: Ask, data: bytes) -> Answer:
    """Read a reply.

    Args:
        ask: What was asked.
        data: The body of the reply, of at most `MAX_REPLY_BYTES`.

    Returns:
        The answer, without time and attempts.

    Raises:
        Unreadable: it is no reply of this protocol.
    """
    try:
        reply = _read_reply(data)
    except RecursionError:
        raise Unreadable("the reply is nested too deeply") from None
    except ValueError:
        if data.lstrip()[:5] in (b"data:", b"event"):
            raise Unreadable("the endpoint sent a stream of events, which was not asked for") from (
                None
            )
        raise Unreadable("the reply is no completion in JSON") from None
    choice = reply.choices[0]
    if ask.prompt:
        text = choice.text
    else:
        message = choice.message or _Message()
        text = message.refusal if message.content is None else message.content
        if choice.message is None:
            raise Unreadable("the reply holds no message")
    if text is None and ask.prompt:
        raise Unreadable("the reply holds no text")
    return Answer(
        id=ask.id,
        status="answered",
        text=text or "",
        finish=(choice.finish_reason or "")[:MAX_NAME],
        model=(reply.model or "")[:MAX_NAME],
        usage=_usage(reply.usage),
        top=_top(choice.logprobs, ask.top) if ask.top else (),
    )


def message_of(data: bytes) -> str:
    """What an endpoint says about an error, shortened; empty where it says nothing readable."""
    try:
        error = _read_error(data).error
    except (ValueError, RecursionError):
        return ""
    words = error if isinstance(error, str) else error.message
    return " ".join(words.split())[:MAX_MESSAGE]


def _usage(raw: msgspec.Raw) -> Usage:
    try:
        usage = _read_usage(raw)
    except (ValueError, RecursionError):
        usage = None
    if usage is None:
        return Usage()
    return Usage(prompt_tokens=usage.prompt_tokens, completion_tokens=usage.completion_tokens)


def _top(raw: msgspec.Raw, wanted: int) -> tuple[tuple[str, float], ...]:
    """The likeliest first tokens; both forms that are in use, for either path."""
    try:
        given = _read_logprobs(raw)
    except (ValueError, RecursionError):
        given = None
    if given is None:
        return ()
    if given.content:
        pairs = [(one.token, one.logprob) for one in given.content[0].top_logprobs]
    elif given.top_logprobs:
        pairs = list(given.top_logprobs[0].items())
    else:
        return ()
    found = [(token, value) for token, value in pairs if value is not None and math.isfinite(value)]
    found.sort(key=lambda pair: -pair[1])
    return tuple(found[: min(wanted, MAX_TOP)])


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value
