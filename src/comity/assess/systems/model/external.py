"""Does an ONNX file keep weights in other files?

It may name any path of the reader's disk, and its own digest then says nothing about what it does;
ONNX Runtime opens some of these paths even when it was handed bytes. So such a model is refused.

An ONNX file is a protocol buffer. An outside weight is a `TensorProto` with the key `location` in
its field `external_data`, and protocol buffers keep such a key in one piece: where these letters
stand nowhere, there is none. Where they do (a feature may be called so), the tensors are looked at.
Source: onnx.proto of ONNX 1.17.
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["MalformedError", "has_external_data"]

MAX_DEPTH = 60
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

_EXTERNAL_DATA, _DATA_LOCATION = 13, 14
"""Fields of a TensorProto that speak of another file."""

# Which fields of a message hold which messages, as far as tensors can stand in them.
_MESSAGES = {
    "Model": {7: "Graph", 20: "Training", 25: "Function"},
    "Training": {1: "Graph", 2: "Graph"},
    "Function": {7: "Node", 11: "Attribute"},
    "Graph": {1: "Node", 5: "Tensor", 15: "Sparse"},
    "Node": {5: "Attribute"},
    "Attribute": {5: "Tensor", 6: "Graph", 10: "Tensor", 11: "Graph", 22: "Sparse", 23: "Sparse"},
    "Sparse": {1: "Tensor", 2: "Tensor"},
    "Tensor": {},
}


class MalformedError(ValueError):
    """The bytes are no protocol buffer of the kind that ONNX uses."""


def has_external_data(model: bytes) -> bool:
    """Whether any tensor of an ONNX file says that its values stand in another file.

    Raises:
        MalformedError: the bytes cannot be followed.
    """
    return b"location" in model and _external(memoryview(model), "Model", 0)


def _external(message: memoryview, kind: str, depth: int) -> bool:
    if depth > MAX_DEPTH:
        raise MalformedError("nested too deeply")
    inner = _MESSAGES[kind]
    for field, value in _fields(message):
        if kind == "Tensor" and field in (_EXTERNAL_DATA, _DATA_LOCATION) and value != 0:
            return True
        if field in inner:
            if isinstance(value, int):
                raise MalformedError("a number stands where a message belongs")
            if _external(value, inner[field], depth + 1):
                return True
    return False


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    """Number and value of each field; numbers of fixed size are given as 0."""
    at, end = 0, len(message)
    while at < end:
        tag, at = _varint(message, at)
        field, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield field, value
        elif wire == _BYTES:
            size, at = _varint(message, at)
            if size > end - at:
                raise MalformedError("cut short")
            yield field, message[at : at + size]
            at += size
        elif wire in (_FIXED64, _FIXED32):
            at += 8 if wire == _FIXED64 else 4
            if at > end:
                raise MalformedError("cut short")
            yield field, 0
        else:
            raise MalformedError("an unknown kind of field")


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise MalformedError("cut short")
