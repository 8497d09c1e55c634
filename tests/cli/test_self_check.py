"""`comity self-check`: the first thing that a new user runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from comity.assess.questions import Planted
from comity.assess.reference import self_check
from comity.cli import main
from comity.cli.self_check import show
from tests.assess.reference.tiny import BEHAVIOUR, battery
from tests.report.markup import read

RISKS = {
    "bias", "private_data", "intellectual_property", "misuse", "environment", "safety", "languages",
}  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, what was printed, and what was complained about."""
    capsys.readouterr()
    code = main(["self-check", *words])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_all_seven_risks_are_found_as_planted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "check"

    code, printed, complaint = run(capsys, "--out", str(out), "--json")
    told: dict[str, Any] = json.loads(printed)

    assert (code, complaint, told["holds"]) == (0, "", True)
    rows = [row for model in told["models"] for row in model["planted"]]
    assert {row["risk"] for row in rows} == RISKS
    assert told["misses"] <= told["allowed"]
    assert [model["base"] for model in told["models"]] == [False, True]
    assert json.loads((out / "self-check.json").read_text()) == told
    page = read((out / "self-check.html").read_text())
    marks = [values for _, values in page.tags if values.get("class") == "truth"]
    assert len(marks) == len(rows)


def test_a_smaller_plan_is_shown_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, complaint = run(capsys, "--share", "0.2", "--seed", "another")

    assert (code, complaint) == (0, "")
    for words in (*(risk.replace("_", " ") for risk in RISKS), "truth", "95 % interval", "Yes: "):
        assert words in printed
    assert "the model is a base model, and this needs one that follows instructions" in printed


def test_a_model_that_is_not_what_it_declares_is_told_aloud(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checked = self_check(
        batteries=[battery()], behaves=lambda model: Planted(rates={BEHAVIOUR: 0.3})
    )

    code = show(checked, seed="planted", out=tmp_path / "check", as_json=False)
    printed = capsys.readouterr().out

    assert code == 1
    assert "No: 0 of 1 intervals hold the truth" in printed
    assert "safety.refusal_rate" in printed
    assert read((tmp_path / "check" / "self-check.html").read_text()).text.count("No. 0 of 1") == 1


@pytest.mark.parametrize("share", ["0", "1.5", "half"])
def test_a_share_that_is_none_is_refused(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, complaint = run(capsys, "--share", share)

    assert code == 2
    assert "--share" in complaint
