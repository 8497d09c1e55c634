"""A simulated model asked by a battery, without any network."""

from __future__ import annotations

from comity.assess.batteries.finding import Finding
from comity.assess.questions import Asked, Battery, Planted
from comity.assess.questions.planted import Slice, answers, slice_of
from comity.assess.systems.endpoint.ask import Answer

__all__ = ["ask", "missed", "read"]


def ask(battery: Battery, asked: Asked, planted: Planted) -> dict[str, Answer]:
    """What the simulated model answers."""
    return answers(battery.asks(asked), battery.replies(asked, planted))


def read(
    battery: Battery, asked: Asked, given: dict[str, Answer]
) -> dict[tuple[str, Slice], Finding]:
    """The findings by measure and slice; each of them once."""
    found = list(battery.findings(asked, given))
    by_key = {(one.subject.measure, slice_of(one.subject.slice)): one for one in found}
    assert len(by_key) == len(found)
    return by_key


def missed(battery: Battery, asked: Asked, planted: Planted, off: float = 0.0) -> dict[str, bool]:
    """Measures on all items: whether the interval misses the planted truth, moved by `off`."""
    found = read(battery, asked, ask(battery, asked, planted))
    misses = {}
    for (measure, where), truth in battery.truths(asked, planted).items():
        interval = found[measure, where].interval
        if not where and interval is not None:
            misses[measure] = not float(interval.low) <= truth + off <= float(interval.high)
    return misses
