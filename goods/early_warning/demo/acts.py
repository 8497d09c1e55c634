"""What two forecasters do at the desk on the made day, as a script.

Everything goes through the desk's own pages and forms. What they know beside the forecast is made
too, and stands in the journal as their reason.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote

from goods.early_warning.demo import kept
from goods.early_warning.demo.forecaster import DeskError, Forecaster, Page

__all__ = [
    "MORNING",
    "NEXT",
    "NIGHT",
    "at_night",
    "in_the_morning",
    "take_up_first",
    "the_next_morning",
    "to_keep",
]

MORNING = datetime(2026, 11, 21, 5, 40, tzinfo=UTC)
NIGHT = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
NEXT = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
"""09:40, 23:30 and, on the next day, 07:30 in Coast."""

Desk = dict[str, Forecaster]


def in_the_morning(desk: Desk) -> None:
    """Two approve each alert; one of them edits a draft first, and one takes up a notice."""
    aicha, benoit = desk["aicha"], desk["benoit"]

    today = find(aicha, "North Shore", "Heavy rain")
    edited = aicha.fill(
        today,
        "edit",
        {
            "response": "Avoid",
            "note": "The harbour master says that it pours there already.",
            "words": "It rains already: people should keep away from water, not prepare.",
        },
    )
    both_approve(desk, edited.address)
    both_approve(desk, find(aicha, "Port Amber", "Heavy rain").address)
    both_approve(desk, find(aicha, "South Cape", "Heavy rain").address)

    notice = find_notice(benoit, "Red Sands", "Heavy rain")
    taken = benoit.fill(
        notice,
        "take_up",
        {"words": "Herders report that the wadis are full since Thursday: little rain is enough."},
    )
    both_approve(desk, taken.address)


def at_night(desk: Desk) -> None:
    """One approval is enough; a second person must look at it later."""
    aicha = desk["aicha"]
    draft = find(aicha, "Upper Valley", "Heavy rain")
    aicha.fill(draft, "approve")


def the_next_morning(desk: Desk) -> None:
    """The second look at what went out at night does not agree: a Cancel. And an Update."""
    benoit = desk["benoit"]
    alone = find_alert(benoit, "Upper Valley")
    reviewed = benoit.fill(
        alone,
        "review",
        {"agrees": "no", "words": "Three chances in ten, and the river is low: too early."},
    )
    cancel = benoit.fill(reviewed, "cancel", {"words": "The storm stays on the coast."})
    both_approve(desk, cancel.address)

    capital = find_alert(benoit, "Port Amber")
    update = benoit.fill(capital, "update")
    later = benoit.fill(
        update,
        "edit",
        {
            "expires": "2026-11-23T10:00",
            "words": "The radar shows the storm moving more slowly: six hours longer.",
        },
    )
    both_approve(desk, later.address)


def both_approve(desk: Desk, address: str) -> None:
    """Both read the draft and approve exactly what they read."""
    for one in (desk["benoit"], desk["aicha"]):
        one.fill(one.open(address), "approve")


def find(who: Forecaster, *words: str) -> Page:
    """The first waiting draft whose heading and lead have all of these words."""
    return _first(who, who.open("/").links(r"/drafts/\d+"), words)


def find_notice(who: Forecaster, *words: str) -> Page:
    """The first notice whose heading and lead have all of these words."""
    return _first(who, who.open("/").links(r"/notice\?.*"), words)


def find_alert(who: Forecaster, *words: str) -> Page:
    """The first alert whose heading and lead have all of these words."""
    return _first(who, who.open("/").links(r"/alerts/.*"), words)


def _first(who: Forecaster, addresses: list[str], words: tuple[str, ...]) -> Page:
    seen = []
    for address in addresses:
        page = who.open(address)
        heading = page.heading()
        if all(word in heading for word in words):
            return page
        seen.append(heading)
    raise DeskError(f"nothing at the desk is about {' and '.join(words)}: {seen}")


def take_up_first(desk: Desk) -> str:
    """Take up the first notice there is, and have it approved; its heading, or nothing."""
    benoit = desk["benoit"]
    notices = benoit.open("/").links(r"/notice\?.*")
    if not notices:
        return ""
    page = benoit.open(notices[0])
    taken = benoit.fill(page, "take_up", {"words": "To show how it is done; nobody is warned."})
    both_approve(desk, taken.address)
    return page.heading()


def to_keep(who: Forecaster) -> dict[str, str]:
    """Pages of the desk that tell the day: words to addresses."""
    home = who.open("/")
    found = {kept.NEXT: "/", "the journal": "/journal"}
    drafts = set(home.links(r"/drafts/\d+"))
    for address in home.links(r"/alerts/.*"):
        found[unquote(address.removeprefix("/alerts/"))] = address
        drafts.update(who.open(address).links(r"/drafts/\d+"))
    return found | {f"draft {one.rpartition('/')[2]}": one for one in sorted(drafts)}
