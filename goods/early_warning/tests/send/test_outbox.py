"""The outbox keeps every alert until its end is known, and says what became of it."""

from __future__ import annotations

import datetime as dt
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InputError
from early_warning.send import (
    Delivery,
    DeliveryError,
    Heading,
    MemoryChannel,
    Message,
    Outbox,
    Parcel,
    Receipt,
    Route,
    send_due,
    send_until_done,
)
from early_warning.send.backoff import LONGEST, pause_before
from early_warning.send.message import MAX_BYTES, file_name
from early_warning.send.outbox import MAX_EARLIER
from goods.early_warning.tests.send.world import NOW, Clock, message

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox")


def only(outbox: Outbox) -> Delivery:
    (one,) = outbox.deliveries()
    return one


def test_an_alert_goes_to_every_recipient_with_the_bytes_that_were_added(outbox: Outbox) -> None:
    channels = [MemoryChannel("radio"), MemoryChannel("red-crescent")]
    alert = message()
    with outbox:
        outbox.add(alert, [one.route for one in channels], now=NOW)
        outcomes = send_due(outbox, channels, now=Clock())
        assert [one.state for one in outcomes] == ["delivered", "delivered"]
        for channel in channels:
            assert [one.message.data for one in channel.taken] == [alert.data]
        assert [one.receipt for one in outbox.deliveries()] == [
            Receipt(kind="acknowledged", detail="kept in memory")
        ] * 2


def test_what_was_delivered_is_not_sent_again_however_often_the_sender_runs(outbox: Outbox) -> None:
    channel = MemoryChannel()
    with outbox:
        outbox.add(message(), [channel.route], now=NOW)
        for _ in range(3):
            outbox.add(message(), [channel.route], now=NOW)
            send_due(outbox, [channel], now=Clock(NOW + HOUR))
    assert channel.attempts == 1


def test_each_recipient_and_each_alert_has_a_key_of_its_own_that_stays_over_attempts(
    outbox: Outbox,
) -> None:
    channels = [MemoryChannel("a", refusals=3), MemoryChannel("b")]
    clock = Clock()
    with outbox:
        for identifier in ("one", "two"):
            outbox.add(message(identifier), [one.route for one in channels], now=NOW)
        send_until_done(outbox, channels, now=clock, sleep=clock.sleep)
    keys = [one.key for channel in channels for one in channel.taken]
    assert len(set(keys)) == 4
    first = channels[0].taken[0]
    assert first.attempt > 1
    again = Parcel(message=first.message, route=first.route, queued=first.queued, attempt=99)
    assert (again.key, again.uuid) == (first.key, first.uuid)


def test_a_refused_alert_is_tried_again_later_and_then_it_arrives(outbox: Outbox) -> None:
    channel, clock = MemoryChannel(refusals=5), Clock()
    with outbox:
        outbox.add(message(), [channel.route], now=NOW)
        send_due(outbox, [channel], now=clock)
        waiting = only(outbox)
        assert (waiting.state, waiting.reason) == ("waiting", "the recipient is away")
        assert waiting.due > NOW
        send_due(outbox, [channel], now=clock)
        assert channel.attempts == 1, "not before it is due"
        send_until_done(outbox, [channel], now=clock, sleep=clock.sleep)
        assert (only(outbox).state, only(outbox).attempts) == ("delivered", 6)


def test_the_far_end_may_ask_for_a_longer_pause_of_at_most_an_hour(outbox: Outbox) -> None:
    class Busy(MemoryChannel):
        def deliver(self, parcel: Parcel) -> Receipt:
            raise DeliveryError("busy", pause=9 * HOUR)

    with outbox:
        outbox.add(message(), [Busy().route], now=NOW)
        send_due(outbox, [Busy()], now=Clock())
        assert only(outbox).due == NOW + HOUR


