"""A decision: the verdicts of one regime on one system, each with its chain, and what is left.

There is no overall score. A decision names its inputs by digest; deciding again from the same
inputs gives the same bytes.
"""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

from comity.claims.assessment import TYPE_BASE, Assessment, Binding, Origin, Role, System
from comity.claims.claim import Counts, Interval
from comity.claims.country import Deployment
from comity.claims.grounds import Ground, Refusal
from comity.claims.regime import Mark, ProcedureRule, Signer
from comity.claims.values import Count, DecimalText, Digest, Key, Labels, Text, digest_of

__all__ = [
    "DECISION_TYPE",
    "Decision",
    "Delta",
    "DeltaItem",
    "Exhibit",
    "Finding",
    "Inputs",
    "Note",
    "Refused",
    "RegimeReference",
    "Savings",
    "SetAside",
    "SignedBy",
    "Used",
    "Verdict",
]

DECISION_TYPE = f"{TYPE_BASE}decision/v1"

Verdict = Literal[
    "satisfied", "marginal", "not_satisfied", "not_tested", "needs_judgement", "not_applicable"
]


class Exhibit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A verified statement that is laid before the decider.

    Attributes:
        statement: SHA-256 of the payload.
        type: Its predicate type.
        signer: Who signed, by the reader's trust file.
        assessment: The predicate, or null when it is of another type: then it is no evidence.
    """

    statement: Digest
    type: Text
    signer: Signer
    assessment: Assessment | None


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A remark: its code, and the detail of the single case in words (may be empty)."""

    ground: Ground
    detail: Text


class Used(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A claim that counts: whose, why it counts, what it says, and what it was read as.

    Attributes:
        statement: Digest of the statement that holds it.
        laboratory: Origin of the laboratory.
        role, binding: As what it counts, after caps.
        agreement: Digest of the agreement's statement, or null: an own assessor.
        row: Row of the agreement, or empty.
        measurand: Digest of what was measured.
        population, slice: What it is about.
        estimate, interval, counts: As claimed.
        value: The value that was compared with the mark: over *planned* items; null where no
            verdict was taken from it.
        bound: Its one-sided 95 % bound, or null.
        bound_method: How the bound was found; empty without one.
        verdict: What this claim alone says.
    """

    statement: Digest
    laboratory: Origin
    role: Role
    binding: Binding
    agreement: Digest | None
    row: Text
    measurand: Digest
    population: Labels
    slice: Labels
    estimate: DecimalText
    interval: Interval | None
    counts: Counts
    value: DecimalText | None
    bound: DecimalText | None
    bound_method: Text
    verdict: Verdict


class Refused(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Claims of one statement that do not count for a requirement, all for the same reason."""

    statement: Digest
    laboratory: Origin
    claims: Count
    reason: Refusal
    detail: Text


class SetAside(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A statement that counts for no requirement."""

    statement: Digest
    signer: Origin
    reason: Refusal
    detail: Text


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One requirement: the verdict and its chain of reasons.

    Attributes:
        requirement: Its id in the flat regime.
        official_id, title: As in the regime.
        mark: The mark that decided, or null.
        verdict: The verdict.
        ground: Why.
        detail: The ground in the words of this case, for instance the day; may be empty.
        used: The claims that count, worst first.
        refused: The claims that do not, by statement and reason.
        notes: What to know beside the verdict.
    """

    requirement: Key
    official_id: Text
    title: Text
    mark: Mark | None
    verdict: Verdict
    ground: Ground
    detail: Text
    used: tuple[Used, ...]
    refused: tuple[Refused, ...]
    notes: tuple[Note, ...]


class DeltaItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One test still to run; it may serve several requirements.

    Attributes:
        id: Digest of procedure rule, population and slice.
        requirements: The requirements that wait for it.
        why: `not_tested`, or `marginal`: a larger sample may decide.
        procedure, population, slice: What to measure.
        least_binding, least_role: What evidence must be.
        n: Items to test, or null.
        plan: `literal`: the regime's own number. `power`: decides with probability 0.8 where the
            true value is better than the mark by the planning margin. `minimum`: the regime's
            number; no plan is known for this measure. `undecidable`: no n within the budget does.
        detail: The plan in words.
        cpu_seconds: Estimated from the assessments at hand, or null where nothing tells.
    """

    id: Digest
    requirements: tuple[Key, ...]
    why: Literal["not_tested", "marginal"]
    procedure: ProcedureRule
    population: Labels | Literal["any"]
    slice: Labels
    least_binding: Binding
    least_role: Role
    n: Count | None
    plan: Literal["literal", "power", "minimum", "undecidable"]
    detail: Text
    cpu_seconds: DecimalText | None


class Delta(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The tests that nobody whom the reader recognises has run. Its digest is the run's intent.

    Attributes:
        system: Digest of the system.
        regime: Digest of the flat regime.
        decided: Day of the decision that left it.
        items: The tests.
    """

    system: Digest
    regime: Digest
    decided: datetime.date
    items: tuple[DeltaItem, ...]

    @property
    def digest(self) -> str:
        """What an assessment that runs this delta names as its intent."""
        return digest_of(self)


class Savings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What recognition saved: the cost of the foreign assessments that count, each once.

    Attributes:
        assessments: How many.
        items: Items that need not be tested again.
        cpu_seconds: Processor time that need not be spent again, as the laboratories state it.
        seconds: Time from start to end, as the laboratories state it.
    """

    assessments: Count
    items: Count
    cpu_seconds: DecimalText
    seconds: DecimalText

    @property
    def days(self) -> float:
        """`seconds` in days."""
        return float(self.seconds) / 86_400


class RegimeReference(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which regime decided: its base, and the flat regime after all overlays."""

    id: Key
    version: Text
    title: Text
    jurisdiction: Key
    fictional: bool
    base: Digest
    flat: Digest


class SignedBy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who signed a statement, as far as the reader's trust file knows them."""

    statement: Digest
    signers: tuple[Signer, ...]


class Inputs(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that a decision was made from, by digest, sorted.

    `exhibits` and `agreements` say who signed, since the same statement with one signature less
    is another input. This is all that a decision takes from the trust file.
    """

    exhibits: tuple[SignedBy, ...]
    agreements: tuple[SignedBy, ...]
    overlays: tuple[Digest, ...]
    deltas: tuple[Digest, ...]
    country: Digest
    standing: Digest


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of a `decision` statement.

    Attributes:
        authority: Origin of who decides; must be the signer.
        jurisdiction: For where.
        system: The system decided about.
        deployment: How it is used, as stated.
        regime: By which rules.
        decided: On which day.
        inputs: From what.
        findings: One per requirement, in the regime's order.
        set_aside: Statements that counted for nothing.
        delta: What is left to test.
        savings: What recognition saved.
        notes: What to know about the whole.
    """

    authority: Origin
    jurisdiction: Key
    system: System
    deployment: Deployment
    regime: RegimeReference
    decided: datetime.date
    inputs: Inputs
    findings: tuple[Finding, ...]
    set_aside: tuple[SetAside, ...]
    delta: Delta
    savings: Savings
    notes: tuple[Note, ...]
