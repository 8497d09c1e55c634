"""The outlook of the newest run: every district, hazard, window and level, or why it has no data.

    files ─ runs ─▸ fields ─ gates ─▸ windows | products ─▸ shares ─ past ─▸ expectations

1. What cannot be known is an expectation without a probability and with the reason; it is never a
   low probability, and no district is left out.
2. Hours that no window of a hazard covers have windows all the same, as far as the run reaches:
   one that no file holds, and what a lost file leaves out.
3. Of two grids that hold one window, in each district the one counts that knows more of its levels;
   of those that know as many, the one that gives more. No file hides what another one says.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from early_warning.country import HazardSpec
from early_warning.country_rules import COLD, layout_of, quantity_of
from early_warning.drafts.outlook import Expectation, Outlook
from early_warning.drafts.past import NO_PAIRS, PRODUCT, Past
from early_warning.drafts.progress import Progress, counted, quiet
from early_warning.drafts.runs import Layer, Run, read_run
from early_warning.drafts.shares import Shares, better, of_members, of_product
from early_warning.drafts.skill import read_skill
from early_warning.drafts.thresholds import Limit, limits
from early_warning.drafts.windows import MAX_WINDOWS, Side, windows_of
from early_warning.forecast import Odds
from early_warning.grids import Ensemble, Field, Gates, NoData, ensembles, gate
from early_warning.people import sentences, unwarned
from early_warning.service import Service

__all__ = ["look_ahead"]

Floats = NDArray[np.float64]


def look_ahead(service: Service, *, now: datetime, progress: Progress = quiet) -> Outlook:
    """Read the newest run, and say what it means for every district.

    Args:
        service: The country.
        now: The present moment, with its zone; or a pretended one.
        progress: Told of every step.

    Raises:
        InputError: the state folder cannot be written.
        MissingPartError: a library that reads grids is not installed.
    """
    local = limits(service, progress)
    country = service.country
    areas = [one.area for one in service.ledger.districts]
    names = {quantity_of(hazard) for hazard in country.hazards}
    run = read_run(service.path(country.forecast.files), areas, names, now=now, progress=progress)
    gates = Gates(now=now, max_age=timedelta(hours=country.forecast.max_age_hours))
    grids = [_Grid(layer, service, gates) for layer in run.layers]
    past = Past(service, read_skill(service))
    horizon = max((one.end_hour for grid in run.layers for one in grid.fields), default=0.0)
    expectations: list[Expectation] = []
    refused: list[str] = list(run.refused)
    for hazard in country.hazards:
        levels = [local[hazard.hazard, area.code] for area in areas]
        found = _windows(hazard, grids, levels, horizon)
        if len(found) > MAX_WINDOWS:
            refused.append(f"{hazard.hazard}: only the first {MAX_WINDOWS} windows are looked at.")
            found = found[:MAX_WINDOWS]
        done: list[object] = []
        share = counted(done, len(found) * len(areas))
        for shares in found:
            progress(f"{hazard.hazard}, hours {shares.start:g} to {shares.end:g}", share)
            assert run.reference is not None
            expectations += _expectations(
                service, hazard, levels, shares, run.reference, past, done
            )
            refused += _refusals(hazard, shares)
    told = unwarned(
        service.ledger,
        _no_forecast([area.code for area in areas], expectations, run),
        country.languages,
    )
    return Outlook(
        made=now.astimezone(UTC),
        run=run.reference if run.layers else None,
        files=run.files,
        expectations=tuple(expectations),
        no_data=tuple(dict.fromkeys(refused)),
        people=sentences(service.ledger, told),
    )


class _Grid:
    """The fields of one grid, judged once for all hazards."""

    def __init__(self, layer: Layer, service: Service, gates: Gates) -> None:
        self.weights = layer.weights
        layout = layout_of(service.country.forecast)
        self.product: Sequence[tuple[Field, NoData | None]] | None = None
        self.members: Mapping[tuple[str, str, datetime, float, float], Ensemble | NoData] = {}
        if layout is None:
            odds = [field for field in layer.fields if field.kind == "probability"]
            self.product = gate(odds, gates)
        else:
            self.members = ensembles(layer.fields, layout, gates)

    def shares(self, hazard: HazardSpec, amounts: Floats) -> list[Shares]:
        side: Side = "below" if hazard.hazard == COLD else "above"
        name = quantity_of(hazard)
        if self.product is not None:
            return of_product(self.product, name, hazard.hours, amounts, side, self.weights)
        found = windows_of(self.members, name, hazard.hours, side, self.weights)
        return [of_members(window, amounts, side) for window in found]


def _windows(
    hazard: HazardSpec,
    grids: Sequence[_Grid],
    levels: Sequence[tuple[Limit, ...]],
    horizon: float,
) -> list[Shares]:
    """Rules 2 and 3, in the order of time."""
    name = quantity_of(hazard)
    amounts = np.array(
        [[math.nan if one.amount is None else float(one.amount) for one in mine] for mine in levels]
    ).T
    found: dict[tuple[float, float], Shares] = {}
    for grid in grids:
        for one in grid.shares(hazard, amounts):
            known = found.get((one.start, one.end))
            found[one.start, one.end] = one if known is None else better(known, one)
    held, spans = bool(found), list(found)
    for number in range(min(math.ceil(horizon / hazard.hours), MAX_WINDOWS + 1)):
        start, end = float(number * hazard.hours), float((number + 1) * hazard.hours)
        if _covered(spans, start, end):
            continue
        why = f"no file of this run holds {name}"
        why += f" of hours {start:g} to {end:g}" if held else ""
        found[start, end] = Shares(
            start=start,
            end=end,
            raw=np.full(amounts.shape, math.nan),
            why=((why,) * amounts.shape[1],) * len(amounts),
            source=("",) * len(amounts),
            corrections=((),) * len(amounts),
            members=None,
        )
    return [found[span] for span in sorted(found)]


def _covered(spans: Iterable[tuple[float, float]], start: float, end: float) -> bool:
    """Whether each hour from start to end is in one of the spans."""
    at = start
    for begin, stop in sorted(spans):
        if begin <= at < stop:
            at = stop
    return at >= end


def _expectations(
    service: Service,
    hazard: HazardSpec,
    levels: Sequence[tuple[Limit, ...]],
    shares: Shares,
    reference: datetime,
    past: Past,
    done: list[object],
) -> list[Expectation]:
    begins = reference + timedelta(hours=shares.start)
    ends = reference + timedelta(hours=shares.end)
    product = layout_of(service.country.forecast) is None
    found = []
    for place, (district, mine) in enumerate(zip(service.ledger.districts, levels, strict=True)):
        code = district.area.code
        answers: Sequence[Odds | str] = [PRODUCT if product else NO_PAIRS] * len(mine)
        if hazard.pairs is not None and shares.members is not None:
            runs = shares.members[:, place]
            if not np.isnan(runs).any():
                day = f"{begins:%Y-%m-%d}"
                answers = past.odds(hazard, code, shares.end, day, runs, mine)
        for level, (limit, answer) in enumerate(zip(mine, answers, strict=True)):
            raw = float(shares.raw[level, place])
            known = not math.isnan(raw)
            odds = answer if isinstance(answer, Odds) and known else None
            why = shares.why[level][place] if limit.amount is not None else limit.words
            found.append(
                Expectation(
                    district=code,
                    hazard=hazard.hazard,
                    impact=limit.impact,
                    threshold=limit.amount,
                    threshold_from=limit.words,
                    begins=begins,
                    ends=ends,
                    lead=round(shares.end),
                    question="peak" if product else "anywhere",
                    raw=raw if known else None,
                    isotonic=_chance(odds.isotonic if odds else None),
                    climatology=_chance(odds.climatology if odds else None),
                    used=_chance(None if odds is None else raw if odds.by == "raw" else odds.used),
                    by=odds.by if odds and odds.used is not None else None,
                    may_alert=bool(odds and odds.may_alert),
                    words=(odds.words if odds else str(answer)) if known else "",
                    no_data="" if known else why or "the value of this district is missing",
                    source=shares.source[level],
                    corrections=shares.corrections[level],
                )
            )
        done.append(code)
    return found


def _chance(value: float | None) -> float | None:
    """Sums of steps may leave 1.0000000000000002."""
    return None if value is None else min(max(value, 0.0), 1.0)


def _refusals(hazard: HazardSpec, shares: Shares) -> list[str]:
    """What no district has, and why: one sentence for each reason."""
    period = f"{hazard.hazard}, hours {shares.start:g} to {shares.end:g}"
    found = []
    for why, raw in zip(shares.why, shares.raw, strict=True):
        reasons = {one for one in why if one}
        if np.isnan(raw).all() and len(reasons) == 1:
            found.append(f"{period}: {reasons.pop()}.")
    return found


def _no_forecast(
    codes: Sequence[str], expectations: Sequence[Expectation], run: Run
) -> dict[str, str]:
    """Districts of which nothing at all is known, and the reason that is given most often."""
    if not expectations:
        why = "no file could be read" if not run.layers else "the files hold nothing that is asked"
        return dict.fromkeys(codes, why)
    known = {one.district for one in expectations if one.raw is not None}
    reasons: dict[str, Counter[str]] = {}
    for one in expectations:
        if one.district not in known:
            reasons.setdefault(one.district, Counter())[one.no_data.rstrip(".")] += 1
    return {code: found.most_common(1)[0][0] for code, found in reasons.items()}
