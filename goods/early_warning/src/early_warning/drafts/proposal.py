"""A proposal: what an alert would say, and why, before anybody approved it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from early_warning.cap import Hazard
from early_warning.country import Amount, Colour, Impact
from early_warning.drafts.outlook import Expectation

__all__ = ["Content", "Line", "Proposal"]

Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a forecaster approves: every word of the alert follows from it.

    Attributes:
        message: `Alert`, or what it does to an earlier one.
        changes: Identifier of the alert that it updates or cancels; null for a first alert.
        hazard, threshold, chance: As in `cap.Draft`; `chance` is the smallest and the largest of
            the districts' percentages, null where no probability counts.
        colour, impact: From the matrix; for lists and maps.
        districts: Their codes, in the order of the boundaries.
        note: What the forecaster adds for colleagues; not part of the alert.
    """

    message: Literal["Alert", "Update", "Cancel"] = "Alert"
    changes: str | None = None
    hazard: Hazard
    threshold: Amount
    chance: tuple[Percent, Percent] | None
    colour: Colour
    impact: Impact
    onset: datetime
    expires: datetime
    districts: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    urgency: Literal["Immediate", "Expected", "Future"]
    severity: Literal["Extreme", "Severe", "Moderate", "Minor"]
    certainty: Literal["Observed", "Likely", "Possible", "Unlikely"]
    response: Literal["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor"] = "Prepare"
    note: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the content: an approval names it, so that it holds for nothing else."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One district of a proposal: what is expected there, and whom it concerns."""

    expectation: Expectation
    name: str
    residents: int | None
    groups: dict[str, str]


class Proposal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft as the machine or a person made it.

    Attributes:
        key: Names the same hazard, window, impact and colour in every run, so that a newer run
            replaces the draft of an older one.
        basis: `forecast`: its probabilities may alert. `notice`: skill was not shown; it is only
            told, and a forecaster may take it up in their own name.
        content: What would be said.
        reasons: Why, in sentences: probabilities, thresholds, people, what is not known.
        lines: The evidence by district.
    """

    key: str
    basis: Literal["forecast", "notice"]
    content: Content
    reasons: tuple[str, ...]
    lines: tuple[Line, ...]
