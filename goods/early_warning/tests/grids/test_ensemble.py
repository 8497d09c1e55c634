"""Ensembles are complete or no data: ECMWF's open data before and since cycle 50r1."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from comity.errors import InputError
from early_warning.grids import (
    ECMWF_2024,
    ECMWF_2026,
    Ensemble,
    Field,
    Gates,
    Layout,
    NoData,
    RegularGrid,
    accumulated,
    ensembles,
    read_grib,
)
from goods.early_warning.tests.grids.made import (
    WORLD,
    field,
    member,
    old_control,
    single_run,
    some_rain,
)

GATES = Gates(now=None)
SMALL = Layout(name="a small ensemble", perturbed=3, control="oper")


def only(fields: list[Field], layout: Layout) -> Ensemble | NoData:
    (found,) = ensembles(fields, layout, GATES).values()
    return found


def gathered(fields: list[Field], layout: Layout) -> Ensemble:
    found = only(fields, layout)
    assert isinstance(found, Ensemble)
    return found


def refused(fields: list[Field], layout: Layout) -> NoData:
    found = only(fields, layout)
    assert isinstance(found, NoData)
    return found


def small(*numbers: int, control: bool = True) -> list[Field]:
    fields = [field(some_rain(number), member=number) for number in numbers]
    run = field(some_rain(0), kind="deterministic", member=None, stream="oper")
    return [*fields, run] if control else fields


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Field]]:
    folder: Path = tmp_path_factory.mktemp("ecmwf")
    contents = {
        "enfo": b"".join(member(number, some_rain(number)) for number in range(1, 51)),
        "oper": single_run(some_rain(0)),
        "cf": old_control(some_rain(0)),
    }
    read = {}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        read[name] = list(read_grib(folder / name))
    return read


def test_since_2026_the_control_is_the_high_resolution_run(files: dict[str, list[Field]]) -> None:
    found = gathered(files["enfo"] + files["oper"], ECMWF_2026)
    assert found.values.shape == (51, WORLD.size)
    np.testing.assert_allclose(found.values[0], some_rain(0).reshape(-1), atol=0.01)
    np.testing.assert_allclose(found.values[50], some_rain(50).reshape(-1), atol=0.01)


def test_before_2026_it_was_a_member(files: dict[str, list[Field]]) -> None:
    assert gathered(files["enfo"] + files["cf"], ECMWF_2024).values.shape[0] == 51


@pytest.mark.parametrize(
    ("names", "layout", "told"),
    [
        (["enfo"], ECMWF_2026, "50 members where .* has 51 .*absent: 0"),
        (["enfo", "oper"], ECMWF_2024, "50 members where .* has 51 .*absent: 0"),
        (["enfo", "oper", "cf"], ECMWF_2026, "52 members .*twice: 0"),
        (["enfo", "enfo", "oper"], ECMWF_2026, "101 members .*twice: 1, 2, 3"),
    ],
    ids=[
        "new files without the high-resolution run",
        "new files read by the old layout",
        "old and new control together",
        "the members fetched twice",
    ],
)
def test_a_wrong_count_is_no_data(
    files: dict[str, list[Field]], names: list[str], layout: Layout, told: str
) -> None:
    found = refused([one for name in names for one in files[name]], layout)
    assert found.reason == "miscounted"
    assert re.search(told, found.text)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (small(1, 2), "miscounted"),
        (small(1, 2, 2), "miscounted"),
        (small(1, 2, 4), "miscounted"),
        (small(1, 2, 3, 4), "miscounted"),
        (small(1, 2, 3, control=False), "miscounted"),
        ([*small(1, 2), field(some_rain() - 9, member=3)], "impossible"),
    ],
    ids=[
        "one absent",
        "one twice in place of another",
        "a number that is not expected",
        "one more",
        "no control",
        "one refused member",
    ],
)
def test_an_incomplete_ensemble_is_no_data(fields: list[Field], reason: str) -> None:
    assert refused(fields, SMALL).reason == reason


def test_an_ensemble_without_control_has_only_its_members() -> None:
    alone = Layout(name="without", perturbed=3, control=None)
    assert gathered(small(3, 1, 2), alone).values.shape == (3, WORLD.size)


def test_a_grid_of_its_own_for_one_member_is_no_data() -> None:
    other = RegularGrid(north=90, west=5, step_lat=10, step_lon=10, rows=19, columns=36)
    fields = [*small(1, 2), field(some_rain(), other, member=3)]
    assert refused(fields, SMALL).reason == "miscounted"


def test_forecasts_are_kept_apart() -> None:
    later = [field(some_rain(n), member=n, end_hour=48.0) for n in (1, 2)]
    found = ensembles([*small(1, 2, 3), *later], SMALL, GATES)
    assert [type(one) for one in found.values()] == [Ensemble, NoData]


def since_start(end: float, rain: float) -> Ensemble:
    fields = [field(some_rain(n) + rain, member=n, end_hour=end) for n in (1, 2, 3)]
    return gathered(fields, Layout(name="without", perturbed=3, control=None))


def test_rain_between_two_steps_is_the_difference() -> None:
    between = accumulated(since_start(24.0, 0.0), since_start(48.0, 7.0))
    assert isinstance(between, Ensemble)
    assert (between.start_hour, between.end_hour) == (24.0, 48.0)
    np.testing.assert_allclose(between.values, 7.0, atol=1e-4)


def test_packing_does_not_make_negative_rain() -> None:
    between = accumulated(since_start(24.0, 0.02), since_start(48.0, 0.0))
    assert isinstance(between, Ensemble)
    assert (between.values == 0).all()


def test_rain_that_falls_back_up_is_no_data() -> None:
    found = accumulated(since_start(24.0, 3.0), since_start(48.0, 0.0))
    assert isinstance(found, NoData)
    assert found.reason == "impossible"


def test_two_steps_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(InputError, match="not rain since one start"):
        accumulated(since_start(48.0, 7.0), since_start(24.0, 0.0))
