"""What is wrong with an alert: one sentence, its place, its rule, and where the rule stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

import msgspec

__all__ = ["MAX_FINDINGS", "Finding", "Level", "Profile", "first"]

MAX_FINDINGS = 100
"""How many errors, and how many warnings, one check names."""

Level = Literal["error", "warning"]
"""Error: receivers may misread the alert, or drop it. Warning: the standard asks for better."""

Profile = Literal["cap", "wmo", "google"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong.

    Attributes:
        rule: Its number: S of the schema, M of the standard's text, W of WMO, G of Google.
        level: Error or warning.
        profile: Whose rule it is.
        place: The element, as a path.
        what: One sentence.
        source: Where the rule stands.
    """

    rule: str
    level: Level
    profile: Profile
    place: str
    what: str
    source: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what} [{self.rule}, {self.level}; {self.source}]"


def first(findings: Iterable[Finding]) -> list[Finding]:
    """The first `MAX_FINDINGS` of each level: a flood of warnings hides no error."""
    counts: Counter[Level] = Counter()
    kept = []
    for finding in findings:
        counts[finding.level] += 1
        if counts[finding.level] <= MAX_FINDINGS:
            kept.append(finding)
        elif finding.level == "error":
            break
    return kept
