"""The report of an assessment: one file that opens anywhere and asks nothing of the network."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from comity.claims import CATALOGUE, Assessment, Claim, Cost, Measure, Procedure
from comity.report.assessment_words import BINDINGS, ROLES, WORDS
from comity.report.figures import level_text, results
from comity.report.forecast import forecast_sections
from comity.report.missing import gather
from comity.report.numbers import Estimate, count_text
from comity.report.page import render, shell
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
    return render(
        "assessment.html.j2",
        language="en",
        direction="ltr",
        words=WORDS,
        bindings=BINDINGS,
        roles=ROLES,
        one=assessment,
        short=in_short(assessment),
        populations=_populations(claims),
        results=[*forecast_sections(assessment), *results(assessment)],
        unmeasured=gather(claim for claim in claims if claim.status != "measured"),
        bare=gather(claim for claim in claims if claim.status == "measured"),
        judged=[claim for claim in claims if claim.judge is not None],
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
