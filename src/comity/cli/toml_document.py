"""Write one of our structs as TOML that a person reads and edits: every field, with comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from comity.attest.toml import toml_line, toml_value

__all__ = ["toml_document"]


def toml_document(value: msgspec.Struct, comments: Mapping[str, str], head: str) -> str:
    """The text of `value`; reading it back gives an equal struct.

    Args:
        value: A struct; what is null in it is left out.
        comments: Field, or `table.field`, to the comment above it. It is shown once.
        head: Comment at the top, without `#`.
    """
    fields: dict[str, Any] = _without_null(msgspec.to_builtins(value, builtin_types=(date,)))
    left = dict(comments)
    lines = _comment(head)
    for name, one in fields.items():
        if not _is_table(one) and not _is_list_of_tables(one):
            comment = _comment(left.pop(name, ""))
            lines += ["", *comment] if comment else []
            lines.append(toml_line(name, one))
    for name, one in fields.items():
        if _is_table(one):
            lines += ["", *_comment(left.pop(name, "")), f"[{name}]", *_table(name, one, left)]
    for name, one in fields.items():
        for table in one if _is_list_of_tables(one) else ():
            lines += ["", *_comment(left.pop(name, "")), f"[[{name}]]", *_table(name, table, left)]
    return "\n".join(lines) + "\n"


def _table(name: str, table: dict[str, Any], comments: dict[str, str]) -> Iterator[str]:
    for field, value in table.items():
        yield from _comment(comments.pop(f"{name}.{field}", ""))
        if _is_list_of_tables(value):
            yield f"{field} = ["
            yield from (f"  {toml_value(one)}," for one in value)
            yield "]"
        else:
            yield toml_line(field, value)


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_null(one) for name, one in value.items() if one is not None}
    return [_without_null(one) for one in value] if isinstance(value, (list, tuple)) else value


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and isinstance(value[0], dict)


def _comment(text: str) -> list[str]:
    return [f"# {line}".rstrip() for line in text.splitlines()]
