"""Announcing a run, running it, and what everybody sees: through the command line."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from comity.assess.systems.endpoint.serve import serving
from comity.cli import main
from comity.record.intent import item_seed
from tests.cli.logs import (
    LAB,
    RESULT,
    begin,
    follow,
    gather,
    publish,
    trust,
    vkey,
    withdraw,
    witness,
)
from tests.cli.world import key, run, run_json

Capsys = pytest.CaptureFixture[str]
COAST_LOG = "coast.example/log"
INTENT = "intent.sigstore.json"


def announce(*more: str, out: str = INTENT, planned: int = 1000) -> int:
    words = ["intent", "steppe-card.toml", "--planned", str(planned), "--key", key(LAB)]
    return main([*words, "--log", "lab-log", "--out", out, *more])


def measure(out: str, *more: str, intent: str = INTENT) -> int:
    words = ["assess", "steppe-card.toml", "--key", key(LAB), "--intent", intent, "--out", out]
    return main([*words, "--log", "lab-log", *more])


def remarks(capsys: Capsys, *more: str) -> list[tuple[list[str], list[list[str]]]]:
    """Of each intent in the log, and of each of its results."""
    found = run_json(capsys, "log", "intents", "lab-log", *more)
    return [(one["remarks"], [r["remarks"] for r in one["results"]]) for one in found]


def predicate(bundle: str) -> Any:
    import base64

    envelope = json.loads(Path(bundle).read_bytes())["dsseEnvelope"]
    return json.loads(base64.b64decode(envelope["payload"]))["predicate"]


@pytest.fixture(autouse=True)
def lab(world: Path) -> Path:
    begin(LAB, "lab-log")
    return world


def test_what_is_announced_stands_in_the_log_and_its_secret_beside_it(capsys: Capsys) -> None:
    assert announce() == 0
    assert remarks(capsys) == [(["open"], [])]
    assert stat.S_IMODE(Path("intent.secret").stat().st_mode) == 0o600
    assert "Announces  Triage 1, 1,000 items" in run(capsys, "verify", INTENT).out


def test_a_log_of_somebody_unknown_is_not_said_to_hold_no_intents(capsys: Capsys) -> None:
    """The reader knows the log's key, and not the key with which its keeper signs."""
    assert announce() == 0
    text = Path("trust.toml").read_text(encoding="utf-8")
    (block,) = (one for one in text.split("[[authority]]") if f"{LAB}/log+" in one)
    Path("log-only.toml").write_text(f"[[authority]]{block}", encoding="utf-8")
    ran = run(capsys, "log", "intents", "lab-log", "--trust", "log-only.toml")
    assert "Of what could be read here, nothing was announced." in ran.out
    assert "1: rule 3: you trust nobody with the key" in ran.out


def test_the_seed_cannot_come_from_a_second_log_of_ones_own(capsys: Capsys) -> None:
    assert main(["log", "init", "--origin", f"{LAB}/second", "--log", "second"]) == 0
    trust(vkey(f"{LAB}/second", "log"), LAB)
    ran = run(capsys, "intent", "steppe-card.toml", "--planned", "1", "--key", key(LAB), "--log",
              "lab-log", "--beacon", "second")  # fmt: skip
    assert (ran.code, "somebody else's log" in ran.err) == (2, True)


def test_the_result_names_its_intent_and_shows_the_secret(capsys: Capsys) -> None:
    assert announce() == 0
    assert measure("run") == 0
    publish("run/result.sigstore.json")
    assert remarks(capsys) == [([], [[]])]
    said = predicate("run/result.sigstore.json")
    assert said["intent"] == run_json(capsys, "verify", INTENT)["id"]
    assert said["seed"].endswith(Path("intent.secret").read_text(encoding="utf-8").strip())


def test_a_second_run_of_one_intent_shows(capsys: Capsys) -> None:
    assert announce() == 0
    assert measure("run") == 0
    # another table under the same card: another number
    table = Path("steppe.csv").read_text(encoding="utf-8")
    Path("steppe.csv").write_text(table.replace(",1,0,", ",1,1,"), encoding="utf-8")
    assert measure("better") == 0
    publish("run/result.sigstore.json", "better/result.sigstore.json")
    assert remarks(capsys) == [(["rerun"], [[], []])]
    assert "one of them was chosen" in run(capsys, "log", "intents", "lab-log").out


def test_a_second_intent_for_the_same_card_shows(capsys: Capsys) -> None:
    assert announce() == 0
    assert announce(out="more.sigstore.json") == 0
    assert measure("run", intent="more.sigstore.json") == 0
    publish("run/result.sigstore.json")
    assert remarks(capsys) == [(["open", "same_plan"], []), (["same_plan"], [[]])]


