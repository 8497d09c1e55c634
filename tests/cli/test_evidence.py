"""`comity assess --evidence`, `evidence reveal`, `evidence check`: from one country to another."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from tests.cli.test_assess import SIGN, desk, run, trust_the_laboratory

__all__ = ["desk"]

PRIVATE = "result.evidence.jsonl"
CHECK = ["evidence", "check", "revealed.json", "--bundle", "result/result.sigstore.json"]


@pytest.fixture
def committed(desk: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The desk after a run with evidence; the laboratory is trusted."""
    trust_the_laboratory(capsys)
    code, printed, complaint = run(capsys, *SIGN, "--evidence")
    assert (code, complaint) == (0, "")
    assert f"{PRIVATE}  ← yours alone" in printed
    return desk


def test_two_rows_are_revealed_and_another_country_checks_them(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, complaint = run(capsys, "evidence", "reveal", PRIVATE, "--items", "17, 399")
    assert (code, complaint) == (0, "")
    assert "2 of 400 rows" in printed

    code, printed, complaint = run(capsys, *CHECK)
    assert (code, complaint) == (0, "")
    assert "2 rows are what Laboratory A committed to, of 400." in printed
    table = (committed / "table.csv").read_text().splitlines()
    truth, prediction, score, sex = table[17].split(",")
    expected = f"row 17: group.sex={sex}, prediction={prediction}, score={score}, truth={truth}"
    assert expected in printed
    assert "commitment, not truth" in printed

    told = json.loads(run(capsys, *CHECK, "--json")[1])
    assert [one["row"] for one in told["records"]] == [17, 399]
    assert told["origin"] == "lab.example"


def test_no_row_stands_in_what_is_sent(committed: Path) -> None:
    records = [json.loads(line) for line in (committed / PRIVATE).read_text().splitlines()]
    secret, salts = records[0]["secret"], [one["salt"] for one in records[1:-1]]
    assert len(salts) == 400
    assert sorted(os.listdir("result")) == ["report.html", "result.sigstore.json"]
    for name in os.listdir("result"):
        sent = (committed / "result" / name).read_text()
        assert not any(text in sent for text in (secret, *salts))
    assert "committed to 400 single records" in (committed / "result/report.html").read_text()


def test_whoever_verifies_is_told_that_rows_can_be_asked_for(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "400 rows committed to" in run(capsys, "verify", "result/result.sigstore.json")[1]


def test_the_private_file_and_what_is_revealed_are_their_owners_alone(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "evidence", "reveal", PRIVATE, "--items", "1")
    for name in (PRIVATE, "revealed.json"):
        assert stat.S_IMODE((committed / name).stat().st_mode) == 0o600
    (committed / PRIVATE).chmod(0o640)
    code, _, complaint = run(capsys, "evidence", "reveal", PRIVATE, "--items", "1", "--out", "x")
    assert code == 2
    assert "chmod 600" in complaint


def test_without_the_flag_no_record_is_kept(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trust_the_laboratory(capsys)
    run(capsys, *SIGN)
    assert not (desk / PRIVATE).exists()
    (desk / "revealed.json").write_text("{}")
    code, _, complaint = run(capsys, *CHECK)
    assert code == 1
    assert "commits to no rows" in complaint


def test_an_altered_row_does_not_hold(committed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "evidence", "reveal", PRIVATE, "--items", "17")
    text = (committed / "revealed.json").read_text()
    forged = text.replace('"truth":"1"', '"truth":"0"')
    assert forged != text
    (committed / "revealed.json").write_text(forged)
    code, _, complaint = run(capsys, *CHECK)
    assert code == 1
    assert "revealed.json: row 17 is not the one that was committed to" in complaint


def test_rows_of_another_run_do_not_hold(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, _ = run(capsys, *SIGN, "--evidence", "--out", "second")
    assert code == 0
    run(capsys, "evidence", "reveal", "second.evidence.jsonl", "--items", "17")
    code, _, complaint = run(capsys, *CHECK)
    assert code == 1
    assert "another commitment" in complaint


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(
            ["evidence", "reveal", PRIVATE, "--items", "one"], "by their numbers", id="no number"
        ),
        pytest.param(
            ["evidence", "reveal", PRIVATE, "--items", "401"], "from 1 to 400", id="no such row"
        ),
        pytest.param(
            ["evidence", "reveal", "system.toml", "--items", "1"], "chmod 600", id="another file"
        ),
        pytest.param(
            ["evidence", "reveal", "no.jsonl", "--items", "1"], "no such file", id="no file"
        ),
        pytest.param(
            ["evidence", "reveal", PRIVATE, "--items", "1", "--out", "system.toml"],
            "not replaced",
            id="a file that is in the way",
        ),
        pytest.param(
            ["evidence", "check", "table.csv", "--bundle", "result/result.sigstore.json"],
            "no file of revealed records",
            id="rows that are not records",
        ),
        pytest.param(
            ["evidence", "check", "no.json", "--bundle", "no.sigstore.json"],
            "no.sigstore.json",
            id="no bundle",
        ),
    ],
)
def test_a_mistake_is_a_sentence(
    committed: Path, capsys: pytest.CaptureFixture[str], words: list[str], complaint: str
) -> None:
    code, _, complained = run(capsys, *words)
    assert code == 2
    assert complaint in complained


def test_private_records_of_an_earlier_run_are_never_overwritten(
    committed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (committed / PRIVATE).read_bytes()
    (committed / "result").rename(committed / "kept")
    code, _, complaint = run(capsys, *SIGN, "--evidence")
    assert code == 2
    assert "never overwritten" in complaint
    assert (committed / PRIVATE).read_bytes() == before
    assert not (committed / "result").exists()


def test_a_run_that_fails_leaves_no_private_records(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "table.csv").write_text("repaid,approved,score,sex\n,1,0.5,f\n")
    before = sorted(os.listdir(desk))
    code, _, _ = run(capsys, *SIGN, "--evidence")
    assert code == 2
    assert sorted(os.listdir(desk)) == before
