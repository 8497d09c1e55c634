"""Atom feeds of alerts."""

from __future__ import annotations

import pytest
from tests.parts import require_data

from comity.errors import InputError
from early_warning import cap

FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id>{}</feed>"""


def test_a_feed_of_links_is_read() -> None:
    data = require_data("cap/feeds/meteoalarm_poland.atom.xml").read_bytes()
    feed = cap.read_feed(data)
    assert feed.id == "tag:meteoalarm.org,2021-02-19:PL"
    assert [one.identifier for one in feed.entries] == [
        "2.49.0.0.616.0.PL.230427122201.PL805_00731",
        "2.49.0.0.616.0.PL.230427073134.PL804_00821",
    ]
    assert feed.entries[0].link == (
        "https://feeds.meteoalarm.org/api/v1/warnings/feeds-poland/"
        "3adfb5e8-78f3-4240-bc8e-4b6a4da41c3b"
    )
    assert feed.entries[0].embedded is None


def test_an_alert_inside_a_feed_is_recognised_as_cap_1_1() -> None:
    data = require_data("cap/feeds/rcap_nws_weather.atom").read_bytes()
    (entry,) = cap.read_feed(data).entries
    assert (entry.embedded, entry.link) == ("cap-1.1", None)
    assert (entry.event, entry.status) == ("Flash Flood Watch", "Actual")


def test_the_judge_says_that_a_feed_is_no_alert() -> None:
    data = require_data("cap/feeds/meteoalarm_poland.atom.xml").read_bytes()
    verdict = cap.judge(data)
    assert (verdict.kind, verdict.valid) == ("not-cap", False)


def test_a_feed_without_entries_is_a_feed() -> None:
    assert cap.read_feed(FEED.format("").encode()).entries == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<rss/>", "no Atom feed: it begins with rss"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "it has no id"),
        (FEED.format("<entry/>").encode(), "it has no id"),
        (FEED.format("<entry/>" * 5_001).encode(), "more than 5,000 entries"),
        (b"<!DOCTYPE feed><feed/>", "<!DOCTYPE"),
    ],
)
def test_it_is_refused_with_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        cap.read_feed(data, where="feed.xml")


def test_the_link_that_says_cap_is_taken() -> None:
    entry = (
        '<entry><id>e</id><link href="https://a.example/page"/>'
        '<link type="application/cap+xml" href="https://a.example/alert"/></entry>'
    )
    assert cap.read_feed(FEED.format(entry).encode()).entries[0].link == "https://a.example/alert"
