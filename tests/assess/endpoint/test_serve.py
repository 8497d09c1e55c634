"""The local server speaks the protocol from a function, and is gone when its block ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from urllib.parse import urlsplit

import pytest

from comity.assess.questions import Reply
from comity.assess.systems.endpoint.ask import Answer, Ask, Message, Usage
from comity.assess.systems.endpoint.client import open_client
from comity.assess.systems.endpoint.doubles import StaticSystem
from comity.assess.systems.endpoint.model import Endpoint
from comity.assess.systems.endpoint.serve import FAULTS, by_ask, every, serve, serving

ASKS = (
    Ask(id="chat", messages=(Message("system", "Be short."), Message("user", "Hi")), max_tokens=4),
    Ask(id="text", prompt="Two and", max_tokens=1, top=2),
)
REPLIES = {
    "chat": Reply(text="Hello.", prompt_tokens=7, completion_tokens=2),
    "text": Reply(text=" two", top=((" two", -0.1), (" one", -2.5), (" ten", -4.0))),
}


def carried(url: str, asks: tuple[Ask, ...] = ASKS) -> dict[str, Answer]:
    async def go() -> dict[str, Answer]:
        async with open_client(Endpoint(url=url, model="m")) as client:
            return {ask.id: await client.answer(ask) for ask in asks}

    return asyncio.run(go())


def test_replies_arrive_as_they_were_planted() -> None:
    with serving(by_ask(ASKS, REPLIES)) as url:
        found = carried(url)
    assert (found["chat"].text, found["chat"].usage) == ("Hello.", Usage(7, 2))
    assert found["text"].top == ((" two", -0.1), (" one", -2.5))
    assert found["text"].model == "simulated"


def test_over_the_network_and_without_it_the_answers_are_the_same() -> None:
    system = StaticSystem(lambda ask: REPLIES[ask.id], model="simulated")
    with serving(by_ask(ASKS, REPLIES)) as url:
        found = carried(url)
    for ask in ASKS:
        direct, other = asyncio.run(system.answer(ask)), found[ask.id]
        assert (direct.text, direct.usage, direct.top) == (other.text, other.usage, other.top)


def test_what_was_not_planted_gets_the_other_answer() -> None:
    ask = Ask(id="x", prompt="Something else", max_tokens=1)
    with serving(by_ask(ASKS, REPLIES, otherwise="?")) as url:
        assert carried(url, (ask,))["x"].text == "?"


def test_it_listens_on_the_loopback_address_alone_and_only_while_it_serves() -> None:
    with serving(lambda request: "no") as url:
        parts = urlsplit(url)
        assert parts.hostname == "127.0.0.1"
    with pytest.raises(OSError), socket.create_connection((parts.hostname, parts.port or 0), 1):
        pass


def test_it_can_be_used_within_a_running_loop() -> None:
    async def go() -> str:
        async with (
            serve(lambda request: "no") as url,
            open_client(Endpoint(url=url, model="m")) as client,
        ):
            return (await client.answer(ASKS[0])).text

    assert asyncio.run(go()) == "no"


@pytest.mark.parametrize("fault", FAULTS)
def test_it_ends_at_once_whatever_fault_is_under_way(fault: str) -> None:
    with serving(lambda request: "no", fault=every(1, fault)) as url:  # type: ignore[arg-type]
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname, parts.port or 0), 5) as connection:
            connection.sendall(
                b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
            )
            connection.settimeout(0.2)
            with contextlib.suppress(OSError):
                connection.recv(100)
