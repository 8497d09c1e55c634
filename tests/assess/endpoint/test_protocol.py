"""Requests as bytes, and what is read of a reply, whatever stands in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.assess.systems.endpoint.ask import Ask, Message, Usage
from comity.assess.systems.endpoint.protocol import (
    Decoding,
    Unreadable,
    body,
    message_of,
    parse,
    path_of,
    request_digest,
)

CHAT = Ask(id="a", messages=(Message("user", "Two and two?"),), max_tokens=16)
TEXT = Ask(id="b", prompt="Two and two is", max_tokens=4)


def sent(ask: Ask, decoding: Decoding | None = None) -> dict[str, Any]:
    found = json.loads(body(ask, "m", decoding or Decoding()))
    assert isinstance(found, dict)
    return found


def chat_reply(content: object = "Four.", **more: object) -> bytes:
    message = {"role": "assistant", "content": content}
    return json.dumps({"choices": [{"message": message, **more}], "model": "m-1"}).encode()


def test_a_conversation_goes_to_one_path_and_a_text_to_another() -> None:
    assert (path_of(CHAT), path_of(TEXT)) == ("/chat/completions", "/completions")
    assert sent(CHAT)["messages"] == [{"role": "user", "content": "Two and two?"}]
    assert sent(TEXT)["prompt"] == "Two and two is" and "messages" not in sent(TEXT)


def test_numbers_are_sent_as_numbers_and_what_is_not_given_is_not_sent() -> None:
    assert sent(CHAT)["temperature"] == 0
    assert not {"top_p", "seed", "logprobs", "stream"} & sent(CHAT).keys()
    decoding = Decoding(temperature="0.7", top_p="0.9", seed=4)
    found = sent(CHAT, decoding)
    assert (found["temperature"], found["top_p"], found["seed"]) == (0.7, 0.9, 4)


def test_an_answer_is_no_longer_than_question_and_card_allow() -> None:
    assert sent(CHAT, Decoding(max_tokens=8))["max_tokens"] == 8
    assert sent(CHAT, Decoding(max_tokens=99))["max_tokens"] == 16


def test_probabilities_are_asked_for_in_the_form_of_each_path() -> None:
    chat = sent(Ask(id="a", messages=CHAT.messages, max_tokens=1, top=5))
    text = sent(Ask(id="b", prompt="x", max_tokens=1, top=5))
    assert (chat["logprobs"], chat["top_logprobs"], text["logprobs"]) == (True, 5, 5)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param((CHAT, "http://elsewhere", "m", Decoding()), id="another address"),
        pytest.param((CHAT, "http://here", "n", Decoding()), id="another model"),
        pytest.param((CHAT, "http://here", "m", Decoding(seed=1)), id="other decoding"),
        pytest.param((TEXT, "http://here", "m", Decoding()), id="other words"),
    ],
)
def test_a_request_is_another_one_by(other: tuple[Ask, str, str, Decoding]) -> None:
    assert request_digest(*other) != request_digest(CHAT, "http://here", "m", Decoding())


def test_a_request_is_the_same_by_another_name() -> None:
    renamed = Ask(id="z", messages=CHAT.messages, max_tokens=16)
    ours = (request_digest(ask, "http://here", "m", Decoding()) for ask in (CHAT, renamed))
    assert len(set(ours)) == 1


def test_text_model_and_reason_to_stop_are_read() -> None:
    found = parse(CHAT, chat_reply(finish_reason="stop"))
    assert (found.text, found.model, found.finish) == ("Four.", "m-1", "stop")
    assert parse(TEXT, b'{"choices": [{"text": " four"}]}').text == " four"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": None, "refusal": "I cannot."}, "I cannot."),
        ({"content": None}, ""),
        ({}, ""),
    ],
)
def test_an_answer_without_content_is_its_refusal_or_empty(
    message: dict[str, str | None], text: str
) -> None:
    assert parse(CHAT, json.dumps({"choices": [{"message": message}]}).encode()).text == text


@pytest.mark.parametrize(
    "usage",
    [None, [], "many", {"prompt_tokens": -1}, {"prompt_tokens": "3"}, {"prompt_tokens": 2**60}],
)
def test_token_counts_of_another_form_are_no_counts(usage: object) -> None:
    data = json.loads(chat_reply())
    assert parse(CHAT, json.dumps({**data, "usage": usage}).encode()).usage == Usage()


TOP = Ask(id="a", messages=CHAT.messages, max_tokens=1, top=2)
TOP_TEXT = Ask(id="b", prompt="x", max_tokens=1, top=2)
LIKELY = [
    {"token": "b", "logprob": -2.0},
    {"token": "a", "logprob": -0.5},
    {"token": "c", "logprob": -3.0},
]


@pytest.mark.parametrize(
    "logprobs",
    [
        pytest.param({"content": [{"token": "a", "top_logprobs": LIKELY}]}, id="a list"),
        pytest.param({"top_logprobs": [{"b": -2.0, "a": -0.5, "c": -3.0}]}, id="a table"),
    ],
)
@pytest.mark.parametrize("ask", [TOP, TOP_TEXT], ids=["chat", "text"])
def test_the_likeliest_first_tokens_come_likeliest_first(ask: Ask, logprobs: object) -> None:
    choice = {"text": "a", "message": {"content": "a"}, "logprobs": logprobs}
    found = parse(ask, json.dumps({"choices": [choice]}).encode())
    assert found.top == (("a", -0.5), ("b", -2.0))


@pytest.mark.parametrize(
    "logprobs", [None, [], "x", {"content": []}, {"content": [{"top_logprobs": [{"token": 1}]}]}]
)
def test_probabilities_of_another_form_are_none(logprobs: object) -> None:
    assert parse(TOP, chat_reply(logprobs=logprobs)).top == ()


def test_an_infinite_probability_is_left_out() -> None:
    data = (
        b'{"choices": [{"message": {"content": "a"}, "logprobs": {"content": [{"top_logprobs": '
        b'[{"token": "a", "logprob": null}, {"token": "b", "logprob": -1}]}]}}]}'
    )
    assert parse(TOP, data).top == (("b", -1.0),)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no completion in JSON"),
        (b"<html>", "no completion in JSON"),
        (b"{}", "no completion in JSON"),
        (b'{"choices": []}', "no completion in JSON"),
        (b'{"choices": [{}]}', "no message"),
        (b'{"choices": [{"message": {"content": ["a"]}}]}', "no completion in JSON"),
        (b'{"choices": [{"message": {"content": "\\ud800"}}]}', "no completion in JSON"),
        (b'{"choices": [{"message": {"content": "\xff"}}]}', "no completion in JSON"),
        (b"data: {}\n\n", "stream of events"),
        (b"\n event: x", "stream of events"),
        (b'{"x": ' + b"[" * 200_000, "nested too deeply"),
    ],
)
def test_what_is_no_reply_is_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        parse(CHAT, data)


def test_a_text_model_that_answers_with_a_message_gave_no_text() -> None:
    with pytest.raises(Unreadable, match="no text"):
        parse(TEXT, chat_reply())


@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_sentence(data: bytes) -> None:
    try:
        parse(TOP, data)
    except Unreadable as error:
        assert str(error)
    assert isinstance(message_of(data), str)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "message", "content", "usage", "logprobs", "top_logprobs"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_an_answer_or_a_sentence(value: object) -> None:
    try:
        parse(TOP, json.dumps(value).encode())
    except Unreadable as error:
        assert str(error)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"error": {"message": "no such\\n model"}}', "no such model"),
        (b'{"error": "busy"}', "busy"),
        (b"<html>", ""),
        (b'{"error": {"message": "' + b"x" * 500 + b'"}}', "x" * 200),
        (b"[" * 100_000, ""),
    ],
)
def test_an_endpoints_own_words_about_an_error_are_kept_short(data: bytes, said: str) -> None:
    assert message_of(data) == said
