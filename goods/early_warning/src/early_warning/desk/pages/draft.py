"""A draft, a notice, and what changed in a draft since somebody looked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from comity.report.foreign import foreign
from early_warning.desk.map import Atlas, Shade, draw
from early_warning.desk.pages import words
from early_warning.desk.pages.evidence import Row, anchor_of, names_of, people_of, row_of
from early_warning.desk.pages.shell import Frame, render
from early_warning.desk.view import Draft, Preview
from early_warning.drafts.outlook import Expectation
from early_warning.drafts.proposal import Content, Proposal
from early_warning.people import District

__all__ = ["Change", "changes", "draft_page", "notice_page", "seen_before", "stale_page"]


class Change(NamedTuple):
    """One field of a draft: what it said, and what it says now."""

    field: str
    before: str | Markup
    after: str | Markup


class Box(NamedTuple):
    """A district in the form: its code, its name, whether it is chosen."""

    code: str
    name: str
    chosen: bool


class Subject(NamedTuple):
    """What drafts and notices have in common."""

    places: str
    people: str
    drawing: Markup
    evidence: list[Row]
    without: list[str]


def draft_page(
    frame: Frame,
    draft: Draft,
    previews: Sequence[Preview],
    districts: Sequence[District],
    atlas: Atlas,
    *,
    review_hours: int,
) -> str:
    """A draft with its evidence, what people will read, and what can be done with it.

    Args:
        frame: What every page says.
        draft: The draft.
        previews: What people will read.
        districts: All districts, in the order of the boundaries.
        atlas: The map.
        review_hours: How soon a second person must look at what one person sent.
    """
    content = draft.content
    mine, others = _boxes(draft, districts)
    return render(
        "draft.html.j2",
        frame,
        here="draft",
        draft=draft,
        content=content,
        subject_of=_subject(draft.proposal, content, districts, atlas),
        previews=previews,
        mine=mine,
        others=others,
        approved=frame.who in draft.approvals,
        last=len(draft.approvals) + 1 >= draft.needed,
        edited=any(act.kind == "edited" for act in draft.acts),
        alert=next((act.identifier for act in draft.acts if act.kind == "issued"), ""),
        review_hours=review_hours,
    )


def notice_page(
    frame: Frame,
    notice: Proposal,
    previews: Sequence[Preview],
    districts: Sequence[District],
    atlas: Atlas,
) -> str:
    """A notice: its raw probabilities, why they do not count, and the way to take it up."""
    return render(
        "notice.html.j2",
        frame,
        here="notice",
        notice=notice,
        content=notice.content,
        subject_of=_subject(notice, notice.content, districts, atlas),
        previews=previews,
    )


def stale_page(
    frame: Frame, draft: Draft, seen: Content | None, districts: Sequence[District], tried: str
) -> str:
    """What changed since the forecaster opened the page; nothing was done.

    Args:
        frame: What every page says.
        draft: The draft as it stands.
        seen: What the forecaster saw; null where that is not known.
        districts: All districts.
        tried: What was to be done: `approve` or `edit`.
    """
    names = {one.area.code: one.area.name for one in districts}
    return render(
        "stale.html.j2",
        frame,
        here="stale",
        draft=draft,
        changes=None if seen is None else list(changes(seen, draft.content, names, frame)),
        tried=tried,
    )


def seen_before(draft: Draft, digest: str) -> Content | None:
    """The content that had this digest at some time; null where the draft never had it."""
    before = [draft.proposal.content, *(act.content for act in draft.acts if act.content)]
    return next((content for content in before if content.digest == digest), None)


def changes(
    seen: Content, now: Content, names: Mapping[str, str], frame: Frame
) -> Iterator[Change]:
    """Each field that differs, in words."""
    before, after = _shown(seen, frame), _shown(now, frame)
    for field, value in before.items():
        if value != after[field]:
            yield Change(field, value, after[field])
    gone = [names.get(code, code) for code in seen.districts if code not in now.districts]
    come = [names.get(code, code) for code in now.districts if code not in seen.districts]
    if gone or come:
        yield Change("Districts", _also(gone), _also(come))


def _also(names: list[str]) -> str | Markup:
    return foreign(f"also {', '.join(names)}") if names else "—"


def _shown(content: Content, frame: Frame) -> dict[str, str | Markup]:
    return {
        "What it is": words.MESSAGES[content.message],
        "Changes the alert": content.changes or "—",
        "Event": words.event(content),
        "Chance": words.chance(content),
        "Colour": words.COLOURS[content.colour],
        "Impact": words.IMPACTS[content.impact],
        "Begins": words.local(content.onset, frame.zone),
        "Ends": words.local(content.expires, frame.zone),
        "Urgency": content.urgency,
        "Severity": content.severity,
        "Certainty": content.certainty,
        "Response": words.CHOICES["response"][content.response],
        "Note for colleagues": foreign(content.note, lines=True) if content.note else "—",
    }


def _subject(
    proposal: Proposal, content: Content, districts: Sequence[District], atlas: Atlas
) -> Subject:
    names = {one.area.code: one.area.name for one in districts} | names_of(proposal)
    lines = {line.expectation.district: line for line in proposal.lines}
    shades = {
        code: Shade(
            content.colour if proposal.basis == "forecast" else "unsure",
            f"{names.get(code, code)}: {_label(lines[code].expectation)}",
            f"#{anchor_of(code)}",
        )
        for code in content.districts
        if code in lines
    }
    without = [names.get(code, code) for code in content.districts if code not in lines]
    shades |= {
        code: Shade("nodata", f"{names.get(code, code)}: added by hand", "#edit")
        for code in content.districts
        if code not in lines
    }
    left_out = [line for line in proposal.lines if line.expectation.district not in shades]
    return Subject(
        places=words.listed([names.get(code, code) for code in content.districts], shown=6),
        people=people_of(content.districts, {one.area.code: one for one in districts}),
        drawing=draw(atlas, shades, f"Map of the districts: {words.event(content)}"),
        evidence=[row_of(line) for line in proposal.lines if line.expectation.district in shades]
        + [row_of(line)._replace(people="left out of the draft") for line in left_out],
        without=without,
    )


def _label(one: Expectation) -> str:
    if one.may_alert and one.used is not None:
        return words.percent(one.used)
    return f"raw {words.percent(one.raw)}, skill not shown"


def _boxes(draft: Draft, districts: Sequence[District]) -> tuple[list[Box], list[Box]]:
    """Districts that the draft is about or was about, and all others."""
    chosen = set(draft.content.districts)
    known = chosen | {line.expectation.district for line in draft.proposal.lines}
    boxes = [Box(one.area.code, one.area.name, one.area.code in chosen) for one in districts]
    return [one for one in boxes if one.code in known], [
        one for one in boxes if one.code not in known
    ]
