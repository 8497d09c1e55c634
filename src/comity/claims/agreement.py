"""An agreement: whose measurements count where, and under which conditions. Never transitive.

Each party signs the same predicate by itself; the agreement is in force when all of them have.
No field is optional and none is null, so that the same text serves as TOML for its authors and as
JSON for its signers.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from comity.claims.assessment import TYPE_BASE, Binding, Role
from comity.claims.regime import Signer
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
    "AGREEMENT_TYPE",
    "Agreement",
    "Difference",
    "Equivalence",
    "Freshness",
    "Grandfather",
    "Laboratory",
    "LogRule",
    "Party",
    "Profile",
    "Row",
    "SignedAgreement",
    "StatusDuties",
]

AGREEMENT_TYPE = f"{TYPE_BASE}agreement/v1"


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An authority that signs the agreement, and the jurisdiction for which it speaks."""

    signer: Signer
    jurisdiction: Key


class Laboratory(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A laboratory, and the highest role in which others admit it; its own word only lowers it."""

    signer: Signer
    role: Role


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A base test profile: the tests that the parties agreed upon.

    Attributes:
        id: Name, by which rows refer to it.
        procedures: Digests of its procedures.
        exact_use: Whether the data are part of it: only claims on `data` follow it.
        data: Digests of the data; empty unless `exact_use`.
    """

    id: Key
    procedures: tuple[Digest, ...]
    exact_use: bool
    data: tuple[Digest, ...]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One direction, one scope. Reciprocity is two rows. Empty lists cover nothing.

    Attributes:
        id: Name of the row; it appears in every chain that uses it.
        issuer: Origin of the party whose laboratories measure.
        receiver: Origin of the party that lets the measurements count.
        laboratories: The laboratories, each with the role in which it is admitted.
        profile: Id of a profile that the claim must follow, or `none`.
        procedures: Digests of the procedures covered, or `any` of the measures below.
        measures: Ids of the measures covered.
        populations: Populations covered, each by equality, or `any`.
        languages: Languages covered (the label `language` of a population), or `any`.
        range: Lowest and highest estimate covered, or `any`.
        smallest_uncertainty: Smallest half-width of a 95 % interval that these laboratories may
            claim; a claim that says it is surer is outside the scope. `0` limits nothing.
        least_binding: How firmly the evidence must be bound to the system.
        least_role: How independent the laboratory must be.
        cap_binding: The evidence counts at most as this …
        cap_role: … and the laboratory at most as this.
    """

    id: Key
    issuer: Text
    receiver: Text
    laboratories: tuple[Laboratory, ...]
    profile: Key
    procedures: tuple[Digest, ...] | Literal["any"]
    measures: tuple[Key, ...]
    populations: tuple[Labels, ...] | Literal["any"]
    languages: tuple[Key, ...] | Literal["any"]
    range: tuple[DecimalText, DecimalText] | Literal["any"]
    smallest_uncertainty: DecimalText
    least_binding: Binding
    least_role: Role
    cap_binding: Binding
    cap_role: Role

    def __post_init__(self) -> None:
        if self.issuer == self.receiver:
            raise ValueError(f"row {self.id}: issuer and receiver are the same")
        if Decimal(self.smallest_uncertainty) < 0:
            raise ValueError(f"row {self.id}: `smallest_uncertainty` is negative")
        if self.range != "any" and Decimal(self.range[0]) > Decimal(self.range[1]):
            raise ValueError(f"row {self.id}: the range is the wrong way round")


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A published national difference: how one receiver's tests depart from the profile.

    Together they turn a profile's procedures into what this receiver takes: those of the profile,
    less the dropped and replaced ones, with the added and replacing ones.

    Attributes:
        id: Name of the difference.
        receiver: Origin of the party whose difference it is.
        mode: `add` a procedure, `replace` one by another, or `drop` one.
        old: Digest of the procedure dropped or replaced; empty for `add`.
        new: Digest of the procedure added or put in its place; empty for `drop`.
        reason: Why: law, language, climate …
    """

    id: Key
    receiver: Text
    mode: Literal["add", "replace", "drop"]
    old: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$(?!\n)")]
    new: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$(?!\n)")]
    reason: LongText

    def __post_init__(self) -> None:
        needs = {"add": (False, True), "replace": (True, True), "drop": (True, False)}[self.mode]
        if (bool(self.old), bool(self.new)) != needs:
            raise ValueError(
                f"difference {self.id}: `add` has a new procedure, `drop` an old one, "
                "`replace` both"
            )


class Equivalence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Laboratories count only while a comparison shows that they measure alike.

    Attributes:
        comparison: Id of the comparison.
        statistic: Which result of it, for instance `e_n`.
        margin: Largest absolute value that still counts as equivalent.
        max_age_days: Oldest comparison that counts.
    """

    comparison: Key
    statistic: Key
    margin: DecimalText
    max_age_days: Count


class Freshness(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How old evidence may be, and whether it survives a change of the model.

    Attributes:
        max_age_days: Oldest evidence that counts, from the end of the assessment.
        model_change: `none`: the digest of the system must be the same.
            `same_version`: name and version suffice; the evidence then counts as `declared`.
    """

    max_age_days: Count
    model_change: Literal["none", "same_version"]


class LogRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What must be known from a log before evidence counts.

    Attributes:
        quorum: Witnesses that must have cosigned the checkpoint; 0: no log is asked for.
        max_checkpoint_age_hours: Oldest checkpoint that counts.
    """

    quorum: Count
    max_checkpoint_age_hours: Count


class Grandfather(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Assessments that began before a day keep the older rule for a while.

    Attributes:
        started_before: Only assessments that began before this day.
        counts_until: Last day on which they do.
        profiles: The older profiles that they may follow instead of a row's own.
    """

    started_before: datetime.date
    counts_until: datetime.date
    profiles: tuple[Key, ...]


class StatusDuties(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the parties owe each other when something goes wrong. For people; it decides nothing."""

    notice_hours: Count
    suspension_max_days: Count
    disputes: Text


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Predicate of an `agreement` statement; each party signs the same bytes by itself.

    Attributes:
        title: Title.
        parties: Who agrees. All must sign.
        valid_from, valid_until: First and last day.
        profiles: Base test profiles that rows may name.
        rows: What counts where.
        differences: Published national differences.
        equivalence: Comparisons that a laboratory must have passed; all of them.
        freshness: Age and model change.
        log: What must be known from a log.
        grandfather: Transitional rules.
        spot_check_share: Share of items that a receiver may ask to test again itself.
        duties: What the parties owe each other.
        transitive: Never: what a party recognises does not count for another.
    """

    title: Text
    parties: tuple[Party, ...]
    valid_from: datetime.date
    valid_until: datetime.date
    profiles: tuple[Profile, ...]
    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]
    equivalence: tuple[Equivalence, ...]
    freshness: Freshness
    log: LogRule
    grandfather: tuple[Grandfather, ...]
    spot_check_share: DecimalText
    duties: StatusDuties
    transitive: Literal[False]

    def __post_init__(self) -> None:
        origins = [party.signer.origin for party in self.parties]
        if len(set(origins)) != len(origins) or len(origins) < 2:
            raise ValueError("an agreement has at least two parties, each named once")
        if self.valid_from > self.valid_until:
            raise ValueError("`valid_until` is before `valid_from`")
        profiles = [profile.id for profile in self.profiles]
        rows = [row.id for row in self.rows]
        if len(set(profiles)) != len(profiles) or len(set(rows)) != len(rows):
            raise ValueError("profiles and rows must each have an id of their own")
        if "none" in profiles:
            raise ValueError("`none` means no profile and cannot name one")
        for row in self.rows:
            if {row.issuer, row.receiver} - set(origins):
                raise ValueError(f"row {row.id}: issuer and receiver must be parties")
            if row.profile not in ("none", *profiles):
                raise ValueError(f"row {row.id}: there is no profile {row.profile}")
        for old in self.grandfather:
            if unknown := sorted(set(old.profiles) - set(profiles)):
                raise ValueError(f"grandfather rule: there is no profile {unknown[0]}")
        for difference in self.differences:
            if difference.receiver not in origins:
                raise ValueError(f"difference {difference.id}: the receiver must be a party")

    @property
    def digest(self) -> str:
        """SHA-256 of its canonical bytes. Decisions name its statement instead."""
        return digest_of(self)


class SignedAgreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An agreement with everybody whose signature over these bytes was verified.

    Attributes:
        statement: SHA-256 of the payload, the same for every signer.
        agreement: What was signed.
        signers: Who signed it.
    """

    statement: Digest
    agreement: Agreement
    signers: tuple[Signer, ...]
