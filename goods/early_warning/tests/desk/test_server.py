"""The desk as a web server: whom it answers, what it refuses, and what every answer carries."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import msgspec
import pytest

from comity.errors import InputError
from early_warning.desk.desk import Desk
from early_warning.desk.forms import MAX_BYTES, MAX_FIELDS
from early_warning.desk.guard import HEADERS
from early_warning.desk.server import CONNECTIONS, serve
from early_warning.desk.view import View
from goods.early_warning.tests.desk.coast import DAY
from goods.early_warning.tests.desk.served import (
    Caller,
    Served,
    edit_fields,
    served,
    signed_in,
)

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    """A desk of the test's own, to change."""
    with served(tmp_path) as one:
        yield one


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all tests that change nothing; afterwards nothing was changed."""
    with served(tmp_path_factory.mktemp("desk")) as one:
        before = one.desk.journal()
        yield one
        assert one.desk.journal() == before


def digest(desk: Served) -> str:
    return desk.desk.find_draft(1).content.digest


def approval(desk: Served) -> dict[str, str]:
    return {"do": "approve", "digest": digest(desk)}


@pytest.mark.parametrize(
    "path", ["/", "/drafts/1", "/notice?key=wind", "/alerts/x", "/cap/x", "/journal"]
)
def test_without_a_session_every_page_leads_to_the_form_to_sign_in(
    steady: Served, path: str
) -> None:
    status, headers, data = Caller(steady.host).get(path)
    assert (status, headers["location"], data) == (303, "/sign-in", b"")


def test_without_a_session_nothing_is_changed(steady: Served) -> None:
    caller = Caller(steady.host)
    caller.get("/sign-in")  # a cookie and a token, but nobody's session
    status, _, data = caller.post("/drafts/1", approval(steady))
    assert status == 401
    assert b"not signed in" in data
    assert steady.desk.find_draft(1).approvals == ()


HOSTS = {
    "another site": "desk.example",
    "another site with this port": "desk.example:{port}",
    "this computer under another port": "127.0.0.1:1",
    "this computer without a port": "127.0.0.1",
    "a name that ends like ours": "127.0.0.1:{port}.desk.example",
    "a name that begins with ours": "localhost.desk.example:{port}",
    "with a user before it": "user@127.0.0.1:{port}",
    "nothing": "",
}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_a_request_under_another_name_is_refused(steady: Served, host: str) -> None:
    caller = signed_in(steady)
    host = host.format(port=steady.host.partition(":")[2])
    status, _, data = caller.get("/", host=host)
    assert status == 403
    assert b"This desk answers only under" in data
    assert b"Old Port" not in data


def test_localhost_is_this_computer(steady: Served) -> None:
    port = steady.host.partition(":")[2]
    assert signed_in(steady).get("/", host=f"LocalHost:{port}")[0] == 200


STRANGERS = {
    "another site": {"origin": "https://evil.example"},
    "a page without an origin": {"origin": "null"},
    "another port of this computer": {"origin": "http://127.0.0.1:1"},
    "this name with another scheme": {"origin": "https://{host}"},
    "the browser says another site": {"sec-fetch-site": "cross-site"},
    "the browser says another port": {"sec-fetch-site": "same-site"},
}


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS)
def test_a_form_from_another_page_does_nothing(steady: Served, headers: dict[str, str]) -> None:
    caller = signed_in(steady)
    headers = {name: value.format(host=steady.host) for name, value in headers.items()}
    status, _, data = caller.post("/drafts/1", approval(steady), **headers)
    assert status == 403
    assert b"Nothing was done" in data
    assert steady.desk.find_draft(1).approvals == ()


def test_a_form_of_this_desk_is_taken(desk: Served) -> None:
    origin = f"http://{desk.host}"
    answer = signed_in(desk).post(
        "/drafts/1", approval(desk), origin=origin, sec_fetch_site="same-origin"
    )
    assert (answer[0], answer[1]["location"]) == (303, "/drafts/1?done=approved")
    assert desk.desk.find_draft(1).approvals == ("aicha",)


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "omar's"], ids=str)
def test_a_form_without_the_token_of_its_session_does_nothing(steady: Served, token: str) -> None:
    caller = signed_in(steady)
    token = signed_in(steady, "omar").token if token == "omar's" else token
    status, _, data = caller.post("/drafts/1", approval(steady), token=token)
    assert status == 403
    assert b"Nothing was done" in data
    assert steady.desk.find_draft(1).approvals == ()


def test_signing_in_needs_the_token_of_the_form_too(steady: Served) -> None:
    caller = Caller(steady.host)
    caller.get("/sign-in")
    fields = {"who": "aicha", "passphrase": "four plain words here"}
    assert caller.post("/sign-in", fields, token="0" * 64)[0] == 403
    assert caller.get("/")[0] == 303


@pytest.mark.parametrize("who", ["aicha", "nobody", "", "machine", "é'\"<"])
def test_a_wrong_passphrase_and_an_unknown_id_get_the_same_answer(steady: Served, who: str) -> None:
    caller = Caller(steady.host)
    caller.get("/sign-in")
    status, _, data = caller.post("/sign-in", {"who": who, "passphrase": "not this one"})
    assert status == 403
    assert b"The id or the passphrase is wrong." in data
    assert caller.get("/")[0] == 303


def test_after_several_wrong_passphrases_the_next_attempt_has_to_wait(desk: Served) -> None:
    caller = Caller(desk.host)
    for _ in range(3):
        assert caller.sign_in("aicha", "not this one")[0] == 403
    status, _, data = caller.sign_in("aicha")
    assert status == 429
    assert b"Wait" in data
    assert caller.get("/")[0] == 303


def test_the_session_has_a_cookie_of_its_own_that_scripts_and_other_sites_never_see(
    steady: Served,
) -> None:
    caller = Caller(steady.host)
    caller.get("/sign-in")
    before = caller.cookie
    _, headers, _ = caller.sign_in("aicha")
    parts = {part.strip().lower() for part in headers["set-cookie"].split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict"}
    assert caller.cookie != before
    assert Caller(steady.host, cookie=before).get("/")[0] == 303


def test_the_cookie_names_the_port_so_that_two_desks_on_a_computer_keep_theirs(
    steady: Served,
) -> None:
    _, headers, _ = Caller(steady.host).get("/sign-in")
    assert headers["set-cookie"].startswith(f"early_warning_desk_{steady.host.rpartition(':')[2]}=")


def test_a_cookie_that_somebody_else_chose_never_becomes_a_session(steady: Served) -> None:
    chosen = "A" * 43
    caller = Caller(steady.host, cookie=chosen)
    caller.sign_in("aicha")
    assert caller.cookie != chosen
    assert Caller(steady.host, cookie=chosen).get("/")[0] == 303


def test_signing_out_ends_the_session_also_for_whoever_kept_the_cookie(desk: Served) -> None:
    caller = signed_in(desk)
    kept = caller.cookie
    assert caller.post("/sign-out")[1]["location"] == "/sign-in"
    assert Caller(desk.host, cookie=kept).get("/")[0] == 303


def test_who_is_no_forecaster_any_more_is_signed_out_at_once(desk: Served) -> None:
    caller = signed_in(desk)
    desk.forecasters.remove("aicha")
    assert caller.get("/")[0] == 303


@pytest.mark.parametrize("path", ["/", "/sign-in", "/style.css", "/nowhere", "/drafts/1"])
def test_every_answer_says_what_the_browser_may_do_with_it(steady: Served, path: str) -> None:
    for caller in (signed_in(steady), Caller(steady.host)):
        _, headers, _ = caller.get(path)
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert headers["server"] is None
    _, headers, _ = caller.get(path, host="desk.example")
    assert {name: headers[name] for name in HEADERS} == HEADERS


BODIES = {
    "no form": (415, b"{}", {"content-type": "application/json"}),
    "a form with files": (415, b"x", {"content-type": "multipart/form-data; boundary=x"}),
    "no kind": (415, b"do=approve", {"content-type": ""}),
    "too large": (413, b"note=" + b"x" * MAX_BYTES, FORM),
    "too many fields": (400, b"a=1&" * (MAX_FIELDS + 1) + b"a=1", FORM),
    "bytes that are no text": (400, b"note=%ff%fe", FORM),
    "raw bytes": (400, b"note=\xff", FORM),
    "no fields": (400, b"approve", FORM),
    "the token twice": (400, b"token=a&token=b", FORM),
}


@pytest.mark.parametrize(("expected", "body", "headers"), BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_form_of_this_desk_is_refused_with_a_sentence(
    steady: Served, expected: int, body: bytes, headers: dict[str, str]
) -> None:
    status, answered, data = signed_in(steady).call("POST", "/drafts/1", body, headers)
    assert status == expected
    assert answered["content-type"].startswith("text/html")
    assert b'<p class="lead">' in data
    assert steady.desk.find_draft(1).approvals == ()


LOST = [
    "/nowhere",
    "/drafts/0",
    "/drafts/99",
    "/drafts/" + "9" * 5_000,
    "/drafts/-1",
    "/drafts/1/",
    "/notice",
    "/notice?key=gone",
    "/alerts/nobody@nowhere.0",
    "/alerts/%00",
    "/cap/..%2f..%2fcountry.toml",
    "/cap/../alerts.key",
    "/static/desk.css",
]


@pytest.mark.parametrize("path", LOST, ids=lambda path: path[:40])
def test_an_address_without_a_page_gets_a_page_that_says_so(steady: Served, path: str) -> None:
    status, _, data = signed_in(steady).get(path)
    assert status == 404
    assert b"<h1>There is no such page</h1>" in data
    assert b"Traceback" not in data


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_get_a_page_that_says_so(steady: Served, method: str) -> None:
    status, _, data = signed_in(steady).call(method, "/drafts/1", b"", {})
    assert status == 405
    assert b"does not take such a request" in data


@pytest.mark.parametrize(
    "path",
    [
        "/?done=https://evil.example",
        "/sign-in?next=//evil.example",
        "/?hazard=%3Cscript%3E&window=%22&district=%27",
        "/journal?before=" + "9" * 5_000,
        "/journal?before=-1",
    ],
)
def test_what_an_address_asks_for_is_never_shown_nor_followed(steady: Served, path: str) -> None:
    status, headers, data = signed_in(steady).get(path)
    assert status in (200, 303)
    assert headers.get("location", "/") == "/"
    assert b"evil" not in data
    assert b"<script" not in data


def test_an_approval_of_what_was_changed_meanwhile_shows_what_changed(desk: Served) -> None:
    caller, other, seen = signed_in(desk), signed_in(desk, "omar"), approval(desk)
    assert other.post("/drafts/1", edit_fields(desk, 1, threshold="80"))[0] == 303
    status, _, data = caller.post("/drafts/1", seen)
    text = data.decode()
    assert status == 409
    assert "Nothing was approved" in text
    assert "Heavy rain above 50 mm" in text
    assert "Heavy rain above 80 mm" in text
    assert desk.desk.find_draft(1).approvals == ()


def test_an_edit_of_what_was_changed_meanwhile_saves_nothing(desk: Served) -> None:
    mine = edit_fields(desk, 1, threshold="70")
    assert signed_in(desk, "omar").post("/drafts/1", edit_fields(desk, 1, threshold="80"))[0] == 303
    status, _, data = signed_in(desk).post("/drafts/1", mine)
    assert status == 409
    assert b"Nothing was saved" in data
    assert desk.desk.find_draft(1).content.threshold == "80"


def test_an_approval_that_names_nothing_that_the_draft_ever_was_is_refused(steady: Served) -> None:
    status, _, data = signed_in(steady).post("/drafts/1", {"do": "approve", "digest": "f" * 64})
    assert status == 409
    assert b"not known any more" in data


def test_approving_twice_in_the_same_name_is_refused(desk: Served) -> None:
    caller = signed_in(desk)
    assert caller.post("/drafts/1", approval(desk))[0] == 303
    status, _, data = caller.post("/drafts/1", approval(desk))
    assert status == 400
    assert b"has approved draft 1 already" in data


EDITS = {
    "no time": ({"onset": "tomorrow"}, b"this is no time"),
    "a time beyond all calendars": ({"onset": "0001-01-01T00:00"}, b"The clocks of"),
    "an end before the beginning": ({"expires": "2026-11-01T00:00"}, b"would end before"),
    "a threshold that is none": ({"threshold": "much"}, b"impossible"),
    "a severity that is none": ({"severity": "Huge"}, b"impossible"),
    "no reason": ({"words": "  "}, b"reason is missing"),
    "a long reason": ({"words": "x" * 501}, b"longer than"),
    "a long note": ({"note": "x" * 2_001}, b"longer than"),
    "a district that is none": ({"district": "C99"}, b"no district"),
    "nothing to do": ({"do": "publish"}, b"does not say what to do"),
}


@pytest.mark.parametrize(("changes", "sentence"), EDITS.values(), ids=EDITS)
def test_an_edit_that_cannot_be_gets_a_sentence_and_changes_nothing(
    steady: Served, changes: dict[str, str], sentence: bytes
) -> None:
    before = steady.desk.find_draft(1)
    fields = dict(edit_fields(steady, 1))
    status, _, data = signed_in(steady).post("/drafts/1", fields | changes)
    assert status == 400
    assert sentence.lower() in data.lower()
    assert steady.desk.find_draft(1) == before


def test_an_edit_without_districts_is_told_to_dismiss(steady: Served) -> None:
    fields = [one for one in edit_fields(steady, 1) if one[0] != "district"]
    status, _, data = signed_in(steady).post("/drafts/1", fields)
    assert status == 400
    assert b"Dismiss it instead" in data


def test_the_signed_bytes_are_handed_out_as_they_are(desk: Served) -> None:
    signed_in(desk).post("/drafts/1", approval(desk))
    caller = signed_in(desk, "omar")
    _, headers, _ = caller.post("/drafts/1", approval(desk))
    (issued,) = desk.desk.look().issued
    address = headers["location"].partition("?")[0]
    status, headers, data = caller.get(address.replace("/alerts/", "/cap/"))
    assert status == 200
    assert data == desk.desk.bytes_of(issued.identifier)
    assert headers["content-type"] == "application/cap+xml"
    assert headers["content-disposition"].startswith('attachment; filename="warnings-coast')


def test_a_hostile_name_stays_text(steady: Served) -> None:
    caller = signed_in(steady)
    for path in ("/", "/drafts/1", "/?district=C07"):
        text = caller.get(path)[2].decode()
        assert "<script" not in text
        assert "\u202e" not in text
        assert "&lt;script&gt;" in text


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(desk: Served, tmp_path: Path) -> None:
    caller = signed_in(desk)
    (tmp_path / "state" / "forecasters.toml").write_bytes(b"\xff")
    status, _, data = caller.get("/")
    assert status == 500
    assert b"<h1>Something is wrong</h1>" in data
    assert b"forecasters.toml" in data


class Broken:
    """A desk with a defect."""

    def now(self) -> datetime:
        return DAY

    def look(self) -> View:
        raise RuntimeError("a secret detail")


def test_what_was_not_foreseen_is_a_page_without_details(steady: Served) -> None:
    broken = cast(Desk, Broken())
    with serve(broken, steady.forecasters, steady.service) as address:
        caller = Caller(address.removeprefix("http://"))
        assert caller.sign_in("aicha")[0] == 303
        status, headers, data = caller.get("/")
    assert status == 500
    assert b"This is a defect of the program." in data
    assert b"secret" not in data
    assert {name: headers[name] for name in HEADERS} == HEADERS


def test_a_caller_who_hangs_up_in_the_middle_of_a_form_leaves_the_desk_at_work(
    steady: Served,
) -> None:
    caller = signed_in(steady)
    host, _, port = steady.host.partition(":")
    head = (
        f"POST /drafts/1 HTTP/1.1\r\nhost: {steady.host}\r\n"
        f"cookie: early_warning_desk_{port}={caller.cookie}\r\ncontent-length: 100\r\n"
        "content-type: application/x-www-form-urlencoded\r\n\r\ndo=approve"
    )
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(head.encode())
    assert caller.get("/")[0] == 200


def test_whoever_holds_every_connection_and_asks_nothing_keeps_nobody_out(tmp_path: Path) -> None:
    with served(tmp_path, patience=0.3) as desk:
        host, _, port = desk.host.partition(":")
        with ExitStack() as held:
            sockets = [
                held.enter_context(socket.create_connection((host, int(port)), timeout=30))
                for _ in range(CONNECTIONS)
            ]
            for number, one in enumerate(sockets):
                one.sendall(b"GET / HTTP/1.1\r\nhost: " if number % 2 else b"")
            for one in sockets:  # each is closed, with or without a reset
                with suppress(ConnectionResetError):
                    assert one.recv(1) == b""
            assert Caller(desk.host).get("/sign-in")[0] == 200


def test_nobody_else_can_be_the_desk_under_the_other_address_of_localhost(steady: Served) -> None:
    port = int(steady.host.rpartition(":")[2])
    with pytest.raises(OSError), socket.socket(socket.AF_INET6) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("::1", port))
        other.listen()


def test_an_approval_from_a_page_of_the_day_sends_nothing_at_night(desk: Served) -> None:
    caller = signed_in(desk)
    page = caller.get("/drafts/1")[2].decode()
    form = approval(desk) | {"needed": re.findall('name="needed" value="([0-9])"', page)[0]}
    desk.clock.at = DAY + timedelta(hours=12)  # ten in the evening
    status, _, data = caller.post("/drafts/1", form)
    assert status == 400 and b"your approval alone would send this" in data
    assert desk.desk.find_draft(1).state == "waiting"


def test_two_desks_cannot_share_a_port(steady: Served) -> None:
    port = int(steady.host.partition(":")[2])
    spec = msgspec.structs.replace(steady.service.country.desk, port=port)
    country = msgspec.structs.replace(steady.service.country, desk=spec)
    taken = replace(steady.service, country=country)
    with (
        pytest.raises(InputError, match="cannot listen on port"),
        serve(steady.desk, steady.forecasters, taken),
    ):
        pass
