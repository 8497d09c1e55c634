"""The feed: the signed bytes stand as they are, once, and are there before they are announced."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from lxml import etree

from comity.errors import InputError
from early_warning.send import Feed, Outbox, send_due
from early_warning.send.message import file_name
from goods.early_warning.tests.send.world import NOW, Clock, message

ATOM = "{http://www.w3.org/2005/Atom}"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ADDRESS = "https://meteo.example/cap"


def published(tmp_path: Path, *identifiers: str, kind: str = "feed") -> Path:
    folder = tmp_path / "served"
    feed = Feed(folder, address=ADDRESS, title="Warnings", kind=kind)  # type: ignore[arg-type]
    with Outbox(tmp_path / "outbox") as outbox:
        for identifier in identifiers:
            outbox.add(message(identifier, text="Rain & <wind>"), [feed.route], now=NOW)
        outcomes = send_due(outbox, [feed], now=Clock())
    assert [one.state for one in outcomes] == ["delivered"] * len(identifiers)
    return folder


def entries(folder: Path) -> list[etree._Element]:
    return etree.parse(folder / "feed.xml").getroot().findall(f"{ATOM}entry")


def test_the_alerts_bytes_stand_verbatim_where_the_feed_says(tmp_path: Path) -> None:
    folder = published(tmp_path, "one", "two")
    for entry, identifier in zip(entries(folder), ("two", "one"), strict=True):
        assert entry.findtext(f"{CAP}identifier") == identifier
        (link,) = entry.findall(f"{ATOM}link")
        assert link.get("type") == "application/cap+xml"
        path = (link.get("href") or "").removeprefix(ADDRESS + "/")
        assert (folder / path).read_bytes() == message(identifier, text="Rain & <wind>").data


def test_a_feed_has_what_atom_requires(tmp_path: Path) -> None:
    feed = etree.parse(published(tmp_path, "one") / "feed.xml").getroot()
    assert [feed.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated")] == [
        f"{ADDRESS}/feed.xml",
        "Warnings",
        "2026-11-22T06:00:00Z",
    ]
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Rain & <wind>"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "warnings@meteo.example"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-22T06:00:00Z"


def test_delivering_twice_changes_no_byte(tmp_path: Path) -> None:
    folder = tmp_path / "served"
    feed = Feed(folder, address=ADDRESS, title="Warnings")
    with Outbox(tmp_path / "outbox") as outbox:
        outbox.add(message(), [feed.route], now=NOW)
        with outbox.sending():
            parcel = outbox.begin(feed.route, NOW)
            assert parcel is not None
            feed.deliver(parcel)
            before = {path: path.read_bytes() for path in folder.rglob("*.xml")}
            feed.deliver(parcel)
    assert {path: path.read_bytes() for path in folder.rglob("*.xml")} == before
    assert len(before) == 2


def test_an_older_alert_that_comes_late_stands_below_the_newer_one(tmp_path: Path) -> None:
    feed = Feed(tmp_path / "served", address=ADDRESS, title="Warnings")
    with Outbox(tmp_path / "outbox") as outbox:
        for identifier, hours in (("newer", 1), ("older", 0)):
            sent = NOW + dt.timedelta(hours=hours)
            outbox.add(message(identifier, sent=sent), [feed.route], now=NOW)
        send_due(outbox, [feed], now=Clock())
    listed = [entry.findtext(f"{CAP}identifier") for entry in entries(feed.folder)]
    assert listed == ["newer", "older"]


def test_other_bytes_that_stand_in_its_place_are_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "served"
    feed = Feed(folder, address=ADDRESS, title="Warnings")
    path = folder / "alerts" / file_name(message().heading.identifier)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")
    with Outbox(tmp_path / "outbox") as outbox:
        outbox.add(message(), [feed.route], now=NOW)
        (outcome,) = send_due(outbox, [feed], now=Clock())
    assert "other bytes stand in" in outcome.reason
    assert path.read_bytes() == b"something else"
    assert not (folder / "feed.xml").exists()


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "served" / "alerts").symlink_to(tmp_path / "elsewhere")
    feed = Feed(tmp_path / "served", address=ADDRESS, title="Warnings")
    with Outbox(tmp_path / "outbox") as outbox:
        outbox.add(message(), [feed.route], now=NOW)
        (outcome,) = send_due(outbox, [feed], now=Clock())
    assert outcome.state == "waiting"
    assert not list((tmp_path / "elsewhere").iterdir())


def test_cap_composer_finds_a_link_without_type_that_ends_in_xml(tmp_path: Path) -> None:
    (entry,) = entries(published(tmp_path, "draft", kind="composer"))
    (link,) = entry.findall(f"{ATOM}link")
    assert link.get("type") is None
    assert link.get("rel") is None
    assert (link.get("href") or "").endswith(".xml")


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a web address"):
        Feed(tmp_path, address="ftp://meteo.example", title="Warnings")