def test_fewer_items_than_announced_show(capsys: Capsys) -> None:
    assert announce(planned=1001) == 0
    assert measure("run") == 0
    publish("run/result.sigstore.json")
    assert remarks(capsys) == [([], [["fewer_items"]])]


def test_a_result_that_was_not_announced_is_no_business_of_the_list(capsys: Capsys) -> None:
    publish(RESULT)
    assert remarks(capsys) == []


def test_an_intent_of_another_card_is_refused_before_the_run(capsys: Capsys) -> None:
    assert announce() == 0
    with Path("steppe-card.toml").open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    ran = run(capsys, "assess", "steppe-card.toml", "--key", key(LAB), "--intent", INTENT)
    assert ran.code == 2
    assert "another card, or the card was changed" in ran.err


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["--intent", INTENT, "--unsigned"], "announced is signed"),
        (["--intent", INTENT, "--key", key("lab.coast.example")], "that you named"),
        (["--intent", RESULT, "--key", key(LAB)], "announces nothing"),
        (["--intent", INTENT, "--key", key(LAB), "--beacon", "lab-log"], "no items by lot"),
        (["--beacon", "lab-log", "--key", key(LAB)], "belongs to an intent"),
    ],
    ids=["unsigned", "of somebody else", "a result", "a beacon nobody asked for", "no intent"],
)
def test_what_does_not_fit_together_gets_a_sentence(
    capsys: Capsys, words: list[str], sentence: str
) -> None:
    assert announce() == 0
    ran = run(capsys, "assess", "steppe-card.toml", "--out", "run", *words)
    assert ran.code == 2
    assert sentence in ran.err
    assert not Path("run").exists()


def test_another_secret_is_refused(capsys: Capsys) -> None:
    assert announce() == 0
    Path("intent.secret").write_text("00" * 32, encoding="utf-8")
    ran = run(capsys, "assess", "steppe-card.toml", "--key", key(LAB), "--intent", INTENT)
    assert ran.code == 2
    assert "not the secret of that intent" in ran.err


def test_an_intent_is_never_written_over(capsys: Capsys) -> None:
    assert announce() == 0
    before = Path(INTENT).read_bytes()
    words = ["intent", "steppe-card.toml", "--planned", "5", "--key", key(LAB), "--log", "lab-log"]
    ran = run(capsys, *words)
    assert ran.code == 2 and "not replaced" in ran.err
    assert Path(INTENT).read_bytes() == before


# items that nobody chose


@pytest.fixture
def beacon(lab: Path) -> None:
    """Coast keeps a log; Coast and Steppe are witnesses of everything."""
    begin("coast.example", "coast-log")
    publish("agreement.coast.example.sigstore.json", log="coast-log")
    for origin in ("coast.example", "steppe.example"):
        witness(origin)
    see_beacon()


def see_beacon() -> None:
    follow("coast-log", by="steppe.example", origin=COAST_LOG)
    gather("steppe-public", log="coast-log")


def see_intent() -> None:
    follow()
    gather("coast-public")


WAIT = ["--beacon", "coast-log"]


def test_the_seed_comes_from_the_other_log_once_it_has_grown(beacon: None, capsys: Capsys) -> None:
    assert announce(*WAIT) == 0
    words = ["assess", "steppe-card.toml", "--key", key(LAB), "--intent", INTENT]
    words += ["--log", "lab-log", "--out", "run"]
    assert "Name its mirror" in run(capsys, *words).err
    assert "too few witnesses have seen the intent" in run(capsys, *words, *WAIT).err
    see_intent()
    assert "must have grown beyond 1 entry" in run(capsys, *words, *WAIT).err
    grow()
    assert run(capsys, *words, *WAIT).code == 0
    publish("run/result.sigstore.json")
    assert remarks(capsys, *WAIT) == [([], [[]])]
    assert remarks(capsys) == [([], [[]])]

    said = predicate("run/result.sigstore.json")
    shown = run_json(capsys, "log", "show", "coast-log")
    assert said["environment"]["beacon"] == f"{COAST_LOG} 2"
    assert f"items {item_seed(said['intent'], shown['root'])}" in said["seed"]


