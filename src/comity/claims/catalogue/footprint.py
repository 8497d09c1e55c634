"""Footprint: what it costs in time and energy."""

from comity.claims.measure import Measure

__all__ = ["MEASURES"]

MEASURES = (
    Measure(
        id="footprint.assessment_cpu_seconds",
        version=1,
        title="CPU time of this assessment",
        unit="second",
        direction="lower",
        formula="user and system time of the process from start to the last claim",
        interval="None: a count of one run",
        source="POSIX getrusage",
        parameters=(),
        shows="How much processor time it took to measure all other claims.",
        does_not_show="What it costs to run the system itself.",
    ),
    Measure(
        id="footprint.assessment_energy",
        version=1,
        title="Energy of this assessment",
        unit="joule",
        direction="lower",
        formula="difference of the processor's energy counters",
        interval="None: a reading of one run, of the whole processor, other programs included",
        source="Intel/AMD RAPL through Linux powercap",
        parameters=(),
        shows="Energy that the processor package drew while the claims were measured.",
        does_not_show="Memory, disk, network and cooling; or the share of other programs.",
    ),
    Measure(
        id="footprint.system_energy",
        version=1,
        title="Energy of the system per 1,000 predictions",
        unit="joule",
        direction="lower",
        formula="energy drawn while the system predicts, per 1,000 predictions",
        interval="None: a reading of one run, of the whole processor, reading and writing of rows included",
        source="ISO/IEC TR 20226:2025, environmental sustainability aspects of AI systems",
        parameters=(),
        shows="What the system itself costs in use.",
        does_not_show="Training, hardware and cooling.",
    ),
    Measure(
        id="footprint.system_cpu_seconds",
        version=1,
        title="CPU time of the system per 1,000 predictions",
        unit="second",
        direction="lower",
        formula="user and system time of the process while the system predicts, per 1,000 predictions",
        interval="None: a count of one run",
        source="POSIX getrusage",
        parameters=(),
        shows="How much processor time the system itself needs in use.",
        does_not_show="The same on other hardware, with other batches, or on more than one thread.",
    ),
)
