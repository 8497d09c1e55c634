"""The WIS2 notification is one by WMO's requirements, and the same at every attempt."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from comity.errors import InputError
from early_warning.send import Centre, Message, Parcel, Route, check_notification, notification
from goods.early_warning.tests.send.world import CENTRE, NOW, message

ROUTE = Route(channel="mqtt", recipient="wis2", patience=dt.timedelta(hours=1), after="feed")
ADDRESS = "https://meteo.example/cap/alerts/one.xml"


def parcel(attempt: int = 1, **changes: Any) -> Parcel:
    return Parcel(message=message(**changes), route=ROUTE, queued=NOW, attempt=attempt)


def made(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(notification(parcel(**changes), CENTRE, ADDRESS))
    return whole


def test_it_says_what_where_when_and_carries_a_small_alert_inside() -> None:
    whole = made()
    assert uuid.UUID(whole["id"]).version == 5
    assert whole["geometry"]["coordinates"][0][0] == [41.5, 10.9]
    properties = whole["properties"]
    assert properties["data_id"].startswith(
        "wis2/dj-meteo/data/core/weather/advisories-warnings/urn-oid-2.49.0.0.262.0.1-"
    )
    assert properties["pubtime"] == "2026-11-22T06:00:00Z"
    assert properties["content"]["value"].encode() == message().data
    digest = hashlib.sha512(message().data).digest()
    assert base64.b64decode(properties["integrity"]["value"]) == digest
    (link,) = whole["links"]
    assert (link["href"], link["rel"], link["length"]) == (
        ADDRESS,
        "canonical",
        len(message().data),
    )


def test_its_topic_is_the_operational_one_for_warnings() -> None:
    assert CENTRE.topic == "origin/a/wis2/dj-meteo/data/core/weather/advisories-warnings"


def test_a_large_alert_is_only_referred_to() -> None:
    assert "content" in made(size=4096 - len(message().data))["properties"]
    assert "content" not in made(size=4097 - len(message().data))["properties"]


def test_an_alert_that_grows_in_json_is_only_referred_to() -> None:
    alert = message()
    grown = Message(heading=alert.heading, data=alert.data + b'"' * (4096 - len(alert.data)))
    one = Parcel(message=grown, route=ROUTE, queued=NOW, attempt=1)
    whole = notification(one, CENTRE, ADDRESS)
    assert len(whole) <= 8192
    assert "content" not in json.loads(whole)["properties"]


def test_a_repetition_has_the_same_bytes() -> None:
    assert notification(parcel(), CENTRE, ADDRESS) == notification(parcel(9), CENTRE, ADDRESS)


def test_the_example_of_the_specification_is_accepted() -> None:
    check_notification(json.dumps(EXAMPLE).encode())


EXAMPLE: dict[str, Any] = {
    "id": "31e9d66a-cd83-4174-9429-b932f1abe1be",
    "conformsTo": ["http://wis.wmo.int/spec/wnm/1/conf/core"],
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [6.146255135536194, 46.223296618227444]},
    "properties": {
        "pubtime": "2022-03-20T04:50:18Z",
        "datetime": "2022-03-20T04:45:00Z",
        "data_id": "wis2/ca-eccc-msc/data/core/weather/surface-based-observations/UANT01.bufr4",
        "metadata_id": "urn:wmo:md:ca-eccc-msc:observations.swob",
        "cache-duration": "PT6H",
    },
    "links": [
        {
            "href": "https://example.org/data/92c557ef.bufr4",
            "rel": "canonical",
            "type": "application/bufr",
        }
    ],
}
Change = Callable[[dict[str, Any]], object]
BROKEN: dict[str, tuple[Change, str]] = {
    "no id": (lambda m: m.pop("id"), "'id' is a required"),
    "an id that is no UUID": (lambda m: m.update(id="7"), "uuid"),
    "another conformance": (lambda m: m.update(conformsTo=["v04"]), "does not contain"),
    "another type": (lambda m: m.update(type="Thing"), "Feature"),
    "no geometry": (lambda m: m.pop("geometry"), "'geometry' is a required"),
    "a line as geometry": (lambda m: m["geometry"].update(type="LineString"), "not valid under"),
    "no time of publication": (lambda m: m["properties"].pop("pubtime"), "'pubtime'"),
    "a time that is not UTC": (
        lambda m: m["properties"].update(pubtime="2022-03-20T04:50:18+03:00"),
        "does not match",
    ),
    "no time of the data": (lambda m: m["properties"].pop("datetime"), "not valid under"),
    "both kinds of time": (
        lambda m: m["properties"].update(
            start_datetime="2022-03-20T04:45:00Z", end_datetime="2022-03-20T05:45:00Z"
        ),
        "is valid under each of",
    ),
    "no discovery record": (lambda m: m["properties"].pop("metadata_id"), "'metadata_id'"),
    "a data_id with the channel": (
        lambda m: m["properties"].update(data_id="origin/a/wis2/x/data/y"),
        "no topic",
    ),
    "no link": (lambda m: m.update(links=[]), "links"),
    "a link that names no rank": (lambda m: m["links"][0].update(rel="item"), "does not contain"),
    "a link to a file": (lambda m: m["links"][0].update(href="file:///etc/x"), "does not match"),
    "an outdated digest": (
        lambda m: m["properties"].update(integrity={"method": "md5", "value": "AA=="}),
        "is not one of",
    ),
    "content of another size": (
        lambda m: m["properties"].update(content={"encoding": "utf-8", "size": 2, "value": "é!"}),
        "another size",
    ),
    "content of another digest": (
        lambda m: m["properties"].update(
            content={"encoding": "utf-8", "size": 1, "value": "x"},
            integrity={"method": "sha3-256", "value": "AA=="},
        ),
        "another digest",
    ),
    "content that is too large": (
        lambda m: m["properties"].update(
            content={"encoding": "utf-8", "size": 4097, "value": "x" * 4097}
        ),
        "too long|maximum",
    ),
    "more than 8,192 bytes": (lambda m: m.update(note="x" * 8192), "8,192 are allowed"),
}


@pytest.mark.parametrize(("change", "says"), BROKEN.values(), ids=BROKEN)
def test_a_notification_that_breaks_a_requirement_is_refused(change: Change, says: str) -> None:
    broken = json.loads(json.dumps(EXAMPLE))
    change(broken)
    with pytest.raises(InputError, match=says):
        check_notification(json.dumps(broken).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"7", b"{", b"[" * 8000, b"\xff"])
def test_what_is_no_notification_at_all_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(InputError):
        check_notification(data)


def test_an_address_that_makes_the_message_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="Shorten the address"):
        notification(parcel(), CENTRE, "https://meteo.example/" + "x" * 8000)


@pytest.mark.parametrize(
    ("centre", "record"),
    [
        ("Djibouti", "urn:wmo:md:Djibouti:warnings"),
        ("dj-meteo", "urn:wmo:md:mn-namem:warnings"),
        ("dj-meteo/#", "urn:wmo:md:dj-meteo/#:warnings"),
    ],
    ids=["no country", "another centre's record", "a wildcard for topics"],
)
def test_a_centre_that_is_none_is_refused(centre: str, record: str) -> None:
    with pytest.raises(InputError):
        Centre(centre_id=centre, metadata_id=record)
