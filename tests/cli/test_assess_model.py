"""`comity assess` runs a model: what is signed is bound to its weights, and verifies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sklearn.linear_model import LogisticRegression

from comity.cli import cli
from comity.files import hash_weights, weights_digest
from tests.assess.models import exported, matrix, people, write_inputs, write_model_card


def test_a_model_is_run_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = people()
    model = LogisticRegression().fit(matrix(table), table["sick"])
    (tmp_path / "model.onnx").write_bytes(exported(model))
    write_inputs(tmp_path / "people.csv", table)
    card = write_model_card(
        tmp_path, perturb="seed = 1\nnoise = 0.1\nmissing = ['heat']\nflip = ['female']\n"
    )
    run = CliRunner().invoke(cli, ["assess", str(card), "--unsigned", "--out", "result", "--json"])
    assert run.exit_code == 0, run.output
    identity = json.loads(run.output)["assessment"]["system"]["identity"]
    digest = weights_digest(hash_weights(tmp_path / "model.onnx"))
    assert (identity["binding"], identity["digest"]) == ("weights", digest)
    page = (tmp_path / "result" / "report.html").read_text(encoding="utf-8")
    assert "By its weights" in page and digest in page
    assert "female flipped" in page and "noise of 0.1 standard deviations" in page
    assert sorted(file.name for file in (tmp_path / "result").iterdir()) == [
        "assessment.json",
        "report.html",
    ]  # fmt: skip, no row is left behind
