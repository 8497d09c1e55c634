"""Thresholds of each district's own climate, with the sentence where they are from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from early_warning.climate import make_record, percentile
from early_warning.drafts.thresholds import Limit, limits
from early_warning.service import Service
from goods.early_warning.tests.drafts.made import service

RECORD = 'record = {files = "records/{code}.csv", day = "day", value = "value"}'


def hazard(name: str, *levels: str) -> str:
    inside = ", ".join(f"{{{level}}}" for level in levels)
    return f'\n[[hazards]]\nhazard = "{name}"\nlevels = [{inside}]\n{RECORD}\n'


def days(years: int) -> NDArray[np.datetime64]:
    return np.arange(
        np.datetime64("1990-01-01"), np.datetime64(f"{1990 + years}-01-01"), dtype="datetime64[D]"
    )


def record(folder: Path, code: str, values: NDArray[np.float64], years: int = 30) -> None:
    (folder / "records").mkdir(exist_ok=True)
    rows = [f"{day},{value:.2f}" for day, value in zip(days(years), values, strict=True)]
    (folder / "records" / f"{code}.csv").write_text("day,value\n" + "\n".join(rows) + "\n")


def rain(years: int = 30, seed: int = 1) -> NDArray[np.float64]:
    return np.random.default_rng(seed).gamma(0.3, 12.0, len(days(years)))


def of(opened: Service, code: str = "N1") -> tuple[Limit, ...]:
    return limits(opened)[opened.country.hazards[0].hazard, code]


def test_an_amount_holds_for_all_districts_and_says_whose_it_is(tmp_path: Path) -> None:
    opened = service(tmp_path)
    assert [one.amount for one in of(opened)] == ["20", "40", "80"]
    assert of(opened, "S2")[0].words == "Set by the service for all districts: 20 mm."


def test_a_percentile_is_that_of_the_districts_own_record(tmp_path: Path) -> None:
    values = rain().round(2)
    record(tmp_path, "N1", values)
    (one,) = of(service(tmp_path, hazard("heavy_rain", 'impact = "minor", percentile = 0.99')))
    expected = percentile(make_record(days(30), values, where="made"), 0.99)
    assert one.amount is not None
    assert float(one.amount) == pytest.approx(expected.value, abs=0.05)
    assert one.words == (
        f"Passed on 1 of 100 days in the district's own record of 30 whole years: {one.amount} mm "
        f"(95 % interval {expected.low:.1f} to {expected.high:.1f})."
    )


def test_a_return_level_says_both_methods_and_its_years(tmp_path: Path) -> None:
    record(tmp_path, "N1", rain())
    (one,) = of(service(tmp_path, hazard("heavy_rain", 'impact = "severe", return_years = 10')))
    assert one.amount is not None
    assert float(one.amount) > 60
    for part in ("once in 10 years", "30 whole years", "95 % interval", "L-moments; maximum"):
        assert part in one.words


def test_cold_is_rare_as_heat_is_rare(tmp_path: Path) -> None:
    values = np.random.default_rng(2).normal(-20, 8, len(days(30)))
    record(tmp_path, "N1", values)
    asked = ('impact = "minor", percentile = 0.9', 'impact = "severe", percentile = 0.99')
    mild, bad = of(service(tmp_path, hazard("extreme_cold", *asked)))
    assert mild.amount is not None
    assert bad.amount is not None
    assert float(mild.amount) == pytest.approx(np.quantile(values, 0.1), abs=0.3)
    assert float(bad.amount) == pytest.approx(np.quantile(values, 0.01), abs=0.6)
    low, high = bad.words.partition("interval ")[2].rstrip(").").split(" to ")
    assert float(low) < float(bad.amount) < float(high)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (None, "there is no such file"),
        (rain(5), "the record has 5 whole years, and a percentile needs 10"),
        (rain() - 5, "which is not mm of one day"),
        (np.where(rain() > 60, 9999.0, rain()), "to 9999, which is not mm of one day"),
        (np.where(rain() > 60, rain(), 0.0), "on so many days there is nothing"),
    ],
    ids=[
        "no record",
        "a short record",
        "negative rain",
        "a number that stands for missing",
        "a percentile of nothing",
    ],
)
def test_where_the_record_gives_none_the_amount_stands_for_it_with_the_reason(
    tmp_path: Path, values: NDArray[np.float64] | None, why: str
) -> None:
    if values is not None:
        record(tmp_path, "N1", values, 5 if len(values) < 2_000 else 30)
    asked = 'impact = "minor", percentile = 0.9, amount = "15"'
    (one,) = of(service(tmp_path, hazard("heavy_rain", asked)))
    assert one.amount == "15"
    assert one.words.startswith("The service's amount for districts whose record gives none, 15 mm")
    assert why in one.words


def test_a_return_level_that_does_not_occur_is_none(tmp_path: Path) -> None:
    values = np.ones(len(days(30)))
    worst = np.concatenate([np.linspace(10, 60, 22), np.linspace(200, 1_990, 8)])
    values[100 : 100 + 365 * 30 : 365] = np.random.default_rng(4).permutation(worst)
    record(tmp_path, "N1", values)
    asked = 'impact = "severe", return_years = 119, amount = "150"'
    (one,) = of(service(tmp_path, hazard("heavy_rain", asked)))
    assert one.amount == "150"
    assert "mm, which does not occur" in one.words


def test_without_record_and_amount_there_is_no_threshold(tmp_path: Path) -> None:
    (one,) = of(service(tmp_path, hazard("heavy_rain", 'impact = "minor", percentile = 0.9')))
    assert one.amount is None
    assert one.words == "The district has no threshold: there is no such file."


def test_kelvins_in_a_record_are_not_taken_for_degrees(tmp_path: Path) -> None:
    record(tmp_path, "N1", np.random.default_rng(3).normal(300, 5, len(days(30))))
    (one,) = of(service(tmp_path, hazard("extreme_heat", 'impact = "minor", percentile = 0.9')))
    assert one.amount is None
    assert "not °C" in one.words


def test_a_graver_level_below_a_milder_one_draws_the_milder_down_to_it(tmp_path: Path) -> None:
    record(tmp_path, "N1", rain())
    asked = ('impact = "minor", percentile = 0.99', 'impact = "severe", amount = "10"')
    mild, grave = of(service(tmp_path, hazard("heavy_rain", *asked)))
    assert (mild.amount, grave.amount) == ("10", "10")
    assert mild.words.startswith("A graver level begins at 10 mm already, so this one does too")


def test_what_a_record_gave_is_kept_until_the_record_changes(tmp_path: Path) -> None:
    record(tmp_path, "N1", rain())
    asked = hazard("heavy_rain", 'impact = "minor", percentile = 0.99')
    first = of(service(tmp_path, asked))
    path = tmp_path / "state/thresholds.json"
    kept = json.loads(path.read_text())
    for (limit,) in kept["limits"].values():
        limit["words"] = "Kept."
    path.write_text(json.dumps(kept))
    assert of(service(tmp_path, asked))[0].words == "Kept."
    record(tmp_path, "N1", rain(seed=9))
    again = of(service(tmp_path, asked))[0]
    assert again.words != "Kept."
    assert again != first[0]


@pytest.mark.parametrize("data", [b"", b"[1", b'{"version": 2, "limits": {}}', b"\xff\xfe"])
def test_a_spoilt_memory_is_computed_again(tmp_path: Path, data: bytes) -> None:
    record(tmp_path, "N1", rain())
    opened = service(tmp_path, hazard("heavy_rain", 'impact = "minor", percentile = 0.99'))
    first = of(opened)
    (tmp_path / "state/thresholds.json").write_bytes(data)
    assert of(opened) == first


def test_a_first_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    record(tmp_path, "N1", rain())
    record(tmp_path, "S2", rain(seed=9))
    opened = service(tmp_path, hazard("heavy_rain", 'impact = "minor", percentile = 0.99'))
    told: list[str] = []

    def stop_at_the_second(step: str, share: object) -> None:
        told.append(step)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        limits(opened, stop_at_the_second)
    kept = json.loads((tmp_path / "state/thresholds.json").read_text())
    assert len(kept["limits"]) == 1
    limits(opened)
    kept = json.loads((tmp_path / "state/thresholds.json").read_text())
    assert len(kept["limits"]) == 2
