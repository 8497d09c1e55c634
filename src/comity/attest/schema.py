"""JSON Schemas of what is signed, generated from the structs, so that there is one truth."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["schema_of"]


def schema_of(kind: Any) -> dict[str, Any]:
    """JSON Schema 2020-12 of a struct."""
    schema = msgspec.json.schema(kind)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
