"""What is asked about languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from comity.assess.questions.banks import bank
from comity.assess.questions.battery import Asked, chat, portion
from comity.assess.systems.endpoint.ask import Ask

__all__ = [
    "PIVOT",
    "TASK_LANGUAGES",
    "Task",
    "TaskItem",
    "TextItem",
    "asks",
    "lengths",
    "one_token",
    "tasks",
]

PIVOT = "en"
"""What the other languages are compared with."""
TASK_LANGUAGES = ("en", "fr", "zh", "ar", "ru", "es")
ROOM = 64
"""Tokens for an answer that is one number: some models say a sentence first."""
FULL_STOP = "."
"""A text of one token in every tokenizer, so that what is counted beyond it is the template's."""
IN_DIGITS: Mapping[str, str] = {
    "en": "Answer with one number in digits.",
    "fr": "Répondez par un seul nombre en chiffres.",
    "zh": "请只用一个阿拉伯数字作答。",
    "ar": "أجب بعدد واحد بالأرقام.",
    "ru": "Ответьте одним числом, цифрами.",
    "es": "Responda con un solo número en cifras.",
}


class TextItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One item of `parallel_texts`; its id is the language."""

    id: str
    text: str


class TaskItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One item of `number_tasks`: one task in all its languages."""

    id: str
    answer: int
    texts: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task.

    Attributes:
        id: Its id.
        answer: The right number.
        asks: The request in each language that is asked; English is always there.
    """

    id: str
    answer: int
    asks: Mapping[str, Ask]


def _counted(asked: Asked, name: str, text: str) -> Ask:
    """A request of which only the length matters."""
    ask_id = f"languages/tokens/{name}"
    if asked.base:
        return Ask(id=ask_id, prompt=text, max_tokens=1)
    return chat(asked, ask_id, text, max_tokens=1)


def one_token(asked: Asked) -> Ask:
    """The request that shows what is counted besides the text."""
    return _counted(asked, "one", FULL_STOP)


def lengths(asked: Asked) -> dict[str, Ask]:
    """The same text in every language, by language, whatever the card names: it costs little."""
    return {item.id: _counted(asked, item.id, item.text) for item in _texts()}


def _texts() -> tuple[TextItem, ...]:
    return bank("parallel_texts", TextItem).items


def tasks(asked: Asked) -> tuple[Task, ...]:
    """The tasks in English and in the card's languages; none where no other language is asked."""
    spoken = [one for one in TASK_LANGUAGES if one == PIVOT or asked.speaks(one)]
    if asked.base or spoken == [PIVOT]:
        return ()
    return tuple(
        Task(
            id=item.id,
            answer=item.answer,
            asks={one: _task(asked, item, one) for one in spoken},
        )
        for item in portion(asked, bank("number_tasks", TaskItem).items)
    )


def _task(asked: Asked, item: TaskItem, language: str) -> Ask:
    text = f"{item.texts[language]}\n\n{IN_DIGITS[language]}"
    return chat(asked, f"languages/task/{item.id}/{language}", text, max_tokens=ROOM)


def asks(asked: Asked) -> tuple[Ask, ...]:
    """All requests."""
    in_tasks = (ask for task in tasks(asked) for ask in task.asks.values())
    return (one_token(asked), *lengths(asked).values(), *in_tasks)
