"""`country.toml`: what it may say, and one sentence with the field for every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.errors import InputError
from early_warning.country import read_country
from early_warning.country_rules import layout_of, quantity_of
from early_warning.grids import ECMWF_2026, Layout
from goods.early_warning.tests.drafts.made import COUNTRY, RAIN

PAIRS = '{files = "pairs/{code}-{lead}.csv", day = "d", observed = "o", members = %s}'
FIVE = '["a", "b", "c", "d", "e"]'


def written(folder: Path, text: str) -> Path:
    path = folder / "country.toml"
    path.write_text(text)
    return path


def test_what_is_left_out_has_careful_defaults(tmp_path: Path) -> None:
    country = read_country(written(tmp_path, COUNTRY + RAIN))
    assert country.status == "Test"
    assert country.desk.night is None
    assert country.forecast.max_age_hours == 36
    assert quantity_of(country.hazards[0]) == "rain"
    assert layout_of(country.forecast) == Layout(name="five members", perturbed=5, control=None)


def test_known_layouts_go_by_their_name(tmp_path: Path) -> None:
    own = 'layout = {name = "five members", perturbed = 5}'
    for name, layout in (("ecmwf-2026", ECMWF_2026), ("probabilities", None)):
        text = COUNTRY.replace(own, f'layout = "{name}"') + RAIN
        assert layout_of(read_country(written(tmp_path, text)).forecast) == layout


def hazard(name: str, levels: str, more: str = "") -> str:
    return f'\n[[hazards]]\nhazard = "{name}"\nlevels = [{levels}]\n{more}\n'


MINOR = '{impact = "minor", amount = "20"}'

MISTAKES = {
    "two hazards of one kind": (COUNTRY + RAIN + RAIN, "hazards[1].hazard", "stands there twice"),
    "no such time zone": (
        COUNTRY.replace("Africa/Djibouti", "Africa/Nowhere") + RAIN,
        "time_zone",
        "no time zone 'Africa/Nowhere'",
    ),
    "a time zone that is a folder": (
        COUNTRY.replace("Africa/Djibouti", "Africa") + RAIN,
        "time_zone",
        "no time zone",
    ),
    "a time zone that is a path": (
        COUNTRY.replace("Africa/Djibouti", "../../etc/passwd") + RAIN,
        "time_zone",
        "no time zone",
    ),
    "no authority in a language": (
        COUNTRY.replace('["en"]', '["en", "fr"]') + RAIN,
        "authority.names",
        "no name in 'fr'",
    ),
    "a sender that no alert can have": (
        COUNTRY.replace("warnings@meteo.example", "the service, here") + RAIN,
        "authority.sender",
        "has a space, a comma",
    ),
    "a language twice": (
        COUNTRY.replace('["en"]', '["en", "en"]') + RAIN,
        "languages",
        "'en' stands there twice",
    ),
    "a pack in no language": (
        COUNTRY.replace("time_zone", 'packs = {fr = "fr.toml"}\ntime_zone') + RAIN,
        "packs",
        "in which no alert is written",
    ),
    "boundaries that leave the folder": (
        COUNTRY.replace("boundaries.json", "../boundaries.json") + RAIN,
        "people.boundaries",
        "leaves the folder",
    ),
    "no name of a file": (
        COUNTRY.replace("people.csv", " ") + RAIN,
        "people.tables[0].file",
        "no file is named",
    ),
    "a star in a folder": (
        COUNTRY.replace("incoming/*", "*/today.grib2") + RAIN,
        "forecast.files",
        "only the name of the file may have a `*`",
    ),
    "a place in braces": (
        COUNTRY.replace("incoming/*", "incoming/{code}.nc") + RAIN,
        "forecast.files",
        "no braces",
    ),
    "drafts in the public feed": (
        COUNTRY
        + RAIN
        + '\n[send.feed]\nfolder = "f"\naddress = "https://a"\ntitle = "t"\n'
        + '[send.composer]\nfolder = "f"\naddress = "https://a"\ntitle = "t"\n',
        "send.composer.folder",
        "drafts for CAP Composer",
    ),
    "a night of no length": (
        COUNTRY + RAIN + '\n[desk]\nnight = ["20:00", "20:00"]\n',
        "desk.night",
        "ends when it begins",
    ),
    "a quantity of another hazard": (
        COUNTRY + hazard("heavy_rain", MINOR, 'quantity = "gust"'),
        "hazards[0].quantity",
        "'gust' is no quantity of heavy_rain",
    ),
    "a quantity that nobody knows": (
        COUNTRY + hazard("heavy_rain", MINOR, 'quantity = "rian"'),
        "hazards[0].quantity",
        "there is no quantity 'rian'",
    ),
    "rain of days beside windows of six hours": (
        COUNTRY
        + hazard("heavy_rain", '{impact = "minor", percentile = 0.99}', "hours = 6")
        + '\n[hazards.record]\nfiles = "{code}.csv"\nday = "date"\nvalue = "rain"\n',
        "hazards[0].hours",
        "the record has rain of days, and the windows are of 6 hours",
    ),
    "levels that begin with the worst": (
        COUNTRY + hazard("heavy_rain", '{impact = "severe", amount = "80"}, ' + MINOR),
        "hazards[0].levels",
        "do not run from minor",
    ),
    "a worse level with less rain": (
        COUNTRY + hazard("heavy_rain", MINOR + ', {impact = "severe", amount = "20"}'),
        "hazards[0].levels",
        "not the more extreme `amount`",
    ),
    "a worse level that is less cold": (
        COUNTRY
        + hazard(
            "extreme_cold",
            '{impact = "minor", amount = "-20"}, {impact = "severe", amount = "-10"}',
        ),
        "hazards[0].levels",
        "not the more extreme `amount`",
    ),
    "no rain as a threshold": (
        COUNTRY + hazard("heavy_rain", '{impact = "minor", amount = "0"}'),
        "hazards[0].levels[0].amount",
        "0 mm is no threshold",
    ),
    "a percentile of a record that is not named": (
        COUNTRY + hazard("heavy_rain", '{impact = "minor", percentile = 0.99}'),
        "hazards[0].record",
        "there is none",
    ),
    "cold as a low percentile": (
        COUNTRY
        + hazard(
            "extreme_cold",
            '{impact = "minor", percentile = 0.01}',
            'record = {files = "r/{code}.csv", day = "d", value = "v"}',
        ),
        "hazards[0].levels[0].percentile",
        "below 0.5",
    ),
    "one record for all districts": (
        COUNTRY
        + hazard("heavy_rain", MINOR, 'record = {files = "r/all.csv", day = "d", value = "v"}'),
        "hazards[0].record.files",
        "must have {code}",
    ),
    "pairs of too few runs": (
        COUNTRY + hazard("heavy_rain", MINOR, "pairs = " + PAIRS % '["a", "b"]'),
        "hazards[0].pairs.members",
        "there are 2 runs, and five members has 5",
    ),
    "pairs of a product": (
        COUNTRY.replace('{name = "five members", perturbed = 5}', '"probabilities"')
        + hazard("heavy_rain", MINOR, "pairs = " + PAIRS % FIVE),
        "hazards[0].pairs",
        "`forecast.layout` is `probabilities`",
    ),
    "a lead in a folder": (
        COUNTRY
        + hazard(
            "heavy_rain",
            MINOR,
            "pairs = " + (PAIRS % FIVE).replace("{code}-{lead}", "{lead}/{code}"),
        ),
        "hazards[0].pairs.files",
        "may have {lead}",
    ),
    "a row that grows milder": (
        COUNTRY + RAIN + '\n[matrix]\nsevere = ["red", "orange", "yellow", "yellow"]\n',
        "matrix.severe",
        "grow milder",
    ),
    "a worse impact with a milder colour": (
        COUNTRY + RAIN + '\n[matrix]\nminor = ["orange", "orange", "red", "red"]\n',
        "matrix.minor",
        "milder colour",
    ),
    "an impact that is never warned of": (
        COUNTRY + RAIN + '\n[matrix]\nminor = ["green", "green", "green", "green"]\n',
        "matrix.minor",
        "never be warned of",
    ),
    "a misspelt field": (
        COUNTRY.replace("time_zone", "time_zome") + RAIN,
        "",
        "time_zome",
    ),
}


@pytest.mark.parametrize(("text", "field", "what"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_a_sentence_that_names_its_field(
    tmp_path: Path, text: str, field: str, what: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_country(path)
    assert what in caught.value.what
    assert caught.value.where == (f"{path}, field {field}" if field else str(path))


def test_several_mistakes_are_counted(tmp_path: Path) -> None:
    text = COUNTRY.replace("Africa/Djibouti", "Nowhere").replace("people.csv", "") + RAIN
    with pytest.raises(InputError) as caught:
        read_country(written(tmp_path, text))
    assert "It is one of 2 mistakes." in caught.value.hint


def test_a_path_from_the_root_on_is_the_owners_own(tmp_path: Path) -> None:
    text = COUNTRY.replace("incoming/*", "/srv/ecmwf/*.grib2") + RAIN
    assert read_country(written(tmp_path, text)).forecast.files == "/srv/ecmwf/*.grib2"
