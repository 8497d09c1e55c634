"""How token counts and answers in several languages become findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from comity.assess.batteries.finding import Finding, Subject, absent, exact
from comity.assess.questions.banks import bank
from comity.assess.questions.battery import Asked, prompts_digest, rate, tally
from comity.assess.questions.languages.items import (
    PIVOT,
    TASK_LANGUAGES,
    Task,
    TaskItem,
    TextItem,
    lengths,
    one_token,
    tasks,
)
from comity.assess.questions.reading import READER, read_number
from comity.assess.questions.signed import Signed, share
from comity.assess.systems.endpoint.ask import Answer
from comity.claims import Counts, Reason

__all__ = ["findings"]

UNREVIEWED = "no speaker has reviewed texts in this language"


def findings(asked: Asked, answers: Mapping[str, Answer]) -> Iterator[Finding]:
    """Token premium, then accuracy and its difference from English, then what is missing."""
    yield from _premiums(asked, answers)
    yield from _accuracies(asked, answers)
    for language in TASK_LANGUAGES[1:]:
        subject = Subject("languages.refusal_gap", {"against": PIVOT}, {"language": language})
        yield absent(subject, Reason.NO_ITEMS, UNREVIEWED)


def _premiums(asked: Asked, answers: Mapping[str, Answer]) -> Iterator[Finding]:
    one, by_language = one_token(asked), lengths(asked)
    head = bank("parallel_texts", TextItem).head
    parameters = {"against": PIVOT, "texts": f"{head.bank}/{head.version}"}
    digest = prompts_digest([one, *by_language.values()])
    for language, ask in by_language.items():
        if language == PIVOT:
            continue
        subject = Subject("languages.token_premium", parameters, {"language": language}, digest)
        # Three requests make one number: the text, the English one and the full stop.
        needed = [answers.get(request.id) for request in (ask, by_language[PIVOT], one)]
        yield _premium(subject, needed)


def _premium(subject: Subject, needed: Sequence[Answer | None]) -> Finding:
    """From the answers to the text, to the English one and to the full stop."""
    answered = [one for one in needed if one is not None and one.status == "answered"]
    counted = [one.usage.prompt_tokens for one in answered]
    found = [tokens for tokens in counted if tokens is not None]
    numbers = Counts(planned=1, scored=0, successes=None, invalid=0, errored=1)
    if len(answered) < len(needed):
        return absent(subject, Reason.NO_ANSWERS, "", numbers)
    numbers = Counts(planned=1, scored=0, successes=None, invalid=1, errored=0)
    if len(found) < len(needed):
        return absent(subject, Reason.NO_USAGE, "", numbers)
    text, english, stop = found
    if min(text, english) <= stop:
        return absent(subject, Reason.NO_USAGE, "its counts do not grow with the text", numbers)
    # The full stop is one token; the rest of what it took comes with every text.
    besides = stop - 1
    why = "one text, and a tokenizer always cuts it alike"
    numbers = Counts(planned=1, scored=1, successes=None, invalid=0, errored=0)
    ratio = (text - besides) / (english - besides)
    return exact(subject, ratio, numbers, why, Reason.DESCRIPTIVE)


def _accuracies(asked: Asked, answers: Mapping[str, Answer]) -> Iterator[Finding]:
    planned = tasks(asked)
    head = bank("number_tasks", TaskItem).head
    parameters = {"bank": f"{head.bank}/{head.version}"}
    for language in TASK_LANGUAGES:
        place = {"language": language}
        texts = {"texts": "own" if language == PIVOT else "unreviewed"}
        within = [task for task in planned if language in task.asks]
        these = [task.asks[language] for task in within]
        subject = Subject(
            "languages.accuracy", parameters | texts, place, prompts_digest(these), READER
        )
        against = [ask for task in within for ask in (task.asks[language], task.asks[PIVOT])]
        contrast = Subject(
            "languages.accuracy_gap",
            parameters | texts | {"against": PIVOT},
            place,
            prompts_digest(against),
            READER,
        )
        if not within:
            reason = Reason.BASE_MODEL if asked.base else Reason.NOT_ASKED
            yield absent(subject, reason)
            if language != PIVOT:
                yield absent(contrast, reason)
            continue
        right = {task.asks[language].id: task.answer for task in within}
        numbers = tally(
            these,
            answers,
            lambda ask, text, right=right: _right(text, right[ask.id]),  # type: ignore[misc]
        )
        yield rate(subject, numbers, "higher", missing=Reason.NO_ANSWERS)
        if language != PIVOT:
            yield share(contrast, _compared(within, language, answers))


def _right(text: str, answer: int) -> bool | None:
    found = read_number(text)
    return None if found is None else found == answer


def _compared(within: Sequence[Task], language: str, answers: Mapping[str, Answer]) -> Signed:
    """Tasks done only in this language, only in English, and in both or neither alike.

    What cannot be read is not done: a number in digits was asked for. A task without an answer in
    either language is not known.
    """
    found: Counter[str] = Counter()
    for task in within:
        both = [answers.get(task.asks[one].id) for one in (language, PIVOT)]
        if any(answer is None or answer.status == "errored" for answer in both):
            found["errored"] += 1
            continue
        here, there = (
            _right(answer.text, task.answer) is True for answer in both if answer is not None
        )
        found[{1: "plus", 0: "neither", -1: "minus"}[here - there]] += 1
    return Signed(*(found[name] for name in Signed._fields))
