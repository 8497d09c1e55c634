"""A country opened: people and boundaries meet, and every district has a name in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.errors import InputError
from early_warning.service import open_service
from goods.early_warning.tests.drafts.made import COUNTRY, RAIN, country, service


def test_a_country_is_opened_with_its_people_and_packs(tmp_path: Path) -> None:
    opened = service(tmp_path)
    assert opened.ledger.total == 1230
    assert [one.area.code for one in opened.ledger.districts] == ["N1", "S2", "X3"]
    assert [one.language for one in opened.packs] == ["en"]
    assert opened.zone.key == "Africa/Djibouti"
    assert opened.state == tmp_path / "state"


def test_a_district_without_a_name_in_a_language_stops_it(tmp_path: Path) -> None:
    text = COUNTRY.replace('["en"]', '["en", "fr"]').replace(
        '{en = "Made Service"}', '{en = "Made Service", fr = "Service"}'
    )
    with pytest.raises(InputError, match="no name in 'fr': N1, S2, X3"):
        open_service(country(tmp_path, RAIN, text))


def test_a_language_without_a_pack_is_named(tmp_path: Path) -> None:
    text = COUNTRY.replace("en =", "xx =").replace('["en"]', '["xx"]')
    with pytest.raises(InputError, match="no language pack for 'xx'"):
        open_service(country(tmp_path, RAIN, text))


def test_a_pack_of_another_language_is_refused(tmp_path: Path) -> None:
    source = Path(str(__import__("early_warning").__file__)).parent / "cap/languages/fr.toml"
    (tmp_path / "own.toml").write_bytes(source.read_bytes())
    text = COUNTRY.replace("time_zone", 'packs = {en = "own.toml"}\ntime_zone')
    with pytest.raises(InputError, match="this pack is of 'fr', not of 'en'"):
        open_service(country(tmp_path, RAIN, text))


def test_people_without_a_district_stop_it(tmp_path: Path) -> None:
    path = country(tmp_path)
    with (tmp_path / "people.csv").open("a") as file:
        file.write("Q9,residents,7\n")
    with pytest.raises(InputError, match="1 code of people") as caught:
        open_service(path)
    assert "Q9: 7 (residents) in no area" in caught.value.hint


@pytest.mark.parametrize("code", ["", "..", "a/b", "a\0b"])
def test_a_code_that_no_file_can_be_named_after_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(InputError, match="cannot be part of a file's name"):
        service(tmp_path).file_of("records/{code}.csv", code=code)


def test_the_file_of_a_district_lies_where_the_country_says(tmp_path: Path) -> None:
    found = service(tmp_path).file_of("pairs/{code}-{lead}.csv", code="N1", lead="24")
    assert found == tmp_path / "pairs/N1-24.csv"
