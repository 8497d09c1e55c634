"""An assessment: all claims about one system by one assessor, as it is signed."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from comity.claims.claim import Claim, Procedure
from comity.claims.values import (
    Count,
    DecimalText,
    Digest,
    Key,
    Labels,
    LongText,
    Text,
    Timestamp,
    digest_of,
)

__all__ = [
    "ASSESSMENT_TYPE",
    "TYPE_BASE",
    "Assessment",
    "Assessor",
    "Binding",
    "Cost",
    "Data",
    "Energy",
    "Evidence",
    "Identity",
    "Role",
    "System",
    "Tool",
]

TYPE_BASE = "https://comity.example/"
"""Base of every statement type. `.example` is reserved, so nobody else can ever own it."""

ASSESSMENT_TYPE = f"{TYPE_BASE}assessment/v1"

Binding = Literal["weights", "container", "endpoint", "declared"]
Role = Literal["developer", "user", "independent", "accredited"]
Origin = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9./-]{0,126}[a-z0-9]$(?!\n)")]
"""Name of an authority: lower-case ASCII, like a domain with an optional path."""


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How firmly the evidence is bound to the system: weights > container > endpoint > declared."""

    binding: Binding
    digest: Digest | None
    detail: Text


class System(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The AI system under test, as its card describes it."""

    name: Text
    version: Text
    kind: Literal["predictive", "generative"]
    sector: Text
    intended_use: LongText
    languages: tuple[Key, ...]
    identity: Identity

    @property
    def digest(self) -> str:
        """What a statement is about: the system's digest, or else that of its name and version."""
        return self.identity.digest or digest_of({"name": self.name, "version": self.version})


class Assessor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who assessed; must be the authority to which trust binds the verifying key."""

    origin: Origin
    name: Text
    role: Role


class Tool(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The program that measured."""

    name: Text
    version: Text


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The data that were measured: digest of the file's bytes, and what of it was used.

    `selection` is `file` (the digest is of a file's bytes), `counts` (only counts left a database;
    the digest is of query and counts) or `questions` (a language model was asked; the digest is of
    all questions, the rows are questions, and those with an answer were evaluated).
    """

    name: Text
    digest: Digest
    selection: Literal["file", "counts", "questions"]
    rows: Count
    evaluated: Count
    columns: Labels


class Energy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Energy in joules with its method; the bounds are null when it is unavailable."""

    method: Literal["measured", "modelled", "unavailable"]
    low: DecimalText | None
    high: DecimalText | None
    detail: Text

    def __post_init__(self) -> None:
        if (self.method == "unavailable") != (self.low is None and self.high is None):
            raise ValueError("energy has bounds exactly when its `method` is not unavailable")


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the assessment itself cost."""

    seconds: DecimalText
    cpu_seconds: DecimalText
    tokens: Count | None
    energy: Energy


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Commitment to the records of single items. It proves commitment, not truth."""

    root: Digest
    n: Count
    algorithm: Key


class Assessment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of an `assessment` statement.

    Attributes:
        system: The system under test.
        assessor: Who assessed, in which role.
        intent: Digest of the intent that was logged beforehand, or null.
        supersedes: Digests of earlier assessments by the same author that this one replaces.
        tool: The program that measured.
        environment: Versions and platform that may matter when a number is not reproduced.
        seed: Seed of anything random, or null where nothing was.
        started, finished: The assessor's own clock; proves nothing by itself.
        data: What was measured on.
        procedures: Every procedure that a claim names by digest, once each.
        claims: The claims.
        cost: What the assessment cost.
        evidence: Commitment to single records, or null where none was made.
        notes: What the reader should know about the data: sentences, as shown at the run.
    """

    system: System
    assessor: Assessor
    intent: Digest | None
    supersedes: tuple[Digest, ...]
    tool: Tool
    environment: Labels
    seed: Text | None
    started: Timestamp
    finished: Timestamp
    data: Data
    procedures: tuple[Procedure, ...]
    claims: tuple[Claim, ...]
    cost: Cost
    evidence: Evidence | None
    notes: tuple[LongText, ...]

    def __post_init__(self) -> None:
        named = {claim.procedure for claim in self.claims}
        given = [procedure.digest for procedure in self.procedures]
        if len(set(given)) != len(given) or named != set(given):
            raise ValueError("`procedures` must hold each procedure that a claim names, once")
