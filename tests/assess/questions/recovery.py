"""Does a battery recover what was planted? Many simulated models, no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from comity.assess.batteries.finding import Finding
from comity.assess.questions import Asked, Battery, Planted
from comity.assess.questions.planted import Slice, answers, slice_of
from comity.assess.systems.endpoint.ask import Answer, Ask

SEEDS = 300
ENOUGH = 0.908
"""What a true 0.95 stays above in 300 draws, but for a chance of 1 in 1,000; seeds are fixed."""

Key = tuple[str, Slice]


def key(finding: Finding) -> Key:
    """Measure and slice."""
    return finding.subject.measure, slice_of(finding.subject.slice)


def found(
    battery: Battery, asked: Asked, planted: Planted, fewer: Callable[[str], bool] | None = None
) -> dict[Key, Finding]:
    """Findings on a simulated model; `fewer` says of which requests no answer comes back."""
    replies = battery.replies(asked, planted)
    if fewer is not None:
        replies = {ask_id: reply for ask_id, reply in replies.items() if not fewer(ask_id)}
    told = answers(battery.asks(asked), replies)
    return {key(finding): finding for finding in battery.findings(asked, told)}


def coverage(battery: Battery, asked: Asked, rates: Mapping[str, float]) -> dict[Key, float]:
    """Share of the intervals that hold the planted truth, over many seeds, by measure and slice."""
    held: Counter[Key] = Counter()
    seen: Counter[Key] = Counter()
    asks = battery.asks(asked)
    for seed in range(SEEDS):
        planted = Planted(rates=rates, seed=f"seed {seed}")
        truths = battery.truths(asked, planted)
        for finding in battery.findings(asked, answers(asks, battery.replies(asked, planted))):
            where = key(finding)
            if finding.interval is None or where not in truths:
                continue
            low, high = float(finding.interval.low), float(finding.interval.high)
            seen[where] += 1
            held[where] += low - 1e-9 <= truths[where] <= high + 1e-9
    return {where: held[where] / seen[where] for where in seen}


def same(battery: Battery, asked: Asked, text: Callable[[Ask], str]) -> dict[Key, Finding]:
    """Findings on a model that gives every request the answer that `text` says."""
    told = {
        ask.id: Answer(id=ask.id, status="answered", text=text(ask)) for ask in battery.asks(asked)
    }
    return {key(finding): finding for finding in battery.findings(asked, told)}


def estimate(findings: Mapping[Key, Finding], measure: str, **place: str) -> float:
    """The estimate of a measure on a slice."""
    value = findings[measure, slice_of(place)].estimate
    assert value is not None
    return float(value)
