"""A district's stage: what is not known is never green, and what was not proven has no colour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from early_warning.desk.pages.district import by_window, find, rank, windows_of
from early_warning.drafts.outlook import Expectation
from goods.early_warning.tests.desk.coast import EXPIRES, ONSET, expected, missing, unproven


def proven(used: float, impact: str = "significant") -> Expectation:
    return expected("C01", raw=used, isotonic=used, used=used, impact=impact)


def doubtful(raw: float, impact: str = "significant") -> Expectation:
    return expected("C01", raw=raw, used=None, by=None, may_alert=False, impact=impact)


CASES: dict[str, tuple[tuple[Expectation, ...], str]] = {
    "no level has data": ((missing("C01"), missing("C01")), "nodata"),
    "one level is likely enough": ((proven(0.45),), "orange"),
    "the worst colour counts": ((proven(0.7), proven(0.65, "severe")), "red"),
    "all levels are unlikely": ((proven(0.01), proven(0.0, "severe")), "green"),
    "unlikely, and another level has no data": ((proven(0.01), missing("C01")), "nodata"),
    "likely, and another level has no data": ((proven(0.45), missing("C01")), "orange"),
    "skill was not shown at all": ((doubtful(0.45),), "unsure"),
    "skill was not shown, and the raw ensemble expects nothing": ((doubtful(0.0),), "unsure"),
    "green where proven, worse by what was not": ((proven(0.01), doubtful(0.7)), "unsure"),
    "orange where proven, yellow by what was not": ((proven(0.45), doubtful(0.25)), "orange"),
    "green where proven, and so by what was not": ((proven(0.01), doubtful(0.01)), "green"),
}


@pytest.mark.parametrize(("levels", "stage"), CASES.values(), ids=CASES)
def test_a_district_has_the_stage_that_is_known_of_it(
    levels: tuple[Expectation, ...], stage: str
) -> None:
    assert find(levels, {}).stage == stage
    assert find(levels[::-1], {}).stage == stage


def test_the_services_own_matrix_counts() -> None:
    strict = {"significant": ("yellow", "orange", "red", "red")}
    assert find((proven(0.45),), strict).stage == "red"  # type: ignore[arg-type]


def test_words_tell_used_from_raw() -> None:
    assert find((proven(0.45),), {}).label == "orange, 45 % for heavy rain above 50 mm"
    assert find((doubtful(0.45),), {}).label == (
        "skill not shown, raw 45 % for heavy rain above 50 mm"
    )
    assert find((missing("C01"),), {}).label == "no data"


def test_the_map_keeps_raw_probabilities_visible_where_skill_was_not_shown() -> None:
    assert find((doubtful(0.454),), {}).mark == "45?"
    assert [find((one,), {}).mark for one in (proven(0.45), missing("C01"))] == ["", ""]


def test_the_worst_stands_first_and_green_stands_last() -> None:
    found = [find((one,), {}) for one in (proven(0.01), missing("C01"), doubtful(0.5))]
    found += [find((one,), {}) for one in (proven(0.3), proven(0.5), proven(0.45))]
    order = [one.stage for one in sorted(found, key=rank)]
    assert order == ["orange", "orange", "yellow", "unsure", "nodata", "green"]
    assert sorted(found, key=rank)[0].expectation.used == 0.5


def test_windows_are_listed_by_hazard_and_time() -> None:
    later = expected("C01", begins=EXPIRES, ends=EXPIRES + timedelta(days=1))
    windows = windows_of([later, expected("C02"), unproven("C01"), expected("C01")])
    assert [(one.hazard, one.begins) for one in windows] == [
        ("heavy_rain", ONSET),
        ("heavy_rain", EXPIRES),
        ("strong_wind", ONSET),
    ]
    assert windows[0].key == "20261122T1200-20261123T1200"


def test_the_levels_of_a_window_are_those_of_its_hazard_and_time() -> None:
    one, other = expected("C01"), expected("C01", impact="severe", threshold="100")
    found = by_window([one, unproven("C01"), other])[windows_of([one])[0]]
    assert found == {"C01": (one, other)}
