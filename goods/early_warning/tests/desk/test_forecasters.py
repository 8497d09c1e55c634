"""Who may work at the desk: passphrases, and what somebody who guesses learns."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import InputError
from early_warning.desk.forecasters import FREE, LONGEST, Forecasters
from goods.early_warning.tests.desk.world import Clock

RIGHT = "correct horse battery"
WRONG = "incorrect horse battery"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def forecasters(tmp_path: Path, clock: Clock) -> Forecasters:
    """A desk where Aicha works."""
    made = Forecasters(tmp_path / "forecasters.toml", now=clock)
    made.add("aicha", "Aicha Omar", RIGHT)
    return made


def test_the_right_passphrase_opens_and_no_other(forecasters: Forecasters) -> None:
    assert forecasters.check("aicha", RIGHT)
    assert not forecasters.check("aicha", WRONG)
    assert not forecasters.check("omar", RIGHT)
    assert not forecasters.check("aicha", "")


def test_whoever_was_added_meanwhile_may_work_at_once(
    forecasters: Forecasters, tmp_path: Path, clock: Clock
) -> None:
    assert forecasters.names() == {"aicha": "Aicha Omar"}
    Forecasters(tmp_path / "forecasters.toml", now=clock).add("omar", 'Omar "O." \\ 🌧', RIGHT)
    assert forecasters.names() == {"aicha": "Aicha Omar", "omar": 'Omar "O." \\ 🌧'}
    assert forecasters.check("omar", RIGHT)


def test_the_file_is_private_and_holds_no_passphrase(
    forecasters: Forecasters, tmp_path: Path
) -> None:
    forecasters.add("omar", "Omar", RIGHT)
    path = tmp_path / "forecasters.toml"
    assert path.stat().st_mode & 0o777 == 0o600
    assert RIGHT not in path.read_text()
    entries = tomllib.loads(path.read_text())["forecasters"]
    assert entries["aicha"]["hash"] != entries["omar"]["hash"]  # each has a salt of its own
    path.chmod(0o644)
    with pytest.raises(InputError, match="other people"):
        forecasters.names()


BAD = {
    "a short passphrase": ("sara", "Sara", "eleven char", "at least 12 characters"),
    "no id": ("", "Sara", RIGHT, "is no id"),
    "an id with a space": ("sara b", "Sara", RIGHT, "is no id"),
    "an id that would be a table": ('x"]', "Sara", RIGHT, "is no id"),
    "the program's own id": ("machine", "Sara", RIGHT, "the program's own"),
    "an id that is taken": ("aicha", "Sara", RIGHT, "is taken"),
    "no name": ("sara", " ", RIGHT, "printable"),
    "a name of two lines": ("sara", "Sara\nhash = 1", RIGHT, "printable"),
}


@pytest.mark.parametrize(("one", "name", "passphrase", "words"), BAD.values(), ids=BAD)
def test_is_refused(
    forecasters: Forecasters, one: str, name: str, passphrase: str, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        forecasters.add(one, name, passphrase)
    assert list(forecasters.names()) == ["aicha"]


def test_whoever_has_left_works_here_no_longer_and_keeps_the_id(forecasters: Forecasters) -> None:
    forecasters.remove("aicha")
    assert forecasters.names() == {} and not forecasters.check("aicha", RIGHT)
    with pytest.raises(InputError, match="is taken, of somebody who has left"):
        forecasters.add("aicha", "Another Aicha", RIGHT)
    with pytest.raises(InputError, match="nobody here has the id"):
        forecasters.remove("aicha")


@pytest.mark.parametrize("one", ["aicha", "nobody"], ids=["a forecaster", "an unknown id"])
def test_wrong_attempts_wait_longer_and_longer_and_alike_for_unknown_ids(
    forecasters: Forecasters, clock: Clock, one: str
) -> None:
    for _ in range(FREE):
        assert not forecasters.check(one, WRONG)
    waits = []
    for _ in range(6):
        with pytest.raises(InputError, match="too many attempts were wrong") as caught:
            forecasters.check(one, RIGHT)
        waits.append(int(caught.value.hint.split()[1]))
        clock.later(seconds=waits[-1])
        assert not forecasters.check(one, WRONG)
    assert waits == [3, 5, 9, 17, 31, 31]


def test_after_the_wait_the_right_passphrase_opens_and_the_count_begins_anew(
    forecasters: Forecasters, clock: Clock
) -> None:
    for _ in range(FREE):
        forecasters.check("aicha", WRONG)
    clock.now += LONGEST
    assert forecasters.check("aicha", RIGHT)
    for _ in range(FREE - 1):
        assert not forecasters.check("aicha", WRONG)
    assert forecasters.check("aicha", RIGHT)


def test_one_persons_wrong_attempts_hold_up_nobody_else(forecasters: Forecasters) -> None:
    for _ in range(FREE):
        forecasters.check("omar", WRONG)
    assert forecasters.check("aicha", RIGHT)


def test_a_clock_that_was_put_back_locks_nobody_out_for_long(
    forecasters: Forecasters, clock: Clock
) -> None:
    for _ in range(FREE):
        forecasters.check("aicha", WRONG)
    clock.now -= dt.timedelta(days=1)
    with pytest.raises(InputError, match="too many attempts"):
        forecasters.check("aicha", RIGHT)
    clock.now += LONGEST
    assert forecasters.check("aicha", RIGHT)


def test_an_unknown_id_is_hashed_as_often_as_a_known_one(forecasters: Forecasters) -> None:
    assert _hashes(lambda: forecasters.check("nobody", WRONG)) == 1
    assert _hashes(lambda: forecasters.check("aicha", WRONG)) == 1
    assert _hashes(lambda: forecasters.check("aicha", RIGHT)) == 1


def _hashes(step: Callable[[], object]) -> int:
    """How often a step computes scrypt."""
    calls = []

    def watch(_frame: object, event: str, called: object) -> None:
        if event == "c_call" and called is hashlib.scrypt:
            calls.append(called)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        step()
    finally:
        sys.setprofile(before)
    return len(calls)


def test_the_same_letters_typed_in_another_way_are_the_same(forecasters: Forecasters) -> None:
    forecasters.add("lea", "Léa", "une météo très sûre")
    assert forecasters.check("lea", "une me\u0301te\u0301o tre\u0300s su\u0302re")


@pytest.mark.parametrize(
    "text",
    ["[forecasters.aicha]\n", "[forecasters.'A B']\nname = 'x'\n", "forecasters = 3\n", "\xff"],
    ids=["without a name", "an id that is none", "no table", "no text"],
)
def test_a_file_that_was_spoilt_is_said(tmp_path: Path, clock: Clock, text: str) -> None:
    path = tmp_path / "forecasters.toml"
    path.write_text(text, encoding="latin-1")
    path.chmod(0o600)
    with pytest.raises(InputError, match=r"."):
        Forecasters(path, now=clock).names()


@settings(max_examples=4, deadline=None)
@given(st.text(min_size=12, max_size=40), st.text(max_size=40))
def test_any_text_can_be_a_passphrase(
    tmp_path_factory: pytest.TempPathFactory, right: str, other: str
) -> None:
    made = Forecasters(tmp_path_factory.mktemp("state") / "forecasters.toml", now=Clock())
    made.add("aicha", "Aicha", right)
    assert made.check("aicha", right)
    assert made.check("aicha", other) == (_same(right) == _same(other))


def _same(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
