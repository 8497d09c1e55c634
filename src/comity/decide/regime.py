"""From a regime file to what decides: overlays resolved to one flat regime; and a linter.

A number that nobody read in its source decides nothing until an authority adopts it. Adoption is
a signed overlay, and only the authority to which the reader's trust binds the jurisdiction adopts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec.structs import replace

from comity.claims import CATALOGUE
from comity.claims.measure import DECISIONS, Measure
from comity.claims.overlay import Add, Drop, Operation, Replace, SignedOverlay, Verify
from comity.claims.regime import Mark, ProcedureRule, Regime, Requirement, Signer
from comity.errors import InputError

__all__ = ["Doubt", "ResolvedRegime", "lint", "resolve"]


class ResolvedRegime(NamedTuple):
    """A flat regime, and where it came from.

    Attributes:
        regime: The flat regime; its digest names it.
        base: Digest of the base.
        overlays: Statement digests of the overlays, in order.
        adopted: By requirement: the overlay by which an authority made its number its own.
    """

    regime: Regime
    base: str
    overlays: tuple[str, ...]
    adopted: dict[str, str]


def resolve(
    base: Regime,
    overlays: Sequence[SignedOverlay],
    jurisdiction_of: Callable[[Signer], str | None],
) -> ResolvedRegime:
    """Apply signed overlays, in order, to a base regime.

    Args:
        base: The regime as its file has it.
        overlays: Verified overlays; each names the digest of what the ones before it made.
        jurisdiction_of: The jurisdiction to which the reader's trust binds a signer, or None.

    Raises:
        InputError: an overlay is signed by somebody else than the authority of its jurisdiction,
            is for another base, changes what is not there, or loosens where it says it tightens.
    """
    flat, adopted = base, dict[str, str]()
    for signed in overlays:
        overlay, where = signed.overlay, f"overlay {signed.statement[:12]}"
        if overlay.authority != signed.signer.origin:
            raise InputError(
                f"it speaks for {overlay.authority}, but {signed.signer.origin} signed it",
                where=where,
            )
        if jurisdiction_of(signed.signer) != overlay.jurisdiction:
            raise InputError(
                f"{signed.signer.origin} may not adopt for {overlay.jurisdiction}",
                where=where,
                hint="Only the authority that your trust file binds to a jurisdiction adopts "
                "for it.",
            )
        if overlay.base != flat.digest:
            raise InputError(
                f"it was signed for the regime {overlay.base[:12]}, and this one is "
                f"{flat.digest[:12]}",
                where=where,
                hint="Name the base file and the overlays in the order in which they were signed.",
            )
        requirements = {requirement.id: requirement for requirement in flat.requirements}
        for operation in overlay.operations:
            _apply(operation, requirements, where)
            name = _target(operation)
            if isinstance(operation, Drop):
                adopted.pop(name, None)
            else:
                adopted[name] = signed.statement
        flat = replace(
            flat, jurisdiction=overlay.jurisdiction, requirements=tuple(requirements.values())
        )
    return ResolvedRegime(flat, base.digest, tuple(s.statement for s in overlays), adopted)


def _target(operation: Operation) -> str:
    if isinstance(operation, Add | Replace):
        return operation.requirement.id
    return operation.requirement


def _apply(operation: Operation, requirements: dict[str, Requirement], where: str) -> None:
    name = _target(operation)
    old = requirements.get(name)
    if isinstance(operation, Add):
        if old is not None:
            raise InputError(f"requirement {name} is there already: replace it", where=where)
        requirements[name] = operation.requirement
        return
    if old is None:
        raise InputError(f"there is no requirement {name}", where=where)
    if isinstance(operation, Drop):
        del requirements[name]
    elif isinstance(operation, Replace):
        requirements[name] = operation.requirement
    elif old.mark is None:
        raise InputError(f"requirement {name} has no mark: replace it", where=where)
    elif isinstance(operation, Verify):
        if Decimal(operation.value) != Decimal(old.mark.value):
            raise InputError(
                f"the authority read {operation.value} for {name}, and the base has "
                f"{old.mark.value}: replace it",
                where=where,
            )
        mark = replace(old.mark, basis="read_in_text", source=operation.source)
        requirements[name] = replace(old, mark=mark)
    else:
        if loose := _loosened(old.mark, operation.mark):
            raise InputError(f"{name}: {loose}, which does not tighten the mark", where=where)
        try:  # the requirement's own checks run on the new mark
            requirements[name] = replace(old, mark=operation.mark)
        except ValueError as error:
            raise InputError(str(error), where=where) from None


def _loosened(old: Mark, new: Mark) -> str:
    """Name what makes `new` easier to meet than `old`, or that nothing is harder; else empty."""
    if new.comparison != old.comparison:
        return f"it asks for {new.comparison} instead of {old.comparison}"
    sign = 1 if old.comparison == "at_least" else -1
    harder = sign * (Decimal(new.value) - Decimal(old.value))
    if harder < 0:
        return f"it asks for {new.value} instead of {old.value}"
    if new.min_n < old.min_n or new.min_n_each_group < old.min_n_each_group:
        return "it asks for fewer items"
    if (old.reading, new.reading) == ("statistical", "literal"):
        return "it reads the count instead of the bound"
    grown = new.min_n > old.min_n or new.min_n_each_group > old.min_n_each_group
    if harder == 0 and not grown and new.reading == old.reading:
        return "it changes nothing"
    return ""


class Doubt(NamedTuple):
    """Something doubtful in a regime: an `error` stops a careful reader, a `note` informs one."""

    severity: Literal["error", "note"]
    requirement: str
    what: str


def lint(regime: Regime) -> tuple[Doubt, ...]:
    """List what is doubtful in a regime: unknown measures, missing sources, dates, marks."""
    doubts: list[Doubt] = []
    if not regime.requirements:
        doubts.append(Doubt("error", "", "there are no requirements, so it decides nothing"))
    for requirement in regime.requirements:
        for severity, what in (*_lint_text(requirement, regime), *_lint_test(requirement)):
            doubts.append(Doubt(severity, requirement.id, what))
    return tuple(doubts)


Found = list[tuple[Literal["error", "note"], str]]


def _lint_text(requirement: Requirement, regime: Regime) -> Found:
    found: Found = []
    sources = (requirement.source,) if requirement.source else regime.sources
    if not sources:
        found.append(("error", "no source is given"))
    elif requirement.basis == "read_in_text" and not any(s.url or s.place for s in sources):
        found.append(("error", "it says that the text was read, and not where"))
    begin, end = requirement.in_force_from, requirement.in_force_until
    if begin and end and begin > end:
        found.append(("error", f"it ends ({end}) before it begins ({begin})"))
    if requirement.published and begin and begin < requirement.published:
        found.append(("error", f"it is in force ({begin}) before it was published"))
    grace = requirement.transition
    if grace and begin and grace.applies_from < begin:
        found.append(("error", f"its grace ends ({grace.applies_from}) before it begins"))
    if grace and end and grace.applies_from > end:
        found.append(("error", f"its grace ends ({grace.applies_from}) after it does ({end})"))
    return found


def _lint_test(requirement: Requirement) -> Found:
    found: Found = []
    procedure, mark = requirement.procedure, requirement.mark
    measure = CATALOGUE.get(procedure.measure) if procedure else None
    if procedure and measure is None:
        found.append(("error", f"no battery of this version measures {procedure.measure}"))
    if procedure and measure and procedure.measure_version != measure.version:
        found.append(
            (
                "error",
                f"{measure.id} is at version {measure.version}, not {procedure.measure_version}",
            )
        )
    if procedure and measure:
        found += [("error", what) for what in _lint_parameters(procedure, measure)]
    if mark is None:
        return found
    if mark.min_n == 0:
        found.append(("error", "its mark asks for no number of items: one item could decide"))
    if mark.basis != "read_in_text":
        found.append(("note", "its number was not read in the source text, so it decides nothing"))
    better = {"higher": "at_least", "lower": "at_most"}.get(measure.direction) if measure else None
    if measure and better and mark.comparison != better:
        found.append(("error", f"{mark.comparison} is a mark for the worse side of {measure.id}"))
    if requirement.decided_by != "machine":
        found.append(("note", "it has a mark, and still a person decides"))
    return found


def _lint_parameters(rule: ProcedureRule, measure: Measure) -> list[str]:
    """Name the parameters because of which no procedure of the measure can ever match the rule."""
    has, may_have = set(measure.parameters), set[str]()
    if "decision" in has:
        brought = {name for names in DECISIONS.values() for name in names}
        decision = rule.parameters.get("decision")
        if decision is None:
            may_have = brought
        elif decision in DECISIONS:
            has |= set(DECISIONS[decision])
            may_have = brought & set(rule.free)  # to free what is not there does no harm
        else:
            known = " or ".join(f"`{one}`" for one in DECISIONS)
            return [f"its parameter `decision` is `{decision}`, and can only be {known}"]
    named = {*rule.parameters, *rule.free}
    foreign = [
        f"no procedure of {measure.id} that it accepts has a parameter `{name}`"
        for name in sorted(named - has - may_have)
    ]
    missing = [
        f"every procedure of {measure.id} has a parameter `{name}`: fix it or free it"
        for name in sorted(has - named)
    ]
    return foreign + missing
