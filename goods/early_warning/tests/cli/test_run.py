"""A forecast day through the real command line, from the first key to the audit."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import msgspec
import pytest

from early_warning import cap
from early_warning.audit import Audit
from early_warning.cli import main
from early_warning.desk.desk import Desk, open_desk
from early_warning.service import open_service
from goods.early_warning.tests.cli.world import AT, NOW, SECRET, answer, said, start

LATER = NOW + dt.timedelta(minutes=10)
OBSERVED = """district,hazard,start,end,event,began
N1,heavy_rain,2026-11-23T03:00+03:00,2026-11-24T03:00+03:00,yes,2026-11-23T09:30+03:00
S2,heavy_rain,2026-11-23T03:00+03:00,2026-11-24T03:00+03:00,no,
X3,heavy_rain,2026-11-23T03:00+03:00,2026-11-24T03:00+03:00,,
"""
REACH = "channel,group,language,reached,asked,survey\npublic,residents,en,300,400,yes\n"


@contextmanager
def desk(at: dt.datetime) -> Iterator[Desk]:
    """As the pages use it."""
    with open_desk(open_service(Path("country.toml")), now=lambda: at) as opened:
        yield opened


@pytest.fixture(scope="session")
def before(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The country with a key, two forecasters, verdicts on skill, and a draft that waits."""
    folder = tmp_path_factory.mktemp("morning") / "made"
    shutil.copytree(built.parent, folder)
    path = str(folder / "country.toml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARLY_WARNING_PASSPHRASE", SECRET)
        assert main(["key", path, "--at", AT]) == 0
        for who in ("aicha", "bold"):
            assert main(["forecaster", "add", path, who, "--name", who.title()]) == 0
        assert main(["prove", path]) == 0
        assert main(["run", path, "--once", "--at", AT]) == 0
    return folder


@pytest.fixture
def morning(before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """That country, in a copy that is the working folder."""
    shutil.copytree(before, tmp_path / "made")
    monkeypatch.chdir(tmp_path / "made")
    return "country.toml"


def approved() -> str:
    """Two people approve the draft; the identifier of the alert."""
    with desk(LATER) as opened:
        (draft,) = opened.look().drafts
        assert opened.approve(draft.number, "aicha", draft.content.digest) is None
        issued = opened.approve(draft.number, "bold", draft.content.digest)
        assert issued is not None
        return issued.identifier


def test_from_a_forecast_to_a_signed_alert_to_who_was_missed(morning: str, capsys: Any) -> None:
    identifier = approved()
    found = answer(
        capsys, "run", morning, "--once", "--at", (LATER + dt.timedelta(minutes=1)).isoformat()
    )
    assert found["in_force"] == [identifier]
    assert [(one["recipient"], one["state"]) for one in found["sent"]] == [("public", "delivered")]

    (file,) = Path("feed/alerts").iterdir()
    checked = answer(
        capsys, "check", str(file), "--certificate", "alerts.crt", "--at", LATER.isoformat()
    )
    assert (checked["valid"], checked["signature_holds"]) == (True, True)
    alert = cap.read_alert(file.read_bytes())
    assert (alert.identifier, alert.status) == (identifier, "Test")
    assert [info.language for info in alert.infos] == ["en", "fr"]

    Path("observations.csv").write_text(OBSERVED)
    audited = answer(capsys, "audit", morning, "observations.csv", "--status", "Test")
    rain = audited["hazards"]["heavy_rain"]
    assert rain["alerts"] == [identifier]
    assert (rain["counts"]["hit"], rain["counts"]["quiet"], rain["counts"]["unobserved"]) == (
        1,
        1,
        1,
    )
    # 900 read English, by a feed of unknown reach; 100 speak Somali, in which nothing was said
    assert (rain["exposed"], rain["missed"], rain["unknown"]) == (1000, 100, 900)
    page = Path("audit/audit.html").read_text()
    assert "status Test: nobody was asked to act on them" in page
    kept = msgspec.json.decode(Path("audit/audit.json").read_bytes(), type=Audit)
    assert kept.hazards[0].people.everybody.missed == 100

    Path("reach.csv").write_text(REACH)
    words = said(
        capsys,
        *("audit", morning, "observations.csv", "--reach", "reach.csv", "--status", "Test"),
        *("--out", "asked", "--title", "The rain"),
    )
    assert (
        "Heavy rain: 1 alert; warned of 1 of 1 event; 0 false alarms; 1 window not observed."
        in words
    )
    assert "100 of 1,000 in District N1 (N1)" not in words, "more are out of the feed's reach"
    assert 'class="land"' in page
    assert "<h1>The rain</h1>" in Path("asked/audit.html").read_text()


def test_an_audit_where_nobody_ever_worked_is_a_mistake(made: str, capsys: Any) -> None:
    Path("observations.csv").write_text(OBSERVED)
    words = said(capsys, "audit", made, "observations.csv", code=2)
    assert "the desk was never open here" in words
    assert not Path("state").exists()


def test_a_real_audit_leaves_tests_out_and_says_so(morning: str, capsys: Any) -> None:
    approved()
    Path("observations.csv").write_text(OBSERVED)
    audited = answer(capsys, "audit", morning, "observations.csv")
    assert audited["hazards"]["heavy_rain"]["counts"]["unwarned"] == 1
    assert "1 message is of status Test, and left out: --status Test." in audited["notes"]


def test_an_audit_can_be_made_while_the_desk_is_open(morning: str, capsys: Any) -> None:
    Path("observations.csv").write_text(OBSERVED)
    with desk(LATER):
        said(capsys, "audit", morning, "observations.csv")
        words = said(capsys, "run", morning, "--once", "--at", AT, code=2)
    assert "the desk is open in another process" in words


def test_a_bad_table_is_refused_line_by_line_and_nothing_is_written(
    morning: str, capsys: Any
) -> None:
    Path("observations.csv").write_text(OBSERVED.replace("X3,", "X9,").replace("no,", "perhaps,"))
    words = said(capsys, "audit", morning, "observations.csv", code=2)
    assert "2 lines cannot be used" in words
    assert "line 3: event is 'perhaps', neither yes nor no" in words
    assert "line 4: there is no district 'X9'" in words
    assert not Path("audit").exists()


def test_a_run_says_what_it_found_who_cannot_be_warned_and_what_is_no_data(
    morning: str, capsys: Any
) -> None:
    words = said(capsys, "run", morning, "--once", "--at", AT)
    assert "No data: heavy_rain, hours 0 to 24" in words
    assert "30 people cannot be warned, because their district has no forecast" in words
    assert "Draft 1: Alert, " in words
    assert "drafts that wait: 1; notices without shown skill: 0; alerts in force: 0." in words


def test_without_shown_skill_nothing_is_proposed_and_everything_is_told(
    made: str, capsys: Any
) -> None:
    found = answer(capsys, "run", made, "--once", "--at", AT, code=1)  # nobody made a key yet
    assert found["drafts"] == []
    assert len(found["notices"]) == 1


QUESTIONS = {
    "a pace of what does not go on": ["--once", "--every", "5"],
    "no pace": ["--every", "0"],
    "no time": ["--at", "yesterday"],
}


@pytest.mark.parametrize("words", QUESTIONS.values(), ids=QUESTIONS)
def test_a_wrong_question_is_answered_before_anything_happens(
    words: list[str], made: str, capsys: Any
) -> None:
    assert main(["run", made, *words]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not Path("state").exists()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "ended"])
