"""A regime in plain words, for the terminal."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from comity.cli.terminal import safe_text

if TYPE_CHECKING:
    from comity.claims.overlay import Operation
    from comity.claims.regime import Mark, ProcedureRule, Regime, Requirement, Scope, Source

__all__ = [
    "awaits_adoption",
    "can_decide",
    "change_words",
    "force_words",
    "mark_words",
    "regime_words",
    "written_words",
]

WIDTH = 100
BASIS = {
    "read_in_text": "read in the text",
    "secondary": "read about, not read in the text",
    "unverified": "from memory, not verified",
}
DECIDED_BY = {
    "machine": "procedure and mark",
    "partly": "a person, with evidence",
    "human": "a person",
}


def can_decide(requirement: Requirement) -> bool:
    """Whether a mark decides it, without anybody's adoption."""
    mark = requirement.mark
    return requirement.decided_by == "machine" and mark is not None and mark.basis == "read_in_text"


def awaits_adoption(requirement: Requirement) -> bool:
    """Whether its mark would decide, had anybody read the number, or adopted it."""
    return bool(
        requirement.mark and requirement.decided_by == "machine" and not can_decide(requirement)
    )


def written_words(regimes: Sequence[Regime]) -> str:
    """What regimes ask for together, and how much of it their marks decide."""
    asked = [requirement for regime in regimes for requirement in regime.requirements]
    return (
        f"Written out requirement by requirement: {len(regimes)} regimes ask for {len(asked)} "
        f"things; {sum(map(can_decide, asked))} decide today by a mark, "
        f"{sum(map(awaits_adoption, asked))} await adoption, and a person judges the others"
    )


def regime_words(regime: Regime, on: datetime.date | None) -> str:
    """Say what a regime asks for.

    Args:
        regime: The regime.
        on: Also say what is in force on this day.
    """
    deciding = sum(map(can_decide, regime.requirements))
    stamp = "  [FICTIONAL: written as an example]" if regime.fictional else ""
    lines = [
        safe_text(regime.title) + stamp,
        _line("id", f"{regime.id}, version {regime.version}, language {regime.language}"),
        _line("of", regime.jurisdiction),
        _line("status", regime.status),
        _line("identity", regime.digest),
        *(_line("source", _source(source)) for source in regime.sources),
        _line("asks", f"{len(regime.requirements)} requirements; {deciding} can be decided"),
    ]
    for requirement in regime.requirements:
        lines += ["", _head(requirement)]
        lines += [_line(*pair) for pair in _requirement(requirement, on)]
    return "\n".join(lines)


def force_words(requirement: Requirement, on: datetime.date) -> str:
    """Whether a requirement is in force on a day."""
    begin, end, grace = (
        requirement.in_force_from,
        requirement.in_force_until,
        requirement.transition,
    )
    if begin and on < begin:
        return f"not yet on {on}"
    if end and on > end:
        return f"no longer on {on}"
    if grace and on < grace.applies_from:
        return f"on {on} only for systems that came on the market from {grace.placed_before} on"
    if begin is None:
        return f"no first day is stated, so it is taken to be on {on}"
    return f"yes, on {on}"


def mark_words(mark: Mark) -> str:
    """A mark in one line, with its basis."""
    sign = {"at_least": "at least", "at_most": "at most"}[mark.comparison]
    count = f"on {mark.min_n:,} items or more" if mark.min_n > 1 else "on any number of items"
    each = f", {mark.min_n_each_group:,} in each group" if mark.min_n_each_group else ""
    how = {
        "literal": "the value itself decides",
        "statistical": "value and one-sided 95 % bound decide",
    }[mark.reading]
    return f"{sign} {mark.value}, {count}{each}; {how}; {BASIS[mark.basis]}"


def change_words(operation: Operation, old: Requirement | None, new: Requirement | None) -> str:
    """One change of an overlay, in one line."""
    from comity.claims.overlay import Verify

    if new is None:
        return f"dropped: {old.title if old else ''}"
    mark = mark_words(new.mark) if new.mark else "no mark; a person decides"
    if old is None:
        return f"added: {new.title}: {mark}"
    if isinstance(operation, Verify):
        return f"read in the text by the authority: {new.title}: {mark}"
    before = mark_words(old.mark) if old.mark else "no mark"
    return f"{new.title}: {mark} (before: {before})"


def _head(requirement: Requirement) -> str:
    name = f"{requirement.official_id}  {requirement.title}" if requirement.official_id else ""
    return safe_text(f"{name or requirement.title}  [{requirement.id}]")


def _line(name: str, value: str) -> str:
    head = f"  {name:<11} "
    return textwrap.fill(
        safe_text(value),
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _requirement(requirement: Requirement, on: datetime.date | None) -> Iterator[tuple[str, str]]:
    yield "asks", requirement.paraphrase
    if dates := _dates(requirement):
        yield "dates", dates
    if on is not None:
        yield "in force", force_words(requirement, on)
    if scope := _scope(requirement.scope):
        yield "about", scope
    if requirement.procedure:
        yield "test", _procedure(requirement.procedure)
        yield "on", _where(requirement)
    if requirement.mark:
        yield "mark", mark_words(requirement.mark)
        if requirement.mark.source:
            yield "", _source(requirement.mark.source)
    if awaits_adoption(requirement):
        yield "decided by", "a person, until an authority adopts the number"
    else:
        yield "decided by", DECIDED_BY[requirement.decided_by]
    yield "kind", f"risk {requirement.risk}, evidence {requirement.evidence}"
    yield "text", BASIS[requirement.basis]
    if requirement.source:
        yield "source", _source(requirement.source)


def _dates(requirement: Requirement) -> str:
    dates = (
        ("published", requirement.published),
        ("in force from", requirement.in_force_from),
        ("until", requirement.in_force_until),
    )
    found = [f"{name} {day}" for name, day in dates if day]
    if grace := requirement.transition:
        found.append(
            f"from {grace.applies_from} for systems on the market before {grace.placed_before}"
        )
    return "; ".join(found)


def _scope(scope: Scope) -> str:
    names = (
        ("systems", scope.kinds),
        ("sectors", scope.sectors),
        ("languages", scope.languages),
        ("uses", scope.uses),
        ("not for", scope.except_uses),
    )
    return "; ".join(f"{name}: {', '.join(values)}" for name, values in names if values)


def _procedure(rule: ProcedureRule) -> str:
    fixed = ", ".join(f"{key} = {value}" for key, value in sorted(rule.parameters.items()))
    free = f"; free: {', '.join(rule.free)}" if rule.free else ""
    return f"{rule.measure}, version {rule.measure_version}{': ' if fixed else ''}{fixed}{free}"


def _where(requirement: Requirement) -> str:
    population = requirement.population
    people = "any population" if population == "any" else f"the population {_labels(population)}"
    part = f", the part {_labels(requirement.slice)}" if requirement.slice else ""
    return (
        f"{people}{part}; bound by {requirement.least_binding} or firmer, "
        f"laboratory: {requirement.least_role} or higher"
    )


def _labels(labels: dict[str, str]) -> str:
    return ", ".join(f"{key} = {value}" for key, value in sorted(labels.items())) or "unnamed"


def _source(source: Source) -> str:
    parts = (source.title, source.place, source.url, f"looked at {source.accessed}")
    return "; ".join(filter(None, parts))
