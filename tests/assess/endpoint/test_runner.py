"""The runner: each question once, no more at once than allowed, and never beyond the ceiling."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from comity.assess import FixedClock
from comity.assess.systems.endpoint.ask import Answer, Ask, Message, System, Usage
from comity.assess.systems.endpoint.doubles import Recorded, StaticSystem
from comity.assess.systems.endpoint.journal import open_journal
from comity.assess.systems.endpoint.model import Ceiling, Endpoint, Pace, Prices
from comity.assess.systems.endpoint.runner import MOST_LOST, Runner, numbered
from comity.errors import InputError
from tests.assess.endpoint.world import NOW


def asks(n: int) -> list[Ask]:
    return [
        Ask(id=f"toy/{i}", messages=(Message("user", f"Number {i}?"),), max_tokens=4)
        for i in range(n)
    ]


def endpoint(ceiling: Ceiling | None = None, at_once: int = 4) -> Endpoint:
    return Endpoint(
        url="http://here/v1",
        model="m",
        pace=Pace(concurrency=at_once),
        prices=Prices(input=Decimal(1), output=Decimal(1), currency="EUR"),
        ceiling=ceiling or Ceiling(),
    )


def digest(ask: Ask) -> str:
    return hashlib.sha256(ask.text.encode()).hexdigest()


def run(
    journal: Path, system: System, questions: list[Ask], target: Endpoint | None = None
) -> Runner:
    """Ask what the journal does not hold."""
    with open_journal(journal) as book:
        runner = Runner(target or endpoint(), book, FixedClock(NOW))
        asyncio.run(runner.ask(runner.recall(numbered(questions, digest)), system))
        return runner


@dataclass
class Watched:
    """Counts who is answered, and how many at once."""

    asked: list[str] = field(default_factory=list)
    now: int = 0
    most: int = 0

    async def answer(self, ask: Ask) -> Answer:
        self.asked.append(ask.id)
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.001)
        self.now -= 1
        return Answer(
            id=ask.id, status="answered", text=ask.id, usage=Usage(5, 3), attempts=1, seconds=0.1
        )


def test_no_more_questions_are_under_way_than_allowed(tmp_path: Path) -> None:
    system = Watched()
    run(tmp_path / "j", system, asks(40), endpoint(at_once=7))
    assert system.most == 7 and len(system.asked) == 40


def test_what_the_journal_answers_is_not_asked_again(tmp_path: Path) -> None:
    first, second = Watched(), Watched()
    run(tmp_path / "j", first, asks(10))
    runner = run(tmp_path / "j", second, asks(25))
    assert sorted(second.asked) == sorted(f"toy/{n}" for n in range(10, 25))
    assert len(runner.answers) == 25


def test_an_answer_is_known_again_by_its_request_whatever_its_name(tmp_path: Path) -> None:
    old = Ask(id="old/1", messages=(Message("user", "Number 1?"),), max_tokens=4)
    new = Ask(id="new/1", messages=old.messages, max_tokens=4)
    run(tmp_path / "j", Watched(), [old])
    second = Watched()
    runner = run(tmp_path / "j", second, [new])
    assert not second.asked and runner.answers["new/1"].id == "new/1"


def test_the_same_request_twice_in_a_run_has_two_answers(tmp_path: Path) -> None:
    system = Watched()
    twins = [Ask(id=name, prompt="Go on", max_tokens=4) for name in ("a", "b")]
    run(tmp_path / "j", system, twins)
    assert sorted(system.asked) == ["a", "b"]
    again = Watched()
    assert run(tmp_path / "j", again, twins).answers["b"].text == "b" and not again.asked


def test_a_definite_error_is_an_answer_and_stands_in_the_journal(tmp_path: Path) -> None:
    def refuse(ask: Ask) -> str | Answer:
        if ask.id == "toy/3":
            return Answer(id=ask.id, status="errored", error="status 400")
        return "yes"

    run(tmp_path / "j", StaticSystem(refuse), asks(9), endpoint(at_once=1))
    again = Watched()
    runner = run(tmp_path / "j", again, asks(9))
    assert not again.asked and runner.answers["toy/3"].status == "errored"


def lost(ask: Ask) -> Answer:
    return Answer(id=ask.id, status="errored", error="no connection", lost=True)


def test_a_few_lost_questions_are_errored_once_others_are_answered(tmp_path: Path) -> None:
    gone = {f"toy/{n}" for n in range(5, 5 + MOST_LOST - 1)}
    system = StaticSystem(lambda ask: lost(ask) if ask.id in gone else "yes")
    runner = run(tmp_path / "j", system, asks(80), endpoint(at_once=1))
    errored = {name for name, one in runner.answers.items() if one.status == "errored"}
    assert errored == gone


def test_too_many_lost_in_a_row_stop_the_run_and_are_asked_again(tmp_path: Path) -> None:
    system = StaticSystem(lambda ask: "yes" if int(ask.id[4:]) < 5 else lost(ask))
    with pytest.raises(InputError, match=f"last {MOST_LOST} questions found no answer"):
        run(tmp_path / "j", system, asks(80), endpoint(at_once=1))
    again = Watched()
    runner = run(tmp_path / "j", again, asks(80))
    assert len(again.asked) == 75
    assert all(answer.status == "answered" for answer in runner.answers.values())


def test_errors_before_any_answer_are_not_the_systems(tmp_path: Path) -> None:
    wrong = StaticSystem(lambda ask: Answer(id=ask.id, status="errored", error="status 401"))
    with pytest.raises(InputError, match="status 401") as caught:
        run(tmp_path / "j", wrong, asks(3))
    assert "Nothing was answered yet" in caught.value.hint
    assert not (tmp_path / "j").exists()


@pytest.mark.parametrize(
    ("ceiling", "words", "answers"),
    [
        # A question may take 3 tokens to read and 4 to write; it takes 5 and 3.
        (Ceiling(requests=10), "10 requests", 10),
        (Ceiling(tokens=80), "80 tokens", 10),
        (Ceiling(cost=Decimal("0.00008")), "0.00008 EUR", 10),
    ],
)
def test_the_ceiling_holds_and_what_was_answered_stays(
    tmp_path: Path, ceiling: Ceiling, words: str, answers: int
) -> None:
    system = Watched()
    with pytest.raises(InputError, match=f"the ceiling of {words} is reached"):
        run(tmp_path / "j", system, asks(40), endpoint(ceiling, at_once=1))
    assert len(system.asked) == answers
    again = Watched()
    with pytest.raises(InputError, match="ceiling"):
        run(tmp_path / "j", again, asks(40), endpoint(ceiling, at_once=1))
    assert not again.asked, "all starts count together"
    run(tmp_path / "j", again, asks(40))
    assert len(again.asked) == 40 - answers


def test_the_ceiling_holds_with_many_at_once(tmp_path: Path) -> None:
    system = Watched()
    with pytest.raises(InputError, match="ceiling"):
        run(tmp_path / "j", system, asks(40), endpoint(Ceiling(requests=10), at_once=8))
    assert len(system.asked) <= 10


def test_cancelled_the_journal_holds_what_was_answered(tmp_path: Path) -> None:
    class Stuck(Watched):
        async def answer(self, ask: Ask) -> Answer:
            if len(self.asked) == 12:
                await asyncio.Event().wait()
            return await super().answer(ask)

    system = Stuck()

    async def go(runner: Runner, questions: list[Ask]) -> None:
        left = runner.recall(numbered(questions, digest))
        await asyncio.wait_for(runner.ask(left, system), 0.3)

    with open_journal(tmp_path / "j") as book, pytest.raises(TimeoutError):
        asyncio.run(go(Runner(endpoint(), book, FixedClock(NOW)), asks(40)))
    with open_journal(tmp_path / "j") as book:
        assert len(book.found) == 12


def test_a_recording_answers_as_it_was_answered_and_nothing_else() -> None:
    answer = Answer(id="a", status="answered", text="yes")
    system = Recorded({"a": answer})
    ask = Ask(id="a", prompt="x", max_tokens=1)
    assert asyncio.run(system.answer(ask)) == answer
    other = Ask(id="b", prompt="x", max_tokens=1)
    assert asyncio.run(system.answer(other)).status == "errored"


def test_a_journal_can_be_played_again(tmp_path: Path) -> None:
    questions = asks(9)
    first = run(tmp_path / "j", Watched(), questions)
    with open_journal(tmp_path / "j") as book:
        recorded = Recorded.from_journal(book)
    again = run(tmp_path / "other", recorded, questions)
    assert again.answers == first.answers


def test_keys_that_others_have_are_not_given_again() -> None:
    twins = [Ask(id=name, prompt="Go on", max_tokens=4) for name in ("a", "b")]
    first = [one.key for one in numbered(twins, digest)]
    later = [one.key for one in numbered(twins, digest, first)]
    assert [turn for _, turn in (*first, *later)] == [0, 1, 2, 3]
