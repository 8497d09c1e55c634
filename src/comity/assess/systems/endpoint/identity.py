"""Who answered: what can be told from outside about a model behind an address.

An address binds weakly: what runs behind it can change unseen. So that a change is at least seen
when it happens during a run, a few fixed questions are asked at its begin and again at its end,
with the likeliest word taken each time; another answer is noted. It is a hint and no proof: some
servers answer differently to equal requests at any time.

The digest of the identity is of what is known beforehand and stays: address, model and system
prompt. So an authority's delta, made from one run, fits the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from comity.assess.systems.endpoint.ask import Answer, Ask, Message
from comity.assess.systems.endpoint.model import Endpoint
from comity.assess.systems.labels import shown
from comity.claims import Identity, digest_of

__all__ = ["canaries", "declared_identity", "identity_notes", "observed_identity"]

_QUESTIONS = (
    "Count from one to ten in words.",
    "Name three rivers and the seas that they flow into.",
    "Complete the sentence: The bridge was closed because",
)
_CANARY_TOKENS = 48


def canaries(endpoint: Endpoint, when: str) -> tuple[Ask, ...]:
    """The questions that tell whether the model has changed.

    Args:
        endpoint: The model.
        when: `begin` or `end`.
    """
    prompt = endpoint.system_prompt
    opening = (Message("system", prompt),) if prompt else ()
    return tuple(
        Ask(id=f"canary/{when}/{number}", prompt=question, max_tokens=_CANARY_TOKENS)
        if endpoint.base
        else Ask(
            id=f"canary/{when}/{number}",
            messages=(*opening, Message("user", question)),
            max_tokens=_CANARY_TOKENS,
        )
        for number, question in enumerate(_QUESTIONS, start=1)
    )


def declared_identity(endpoint: Endpoint) -> Identity:
    """What the card alone says: enough to tell which system is meant."""
    weights = endpoint.weights
    if weights is not None:
        detail = f"model-signing digest (files, sha256) of {shown(weights.name, 200)}"
        return Identity(binding="weights", digest=weights.digest, detail=detail)
    digest = digest_of(
        {
            "address": endpoint.url,
            "model": endpoint.model,
            "system_prompt": endpoint.system_prompt,
        }
    )
    detail = f"{shown(endpoint.model, 80)} at {shown(endpoint.url, 120)}"
    return Identity(binding="endpoint", digest=digest, detail=detail)


def observed_identity(
    endpoint: Endpoint, answers: Mapping[str, Answer], moments: Sequence[str]
) -> Identity:
    """What the card says, and what was seen of it.

    Args:
        endpoint: The model.
        answers: All answers of the run, those to `canaries` among them.
        moments: When the first and the last of them came.
    """
    declared = declared_identity(endpoint)
    if endpoint.weights is not None:
        return declared
    said = [shown(name, 60) for name, _ in _models(answers.values()).most_common(3)]
    begin, end = _canary_texts(answers, "begin"), _canary_texts(answers, "end")
    parts = [
        declared.detail,
        f"names itself {', '.join(said)}" if said else "does not name itself",
    ]
    if endpoint.system_prompt:
        parts.append(f"system prompt {digest_of(endpoint.system_prompt)[:16]}…")
    parts.append(f"fixed questions {digest_of(begin)[:16]}…")
    parts.append("same at the end" if begin == end else f"at the end {digest_of(end)[:16]}…")
    if moments:
        parts.append(f"{moments[0]} to {moments[1]}")
    return Identity(binding="endpoint", digest=declared.digest, detail="; ".join(parts)[:500])


def identity_notes(endpoint: Endpoint, answers: Mapping[str, Answer]) -> Iterator[str]:
    """What a reader should know about who answered."""
    models = _models(answers.values())
    if endpoint.weights is not None:
        return
    if not models:
        yield "The endpoint does not say which model answered."
    elif len(models) > 1:
        named = ", ".join(f"{shown(name, 60)} ({n:,})" for name, n in models.most_common(5))
        yield (
            f"The endpoint names {len(models):,} models as the one that answered: {named}. The "
            "numbers may belong to a mixture."
        )
    elif endpoint.model not in models:
        yield (
            f"The endpoint was asked for {shown(endpoint.model, 80)} and says that "
            f"{shown(next(iter(models)), 80)} answered."
        )
    begin, end = _canary_texts(answers, "begin"), _canary_texts(answers, "end")
    changed = sum(one != other for one, other in zip(begin, end, strict=True))
    if changed:
        yield (
            f"{changed} of {len(begin)} fixed questions were answered differently at the end of "
            "the run than at its begin: the model may have changed meanwhile, or may not always "
            "answer alike."
        )


def _models(answers: Iterable[Answer]) -> Counter[str]:
    return Counter(answer.model for answer in answers if answer.model)


def _canary_texts(answers: Mapping[str, Answer], when: str) -> list[str | None]:
    found = [answers.get(f"canary/{when}/{number}") for number in range(1, len(_QUESTIONS) + 1)]
    return [answer.text if answer and answer.status == "answered" else None for answer in found]
