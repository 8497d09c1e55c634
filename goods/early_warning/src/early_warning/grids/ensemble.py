"""Ensembles: members gathered and counted, and rain between two steps.

A layout says which fields make a complete ensemble. Since ECMWF's cycle 50r1 (May 2026) its open
data have 50 perturbed members in stream `enfo` and no control there: the control is the
high-resolution run in stream `oper`. Code that waits for 51 members in `enfo` finds 50, and code
that takes what comes may count the control twice or never. So the count is exact, or it is *no
data*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from comity.errors import InputError
from early_warning.grids.field import Field
from early_warning.grids.gates import Gates, NoData, gate
from early_warning.grids.regular import RegularGrid

__all__ = ["ECMWF_2024", "ECMWF_2026", "Ensemble", "Layout", "accumulated", "ensembles", "rising"]

UNPACK = 0.05
"""Millimetres by which rain since the start may seem to fall between steps, beside packing."""

SEVERAL = 10
"""Two members that are alike in so many different values are one, copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What makes a complete ensemble.

    Attributes:
        name: For people.
        perturbed: Number of perturbed members, numbered from 1.
        control: Where the control is: `member`, numbered 0 among the members; the stream of a
            single run, such as `oper`; or null for an ensemble without one.
    """

    name: str
    perturbed: int
    control: str | None


ECMWF_2024 = Layout(name="ECMWF open data before cycle 50r1", perturbed=50, control="member")
ECMWF_2026 = Layout(name="ECMWF open data since cycle 50r1", perturbed=50, control="oper")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ensemble:
    """The members of one forecast, complete.

    Attributes:
        name: What is forecast.
        level: Where.
        units: Of the values.
        reference: Start of the forecast, UTC.
        start_hour: Begin of the period, hours after `reference`.
        end_hour: Its end.
        grid: The grid of the files.
        values: Shape (members, cells): the control first, where there is one.
        means: Of each member over its whole file, shape (members,).
        packing: The coarsest step of packing of any member (`Field.packing`).
        source: The first file and message, for people.
    """

    name: str
    level: str
    units: str
    reference: datetime
    start_hour: float
    end_hour: float
    grid: RegularGrid
    values: NDArray[np.float32]
    means: NDArray[np.float64]
    packing: float
    source: str


def ensembles(
    fields: Iterable[Field], layout: Layout, gates: Gates
) -> dict[tuple[str, str, datetime, float, float], Ensemble | NoData]:
    """Gather members by forecast; each is complete and passes the gates, or is no data.

    1. Every field passes the gates; one refused member refuses its ensemble, by its reason.
    2. The members are exactly those of the layout: none missing, none twice, none more.
    3. All lie on one grid, and no two hold the same values: a copy is no second opinion.

    Args:
        fields: Of any number of forecasts and files, all read with the same `only`.
        layout: What is complete.
        gates: How strict the gates are.

    Returns:
        By name, level, reference time, begin and end (`Field.subject`).
    """
    wanted = [
        field
        for field in fields
        if field.kind == "member"
        or (field.kind == "deterministic" and field.stream == layout.control)
    ]
    # The single run is the control here: it is judged among the members, as one of them.
    wanted = [
        field if field.kind == "member" else replace(field, kind="member", member=0)
        for field in wanted
    ]
    groups: defaultdict[tuple[str, str, datetime, float, float], list[tuple[Field, NoData | None]]]
    groups = defaultdict(list)
    for field, verdict in gate(wanted, gates):
        groups[field.subject].append((field, verdict))
    return {subject: _gather(group, layout) for subject, group in groups.items()}


def _gather(group: list[tuple[Field, NoData | None]], layout: Layout) -> Ensemble | NoData:
    for field, verdict in group:
        if verdict is not None:
            return NoData(verdict.reason, f"member {field.member}: {verdict.text}")
    numbers = sorted(-1 if field.member is None else field.member for field, _ in group)
    first = 1 if layout.control is None else 0
    expected = list(range(first, layout.perturbed + 1))
    if numbers != expected:
        absent = sorted(set(expected) - set(numbers))
        twice = sorted({number for number in numbers if numbers.count(number) > 1})
        more = sorted(set(numbers) - set(expected))
        told = "; ".join(
            f"{what} {', '.join(map(str, those[:10]))}{' …' if len(those) > 10 else ''}"
            for what, those in (("absent:", absent), ("twice:", twice), ("not expected:", more))
            if those
        )
        return NoData(
            "miscounted",
            f"{len(numbers)} members where {layout.name} has {len(expected)} ({told})",
        )
    members = [field for field, _ in sorted(group, key=lambda one: one[0].member or 0)]
    one = members[0]
    if not all(field.grid.same_as(one.grid) for field in members):
        return NoData("miscounted", "the members lie on different grids")
    if len({field.units for field in members}) > 1:
        return NoData("unknown", "the members have different units")
    if copies := _copies(members):
        return copies
    return Ensemble(
        name=one.name,
        level=one.level,
        units=one.units,
        reference=one.reference,
        start_hour=one.start_hour,
        end_hour=one.end_hour,
        grid=one.grid,
        values=np.stack([field.values for field in members]),
        means=np.array([field.mean for field in members]),
        packing=max(field.packing for field in members),
        source=one.source,
    )


def _copies(members: Sequence[Field]) -> NoData | None:
    seen: dict[tuple[float, float, float], Field] = {}
    for field in members:
        other = seen.setdefault((field.low, field.high, field.mean), field)
        if other is field or not np.array_equal(other.values, field.values):
            continue
        if np.unique(field.values).size >= SEVERAL:  # few values, as of a dry day, may be chance
            told = f"members {other.member} and {field.member} hold the same values"
            return NoData("miscounted", told)
    return None


def rising(steps: Sequence[Ensemble]) -> tuple[Ensemble | NoData, ...]:
    """Rain since the start, step by step: one that fell below an earlier one is no data.

    A step that a job left at zero would else be told twice: as an impossible fall before it, and
    after it, without any sign, as a day with all the rain since the start.

    Args:
        steps: Of one accumulation and one grid, the earliest first.
    """
    found: list[Ensemble | NoData] = []
    most: NDArray[np.float32] | None = None
    packing = 0.0
    for one in steps:
        gap = np.zeros(1) if most is None else most - one.values
        fallen = float(np.max(gap, where=np.isfinite(gap), initial=0.0))
        packing = max(packing, one.packing)
        if fallen > UNPACK + packing:
            text = f"rain since the start is {fallen:.2f} mm less than at an earlier step"
            found.append(NoData("impossible", text))
        else:
            found.append(one)
            most = one.values if most is None else np.fmax(most, one.values)
    return tuple(found)


def accumulated(earlier: Ensemble, later: Ensemble) -> Ensemble | NoData:
    """Rain between two steps, from rain since the start of the forecast.

    Args:
        earlier: Since the start of the run, to the begin of the period.
        later: Since the start of the run, to its end.

    Returns:
        The difference, member by member; no data where it falls by more than packing explains (half
        a step in each of the two), or where no rain was added anywhere in the files: a step that
        was written twice would look like a dry day. On a small domain it may be one, and nobody
        can tell; on a large one it is a defect in a single member too.

    Raises:
        InputError: these are not two steps of one accumulation.
    """
    same = (
        (earlier.name, earlier.units, earlier.reference, earlier.start_hour)
        == (later.name, later.units, later.reference, later.start_hour)
        and earlier.end_hour < later.end_hour
        and earlier.values.shape == later.values.shape
        and earlier.grid.same_as(later.grid)
        and later.name == "rain"
    )
    if not same:
        raise InputError(
            "these two fields are not rain since one start",
            where=f"{earlier.source}; {later.source}",
        )
    fallen = later.values - earlier.values
    if np.any(fallen < -UNPACK - (earlier.packing + later.packing) / 2):
        worst = float(-np.nanmin(fallen))
        return NoData(
            "impossible", f"rain since the start falls by {worst:.2f} mm between two steps"
        )
    added = later.means - earlier.means
    if (added <= 0).all() or (later.grid.is_wide and (added <= 0).any()):
        return NoData(
            "constant",
            f"no rain was added anywhere in the file from hour {earlier.end_hour:g} to hour "
            f"{later.end_hour:g}, as if one step had been written twice",
        )
    return replace(
        later,
        start_hour=earlier.end_hour,
        values=np.maximum(fallen, 0, dtype=np.float32),
        means=added,
        packing=earlier.packing + later.packing,
    )
