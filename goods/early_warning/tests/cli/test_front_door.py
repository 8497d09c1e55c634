"""The front door: fast, in sentences, with four exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from early_warning import cli
from early_warning.cli import VERBS, main
from goods.early_warning.tests.cli.world import answer, said

SOURCE = Path(cli.__file__).parents[2]
HEAVY = ("numpy", "lxml", "shapely", "starlette", "uvicorn", "eccodes", "scipy", "cryptography")


def test_every_verb_is_listed_and_can_be_asked_for_help(capsys: Any) -> None:
    listed = said(capsys, "--help")
    for verb in VERBS:
        assert verb in listed
        assert "--json" in said(capsys, verb, "--help") or verb == "forecaster"
    for action in ("add", "list", "remove"):
        assert "--json" in said(capsys, "forecaster", action, "--help")


def test_help_says_that_this_is_no_authority(capsys: Any) -> None:
    assert "has no alerting authority" in " ".join(said(capsys, "--help").split())


def test_help_imports_nothing_heavy() -> None:
    """Asked in a process of its own, as a person asks."""
    code = (
        "import sys; from early_warning.cli import main; main(['--help'])\n"
        f"print([one for one in {HEAVY!r} if one in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "[]\n"


def test_there_is_no_such_verb(capsys: Any) -> None:
    assert "No such command 'warn'" in said(capsys, "warn", code=2)


@pytest.mark.parametrize("verb", ["people", "key", "prove", "run", "audit", "card"])
def test_a_country_that_is_not_there_is_a_sentence_for_people_and_for_machines(
    verb: str, tmp_path: Path, capsys: Any
) -> None:
    words = [verb, str(tmp_path / "nowhere.toml")]
    words += ["observations.csv"] if verb == "audit" else []
    words += ["--hazard", "heavy_rain", "--lead", "24"] if verb == "card" else []
    assert "there is no such file" in said(capsys, *words, code=2)
    capsys.readouterr()
    assert main([*words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["what"] == "there is no such file"


USAGE = {
    "no such verb": ["warn"],
    "nothing named": ["audit"],
    "no number": ["card", "c.toml", "--hazard", "heavy_rain", "--lead", "soon"],
    "no such hazard": ["card", "c.toml", "--hazard", "flood", "--lead", "24"],
    "no time": ["run", "c.toml", "--once", "--at", "now"],
    "a time without a zone": ["run", "c.toml", "--once", "--at", "2026-11-22T06:00"],
    "the first hour of the calendar": ["run", "c.toml", "--at", "0001-01-01T00:00+05:00"],
    "the last hour of the calendar": ["run", "c.toml", "--at", "9999-12-31T23:59+00:00"],
    "an option that is none": ["people", "c.toml", "--everybody"],
}


@pytest.mark.parametrize("words", USAGE.values(), ids=USAGE)
def test_a_wrong_call_is_a_sentence_for_people_and_for_machines(
    words: list[str], capsys: Any
) -> None:
    assert "Error: " in said(capsys, *words, code=2)
    assert answer(capsys, *words, code=2)["error"]["what"]
