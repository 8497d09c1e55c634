"""The client: how long it waits, what it sends, and what it never does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.assess.systems.endpoint.ask import Answer, Ask, Message
from comity.assess.systems.endpoint.client import key_from, open_client
from comity.assess.systems.endpoint.model import Endpoint, Pace
from comity.assess.systems.endpoint.patience import (
    LONGEST_WAIT,
    Throttle,
    back_off,
    retry_after,
)
from comity.assess.systems.endpoint.serve import Fault, Received, every, serve
from comity.errors import InputError

ASK = Ask(id="a", messages=(Message("user", "Two and two?"),), max_tokens=16)
QUICK = Pace(timeout=0.5, retries=2, deadline=5)


def ask(
    *,
    fault: Callable[[Received], Fault | None] = lambda request: None,
    key: str = "",
    pace: Pace = QUICK,
    wanted: Ask = ASK,
) -> tuple[Answer, list[Received]]:
    """One answer, and all requests that it took."""
    seen: list[Received] = []

    def watch(request: Received) -> Fault | None:
        seen.append(request)
        return fault(request)

    async def go() -> Answer:
        async with (
            serve(lambda request: "four", fault=watch) as url,
            open_client(Endpoint(url=url, model="m", pace=pace), key) as client,
        ):
            return await client.answer(wanted)

    return asyncio.run(go()), seen


def test_an_answer_says_how_often_it_was_sent_and_how_long_it_took() -> None:
    answer, seen = ask(fault=lambda request: "close" if request.number == 0 else None)
    assert (answer.text, answer.attempts, len(seen)) == ("four", 2, 2)
    assert 0 < answer.seconds < 5


def test_the_key_goes_into_one_header() -> None:
    _, seen = ask(key="sk-secret-secret")
    named = [name for name, value in seen[0].headers.items() if "secret" in value]
    assert named == ["authorization"]
    assert "authorization" not in ask()[1][0].headers


def test_a_key_that_comes_back_is_cut_out() -> None:
    answer, _ = ask(fault=every(1, "tells-key"), key="sk-secret-secret")
    assert answer.text == "you sent Bearer [key]"


def test_a_key_that_is_a_common_word_changes_no_answer() -> None:
    answer, _ = ask(key="four")
    assert answer.text == "four"


@pytest.mark.parametrize("fault", ["close", "half", "500", "hang", "drip"])
def test_what_may_pass_is_tried_again_and_then_lost(fault: Fault) -> None:
    answer, seen = ask(fault=every(1, fault), pace=Pace(timeout=0.3, retries=1, deadline=5))
    assert (answer.status, answer.lost, answer.attempts, len(seen)) == ("errored", True, 2, 2)


@pytest.mark.parametrize("fault", ["400", "401", "redirect", "garbage", "huge", "stream"])
def test_what_will_not_pass_is_final(fault: Fault) -> None:
    answer, seen = ask(fault=every(1, fault))
    assert (answer.status, answer.lost, answer.attempts, len(seen)) == ("errored", False, 1, 1)


def test_no_attempt_begins_after_the_deadline() -> None:
    pace = Pace(timeout=0.2, retries=20, deadline=0.6)
    answer, seen = ask(fault=every(1, "hang"), pace=pace)
    assert answer.lost and len(seen) < 4


def test_an_address_where_nobody_listens_is_a_sentence() -> None:
    async def go() -> Answer:
        endpoint = Endpoint(url="http://127.0.0.1:9/v1", model="m", pace=Pace(retries=0))
        async with open_client(endpoint) as client:
            return await client.answer(ASK)

    answer = asyncio.run(go())
    assert answer.lost and answer.error.startswith("the endpoint cannot be reached")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("٣", None),
        ("1.5", None),
        ("0", 0),
        ("7", 7),
        ("999999999", LONGEST_WAIT),
        ("9" * 5000, None),
        ("Thu, 01 Jan 1970 00:00:30 GMT", 20),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
        ("Fri, 99 Dec 9999 99:99:99 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_minute(
    header: str | None, seconds: float | None
) -> None:
    assert retry_after(header, now=10) == seconds


@given(st.text(max_size=50))
def test_retry_after_never_fails(header: str) -> None:
    found = retry_after(header, now=10)
    assert found is None or 0 <= found <= LONGEST_WAIT


@given(name=st.text(max_size=5), attempt=st.integers(1, 30))
def test_the_wait_doubles_within_bounds_and_is_drawn_the_same_each_time(
    name: str, attempt: int
) -> None:
    whole = min(LONGEST_WAIT, 0.5 * 2 ** (attempt - 1))
    assert whole / 2 <= back_off(name, attempt) <= whole
    assert back_off(name, attempt) == back_off(name, attempt)


def test_waits_of_different_questions_differ() -> None:
    assert len({back_off(f"toy/{n}", 3) for n in range(50)}) > 30


def test_a_throttle_lets_requests_go_evenly() -> None:
    throttle = Throttle(rate=10)
    assert [round(throttle.reserve(now=5.0), 3) for _ in range(4)] == [0, 0.1, 0.2, 0.3]
    assert throttle.reserve(now=9.0) == 0, "what was not used is no right to a burst"
    assert throttle.reserve(now=9.0) == pytest.approx(0.1)


def test_without_a_rate_nobody_waits_but_for_a_hold() -> None:
    throttle = Throttle()
    assert [throttle.reserve(now=5.0) for _ in range(3)] == [0, 0, 0]
    throttle.hold(until=8.0)
    assert throttle.reserve(now=5.0) == 3.0
    assert throttle.reserve(now=8.5) == 0


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "OUR_KEY is not set"),
        ({"OUR_KEY": "  "}, "OUR_KEY is not set"),
        ({"OUR_KEY": "secret\nX-Other: 1"}, "holds is no key"),
        ({"OUR_KEY": "sécret"}, "holds is no key"),
        ({"OUR_KEY": "secret" * 5000}, "holds is no key"),
    ],
    ids=["absent", "empty", "two lines", "not ASCII", "too long"],
)
def test_a_key_that_cannot_be_sent_is_named_and_not_shown(
    environment: Mapping[str, str], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        key_from(environment, "OUR_KEY", "card.toml")
    assert "ecret" not in str(caught.value)
    assert caught.value.where == "card.toml, field endpoint.key_env"


def test_a_key_is_taken_without_the_spaces_around_it() -> None:
    assert key_from({"OUR_KEY": " abc\n"}, "OUR_KEY", "card.toml") == "abc"
    assert key_from({"OUR_KEY": "abc"}, None, "card.toml") == ""
