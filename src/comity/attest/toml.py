"""Write TOML: the few lines that people's own files need, with every string escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from comity.errors import InputError

__all__ = ["toml_line", "toml_value"]


def toml_line(name: str, value: Any) -> str:
    """One `name = value` line of TOML 1.0; `name` must be a bare key.

    Raises:
        InputError: the text holds half a character (a lone surrogate), which UTF-8 cannot write.
    """
    try:
        line = f"{name} = {toml_value(value)}"
        line.encode()
    except UnicodeEncodeError:
        raise InputError("this text is not proper Unicode", where=name) from None
    return line


def toml_value(value: Any) -> str:
    """A string, number, day, list or table as TOML 1.0 on one line.

    Keys of tables must be ASCII.
    """
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {toml_value(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(toml_value, value))}]"
    # JSON's escapes are a subset of TOML's; only DEL is allowed bare in JSON and not in TOML.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    bare = key.isascii() and all(letter.isalnum() or letter in "_-" for letter in key)
    return key if key and bare else json.dumps(key)
