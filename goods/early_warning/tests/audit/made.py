"""A coast made for audits: who lives there, what was sent, and what became of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

import msgspec

from early_warning import cap
from early_warning.audit import Window
from early_warning.cap.compose import Status
from early_warning.people import Count, Ledger, join
from early_warning.send import Delivery, Receipt
from goods.early_warning.tests.cap.examples import AUTHORITY, DRAFT, NAMES, SQUARE, packs
from goods.early_warning.tests.people.made import country

SENT = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def ledger(
    folder: Path, *counts: Count, accepted: dict[str, str] | None = None, codes: str = "A B C"
) -> Ledger:
    """Square districts with these counts."""
    return join(country(folder, *codes.split()), counts, accepted=accepted)


def count(
    code: str, group: str, number: int, unit: Literal["people", "households"] = "people"
) -> Count:
    return Count(code, group, number, unit)


def draft(districts: str = "A", begins: float = 6, ends: float = 30) -> cap.Draft:
    """Heavy rain from so many to so many hours after `SENT`."""
    return msgspec.structs.replace(
        DRAFT,
        onset=SENT + begins * HOUR,
        expires=SENT + ends * HOUR,
        places=tuple(
            cap.Place(
                names=NAMES, polygons=(SQUARE,), geocodes=(cap.Named(name="code", value=code),)
            )
            for code in districts.split()
        ),
    )


def alert(
    districts: str = "A",
    begins: float = 6,
    ends: float = 30,
    *,
    sent: float = 0,
    languages: str = "en fr",
    status: Status = "Test",
) -> cap.Alert:
    return cap.compose(
        draft(districts, begins, ends),
        packs(*languages.split()),
        AUTHORITY,
        status=status,
        sent=SENT + sent * HOUR,
    )


def updated(
    original: cap.Alert, districts: str = "A", begins: float = 6, ends: float = 30, *, sent: float
) -> cap.Alert:
    return cap.compose_update(
        original,
        draft(districts, begins, ends),
        packs("en", "fr"),
        AUTHORITY,
        sent=SENT + sent * HOUR,
    )


def cancelled(original: cap.Alert, *, sent: float) -> cap.Alert:
    return cap.compose_cancel(original, packs("en", "fr"), AUTHORITY, sent=SENT + sent * HOUR)


def delivery(
    one: cap.Alert, recipient: str = "radio", *, after: float = 0.1, channel: str = "webhook"
) -> Delivery:
    """That a machine confirmed it, so many hours after `SENT`."""
    at = SENT + after * HOUR
    return Delivery(
        identifier=one.identifier,
        channel=channel,
        recipient=recipient,
        state="delivered",
        attempts=1,
        uncertain=0,
        queued=at,
        due=at,
        finished=at,
        receipt=Receipt(kind="answered", detail="200"),
        reason="",
    )


def window(district: str = "A", event: bool | None = True, began: float | None = 10) -> Window:
    """The day from six hours after `SENT`."""
    return Window(
        district=district,
        start=SENT + 6 * HOUR,
        end=SENT + 30 * HOUR,
        event=event,
        began=None if began is None or not event else SENT + began * HOUR,
    )
