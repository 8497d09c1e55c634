"""Why a proposal is made, in sentences: probabilities, thresholds, people, what is not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from early_warning.country import Colour
from early_warning.country_rules import UNITS
from early_warning.drafts.outlook import Expectation
from early_warning.matrix import IMPACTS, colour, worse
from early_warning.people import District, sentences, unwarned
from early_warning.service import Service

__all__ = ["Basis", "graver", "percent", "probability_of", "reasons_of", "shade_of"]

SHOWN = 5
"""So many districts or thresholds are named in one sentence; the lines have all of them."""

Basis = Literal["forecast", "notice"]


def probability_of(one: Expectation) -> float | None:
    """The one that counts where an alert may rest on it, else the raw one."""
    return one.used if one.may_alert else one.raw


def shade_of(one: Expectation, service: Service) -> Colour:
    """Its colour by the service's matrix; green without data, which is told and is not calm."""
    probability = probability_of(one)
    if probability is None or one.threshold is None:
        return "green"
    return colour(one.impact, probability, service.country.matrix)


def graver(one: Expectation, other: Expectation, service: Service) -> bool:
    """Whether it has the worse colour; where they have one colour, the worse impact."""
    ours, theirs = shade_of(one, service), shade_of(other, service)
    if ours != theirs:
        return worse(ours, theirs)
    return IMPACTS.index(one.impact) > IMPACTS.index(other.impact)


def percent(probability: float) -> int:
    """Whole percent, never 0: what has a probability is not impossible."""
    return min(100, max(1, round(100 * probability)))


def reasons_of(
    service: Service,
    chosen: Sequence[Expectation],
    people: Sequence[District],
    districts: Mapping[str, Sequence[Expectation]],
    basis: Basis,
) -> tuple[str, ...]:
    """The sentences of one proposal.

    Args:
        service: The country.
        chosen: Its districts' expectations.
        people: Its districts, in the same order.
        districts: All expectations of the hazard and window, by district.
        basis: What the proposal rests on.
    """
    names = {one.area.code: one.area.name for one in service.ledger.districts}
    return (
        *_chances(chosen, names, basis),
        *_thresholds(chosen, names),
        *_residents(service, people),
        *_left_out(service, chosen, districts, names),
        *_unknown(chosen, districts, names),
        *dict.fromkeys(
            f"Put right in the file: {text}." for one in chosen for text in one.corrections
        ),
    )


def _chances(
    chosen: Sequence[Expectation], names: Mapping[str, str], basis: Basis
) -> tuple[str, ...]:
    """Which probabilities, whose they are, and whether they count."""
    first = chosen[0]
    where = "anywhere in the district" if first.question == "anywhere" else "at its likeliest place"
    told = _listed(
        [
            f"{names[one.district]} {percent(probability)} %"
            for one in sorted(chosen, key=lambda one: -(probability_of(one) or 0))
            if (probability := probability_of(one)) is not None
        ]
    )
    if basis == "notice":
        why = "; ".join(dict.fromkeys(one.words for one in chosen if one.words))
        return (
            f"The forecast as it is gives these probabilities that the threshold is passed {where}:"
            f" {told}.",
            f"They may not raise an alert: {why}.",
        )
    by = {"isotonic": "isotonic regression on past forecasts", "raw": "the members as they are"}
    whose = " and ".join(sorted({by.get(one.by or "", "climatology") for one in chosen}))
    sentences_ = [
        f"Probabilities that the threshold is passed, by {whose}, whose skill was shown: {told}."
    ]
    raw = [f"{names[one.district]} {_rounded(one.raw)} %" for one in chosen if one.raw is not None]
    seasonal = [
        f"{names[one.district]} {_rounded(one.climatology)} %"
        for one in chosen
        if one.climatology is not None
    ]
    if raw:
        sentences_.append(f"The members as they are say, {where}: {_listed(raw)}.")
    if seasonal:
        sentences_.append(f"Climatology of the season says {_listed(seasonal)}.")
    return tuple(sentences_)


