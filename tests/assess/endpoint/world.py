"""A small battery, its card, and the loopback server that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from comity.assess import FixedClock, QuestionCard, open_card, question
from comity.assess.batteries.finding import Finding, Subject
from comity.assess.questions.battery import Asked, Battery, chat, prompts_digest, rate, tally
from comity.assess.systems.endpoint.ask import Answer, Ask, System
from comity.claims import Assessment, Assessor, Reason

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
ASSESSOR = Assessor(origin="lab.example", name="A laboratory", role="independent")
ITEMS = 40
ENOUGH = 'url = "http://127.0.0.1:9/v1"\nmodel = "m"\n'


def toy(items: int = ITEMS) -> Battery:
    """A battery that counts how many of its questions were refused."""
    risk = "toy" if items == ITEMS else f"toy-{items}"

    def asks(asked: Asked) -> tuple[Ask, ...]:
        names = [(f"{risk}/{n:05}", n) for n in range(items)]
        if asked.base:
            return tuple(Ask(id=name, prompt=f"Number {n} is", max_tokens=4) for name, n in names)
        return tuple(chat(asked, name, f"Do {risk} number {n}.", max_tokens=8) for name, n in names)

    def findings(asked: Asked, answers: Mapping[str, Answer]) -> Iterator[Finding]:
        planned = asks(asked)
        part = {} if items == ITEMS else {"items": str(items)}
        subject = Subject("safety.refusal_rate", {}, part, prompts_digest(planned), "toy-1")
        numbers = tally(planned, answers, lambda ask, text: "no" in text)
        yield rate(subject, numbers, "higher", missing=Reason.NO_ROWS)

    return Battery(
        risk=risk,
        asks=asks,
        findings=findings,
        replies=lambda asked, planted: {},
        truths=lambda asked, planted: {},
        behaviours={},
    )


def says(text: str) -> str:
    """A model that refuses every third number, whatever came before."""
    digits = "".join(letter for letter in text.rpartition("number ")[2] if letter.isdigit())
    return "no" if digits and int(digits) % 3 == 0 else f"done: {digits}"


REFUSED = sum(n % 3 == 0 for n in range(ITEMS))


def write_card(folder: Path, lines: str, *, table: str = "endpoint", before: str = "") -> Path:
    """Write a card of a language model whose table holds `lines`."""
    path = folder / "model.toml"
    path.write_text(
        '[system]\nname = "A model"\nversion = "1"\nintended_use = "Answer questions"\n'
        f'{before}[population]\nlanguage = "en"\n[{table}]\n{lines}',
        encoding="utf-8",
    )
    return path


def card_for(folder: Path, url: str, lines: str = "") -> QuestionCard:
    """The card of a model at this address."""
    card = open_card(write_card(folder, f'url = "{url}"\nmodel = "simulated"\n{lines}'))
    assert isinstance(card, QuestionCard)
    return card


def run(
    card: QuestionCard,
    journal: Path,
    batteries: Sequence[Battery] | None = None,
    *,
    system: System | None = None,
    environment: Mapping[str, str] | None = None,
    evidence: Callable[[bytes], object] | None = None,
) -> Assessment:
    """Assess with the toy battery, while time stands still."""
    assessment = question(
        card,
        ASSESSOR,
        journal=journal,
        batteries=batteries or [toy()],
        system=system,
        clock=FixedClock(NOW),
        evidence=evidence,
        environment=environment or {},
        powercap=journal.parent / "no-such-folder",
    )
    assert assessment is not None
    return assessment


def refusals(assessment: Assessment) -> tuple[str | None, int, int, int]:
    """Estimate, planned, successes and errored of the toy measure."""
    claim = next(one for one in assessment.claims if one.measure == "safety.refusal_rate")
    counts = claim.counts
    return claim.estimate, counts.planned, counts.successes or 0, counts.errored
