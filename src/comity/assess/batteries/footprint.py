"""Footprint: what the assessment itself cost; of the system's own cost a table says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from comity.assess.batteries.finding import NOTHING, Finding, Subject, absent, exact
from comity.claims import Cost, Reason

__all__ = ["footprint"]


def footprint(cost: Cost) -> Iterator[Finding]:
    """CPU time and energy of the assessment, and the system's energy, which is not known."""
    cpu, energy, system = (
        Subject(f"footprint.{name}", {}, {})
        for name in ("assessment_cpu_seconds", "assessment_energy", "system_energy")
    )
    yield exact(cpu, float(cost.cpu_seconds), NOTHING, "a count of one run", Reason.DESCRIPTIVE)
    if cost.energy.low is None:
        yield absent(energy, Reason.NO_ENERGY_METER, cost.energy.detail)
    else:
        yield exact(energy, float(cost.energy.low), NOTHING, cost.energy.detail, Reason.DESCRIPTIVE)
    yield absent(system, Reason.SYSTEM_NOT_RUN)
