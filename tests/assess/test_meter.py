"""Energy: measured by the processor's own counters, or unavailable; never guessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from comity.assess import assess, load_card
from comity.assess.meter import Counter, energy_between, read_counters
from comity.claims import Reason
from tests.assess.tables import ASSESSOR, CLOCK, find, write_card, write_table


def zone(folder: Path, name: str, label: str, energy: str, span: str = "262143328850") -> None:
    (folder / name).mkdir(parents=True)
    for file, text in (("name", label), ("energy_uj", energy), ("max_energy_range_uj", span)):
        (folder / name / file).write_text(f"{text}\n")


def test_whole_packages_are_added_up_and_their_parts_are_not(tmp_path: Path) -> None:
    zone(tmp_path, "intel-rapl:0", "package-0", "1000")
    zone(tmp_path, "intel-rapl:1", "package-1", "2000")
    zone(tmp_path, "intel-rapl:0:0", "core", "900")
    zone(tmp_path, "intel-rapl:2", "psys", "7000")
    assert [counter.value for counter in read_counters(tmp_path).values()] == [1000, 2000]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda zone: (zone / "energy_uj").unlink(), id="no counter"),
        pytest.param(lambda zone: (zone / "energy_uj").write_text("many\n"), id="no number"),
        pytest.param(lambda zone: (zone / "name").unlink(), id="no name"),
    ],
)
def test_a_zone_that_cannot_be_read_is_no_meter(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    zone(tmp_path, "intel-rapl:0", "package-0", "1000")
    spoil(tmp_path / "intel-rapl:0")
    assert read_counters(tmp_path) == {}


@pytest.mark.parametrize(
    ("before", "after", "joules"),
    [
        pytest.param(1_000_000, 3_500_000, "2.5", id="counting up"),
        pytest.param(9_000_000, 500_000, "1.5", id="once past the end of the counter"),
        pytest.param(7, 7, "0", id="no energy at all"),
    ],
)
def test_energy_is_the_difference_of_the_counters(before: int, after: int, joules: str) -> None:
    span = 10_000_000
    energy = energy_between(
        {"z": Counter(value=before, span=span)}, {"z": Counter(value=after, span=span)}, 0.001
    )
    assert (energy.method, energy.low, energy.high) == ("measured", joules, joules)


@pytest.mark.parametrize(
    ("before", "after", "seconds"),
    [
        pytest.param({}, {}, 1.0, id="no meter"),
        pytest.param({"z": Counter(value=1, span=10**12)}, {}, 1.0, id="a meter that vanished"),
        pytest.param(
            {"z": Counter(value=1, span=10**9)},
            {"z": Counter(value=2, span=10**9)},
            1.0,
            id="a counter that may have turned twice",
        ),
    ],
)
def test_energy_that_is_not_known_is_no_number(
    before: dict[str, Counter], after: dict[str, Counter], seconds: float
) -> None:
    energy = energy_between(before, after, seconds)
    assert (energy.method, energy.low, energy.high) == ("unavailable", None, None)


def test_the_footprint_is_claimed_from_the_meter(tmp_path: Path) -> None:
    card = load_card(
        write_card(tmp_path, 'truth = "t"\nprediction = "p"\n'),
        write_table(tmp_path / "p.csv", {"t": [0, 1], "p": [0, 1]}),
    )
    folder = tmp_path / "powercap"
    zone(folder, "intel-rapl:0", "package-0", "1000")
    metered = assess(card, ASSESSOR, clock=CLOCK, powercap=folder)
    assert find(metered, "footprint.assessment_energy").estimate == "0"
    assert find(metered, "footprint.assessment_cpu_seconds").estimate == "0"
    bare = assess(card, ASSESSOR, clock=CLOCK, powercap=tmp_path / "nowhere")
    assert find(bare, "footprint.assessment_energy").reason is Reason.NO_ENERGY_METER
    assert find(bare, "footprint.system_energy").reason is Reason.SYSTEM_NOT_RUN
    assert bare.cost.energy.method == "unavailable"
