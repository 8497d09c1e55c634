"""What an edit may change, and what becomes of the chance. No clock, no file.

1. An edit makes no other alert of it: message, hazard and the alert that it changes stay. Of a
   Cancel only the note is free: its words follow from the alert.
2. Districts are those of the boundaries, in their order, each once. Times have a zone.
3. Where skill was not shown, certainty is at most Possible.
4. Nobody types a chance. It belongs to the proposal's event: another threshold or other times have
   none, fewer districts have the smallest and largest of theirs, and a district that the proposal
   does not name has none.
"""

from __future__ import annotations

import msgspec

from comity.errors import InputError
from early_warning.desk.places import areas_of
from early_warning.desk.rules import Paper
from early_warning.drafts.proposal import Content, Proposal
from early_warning.drafts.reasons import percent, probability_of
from early_warning.people import Ledger

__all__ = ["chance_of", "checked_edit", "taken_up_content"]

MAX_NOTE = 2_000


def taken_up_content(content: Content) -> Content:
    """A notice as a forecaster may say it: no probability counts (rules 3 and 4)."""
    weaker = content.certainty if content.certainty == "Unlikely" else "Possible"
    return msgspec.structs.replace(content, chance=None, certainty=weaker)


def checked_edit(paper: Paper, content: Content, ledger: Ledger) -> Content:
    """The content of an edit, if rules 1 to 3 allow it; the chance is not yet right.

    Raises:
        InputError: the rule that it breaks.
    """
    before = paper.content
    if (content.message, content.changes) != (before.message, before.changes):
        raise InputError("an edit does not change which message this is", where="message")
    if content.hazard != before.hazard:
        raise InputError("an edit does not change the hazard", where="hazard")
    if content.onset.tzinfo is None or content.expires.tzinfo is None:
        raise InputError("the time has no time zone", where="onset, expires")
    if len(content.note) > MAX_NOTE:
        raise InputError(
            f"the note is longer than the {MAX_NOTE:,} characters allowed here", where="note"
        )
    codes = tuple(area.code for area in areas_of(ledger, content.districts))
    content = msgspec.structs.replace(content, districts=codes)
    if content.message == "Cancel":
        kept = msgspec.structs.replace(content, note=before.note, chance=before.chance)
        if kept != msgspec.structs.replace(before, districts=_ordered(before, ledger)):
            raise InputError(
                "of a Cancel only the note can be edited",
                hint="Its words follow from the alert that it cancels.",
            )
    if paper.basis == "notice" and content.certainty not in ("Possible", "Unlikely"):
        raise InputError(
            f"{content.certainty} cannot be said where skill was not shown",
            where="certainty",
            hint="Say Possible or Unlikely.",
        )
    return content


def chance_of(paper: Paper, content: Content, proposal: Proposal) -> tuple[int, int] | None:
    """The chance that may be stated of a content (rule 4)."""
    if content.message == "Cancel":
        return paper.content.chance
    said = proposal.content
    same = (said.hazard, said.threshold, said.onset, said.expires) == (
        content.hazard,
        content.threshold,
        content.onset,
        content.expires,
    )
    if paper.basis == "notice" or not same or said.chance is None:
        return None
    if set(content.districts) == set(said.districts):
        return said.chance
    used = {one.expectation.district: probability_of(one.expectation) for one in proposal.lines}
    found = [used.get(code) for code in content.districts]
    percents = [percent(one) for one in found if one is not None]
    if len(percents) < len(found):
        return None
    return min(percents), max(percents)


def _ordered(content: Content, ledger: Ledger) -> tuple[str, ...]:
    return tuple(area.code for area in areas_of(ledger, content.districts))
