"""`new`, `key`, `forecaster`, `people`, `prove` and `card` on a made country."""

from __future__ import annotations

import json
import os
import pty
import stat
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from comity.assess import load_card
from early_warning.cap import fingerprint, load_certificate
from early_warning.cli import main
from early_warning.country import read_country
from early_warning.desk.forecasters import Forecasters
from goods.early_warning.tests.cli.world import AT, NOW, SECRET, answer, said, start
from goods.early_warning.tests.people.made import feature, polygon, square


def test_the_starter_can_be_read_as_it_is_and_is_never_written_over(
    tmp_path: Path, capsys: Any
) -> None:
    path = tmp_path / "coast.toml"
    assert f"early-warning people {path}" in said(capsys, "new", str(path))
    country = read_country(path)
    assert country.status == "Test"
    assert "early-warning key coast.toml " in path.read_text()
    path.write_text("mine")
    assert "exists" in said(capsys, "new", str(path), code=2)
    assert path.read_text() == "mine"


def test_all_that_the_starter_explains_can_be_switched_on(tmp_path: Path, capsys: Any) -> None:
    """Every line that is commented out is right once its mark is taken off."""
    path = tmp_path / "country.toml"
    said(capsys, "new", str(path))
    lines = []
    for line in path.read_text().splitlines():
        bare = line.removeprefix("# ")
        table = bare.startswith("[") and "]" in bare
        field = bare.split(" ")[0].replace("_", "").isalnum() and bare.split(" ")[1:2] == ["="]
        lines.append(bare if line.startswith("# ") and (table or field) else line)
    text = "\n".join(lines)
    text = text.replace('members = ["m00", "m01"]', f"members = {[f'm{n:02}' for n in range(51)]}")
    assert tomllib.loads(text)["hazards"][0]["pairs"]["day"] == "date"
    path.write_text(text)
    country = read_country(path)
    assert country.send.composer is not None
    assert country.send.webhooks[0].recipient == "radio"
    assert country.send.brokers[0].centre_id == "dj-meteo"
    assert country.hazards[0].record is not None
    assert country.authority.oid == "2.49.0.0.262.0"
    assert country.desk.night == ("22:00", "06:00")


