"""Run a model file here: llama.cpp's server, on the loopback address, in a process of its own.

In a process of its own, because a file in the GGUF format comes from strangers and is read by a
program in C++: if that falls, it is a sentence here. The process ends when this one does, however
it ends: it waits for its input to close. Nobody else on this computer can ask it: it wants a key
that is drawn for each run.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from comity.assess.systems.endpoint.model import Endpoint, Weights
from comity.errors import InputError, MissingPartError
from comity.files import hash_weights, read_text, weights_digest

__all__ = ["Local", "check_unchanged", "local_server"]

LOADING_SECONDS = 900.0
LEAVING_SECONDS = 10.0
MAX_LINE = 1_000


@dataclass(frozen=True)
class Local:
    """A server that was started here.

    Attributes:
        url: Its base URL.
        key: The key that it wants.
        process: Number of its process.
    """

    url: str
    key: str
    process: int

    def cpu_seconds(self) -> float | None:
        """User and system time of its process so far; None where Linux does not tell.

        Source: proc(5), `/proc/pid/stat`, fields 14 and 15, after the name in brackets.
        """
        try:
            fields = read_text(Path(f"/proc/{self.process}/stat")).rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (InputError, ValueError, IndexError):
            return None


class _Order(msgspec.Struct, frozen=True, kw_only=True):
    """What the other process is told, one line on its input."""

    path: str
    key: str
    context: int
    parallel: int
    threads: int


@contextmanager
def local_server(endpoint: Endpoint, weights: Weights) -> Iterator[Local]:
    """Start the server; it is gone when the block ends.

    Raises:
        MissingPartError: xllamacpp is not installed.
        InputError: the file cannot be run.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise MissingPartError(
            "running a model file needs llama.cpp",
            hint="make demo-llm sets it up, or pip install '.[local]' in Comity's folder",
        )
    key = secrets.token_hex(16)
    order = _Order(
        path=str(weights.path),
        key=key,
        context=weights.context,
        parallel=endpoint.pace.concurrency,
        threads=weights.threads or max(1, len(os.sched_getaffinity(0)) - 1),
    )
    process = subprocess.Popen(  # noqa: S603, our own module
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for this process; the other ends with it
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(msgspec.json.encode(order) + b"\n")
        process.stdin.flush()
        yield Local(url=f"{_address(process, weights)}/v1", key=key, process=process.pid)
    except BrokenPipeError:
        raise _fallen(weights) from None
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(LEAVING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def check_unchanged(weights: Weights) -> None:
    """Make sure that the file is still the one that was hashed before the run.

    Raises:
        InputError: it is another one.
    """
    if weights_digest(hash_weights(weights.path)) != weights.digest:
        raise InputError("the weights changed while they were used", where=str(weights.path))


def _address(process: subprocess.Popen[bytes], weights: Weights) -> str:
    """The one line that the other process writes when the model is loaded."""
    assert process.stdout is not None
    line, end = b"", time.monotonic() + LOADING_SECONDS
    while not line.endswith(b"\n") and len(line) < MAX_LINE:
        ready, _, _ = select.select([process.stdout], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise InputError(
                f"llama.cpp did not load the model within {LOADING_SECONDS:,.0f} seconds",
                where=str(weights.path),
            )
        piece = os.read(process.stdout.fileno(), MAX_LINE)
        if not piece:
            raise _fallen(weights)
        line += piece
    return line.decode("ascii", "replace").strip()


def _fallen(weights: Weights) -> InputError:
    return InputError(
        "llama.cpp cannot run this file",
        where=str(weights.path),
        hint="It takes models in the GGUF format, and needs as much memory as the file is large.",
    )


def _main() -> None:
    """The other process: load, say where, and wait until nobody needs it any more."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=_Order)
    out = os.dup(1)
    os.dup2(2, 1)  # llama.cpp writes what it likes; the address goes out alone
    import xllamacpp  # type: ignore[import-untyped, unused-ignore]

    params = xllamacpp.CommonParams()
    params.model.path = order.path
    params.port = 0
    params.hostnames = ["127.0.0.1"]
    params.api_keys = [order.key]
    params.verbosity = -1
    params.n_ctx = order.context * order.parallel
    params.n_parallel = order.parallel
    params.cache_prompt = False  # the same question gets the same answer, whatever came before
    params.warmup = False
    params.ui = False
    # Its threads wait for each other awake: one more than there are free cores, and it takes ten
    # times as long.
    params.cpuparams.n_threads = order.threads
    params.cpuparams_batch.n_threads = order.threads
    server = xllamacpp.Server(params)
    os.write(out, server.listening_address.encode() + b"\n")
    os.close(out)
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    _main()
