"""`comity share floors` and `divide`: unknown stays unknown, a country's own word comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.world import run, run_json

Capsys = pytest.CaptureFixture[str]

HEAD = "indicator,country,seen,value,source,day\n"
GPUS = "gpu_h100e_per_million"
FIGURES = HEAD + (
    f"{GPUS},CHN,measured,10,Epoch,2026-04-24\n"
    f"{GPUS},USA,measured,300,Epoch,2026-04-24\n"
    f"{GPUS},DJI,absent,,Epoch,2026-04-24\n"
)
PEOPLE = "code,people\nCHN,1400000000\nUSA,340000000\nDJI,1100000\nMNG,3400000\n"
DECLARATION = f"""
authority = "steppe.example"
country = "MNG"
valid_from = 2026-01-01
valid_until = 2027-12-31
[[figures]]
indicator = "{GPUS}"
value = "2.5"
evidence = [{{ title = "Inventory", day = 2026-05-01 }}]
"""


@pytest.fixture
def figures(world: Path) -> Path:
    Path("figures.csv").write_text(FIGURES, encoding="utf-8")
    Path("people.csv").write_text(PEOPLE, encoding="utf-8")
    return Path("figures.csv")


def test_a_composite_says_what_a_ranking_would_be_worth(figures: Path, capsys: Capsys) -> None:
    table = figures.read_text(encoding="utf-8") + (
        "ai_users_share,CHN,measured,0.2,Microsoft,2026-04-24\n"
        "ai_users_share,USA,measured,0.1,Microsoft,2026-04-24\n"
    )
    figures.write_text(table, encoding="utf-8")
    both = ("share", "composite", GPUS, "ai_users_share", "--figures", str(figures))
    found = run_json(capsys, *both)
    ran = run(capsys, *both)

    assert (found["pairs"], found["never_behind"]) == (1, [])
    assert found["places"] == [
        {"country": "CHN", "low": 1, "high": 2},
        {"country": "USA", "low": 1, "high": 2},
    ]
    assert len(found["too_little"]) == 191
    assert "0 (0 %) hold whatever weights one chooses" in ran.out
    assert ran.out.endswith("This is no ranking, and gives nobody a place.\n")


@pytest.mark.parametrize(
    ("indicators", "what"),
    [
        ([GPUS], "two indicators or more"),
        ([GPUS, GPUS], "named twice"),
        ([GPUS, "wealth"], "there is no indicator 'wealth'"),
        ([GPUS, "ai_users_share"], "it takes two"),
    ],
    ids=["one indicator", "one twice", "one that there is not", "figures for one alone"],
)
def test_a_composite_of_too_little_is_refused(
    figures: Path, capsys: Capsys, indicators: list[str], what: str
) -> None:
    ran = run(capsys, "share", "composite", *indicators, "--figures", str(figures))

    assert (ran.code, ran.out) == (2, "")
    assert what in ran.err


def test_what_nobody_said_is_unknown_and_no_zero(figures: Path, capsys: Capsys) -> None:
    ran = run(capsys, "share", "floors", "DJI", "--figures", str(figures), "--on", "2026-11-01")

    assert "compute   unknown" in ran.out
    assert "Epoch, 2026-04-24: no value" in ran.out
    assert "nobody has said anything: this is not a zero" in ran.out


def test_a_countrys_own_signed_word_comes_first(figures: Path, capsys: Capsys) -> None:
    Path("mng.toml").write_text(DECLARATION, encoding="utf-8")
    assert run(capsys, "share", "sign", "mng.toml", "--key", "keys/steppe.example.key").code == 0
    compute, *others = run_json(
        capsys,
        *("share", "floors", "MNG", "--statements", "mng.sigstore.json", "--on", "2026-11-01"),
    )

    assert (compute["verdict"], compute["tier"]) == ("met", 2)
    assert compute["declared"]["value"] == "2.5"
    assert {other["verdict"] for other in others} == {"unknown"}
    assert "Declares   for Mongolia" in run(capsys, "verify", "mng.sigstore.json").out


def test_the_divide_is_an_interval_over_what_nobody_knows(figures: Path, capsys: Capsys) -> None:
    found = run_json(
        capsys, "share", "divide", GPUS, "--figures", str(figures), "--people", "people.csv"
    )

    assert (found["measured"], found["unknown"], found["without_population"]) == (2, 2, 189)
    assert found["divide"]["gini"]["low"] < found["divide"]["gini"]["high"]
    assert found["theil_of_measured"]["whole"] == pytest.approx(
        found["theil_of_measured"]["between"]
    )


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (f"{GPUS},CN,measured,1,Epoch,2026-04-24", "'CN'"),
        ("gpus,CHN,measured,1,Epoch,2026-04-24", "there is no indicator 'gpus'"),
        (f"{GPUS},CHN,measured,,Epoch,2026-04-24", "`value` must be given"),
        (f"{GPUS},CHN,guessed,1,Epoch,2026-04-24", "line 2"),
        (f"{GPUS},CHN,measured,-1,Epoch,2026-04-24", "negative"),
        (f"{GPUS},CHN,measured,1,Epoch,yesterday", "line 2"),
    ],
    ids=[
        "a country by two letters",
        "an unknown indicator",
        "measured without a value",
        "another word for how it was seen",
        "a negative figure",
        "a day that is none",
    ],
)
def test_a_wrong_figure_is_refused_with_its_line(
    world: Path, capsys: Capsys, line: str, what: str
) -> None:
    Path("figures.csv").write_text(f"{HEAD}{line}\n", encoding="utf-8")
    ran = run(capsys, "share", "floors", "CHN", "--figures", "figures.csv")

    assert ran.code == 2
    assert "figures.csv, line 2" in ran.err
    assert what in ran.err


def test_an_indicator_that_nobody_measured_has_no_divide(figures: Path, capsys: Capsys) -> None:
    ran = run(
        capsys,
        *("share", "divide", "ai_users_share", "--figures", str(figures)),
        *("--people", "people.csv"),
    )

    assert ran.code == 2
    assert "there is nothing to spread" in ran.err


def test_a_page_shows_every_country_and_what_it_rests_on(figures: Path, capsys: Capsys) -> None:
    words = ("share", "floors", "--page", "floors.html", "--figures", str(figures))
    assert run(capsys, *words, "--on", "2026-11-01").code == 0
    text = Path("floors.html").read_text(encoding="utf-8")

    assert text.count('class="tile ') == 5 * 193 + 3
    assert "Epoch, 2026-04-24: 300" in text
    assert "Of 191 countries nobody has said anything." in text


@pytest.mark.parametrize(
    "words", [("share", "floors"), ("share", "floors", "DJI", "--page", "x.html")], ids=" ".join
)
def test_one_country_or_a_page_of_all(world: Path, capsys: Capsys, words: tuple[str, ...]) -> None:
    ran = run(capsys, *words)

    assert ran.code == 2
    assert "name one country, or a page of all" in ran.err
    assert not Path("x.html").exists()
