"""Findings become claims: the digests that say what was measured are added, each procedure once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from comity.claims import CATALOGUE, Claim, Procedure, measurand_digest
from comity.claims.values import Labels

if TYPE_CHECKING:
    from comity.assess.batteries import Finding

__all__ = ["claims_of"]


def claims_of(
    findings: Iterable[Finding],
    population: Labels,
    data: str,
    *,
    split: str = "",
    decoding: Labels | None = None,
) -> tuple[tuple[Procedure, ...], tuple[Claim, ...]]:
    """Make claims.

    Args:
        findings: What the batteries say.
        population: What the data stand for.
        data: Digest of the data.
        split: How the evaluated rows were kept apart from training, in the card's words.
        decoding: Decoding settings; they belong to every procedure with prompts.
    """
    procedures: dict[str, Procedure] = {}
    claims = []
    for finding in findings:
        subject = finding.subject
        procedure = Procedure(
            measure=subject.measure,
            measure_version=CATALOGUE[subject.measure].version,
            parameters=subject.parameters,
            prompts=subject.prompts,
            decoding=(decoding or {}) if subject.prompts is not None else {},
            scorer=subject.scorer,
            split=split,
        )
        digest = procedure.digest
        procedures[digest] = procedure
        claims.append(
            Claim(
                measure=subject.measure,
                procedure=digest,
                measurand=measurand_digest(digest, population, data),
                population=population,
                slice=subject.slice,
                status="not_measured" if finding.estimate is None else "measured",
                reason=finding.reason,
                detail=finding.detail,
                estimate=finding.estimate,
                interval=finding.interval,
                counts=finding.counts,
                cells=finding.cells,
                judge=finding.judge,
            )
        )
    return tuple(procedures.values()), tuple(claims)
