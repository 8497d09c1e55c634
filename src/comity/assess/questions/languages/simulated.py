"""A simulated model that is worse in some languages: how it answers, and what must be found."""

from __future__ import annotations

from collections.abc import Mapping

from comity.assess.questions.battery import Asked
from comity.assess.questions.languages.items import (
    PIVOT,
    TASK_LANGUAGES,
    Task,
    lengths,
    one_token,
    tasks,
)
from comity.assess.questions.planted import Planted, Reply, Truths, slice_of
from comity.assess.systems.endpoint.ask import Ask

__all__ = ["BEHAVIOURS", "replies", "truths"]

BEHAVIOURS: Mapping[str, float] = {
    "languages.right": 0.9,
    "languages.loses_fr": 0.05,
    "languages.loses_zh": 0.1,
    "languages.loses_ar": 0.3,
    "languages.loses_ru": 0.15,
    "languages.loses_es": 0.05,
    "languages.unreadable": 0.02,
}
"""How often: a task is done in English; what is done in English is lost in that language; an answer
cannot be read."""
TEMPLATE = 9
"""Tokens that the simulated model's chat template adds; a token is one byte of the text."""

PHRASES: Mapping[str, tuple[str, ...]] = {
    "en": ("{n}", "**{n}**", "The answer is {n}.", "{n}.", "That makes\n\n{n}"),
    "fr": ("{n}", "La réponse est {n}.", "**{n}**", "Réponse : {n}"),
    "zh": ("{n}", "答案是{n}。", "{wide}", "**{n}**"),
    "ar": ("{n}", "الجواب هو {arabic}.", "{arabic}", "**{arabic}**"),
    "ru": ("{n}", "Ответ: {n}.", "**{n}**", "Получается {n}"),
    "es": ("{n}", "La respuesta es {n}.", "Son {n}.", "**{n}**"),
}
UNREADABLE = ("", "?", "I'm sorry, I can't do that.", "\x00\x1b[2J")


def replies(asked: Asked, planted: Planted) -> dict[str, Reply]:
    """What a simulated model with these rates answers."""
    counted = (one_token(asked), *lengths(asked).values())
    found = {ask.id: Reply(text=".", prompt_tokens=TEMPLATE + _bytes(ask)) for ask in counted}
    for task in tasks(asked):
        for language, ask in task.asks.items():
            found[ask.id] = Reply(text=_answer(task, language, ask.id, planted))
    return found


def _bytes(ask: Ask) -> int:
    text = ask.messages[-1].content if ask.messages else ask.prompt
    return len(text.encode())


def _answer(task: Task, language: str, ask_id: str, planted: Planted) -> str:
    if planted.shows(ask_id, "languages.unreadable"):
        return planted.pick(UNREADABLE, ask_id, "unreadable")
    done = planted.shows(task.id, "languages.right")
    if language != PIVOT and planted.shows(ask_id, f"languages.loses_{language}"):
        done = False
    number = str(task.answer if done else task.answer + 1)
    arabic, wide = (
        "".join(chr(zero + int(digit)) for digit in number) for zero in (0x0660, 0xFF10)
    )
    phrase = planted.pick(PHRASES[language], ask_id, "phrase")
    return phrase.format(n=number, arabic=arabic, wide=wide)


def truths(asked: Asked, planted: Planted) -> Truths:
    """What every measure must find in the replies."""
    found: Truths = {}
    by_language = lengths(asked)
    english = _bytes(by_language[PIVOT])
    for language, ask in by_language.items():
        if language != PIVOT:
            place = slice_of({"language": language})
            found["languages.token_premium", place] = _bytes(ask) / english
    planned = tasks(asked)
    right = planted.rate("languages.right") * (1 - planted.rate("languages.unreadable"))
    for language in TASK_LANGUAGES if planned else ():
        if language not in planned[0].asks:
            continue
        place = slice_of({"language": language})
        lost = 0.0 if language == PIVOT else planted.rate(f"languages.loses_{language}")
        found["languages.accuracy", place] = right * (1 - lost)
        if language != PIVOT:
            found["languages.accuracy_gap", place] = -right * lost
    return found
