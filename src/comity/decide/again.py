"""Which decisions rest on what is no longer good, and what changes when they are made again.

1. A decision rests on a statement if a claim of it counted, or counted under it (an agreement), or
   if it adopted the regime. What was laid before the decider and refused carried nothing.
2. It rests on an authority if a claim of its laboratory counted, or counted under an agreement that
   the authority signed.
3. What changed is told for each requirement: the verdict before and after, and why every claim that
   counted before does not count now.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from comity.claims.decision import Decision, Finding, Used, Verdict
from comity.claims.grounds import Refusal
from comity.claims.standing import Standing

__all__ = ["Change", "Gone", "changes", "not_live", "rests_on"]


class Gone(NamedTuple):
    """A statement that counted before and does not now; `reason` None: it was not laid before."""

    statement: str
    laboratory: str
    reason: Refusal | None
    detail: str


class Change(NamedTuple):
    """One requirement, before and after."""

    requirement: str
    official_id: str
    title: str
    before: Verdict
    after: Verdict
    gone: tuple[Gone, ...]


def not_live(standing: Standing) -> tuple[frozenset[str], frozenset[str]]:
    """The statements and the authorities that are known not to be good."""
    statements = (one for one, state in standing.statements.items() if state != "live")
    issuers = (one for one, state in standing.issuers.items() if state != "live")
    return frozenset(statements), frozenset(issuers)


def rests_on(
    decision: Decision, *, statements: Container[str] = (), issuers: Container[str] = ()
) -> tuple[str, ...]:
    """What a decision rests on among these (rules 1 and 2), sorted; empty: nothing of them."""
    inputs, found = decision.inputs, set()
    signers = {
        one.statement: {signer.origin for signer in one.signers} for one in inputs.agreements
    }
    for used in _all_used(decision):
        carried = {used.statement, used.agreement or used.statement}
        found |= {one for one in carried if one in statements}
        named = {used.laboratory} | signers.get(used.agreement or "", set())
        found |= {one for one in named if one in issuers}
    found |= {one for one in inputs.overlays if one in statements}
    return tuple(sorted(found))


def changes(before: Decision, after: Decision) -> tuple[Change, ...]:
    """What differs between two decisions about one system by one regime (rule 3)."""
    now = {finding.requirement: finding for finding in after.findings}
    found = []
    for was in before.findings:
        finding = now.get(was.requirement)
        if finding is None:
            continue
        gone = _gone(was, finding, after)
        if gone or was.verdict != finding.verdict:
            found.append(
                Change(
                    was.requirement, was.official_id, was.title, was.verdict, finding.verdict, gone
                )
            )
    return tuple(found)


def _all_used(decision: Decision) -> list[Used]:
    return [used for finding in decision.findings for used in finding.used]


def _gone(was: Finding, now: Finding, after: Decision) -> tuple[Gone, ...]:
    stay = {used.statement for used in now.used}
    refused = {one.statement: (one.reason, one.detail) for one in after.set_aside}
    refused |= {one.statement: (one.reason, one.detail) for one in now.refused}
    laboratories = {used.statement: used.laboratory for used in was.used}
    return tuple(
        Gone(statement, laboratory, *refused.get(statement, (None, "")))
        for statement, laboratory in sorted(laboratories.items())
        if statement not in stay
    )
