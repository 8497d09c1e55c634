"""The outlook of a run: all districts, all hazards, and *no data* that is never *no hazard*."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from early_warning.drafts.look_ahead import look_ahead
from early_warning.drafts.outlook import Expectation, Outlook
from early_warning.drafts.propose import propose
from early_warning.drafts.windows import MAX_WINDOWS
from early_warning.grids import RegularGrid
from early_warning.service import Service
from goods.early_warning.tests.drafts.made import (
    COUNTRY,
    MEMBERS,
    RAIN,
    everywhere,
    rain_file,
    service,
    write,
)
from goods.early_warning.tests.grids.made import START
from goods.early_warning.tests.grids.test_netcdf import made as made_netcdf

NOW = START + timedelta(hours=3)

WIND_AND_COLD = """
[[hazards]]
hazard = "strong_wind"
levels = [{impact = "minor", amount = "15"}]

[[hazards]]
hazard = "extreme_cold"
levels = [{impact = "minor", amount = "3"}, {impact = "severe", amount = "-5"}]
"""


def wet(*, more: float = 0.0) -> dict[int, np.ndarray]:
    """In N1 15, 30, 45, 60 and 75 mm; in S2 a fifth of it."""
    return {
        number: everywhere({"N1": 15 * number + more, "S2": 3 * number + more})
        for number in range(1, MEMBERS + 1)
    }


def gusty() -> dict[int, np.ndarray]:
    return {n: everywhere({"N1": 6.0 + n, "S2": 12.0 + n}, 2.0) for n in range(1, MEMBERS + 1)}


def cold() -> dict[int, np.ndarray]:
    return {n: everywhere({"N1": 280.0 - 3 * n, "S2": 290.0}, 285.0) for n in range(1, MEMBERS + 1)}


def whole_run(folder: Path) -> None:
    """Rain since the start at two steps, gusts of half days, the lowest temperature of a day."""
    incoming = folder / "incoming"
    rain_file(incoming / "rain-24.grib2", wet(), "0-24")
    rain_file(incoming / "rain-48.grib2", wet(more=25.0), "0-48")
    write(incoming / "gust-12.grib2", gusty(), "0-12", short_name="10fg")
    write(incoming / "gust-24.grib2", gusty(), "12-24", short_name="10fg")
    write(incoming / "cold-24.grib2", cold(), "0-24", short_name="mn2t")


@pytest.fixture(scope="module")
def opened() -> Iterator[Service]:
    with tempfile.TemporaryDirectory() as name:
        found = service(Path(name), RAIN + WIND_AND_COLD)
        whole_run(Path(name))
        yield found


@pytest.fixture(scope="module")
def outlook(opened: Service) -> Outlook:
    return look_ahead(opened, now=NOW)


def the(outlook: Outlook, **wanted: object) -> Expectation:
    (one,) = (
        one
        for one in outlook.expectations
        if all(getattr(one, name) == value for name, value in wanted.items())
    )
    return one


def test_every_district_hazard_window_and_level_is_there(outlook: Outlook) -> None:
    events = {
        (one.district, one.hazard, one.impact, one.begins, one.ends) for one in outlook.expectations
    }
    assert len(events) == len(outlook.expectations) == 3 * 2 * (3 + 1 + 2)
    assert outlook.run == START
    assert len(outlook.files) == 5


def test_probabilities_are_shares_of_members_anywhere_in_the_district(outlook: Outlook) -> None:
    first = the(outlook, district="N1", hazard="heavy_rain", impact="significant", lead=24)
    assert first.raw == pytest.approx(0.6)
    assert first.question == "anywhere"
    assert (first.begins, first.ends) == (START, START + timedelta(hours=24))
    second = the(outlook, district="N1", hazard="heavy_rain", impact="minor", lead=48)
    assert second.raw == 1.0  # 25 mm more than the day before, in every member
    assert the(outlook, district="S2", hazard="strong_wind", lead=24).raw == pytest.approx(0.4)


def test_cold_is_below_the_threshold(outlook: Outlook) -> None:
    mild = the(outlook, district="N1", hazard="extreme_cold", impact="minor", lead=24)
    assert mild.raw == pytest.approx(0.8)  # 3.85, 0.85, -2.15, -5.15 and -8.15 °C
    bad = the(outlook, district="N1", hazard="extreme_cold", impact="severe", lead=24)
    assert bad.raw == pytest.approx(0.4)


def test_a_district_beyond_the_grid_has_no_data_and_its_people_are_told(outlook: Outlook) -> None:
    mine = [one for one in outlook.expectations if one.district == "X3"]
    assert {one.raw for one in mine} == {None}
    (why,) = {one.no_data for one in mine if "no file of this run" not in one.no_data}
    assert "grid" in why
    assert any(
        line.startswith("30 people cannot be warned, because their district has no forecast")
        for line in outlook.people
    )


def test_without_past_forecasts_nothing_may_alert_and_it_says_why(outlook: Outlook) -> None:
    assert not any(one.may_alert for one in outlook.expectations)
    one = the(outlook, district="N1", hazard="strong_wind", lead=24)
    assert one.words.startswith("skill was not judged")
    assert one.used is None
    assert one.by is None


def test_the_outlook_can_be_written_and_read(outlook: Outlook) -> None:
    assert msgspec.json.decode(msgspec.json.encode(outlook), type=Outlook) == outlook


def test_sources_name_the_file_and_not_where_it_stands(outlook: Outlook, opened: Service) -> None:
    assert (
        the(outlook, district="N1", hazard="strong_wind", lead=24).source
        == "gust-24.grib2, message 1"
    )
    assert str(opened.folder) not in msgspec.json.encode(outlook).decode()


FILES = ["rain-24", "rain-48", "gust-12", "gust-24", "cold-24"]


@settings(deadline=None, max_examples=40)
@given(st.sets(st.sampled_from(FILES)), st.sampled_from(["gone", "cut", "empty"]))
def test_a_lost_or_broken_file_never_makes_no_hazard(
    opened: Service, outlook: Outlook, lost: set[str], how: str
) -> None:
    known = {
        (one.district, one.hazard, one.impact, one.begins, one.ends): one
        for one in outlook.expectations
    }
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "incoming").mkdir()
        left = service(Path(name), RAIN + WIND_AND_COLD)
        for file in FILES:
            source = opened.folder / "incoming" / f"{file}.grib2"
            target = Path(name) / "incoming" / source.name
            if file not in lost:
                shutil.copy(source, target)
            elif how != "gone":
                target.write_bytes(source.read_bytes()[: -100 if how == "cut" else 0])
        found = look_ahead(left, now=NOW)
        drafts = propose(left, found, now=NOW)
    for one in found.expectations:
        event = (one.district, one.hazard, one.impact, one.begins, one.ends)
        if one.raw is None:
            assert one.no_data
            assert not one.may_alert
        elif event in known:
            assert one.raw == known[event].raw
        else:
            raise AssertionError(f"nobody knew of {event} before a file was lost")
    if found.expectations:
        assert {one.district for one in found.expectations} == {"N1", "S2", "X3"}
        assert {one.hazard for one in found.expectations} == {
            "heavy_rain",
            "strong_wind",
            "extreme_cold",
        }
    if how != "gone":
        assert len(found.no_data) >= len(lost)
    blind = {
        (one.district, one.begins, one.hazard) for one in found.expectations if one.raw is None
    }
    seen = {
        (one.district, one.begins, one.hazard) for one in found.expectations if one.raw is not None
    }
    for draft in drafts:
        for district in draft.content.districts:
            event_ = (district, draft.lines[0].expectation.begins, draft.content.hazard)
            assert event_ not in blind - seen


def test_nothing_to_read_is_said_and_nobody_counts_as_warned(tmp_path: Path) -> None:
    found = look_ahead(service(tmp_path), now=NOW)
    assert found.run is None
    assert found.expectations == ()
    assert found.no_data == (f"No file is named * in {tmp_path / 'incoming'}.",)
    assert found.people[0].startswith(
        "1,230 people cannot be warned, because their district has no"
    )


def test_an_old_run_is_no_data(tmp_path: Path) -> None:
    opened = service(tmp_path)
    rain_file(tmp_path / "incoming/rain.grib2", wet(), "0-24")
    found = look_ahead(opened, now=NOW + timedelta(hours=60))
    assert {one.raw for one in found.expectations} == {None}
    assert "hours old" in found.expectations[0].no_data


def test_only_the_newest_run_counts_and_the_others_are_named(tmp_path: Path) -> None:
    opened = service(tmp_path)
    rain_file(tmp_path / "incoming/a.grib2", wet(more=50.0), "0-24", dataDate=20261121)
    rain_file(tmp_path / "incoming/b.grib2", wet(), "0-24")
    found = look_ahead(opened, now=NOW)
    assert found.files == ("b.grib2",)
    assert found.no_data == ("Only the newest run is used; passed over: 2026-11-21 00:00 UTC.",)
    assert the(found, district="N1", impact="severe").raw == 0.0


def test_a_run_of_the_future_does_not_hide_todays(tmp_path: Path) -> None:
    opened = service(tmp_path)
    rain_file(tmp_path / "incoming/a.grib2", wet(), "0-24", dataDate=20261123)
    rain_file(tmp_path / "incoming/b.grib2", wet(), "0-24")
    found = look_ahead(opened, now=NOW)
    assert found.files == ("b.grib2",)
    assert found.no_data == ("a.grib2: its run of 2026-11-23 00:00 UTC lies in the future.",)


def test_files_that_are_none_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    opened = service(tmp_path)
    incoming = tmp_path / "incoming"
    rain_file(incoming / "b.grib2", wet(), "0-24")
    (incoming / "a.grib2").write_bytes(b"GRIB" + bytes(40))
    (incoming / "c.nc").write_bytes(b"nothing")
    (incoming / "d.txt").write_text("notes")
    (incoming / "e.bin").write_bytes(b"GRIB" + (incoming / "b.grib2").read_bytes()[4:300])
    found = look_ahead(opened, now=NOW)
    assert found.files == ("b.grib2",)
    assert [line.split(":")[0] for line in found.no_data] == ["a.grib2", "c.nc", "d.txt", "e.bin"]
    assert the(found, district="N1", impact="significant").raw == pytest.approx(0.6)


def test_members_may_come_in_several_files(tmp_path: Path) -> None:
    opened = service(tmp_path)
    for number, values in wet().items():
        rain_file(tmp_path / f"incoming/{number}.grib2", {number: values}, "0-24")
    assert the(look_ahead(opened, now=NOW), district="N1", impact="significant").raw == 0.6


def test_a_netcdf_file_is_read_like_any_other(tmp_path: Path) -> None:
    own = COUNTRY.replace('"five members", perturbed = 5', '"two and a control", perturbed = 2')
    own = own.replace("perturbed = 2", 'perturbed = 2, control = "member"')
    opened = service(tmp_path, RAIN, own)
    values = np.zeros((2, 3, 6, 6))
    values[:, :, 2:4, 1:3] = np.array([10.0, 30.0, 50.0])[None, :, None, None]
    values[:, :, 0, 0] = 1.0
    made_netcdf(
        tmp_path / "incoming/a.nc",
        lats=[14.0, 13.0, 12.0, 11.0, 10.0, 9.0],
        lons=[40.0, 41.0, 42.0, 43.0, 44.0, 45.0],
        values=values,
    )
    found = look_ahead(opened, now=NOW)
    assert the(found, district="N1", impact="minor", lead=24).raw == pytest.approx(2 / 3)
    assert the(found, district="N1", impact="significant", lead=48).raw == pytest.approx(1 / 3)
    assert the(found, district="S2", impact="minor", lead=48).raw == 0.0


def test_files_on_different_grids_are_read_each_on_its_own(tmp_path: Path) -> None:
    opened = service(tmp_path, RAIN + WIND_AND_COLD)
    rain_file(tmp_path / "incoming/rain.grib2", wet(), "0-24")
    fine = RegularGrid(north=14, west=40, step_lat=0.25, step_lon=0.25, rows=21, columns=21)
    field = np.full((21, 21), 3.0)
    field[0, 0] = 4.0
    gusts = {n: np.where(field == 3.0, 10.0 + 2 * n, field) for n in range(1, MEMBERS + 1)}
    write(tmp_path / "incoming/gust.grib2", gusts, "0-24", short_name="10fg", grid=fine)
    found = look_ahead(opened, now=NOW)
    assert found.no_data == (
        "extreme_cold, hours 0 to 24: no file of this run holds temperature_min.",
    )
    assert the(found, district="N1", impact="significant").raw == pytest.approx(0.6)
    assert the(found, district="S2", hazard="strong_wind").raw == pytest.approx(0.6)


def test_more_windows_than_anybody_looks_at_are_left_out_and_it_is_said(tmp_path: Path) -> None:
    opened = service(tmp_path, RAIN.replace('"heavy_rain"', '"heavy_rain"\nhours = 1'))
    rain_file(tmp_path / "incoming/rain.grib2", wet(), "0-240")
    found = look_ahead(opened, now=NOW)
    assert len(found.expectations) == MAX_WINDOWS * 3 * 3
    assert found.no_data[0] == "heavy_rain: only the first 120 windows are looked at."


def test_a_member_too_few_is_no_data_for_everybody(tmp_path: Path) -> None:
    opened = service(tmp_path)
    for number, values in list(wet().items())[1:]:
        rain_file(tmp_path / f"incoming/{number}.grib2", {number: values}, "0-24")
    found = look_ahead(opened, now=NOW)
    assert {one.raw for one in found.expectations} == {None}
    assert "4 members where five members has 5 (absent: 1)" in found.no_data[0]


def test_a_hazard_that_no_file_holds_is_no_data_as_far_as_the_run_reaches(tmp_path: Path) -> None:
    opened = service(tmp_path, RAIN + WIND_AND_COLD)
    rain_file(tmp_path / "incoming/rain.grib2", wet(), "0-24")
    one = the(look_ahead(opened, now=NOW), district="N1", hazard="strong_wind")
    assert one.no_data == "no file of this run holds gust"
    assert one.ends == START + timedelta(hours=24)


def test_steps_are_told_while_it_works(tmp_path: Path) -> None:
    opened = service(tmp_path)
    rain_file(tmp_path / "incoming/rain.grib2", wet(), "0-24")
    told: list[str] = []
    look_ahead(opened, now=NOW, progress=lambda step, share: told.append(step))
    assert told == ["reading rain.grib2", "heavy_rain, hours 0 to 24"]


def test_a_moment_in_another_zone_is_the_same_moment(tmp_path: Path) -> None:
    opened = service(tmp_path)
    rain_file(tmp_path / "incoming/rain.grib2", wet(), "0-24")
    local = NOW.astimezone(opened.zone)
    assert look_ahead(opened, now=local).expectations == look_ahead(opened, now=NOW).expectations
    assert datetime(2026, 11, 22, tzinfo=UTC) == START


def test_hours_that_one_quantity_lacks_are_no_data_and_not_left_out(tmp_path: Path) -> None:
    opened = service(tmp_path, RAIN + WIND_AND_COLD)
    rain_file(tmp_path / "incoming/rain.grib2", wet(), "0-72")
    write(tmp_path / "incoming/gust.grib2", gusty(), "0-24", short_name="10fg")
    found = look_ahead(opened, now=NOW)
    winds = [
        one for one in found.expectations if (one.district, one.hazard) == ("N1", "strong_wind")
    ]
    assert [(one.lead, one.raw is None) for one in winds] == [(24, False), (48, True), (72, True)]
    assert winds[2].no_data == "no file of this run holds gust of hours 48 to 72"
    assert "strong_wind, hours 48 to 72: no file of this run holds gust of hours 48 to 72." in (
        found.no_data
    )


def test_a_regional_grid_does_not_hide_what_the_large_one_says(tmp_path: Path) -> None:
    """The file of the smaller grid comes first by name, and gives the north less."""
    opened = service(tmp_path)
    small = RegularGrid(north=14, west=40, step_lat=0.25, step_lon=0.25, rows=13, columns=21)
    field = np.zeros((13, 21))
    field[0, 0] = 1.0
    dry = {n: np.where(field == 0, 0.1 * n, field) for n in range(1, MEMBERS + 1)}
    rain_file(tmp_path / "incoming/a.grib2", dry, "0-24", grid=small)
    rain_file(tmp_path / "incoming/b.grib2", wet(more=10.0), "0-24")
    found = look_ahead(opened, now=NOW)
    assert the(found, district="S2", impact="minor").raw == pytest.approx(0.4)
    assert the(found, district="N1", impact="significant").raw == pytest.approx(0.6)


def test_a_run_that_has_less_than_an_older_one_may_not_be_whole_and_it_is_said(
    tmp_path: Path,
) -> None:
    opened = service(tmp_path)
    for day in ("24", "48"):
        keys = {"dataDate": 20261121}
        rain_file(tmp_path / f"incoming/old-{day}.grib2", wet(), f"0-{day}", **keys)
    rain_file(tmp_path / "incoming/new.grib2", wet(), "0-24")
    found = look_ahead(opened, now=NOW)
    assert found.files == ("new.grib2",)
    (told,) = (line for line in found.no_data if "may not have come whole" in line)
    assert "it has 1 of the 2 files" in told
    assert "of the run of 2026-11-21 00:00 UTC" in told


def test_where_nothing_of_the_newest_run_can_be_read_the_one_before_counts(tmp_path: Path) -> None:
    opened = service(tmp_path)
    rain_file(tmp_path / "incoming/old.grib2", wet(), "0-48", dataDate=20261121)
    rain_file(tmp_path / "incoming/new.grib2", wet(), "0-24")
    whole = (tmp_path / "incoming/new.grib2").read_bytes()
    (tmp_path / "incoming/new.grib2").write_bytes(whole[:-100])
    found = look_ahead(opened, now=NOW)
    assert found.run == START - timedelta(hours=24)
    assert found.files == ("old.grib2",)
    assert any(line.startswith("new.grib2: ") for line in found.no_data)
    assert any(
        "Nothing of the run of 2026-11-22 00:00 UTC could be read" in s for s in found.no_data
    )
