"""The report of an assessment: one file that opens anywhere and asks nothing of the network."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from comity.claims import CATALOGUE, Assessment, Claim, Cost, Measure, Procedure
from comity.report.assessment_words import BINDINGS, ROLES, WORDS
from comity.report.figures import level_text, results, title_of
from comity.report.forecast import forecast_sections
from comity.report.missing import gather
from comity.report.numbers import NOTHING, Estimate, count_text
from comity.report.page import render, shell
from comity.report.question_words import QUESTION_WORDS
from comity.report.summary import in_short

__all__ = ["assessment_page"]


class Used(NamedTuple):
    """A measure that the assessment used, with the settings it was run with."""

    measure: Measure
    procedures: list[Procedure]


def assessment_page(
    assessment: Assessment, *, statement_id: str | None, fingerprint: str | None, generated: str
) -> str:
    """The report as one self-contained HTML file.

    Args:
        assessment: What was measured.
        statement_id: SHA-256 of the signed payload; None when nothing was signed.
        fingerprint: Fingerprint of the signing key; None when nothing was signed.
        generated: When the page was made, as text.
    """
    claims = assessment.claims
    asked = assessment.data.selection == "questions"
    words = {**WORDS, **(QUESTION_WORDS if asked else {})}
    return render(
        "assessment.html.j2",
        language="en",
        direction="ltr",
        words=words,
        bindings=BINDINGS,
        roles=ROLES,
        one=assessment,
        short=in_short(assessment),
        populations=_populations(claims),
        results=[*forecast_sections(assessment), *results(assessment)],
        unmeasured=gather(claim for claim in claims if claim.status != "measured"),
        bare=gather(claim for claim in claims if claim.status == "measured"),
        judged=_judged(claims),
        level=level_text(claims),
        used=_used(assessment),
        splits=sorted({one.split for one in assessment.procedures if one.split}),
        cost=_cost(assessment.cost),
        count=count_text,
        statement_id=statement_id,
        fingerprint=fingerprint,
        generated=generated,
        **shell(),
    )


class Scorer(NamedTuple):
    """Who or what scored answers, with its error rates as text."""

    name: str
    validated: bool
    sensitivity: str
    specificity: str
    labels: str


Scored = tuple[str, str, str]
"""Title of a measure, the number as it was scored, and the number corrected for errors."""


def _judged(claims: Iterable[Claim]) -> dict[Scorer, list[Scored]]:
    """What each scorer scored: over all cases, since it errs the same on every slice."""
    found: dict[Scorer, list[Scored]] = {}
    seen: set[str] = set()
    for claim in sorted(claims, key=lambda claim: len(claim.slice)):
        judge = claim.judge
        if judge is None or claim.measure in seen:
            continue
        seen.add(claim.measure)
        unit = CATALOGUE[claim.measure].unit if claim.measure in CATALOGUE else "ratio"
        scorer = Scorer(
            name=judge.id,
            validated=judge.validated,
            sensitivity=_share(judge.sensitivity, "rate"),
            specificity=_share(judge.specificity, "rate"),
            labels=f"{count_text(judge.n_pos)} + {count_text(judge.n_neg)}",
        )
        numbers = _share(judge.raw, unit), _share(judge.corrected, unit)
        found.setdefault(scorer, []).append((title_of(claim.measure), *numbers))
    return found


def _share(value: str | None, unit: str) -> str:
    return NOTHING if value is None else Estimate(Decimal(value), unit=unit).text


def _populations(claims: Iterable[Claim]) -> list[dict[str, str]]:
    """The populations that claims name, once each; nearly always a single one."""
    distinct = {tuple(sorted(claim.population.items())): claim.population for claim in claims}
    return list(distinct.values())


def _used(assessment: Assessment) -> list[Used]:
    """Measures of the catalogue that the assessment names, in the catalogue's order."""
    return [
        Used(measure, procedures)
        for measure in CATALOGUE.values()
        if (procedures := [one for one in assessment.procedures if one.measure == measure.id])
    ]


def _cost(cost: Cost) -> dict[str, str]:
    energy = cost.energy
    low, high = energy.low, energy.high
    span = ""
    if low is not None and high is not None:
        bounds = Estimate((Decimal(low) + Decimal(high)) / 2, Decimal(low), Decimal(high), "joule")
        span = f"{bounds.interval_text}\u202fJ, "
    return {
        "seconds": Estimate(Decimal(cost.seconds), unit="second").text,
        "cpu": Estimate(Decimal(cost.cpu_seconds), unit="second").text,
        "tokens": "" if cost.tokens is None else count_text(cost.tokens),
        "energy": span + WORDS[f"energy_{energy.method}"],
    }
