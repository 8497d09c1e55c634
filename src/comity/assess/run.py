"""Run all batteries on a table of predictions and put the claims together."""

from __future__ import annotations

import importlib
import platform
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from comity import __version__
from comity.assess.clock import Clock, SystemClock
from comity.assess.meter import POWERCAP, energy_between, read_counters
from comity.assess.systems.card import Card
from comity.assess.systems.engine import Progress
from comity.assess.systems.table import Table, read_table
from comity.claims import (
    CATALOGUE,
    Assessment,
    Assessor,
    Claim,
    Cost,
    Data,
    Procedure,
    Tool,
    decimal_text,
    measurand_digest,
    timestamp,
)
from comity.claims.values import Labels

if TYPE_CHECKING:
    from comity.assess.batteries import Finding

__all__ = ["assess"]


def assess(
    card: Card,
    assessor: Assessor,
    *,
    clock: Clock | None = None,
    progress: Progress = lambda step, share: None,
    powercap: Path = POWERCAP,
) -> Assessment:
    """Measure a system by its table of predictions.

    The result depends on the card and the table alone, but for times, cost and environment.

    Args:
        card: The card, resolved.
        assessor: Who assesses.
        clock: Where time comes from; the machine's own clock when left out.
        progress: Told what comes next, and whom to ask how far it is.
        powercap: Where Linux shows the energy counters.

    Raises:
        InputError: the table cannot be read or does not hold what the card says.
    """
    clock = clock or SystemClock()
    started, start, cpu_start = clock.now(), clock.seconds(), clock.cpu_seconds()
    energy_start = read_counters(powercap)
    # SciPy takes as long to load as DuckDB takes to read: let them do so side by side.
    loading = threading.Thread(target=importlib.import_module, args=["comity.assess.batteries"])
    loading.start()
    try:
        table = read_table(card, progress)
    finally:
        loading.join()
    from comity.assess.batteries import accuracy, calibration, fairness, footprint
    from comity.assess.notes import notes

    progress("calculating intervals", None)
    findings = [*accuracy(table), *calibration(table), *fairness(table)]
    seconds = clock.seconds() - start
    cost = Cost(
        seconds=decimal_text(seconds),
        cpu_seconds=decimal_text(clock.cpu_seconds() - cpu_start),
        tokens=None,
        energy=energy_between(energy_start, read_counters(powercap), seconds),
    )
    procedures, claims = _claims([*findings, *footprint(cost)], card, table)
    return Assessment(
        system=card.system,
        assessor=assessor,
        intent=None,
        supersedes=(),
        tool=Tool(name="comity", version=__version__),
        environment=_environment(),
        seed=None,
        started=timestamp(started),
        finished=timestamp(clock.now()),
        data=Data(
            name=table.name,
            digest=table.digest,
            selection="file",
            rows=table.rows,
            evaluated=table.counts.rows,
            columns=card.predictions.columns,
        ),
        procedures=procedures,
        claims=claims,
        cost=cost,
        evidence=None,
        notes=tuple(notes(table)),
    )


def _claims(
    findings: Iterable[Finding], card: Card, table: Table
) -> tuple[tuple[Procedure, ...], tuple[Claim, ...]]:
    """Findings with the digests that say what was measured, and each procedure once."""
    procedures: dict[str, Procedure] = {}
    digests: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    claims = []
    for finding in findings:
        subject = finding.subject
        key = (subject.measure, tuple(subject.parameters.items()))
        if key not in digests:
            procedure = Procedure(
                measure=subject.measure,
                measure_version=CATALOGUE[subject.measure].version,
                parameters=subject.parameters,
                prompts=None,
                decoding={},
                scorer="",
                split=card.predictions.split_rule,
            )
            digests[key] = procedure.digest
            procedures[procedure.digest] = procedure
        claims.append(
            Claim(
                measure=subject.measure,
                procedure=digests[key],
                measurand=measurand_digest(digests[key], card.population, table.digest),
                population=card.population,
                slice=subject.slice,
                status="not_measured" if finding.estimate is None else "measured",
                reason=finding.reason,
                detail=finding.detail,
                estimate=finding.estimate,
                interval=finding.interval,
                counts=finding.counts,
                cells=finding.cells,
                judge=None,
            )
        )
    return tuple(procedures.values()), tuple(claims)


def _environment() -> Labels:
    """Versions and platform that may matter when a number is not reproduced."""
    import duckdb
    import numpy as np
    import scipy

    return {
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "platform": f"{platform.system()} {platform.machine()}",
    }
