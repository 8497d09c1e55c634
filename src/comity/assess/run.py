"""Run all batteries on a table of predictions, given or made, and put the claims together."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from comity import __version__
from comity.assess.claiming import claims_of
from comity.assess.clock import Clock, SystemClock
from comity.assess.meter import POWERCAP, energy_between, read_counters
from comity.assess.systems.card import Card
from comity.assess.systems.engine import Progress
from comity.assess.systems.forecast_card import Forecast
from comity.assess.systems.membership import SEED
from comity.assess.systems.series import Series, read_series
from comity.assess.systems.table import Table, read_table
from comity.claims import (
    Assessment,
    Assessor,
    Cost,
    Data,
    Tool,
    decimal_text,
    timestamp,
)
from comity.claims.values import Labels
from comity.errors import InputError

if TYPE_CHECKING:
    from comity.assess.systems.model.run import Ran

__all__ = ["assess"]


def assess(
    card: Card,
    assessor: Assessor,
    *,
    clock: Clock | None = None,
    progress: Progress = lambda step, share: None,
    evidence: Callable[[bytes], object] | None = None,
    powercap: Path = POWERCAP,
) -> Assessment:
    """Measure a system by its table of predictions; with a model in the card, make them first.

    The result depends on the card and the table alone, but for times, cost and environment.

    Args:
        card: The card, resolved.
        assessor: Who assesses.
        clock: Where time comes from; the machine's own clock when left out.
        progress: Told what comes next, and whom to ask how far it is.
        evidence: Takes the bytes of the private records; with it the assessment commits to every
            row. None: no row is looked at.
        powercap: Where Linux shows the energy counters.

    Raises:
        MissingPartError: a model is to be run, and ONNX Runtime is not installed.
        InputError: the table cannot be read or does not hold what the card says, or the model
            fails.
    """
    if evidence is not None and card.database is not None:
        raise InputError(
            "the rows stay in their database, so there is nothing to commit to row by row",
            where=f"{card.path}, field predictions.database",
            hint="Leave --evidence out, or assess a file.",
        )
    with ExitStack() as working:
        return _assess(
            working, card, assessor, clock or SystemClock(), progress, evidence, powercap
        )


def _assess(
    working: ExitStack,
    card: Card,
    assessor: Assessor,
    clock: Clock,
    progress: Progress,
    evidence: Callable[[bytes], object] | None,
    powercap: Path,
) -> Assessment:
    """As `assess`; what the run needs on the way is gone when `working` ends."""
    started, start, cpu_start = clock.now(), clock.seconds(), clock.cpu_seconds()
    energy_start = read_counters(powercap)
    # SciPy takes as long to load as DuckDB takes to read: let them do so side by side.
    loading = threading.Thread(target=_load)
    loading.start()
    try:
        ran = _run(working, card, clock, powercap, progress) if card.model else None
        table: Table | Series
        if isinstance(card.asked, Forecast):
            table = read_series(card, progress)
        else:
            table = ran.read(progress) if ran else _read(card, progress)
    finally:
        loading.join()
    from comity.assess.batteries import (
        accuracy,
        calibration,
        drift_of_rates,
        fairness,
        footprint,
        perturbation,
        privacy,
        skill,
        stability,
    )
    from comity.assess.notes import notes

    progress("calculating intervals", None)
    if isinstance(table, Series):
        findings = [*skill(table), *stability(table)]
    else:
        findings = [
            *accuracy(table),
            *calibration(table),
            *fairness(table),
            *drift_of_rates(table),
            *privacy(table),
        ]
    commitment = None
    if evidence is not None:
        from comity.assess.evidence import commit_rows

        progress("committing to single rows", None)
        commitment = commit_rows(ran.card if ran else card, table, evidence)
    if ran:
        ran.disturb(progress)
        table = replace(table, name=ran.inputs.name, digest=ran.digest)
    if isinstance(table, Table):
        findings += perturbation(table, ran.changes if ran else None, ran=ran is not None)
    seconds = clock.seconds() - start
    cost = Cost(
        seconds=decimal_text(seconds),
        cpu_seconds=decimal_text(clock.cpu_seconds() - cpu_start),
        tokens=None,
        energy=energy_between(energy_start, read_counters(powercap), seconds),
    )
    procedures, claims = claims_of(
        [*findings, *footprint(cost, ran.use if ran else None)],
        card.population,
        table.digest,
        split=card.asked.split_rule,
    )
    return Assessment(
        system=card.system,
        assessor=assessor,
        intent=None,
        supersedes=(),
        tool=Tool(name="comity", version=__version__),
        environment=_environment(card),
        seed=_seed(card, table),
        started=timestamp(started),
        finished=timestamp(clock.now()),
        data=Data(
            name=table.name,
            digest=table.digest,
            selection=table.selection if isinstance(table, Table) else "file",
            rows=table.rows,
            evaluated=table.evaluated,
            columns=card.columns,
        ),
        procedures=procedures,
        claims=claims,
        cost=cost,
        evidence=commitment,
        notes=table.notes if isinstance(table, Series) else tuple(notes(table)),
    )


def _load() -> None:
    """Import what calculates."""
    import scipy.special  # noqa: F401

    import comity.assess.batteries  # noqa: F401


def _read(card: Card, progress: Progress) -> Table:
    """The table, counted where it is."""
    if card.database is None:
        return read_table(card, progress)
    from comity.assess.systems.database import read_database

    return read_database(card, progress)


def _run(
    working: ExitStack,
    card: Card,
    clock: Clock,
    powercap: Path,
    progress: Progress,
) -> Ran:
    from comity.assess.systems.model.run import run_model

    return working.enter_context(run_model(card, clock, powercap, progress))


def _seed(card: Card, table: Table | Series) -> str | None:
    """Seeds of what was drawn: disturbed inputs, and the marks of the control of privacy."""
    seeds = []
    if card.model is not None and card.model.seed is not None:
        seeds.append(str(card.model.seed))
    membership = table.membership if isinstance(table, Table) else None
    if membership is not None and membership.control is not None:
        seeds.append(SEED)
    return ", ".join(seeds) or None


def _environment(card: Card) -> Labels:
    """Versions and platform that may matter when a number is not reproduced."""
    import duckdb
    import numpy as np
    import scipy

    environment = {
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "platform": f"{platform.system()} {platform.machine()}",
    }
    if card.model is not None:
        import onnxruntime

        environment["onnxruntime"] = onnxruntime.__version__
    return environment
