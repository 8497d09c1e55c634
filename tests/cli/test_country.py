"""`comity country`: whose rules apply, whom they recognise, what they can spend."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.claims.country import Budget, Country
from comity.cli import main
from comity.files import read_toml
from tests.cli.world import COUNTRY, SIGNED, key, pub, run, run_json, somebody_types

Capsys = pytest.CaptureFixture[str]


def country_in(file: str) -> Country:
    return read_toml(Path(file), Country)


def changed(words: list[str], old: str, new: str) -> list[str]:
    return [new if word == old else word for word in words]


def test_options_make_a_country_file_with_comments(world: Path) -> None:
    made = country_in("coast.toml")

    assert (made.name, made.jurisdiction, made.regime) == ("Coast", "coast", "coast-act.toml")
    assert made.agreements == SIGNED
    assert [one.signer.origin for one in made.own_assessors] == ["lab.coast.example"]
    assert made.budget == Budget()
    text = Path("coast.toml").read_text(encoding="utf-8")
    assert "# Laboratories that count here without any agreement" in text


def test_asking_leads_to_the_same_file_as_options(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = (
        "Coast",
        "",  # the jurisdiction that the name suggests
        f"coast.example {pub('coast.example')}",
        "no-such-regime",  # asked again
        "coast-act.toml",
        "no-such-file",  # asked again
        *SIGNED,
        "",
        "",  # trust.toml
        f"lab.coast.example {pub('lab.coast.example')} accredited",
        "",
        "many",  # asked again
        "",  # 10,000 items
    )

    with somebody_types(monkeypatch, *answers):
        assert main(["country", "new", "--out", "asked.toml"]) == 0

    assert country_in("asked.toml") == country_in("coast.toml")


def test_paths_are_written_relative_to_the_file(world: Path, capsys: Capsys) -> None:
    Path("rules").mkdir()

    assert main([*COUNTRY, "--out", "rules/coast.toml"]) == 0

    made = country_in("rules/coast.toml")
    assert (made.regime, made.trust) == ("../coast-act.toml", "../trust.toml")
    assert run(capsys, "country", "show", "rules/coast.toml").code == 0


def test_a_shipped_regime_is_named_by_its_id(world: Path, capsys: Capsys) -> None:
    words = changed(COUNTRY, "coast-act.toml", "example-coast")

    assert main([*words, "--out", "shipped.toml"]) == 0

    assert country_in("shipped.toml").regime == "example-coast"
    assert "(example-coast, fictional)" in run(capsys, "country", "show", "shipped.toml").out


def test_show_says_that_the_rules_are_of_another_jurisdiction(world: Path, capsys: Capsys) -> None:
    words = ["country", "show", "ruritania.toml"]
    here = run(capsys, "country", "show", "coast.toml").out
    text = Path("coast.toml").read_text(encoding="utf-8").replace("coast-act.toml", "eu-ai-act")
    Path("ruritania.toml").write_text(text, encoding="utf-8")

    assert "the regime is of another jurisdiction" in run(capsys, *words).out
    assert "another jurisdiction" not in here


def test_show_tells_who_counts_and_why(world: Path, capsys: Capsys) -> None:
    told = run(capsys, "country", "show", "coast.toml").out

    assert "lab.coast.example as accredited, not older than 365 days" in told
    assert "In force: all parties have signed it." in told
    assert "lab.steppe.example counts as accredited, under row" in told
    assert "at most 10,000 items a test" in told


def test_show_says_that_a_signature_is_missing(world: Path, capsys: Capsys) -> None:
    text = Path("coast.toml").read_text(encoding="utf-8")
    Path("coast.toml").write_text(text.replace(f', "{SIGNED[1]}"', ""), encoding="utf-8")

    told = run(capsys, "country", "show", "coast.toml").out

    assert "Not in force: steppe.example must sign it too." in told


def test_show_of_a_country_that_recognises_nobody(world: Path, capsys: Capsys) -> None:
    nobody = COUNTRY[: COUNTRY.index("--agreement")]
    assert main([*nobody, "--out", "alone.toml"]) == 0

    told = run(capsys, "country", "show", "alone.toml").out

    assert "none: nobody abroad is recognised" in told
    assert "nobody: only agreements let a measurement count" in told


def test_show_for_machines(world: Path, capsys: Capsys) -> None:
    facts = run_json(capsys, "country", "show", "coast.toml")

    assert facts["digest"] == country_in("coast.toml").digest
    assert facts["country"]["authority"]["origin"] == "coast.example"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["country", "new"], "--name is missing", id="nothing was said"),
        pytest.param(
            changed(COUNTRY, "coast-act.toml", "example-cost"),
            "Did you mean example-coast?",
            id="a regime that does not ship",
        ),
        pytest.param(
            changed(COUNTRY, "coast-act.toml", "trust.toml"),
            "trust.toml",
            id="a file that is no regime",
        ),
        pytest.param(
            changed(COUNTRY, "trust.toml", "none.toml"),
            "none.toml: there is no such trust file",
            id="a trust file that is not there",
        ),
        pytest.param(
            changed(COUNTRY, "trust.toml", "coast-act.toml"),
            "coast-act.toml",
            id="a regime where the trust file belongs",
        ),
        pytest.param(
            changed(COUNTRY, pub("coast.example"), key("coast.example")),
            "this is not a public key",
            id="a secret key where a public one belongs",
        ),
        pytest.param(
            changed(COUNTRY, "accredited", "best"),
            "Invalid enum value 'best'",
            id="a role that nobody knows",
        ),
        pytest.param(
            changed(COUNTRY, "coast", "Coast, all of it"),
            "field jurisdiction",
            id="a jurisdiction that is no key",
        ),
        pytest.param([*COUNTRY, "--max-items", "-1"], "field max_items", id="fewer than no items"),
        pytest.param(
            [*COUNTRY, "--max-items", "1000001"],
            "`max_items` is at most 1,000,000",
            id="more items than a test is planned for",
        ),
    ],
)
def test_new_says_what_is_wrong_and_writes_nothing(
    world: Path, capsys: Capsys, words: list[str], sentence: str
) -> None:
    ran = run(capsys, *words, "--out", "wrong.toml")

    assert ran.code == 2
    assert sentence in ran.err
    assert not Path("wrong.toml").exists()


@pytest.mark.parametrize(
    ("old", "new", "code", "sentence"),
    [
        pytest.param(
            SIGNED[0], "none.json", 2, "none.json: there is no such file", id="an absent agreement"
        ),
        pytest.param(
            SIGNED[0],
            "steppe/result.sigstore.json",
            2,
            "this signed file is no agreement",
            id="an assessment where an agreement belongs",
        ),
        pytest.param(
            "overlays = []",
            f'overlays = ["{SIGNED[0]}"]',
            2,
            "this signed file adopts no regime",
            id="an agreement where an adoption belongs",
        ),
        pytest.param(
            SIGNED[0],
            "agreement.toml",
            1,
            "agreement.toml does not hold, rule 1",
            id="the text of an agreement that nobody signed",
        ),
        pytest.param("max_items", "items", 2, "unknown field `items`", id="an unknown field"),
        pytest.param(
            'planning_margin = "0.03"',
            'planning_margin = "3"',
            2,
            "must lie between 0 and 1",
            id="a margin in percent",
        ),
        pytest.param('name = "Coast"', "name = Coast", 2, "is not TOML", id="no TOML at all"),
    ],
)
def test_show_says_what_is_wrong_in_a_country_file(
    world: Path, capsys: Capsys, old: str, new: str, code: int, sentence: str
) -> None:
    text = Path("coast.toml").read_text(encoding="utf-8")
    assert old in text
    Path("coast.toml").write_text(text.replace(old, new), encoding="utf-8")

    ran = run(capsys, "country", "show", "coast.toml")

    assert ran.code == code
    assert sentence in ran.err


def test_a_party_that_is_not_trusted_stops_the_reading(world: Path, capsys: Capsys) -> None:
    blocks = Path("trust.toml").read_text(encoding="utf-8").split("[[authority]]")
    kept = [block for block in blocks if '"steppe.example"' not in block]
    Path("trust.toml").write_text("[[authority]]".join(kept), encoding="utf-8")

    ran = run(capsys, "country", "show", "coast.toml")

    assert ran.code == 1
    assert f"{SIGNED[1]} does not hold, rule 3: you trust nobody with the key" in ran.err
