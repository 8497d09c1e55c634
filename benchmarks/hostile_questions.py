"""Damaged replies of a language model, journals, cards and labelling sheets, for `soak.py`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from comity.assess import QuestionCard, open_card
from comity.assess.questions import Asked, Planted
from comity.assess.questions.labelling import labels_of, read_sheet, sheet
from comity.assess.questions.misuse import MISUSE
from comity.assess.questions.planted import answers
from comity.assess.systems.endpoint.ask import Answer, Ask, Message
from comity.assess.systems.endpoint.journal import open_journal
from comity.assess.systems.endpoint.protocol import MAX_MESSAGE, Unreadable, message_of, parse
from comity.errors import InputError

__all__ = ["QUESTIONS"]

FOLDER = tempfile.TemporaryDirectory()
FILE = Path(FOLDER.name, "file")
Path(FOLDER.name, "model.gguf").write_bytes(b"only hashed, never opened")
CHAT = Ask(id="a/1", messages=(Message("user", "One \u00e9?"),), max_tokens=8, top=3)
TEXT = Ask(id="a/2", prompt="One", max_tokens=1, top=3)
REPLIES = [
    b'{"id":"x","model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":'
    b'"assistant","content":"Two \\u00e9","refusal":null},"logprobs":{"content":[{"token":"T",'
    b'"logprob":-0.1,"top_logprobs":[{"token":"T","logprob":-0.1}]}]}}],"usage":{"prompt_tokens":'
    b'9,"completion_tokens":2}}',
    b'{"model":"m","choices":[{"text":" two","finish_reason":"length","logprobs":{"top_logprobs":'
    b'[{" two":-0.2,"\\n":null}]}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}',
    b'{"error":{"message":"too many","type":"rate_limit","code":429}}',
]
SYSTEM = '[system]\nname = "S"\nversion = "1"\nintended_use = "U"\n[population]\na = "b"\n'
CARDS = [
    f"""{SYSTEM}[endpoint]
url = "https://models.example:8000/v1"
model = "m"
key_env = "KEY"
languages = ["en", "fr"]
risks = ["misuse"]
share = 0.5
temperature = "0.7"
top_p = 0.9
seed = 1
concurrency = 4
requests_per_second = 2.5
prices = {{input = 0.5, output = 1.5, currency = "EUR"}}
ceiling = {{requests = 5000, cost = 2}}
grid = {{grams_per_kwh = 56, source = "S"}}
""".encode(),
    f'{SYSTEM}[local]\nweights = "model.gguf"\nbase = true\ncontext = 512\nthreads = 1\n'.encode(),
]
ASKS = MISUSE.asks(Asked(share=0.05))
ANSWERS = answers(ASKS, MISUSE.replies(Asked(share=0.05), Planted(rates=MISUSE.behaviours)))


def _journal() -> bytes:
    path = Path(FOLDER.name, "journal")
    with open_journal(path) as book:
        for turn, ask in enumerate((CHAT, TEXT, CHAT)):
            answer = Answer(id=ask.id, status="answered", text="Two \u00e9", model="m")
            book.add(("ab" * 32, turn), ask, answer, "2026-11-22T12:00:00Z")
    return path.read_bytes()


def _sheet() -> bytes:
    rows = sheet(ASKS, ANSWERS).replace(b",,", b",refused,", 3)
    return rows.replace(b",,", b",answered,", 2)


def read_reply(data: bytes) -> None:
    """A damaged reply is an answer within its limits, or none."""
    assert len(message_of(data)) <= MAX_MESSAGE
    refused = []
    for ask in (CHAT, TEXT):
        try:
            answer = parse(ask, data)
        except Unreadable as error:
            refused.append(str(error))
        else:
            assert answer.id == ask.id and len(answer.top) <= ask.top
            msgspec.json.encode(answer)
    if len(refused) == 2:
        raise InputError(refused[0])


def read_journal(data: bytes) -> None:
    """A damaged journal is refused, or shortened by a torn end; what it then says was written."""
    FILE.unlink(missing_ok=True)
    FILE.touch(mode=0o600)
    FILE.write_bytes(data)
    with open_journal(FILE) as book:
        assert all(entry.request == key[0] for key, entry in book.found.items())
    if FILE.exists():
        assert data.startswith(FILE.read_bytes())


def read_card(data: bytes) -> None:
    """A damaged card is refused, or still names no file but those beside it, and no key."""
    FILE.write_bytes(data)
    card = open_card(FILE)
    assert isinstance(card, QuestionCard)
    weights = card.endpoint.weights
    assert weights is None or weights.path.is_relative_to(Path(FOLDER.name).resolve())
    assert "@" not in card.endpoint.url


def read_labels(data: bytes) -> None:
    """A damaged sheet is refused, or labels answers of this run from the first one on."""
    FILE.write_bytes(data)
    labels = labels_of(read_sheet(FILE, "somebody"), ASKS, ANSWERS)
    assert labels and labels.keys() <= ANSWERS.keys()


QUESTIONS: dict[str, tuple[list[bytes], Callable[[bytes], object]]] = {
    "reply of a language model": (REPLIES, read_reply),
    "journal": ([_journal()], read_journal),
    "card of a language model": (CARDS, read_card),
    "labelling sheet": ([_sheet()], read_labels),
}
"""Good files and their reader, by name."""
