"""The processor's own energy counters (RAPL), as Linux shows them under `/sys/class/powercap`.

Each zone `intel-rapl:N` counts microjoules in `energy_uj` and starts again from zero after
`max_energy_range_uj`. Only whole packages are added up: sub-zones are parts of them. One turn of
the counter between two readings is corrected; at 200 W a turn takes about twenty minutes, so a
reading is given up when it might have turned more often.
Source: Linux kernel, Documentation/power/powercap/powercap.rst.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from comity.claims import Energy, round_down, round_up
from comity.errors import InputError
from comity.files import read_text

__all__ = ["POWERCAP", "Counter", "energy_between", "read_counters"]

POWERCAP = Path("/sys/class/powercap")
MOST_WATTS = 1000.0
"""No processor package draws more; used to tell whether a counter may have turned twice."""


@dataclass(frozen=True)
class Counter:
    """One package's counter: microjoules now, and the value at which it starts from zero."""

    value: int
    span: int


def read_counters(folder: Path = POWERCAP) -> dict[str, Counter]:
    """Read the counters of all processor packages; empty where none can be read."""
    counters = {}
    for zone in sorted(folder.glob("*-rapl:[0-9]*")):
        if zone.name.count(":") != 1:
            continue
        try:
            if read_text(zone / "name").startswith("package"):
                value, span = (
                    int(read_text(zone / name)) for name in ("energy_uj", "max_energy_range_uj")
                )
                counters[zone.name] = Counter(value=value, span=span)
        except (InputError, ValueError):  # absent, or readable by root alone
            continue
    return counters


def energy_between(before: dict[str, Counter], after: dict[str, Counter], seconds: float) -> Energy:
    """Energy that the packages drew between two readings `seconds` apart."""

    def unavailable(detail: str) -> Energy:
        return Energy(method="unavailable", low=None, high=None, detail=detail)

    if not before or before.keys() != after.keys():
        return unavailable("no RAPL counter of a processor package can be read")
    if any(seconds * MOST_WATTS * 1e6 >= counter.span for counter in before.values()):
        return unavailable("the run was so long that a RAPL counter may have turned twice")
    microjoules = 0
    for zone, start in before.items():
        drawn = after[zone].value - start.value
        microjoules += drawn if drawn >= 0 else drawn + start.span
    joules = microjoules / 1e6
    return Energy(
        method="measured",
        low=round_down(joules),
        high=round_up(joules),
        detail=f"RAPL, {len(before)} processor package(s), other programs included",
    )
