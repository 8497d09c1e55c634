"""From an outlook to proposals: who should be told what, and why. Pure: no file, no clock.

1. The probability of an expectation is the one that counts (`used`) where an alert may rest on it,
   and the raw one elsewhere. Its colour comes from the matrix; green makes no proposal.
2. In each window a district appears in one forecast of a hazard, where skill was shown: of the
   level with the worst colour, then with the worst impact. Another level that would be worse, and
   whose skill was not shown, is told among its reasons, and is a notice besides. A district without
   a forecast appears in one notice, by the same order.
3. A proposal holds all districts with the same hazard, window, impact, colour and basis.
4. What is said must be true of each of them: the threshold is the mildest of theirs, the certainty
   that of the least likely. A notice states no chance, and its certainty is at most Possible.
5. A window that is over makes none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from early_warning.cap import Hazard
from early_warning.country import Amount, Colour, Impact
from early_warning.country_rules import COLD
from early_warning.drafts.outlook import Expectation, Outlook
from early_warning.drafts.proposal import Content, Line, Proposal
from early_warning.drafts.reasons import (
    Basis,
    graver,
    percent,
    probability_of,
    reasons_of,
    shade_of,
)
from early_warning.matrix import (
    certainty,
    severity,
    urgency,
)
from early_warning.people import District
from early_warning.service import Service

__all__ = ["propose"]

Span = tuple[Hazard, datetime, datetime]


def propose(service: Service, outlook: Outlook, *, now: datetime) -> tuple[Proposal, ...]:
    """The proposals of an outlook, worst colour first, then by time.

    Args:
        service: The country.
        outlook: What `look_ahead` gave.
        now: The present moment, with its zone; or a pretended one.
    """
    spans: defaultdict[Span, dict[str, list[Expectation]]] = defaultdict(dict)
    for one in outlook.expectations:
        if one.ends > now:
            spans[one.hazard, one.begins, one.ends].setdefault(one.district, []).append(one)
    found = []
    for span, districts in spans.items():
        groups: defaultdict[tuple[Impact, Colour, Basis], list[Expectation]] = defaultdict(list)
        for several in districts.values():
            for chosen in _chosen(several, service):
                shade = shade_of(chosen, service)
                groups[chosen.impact, shade, _basis(chosen)].append(chosen)
        for (impact, shade, basis), chosen_ones in groups.items():
            found.append(
                _proposal(service, span, impact, shade, basis, chosen_ones, districts, now)
            )
    rank = {"red": 0, "orange": 1, "yellow": 2, "green": 3}
    return tuple(
        sorted(found, key=lambda one: (rank[one.content.colour], one.content.onset, one.key))
    )


def _basis(one: Expectation) -> Basis:
    return "forecast" if one.may_alert else "notice"


def _chosen(several: Sequence[Expectation], service: Service) -> list[Expectation]:
    """Rule 2: a forecast, a notice, both or none of a district."""
    told = [one for one in several if shade_of(one, service) != "green"]
    forecast = _worst([one for one in told if one.may_alert], service)
    notice = _worst([one for one in told if not one.may_alert], service)
    if forecast is not None and notice is not None and not graver(notice, forecast, service):
        notice = None
    return [one for one in (forecast, notice) if one is not None]


def _worst(several: Sequence[Expectation], service: Service) -> Expectation | None:
    best: Expectation | None = None
    for one in several:
        if best is None or graver(one, best, service):
            best = one
    return best


def _proposal(
    service: Service,
    span: Span,
    impact: Impact,
    shade: Colour,
    basis: Basis,
    chosen: Sequence[Expectation],
    districts: Mapping[str, Sequence[Expectation]],
    now: datetime,
) -> Proposal:
    hazard, begins, ends = span
    order = {one.area.code: place for place, one in enumerate(service.ledger.districts)}
    chosen = sorted(chosen, key=lambda one: order[one.district])
    chances = [one for one in map(probability_of, chosen) if one is not None]
    sure = certainty(min(chances))
    content = Content(
        hazard=hazard,
        threshold=_mildest(hazard, chosen),
        chance=(percent(min(chances)), percent(max(chances))) if basis == "forecast" else None,
        colour=shade,
        impact=impact,
        onset=begins.astimezone(service.zone),
        expires=ends.astimezone(service.zone),
        districts=tuple(one.district for one in chosen),
        urgency=urgency(begins, now),
        severity=severity(impact),
        certainty="Possible" if basis == "notice" and sure == "Likely" else sure,
    )
    people = [service.ledger.districts[order[one.district]] for one in chosen]
    return Proposal(
        key=f"{hazard}/{begins:%Y%m%dT%H%MZ}-{ends:%Y%m%dT%H%MZ}/{impact}/{shade}/{basis}",
        basis=basis,
        content=content,
        reasons=(
            *_begun(begins, service, now),
            *reasons_of(service, chosen, people, districts, basis),
        ),
        lines=tuple(_line(one, district) for one, district in zip(chosen, people, strict=True)),
    )


def _begun(begins: datetime, service: Service, now: datetime) -> tuple[str, ...]:
    """A window that is partly over: its probability is no less of what is over."""
    if begins >= now:
        return ()
    since = begins.astimezone(service.zone).isoformat(" ", "minutes")
    return (
        f"The time began at {since}. Probabilities are of all of it, also of the hours that are "
        "over, and not of those that are left: look at what was observed since.",
    )


def _mildest(hazard: Hazard, chosen: Sequence[Expectation]) -> Amount:
    """Rule 4."""
    amounts = [one.threshold for one in chosen if one.threshold is not None]
    return (max if hazard == COLD else min)(amounts, key=float)


def _line(one: Expectation, district: District) -> Line:
    groups = {}
    for name, count in district.groups.items():
        groups[name] = f"{count.number:,} {count.unit}"
        if count.places < len(district.places):
            groups[name] += f" (counted in {count.places} of {len(district.places)} places)"
    return Line(
        expectation=one, name=district.area.name, residents=district.residents, groups=groups
    )
