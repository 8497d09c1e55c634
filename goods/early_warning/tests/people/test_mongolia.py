"""Mongolia's published data: 343 soums joined to 22 aimags, with herders, disabled, elderly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.parts import require_data

from early_warning.grids import RegularGrid
from early_warning.people import (
    Boundaries,
    BoundarySpec,
    Count,
    Ledger,
    TableSpec,
    district_weights,
    join,
    read_boundaries,
    read_table,
)
from early_warning.people.tables import Unit


def folder() -> Path:
    return require_data("weather/mongolia")


def table(name: str, group: str, unit: Unit = "people", prefix: str = "") -> tuple[Count, ...]:
    spec = TableSpec(
        code="CODE", value="DTVAL_CO", records="DataList", group=group, unit=unit, prefix=prefix
    )
    return read_table(folder() / name, spec)


@pytest.fixture(scope="module")
def aimags() -> Boundaries:
    spec = BoundarySpec(code="NSO_CODE", name="ADM1_EN", names={"mn": "ADM1_MN"})
    return read_boundaries(folder() / "mng_adm1_nso_match_1212_mn.json.gz", spec)


@pytest.fixture(scope="module")
def ledger(aimags: Boundaries) -> Ledger:
    rows = (
        *table("NSO_Population_Admin2_Total.json", "residents"),
        *table("NSO_Herder_HHs_Admin2.json", "herders", "households"),
        *table("NSO_Livestock_Count_Admin2.json", "livestock", "animals"),
        *table("NSO_Disabled_Admin1_Total.json", "disabled", prefix="MN"),
        *table("NSO_Single_Elderly_Admin1_Total.json", "single elderly"),
    )
    return join(aimags, rows, nest=3)


def test_all_residents_of_all_soums_have_an_aimag(ledger: Ledger) -> None:
    assert ledger.total == 3_193_760
    assert sum(len(one.places) for one in ledger.districts) == 343
    assert sum(one.residents or 0 for one in ledger.districts) == 3_193_760
    assert ledger.stranded == ()


def test_the_boundaries_need_no_repair_and_carry_their_mongolian_names(aimags: Boundaries) -> None:
    assert aimags.repairs == ()
    assert len(aimags.areas) == 22
    assert {area.code: area.names["mn"] for area in aimags.areas}["345"] == "Дархан-Уул"


def test_groups_are_counted_and_seven_soums_without_herders_row_are_known(ledger: Ledger) -> None:
    herders = [one.groups["herders"] for one in ledger.districts]
    assert sum(one.places for one in herders) == 336
    assert {one.unit for one in herders} == {"households"}
    assert sum(one.groups["disabled"].number for one in ledger.districts) == 105_730
    for one in ledger.districts:
        assert one.groups["single elderly"].places == len(one.places)


def test_every_soum_has_cells_and_so_a_forecast(aimags: Boundaries, ledger: Ledger) -> None:
    grid = RegularGrid(north=90, west=0, step_lat=0.25, step_lon=0.25, rows=721, columns=1440)
    weights = district_weights(aimags.areas, grid)
    np.testing.assert_allclose(weights.covered(), 1.0, atol=1e-6)
    cells = dict(zip(weights.codes, np.diff(weights.start).tolist(), strict=True))
    soums = [code for one in ledger.districts for code in one.places]
    assert all(cells[ledger.district_of[soum]] > 0 for soum in soums)
