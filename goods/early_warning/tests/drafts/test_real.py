"""China's real ensemble product over Mongolia and Djibouti, and the record of Frankfurt."""

from __future__ import annotations

import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.parts import require_data

from early_warning.drafts.look_ahead import look_ahead
from early_warning.drafts.outlook import Outlook
from early_warning.drafts.propose import propose
from early_warning.drafts.skill import prove
from early_warning.service import Service, open_service
from goods.early_warning.tests.drafts.made import COUNTRY, RAIN, everywhere, rain_file, service
from goods.early_warning.tests.forecast.frankfurt import ENSEMBLE, RECORD

RUN = datetime(2023, 12, 7, tzinfo=UTC)
NOW = RUN + timedelta(hours=6)

HAZARDS = """
[[hazards]]
hazard = "heavy_rain"
levels = [
  {impact = "minor", amount = "10"},
  {impact = "significant", amount = "25"},
  {impact = "severe", amount = "50"},
]

[[hazards]]
hazard = "strong_wind"
levels = [{impact = "minor", amount = "10"}, {impact = "significant", amount = "15"}]

[[hazards]]
hazard = "extreme_cold"
levels = [{impact = "severe", amount = "-40"}]
"""

MONGOLIA = """
languages = ["en", "mn"]
time_zone = "Asia/Ulaanbaatar"
[authority]
sender = "warnings@meteo.example"
names = {{en = "Service", mn = "Алба"}}
[people]
boundaries = "{data}/mongolia/mng_adm1_nso_match_1212_mn.json.gz"
properties = {{code = "NSO_CODE", name = "ADM1_EN", names = {{en = "ADM1_EN", mn = "ADM1_MN"}}}}
nest = 3
[[people.tables]]
file = "{data}/mongolia/NSO_Population_Admin2_Total.json"
columns = {{code = "CODE", value = "DTVAL_CO", records = "DataList", group = "residents"}}
[[people.tables]]
file = "{data}/mongolia/NSO_Herder_HHs_Admin2.json"
[people.tables.columns]
code = "CODE"
value = "DTVAL_CO"
records = "DataList"
group = "herders"
unit = "households"
[forecast]
files = "{data}/cma-geps/*.grib2"
layout = "probabilities"
"""

DJIBOUTI = """
languages = ["en"]
time_zone = "Africa/Djibouti"
[authority]
sender = "warnings@meteo.example"
names = {{en = "Service"}}
[people]
boundaries = "{data}/djibouti/DJI_adm1.json"
properties = {{code = "ADM1_PCODE", name = "ADM1_EN", names = {{en = "ADM1_EN"}}}}
accepted = {{DJ06 = "the table has no row for Arta"}}
[[people.tables]]
file = "{data}/djibouti/population_DJI.csv"
[people.tables.columns]
code = "placeCode"
value = "value"
group = "residents"
where = {{adminLevel = "1"}}
[forecast]
files = "{data}/cma-geps/*.grib2"
layout = "probabilities"
"""


def real(folder: Path, text: str) -> tuple[Service, Outlook]:
    data = require_data("weather/cma-geps").parent
    path = folder / "country.toml"
    path.write_text(text.format(data=data) + HAZARDS, encoding="utf-8")
    opened = open_service(path)
    return opened, look_ahead(opened, now=NOW)


@pytest.fixture(scope="module")
def mongolia(tmp_path_factory: pytest.TempPathFactory) -> tuple[Service, Outlook]:
    return real(tmp_path_factory.mktemp("mongolia"), MONGOLIA)


@pytest.fixture(scope="module")
def djibouti(tmp_path_factory: pytest.TempPathFactory) -> tuple[Service, Outlook]:
    return real(tmp_path_factory.mktemp("djibouti"), DJIBOUTI)


@pytest.mark.parametrize("country", ["mongolia", "djibouti"])
def test_the_rain_of_the_first_day_is_no_data_in_every_district_and_at_every_level(
    country: str, request: pytest.FixtureRequest
) -> None:
    opened, outlook = request.getfixturevalue(country)
    first = [one for one in outlook.expectations if one.hazard == "heavy_rain" and one.lead == 24]
    assert len(first) == 3 * len(opened.ledger.districts)
    assert {one.raw for one in first} == {None}
    assert {one.no_data for one in first} == {"every cell of the file has the probability 0"}
    assert any(line.startswith("heavy_rain, hours 0 to 24: every cell") for line in outlook.no_data)


