"""The outbox: one SQLite file that holds every alert, and what became of it on every route.

Nothing is ever removed: it is the record of what was sent. How fast it works does not depend on
how much it holds, but for `deliveries` of all.

Seven rules:

1. An alert and all its routes are added in one transaction. What `add` accepted is on the disk.
2. The same alert added again changes nothing. Other bytes under the same identifier are refused.
3. One process sends at a time. Others may add and look.
4. An attempt is written down before it begins, and its outcome after it ended. Where the outcome is
   missing, because the process was killed, the attempt counts as *uncertain* and is repeated.
5. A delivery is *waiting* until it is *delivered* or *given up*, and those two are final.
6. It is given up when the alert is over, when an attempt failed after its deadline, or when the
   channel that must come first has given up; never because of what a far end answered.
7. The bytes that are handed out are the bytes that were added: their digest is compared each time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec

from comity.errors import InputError
from comity.files import lock_folder, make_folder, new_secret
from early_warning.send.backoff import FARTHEST, pause_before
from early_warning.send.channel import DeliveryError, Parcel, Receipt, Route
from early_warning.send.message import Heading, Message

__all__ = ["Delivery", "Outbox", "State"]

State = Literal["waiting", "delivered", "given_up"]

MAX_EARLIER = 100
MAX_IN_FORCE = 2_000
_VERSION = 1
_TABLES = """
CREATE TABLE message (
  number INTEGER PRIMARY KEY,
  identifier TEXT NOT NULL UNIQUE,
  heading BLOB NOT NULL,
  data BLOB NOT NULL,
  digest TEXT NOT NULL,
  queued INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT;
CREATE TABLE delivery (
  number INTEGER PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES message,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  after TEXT NOT NULL,
  deadline INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given_up')),
  due INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  uncertain INTEGER NOT NULL DEFAULT 0,
  begun INTEGER NOT NULL DEFAULT 0,
  finished INTEGER,
  receipt BLOB,
  reason TEXT NOT NULL DEFAULT '',
  UNIQUE (message, channel, recipient)
) STRICT;
CREATE INDEX ends ON message (expires);
CREATE INDEX delivered ON delivery (channel, recipient, message) WHERE state = 'delivered';
CREATE INDEX waiting ON delivery (channel, recipient, number) WHERE state = 'waiting';
"""
_FREE = """
d.state = 'waiting' AND d.channel = ? AND d.recipient = ? AND (d.after = '' OR EXISTS (
  SELECT 1 FROM delivery b
  WHERE b.message = d.message AND b.channel = d.after AND b.state = 'delivered'))
"""
_READY = f"""
SELECT d.number, d.attempts, m.heading, m.data, m.digest, m.queued
FROM delivery d JOIN message m ON m.number = d.message
WHERE {_FREE} AND (d.due <= ? OR d.due > ?) AND NOT d.begun
ORDER BY d.number LIMIT 1
"""  # noqa: S608 - constants
_NEXT = f"SELECT min(d.due) FROM delivery d WHERE {_FREE}"  # noqa: S608 - constants
_OPEN = """
SELECT d.number, d.deadline FROM delivery d JOIN message m ON m.number = d.message
WHERE m.identifier = ? AND d.channel = ? AND d.recipient = ? AND d.state = 'waiting' AND d.begun
"""
_STANDING = "SELECT digest FROM message WHERE identifier = ?"
_EARLIER = f"""
SELECT * FROM (
  SELECT m.number, m.heading FROM delivery d JOIN message m ON m.number = d.message
  WHERE d.state = 'delivered' AND d.channel = :channel AND d.recipient = :recipient
  ORDER BY d.message DESC LIMIT {MAX_EARLIER})
UNION SELECT * FROM (
  SELECT m.number, m.heading FROM message m CROSS JOIN delivery d ON d.message = m.number
  WHERE m.expires > :now AND d.state = 'delivered'
    AND d.channel = :channel AND d.recipient = :recipient
  ORDER BY m.expires DESC LIMIT {MAX_IN_FORCE})
ORDER BY number DESC
"""  # noqa: S608 - constants
_DELIVERIES = """
SELECT m.identifier, d.channel, d.recipient, d.state, d.attempts, d.uncertain,
  m.queued, d.due, d.finished, d.receipt, d.reason
FROM delivery d JOIN message m ON m.number = d.message
"""
_OVER = """
UPDATE delivery SET state = 'given_up', finished = ?,
  reason = 'the alert is over' || CASE reason WHEN '' THEN '' ELSE ': ' END || reason
WHERE state = 'waiting' AND NOT begun AND EXISTS (
  SELECT 1 FROM message m WHERE m.number = delivery.message AND m.expires <= ?)
"""
_ORPHANED = """
UPDATE delivery SET state = 'given_up', finished = ?,
  reason = 'the channel ' || after || ', which comes first, has given up'
WHERE state = 'waiting' AND NOT begun AND after <> '' AND NOT EXISTS (
  SELECT 1 FROM delivery b
  WHERE b.message = delivery.message AND b.channel = delivery.after AND b.state <> 'given_up')
"""


class Delivery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of one alert on one route.

    Attributes:
        identifier: The alert.
        channel, recipient: The route.
        state: `waiting`, `delivered` or `given_up`.
        attempts: How often it was tried.
        uncertain: How many of these ended without a known outcome: so often, at most, the recipient
            may have got it again, under the same key.
        queued: When it was handed over.
        due: When it is tried next; means nothing once it is no longer waiting.
        finished: When it was delivered or given up; null while it waits.
        receipt: What the far end confirmed; null unless delivered.
        reason: Why the last attempt failed; empty where none did.
    """

    identifier: str
    channel: str
    recipient: str
    state: State
    attempts: int
    uncertain: int
    queued: datetime
    due: datetime
    finished: datetime | None
    receipt: Receipt | None
    reason: str


class Outbox:
    """An outbox in a folder of its own; use it as a context.

    Args:
        folder: Made where absent. Only its owner can read the file in it.

    Raises:
        InputError: it cannot be opened, or was written by another version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = make_folder(folder)
        self._path = folder / "outbox.sqlite3"
        if not self._path.exists():
            _claim(self._path)
        with self._located():
            self._base = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            self._prepare()
        except BaseException:
            self._base.close()
            raise

    def add(self, message: Message, routes: Sequence[Route], *, now: datetime) -> None:
        """Take an alert for these routes (rules 1 and 2).

        Raises:
            InputError: it is over already, no route is given, a route is named twice, its
                identifier names other bytes, or the disk fails. Nothing is added then.
        """
        heading = message.heading
        if not routes:
            raise InputError("no channel is set up, so that nobody would get the alert")
        if len({(one.channel, one.recipient) for one in routes}) < len(routes):
            raise InputError("two channels of one kind have the same recipient", where="routes")
        kinds = {one.channel for one in routes}
        if missing := {one.after for one in routes} - kinds - {""}:
            raise InputError(f"a channel waits for another that is not set up: {min(missing)}")
        if heading.expires <= now:
            raise InputError(f"the alert {heading.identifier} is over already", where="expires")
        with self._change():
            standing = self._one(_STANDING, heading.identifier)
            if standing is not None:
                if standing[0] != message.digest:
                    raise InputError(
                        f"another alert was sent under the identifier {heading.identifier}",
                        where="identifier",
                        hint="Give each alert, update and cancellation an identifier of its own.",
                    )
                return
            number = self._base.execute(
                "INSERT INTO message (identifier, heading, data, digest, queued, expires)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    heading.identifier,
                    msgspec.json.encode(heading),
                    message.data,
                    message.digest,
                    _number(now),
                    _number(heading.expires),
                ),
            ).lastrowid
            self._base.executemany(
                "INSERT INTO delivery (message, channel, recipient, after, deadline, state, due)"
                " VALUES (?, ?, ?, ?, ?, 'waiting', ?)",
                [
                    (
                        number,
                        one.channel,
                        one.recipient,
                        one.after,
                        _number(now + one.patience),
                        _number(now),
                    )
                    for one in routes
                ],
            )

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Be the one process that sends (rule 3), and find what a killed one left open (rule 4).

        Raises:
            InputError: another process is sending from this outbox.
        """
        with lock_folder(self.folder):
            with self._change():
                self._base.execute(
                    "UPDATE delivery SET uncertain = uncertain + 1, begun = 0"
                    " WHERE state = 'waiting' AND begun"
                )
            yield

    def expire(self, now: datetime) -> None:
        """Give up what waits although its alert is over, or its forerunner gave up (rule 6)."""
        with self._change():
            self._base.execute(_OVER, (_number(now), _number(now)))
            self._base.execute(_ORPHANED, (_number(now),))

    def begin(self, route: Route, now: datetime) -> Parcel | None:
        """Write down an attempt (rule 4), and hand out the oldest alert that is due on a route.

        What is due later than any pause can last was put off by a clock that was wrong: it is due.

        Raises:
            InputError: the outbox was changed by somebody else (rule 7), or the disk fails.
        """
        with self._change():
            farthest = _number(now + FARTHEST)
            row = self._one(_READY, route.channel, route.recipient, _number(now), farthest)
            if row is None:
                return None
            number, attempts, heading, data, digest, queued = row
            message = Message(heading=msgspec.json.decode(heading, type=Heading), data=data)
            if message.digest != digest:
                raise InputError("the outbox was changed on the disk", where=str(self._path))
            places = {
                "channel": route.channel,
                "recipient": route.recipient,
                "now": _number(now),
            }
            earlier = self._base.execute(_EARLIER, places).fetchall()
            self._base.execute(
                "UPDATE delivery SET attempts = attempts + 1, begun = 1 WHERE number = ?", (number,)
            )
        return Parcel(
            message=message,
            route=route,
            queued=_moment(queued),
            attempt=attempts + 1,
            earlier=tuple(msgspec.json.decode(one, type=Heading) for _, one in earlier),
        )

    def settle(self, parcel: Parcel, outcome: Receipt | DeliveryError, now: datetime) -> State:
        """Write down how an attempt ended (rules 5 and 6); returns the new state.

        Raises:
            InputError: no such attempt is open, or the disk fails.
        """
        heading, route = parcel.message.heading, parcel.route
        with self._change():
            row = self._one(_OPEN, heading.identifier, route.channel, route.recipient)
            if row is None:
                raise InputError("the outbox was changed by somebody else", where=str(self._path))
            number, deadline = row
            state: State = "delivered" if isinstance(outcome, Receipt) else "waiting"
            due, receipt, reason = now, None, ""
            if isinstance(outcome, Receipt):
                receipt = msgspec.json.encode(outcome)
            else:
                reason = outcome.what
                state = "given_up" if deadline <= _number(now) else "waiting"
                pause = pause_before(parcel.attempt + 1, parcel.key)
                due = now + min(max(pause, outcome.pause or timedelta(0)), FARTHEST)
            finished = None if state == "waiting" else _number(now)
            self._base.execute(
                "UPDATE delivery SET state = ?, begun = 0, due = ?, finished = ?, receipt = ?,"
                " reason = ? WHERE number = ?",
                (state, _number(due), finished, receipt, reason, number),
            )
        return state

    def next_due(self, routes: Iterable[Route]) -> datetime | None:
        """When the next attempt on one of these routes is due, or null where nothing is left to do.

        What waits for a channel that is not among the routes is left to whoever serves that one.
        """
        with self._located():
            found = [self._one(_NEXT, one.channel, one.recipient) for one in routes]
        due = [row[0] for row in found if row is not None and row[0] is not None]
        return _moment(min(due)) if due else None

    def identifiers(self) -> set[str]:
        """Of every alert that was added."""
        with self._located():
            return {row[0] for row in self._base.execute("SELECT identifier FROM message")}

    def deliveries(self, identifier: str | None = None) -> list[Delivery]:
        """What became of one alert, or of all, on every route; in the order of adding."""
        with self._located():
            rows = self._base.execute(
                _DELIVERIES
                + ("" if identifier is None else "WHERE m.identifier = ? ")
                + "ORDER BY d.number",
                () if identifier is None else (identifier,),
            ).fetchall()
        return [
            Delivery(
                identifier=row[0],
                channel=row[1],
                recipient=row[2],
                state=row[3],
                attempts=row[4],
                uncertain=row[5],
                queued=_moment(row[6]),
                due=_moment(row[7]),
                finished=None if row[8] is None else _moment(row[8]),
                receipt=None if row[9] is None else msgspec.json.decode(row[9], type=Receipt),
                reason=row[10],
            )
            for row in rows
        ]

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def __enter__(self) -> Outbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self) -> None:
        with self._located():
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = FULL")
            self._base.execute("PRAGMA foreign_keys = ON")
        with self._change():
            (version,) = self._base.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in filter(str.strip, _TABLES.split(";")):
                    self._base.execute(statement)
                self._base.execute(f"PRAGMA user_version = {_VERSION}")
            elif version != _VERSION:
                raise InputError(
                    f"the outbox was written by another version ({version})", where=str(self._path)
                )

    def _one(self, question: str, *values: Any) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._base.execute(question, values).fetchone()
        return row

    @contextmanager
    def _change(self) -> Iterator[None]:
        """One transaction, on the disk when the block ends, or without any effect."""
        with self._located():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise

    @contextmanager
    def _located(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise InputError(
                f"the outbox cannot be used: {error}",
                where=str(self._path),
                hint="Make room on the disk, or restore the file. What was added stays in it.",
            ) from None


def _claim(path: Path) -> None:
    """Make the empty file, readable by its owner alone, if nobody else just did."""
    try:
        with new_secret(path):
            pass
    except InputError:
        if not path.exists():
            raise


def _number(instant: datetime) -> int:
    """Milliseconds since 1970."""
    return int(instant.timestamp() * 1000)


def _moment(number: int) -> datetime:
    return datetime.fromtimestamp(number / 1000, UTC)
