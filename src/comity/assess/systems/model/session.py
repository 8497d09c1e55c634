"""ONNX Runtime, held to one model: no other file, one thread, bounded time, errors as sentences.

The bytes are read and hashed once and handed over; ONNX Runtime opens nothing. No library of
custom operators is ever loaded. One thread: sums in another order would be other numbers.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from comity.assess.systems.labels import shown
from comity.assess.systems.model.external import MalformedError, has_external_data
from comity.errors import InputError, MissingPartError
from comity.files import read_bytes

if TYPE_CHECKING:
    import onnxruntime
    from numpy.typing import NDArray

__all__ = ["TIME_LIMIT", "Port", "Session", "open_session"]

MAX_MODEL_BYTES = 1_000_000_000
TIME_LIMIT = 3600.0
"""Seconds for loading the model and all that it computes: a small model can loop for ever."""

_NO_EXTERNAL_FILES = "Save the model with its weights inside one ONNX file, without external data."


class Port(NamedTuple):
    """An input or output of the model: its type as ONNX writes it, and its axes.

    An axis is a number where it is fixed; a name or None where any size will do.
    """

    name: str
    type: str
    shape: tuple[int | str | None, ...]

    @property
    def words(self) -> str:
        """For a sentence: `'X', tensor(float) of any × 4`."""
        axes = " × ".join(str(axis) if isinstance(axis, int) else "any" for axis in self.shape)
        return f"{shown(self.name)}, {self.type[:60]}{f' of {axes}' if axes else ''}"


@dataclass(frozen=True)
class Session:
    """A loaded model.

    Attributes:
        path: The ONNX file.
        inputs, outputs: What it takes and gives.
    """

    path: Path
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    _session: onnxruntime.InferenceSession
    _options: onnxruntime.RunOptions
    _stopped: threading.Event

    def run(self, outputs: Sequence[str], feed: Mapping[str, NDArray[Any]]) -> list[Any]:
        """Run the model on one batch.

        Raises:
            InputError: the model fails, or took too long.
        """
        try:
            return list(self._session.run(list(outputs), dict(feed), run_options=self._options))
        except Exception as error:
            raise _explained(error, self.path, self._stopped, "fails on these rows") from None


@contextmanager
def open_session(path: Path, digest: str, seconds: float = TIME_LIMIT) -> Iterator[Session]:
    """Load an ONNX file, and stop whatever it computes after `seconds`.

    Args:
        path: The file.
        digest: SHA-256 of the bytes that the identity of the system was made from.
        seconds: Time for everything.

    Raises:
        MissingPartError: ONNX Runtime is not installed.
        InputError: the file changed, is no ONNX, keeps weights in other files, or cannot be loaded.
    """
    ort = _runtime()
    model = read_bytes(path, MAX_MODEL_BYTES)
    if hashlib.sha256(model).hexdigest() != digest:
        raise InputError("the model changed while it was read", where=str(path))
    _check_kind(model, path)
    settings, run = ort.SessionOptions(), ort.RunOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    settings.use_deterministic_compute = True
    # Rewriting that depends on the processor would make the numbers depend on it too.
    settings.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    settings.add_session_config_entry("session.load_model_format", "ONNX")
    settings.log_severity_level = run.log_severity_level = 4
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        settings.set_load_cancellation_flag(True)
        run.terminate = True

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        try:
            session = ort.InferenceSession(model, settings, providers=["CPUExecutionProvider"])
            inputs, outputs = (
                tuple(Port(one.name, one.type, tuple(one.shape)) for one in ports)
                for ports in (session.get_inputs(), session.get_outputs())
            )
        except Exception as error:
            raise _explained(error, path, stopped, "cannot be loaded") from None
        yield Session(path, inputs, outputs, session, run, stopped)
    finally:
        timer.cancel()


def _runtime() -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise MissingPartError(
            "to run a model, ONNX Runtime is needed, and it is not installed",
            hint="In Comity's folder: pip install '.[onnx]'",
        ) from None
    return onnxruntime


def _check_kind(model: bytes, path: Path) -> None:
    if model[:1] == b"\x80" or b"sklearn" in model[:200]:
        raise InputError(
            "this is a Python pickle: to open it is to run whatever program it holds",
            where=str(path),
            hint="Convert the model to ONNX, for instance with skl2onnx; Comity opens no pickle.",
        )
    if model[:4] == b"PK\x03\x04":
        raise InputError(
            "this is an archive (PyTorch and Keras save such files, with a pickle inside)",
            where=str(path),
            hint="Export the model to ONNX, for instance with torch.onnx.export.",
        )
    try:
        external = has_external_data(model)
    except MalformedError:
        raise _no_onnx(path) from None
    if external:
        raise InputError(
            "the model keeps weights in other files, and a digest of this file would not bind them",
            where=str(path),
            hint=_NO_EXTERNAL_FILES,
        )


def _no_onnx(path: Path) -> InputError:
    return InputError(
        "this is no complete ONNX file", where=str(path), hint="Was it copied to the end?"
    )


def _explained(error: Exception, path: Path, stopped: threading.Event, what: str) -> InputError:
    """One sentence for what ONNX Runtime says."""
    if stopped.is_set():
        return InputError("the model took too long and was stopped", where=str(path))
    message = "".join(c if c.isprintable() else " " for c in str(error)[:2000])
    if "INVALID_PROTOBUF" in message or "No graph was found" in message:
        return _no_onnx(path)
    if "is not a registered function/op" in message or "is not a registered" in message:
        return InputError(
            f"the model uses an operator that is not part of ONNX: {message[-200:].strip()}",
            where=str(path),
            hint="Comity loads no library of custom operators: that would run foreign programs.",
        )
    said = message.rpartition(" : ")[2].strip()[:300]
    return InputError(f"the model {what}: {said or type(error).__name__}", where=str(path))