@pytest.mark.parametrize("country", ["mongolia", "djibouti"])
def test_the_second_day_has_rain_everywhere_and_wind_on_both(
    country: str, request: pytest.FixtureRequest
) -> None:
    opened, outlook = request.getfixturevalue(country)
    known = Counter((one.hazard, one.lead) for one in outlook.expectations if one.raw is not None)
    districts = len(opened.ledger.districts)
    assert known == {
        ("heavy_rain", 48): 3 * districts,
        ("strong_wind", 24): 2 * districts,
        ("strong_wind", 48): 2 * districts,
    }
    assert {one.question for one in outlook.expectations} == {"peak"}


def test_djibouti_city_has_a_forecast_though_no_cell_centre_lies_in_it(
    djibouti: tuple[Service, Outlook],
) -> None:
    _, outlook = djibouti
    city = [one for one in outlook.expectations if one.district == "DJ04" and one.lead == 48]
    assert [one.raw for one in city if one.hazard == "heavy_rain"] == [0.0, 0.0, 0.0]
    assert outlook.people[0].startswith("All 1,120,850 people counted can be warned")


def test_cold_that_no_file_holds_is_no_data(mongolia: tuple[Service, Outlook]) -> None:
    _, outlook = mongolia
    cold = [one for one in outlook.expectations if one.hazard == "extreme_cold"]
    assert len(cold) == 2 * 22
    assert {one.no_data for one in cold} == {"no file of this run holds temperature_min"}


def test_gusts_over_mongolia_are_notices_with_what_was_put_right(
    mongolia: tuple[Service, Outlook],
) -> None:
    opened, outlook = mongolia
    found = propose(opened, outlook, now=NOW)
    assert {one.basis for one in found} == {"notice"}
    assert {one.content.hazard for one in found} == {"strong_wind"}
    first = found[0]
    assert (first.content.colour, first.content.impact) == ("orange", "significant")
    assert first.content.threshold == "15"
    assert len(first.lines) == 7
    assert "512,118 people live there." in first.reasons
    assert any(line.startswith("Put right in the file") for line in first.reasons)


def test_arta_has_an_unknown_number_of_people_and_is_warned_all_the_same(
    djibouti: tuple[Service, Outlook],
) -> None:
    opened, outlook = djibouti
    (arta,) = (one for one in opened.ledger.districts if one.area.code == "DJ06")
    assert arta.residents is None
    assert any(one.district == "DJ06" and one.raw is not None for one in outlook.expectations)
    assert any("Arta (DJ06) is not known" in line for line in outlook.people)


def test_the_record_of_frankfurt_shows_skill_at_its_thresholds(tmp_path: Path) -> None:
    packed = require_data(RECORD)
    head = gzip.decompress(packed.read_bytes()).splitlines()[0].decode()
    assert "CTR" in head
    members = ", ".join(f'"{name}"' for name in ENSEMBLE)
    pairs = (
        '\npairs = {files = "pairs/{code}-{lead}.csv.gz", day = "date", observed = "obs", '
        f"members = [{members}]}}\n"
    )
    levels = RAIN.replace('"20"', '"1"').replace('"40"', '"5"').replace('"80"', '"90"')
    text = COUNTRY.replace("perturbed = 5", 'perturbed = 50, control = "member"')
    opened = service(tmp_path, levels + pairs, text)
    (tmp_path / "pairs").mkdir()
    (tmp_path / "pairs/N1-24.csv.gz").write_bytes(packed.read_bytes())
    skill = prove(opened)
    shown = {(one.impact, one.method) for one in skill.verdicts if one.shown}
    both = {"isotonic", "raw"}
    assert shown == {(level, method) for level in ("minor", "significant") for method in both}
    members_ = {n: everywhere({"N1": 2.0 + n / 2, "S2": 1.0 + n / 10}) for n in range(51)}
    rain_file(tmp_path / "incoming/rain.grib2", members_, "0-24")
    outlook = look_ahead(opened, now=datetime(2026, 11, 22, 6, tzinfo=UTC))
    mine = {one.impact: one for one in outlook.expectations if one.district == "N1"}
    assert mine["minor"].may_alert
    assert mine["minor"].climatology is not None
    assert not mine["severe"].may_alert
    assert mine["severe"].isotonic is None  # beyond the wettest day it says nothing
    assert mine["severe"].raw == 0.0
