"""From a served model to a verdict on its refusals: only after a person has labelled answers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from comity.assess.questions import Asked, Planted
from comity.assess.questions.refusal import classify
from comity.assess.questions.safety import SAFETY
from comity.assess.systems.endpoint.serve import by_ask, serving
from comity.attest import load_public_key
from comity.cli import main
from tests.cli.world import DAY, key, pub, run, run_json

Capsys = pytest.CaptureFixture[str]
LAB = "lab.coast.example"
CARD = """
[system]
name = "Assistant"
version = "1"
intended_use = "Answer questions about public services"
kind = "generative"
languages = ["en", "ru"]
[population]
language = "en"
[endpoint]
url = "{url}"
model = "simulated"
languages = ["en"]
risks = ["safety"]
concurrency = 32
"""


@pytest.fixture
def over_refuses() -> float:
    """How often the model refuses what is harmless."""
    return 0.01


@pytest.fixture
def model(over_refuses: float) -> Iterator[str]:
    """A simulated model behind an address."""
    rates = {**SAFETY.behaviours, "safety.refuses": 0.995, "safety.over_refuses": over_refuses}
    replies = SAFETY.replies(Asked(), Planted(rates=rates))
    with serving(by_ask(SAFETY.asks(Asked()), replies)) as url:
        yield url


@pytest.fixture
def folder(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laboratory that has assessed the model, and an authority that knows it."""
    monkeypatch.chdir(tmp_path)
    Path("model.toml").write_text(CARD.format(url=model), encoding="utf-8")
    for origin, role in ((LAB, "independent"), ("coast.example", "user")):
        assert main(["keys", "new", origin, "--name", origin, "--role", role]) == 0
        where = ["--jurisdiction", "coast"] if role == "user" else []
        digits = load_public_key(Path(pub(origin))).fingerprint
        words = ["--origin", origin, "--name", origin, "--fingerprint", digits, *where]
        assert main(["trust", "add", pub(origin), *words]) == 0
    words = ["assess", "model.toml", "--key", key(LAB), "--yes"]
    assert main([*words, "--out", "result"]) == 0
    return tmp_path


def decided(capsys: Capsys, regime: str, bundle: str) -> dict[str, Any]:
    """The decision's findings by requirement."""
    words = ["country", "new", "--name", "Coast", "--jurisdiction", "coast", "--regime", regime]
    words += ["--authority", "coast.example", pub("coast.example"), "--trust", "trust.toml"]
    words += ["--own", LAB, pub(LAB), "independent", "--out", f"{bundle}.toml"]
    assert main(words) == 0
    country = f"{bundle}.toml"
    facts = run_json(
        capsys, "decide", f"{bundle}/result.sigstore.json", "--country", country, "--on", DAY
    )
    return {one["requirement"]: one for one in facts["decision"]["findings"]}


def label(done: int | None = None) -> None:
    """What a person does: read an answer, write a word beside it."""
    text = Path("labels.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    with Path("labels.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]), delimiter=";")
        table.writeheader()
        for row in rows[:done]:
            row["label"] = classify(row["answer"])
        table.writerows(rows)


def labelled(capsys: Capsys) -> str:
    """Assess again with the labels; returns what it says."""
    words = ["assess", "model.toml", "--labels", "labels.csv", "--labelled-by", "Ann Example"]
    words += ["--journal", "result.journal.jsonl", "--out", "labelled", "--key", key(LAB)]
    told = run(capsys, *words)
    assert told.code == 0, told.err
    return told.out + told.err


@pytest.mark.parametrize(
    ("regime", "over_refuses", "refusal", "answers"),
    [
        ("example-coast", 0.01, None, "satisfied"),
        ("example-coast", 0.25, None, "not_satisfied"),
        ("example-steppe", 0.01, "satisfied", "satisfied"),
    ],
)
def test_refusals_are_decided_once_a_person_has_labelled_answers(
    folder: Path, capsys: Capsys, regime: str, refusal: str | None, answers: str
) -> None:
    before = decided(capsys, regime, "result")
    assert before["answers"]["verdict"] == "not_tested"
    assert "judge_not_validated" in {one["reason"] for one in before["answers"]["refused"]}

    told = run(capsys, "label", "model.toml")
    assert told.code == 0 and "840 answers" in told.out
    assert Path("labels.csv").stat().st_mode & 0o077 == 0
    label()
    again = labelled(capsys)
    assert "Nothing is asked." in again and "Ann Example" in again

    after = decided(capsys, regime, "labelled")
    assert after["answers"]["verdict"] == answers
    assert after.get("refusal", {}).get("verdict") == refusal


def test_a_few_labels_count_as_far_as_they_go_and_say_so(folder: Path, capsys: Capsys) -> None:
    assert main(["label", "model.toml"]) == 0
    label(200)
    assert "200 of the 840 answers" in " ".join(labelled(capsys).split())
    statement = json.loads(run(capsys, "report", "labelled/result.sigstore.json", "--json").out)
    assert statement
    page = Path("labelled/report.html").read_text(encoding="utf-8")
    assert "Ann Example" in page and "not validated" not in page


def test_without_labels_the_way_to_them_is_told(folder: Path, capsys: Capsys) -> None:
    words = ["assess", "model.toml", "--unsigned", "--out", "b", "--journal"]
    told = run(capsys, *words, "result.journal.jsonl")
    assert told.code == 0
    assert "comity label model.toml --journal result.journal.jsonl" in told.out


def test_a_sheet_that_somebody_is_filling_in_is_never_replaced(
    folder: Path, capsys: Capsys
) -> None:
    assert main(["label", "model.toml"]) == 0
    before = Path("labels.csv").read_bytes()
    assert run(capsys, "label", "model.toml").code == 2
    assert Path("labels.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["label", "model.toml", "--journal", "none"], "there is no such journal"),
        (["label", "table.toml"], "only answers of a language model are labelled"),
        (["assess", "model.toml", "--unsigned", "--labels", "x"], "belong together"),
        (["assess", "model.toml", "--unsigned", "--labelled-by", "x"], "belong together"),
        (["assess", "table.toml", "--unsigned", "--labels", "x"], "only a language model"),
    ],
)
def test_what_does_not_go_together_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys, words: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.toml").write_text(CARD.format(url="http://127.0.0.1:9/v1"), encoding="utf-8")
    Path("p.csv").write_text("t,p\n1,1\n", encoding="utf-8")
    Path("table.toml").write_text(
        '[system]\nname = "S"\nversion = "1"\nintended_use = "U"\n[population]\na = "b"\n'
        '[predictions]\nfile = "p.csv"\ntruth = "t"\nprediction = "p"\n',
        encoding="utf-8",
    )
    told = run(capsys, *words)
    assert told.code == 2 and sentence in told.err
    assert not Path("result").exists() and not Path("labels.csv").exists()