def test_a_clock_that_ran_ahead_and_was_put_right_delays_nothing(outbox: Outbox) -> None:
    channel, clock = MemoryChannel(refusals=1), Clock(NOW + 20 * HOUR)
    with outbox:
        outbox.add(message(), [channel.route], now=clock())
        send_due(outbox, [channel], now=clock)
        assert only(outbox).due > NOW + 20 * HOUR
        send_due(outbox, [channel], now=Clock(NOW))
        assert only(outbox).state == "delivered"


def test_what_is_added_while_a_slow_channel_is_at_work_goes_out_at_once(tmp_path: Path) -> None:
    late = threading.Event()

    class Slow(MemoryChannel):
        def deliver(self, parcel: Parcel) -> Receipt:
            with Outbox(tmp_path) as other:  # as the desk does, in another process
                other.add(message("second"), [quick.route], now=NOW)
            assert late.wait(20), "nobody else was served meanwhile"
            return super().deliver(parcel)

    class Quick(MemoryChannel):
        def deliver(self, parcel: Parcel) -> Receipt:
            late.set()
            return super().deliver(parcel)

    slow, quick = Slow("slow"), Quick("quick")
    with Outbox(tmp_path) as outbox:
        outbox.add(message("first"), [slow.route], now=NOW)
        send_due(outbox, [slow, quick], now=Clock())
        assert {one.state for one in outbox.deliveries()} == {"delivered"}


def test_a_slow_and_a_broken_channel_hold_up_nobody_else(outbox: Outbox) -> None:
    class Broken(MemoryChannel):
        def deliver(self, parcel: Parcel) -> Receipt:
            raise RuntimeError("secret detail")

    good, broken = MemoryChannel("good"), Broken("broken")
    with outbox:
        outbox.add(message(), [broken.route, good.route], now=NOW)
        send_due(outbox, [broken, good], now=Clock())
        assert [one.state for one in outbox.deliveries()] == ["waiting", "delivered"]
        assert outbox.deliveries()[0].reason == "a defect in this channel: RuntimeError"


def test_after_its_deadline_a_delivery_is_given_up_with_the_reason_and_stays_on_record(
    outbox: Outbox,
) -> None:
    channel, clock = MemoryChannel(refusals=10**6, patience=HOUR), Clock()
    with outbox:
        outbox.add(message(), [channel.route], now=NOW)
        outcomes = send_until_done(outbox, [channel], now=clock, sleep=clock.sleep)
        assert outcomes[-1].state == "given_up"
        assert only(outbox).state == "given_up"
        assert only(outbox).reason == "the recipient is away"
        finished = only(outbox).finished
        assert finished is not None
        assert NOW + HOUR <= finished < NOW + HOUR + 2 * LONGEST


def test_a_computer_that_was_off_beyond_the_deadline_still_tries_once(outbox: Outbox) -> None:
    channel = MemoryChannel(patience=HOUR)
    with outbox:
        outbox.add(message(), [channel.route], now=NOW)
        send_due(outbox, [channel], now=Clock(NOW + 5 * HOUR))
        assert only(outbox).state == "delivered"


def test_an_alert_that_is_over_is_not_sent(outbox: Outbox) -> None:
    channel = MemoryChannel()
    with outbox:
        outbox.add(message(hours=1), [channel.route], now=NOW)
        send_due(outbox, [channel], now=Clock(NOW + HOUR))
        assert (only(outbox).state, only(outbox).reason) == ("given_up", "the alert is over")
    assert channel.attempts == 0


def test_a_channel_that_comes_after_another_waits_for_it(outbox: Outbox) -> None:
    feed, clock = MemoryChannel(channel="feed", refusals=2), Clock()
    told = MemoryChannel(channel="mqtt", after="feed")
    with outbox:
        outbox.add(message(), [told.route, feed.route], now=NOW)
        send_due(outbox, [told, feed], now=clock)
        assert (told.attempts, feed.attempts) == (0, 1)
        send_until_done(outbox, [told, feed], now=clock, sleep=clock.sleep)
    assert (told.attempts, feed.attempts) == (1, 3)


