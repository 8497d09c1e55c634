"""The machine's rounds: are there new files? What do they say? What is to be sent?

1. A file is known by its name, size and time. New ones are looked at once all of them stand still:
   a file that is new or has changed since the round before waits for the next round, because it may
   be half written. After `PATIENCE` rounds in which something changed, they are looked at anyway.
2. An error of a round is told at the desk, and tried again in the next one. No round ends the
   program.
3. Sending goes on while a forecast is read, in a thread of its own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Final, TypeVar

from comity.errors import ComityError, InputError
from early_warning.desk.desk import Desk
from early_warning.desk.issue import sentence
from early_warning.drafts.look_ahead import look_ahead
from early_warning.drafts.progress import Progress, quiet
from early_warning.drafts.propose import propose
from early_warning.service import Service

__all__ = ["Listing", "Rounds", "list_files", "look_once", "run_rounds"]

PATIENCE: Final = 30
Listing = frozenset[tuple[str, int, int]]
"""Name, size in bytes and time of change in nanoseconds of each file."""

T = TypeVar("T")


def list_files(service: Service) -> Listing:
    """The files that the forecast is read from, as they stand now.

    Raises:
        InputError: their folder cannot be read.
    """
    pattern = service.path(service.country.forecast.files)
    found = []
    try:
        for path in pattern.parent.glob(pattern.name):
            try:
                status = path.stat()
            except OSError:  # taken away since, or a link to nothing; the others are good
                continue
            name = os.fsencode(path.name).decode("utf-8", "replace")
            found.append((name, status.st_size, status.st_mtime_ns))
    except OSError as error:
        raise InputError(
            f"the folder cannot be read: {error.strerror}", where=str(pattern.parent)
        ) from None
    return frozenset(found)


def look_once(desk: Desk, service: Service, *, progress: Progress = quiet) -> None:
    """Read the forecast as its files stand, and offer what follows from it.

    Raises:
        InputError: the state folder or the disk fails.
        MissingPartError: a library that reads grids is not installed.
    """
    now = desk.now()
    outlook = look_ahead(service, now=now, progress=progress)
    desk.offer(outlook, propose(service, outlook, now=now))


class Rounds:
    """What one round after another does about files.

    Args:
        desk: Where things are told.
        listed: Gives the files as they stand.
        look: Reads them, and offers what follows.
    """

    def __init__(
        self, desk: Desk, *, listed: Callable[[], Listing], look: Callable[[], object]
    ) -> None:
        self._desk = desk
        self._listed = listed
        self._look = look
        self._before: Listing | None = None
        self._done: Listing | None = None
        self._waited = 0

    def round(self) -> bool:
        """One round; whether the files were looked at."""
        return _told(self._desk, "forecast", self._round) is True

    def _round(self) -> bool:
        listing = self._listed()
        if listing == self._done:
            self._desk.tell("arriving", "")
            return False
        first, before = self._before is None, self._before or frozenset()
        moving = listing - before
        self._before = listing
        if moving and self._waited < PATIENCE:  # rule 1
            self._waited += 1
            names = sorted(name for name, _, _ in moving)
            more = f" and {len(names) - 1} more" if len(names) > 1 else ""
            words = f"Files are arriving ({names[0]}{more}); they are read once they stand still."
            if not first:  # at the start nobody knows: they may have stood there for hours
                self._desk.tell("arriving", words)
            return False
        self._waited = 0
        self._desk.tell("arriving", "")
        self._look()
        self._done = listing
        return True


def run_rounds(
    desk: Desk,
    service: Service,
    stop: threading.Event,
    *,
    every: float = 10.0,
    progress: Progress = quiet,
) -> None:
    """Do one round after another until `stop` is set.

    Args:
        desk: The open desk.
        service: The service.
        stop: Ends it, after what is under way.
        every: Seconds between two rounds.
        progress: Told of every step of reading a forecast.
    """
    rounds = Rounds(
        desk,
        listed=lambda: list_files(service),
        look=lambda: look_once(desk, service, progress=progress),
    )

    def sending() -> None:
        while not stop.wait(every):
            _told(desk, "sending", desk.send_due)

    _told(desk, "sending", desk.send_due)
    sender = threading.Thread(target=sending, name="sending", daemon=True)
    sender.start()
    try:
        rounds.round()
        while not stop.wait(every):
            rounds.round()
    finally:
        stop.set()
        sender.join()
        _told(desk, "sending", desk.send_due)


def _told(desk: Desk, subject: str, step: Callable[[], T]) -> T | None:
    """Rule 2."""
    try:
        result = step()
    except ComityError as error:
        desk.tell(subject, f"It is tried again: {sentence(error)}")
    except Exception as error:
        desk.tell(
            subject,
            f"A defect of this program, {type(error).__name__}, stops the {subject}. It is tried"
            " again; please report it.",
        )
    else:
        desk.tell(subject, "")
        return result
    return None
