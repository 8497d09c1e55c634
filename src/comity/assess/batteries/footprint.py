"""Footprint: what the assessment itself cost, and the system where Comity ran it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from comity.assess.batteries.finding import NOTHING, Finding, Subject, absent, counts, exact
from comity.claims import Cost, Reason

if TYPE_CHECKING:
    from comity.assess.systems.model.run import Use

__all__ = ["footprint", "footprint_of_assessment"]


def footprint(cost: Cost, use: Use | None = None) -> Iterator[Finding]:
    """CPU time and energy of the assessment, and of 1,000 predictions of the system.

    Args:
        cost: What the assessment cost.
        use: What the system's predictions cost; None for a table, which says nothing of it.
    """
    yield from footprint_of_assessment(cost)
    yield from _system(use)


def footprint_of_assessment(cost: Cost) -> Iterator[Finding]:
    """CPU time and energy of the assessment alone."""
    cpu, energy = (
        Subject(f"footprint.assessment_{name}", {}, {}) for name in ("cpu_seconds", "energy")
    )
    yield exact(cpu, float(cost.cpu_seconds), NOTHING, "a count of one run", Reason.DESCRIPTIVE)
    if cost.energy.low is None:
        yield absent(energy, Reason.NO_ENERGY_METER, cost.energy.detail)
    else:
        yield exact(energy, float(cost.energy.low), NOTHING, cost.energy.detail, Reason.DESCRIPTIVE)


def _system(use: Use | None) -> Iterator[Finding]:
    energy, cpu = (
        Subject(f"footprint.system_{name}", {}, {}) for name in ("energy", "cpu_seconds")
    )
    if use is None or use.predictions == 0:
        for subject in (energy, cpu):
            yield absent(subject, Reason.SYSTEM_NOT_RUN)
        return
    numbers, thousands = counts(use.predictions, 0), use.predictions / 1000
    if use.energy.low is None:
        yield absent(energy, Reason.NO_ENERGY_METER, use.energy.detail)
    else:
        yield exact(
            energy,
            float(use.energy.low) / thousands,
            numbers,
            use.energy.detail,
            Reason.DESCRIPTIVE,
        )
    detail = "a count of one run, on one thread"
    yield exact(cpu, use.cpu_seconds / thousands, numbers, detail, Reason.DESCRIPTIVE)