def test_what_waits_for_a_channel_that_gave_up_is_given_up_and_says_so(outbox: Outbox) -> None:
    feed = MemoryChannel(channel="feed", refusals=10**6, patience=HOUR)
    told, clock = MemoryChannel(channel="mqtt", after="feed"), Clock()
    with outbox:
        outbox.add(message(hours=100), [told.route, feed.route], now=NOW)
        send_until_done(outbox, [told, feed], now=clock, sleep=clock.sleep)
        assert outbox.deliveries()[0].state == "given_up"
        assert "feed, which comes first" in outbox.deliveries()[0].reason


def test_a_delivery_whose_channel_is_not_set_up_today_stays(outbox: Outbox) -> None:
    gone, here = MemoryChannel("gone"), MemoryChannel("here")
    with outbox:
        outbox.add(message(), [gone.route, here.route], now=NOW)
        send_until_done(outbox, [here], now=Clock())
        assert [one.state for one in outbox.deliveries()] == ["waiting", "delivered"]


def test_a_feed_is_told_what_it_published_before_newest_first(outbox: Outbox) -> None:
    channel = MemoryChannel()
    with outbox:
        for identifier in ("a", "b", "c"):
            outbox.add(message(identifier), [channel.route], now=NOW)
        send_due(outbox, [channel], now=Clock())
    assert [one.identifier for one in channel.taken[-1].earlier] == ["b", "a"]


def test_a_feed_is_told_all_that_is_in_force_however_many_came_after(outbox: Outbox) -> None:
    channel = MemoryChannel()
    with outbox:
        outbox.add(message("long", hours=9), [channel.route], now=NOW)
        for number in range(MAX_EARLIER + 10):
            outbox.add(message(f"short {number}", hours=1), [channel.route], now=NOW)
        send_due(outbox, [channel], now=Clock())
        outbox.add(message("last", sent=NOW + 2 * HOUR), [channel.route], now=NOW + 2 * HOUR)
        send_due(outbox, [channel], now=Clock(NOW + 2 * HOUR))
    assert len(channel.taken[-2].earlier) == MAX_EARLIER + 10
    told = [one.identifier for one in channel.taken[-1].earlier]
    assert len(told) == MAX_EARLIER + 1
    assert (told[0], told[-1]) == (f"short {MAX_EARLIER + 9}", "long")


def test_an_attempt_without_a_known_end_is_repeated_and_counted_as_uncertain(
    tmp_path: Path,
) -> None:
    channel = MemoryChannel()
    with Outbox(tmp_path) as outbox:
        outbox.add(message(), [channel.route], now=NOW)
        with outbox.sending():
            assert outbox.begin(channel.route, NOW) is not None  # and here the power fails
    with Outbox(tmp_path) as outbox:
        send_due(outbox, [channel], now=Clock())
        assert (only(outbox).state, only(outbox).attempts, only(outbox).uncertain) == (
            "delivered",
            2,
            1,
        )


def test_two_processes_cannot_send_at_once_but_others_may_add_and_look(tmp_path: Path) -> None:
    channel = MemoryChannel()
    with Outbox(tmp_path) as first, Outbox(tmp_path) as second, first.sending():
        second.add(message(), [channel.route], now=NOW)
        assert only(second).state == "waiting"
        with pytest.raises(InputError, match="another process"):
            send_due(second, [channel], now=Clock())


def test_the_outbox_is_for_its_owner_alone(outbox: Outbox) -> None:
    outbox.close()
    (file,) = outbox.folder.glob("outbox.sqlite3")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_bytes_that_somebody_changed_on_the_disk_are_not_sent(tmp_path: Path) -> None:
    channel = MemoryChannel()
    with Outbox(tmp_path) as outbox:
        outbox.add(message(), [channel.route], now=NOW)
        base = sqlite3.connect(tmp_path / "outbox.sqlite3")
        base.execute("UPDATE message SET data = CAST(data || ' ' AS BLOB)")
        base.commit()
        base.close()
        with pytest.raises(InputError, match="changed on the disk"):
            send_due(outbox, [channel], now=Clock())
    assert channel.attempts == 0


