"""A regime: one jurisdiction's requirements as data.

A regime file is TOML and maps one to one on `Regime`:

    id = "example-coast"
    version = "1"
    title = "Coast: act on automated decisions"
    jurisdiction = "coast"
    fictional = true
    status = "act of parliament, in force"
    language = "en"

    [[sources]]
    title = "Act on automated decisions"
    url = "https://law.coast.example/act"
    place = ""
    accessed = 2026-11-21

    [[requirements]]
    id = "reach"
    official_id = "Art 4(2)"
    title = "Those in need are found"
    paraphrase = "Of 100 who need the service, at least 60 are selected."
    risk = "accuracy"
    evidence = "test"
    decided_by = "machine"
    basis = "read_in_text"
    published = 2025-03-01
    in_force_from = 2026-01-01
    population = { country = "coast" }

    [requirements.procedure]
    measure = "fairness.tpr"
    measure_version = 1
    parameters = { positive = "1", partition = "income", minimum_cell = "30" }
    free = ["decision", "cut_off"]
    split = "any"

    [requirements.mark]
    comparison = "at_least"
    value = "0.6"
    min_n = 300
    reading = "statistical"
    basis = "read_in_text"

`decide.lint` says what is doubtful in such a file, `decide.resolve` turns it into what a decision
uses. Optional fields have defaults, since TOML has no null; what is signed writes every field.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from comity.claims.assessment import Binding, Origin, Role
from comity.claims.catalogue import CATALOGUE
from comity.claims.claim import Procedure
from comity.claims.values import (
    Count,
    DecimalText,
    Digest,
    Key,
    Labels,
    LongText,
    Text,
    digest_of,
)

__all__ = [
    "Basis",
    "Comparison",
    "Mark",
    "ProcedureRule",
    "Regime",
    "Requirement",
    "Scope",
    "Signer",
    "Source",
    "Transition",
]

Basis = Literal["read_in_text", "secondary", "unverified"]
"""How the text or number is known: read in the source text, read about it, or from memory."""

Comparison = Literal["at_least", "at_most"]
Evidence = Literal[
    "test", "sample-audit", "artefact-scan", "log", "meter", "config", "document", "process",
    "attestation",
]  # fmt: skip
Risk = Literal[
    "accuracy", "bias", "capacity", "content", "environment", "governance", "incident", "ip",
    "language", "military", "misuse-cbrn", "oversight", "privacy", "provenance", "safety",
    "security", "sovereignty", "transparency",
]  # fmt: skip

DigestRule = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64}|none|any)$(?!\n)")]
UNIT_INTERVAL = frozenset({"rate", "ratio", "difference", "probability", "squared probability"})
"""Units whose values lie between 0 and 1, so that 90 can only be a percentage by mistake."""


class Signer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who signs: the name of an authority and the SHA-256 of its public key (SPKI)."""

    origin: Origin
    key: Digest


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where something is written, and when somebody looked.

    Attributes:
        title: Title or citation.
        url: Address, or empty.
        place: Article, paragraph or page in the text; empty for the whole.
        accessed: The day it was last looked at.
    """

    title: Text
    url: Text = ""
    place: Text = ""
    accessed: datetime.date


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which systems a requirement is about. An empty list limits nothing.

    A system is outside only when it *states* something else: what nobody stated leaves the
    requirement applicable.

    Attributes:
        kinds: Kinds of system.
        sectors: Sectors, as a system card names them.
        languages: The requirement is about systems that serve at least one of these.
        uses: Uses, as the deployment states them, for instance `hiring`.
        except_uses: Uses that take a system out, for instance `military`.
    """

    kinds: tuple[Literal["predictive", "generative"], ...] = ()
    sectors: tuple[Text, ...] = ()
    languages: tuple[Key, ...] = ()
    uses: tuple[Key, ...] = ()
    except_uses: tuple[Key, ...] = ()


