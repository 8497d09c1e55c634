"""The delta: the tests that nobody whom the reader recognises has run, with their size and cost.

What was not tested is in it, and what is `marginal`, since a larger sample may decide: from the
population of the measurement that left it so, because a fresh sample replaces claims about the
same population alone. What failed is not in it: testing again until it passes is no test. What
needs judgement is not either.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from comity.claims import CATALOGUE, Assessment, System, decimal_text, digest_of
from comity.claims.country import Budget
from comity.claims.decision import Delta, DeltaItem, Exhibit, Finding
from comity.claims.regime import Requirement
from comity.claims.values import MAX_INTEGER, Labels
from comity.decide.regime import ResolvedRegime
from comity.statistics.power import smallest_n

__all__ = ["plan_delta", "stated_seconds"]


class _Plan(NamedTuple):
    n: int | None
    kind: Literal["literal", "power", "minimum", "undecidable"]
    detail: str


def plan_delta(
    findings: Sequence[Finding],
    resolved: ResolvedRegime,
    exhibits: Sequence[Exhibit],
    *,
    system: System,
    budget: Budget,
    date: datetime.date,
) -> Delta:
    """Collect the tests still to run; requirements that one test serves share it.

    Args:
        findings: The verdicts, one per requirement.
        resolved: The regime that they are of.
        exhibits: Assessments of the system, from which the cost of an item is estimated.
        system: The system.
        budget: What one test may cost, and the planning margin.
        date: The day of the decision.
    """
    requirements = {requirement.id: requirement for requirement in resolved.regime.requirements}
    waiting: dict[str, list[tuple[Requirement, Finding]]] = {}
    for finding in findings:
        requirement = requirements[finding.requirement]
        if finding.verdict in ("not_tested", "marginal") and requirement.procedure is not None:
            test = _test_id(requirement, _population(requirement, finding))
            waiting.setdefault(test, []).append((requirement, finding))
    per_item = _cpu_seconds_per_item(exhibits)
    items = tuple(_item(test, group, budget, per_item) for test, group in sorted(waiting.items()))
    return Delta(system=system.digest, regime=resolved.regime.digest, decided=date, items=items)


def _population(requirement: Requirement, finding: Finding) -> Labels | Literal["any"]:
    """From which population a sample would help; `used` stands worst first."""
    if requirement.population == "any" and finding.verdict == "marginal":
        return finding.used[0].population
    return requirement.population


def _test_id(requirement: Requirement, population: Labels | Literal["any"]) -> str:
    return digest_of(
        {
            "least_binding": requirement.least_binding,
            "least_role": requirement.least_role,
            "population": population,
            "procedure": requirement.procedure,
            "slice": requirement.slice,
        }
    )


def _item(
    test: str,
    group: list[tuple[Requirement, Finding]],
    budget: Budget,
    per_item: Decimal | None,
) -> DeltaItem:
    plans = [_plan(requirement, budget, _at_hand(finding)) for requirement, finding in group]
    # The largest sample serves all; one that no sample within the budget serves is named as such.
    plan = max(plans, key=lambda plan: (plan.n is None, plan.n or 0, plan.kind))
    requirement = group[0][0]
    assert requirement.procedure is not None
    untested = any(finding.verdict == "not_tested" for _, finding in group)
    cost = None if per_item is None or plan.n is None else decimal_text(float(per_item * plan.n))
    return DeltaItem(
        id=test,
        requirements=tuple(sorted(requirement.id for requirement, _ in group)),
        why="not_tested" if untested else "marginal",
        procedure=requirement.procedure,
        population=_population(*group[0]),
        slice=requirement.slice,
        least_binding=requirement.least_binding,
        least_role=requirement.least_role,
        n=plan.n,
        plan=plan.kind,
        detail=plan.detail,
        cpu_seconds=cost,
    )


def _at_hand(finding: Finding) -> int:
    """Items of the largest sample that left the requirement marginal; 0 if it is not tested."""
    if finding.verdict != "marginal":
        return 0
    return max(used.counts.planned for used in finding.used)


def _plan(requirement: Requirement, budget: Budget, at_hand: int) -> _Plan:
    mark, procedure = requirement.mark, requirement.procedure
    assert mark is not None and procedure is not None
    # A comparison has two groups or more; and what was too few is not replaced by fewer.
    asked = max(mark.min_n, 2 * mark.min_n_each_group, 1)
    least = max(asked, at_hand + 1 if at_hand else 0)
    each = f", with {mark.min_n_each_group} in each group" if mark.min_n_each_group else ""
    if least > budget.max_items:
        why = "the regime asks for" if least == asked else "the sample at hand is beaten only by"
        return _Plan(None, "undecidable", f"{why} {least} items{each}")
    if mark.reading == "literal":
        return _Plan(least, "literal", f"the regime's own number{each}")
    measure = CATALOGUE.get(procedure.measure)
    if measure is None or measure.unit != "rate":
        more = f", and more than the {at_hand} at hand" if at_hand else ""
        return _Plan(least, "minimum", f"no plan is known for this measure{each}{more}")
    sign = 1 if mark.comparison == "at_least" else -1
    value = Decimal(mark.value)
    truth = min(max(value + sign * Decimal(budget.planning_margin), Decimal(0)), Decimal(1))
    n, power = _size(mark.value, str(truth), mark.comparison, budget.max_items, least)
    if n is None:
        detail = f"no {budget.max_items} items decide if the truth is {truth}"
        return _Plan(None, "undecidable", detail)
    counted = measure.formula.rpartition(" / ")[2]
    which = "" if "(" in counted else f"; its items are the {counted}"
    return _Plan(
        n, "power", f"decides with probability {power:.2f} if the truth is {truth}{each}{which}"
    )


@lru_cache(maxsize=1024)
def _size(
    mark: str, truth: str, comparison: Literal["at_least", "at_most"], budget: int, least: int
) -> tuple[int | None, float]:
    plan = smallest_n(float(mark), float(truth), comparison, budget=budget, at_least=least)
    return (None, 0.0) if plan is None else (plan.n, plan.power)


def _cpu_seconds_per_item(exhibits: Sequence[Exhibit]) -> Decimal | None:
    """The dearest laboratory's processor time per item, or None where none tells."""
    costs = [
        stated_seconds(exhibit.assessment) / exhibit.assessment.data.evaluated
        for exhibit in exhibits
        if exhibit.assessment and exhibit.assessment.data.evaluated
    ]
    return max(costs, default=None)


def stated_seconds(assessment: Assessment) -> Decimal:
    """Processor time as its laboratory states it, kept to what a sum of it can be signed as."""
    return min(max(Decimal(assessment.cost.cpu_seconds), Decimal(0)), Decimal(MAX_INTEGER))
