"""Alerts are audited from the bytes that went out, through Updates and Cancels."""

from __future__ import annotations

import msgspec
import pytest

from comity.errors import InputError
from early_warning import cap
from early_warning.audit import Warned, score, warned
from goods.early_warning.tests.audit.made import HOUR, SENT, alert, cancelled, updated, window

CODES = ("A", "B", "C")
Span = tuple[str, float, float]


def read(*alerts: cap.Alert) -> tuple[Warned, ...]:
    """Through the bytes."""
    again = [cap.read_alert(cap.write_alert(one)) for one in alerts]
    return warned(again, CODES, status="Test").get("heavy_rain", ())


def spans(*alerts: cap.Alert) -> list[Span]:
    return [
        ("".join(sorted(one.districts)), (one.onset - SENT) / HOUR, (one.ended - SENT) / HOUR)
        for one in read(*alerts)
    ]


def test_an_alert_is_read_from_its_bytes() -> None:
    (found,) = read(alert("A B"))
    assert found == Warned(
        identifier="2.49.0.0.999.0.20261122030000.0",
        districts=frozenset("AB"),
        languages=frozenset({"en", "fr"}),
        sent=SENT,
        onset=SENT + 6 * HOUR,
        ended=SENT + 30 * HOUR,
    )


FIRST = alert("A B")
CHAINS: dict[str, tuple[list[cap.Alert], list[Span]]] = {
    "a cancelled alert is in force until then": (
        [FIRST, cancelled(FIRST, sent=9)],
        [("AB", 6, 9)],
    ),
    "one cancelled before it began was never in force": ([FIRST, cancelled(FIRST, sent=2)], []),
    "an update that moves the time ends the earlier one": (
        [FIRST, updated(FIRST, "A B", 32, 40, sent=9)],
        [("AB", 6, 9), ("AB", 32, 40)],
    ),
    "an update that repeats it lets the earlier one stand": (
        [FIRST, updated(FIRST, "A B", 9, 30, sent=9)],
        [("AB", 6, 9), ("AB", 9, 30), ("AB", 9, 30)],
    ),
    "what the update leaves out is over": (
        [FIRST, updated(FIRST, "B C", 9, 40, sent=9)],
        [("AB", 6, 9), ("B", 9, 30), ("BC", 9, 40)],
    ),
    "a cancelled update ends both": (
        [FIRST, (second := updated(FIRST, "B", 9, 30, sent=9)), cancelled(second, sent=12)],
        [("AB", 6, 9), ("B", 9, 12), ("B", 9, 12)],
    ),
}


@pytest.mark.parametrize(("alerts", "expected"), CHAINS.values(), ids=CHAINS)
def test_updates_and_cancels_end_what_they_change(
    alerts: list[cap.Alert], expected: list[Span]
) -> None:
    assert spans(*alerts) == expected
    assert spans(*reversed(alerts)) == expected, "the order of the files means nothing"


def test_who_was_updated_was_warned_since_the_first_alert_and_once() -> None:
    again = updated(FIRST, "A", 9, 30, sent=9)
    (outcome,) = score(read(FIRST, again), [window(began=10)]).outcomes
    assert outcome.verdict == "hit"
    assert outcome.alerts == (FIRST.identifier, again.identifier)
    assert outcome.lead_minutes == 600


def test_another_status_is_left_out() -> None:
    assert warned([FIRST], CODES) == {}
    assert warned([FIRST], CODES, status="Exercise") == {}


def changed(**fields: object) -> cap.Alert:
    """The first alert with other words in all of its languages."""
    infos = tuple(msgspec.structs.replace(one, **fields) for one in FIRST.infos)
    return msgspec.structs.replace(FIRST, infos=infos)


BAD: dict[str, tuple[list[cap.Alert], str]] = {
    "two of one name": ([FIRST, FIRST], "one identifier"),
    "of another hazard": (
        [changed(event_codes=(cap.Named(name="early-warning:hazard", value="dust"),))],
        "no event code",
    ),
    "composed elsewhere": ([changed(event_codes=())], "no event code"),
    "for a place that is no district": (
        [alert("A X")],
        "names an area that is no district here",
    ),
    "without an end": ([changed(expires=None)], "no onset or no end"),
    "that says nothing": ([msgspec.structs.replace(FIRST, infos=())], "says nothing"),
    "of two tongues": (
        [msgspec.structs.replace(FIRST, infos=(FIRST.infos[0], changed(onset=None).infos[1]))],
        "different things in its languages",
    ),
}


@pytest.mark.parametrize(("alerts", "words"), BAD.values(), ids=BAD)
def test_an_alert_that_cannot_be_audited_stops_the_audit(
    alerts: list[cap.Alert], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        warned(alerts, CODES, status="Test")


def test_an_update_of_the_same_second_takes_the_place_of_its_alert() -> None:
    first = alert("A", 6, 30)
    later = updated(first, "A", 12, 24, sent=1)
    for name in ("1", "9.9"):  # before and after the alert's, by their letters
        again = msgspec.structs.replace(later, identifier=name, sent=first.sent)
        (kept,) = (one for one in read(first, again) if one.identifier == first.identifier)
        assert (kept.onset, kept.ended) == (SENT + 12 * HOUR, SENT + 24 * HOUR)
