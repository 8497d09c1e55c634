"""A desk that listens, with two forecasters, and a caller who speaks plain HTTP to it."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from early_warning.desk.desk import Desk, open_desk
from early_warning.desk.forecasters import Forecasters
from early_warning.desk.pages.words import field_time
from early_warning.desk.server import PATIENCE, serve
from early_warning.service import Service
from goods.early_warning.tests.desk.coast import (
    DAY,
    PASSPHRASES,
    Clock,
    coast,
    day,
    notice,
    proposal,
    two_forecasters,
)

Answer = tuple[int, http.client.HTTPMessage, bytes]


@dataclass
class Served:
    """A desk and its address."""

    desk: Desk
    service: Service
    forecasters: Forecasters
    clock: Clock
    address: str
    sessions: dict[str, Caller] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc


@contextmanager
def served(
    folder: Path, *, at: datetime = DAY, status: str = "Test", patience: float = PATIENCE
) -> Iterator[Served]:
    """The desk of the coast, with an orange draft and a notice."""
    clock = Clock(at)
    service = coast(folder, status=status)
    forecasters = two_forecasters(service, clock)
    with (
        open_desk(service, now=clock) as desk,
        serve(desk, forecasters, service, patience=patience) as address,
    ):
        desk.offer(day(), [proposal(), notice()])
        yield Served(desk, service, forecasters, clock, address)


@dataclass
class Caller:
    """Somebody with a cookie jar of one cookie."""

    host: str
    cookie: str = ""
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, b"", headers)

    def post(
        self,
        path: str,
        fields: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        *,
        token: str | None = None,
        **headers: str,
    ) -> Answer:
        pairs = list(fields.items() if isinstance(fields, Mapping) else fields)
        pairs.append(("token", self.token if token is None else token))
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.call("POST", path, urlencode(pairs).encode(), kind | headers)

    def call(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One request. `_` in the names of headers stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(self.host, timeout=30)
        if self.cookie:
            port = self.host.rpartition(":")[2]
            named.setdefault("cookie", f"early_warning_desk_{port}={self.cookie}")
        try:
            connection.request(method, path, body or None, named)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        given = answer.headers.get("set-cookie", "")
        if found := re.match(r"early_warning_desk_\d+=([^;]*)", given):
            self.cookie = found[1].strip('"')
        if found := re.search(r'name="token" value="([0-9a-f]+)"', data.decode(errors="replace")):
            self.token = found[1]
        return answer.status, answer.headers, data

    def sign_in(self, who: str, passphrase: str | None = None) -> Answer:
        self.get("/sign-in")
        right = PASSPHRASES[who] if passphrase is None else passphrase
        answer = self.post("/sign-in", {"who": who, "passphrase": right})
        if answer[0] == 303:
            self.get("/")
        return answer


def signed_in(desk: Served, who: str = "aicha") -> Caller:
    """A forecaster who has signed in; once for each desk, because passphrases are slow."""
    if who not in desk.sessions:
        caller = Caller(desk.host)
        assert caller.sign_in(who)[0] == 303
        desk.sessions[who] = caller
    return replace(desk.sessions[who])


def edit_fields(desk: Served, number: int, **changes: str) -> list[tuple[str, str]]:
    """The form to edit a draft as the page fills it, with changes."""
    content = desk.desk.find_draft(number).content
    fields = {
        "do": "edit",
        "digest": content.digest,
        "onset": field_time(content.onset, desk.service.zone),
        "expires": field_time(content.expires, desk.service.zone),
        "threshold": content.threshold,
        "severity": content.severity,
        "certainty": content.certainty,
        "urgency": content.urgency,
        "response": content.response,
        "note": content.note,
        "words": "Radar shows more.",
    } | changes
    return [*fields.items(), *(("district", code) for code in content.districts)]
