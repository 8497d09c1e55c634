"""Run only what is missing: keep of an assessment what a delta asks for, and name it as the intent.

All batteries share one pass over the table, so leaving tests out would save no time. What is left
out is a matter of what is published: a delta asks for certain tests, and gets those alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from comity.assess.systems import Card, QuestionCard
from comity.claims import Assessment, Claim, Procedure
from comity.claims.decision import Delta, DeltaItem
from comity.errors import InputError

__all__ = ["check_delta", "restrict"]


def check_delta(card: Card | QuestionCard, delta: Delta) -> None:
    """Refuse a delta that this card cannot answer, before any work begins.

    Raises:
        InputError: it leaves nothing to test, is for another system, or asks for populations that
            the card does not state.
    """
    system = card.system
    if not delta.items:
        raise InputError("the delta leaves nothing to test", where="--delta")
    if delta.system != system.digest:
        raise InputError(
            f"the delta is for another system than {system.name} {system.version}: for the one "
            f"with the SHA-256 {delta.system[:12]}…, and this one has {system.digest[:12]}…",
            where="--delta",
            hint="Take the card of the system that was decided about; name and version must be "
            "the same.",
        )
    if not any(item.population in ("any", card.population) for item in delta.items):
        raise InputError(
            f"the delta asks for other data than these, which stand for {_words(card.population)}",
            where=f"{card.path}, field population",
            hint=f"It asks for {_wanted(delta)}.",
        )


def restrict(assessment: Assessment, delta: Delta) -> Assessment:
    """Keep the claims that `delta` asks for, and name it as the intent.

    Raises:
        InputError: the assessment holds none of them.
    """
    procedures = {procedure.digest: procedure for procedure in assessment.procedures}
    notes: list[str] = []
    kept: list[Claim] = []
    for item in delta.items:
        found = [one for one in assessment.claims if _answers(one, procedures[one.procedure], item)]
        kept += [one for one in found if one not in kept]
        notes += _notes(item, found)
    if not kept:
        raise InputError(
            "this card measures none of the tests that the delta asks for",
            where="--delta",
            hint="\n  ".join(_nearest(item, assessment) for item in delta.items),
        )
    named = {claim.procedure for claim in kept}
    return replace(
        assessment,
        intent=delta.digest,
        procedures=tuple(one for one in assessment.procedures if one.digest in named),
        claims=tuple(one for one in assessment.claims if one in kept),
        notes=(*assessment.notes, *notes),
    )


def _answers(claim: Claim, procedure: Procedure, item: DeltaItem) -> bool:
    return (
        item.population in ("any", claim.population)
        and claim.slice == item.slice
        and not item.procedure.difference(procedure)
    )


def _notes(item: DeltaItem, found: list[Claim]) -> Iterator[str]:
    """What the reader of the result should know about one test of the delta."""
    if not found:
        yield f"The delta also asks for {_test(item)}, which was not tested here."
    for claim in found:
        planned = claim.counts.planned
        if claim.status != "measured":
            yield f"The delta also asks for {_test(item)}, which could not be measured here."
        elif item.n is not None and planned < item.n:
            yield (
                f"The delta asks for {item.n:,} items for {_test(item)}; these are {planned:,}, "
                "too few to decide."
            )


def _nearest(item: DeltaItem, assessment: Assessment) -> str:
    """Why nothing answers one test: the procedure that differs last in the order of the rule."""
    rule = item.procedure
    same = [one for one in assessment.procedures if one.measure == rule.measure]
    if not same:
        return f"{_test(item)}: the card's table does not allow it"
    differences = [rule.difference(one) for one in same]
    if all(differences):
        return f"{_test(item)}: measured with another {differences[-1]}"
    return f"{_test(item)}: measured on other data or another part of it"


def _test(item: DeltaItem) -> str:
    part = f" on {_words(item.slice)}" if item.slice else ""
    return f"{item.procedure.measure}{part}"


def _wanted(delta: Delta) -> str:
    wanted = {_words(item.population) for item in delta.items if item.population != "any"}
    return "; or ".join(sorted(wanted))


def _words(labels: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items())
