"""Small tables and cards on disk, in every kind of file."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from comity.assess import FixedClock, assess, load_card
from comity.claims import Assessment, Assessor, Claim

Columns = Mapping[str, Any]

KINDS = ("predictions.csv", "predictions.csv.gz", "predictions.parquet", "predictions.jsonl")
ASSESSOR = Assessor(origin="lab.example/ai", name="A laboratory", role="independent")
CLOCK = FixedClock(datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC))


def write_table(path: Path, columns: Columns) -> Path:
    """Write columns as the kind of file that the name says; None is a missing value."""
    names, rows = list(columns), list(zip(*columns.values(), strict=True))
    if path.name.endswith(".parquet"):
        pq.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), path)
        return path
    if ".csv" in path.name:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(names)
        writer.writerows([_csv_value(value) for value in row] for row in rows)
        data = text.getvalue().encode()
    else:
        lines = (json.dumps(dict(zip(names, row, strict=True))) for row in rows)
        data = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def _csv_value(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def write_card(folder: Path, predictions: str, *, extra: str = "") -> Path:
    """Write a card whose table [predictions] is `predictions`."""
    path = folder / "system.toml"
    path.write_text(
        '[system]\nname = "Care"\nversion = "1.0"\nintended_use = "Choose whom to invite"\n'
        f'[population]\ncountry = "US"\n{extra}[predictions]\n{predictions}',
        encoding="utf-8",
    )
    return path


def assessed(
    folder: Path, columns: Columns, predictions: str, name: str = "predictions.csv"
) -> Assessment:
    """Write table and card, and assess them."""
    table = write_table(folder / name, columns)
    return assess(load_card(write_card(folder, predictions), table), ASSESSOR, clock=CLOCK)


def find(assessment: Assessment, measure: str, **slice_: str) -> Claim:
    """The one claim of a measure on a slice, in the first partition that has it."""
    found = [
        claim for claim in assessment.claims if claim.measure == measure and claim.slice == slice_
    ]
    assert found, f"no claim of {measure} on {slice_}"
    return found[0]


def in_partition(assessment: Assessment, measure: str, partition: str) -> Claim:
    """The one claim of a gap or ratio in a partition."""
    digests = {
        procedure.digest
        for procedure in assessment.procedures
        if procedure.parameters.get("partition") == partition
    }
    (found,) = [
        claim
        for claim in assessment.claims
        if claim.measure == measure and claim.procedure in digests
    ]
    return found