class Transition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Grace for systems that were already on the market.

    Attributes:
        placed_before: A system on the market before this day has grace.
        applies_from: From this day on the requirement applies to such a system too.
    """

    placed_before: datetime.date
    applies_from: datetime.date


class ProcedureRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which procedures a requirement accepts. Everything must be equal that is not freed here.

    Attributes:
        measure: Id of the measure.
        measure_version: Version of its formula.
        parameters: All parameters of the procedure, except those in `free`.
        free: Parameters that may be absent or have any value.
        prompts: Digest of the prompts, `none` where there are none, or `any`.
        decoding: Decoding settings, or `any`.
        scorer: The scorer, empty where the formula is the scorer, or `any`.
        split: How the evaluated rows were kept apart, in the card's words, or `any`.
    """

    measure: Key
    measure_version: Count
    parameters: Labels = {}
    free: tuple[Key, ...] = ()
    prompts: DigestRule = "none"
    decoding: Labels | Literal["any"] = {}
    scorer: Text = ""
    split: Text

    def __post_init__(self) -> None:
        if both := sorted(set(self.free) & set(self.parameters)):
            raise ValueError(f"parameter `{both[0]}` is both fixed and free")

    def difference(self, procedure: Procedure) -> str:
        """Name the first thing in which `procedure` differs; empty when the rule accepts it."""
        if procedure.measure != self.measure:
            return "measure"
        if procedure.measure_version != self.measure_version:
            return "measure version"
        if procedure.parameters != self.parameters:
            for key in sorted(self.parameters.keys() | procedure.parameters.keys()):
                same = self.parameters.get(key) == procedure.parameters.get(key)
                if not same and key not in self.free:
                    return f"parameter {key}"
        if self.prompts not in ("any", procedure.prompts or "none"):
            return "prompts"
        if self.decoding not in ("any", procedure.decoding):
            return "decoding"
        if self.scorer not in ("any", procedure.scorer):
            return "scorer"
        return "" if self.split in ("any", procedure.split) else "split"


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The number that decides.

    Attributes:
        comparison: `at_least` or `at_most`.
        value: The number, in the measure's unit; a percentage is written as a ratio (0.9).
        min_n: Fewest planned items on which it may be decided.
        min_n_each_group: The same for every group of a gap or ratio.
        reading: `literal`: the count itself is the test, as the text of some regimes says.
            `statistical`: the one-sided 95 % bound must meet the mark too.
        basis: How the number is known. One that nobody read in its source decides nothing.
        source: Where the number is written, when it is not the requirement's own source.
    """

    comparison: Comparison
    value: DecimalText
    min_n: Count
    min_n_each_group: Count = 0
    reading: Literal["literal", "statistical"]
    basis: Basis
    source: Source | None = None


class Requirement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One requirement, in our words.

    Attributes:
        id: Our id, unique in the regime.
        official_id: Article or number in the text.
        title: A few words.
        paraphrase: What it asks for, in our words.
        topic: Groups requirements of several regimes that ask about the same thing, for instance
            `over_refusal`; empty: the measure's id does.
        risk: The risk it is about.
        evidence: The kind of evidence it asks for.
        decided_by: `machine`: procedure and mark decide. `partly`: evidence helps a person.
            `human`: no test decides it.
        basis: How the text is known.
        source: Where it is written, or null: see the regime's sources.
        published: The day the text was published, or null where unknown.
        in_force_from: First day in force, or null where unknown or without force.
        in_force_until: Last day in force, or null.
        transition: Grace for systems already on the market.
        scope: Which systems it is about.
        procedure: What must be measured, or null.
        population: What the data must stand for, or `any`.
        slice: On which part of the data; empty for all of it. Slices match by equality.
        least_binding: How firmly the evidence must be bound to the system.
        least_role: How independent the laboratory must be.
        mark: The number that decides, or null.
    """

    id: Key
    official_id: Text
    title: Text
    paraphrase: LongText
    topic: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.-]{0,64}$(?!\n)")] = ""
    risk: Risk
    evidence: Evidence
    decided_by: Literal["machine", "partly", "human"]
    basis: Basis
    source: Source | None = None
    published: datetime.date | None = None
    in_force_from: datetime.date | None = None
    in_force_until: datetime.date | None = None
    transition: Transition | None = None
    scope: Scope = Scope()
    procedure: ProcedureRule | None = None
    population: Labels | Literal["any"] = "any"
    slice: Labels = {}
    least_binding: Binding = "declared"
    least_role: Role = "developer"
    mark: Mark | None = None

    def __post_init__(self) -> None:
        if self.mark is not None and self.procedure is None:
            raise ValueError(f"requirement {self.id}: a `mark` needs the `procedure` it is about")
        if self.decided_by == "machine" and self.mark is None:
            raise ValueError(
                f"requirement {self.id}: a machine can decide only with a `procedure` and a `mark`"
            )
        measure = CATALOGUE.get(self.procedure.measure) if self.procedure else None
        if self.mark and measure and measure.unit in UNIT_INTERVAL:
            value = Decimal(self.mark.value)
            if not 0 <= value <= 1:
                raise ValueError(
                    f"requirement {self.id}: {measure.id} is a {measure.unit} between 0 and 1, "
                    f"and the mark is {value}; write a percentage as a ratio, 90 % as 0.9"
                )


class Regime(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One jurisdiction's requirements.

    Attributes:
        id: Short name.
        version: Version of this file.
        title: Title of the framework.
        jurisdiction: Whose rules these are, lower-case, for instance `eu` or `us-ny`.
        fictional: Whether it was written as an example; shown wherever it is used.
        status: Force of the text in words: law, guideline, declaration …
        language: Language of this file.
        sources: Where the framework is written.
        requirements: The requirements; their ids are unique.
    """

    id: Key
    version: Text
    title: Text
    jurisdiction: Key
    fictional: bool
    status: Text
    language: Key
    sources: tuple[Source, ...] = ()
    requirements: tuple[Requirement, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for requirement in self.requirements:
            if requirement.id in seen:
                raise ValueError(f"requirement {requirement.id} is given twice")
            seen.add(requirement.id)

    @property
    def digest(self) -> str:
        """The regime's identity: SHA-256 of its canonical bytes, not of the file."""
        return digest_of(self)
