"""JSON Schemas of what is signed, generated from the structs, so that there is one truth."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["schema_of"]


def schema_of(kind: Any) -> dict[str, Any]:
    """JSON Schema 2020-12 of a struct.

    A field that may be left out of a hand-written file may not be left out of what is signed, so
    every field is required.
    """
    schema = msgspec.json.schema(kind)
    for one in schema.get("$defs", {}).values():
        if "properties" in one:
            one["required"] = list(one["properties"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
