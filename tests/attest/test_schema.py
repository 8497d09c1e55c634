"""The JSON Schemas are the structs: nothing unknown allowed, the same limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from comity.attest import TYPES, Statement, schema_of
from comity.claims import ASSESSMENT_TYPE, Assessment
from comity.claims.values import MAX_INTEGER

SCHEMA = schema_of(TYPES[ASSESSMENT_TYPE])


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a schema, itself included."""
    if isinstance(tree, dict):
        yield tree
    for inner in (
        tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else []
    ):
        yield from nodes(inner)


def test_the_dialect_is_2020_12_and_the_root_is_the_predicate() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$ref"] == "#/$defs/Assessment"


def test_every_struct_closes_its_fields_and_requires_them() -> None:
    structs = [node for node in nodes(SCHEMA) if "properties" in node]
    assert len(structs) > 10
    for struct in structs:
        assert struct["additionalProperties"] is False
        assert set(struct["required"]) == set(struct["properties"]), struct["title"]


def test_every_integer_stays_below_2_to_the_53() -> None:
    integers = [node for node in nodes(SCHEMA) if node.get("type") == "integer"]
    assert integers
    assert all(node["maximum"] == MAX_INTEGER and node["minimum"] == 0 for node in integers)


def test_there_is_no_floating_point_number() -> None:
    assert [node for node in nodes(SCHEMA) if node.get("type") == "number"] == []


def test_every_pattern_ends_where_the_text_ends() -> None:
    patterns = {node["pattern"] for node in nodes(SCHEMA) if "pattern" in node}
    assert len(patterns) >= 5
    for pattern in patterns:
        assert pattern.startswith("^")
        assert re.search(pattern, "\n") is None
        assert pattern.endswith(r"$(?!\n)"), pattern


def test_a_statement_has_a_schema_too() -> None:
    properties = schema_of(Statement[Assessment])["$defs"]["Statement_Assessment_"]["properties"]
    assert set(properties) == {"_type", "subject", "predicateType", "predicate"}
