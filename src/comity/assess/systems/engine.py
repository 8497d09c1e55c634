"""DuckDB, held to one foreign file.

The file may be hostile, so DuckDB may open this one file and nothing else: no other file, no
network, no extension; memory, disk for spilling, length of a line and time are bounded; and every
failure becomes one sentence with the file and, where there is one, the line.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.errors import InputError

if TYPE_CHECKING:
    import duckdb

__all__ = ["MAX_LINE_BYTES", "TIME_LIMIT", "Engine", "Progress", "Share", "open_engine"]

Share = Callable[[], float | None]
"""Tells which share of a step is done, between 0 and 1; None where nobody knows."""
Progress = Callable[[str, Share | None], None]
"""Is told in a few words what comes next, and whom to ask how far it is."""

MEMORY = "1GB"
DISK = "16GB"
TIME_LIMIT = 600.0
"""Seconds for all queries together: a small file can hold a huge one."""
MAX_LINE_BYTES = 1_000_000
BATCH = 10_000
"""Rows that are held at once where all of them are asked for."""


@dataclass(frozen=True)
class Engine:
    """A database in memory that can reach one file.

    Attributes:
        path: The file.
        pattern: Its path as SQL must name it: DuckDB takes `*`, `?` and `[` for wildcards.
    """

    path: Path
    pattern: str
    _connection: duckdb.DuckDBPyConnection
    _stopped: threading.Event

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run a query; foreign text goes in as `parameters` only.

        Raises:
            InputError: the file is broken, or too large for the limits.
        """
        return [row for batch in self.batches(sql, *parameters) for row in batch]

    def batches(self, sql: str, *parameters: object) -> Iterator[list[tuple[Any, ...]]]:
        """Run a query whose rows are too many to hold at once; its rows come in order.

        Raises:
            InputError: the file is broken, or too large for the limits.
        """
        import duckdb

        too_long = InputError("reading it took too long and was stopped", where=str(self.path))
        if self._stopped.is_set():
            raise too_long
        try:
            result = self._connection.execute(sql, list(parameters))
            while batch := result.fetchmany(BATCH):
                yield batch
        except duckdb.InterruptException:
            if self._stopped.is_set():
                raise too_long from None
            raise KeyboardInterrupt from None
        except duckdb.OutOfMemoryException:
            raise InputError(
                f"the table has too many different values to count in {MEMORY} of memory",
                where=str(self.path),
                hint="Is a column of names or numbers used as a group or a class?",
            ) from None
        except RuntimeError:  # so DuckDB passes on Ctrl-C
            raise KeyboardInterrupt from None
        except duckdb.Error as error:
            raise _explained(str(error), self.path) from None

    def share(self) -> float | None:
        """Share of the running query that is done; may be asked from another thread."""
        import duckdb

        try:
            percent = self._connection.query_progress()
        except duckdb.Error:  # closed meanwhile
            return None
        return percent / 100 if 0 < percent <= 100 else None


@contextmanager
def open_engine(path: Path, seconds: float = TIME_LIMIT) -> Iterator[Engine]:
    """Start a database that can reach `path` alone, and stop it after `seconds`.

    Raises:
        InputError: the file's name is not UTF-8.
    """
    import duckdb

    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise InputError("the file's name is not UTF-8", where=ascii(str(path))) from None
    pattern = re.sub(r"([*?\[])", r"[\1]", str(path))
    with tempfile.TemporaryDirectory(prefix="comity-") as spill:
        connection = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "threads": min(8, os.cpu_count() or 1),
                "temp_directory": spill,
                "max_temp_directory_size": DISK,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,  # no Python variable is ever a table
            }
        )
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            connection.interrupt()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        try:
            connection.execute("SET enable_progress_bar = true")  # else nothing is known of it
            connection.execute("SET enable_progress_bar_print = false")
            connection.execute("SET allowed_paths = ?", [[str(path), pattern]])
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            timer.start()
            with _interruptible(connection):
                yield Engine(path, pattern, connection, stopped)
        finally:
            timer.cancel()
            connection.close()


@contextmanager
def _interruptible(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let a signal end a running query at once.

    Python looks at signals between its own steps, and DuckDB only now and then between its tasks;
    so the signal's byte wakes a thread that interrupts the query.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ear, mouth = socket.socketpair()
    mouth.setblocking(False)
    over = threading.Event()

    def listen() -> None:
        if ear.recv(1):
            while not over.wait(0.05):  # again, should it have come before the query began
                connection.interrupt()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    before = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        over.set()
        mouth.close()
        listener.join()
        ear.close()


_EXPLAINED = (
    (r"Expected Number of Columns: (\d+) Found: (\d+)", "the line has {2} fields, the header {1}"),
    (r"unterminated quote", "a quotation mark is not closed, or text follows it"),
    (r"not utf-8|invalid UTF-8", "the file is not UTF-8 text"),
    (r"Maximum line size", f"the line is longer than {MAX_LINE_BYTES:,} bytes"),
    (r"maximum_object_size", f"a record is longer than {MAX_LINE_BYTES:,} bytes"),
    (r"state machine reached", "its lines end in different ways, or a quotation mark is stray"),
    (r"has duplicate key (\".{1,80}\")", "the record has the field {1} twice"),
    (r"Expected OBJECT", "a record is not an object with named fields"),
    (r"Malformed JSON.*?: (.{1,120})", "the record is not JSON: {1}"),
    (r"Unexpected end of GZIP|not a GZIP", "the file is not complete gzip"),
    (r"magic bytes|[Pp]arquet|thrift|[Tt]Protocol", "the file is not complete Parquet"),
)


def _explained(message: str, path: Path) -> InputError:
    """One sentence for what DuckDB says, and the line where it names one."""
    ends = message if len(message) < 4000 else f"{message[:1000]} {message[-3000:]}"
    printable = "".join(c if c.isprintable() else " " for c in ends)  # it may quote the file
    line = re.search(r"(?:on Line: |in line )(\d+)", printable)
    number = int(line[1]) if line else 0
    if "Malformed JSON" in printable:
        number -= 1  # there DuckDB names the line after the broken one
    where = f"{path}, line {number}" if number > 0 else str(path)
    for pattern, sentence in _EXPLAINED:
        if match := re.search(pattern, printable):
            what = sentence.format(match[0], *match.groups())
            break
    else:
        what = f"the table cannot be read: {printable.partition(': ')[2][:200]}"
    return InputError(what, where=where)
