"""Evidence of an assessment: the rows as they stand in every kind of file, in their order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from comity.assess import assess, load_card
from comity.errors import InputError
from tests.assess.tables import ASSESSOR, CLOCK, KINDS, Columns, write_card, write_table
from tests.assess.test_forecast import POINT, forecast_card, weather
from tests.assess.test_oracles import random_table

ROLES = 'truth = "t"\nprediction = "p"\nscore = "s"\ngroups = ["g"]\n'


def records(folder: Path, table: Columns, name: str, roles: str = ROLES) -> list[dict[str, Any]]:
    """The private records of an assessment with evidence."""
    written = bytearray()
    path = write_table(folder / name, table)
    result = assess(
        load_card(write_card(folder, roles), path), ASSESSOR, clock=CLOCK, evidence=written.extend
    )
    head, *rows, foot = [json.loads(line) for line in bytes(written).splitlines()]
    assert result.evidence is not None
    assert (result.evidence.n, result.evidence.root) == (head["n"], foot["root"])
    return rows


@pytest.mark.parametrize("name", KINDS)
def test_records_are_the_rows_in_the_tables_order(tmp_path: Path, name: str) -> None:
    table = random_table(21, 30_000, (0.6, 0.4), 0)
    table["g"][5] = None
    found = records(tmp_path, table, name)
    assert [one["row"] for one in found] == list(range(1, 30_001))
    assert [one["values"]["truth"] for one in found] == [str(value) for value in table["t"]]
    scores = [float(one["values"]["score"]) for one in found]
    assert scores == pytest.approx(table["s"], rel=1e-15)
    assert not found[5]["values"]["group.g"]


def test_rows_of_every_part_are_committed_to(tmp_path: Path) -> None:
    table = {"t": [0, 1] * 50, "p": [0, 1] * 50, "part": ["test"] * 60 + ["train"] * 40}
    found = records(tmp_path, table, "p.csv", 'truth = "t"\nprediction = "p"\nsplit = "part"\n')
    assert [one["values"]["split"] for one in found] == table["part"]


def test_two_runs_draw_two_secrets(tmp_path: Path) -> None:
    table = random_table(22, 40, (1.0,), 0)
    first, second = (records(tmp_path, table, "p.csv") for _ in range(2))
    assert not {one["salt"] for one in first} & {one["salt"] for one in second}


def test_a_row_too_long_for_a_record_stops_the_run(tmp_path: Path) -> None:
    table = {"t": [0, 1], "p": [0, 1], "name": ["a", "b" * 200_000]}
    with pytest.raises(InputError, match="row 2 is longer"):
        records(tmp_path, table, "p.csv", 'truth = "t"\nprediction = "p"\nid = "name"\n')


def test_the_rows_of_a_forecast_are_committed_to_as_well(tmp_path: Path) -> None:
    table, written = weather(1, 60), bytearray()
    path = write_table(tmp_path / "forecast.csv", table)
    card = load_card(forecast_card(tmp_path, POINT), path)
    result = assess(card, ASSESSOR, clock=CLOCK, evidence=written.extend)
    rows = [json.loads(line) for line in bytes(written).splitlines()[1:-1]]
    assert result.evidence is not None and result.evidence.n == len(rows) == len(table["y"])
    assert [float(one["values"]["truth"]) for one in rows] == pytest.approx(table["y"])
