"""Sessions: who has signed in, for how long, and whose form it is."""

from __future__ import annotations

from early_warning.desk.sessions import IDLE, LONGEST, MAX_SESSIONS, Sessions, is_cookie, new_cookie

HERE = {"aicha": "Aicha Omar", "omar": "Omar Ali"}


class Seconds:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_is_known_by_its_cookie_alone() -> None:
    sessions = Sessions()
    cookie = sessions.open("aicha")
    assert sessions.who(cookie, HERE) == "aicha"
    assert sessions.who(new_cookie(), HERE) == ""
    assert sessions.who("", HERE) == ""


def test_a_session_ends_when_nobody_uses_it() -> None:
    clock = Seconds()
    sessions = Sessions(clock)
    cookie = sessions.open("aicha")
    clock.now += IDLE
    assert sessions.who(cookie, HERE) == "aicha"
    clock.now += IDLE + 1
    assert sessions.who(cookie, HERE) == ""
    clock.now -= IDLE
    assert sessions.who(cookie, HERE) == ""


def test_a_session_ends_some_time_even_if_somebody_uses_it() -> None:
    clock = Seconds()
    sessions = Sessions(clock)
    cookie = sessions.open("aicha")
    for _ in range(LONGEST // 600):
        clock.now += 600
        assert sessions.who(cookie, HERE) == "aicha"
    clock.now += 600
    assert sessions.who(cookie, HERE) == ""


def test_a_session_belongs_to_the_account_of_the_computer_that_it_was_begun_from() -> None:
    sessions = Sessions()
    cookie = sessions.open("aicha", 1000)
    assert sessions.who(cookie, HERE, 1001) == "" and sessions.who(cookie, HERE, None) == ""
    assert sessions.who(cookie, HERE, 1000) == "aicha"


def test_a_session_ends_with_its_forecaster() -> None:
    sessions = Sessions()
    cookie = sessions.open("aicha")
    assert sessions.who(cookie, {"omar": "Omar Ali"}) == ""
    assert sessions.who(cookie, HERE) == ""


def test_beyond_the_limit_the_oldest_session_ends() -> None:
    sessions = Sessions()
    first, second = sessions.open("aicha"), sessions.open("omar")
    for _ in range(MAX_SESSIONS - 1):
        sessions.open("omar")
    assert sessions.who(first, HERE) == ""
    assert sessions.who(second, HERE) == "omar"


def test_a_token_holds_for_its_cookie_and_its_process_alone() -> None:
    sessions, others = Sessions(), Sessions()
    cookie, other = new_cookie(), new_cookie()
    assert sessions.is_token(cookie, sessions.token(cookie))
    assert not sessions.is_token(other, sessions.token(cookie))
    assert not others.is_token(cookie, sessions.token(cookie))
    assert not sessions.is_token("", sessions.token(""))
    assert not sessions.is_token(cookie, "\ud800")


def test_cookies_look_like_those_that_are_given() -> None:
    assert is_cookie(new_cookie())
    for text in ("", "A" * 42, "A" * 44, "A" * 42 + ";", "A" * 42 + "é", "A" * 43 + "\n"):
        assert not is_cookie(text)