def test_the_seed_draws_the_questions_to_a_language_model(beacon: None, capsys: Capsys) -> None:
    with serving(lambda request: "I cannot help with that.") as url:
        Path("model.toml").write_text(
            '[system]\nname = "M"\nversion = "1"\nintended_use = "U"\n[population]\na = "b"\n'
            f'[endpoint]\nurl = "{url}"\nmodel = "m"\nrisks = ["misuse"]\nshare = 0.2\n'
        )
        words = ["model.toml", "--key", key(LAB), "--log", "lab-log"]
        assert main(["intent", *words, "--planned", "22", "--out", INTENT, *WAIT]) == 0
        see_intent()
        grow()
        words += ["--yes", "--journal", "kept.jsonl"]
        assert main(["assess", *words, "--out", "even"]) == 0
        assert main(["assess", *words, "--intent", INTENT, *WAIT, "--out", "drawn"]) == 0
    even, drawn = (predicate(f"{name}/result.sigstore.json") for name in ("even", "drawn"))
    seed = item_seed(drawn["intent"], run_json(capsys, "log", "show", "coast-log")["root"])
    assert f"items {seed}" in drawn["seed"] and any(seed in note for note in drawn["notes"])
    assert drawn["data"]["rows"] == even["data"]["rows"] == 44
    assert drawn["data"]["digest"] != even["data"]["digest"]
    publish("drawn/result.sigstore.json")
    assert remarks(capsys, *WAIT) == [([], [[]])]


def draw(*more: str, out: str = "sample.csv", table: str = "steppe.csv") -> list[str]:
    words = ["draw", table, "--card", "steppe-card.toml", "--intent", INTENT, "--id", "person"]
    return [*words, "--key", key(LAB), "--log", "lab-log", "--out", out, *WAIT, *more]


def test_the_announced_rows_are_drawn_and_everybody_draws_the_same(
    beacon: None, capsys: Capsys
) -> None:
    assert announce("--items", "steppe.csv", *WAIT, planned=100) == 0
    see_intent()
    grow()
    facts = run_json(capsys, *draw())
    table = Path("steppe.csv").read_text(encoding="utf-8").splitlines()
    sample = Path("sample.csv").read_text(encoding="utf-8").splitlines()
    assert facts["rows"] == 100 and len(sample) == 101
    assert sample[0] == table[0] and set(sample) <= set(table)
    assert run(capsys, *draw(out="again.csv")).code == 0
    assert Path("again.csv").read_bytes() == Path("sample.csv").read_bytes()
    assert measure("run", *WAIT) == 0
    assert f"items {facts['seed']}" in predicate("run/result.sigstore.json")["seed"]


def test_no_other_table_than_the_announced_one_is_drawn_from(beacon: None, capsys: Capsys) -> None:
    assert announce("--items", "steppe.csv", *WAIT, planned=100) == 0
    see_intent()
    grow()
    rows = Path("steppe.csv").read_text(encoding="utf-8").splitlines()
    Path("kinder.csv").write_text("\n".join(rows[:500]) + "\n", encoding="utf-8")
    ran = run(capsys, *draw(table="kinder.csv"))
    assert ran.code == 2 and "not the table that was announced" in ran.err
    ran = run(capsys, *draw("--id", "income"))
    assert ran.code == 2 and "the same 'income'" in ran.err
    ran = run(capsys, *draw("--id", "name"))
    assert ran.code == 2 and "no column 'name'" in ran.err
    assert not Path("sample.csv").exists()


def test_items_need_a_log_of_somebody_else(capsys: Capsys) -> None:
    words = ["intent", "steppe-card.toml", "--planned", "5", "--key", key(LAB), "--log", "lab-log"]
    ran = run(capsys, *words, "--items", "steppe.csv")
    assert ran.code == 2 and "--beacon FOLDER" in ran.err


def grow() -> None:
    """Coast's log grows, and Steppe sees it, a second or more after Coast saw the intent."""
    import time

    statement = "00" * 32
    withdraw(statement, by="coast.example", out="grown.sigstore.json")
    publish("grown.sigstore.json", log="coast-log")
    time.sleep(1.1)  # cosignatures have seconds, and later is later
    see_beacon()


def test_a_seed_of_ones_own_choice_shows(beacon: None, capsys: Capsys) -> None:
    import msgspec

    from comity.attest import load_key, sign, subjects_of
    from comity.claims import ASSESSMENT_TYPE, Assessment

    assert announce(*WAIT) == 0
    see_intent()
    grow()
    assert measure("run", *WAIT) == 0
    said = msgspec.convert(predicate("run/result.sigstore.json"), Assessment)
    kinder = msgspec.structs.replace(said, environment={"beacon": f"{COAST_LOG} 1"})
    lie = sign(ASSESSMENT_TYPE, subjects_of(kinder), kinder, load_key(Path(key(LAB))))
    Path("lie.sigstore.json").write_bytes(lie)
    publish("lie.sigstore.json")
    assert remarks(capsys, *WAIT) == [([], [["other_seed"]])]


def test_the_seed_cannot_come_from_ones_own_log(capsys: Capsys) -> None:
    words = ["intent", "steppe-card.toml", "--planned", "5", "--key", key(LAB), "--log", "lab-log"]
    ran = run(capsys, *words, "--beacon", "lab-log")
    assert ran.code == 2
    assert "somebody else's log" in ran.err
    assert not Path(INTENT).exists()