ROUTE = Route(channel="memory", recipient="x", patience=HOUR)
REFUSED = {
    "no route": (message(), [], "nobody would get"),
    "a recipient twice": (message(), [ROUTE, ROUTE], "the same recipient"),
    "an alert that is over": (message(sent=NOW - 2 * HOUR, hours=1), [ROUTE], "over already"),
    "other bytes under a known identifier": (message("known", text="no"), [ROUTE], "another alert"),
    "a channel after one that is not there": (
        message(),
        [Route(channel="mqtt", recipient="x", patience=HOUR, after="feed")],
        "waits for another",
    ),
}


@pytest.mark.parametrize(("alert", "routes", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_sent_is_refused_and_nothing_is_added(
    outbox: Outbox, alert: Message, routes: list[Route], says: str
) -> None:
    with outbox:
        outbox.add(message("known"), [ROUTE], now=NOW)
        with pytest.raises(InputError, match=says):
            outbox.add(alert, routes, now=NOW)
        assert [one.identifier for one in outbox.deliveries()] == ["known"]


def heading(**changes: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "identifier": "i",
        "title": "t",
        "sender": "s",
        "sent": NOW,
        "expires": NOW + HOUR,
    }
    return fields | changes


BAD_HEADINGS = {
    "an empty identifier": (heading(identifier=" "), "printable"),
    "a line break in the title": (heading(title="a\nb"), "printable"),
    "a title without end": (heading(title="a" * 301), "printable"),
    "a time without zone": (heading(sent=NOW.replace(tzinfo=None)), "time zone"),
    "an end before the beginning": (heading(expires=NOW - HOUR), "before it was sent"),
    "a box beyond the pole": (heading(box=(0.0, 0.0, 1.0, 91.0)), "on the Earth"),
    "a box inside out": (heading(box=(5.0, 0.0, 1.0, 1.0)), "on the Earth"),
    "a box of nothing": (heading(box=(float("nan"), 0.0, 1.0, 1.0)), "on the Earth"),
}


@pytest.mark.parametrize(("fields", "says"), BAD_HEADINGS.values(), ids=BAD_HEADINGS)
def test_a_heading_that_no_list_could_show_is_refused(fields: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        Heading(**fields)  # type: ignore[arg-type]


def test_a_headline_in_arabic_with_the_marks_that_order_its_numbers_is_a_title() -> None:
    assert Heading(**heading(title="\u0645\u0646 \u20682026-11-22\u2069"))  # type: ignore[arg-type]


def test_bytes_of_another_alert_are_refused() -> None:
    with pytest.raises(InputError, match="does not hold the identifier"):
        Message(heading=message("one-name").heading, data=message("another").data)
    with pytest.raises(InputError, match="larger than"):
        message(size=MAX_BYTES)


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_a_file_name_is_safe_in_any_folder_and_tells_identifiers_apart(one: str, two: str) -> None:
    name = file_name(one)
    assert name.isascii()
    assert name.endswith(".xml")
    assert not set(name) & set('/\\:*?"<>| ')
    assert len(name) <= 100
    assert (name == file_name(two)) == (one == two)


@given(st.integers(2, 10**6), st.text(max_size=70))
def test_a_pause_is_bounded_doubles_on_the_whole_and_is_the_same_each_time(
    attempt: int, key: str
) -> None:
    pause = pause_before(attempt, key)
    assert dt.timedelta(seconds=1.5) <= pause <= LONGEST * 1.25
    assert pause == pause_before(attempt, key)
    assert pause_before(attempt + 2, key) >= min(pause, LONGEST * 0.75)
