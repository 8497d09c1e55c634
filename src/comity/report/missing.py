"""What was not measured, and why: gathered, so that sixty small groups are one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from markupsafe import Markup

from comity.claims import Claim
from comity.report.figures import title_of
from comity.report.foreign import foreign
from comity.report.grouping import label_of

__all__ = ["Gathered", "gather"]


class Gathered(NamedTuple):
    """Claims that share a reason, its detail, and their measures.

    Attributes:
        detail: The single case in words; empty for none.
        measures: Titles of the measures.
        slices: The groups; empty for all rows.
    """

    detail: Markup
    measures: tuple[str, ...]
    slices: tuple[Markup, ...]


def gather(claims: Iterable[Claim]) -> dict[str, list[Gathered]]:
    """Join claims under their reason, as a sentence: measures on one slice, then equal slices."""
    measures: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[str]] = {}
    for claim in claims:
        if claim.reason is None:
            continue
        key = (claim.reason.sentence, claim.detail, tuple(sorted(claim.slice.items())))
        titles = measures.setdefault(key, [])
        if title_of(claim.measure) not in titles:
            titles.append(title_of(claim.measure))
    slices: dict[tuple[str, str, tuple[str, ...]], list[Markup]] = {}
    for (reason, detail, place), titles in measures.items():
        labels = slices.setdefault((reason, detail, tuple(titles)), [])
        if place:
            labels.append(label_of(dict(place)))
    gathered: dict[str, list[Gathered]] = {}
    for (reason, detail, together), labels in slices.items():
        words = foreign(detail) if detail else Markup("")
        group = Gathered(words, together, tuple(labels))
        gathered.setdefault(reason[0].upper() + reason[1:], []).append(group)
    return gathered
