"""Publishers' files, in small samples of their layout: what counts, what not, what is wrong."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from comity.errors import InputError
from comity.exchange.imports import read, read_population
from comity.exchange.names import code_of_name
from comity.share.countries import load_facts
from tests.cli.world import run

DAY = datetime.date(2026, 4, 24)
FACTS = load_facts().with_people({"USA": 340_000_000, "KOR": 50_000_000, "DJI": 1_000_000})

EPOCH_HEAD = "Name,Status,H100 equivalents,Country,Superseded by,Possible Duplicate,Note\n"
EPOCH = EPOCH_HEAD + (
    "A,Existing,3400,United States of America,,,\n"
    'B,Existing,3400,United States of America,,,"two\nlines"\n'
    "C,Planned,50025265.28,United States of America,,,\n"
    "D,Existing,700,United States of America,A,,\n"
    "E,Existing,700,United States of America,,True,\n"
    "F,Existing,50,Korea (Republic of),,,\n"
    "G,Existing,9,Atlantis,,,\n"
    "H,Existing,,China,,,\n"
)
FINEWEB = (
    "subset,split,code,script,name,words\n"
    "fra_Latn,train,fra,Latn,French,300000000000\n"
    "fra_Latn,test,fra,Latn,French,9000000000\n"
    "aar_Latn_removed,train,aar,Latn,Afar,-\n"
    "aar_Latn,train,aar,Latn,Afar,1000000\n"
    "khk_Cyrl,train,khk,Cyrl,Mongolian,2000000000\n"
)
MICROSOFT = (
    "Country,H1 2025 AI User Share,H2 2025 AI User Share\n"
    'Viet Nam,20.1%,"22.5%"\n'
    "Djibouti,,\n"
    "World,15%,16%\n"
)
BANK = [
    {"page": 1, "pages": 1, "per_page": 20000, "total": 4},
    [
        {"countryiso3code": "NAM", "date": "2024", "value": 3030131, "country": {"id": "NA"}},
        {"countryiso3code": "NAM", "date": "2023", "value": 2963095},
        {"countryiso3code": "ARB", "date": "2024", "value": 480000000},
        {"countryiso3code": "ERI", "date": "2024", "value": None},
    ],
]


def values(source: str, text: str) -> dict[str, str | None]:
    return {one.country: one.value for one in read(source, text.encode(), DAY, FACTS, "f").figures}


def test_epoch_counts_what_exists_once_and_per_million() -> None:
    found = values("epoch", EPOCH)

    assert found["USA"] == "20"
    assert found["KOR"] == "1"


def test_a_country_that_epoch_does_not_list_is_absent_and_no_zero() -> None:
    figures = read("epoch", EPOCH.encode(), DAY, FACTS, "f").figures

    assert {one.seen for one in figures if one.country == "DJI"} == {"absent"}


def test_epoch_says_what_it_left_out() -> None:
    assert read("epoch", EPOCH.encode(), DAY, FACTS, "f").left_out == (
        "1 clusters in Atlantis, which is not in the table of countries",
        "1 clusters that became part of larger ones",
        "1 clusters that do not exist, or no more",
        "1 clusters that may be listed twice",
        "1 clusters without a country or a size",
    )


def test_languages_with_a_billion_words_count_for_those_who_speak_them() -> None:
    found = values("languages", FINEWEB)

    assert found["FRA"] is not None
    assert float(found["FRA"]) > 0.9
    assert float(found["MNG"] or 0) > 0.9
    assert found["DJI"] == "0.5"


def test_english_needs_no_row() -> None:
    assert float(values("languages", FINEWEB)["USA"] or 0) > 0.9


def test_microsofts_last_period_is_read_and_a_blank_is_absent() -> None:
    imported = read("microsoft", MICROSOFT.encode(), DAY, FACTS, "f")
    found = {one.country: one.value for one in imported.figures}

    assert (found["VNM"], found["DJI"]) == ("0.225", None)
    assert imported.left_out == ("World, which is not in the table of countries",)


def test_the_world_banks_newest_value_counts_and_aggregates_do_not() -> None:
    assert read_population(json.dumps(BANK).encode(), FACTS, "f") == {"NAM": 3030131}


WRONG = {
    "another table": ("epoch", "a,b\n1,2\n", "no column 'Status'"),
    "a size that is no number": (
        "epoch",
        EPOCH_HEAD + "A,Existing,many,China,,,\n",
        "'many' is no number",
    ),
    "a negative size": (
        "epoch",
        EPOCH_HEAD + "A,Existing,-1,China,,,\n",
        "no number of at least 0",
    ),
    "an infinite size": ("epoch", EPOCH_HEAD + "A,Existing,inf,China,,,\n", "no number of"),
    "a row that is too long": ("epoch", EPOCH_HEAD + "A,Existing,1,China,,,,,\n", "more fields"),
    "no column of shares": ("microsoft", "Country,Share\nFrance,1%\n", "AI User Share"),
    "more than everybody": (
        "microsoft",
        "Country,AI User Share\nFrance,101%\n",
        "more than everybody",
    ),
    "a country twice": (
        "microsoft",
        "Country,AI User Share\nFrance,1%\nFrance,2%\n",
        "stands twice",
    ),
    "words that are no number": (
        "languages",
        "subset,split,code,words\nfra,train,fra,many\n",
        "'many' is no number",
    ),
}


@pytest.mark.parametrize(("source", "text", "what"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_in_a_sentence(source: str, text: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        read(source, text.encode(), DAY, FACTS, "f")


def test_what_is_not_utf8_is_refused() -> None:
    with pytest.raises(InputError, match="not UTF-8: byte 0"):
        read("epoch", b"\xff", DAY, FACTS, "f")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"{}", "not a file of the World Bank"),
        (b"[" * 100_000, "not a file of the World Bank"),
        (b'[{"pages": 5}, []]', "one page of 5"),
    ],
    ids=["another form", "nested too deeply", "one page of several"],
)
def test_a_wrong_file_of_the_world_bank_is_refused(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what):
        read_population(data, FACTS, "f")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Namibia", "NAM"),
        ("KOREA  (Republic of)", "KOR"),
        ("Congo, Dem. Rep.", "COD"),
        ("Congo, Rep.", "COG"),
        ("Niger", "NER"),
        ("Nigeria", "NGA"),
        ("Hong Kong", None),
        ("World", None),
    ],
    ids=str,
)
def test_a_name_is_found_or_not_and_never_guessed(name: str, code: str | None) -> None:
    assert code_of_name(name, FACTS) == code


def test_from_files_to_floors_in_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bank.json").write_text(json.dumps(BANK), encoding="utf-8")
    Path("gpu.csv").write_text(EPOCH, encoding="utf-8")
    Path("use.csv").write_text(MICROSOFT, encoding="utf-8")
    assert run(capsys, "share", "import", "world-bank", "bank.json").code == 0
    with_day = ("--day", "2026-04-24")
    assert run(capsys, "share", "import", "epoch", "gpu.csv", *with_day).code == 0
    ran = run(capsys, "share", "import", "microsoft", "use.csv", *with_day)
    assert "Left out: World" in ran.out
    ran = run(capsys, "share", "floors", "VNM", "--figures", "epoch.csv", "--figures",
              "microsoft.csv", "--on", "2026-11-01")  # fmt: skip

    assert "use       met, tier 3 of 4" in ran.out
    assert "compute   unknown" in ran.out


def test_without_a_day_no_figure_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gpu.csv").write_text(EPOCH, encoding="utf-8")
    ran = run(capsys, "share", "import", "epoch", "gpu.csv")

    assert ran.code == 2
    assert "say when it was published" in ran.err
    assert not Path("epoch.csv").exists()
