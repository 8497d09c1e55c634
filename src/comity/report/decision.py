"""The page of a decision, for an official: every verdict with its chain, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from markupsafe import Markup

from comity.claims import CATALOGUE, Assessment
from comity.claims.decision import Decision, DeltaItem, Finding
from comity.claims.grounds import Ground
from comity.claims.regime import Regime
from comity.claims.standing import Standing
from comity.report.assessment_words import BINDINGS, ROLES
from comity.report.decision_words import (
    BASES,
    BINDINGS_SHORT,
    COUNTED,
    MEANINGS,
    NOT_DECIDED,
    PLANS,
    VERDICTS,
    WHY_LEFT,
    WORDS,
)
from comity.report.findings import (
    as_code,
    explain,
    fill,
    labels,
    note_sentence,
    reason_sentence,
    statement_link,
)
from comity.report.foreign import foreign
from comity.report.numbers import Estimate, count_text
from comity.report.page import render, shell, static

__all__ = ["decision_page"]

_URGENCY = {verdict: place for place, verdict in enumerate(VERDICTS)}
_UNASKED = Standing().digest
"""Nobody was asked and nobody wrote down what is known."""

_MINUTE = 60
"""Seconds below which a time is no cost."""

_FOR_THE_SCRIPT = (
    Ground.POINT_AND_BOUND_MEET,
    Ground.ONLY_POINT_MEETS,
    Ground.POINT_FAILS,
    Ground.COUNT_MEETS,
    Ground.COUNT_FAILS,
    Ground.BOUND_MEETS_TOO,
    Ground.BOUND_FAILS,
    Ground.LITERALLY_MET,
    Ground.NO_BOUND,
)


def decision_page(
    decision: Decision,
    *,
    assessments: Mapping[str, Assessment],
    regime: Regime | None = None,
    statement_id: str | None,
    fingerprint: str | None,
    generated: str,
) -> str:
    """The explanation as one self-contained HTML file.

    Args:
        decision: What was decided.
        assessments: The assessments it rests on, by the digest of their statements. One that is
            missing costs the page names and units, never a reason.
        regime: The flat regime, for the requirements in words; left out when it is not the one
            that decided.
        statement_id: SHA-256 of the signed payload; None when nothing was signed.
        fingerprint: Fingerprint of the signing key; None when nothing was signed.
        generated: When the page was made, as text.
    """
    if regime is not None and regime.digest != decision.regime.flat:
        regime = None
    requirements = {one.id: one for one in regime.requirements} if regime else {}
    measures = {
        one: item.procedure.measure for item in decision.delta.items for one in item.requirements
    }
    measures |= {one.id: one.procedure.measure for one in requirements.values() if one.procedure}
    findings = [
        explain(
            finding,
            place=place,
            requirement=requirements.get(finding.requirement),
            measure_id=measures.get(finding.requirement, ""),
            assessments=assessments,
        )
        for place, finding in enumerate(decision.findings)
    ]
    findings.sort(key=lambda one: _URGENCY[one.finding.verdict])
    markup = render(
        "decision.html.j2",
        language="en",
        direction="ltr",
        words=WORDS,
        verdicts=VERDICTS,
        meanings=MEANINGS,
        bases=BASES,
        roles=ROLES,
        bindings=BINDINGS,
        bindings_short=BINDINGS_SHORT,
        not_decided=NOT_DECIDED,
        one=decision,
        tally=_tally(decision.findings),
        short=_in_short(decision),
        warnings=[
            note_sentence(note) for note in decision.notes if note.ground != Ground.FICTIONAL_REGIME
        ],
        findings=findings,
        left=[_left(item, decision) for item in decision.delta.items],
        balance=_balance(decision),
        set_aside=[
            fill(
                WORDS["set_aside_line"],
                statement=statement_link(one.statement),
                signer=as_code(one.signer),
                reason=reason_sentence(one.reason.sentence, one.detail),
            )
            for one in decision.set_aside
        ],
        script_words={ground.value: ground.sentence for ground in _FOR_THE_SCRIPT},
        statement_id=statement_id,
        fingerprint=fingerprint,
        generated=generated,
        unasked=_UNASKED,
        **shell(static("decision.js"), style=static("decision.css")),
    )
    return str(markup)


def _tally(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """Findings by verdict, most urgent first; verdicts that nobody got are left out."""
    return [
        (verdict, held)
        for verdict in VERDICTS
        if (held := [finding for finding in findings if finding.verdict == verdict])
    ]


def _in_short(decision: Decision) -> list[Markup]:
    """The opening sentences; counts stand in them as words of a sentence, never as a score."""
    counts: Counter[str] = Counter(finding.verdict for finding in decision.findings)
    told = ", ".join(
        words.format(n=count_text(counts[verdict]))
        for verdict, words in COUNTED.items()
        if counts[verdict]
    )
    sentences = [_numbered("counts", len(decision.findings), verdicts=told)]
    if decision.findings:
        left = _numbered("counts_left", len(decision.delta.items))
        sentences.append(Markup('<a href="#delta">{}</a>').format(left))
    saved = decision.savings
    if saved.assessments:
        items = count_text(saved.items)
        sentences.append(_numbered("counts_saved", saved.assessments, items=items))
    return [*sentences, fill(WORDS["no_score"])]


def _numbered(words: str, number: int, **values: str) -> Markup:
    """The sentence for none, one or many."""
    key = {0: f"{words}_none", 1: f"{words}_one"}.get(number, words)
    return fill(WORDS[key], n=count_text(number), **values)


def _left(item: DeltaItem, decision: Decision) -> dict[str, Any]:
    """One line of what is left to test."""
    findings = {finding.requirement: finding for finding in decision.findings}
    measure = CATALOGUE.get(item.procedure.measure)
    population = {} if item.population == "any" else item.population
    return {
        "title": measure.title if measure else foreign(item.procedure.measure),
        "about": labels({**population, **item.slice}),
        "least": WORDS["delta_least"].format(
            binding=BINDINGS_SHORT[item.least_binding], role=ROLES[item.least_role]
        ),
        "n": WORDS["undecidable"] if item.n is None else count_text(item.n),
        "plan": fill(PLANS[item.plan], detail=foreign(item.detail)),
        "why": WHY_LEFT[item.why],
        "serves": [findings[one] for one in item.requirements if one in findings],
        "cpu": WORDS["delta_cpu_unknown"]
        if item.cpu_seconds is None
        else _seconds(item.cpu_seconds),
    }


class Balance(NamedTuple):
    """One line of what was recognised beside what is left, with a remark on the latter."""

    name: str
    saved: str
    left: str
    remark: str = ""


def _balance(decision: Decision) -> list[Balance]:
    """Items of both; time too where there is any worth a line, known of the recognised alone."""
    saved, items = decision.savings, decision.delta.items
    known = [Decimal(item.cpu_seconds) for item in items if item.cpu_seconds is not None]
    remark = ""
    if len(known) < len(items):
        remark = WORDS["savings_part"].format(known=len(known), n=len(items))
    left = WORDS["savings_unknown"] if items else WORDS["none"]
    if known:
        left = _seconds(str(sum(known)))
    planned = count_text(sum(item.n or 0 for item in items))
    lines = [Balance(WORDS["savings_items"], count_text(saved.items), planned)]
    if max(Decimal(saved.cpu_seconds), sum(known)) >= _MINUTE:
        lines.append(Balance(WORDS["savings_cpu"], _seconds(saved.cpu_seconds), left, remark))
    if Decimal(saved.seconds) >= _MINUTE:
        elapsed = WORDS["savings_unknown"] if items else WORDS["none"]
        lines.append(Balance(WORDS["savings_time"], _seconds(saved.seconds), elapsed))
    return lines


def _seconds(text: str) -> str:
    """A duration in the unit that suits it; below a minute nobody plans by it."""
    seconds = Decimal(text)
    if seconds < _MINUTE:
        return WORDS["under_a_minute"]
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{Estimate(seconds / size, unit='').text}\u202f{unit}"
    return Estimate(seconds, unit="second").text
