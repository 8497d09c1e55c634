"""A claim: what was measured on which slice, how sure it is, or why it was not measured."""

from __future__ import annotations

from typing import Literal

import msgspec

from comity.claims.reasons import Reason
from comity.claims.values import Count, DecimalText, Digest, Key, Labels, Text, digest_of

__all__ = ["Cell", "Claim", "Counts", "Interval", "Judge", "Procedure", "measurand_digest"]


class Procedure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How something is measured: the same in every laboratory, whatever the data.

    Attributes:
        measure: Id of the measure.
        measure_version: Version of its formula.
        parameters: Cut-off, positive class, group partition, minimum cell and so on, as text.
        prompts: Digest of the prompts; null for a table of predictions.
        decoding: Decoding settings of a generative system; empty otherwise.
        scorer: Scorer and version of its specification; empty where the formula is the scorer.
        split: How the evaluated rows were kept apart from training, in the card's words.
    """

    measure: Key
    measure_version: Count
    parameters: Labels
    prompts: Digest | None
    decoding: Labels
    scorer: Text
    split: Text

    @property
    def digest(self) -> str:
        """The procedure's identity: SHA-256 of its canonical bytes."""
        return digest_of(self)


def measurand_digest(procedure: str, population: Labels, data: str) -> str:
    """Identity of what one laboratory measured: procedure + population + data digest."""
    return digest_of({"data": data, "population": population, "procedure": procedure})


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An interval; its bounds are rounded outward to 12 significant digits."""

    low: DecimalText
    high: DecimalText
    level: DecimalText
    sides: Literal["two", "lower", "upper"]
    method: Key


class Counts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the estimate was counted from.

    Attributes:
        planned: Items in the denominator as planned; decisions divide by this.
        scored: Items that gave a result.
        successes: Items with the property counted; null where the measure is no rate.
        invalid: Items whose output could not be read.
        errored: Items where the system failed.
    """

    planned: Count
    scored: Count
    successes: Count | None
    invalid: Count
    errored: Count


class Cell(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One group behind a gap or ratio, so that a reader can recompute the bound from counts."""

    slice: Labels
    scored: Count
    successes: Count


class Judge(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The error rates of whoever scored the outputs, and on how many labels they rest."""

    id: Key
    sensitivity: DecimalText | None
    specificity: DecimalText | None
    n_pos: Count
    n_neg: Count
    language: Key
    validated: bool
    raw: DecimalText
    corrected: DecimalText | None


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One measured quantity on one slice, or the reason why it was not measured.

    Attributes:
        measure: Id of the measure.
        procedure: Digest of the procedure; the assessment carries the procedure itself.
        measurand: Digest of procedure, population and data.
        population: What the data stand for.
        slice: Which part of the data; empty for all of it. Slices match by equality.
        status: Whether there is a number.
        reason: Why there is none (or, when measured, why there is no interval); else null.
        detail: The reason of this single case in words; may be empty.
        estimate: The value, or null.
        interval: Its interval, or null with `reason`.
        counts: What it was counted from.
        cells: For gaps and ratios: the groups compared. Empty otherwise.
        judge: Error rates of the scorer, or null where the formula itself decides.
    """

    measure: Key
    procedure: Digest
    measurand: Digest
    population: Labels
    slice: Labels
    status: Literal["measured", "not_measured", "not_applicable"]
    reason: Reason | None
    detail: Text
    estimate: DecimalText | None
    interval: Interval | None
    counts: Counts
    cells: tuple[Cell, ...]
    judge: Judge | None

    def __post_init__(self) -> None:
        if (self.status == "measured") != (self.estimate is not None):
            raise ValueError("`estimate` must be given exactly when `status` is measured")
        if self.status != "measured" and (self.interval is not None or self.reason is None):
            raise ValueError("a claim without a number needs a `reason` and can have no `interval`")
        if self.status == "measured" and (self.interval is None) != (self.reason is not None):
            raise ValueError(
                "a measured claim needs an `interval`, or the `reason` why it has none"
            )