def test_the_starter_works_once_its_files_are_there(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "country.toml"
    said(capsys, "new", str(path))
    assert "districts.geojson: there is no such file" in said(capsys, "people", str(path), code=2)
    (tmp_path / "data").mkdir()
    names = {"ADM2_PCODE": "A1", "ADM2_EN": "Ada", "ADM2_FR": "Ada"}
    document = {
        "type": "FeatureCollection",
        "features": [feature("A1", polygon(square(41, 12)), **names)],
    }
    (tmp_path / "data" / "districts.geojson").write_text(json.dumps(document))
    (tmp_path / "data" / "population.csv").write_text("pcode,residents\nA1,500\n")
    assert "500 people are counted in 1 district." in said(capsys, "people", str(path))


def test_the_key_is_the_owners_alone_and_made_once(made: str, capsys: Any) -> None:
    found = answer(capsys, "key", made)
    assert stat.S_IMODE(Path("alerts.key").stat().st_mode) == 0o600
    certificate = load_certificate(Path("alerts.crt"))
    assert found["sha256"] == fingerprint(certificate)
    assert certificate.not_valid_before_utc <= datetime.now(UTC)
    before = Path("alerts.key").read_bytes()
    assert "is not replaced" in said(capsys, "key", made, code=2)
    assert Path("alerts.key").read_bytes() == before


def test_a_key_for_the_study_of_the_past_holds_from_then_on(made: str, capsys: Any) -> None:
    answer(capsys, "key", made, "--at", AT)
    assert load_certificate(Path("alerts.crt")).not_valid_before_utc == NOW


def test_no_time_is_pretended_where_alerts_are_real(made: str, capsys: Any) -> None:
    text = Path(made).read_text()
    Path(made).write_text('status = "Actual"\n' + text)
    for verb in ("key", "run"):
        words = said(capsys, verb, made, "--at", AT, code=2)
        assert "the status is Actual" in words
    assert not Path("alerts.key").exists()


def test_forecasters_are_added_listed_and_removed(made: str, capsys: Any) -> None:
    assert "Two people are needed" in said(capsys, "forecaster", "list", made)
    said(capsys, "forecaster", "add", made, "aicha", "--name", "Aicha Omar")
    said(capsys, "forecaster", "add", made, "bold", "--name", "Bold Bat")
    listed = answer(capsys, "forecaster", "list", made)
    assert listed == {"forecasters": {"aicha": "Aicha Omar", "bold": "Bold Bat"}}
    people = Forecasters(Path("state/forecasters.toml"), now=lambda: NOW)
    assert people.check("aicha", SECRET)
    assert SECRET not in Path("state/forecasters.toml").read_text()
    assert "can sign in no longer" in said(capsys, "forecaster", "remove", made, "bold")
    assert "aicha: Aicha Omar" in said(capsys, "forecaster", "list", made)
    assert "is taken" in said(capsys, "forecaster", "add", made, "bold", "--name", "B", code=2)


def test_a_passphrase_is_never_made_up(
    made: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EARLY_WARNING_PASSPHRASE")
    words = said(capsys, "forecaster", "add", made, "aicha", "--name", "Aicha", code=2)
    assert "nobody is here to type a passphrase" in words
    monkeypatch.setenv("EARLY_WARNING_PASSPHRASE", "short")
    words = said(capsys, "forecaster", "add", made, "aicha", "--name", "Aicha", code=2)
    assert "at least 12 characters" in words


TYPED = {
    "the same twice": [SECRET, SECRET],
    "two different ones, then the same twice": [SECRET, "another one by mistake", SECRET, SECRET],
}


@pytest.mark.parametrize("lines", TYPED.values(), ids=TYPED)
def test_a_person_types_the_passphrase_twice_and_nobody_sees_it(
    lines: list[str], made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EARLY_WARNING_PASSPHRASE")
    keyboard, terminal = pty.openpty()
    program = start(
        *("forecaster", "add", made, "aicha", "--name", "Aicha Omar"),
        stdin=terminal,
        start_new_session=True,
    )
    try:
        assert program.stderr is not None
        shown = ""
        for line in lines:
            while not shown.endswith(
                ("Omar: ", "confirmation: ")
            ):  # what is typed too early is lost
                letter = program.stderr.read(1)
                assert letter, shown
                shown += letter
            os.write(keyboard, f"{line}\n".encode())
            shown += "\n"
        out, rest = program.communicate(timeout=120)
    finally:
        program.kill()
        os.close(keyboard)
        os.close(terminal)
    assert program.returncode == 0, shown + rest
    assert "Aicha Omar may work at the desk" in out
    assert SECRET not in out + shown + rest
    people = Forecasters(Path("state/forecasters.toml"), now=lambda: NOW)
    assert people.check("aicha", SECRET)


def test_people_says_who_cannot_be_warned(made: str, capsys: Any) -> None:
    found = answer(capsys, "people", made)
    assert (found["counted"], found["districts"]) == (1230, 3)
    because = [one["because"] for one in found["cannot_be_warned"]]
    assert any("no alert is written in their language (so)" in one for one in because)
    words = said(capsys, "people", made)
    assert "1,230 people are counted in 3 districts." in words
    assert "100 people cannot be warned" in words


def test_skill_is_judged_kept_and_counted(made: str, capsys: Any) -> None:
    found = answer(capsys, "prove", made)
    assert found["cases"] == 3 * 2 * 2  # districts, levels, methods
    assert 0 < found["shown"] <= 8
    assert found["why_not"]["skill not shown: there is no record"] == 4
    assert Path(found["verdicts"]).is_file()
    words = said(capsys, "prove", made)
    assert "heavy_rain, 48 hours, minor, isotonic: skill shown in 2 of 3 districts" in words
    assert "Not shown is no verdict that there is none." in words


def test_without_pairs_nothing_can_be_judged_or_carded(made: str, capsys: Any) -> None:
    for one in Path("pairs").iterdir():
        one.unlink()
    assert "no skill can be shown" in said(capsys, "prove", made, code=2)
    card = ("card", made, "--hazard", "heavy_rain", "--lead", "48")
    assert "no district has a file" in said(capsys, *card, code=2)
    assert not Path("card").exists()


@pytest.mark.parametrize("more", [(), ("--first-day", "2025-01-01")], ids=["crossed", "held out"])
def test_the_card_is_one_that_comity_assesses(
    more: tuple[str, ...], made: str, capsys: Any
) -> None:
    found = answer(
        capsys, "card", made, "--hazard", "heavy_rain", "--lead", "48", "--out", "card", *more
    )
    assert (found["districts"], found["without"]) == (2, ["X3"])
    assert found["next"][0] == "comity assess card/skill.toml --out card/skill --key KEY"
    for name in ("skill.toml", "coverage.toml"):
        assert load_card(Path("card") / name)
    again = said(capsys, "card", made, "--hazard", "heavy_rain", "--lead", "48", code=2)
    assert "never overwritten" in again


QUESTIONS = {
    "of a hazard that is not in the file": ("--hazard", "strong_wind", "--lead", "48"),
    "of a lead without a file": ("--hazard", "heavy_rain", "--lead", "24"),
    "from no day": ("--hazard", "heavy_rain", "--lead", "48", "--first-day", "spring"),
    "of no hazard": ("--hazard", "frogs", "--lead", "48"),
}


@pytest.mark.parametrize("words", QUESTIONS.values(), ids=QUESTIONS)
def test_a_card_of_nothing_is_not_written(words: tuple[str, ...], made: str, capsys: Any) -> None:
    assert main(["card", made, *words]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not Path("card").exists()