def _thresholds(chosen: Sequence[Expectation], names: Mapping[str, str]) -> tuple[str, ...]:
    """Whose thresholds: one sentence where it is one for all."""
    told: defaultdict[str, list[str]] = defaultdict(list)
    for one in chosen:
        told[one.threshold_from].append(names[one.district])
    if len(told) == 1:
        return (f"Threshold: {next(iter(told))}",)
    shown = [f"Threshold of {_listed(places)}: {words}" for words, places in told.items()]
    more = len(shown) - SHOWN
    tail = [f"{more} more thresholds stand with their districts."] if more > 0 else []
    return (*shown[:SHOWN], *tail)


def _residents(service: Service, people: Sequence[District]) -> tuple[str, ...]:
    """How many people live there, of which groups, and who of them cannot be warned."""
    counted = [one.residents for one in people if one.residents is not None]
    unknown = [one.area.name for one in people if one.residents is None]
    told = []
    if counted:
        told.append(f"{sum(counted):,} people live there.")
    if unknown:
        told.append(f"How many live in {_listed(unknown)} is not known.")
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted({name for one in people for name in one.groups}):
        mine = [one.groups[name] for one in people if name in one.groups]
        total, unit = sum(one.number for one in mine), mine[0].unit
        part = "" if len(mine) == len(people) else f" (counted in {len(mine)} of the districts)"
        groups["Among them"].append(f"{name} {total:,} {unit}{part}")
    told += [f"{head}: {'; '.join(items)}." for head, items in groups.items()]
    here = replace(
        service.ledger,
        districts=tuple(people),
        stranded=(),
        total=sum(counted),
        repairs=(),
        overlaps=(),
    )
    reasons = unwarned(here, {}, service.country.languages)
    if reasons:
        told += [one for one in sentences(here, reasons) if "cannot be warned" in one]
    return tuple(told)


def _left_out(
    service: Service,
    chosen: Sequence[Expectation],
    districts: Mapping[str, Sequence[Expectation]],
    names: Mapping[str, str],
) -> tuple[str, ...]:
    """A worse level whose skill was not shown."""
    told = []
    for one in chosen:
        for other in districts[one.district]:
            probability = probability_of(other)
            if not one.may_alert or other.may_alert or probability is None:
                continue
            if shade_of(other, service) != "green" and graver(other, one, service):
                told.append(
                    f"{names[one.district]}: the forecast as it is gives {other.impact} impacts, "
                    f"beyond {other.threshold} {UNITS[other.hazard]}, {percent(probability)} %, "
                    f"which would be {shade_of(other, service)}: it is told apart; {other.words}."
                )
    return tuple(told)


def _unknown(
    chosen: Sequence[Expectation],
    districts: Mapping[str, Sequence[Expectation]],
    names: Mapping[str, str],
) -> tuple[str, ...]:
    """What was refused in this window: elsewhere, and at other levels of the same districts."""
    here = {one.district for one in chosen}
    blind: defaultdict[str, list[str]] = defaultdict(list)
    partly: defaultdict[str, list[str]] = defaultdict(list)
    for code, several in districts.items():
        gaps = [one for one in several if one.raw is None]
        if len(gaps) == len(several):
            blind[gaps[0].no_data].append(names[code])
        elif code in here:
            for one in gaps:
                partly[f"{one.impact} impacts: {one.no_data}"].append(names[code])
    return (
        *(f"Nothing is known of {_listed(places)}: {_ended(why)}" for why, places in blind.items()),
        *(f"Not known in {_listed(places)}, {_ended(why)}" for why, places in partly.items()),
    )


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."


def _rounded(probability: float) -> str:
    """Whole percent of what nobody warns of: 0 is 0 here."""
    return "under 1" if 0 < probability < 0.005 else str(round(100 * probability))


def _listed(items: Sequence[str]) -> str:
    more = len(items) - SHOWN
    return ", ".join(items[:SHOWN]) + (f" and {more} more" if more > 0 else "")
