"""An alert that went out: its words as they were signed, its deliveries, and what can follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from early_warning import cap
from early_warning.cap import Pack
from early_warning.desk.pages import words
from early_warning.desk.pages.evidence import people_of
from early_warning.desk.pages.shell import Frame, render
from early_warning.desk.view import Issued, Preview
from early_warning.people import District

__all__ = ["alert_page", "texts_of"]


def alert_page(
    frame: Frame,
    issued: Issued,
    data: bytes,
    packs: Sequence[Pack],
    districts: Sequence[District],
) -> str:
    """The page of one alert.

    Args:
        frame: What every page says.
        issued: The alert.
        data: Its signed bytes: what people read is taken from these.
        packs: Languages of the service, for their names and writing directions.
        districts: All districts.
    """
    content = issued.draft.content
    known = {one.area.code: one for one in districts}
    return render(
        "alert.html.j2",
        frame,
        here="alert",
        issued=issued,
        content=content,
        places=words.listed(
            [known[code].area.name if code in known else code for code in content.districts],
            shown=8,
        ),
        people=people_of(content.districts, known),
        read=texts_of(data, packs),
        size=len(data),
        late=_late(issued, frame.now),
        mine=frame.who in issued.draft.approvals,
    )


def texts_of(data: bytes, packs: Sequence[Pack]) -> tuple[Preview, ...]:
    """What people read, from the bytes that went out."""
    known = {pack.language.lower(): pack for pack in packs}
    found = []
    for info in cap.read_alert(data).infos:
        pack = known.get(info.tongue)
        found.append(
            Preview(
                language=info.language or "en-US",
                name=pack.name if pack else info.tongue,
                direction=pack.direction if pack else "ltr",
                reviewed=pack.reviewed if pack else False,
                headline=info.headline or "",
                description=info.description or "",
                instruction=info.instruction or "",
            )
        )
    return tuple(found)


def _late(issued: Issued, now: datetime) -> str:
    """By how much the second review is overdue; empty where it is not."""
    if issued.review_due is None or issued.review_due > now:
        return ""
    return words.age(max(now - issued.review_due, timedelta(minutes=1)))
