"""One subject across several regimes: the sheet that a negotiator needs.

Crosswalks cannot turn "passes A" into "passes B", so nothing is inferred here: each regime has
decided from the evidence, and the sheet says how what they ask for differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from comity.claims.decision import Decision
from comity.claims.divergence import Cell, Relation, Topic
from comity.claims.regime import Mark, Requirement
from comity.decide.regime import ResolvedRegime

__all__ = ["Cell", "Relation", "Topic", "across"]


def across(regimes: Sequence[tuple[ResolvedRegime, Decision | None]]) -> tuple[Topic, ...]:
    """Compare regimes topic by topic; requirements without topic and test are left out.

    Args:
        regimes: Each regime with its decision about the system, or None to compare the texts only.
    """
    names = [resolved.regime.id for resolved, _ in regimes]
    topics: dict[str, list[Cell]] = {}
    for resolved, decision in regimes:
        findings = {f.requirement: f for f in decision.findings} if decision else {}
        for requirement in resolved.regime.requirements:
            procedure = requirement.procedure
            topic = requirement.topic or (procedure.measure if procedure else "")
            if topic:
                cell = Cell(resolved.regime.id, requirement, findings.get(requirement.id))
                topics.setdefault(topic, []).append(cell)
    rows = []
    for topic, cells in sorted(topics.items()):
        by_regime = {name: [c.requirement for c in cells if c.regime == name] for name in names}
        relations = {
            (a, b): _relation(by_regime[a], by_regime[b]) for a, b in combinations(names, 2)
        }
        rows.append(Topic(topic, tuple(cells), relations))
    return tuple(rows)


_SHARPEST: tuple[Relation, ...] = (
    "contradictory", "different_number", "same", "different_object",
)  # fmt: skip


def _relation(ours: list[Requirement], theirs: list[Requirement]) -> Relation:
    """The sharpest relation among all pairs; that they differ in object only if all pairs do."""
    if not ours or not theirs:
        return "silent"
    found = {_pair(a, b) for a in ours for b in theirs}
    return next(relation for relation in _SHARPEST if relation in found)


def _pair(a: Requirement, b: Requirement) -> Relation:
    if a.procedure is None or (a.procedure, a.population, a.slice) != (
        b.procedure,
        b.population,
        b.slice,
    ):
        return "different_object"
    if a.mark and b.mark and _exclude_each_other(a.mark, b.mark):
        return "contradictory"
    return "same" if _asked(a) == _asked(b) else "different_number"


def _asked(requirement: Requirement) -> tuple[object, ...]:
    """What one measurement must show and be; how the number is known changes none of it."""
    mark = requirement.mark
    evidence = (requirement.least_binding, requirement.least_role)
    if mark is None:
        return evidence
    number = (mark.comparison, Decimal(mark.value), mark.min_n, mark.min_n_each_group, mark.reading)
    return (*number, *evidence)


def _exclude_each_other(a: Mark, b: Mark) -> bool:
    if a.comparison == b.comparison:
        return False
    low, high = (a, b) if a.comparison == "at_least" else (b, a)
    return Decimal(low.value) > Decimal(high.value)