def test_the_program_serves_the_desk_until_it_is_stopped_and_ends_cleanly(
    ending: signal.Signals, morning: str
) -> None:
    program = start("run", morning, "--at", AT, "--every", "1", "--json")
    try:
        assert program.stdout is not None
        address = json.loads(program.stdout.readline())["desk"]
        state = json.loads(program.stdout.readline())
        assert [one["number"] for one in state["drafts"]] == [1]
        with urlopen(address + "/sign-in", timeout=60) as page:
            assert "advisory" in page.read().decode().lower()
        program.send_signal(ending)
        rest, errors = program.communicate(timeout=120)
    finally:
        program.kill()
        program.wait()
    assert json.loads(rest.splitlines()[-1]) == {"closed": True}
    assert (program.returncode, errors) == (0, "")
    with desk(LATER) as opened:
        assert [one.number for one in opened.look().drafts] == [1]


def test_what_is_not_known_is_said_in_one_line_and_is_not_calm(morning: str, capsys: Any) -> None:
    """The first day's rain came in no file, and X3 lies beyond the grid: 3 × 2 + 2 questions."""
    words = said(capsys, "run", morning, "--once", "--at", AT)
    assert (
        "forecast of 2026-11-22 00:00 UTC to 2026-11-24 00:00 UTC; "
        "NO DATA for 8 of 12 questions, which is not calm; drafts that wait: 1" in words
    )
    found = answer(capsys, "run", morning, "--once", "--at", AT)
    assert (found["questions"], found["questions_without_data"]) == (12, 8)


def test_what_may_not_alert_is_told_with_its_colour_and_time(made: str, capsys: Any) -> None:
    words = said(capsys, "run", made, "--once", "--at", AT, code=1)  # nobody made a key yet
    assert "drafts that wait: 0; notices without shown skill: 1" in words
    assert (
        "Only told, because skill was not shown: orange, heavy rain in District N1, "
        "2026-11-23 03:00+03:00 to 2026-11-24 03:00+03:00." in words
    )


def test_an_audit_says_of_which_events_nobody_can_say(morning: str, capsys: Any) -> None:
    approved()
    assert (
        main(["run", morning, "--once", "--at", (LATER + dt.timedelta(minutes=1)).isoformat()]) == 0
    )
    table = OBSERVED.replace("2026-11-23T09:30+03:00", "").replace("T03:00", "T00:00")
    Path("observations.csv").write_text(table)
    words = said(capsys, "audit", morning, "observations.csv", "--status", "Test")
    assert "warned of 0 of 1 event" in words
    assert "Of 1 event nobody can say, because nobody recorded when it began" in words
