"""What is still good, through the command line: withdraw, suspend, status lists, revisit."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from comity.cli import main
from tests.cli.logs import (
    LAB,
    RESULT,
    begin,
    follow,
    gather,
    logged,
    peers,
    publish,
    suspend,
    trust,
    vkey,
    withdraw,
    witness,
)
from tests.cli.world import DAY, SIGNED, key, pub, run, run_json

Capsys = pytest.CaptureFixture[str]
DECIDE = ["decide", RESULT, "--country", "coast.toml", "--on", DAY]
FROM_LOG = [*DECIDE, "--log", "coast-public"]


def verdict(facts: dict[str, Any], requirement: str = "right") -> str:
    found = {one["requirement"]: one["verdict"] for one in facts["decision"]["findings"]}
    verdict: str = found[requirement]
    return verdict


def set_aside(facts: dict[str, Any]) -> set[str]:
    return {one["reason"] for one in facts["decision"]["set_aside"]}


def ask_for_a_log(quorum: int = 1) -> None:
    """Both parties sign an agreement that asks for a log."""
    text = Path("agreement.toml").read_text(encoding="utf-8")
    assert "quorum = 0" in text
    text = text.replace("quorum = 0", f"quorum = {quorum}")
    text = text.replace("max_checkpoint_age_hours = 0", "max_checkpoint_age_hours = 48")
    Path("agreement.toml").write_text(text, encoding="utf-8")
    for name, origin in zip(SIGNED, ("coast.example", "steppe.example"), strict=True):
        Path(name).unlink()
        assert main(["agreement", "sign", "agreement.toml", "--key", key(origin)]) == 0


# deciding from a log


def test_what_stands_in_a_followed_log_counts_and_the_decision_names_the_log(
    world: Path, capsys: Capsys
) -> None:
    ask_for_a_log()
    assert verdict(run_json(capsys, *DECIDE)) == "not_tested"
    logged()
    facts = run_json(capsys, *FROM_LOG)
    assert verdict(facts) == "satisfied"
    assert [one["size"] for one in facts["standing"]["logs"]] == [1]
    assert facts["standing"]["witnesses"] == 1
    assert facts["decision"]["notes"] == run_json(capsys, *FROM_LOG)["decision"]["notes"]
    assert "no_log" not in {one["ground"] for one in facts["decision"]["notes"]}


def test_the_laboratory_withdraws_and_the_verdict_flips_with_its_reason(
    world: Path, capsys: Capsys
) -> None:
    logged()
    before = run_json(capsys, *FROM_LOG)
    withdraw()
    publish("withdrawal.sigstore.json")
    assert run_json(capsys, *FROM_LOG)["statement"] == before["statement"]
    follow()
    after = run_json(capsys, *FROM_LOG)
    assert (verdict(before), verdict(after)) == ("satisfied", "not_tested")
    assert set_aside(after) == {"withdrawn"}
    assert "its author has withdrawn it" in run(capsys, *FROM_LOG).out


def test_what_is_in_nobodys_log_is_unknown_where_the_agreement_asks(
    world: Path, capsys: Capsys
) -> None:
    ask_for_a_log()
    begin(LAB, "lab-log")
    witness("coast.example")
    publish(RESULT)
    shutil.copytree("lab-log", "copy")  # nobody has seen it
    facts = run_json(capsys, *DECIDE, "--log", "copy")
    assert verdict(facts) == "not_tested"
    assert "no_witness" in {one["ground"] for one in facts["decision"]["notes"]}


def test_two_witnesses_of_three_folders_are_two(world: Path, capsys: Capsys) -> None:
    ask_for_a_log(quorum=2)
    logged()
    witness("steppe.example")
    follow(by="steppe.example")
    assert verdict(run_json(capsys, *FROM_LOG)) == "not_tested"
    facts = run_json(capsys, *FROM_LOG, "--log", "steppe-public")
    assert (verdict(facts), facts["standing"]["witnesses"]) == ("satisfied", 2)
    gather("coast-public", "steppe-public")
    facts = run_json(capsys, *DECIDE, "--log", "lab-log")
    assert (verdict(facts), facts["standing"]["witnesses"]) == ("satisfied", 2)


def test_one_s_own_mirror_shows_all_witnesses_that_the_keeper_gathered(
    world: Path, capsys: Capsys
) -> None:
    ask_for_a_log(quorum=2)
    logged()
    witness("steppe.example")
    follow(by="steppe.example")
    gather("coast-public", "steppe-public")
    follow()
    facts = run_json(capsys, *FROM_LOG)
    assert (verdict(facts), facts["standing"]["witnesses"]) == ("satisfied", 2)


def test_an_altered_blob_changes_nothing_and_is_told(world: Path, capsys: Capsys) -> None:
    logged()
    withdraw()
    publish("withdrawal.sigstore.json")
    follow()
    mirror = next(Path("coast-public/seen").iterdir())
    shown = json.loads(run(capsys, "log", "show", "lab-log", "--json").out)
    digest = shown["entries"][1]["bundle"]
    blob = mirror / "blob" / "sha256" / digest[:2] / digest
    blob.write_bytes(blob.read_bytes().replace(b"a", b"b", 1))
    facts = run_json(capsys, *FROM_LOG)
    assert verdict(facts) == "satisfied"
    assert "not the one that the entry names" in facts["changed_nothing"][0]
    assert "changed nothing" in run(capsys, *FROM_LOG).out


def test_an_altered_log_stops_the_work(world: Path, capsys: Capsys) -> None:
    logged()
    mirror = next(Path("coast-public/seen").iterdir())
    (entries,) = (path for path in mirror.rglob("entries/*.p/*") if path.is_file())
    entries.write_bytes(entries.read_bytes().replace(b"assessment", b"assessmenu"))
    ran = run(capsys, *FROM_LOG)
    assert ran.code == 1
    assert "coast-public" in ran.err and "prove-fork" in ran.err


def test_a_log_that_told_two_stories_counts_for_nobody(world: Path, capsys: Capsys) -> None:
    ask_for_a_log()
    logged()
    shutil.copytree("lab-log", "other-story")
    shutil.copytree("keys", "other-keys")
    withdraw("ab" * 32, out="one.sigstore.json")
    publish("one.sigstore.json")
    follow()
    assert verdict(run_json(capsys, *FROM_LOG)) == "satisfied"
    withdraw("cd" * 32, out="other.sigstore.json")
    publish_other = ["publish", "other.sigstore.json", "--log", "other-story"]
    assert main([*publish_other, "--keys", "other-keys"]) == 0
    words = ["log", "follow", "other-story", "--origin", f"{LAB}/log", "--into", "coast-public"]
    assert run(capsys, *words, "--keys", "held-coast.example").code == 1
    facts = run_json(capsys, *FROM_LOG)
    assert verdict(facts) == "not_tested"
    assert "told two stories" in facts["changed_nothing"][0]
    status_list()
    check = ["standing", "check", "status.sigstore.json", "--log", "coast-public"]
    assert run(capsys, *check).code == 0  # whoever checks a list knows of the fork, too
    proof = next(Path("coast-public").rglob("fork/*.json"))
    proof.write_text("{}", encoding="utf-8")  # what proves nothing is none
    assert verdict(run_json(capsys, *FROM_LOG)) == "satisfied"


def test_a_log_of_a_stranger_is_nobodys(world: Path, capsys: Capsys) -> None:
    assert main(["log", "init", "--origin", f"{LAB}/log", "--log", "lab-log"]) == 0
    ran = run(capsys, *DECIDE, "--log", "lab-log")
    assert ran.code == 1
    assert "no entry of your trust file" in ran.err


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["--log", "coast-public", "--status", "x"], "exclude each other"),
        (["--log", "keys"], "neither a log nor a mirror"),
        (["--status", RESULT], "no status list"),
        (["--log", "coast-public", "--standing", "written.toml"], "comparisons alone"),
        (["--log", "lab-log", "--max-age", "1"], "nothing says how new"),
    ],
    ids=["log and status list", "a folder without a log", "a result as a status list",
         "states beside a log", "an age that nobody knows"],
)  # fmt: skip
def test_what_does_not_fit_together_gets_a_sentence(
    world: Path, capsys: Capsys, words: list[str], sentence: str
) -> None:
    logged()
    Path("written.toml").write_text(f'[issuers]\n"{LAB}" = "suspended"\n', encoding="utf-8")
    ran = run(capsys, *DECIDE, *words)
    assert ran.code in (1, 2)
    assert sentence in ran.err


# withdrawing and suspending


def test_nobody_withdraws_what_others_signed(world: Path, capsys: Capsys) -> None:
    words = ["withdraw", RESULT, "--key", key("coast.example"), "--reason", "I dislike it"]
    ran = run(capsys, *words)
    assert ran.code == 2
    assert "what others signed is theirs" in ran.err
    assert not Path("withdrawal.sigstore.json").exists()


def test_a_withdrawal_by_digits_of_what_others_signed_is_said_and_changes_nothing(
    world: Path, capsys: Capsys
) -> None:
    logged()
    begin("coast.example", "coast-log")
    statement = run_json(capsys, "verify", RESULT)["id"]
    withdraw(statement, by="coast.example")
    publish("withdrawal.sigstore.json", log="coast-log")
    facts = run_json(capsys, *FROM_LOG, "--log", "coast-log")
    assert verdict(facts) == "satisfied"
    assert "about a statement of somebody else" in facts["changed_nothing"][0]


def test_one_laboratory_suspends_its_own_result_and_lifts_it(world: Path, capsys: Capsys) -> None:
    logged()
    suspend(RESULT, LAB, "suspension.sigstore.json")
    publish("suspension.sigstore.json")
    follow()
    assert set_aside(run_json(capsys, *FROM_LOG)) == {"suspended"}
    withdraw("suspension.sigstore.json", out="lifted.sigstore.json")
    publish("lifted.sigstore.json")
    follow()
    assert verdict(run_json(capsys, *FROM_LOG)) == "satisfied"


def test_authorities_suspend_another_together_as_the_reader_allows(
    world: Path, capsys: Capsys
) -> None:
    logged()
    said = {}
    for origin in ("coast.example", "steppe.example"):
        folder = f"{origin.split('.')[0]}-log"
        begin(origin, folder)
        said[origin] = f"suspension.{origin}.sigstore.json"
        suspend(LAB, origin, said[origin])
        publish(said[origin], log=folder)
    logs = ["--log", "coast-log", "--log", "steppe-log"]
    facts = run_json(capsys, *FROM_LOG, *logs)
    assert verdict(facts) == "satisfied"
    assert len(facts["changed_nothing"]) == 2
    peers("coast.example", "steppe.example", needed=2)
    assert verdict(run_json(capsys, *FROM_LOG, "--log", "coast-log")) == "satisfied"
    facts = run_json(capsys, *FROM_LOG, *logs)
    assert verdict(facts) == "not_tested"
    assert set_aside(facts) == {"issuer_not_live"}


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["suspend", "no such thing!", "--until", DAY], "cannot name an authority"),
        (["suspend", LAB, "--until", "2999-01-01"], "1 to 42 days"),
        (["suspend", LAB, "--until", "2020-01-01"], "1 to 42 days"),
        (["suspend", RESULT, "--until", DAY, "--review"], "is about an authority"),
        (["withdraw", "nothing"], "no such file"),
    ],
    ids=["nobody", "for too long", "until the past", "a review of a statement", "no statement"],
)
def test_what_cannot_be_said_gets_a_sentence(
    world: Path, capsys: Capsys, words: list[str], sentence: str
) -> None:
    ran = run(capsys, *words, "--key", key(LAB), "--reason", "because")
    assert ran.code == 2
    assert sentence in ran.err
    assert not list(Path().glob("*suspension*")) and not list(Path().glob("withdrawal*"))


def test_nothing_withdraws_a_withdrawal(world: Path, capsys: Capsys) -> None:
    withdraw()
    words = ["withdraw", "withdrawal.sigstore.json", "--key", key(LAB), "--reason", "no, wait"]
    ran = run(capsys, *words, "--out", "again.sigstore.json")
    assert ran.code == 2 and "final" in ran.err


def test_ones_own_log_that_nobody_has_seen_makes_nothing_unknown(
    world: Path, capsys: Capsys
) -> None:
    ask_for_a_log()
    logged()
    shutil.move("coast-public/seen", "seen")
    begin("coast.example", "coast-public")
    shutil.move("seen", "coast-public/seen")
    facts = run_json(capsys, *FROM_LOG)
    assert verdict(facts) == "satisfied"
    assert len(facts["standing"]["logs"]) == 2
    status_list()
    facts = run_json(capsys, *DECIDE, "--status", "status.sigstore.json")
    assert verdict(facts) == "satisfied"


# standing, shown and signed


def test_standing_is_shown_with_an_exit_code(world: Path, capsys: Capsys) -> None:
    logged()
    show = ["standing", "show", RESULT, "--log", "coast-public"]
    ran = run(capsys, *show)
    assert ran.code == 0 and "live" in ran.out
    withdraw()
    publish("withdrawal.sigstore.json")
    follow()
    ran = run(capsys, *show)
    assert ran.code == 1 and "withdrawn" in ran.out
    assert "1 witness of yours" in ran.out
    everything = run_json(capsys, "standing", "show", "--log", "coast-public")
    assert sorted(everything["standing"]["statements"].values()) == ["live", "withdrawn"]


def status_list(out: str = "status.sigstore.json", by: str = "coast.example") -> None:
    words = ["standing", "sign", "--log", "coast-public", "--key", key(by), "--out", out]
    assert main(words) == 0


def test_an_official_without_a_network_decides_from_a_signed_list(
    world: Path, capsys: Capsys
) -> None:
    logged()
    withdraw()
    publish("withdrawal.sigstore.json")
    follow()
    status_list()
    online = run_json(capsys, *FROM_LOG)
    shutil.rmtree("coast-public")
    shutil.rmtree("lab-log")
    facts = run_json(capsys, *DECIDE, "--status", "status.sigstore.json")
    assert set_aside(facts) == {"withdrawn"}
    assert facts["standing"] == online["standing"]
    assert facts["statement"] == online["statement"]


def test_she_decides_from_bundle_proof_and_list_alone(world: Path, capsys: Capsys) -> None:
    ask_for_a_log()
    logged()
    prove = ["log", "prove", RESULT, "--log", "coast-public", "--origin", f"{LAB}/log"]
    proof = Path("steppe/result.tlog-proof")  # lies beside its file
    assert main([*prove, "--out", str(proof)]) == 0
    status_list()
    shutil.rmtree("coast-public")
    shutil.rmtree("lab-log")
    offline = [*DECIDE, "--status", "status.sigstore.json"]
    assert verdict(run_json(capsys, *offline)) == "satisfied"
    proof.write_text("c2sp.org/tlog-proof@v1\n", encoding="utf-8")
    ran = run(capsys, *offline)
    assert ran.code == 2 and "result.tlog-proof" in ran.err


def test_a_list_that_is_too_old_is_refused(world: Path, capsys: Capsys) -> None:
    logged()
    status_list()
    later = str(datetime.date.today() + datetime.timedelta(days=9))
    words = ["decide", RESULT, "--country", "coast.toml", "--status", "status.sigstore.json"]
    ran = run(capsys, *words, "--on", later)
    assert ran.code == 1
    assert "too old" in ran.err and "--max-age" in ran.err
    assert run(capsys, *words, "--on", later, "--max-age", "10000").code == 0


@pytest.mark.parametrize("days", [-30, 30], ids=["a day long past", "a day to come"])
def test_a_list_of_another_day_is_refused(days: int, world: Path, capsys: Capsys) -> None:
    """Its checkpoints are new; but what is suspended then is another thing than today."""
    logged()
    then = str(datetime.date.today() + datetime.timedelta(days=days))
    words = ["standing", "sign", "--log", "coast-public", "--key", key("coast.example")]
    assert main([*words, "--on", then]) == 0
    ran = run(capsys, *DECIDE, "--status", "status.sigstore.json")
    assert ran.code == 1
    assert f"speaks of {then}" in ran.err


@pytest.mark.parametrize("by", [LAB, "lab.coast.example"], ids=["its subject", "no witness"])
def test_a_list_of_somebody_else_does_not_count(world: Path, capsys: Capsys, by: str) -> None:
    logged()
    status_list(by=by)
    ran = run(capsys, *DECIDE, "--status", "status.sigstore.json")
    assert ran.code == 1
    assert f"a status list of {by} does not count for you" in ran.err


def test_a_list_of_another_witness_counts(world: Path, capsys: Capsys) -> None:
    logged()
    witness("steppe.example")
    status_list(by="steppe.example")
    facts = run_json(capsys, *DECIDE, "--status", "status.sigstore.json")
    assert verdict(facts) == "satisfied"


def test_anybody_computes_the_list_again_also_when_the_log_has_grown(
    world: Path, capsys: Capsys
) -> None:
    logged()
    capsys.readouterr()
    status_list()
    assert "<U+000A>" not in capsys.readouterr().out
    check = ["standing", "check", "status.sigstore.json", "--log", "coast-public"]
    assert run(capsys, *check).code == 0
    withdraw()
    publish("withdrawal.sigstore.json")
    follow()
    ran = run(capsys, *check)
    assert ran.code == 0 and "Right" in ran.out


def test_a_list_that_hides_something_is_found_out(world: Path, capsys: Capsys) -> None:
    import msgspec

    from comity.attest import load_key, verify
    from comity.attest.trust import load_trust
    from comity.cli.types import TYPES, signed

    logged()
    withdraw()
    publish("withdrawal.sigstore.json")
    follow()
    status_list()
    bundle = Path("status.sigstore.json").read_bytes()
    now = datetime.datetime.now(datetime.UTC)
    listed = verify(bundle, load_trust(Path("trust.toml")), TYPES, now).predicate
    lie = msgspec.structs.replace(listed, statements=dict.fromkeys(listed.statements, "live"))
    secret = load_key(Path(key("coast.example")))
    Path("lie.sigstore.json").write_bytes(signed(lie, secret))
    ran = run(capsys, "standing", "check", "lie.sigstore.json", "--log", "coast-public")
    assert ran.code == 1
    assert "the list says live, the logs withdrawn" in ran.out


# revisiting


def test_decisions_that_rest_on_a_withdrawn_result_are_listed_and_made_again(
    world: Path, capsys: Capsys
) -> None:
    logged()
    signing = ["--key", key("coast.example")]
    assert run(capsys, *FROM_LOG, *signing, "--out", "decisions/triage").code == 0
    assert run(capsys, *FROM_LOG, "--out", "decisions/unsigned").code == 0
    revisit = ["revisit", "decisions", "--country", "coast.toml", "--log", "coast-public"]
    assert run_json(capsys, *revisit) == {"read": 2, "revisited": []}
    withdraw()
    publish("withdrawal.sigstore.json")
    follow()
    facts = run_json(capsys, *revisit, *signing, "--out", "again")
    assert (facts["read"], len(facts["revisited"])) == (2, 2)
    first = facts["revisited"][0]
    changes = {one["requirement"]: one for one in first["changes"]}
    right = changes["right"]
    assert (right["before"], right["after"]) == ("satisfied", "not_tested")
    assert right["gone"][0]["reason"] == "withdrawn"
    assert Path(first["written"], "decision.sigstore.json").exists()
    # the same as deciding by hand
    by_hand = run_json(capsys, *FROM_LOG)
    assert (
        run_json(capsys, "verify", f"{first['written']}/decision.sigstore.json")["id"]
        == (by_hand["statement"])
    )
    told = run(capsys, *revisit).out
    assert "2 rest on what is not good" in told
    assert "Satisfied → Not tested" in told
    assert "its author has withdrawn it" in told


def test_suspending_a_laboratory_revisits_what_rests_on_it(world: Path, capsys: Capsys) -> None:
    logged()
    assert run(capsys, *FROM_LOG, "--out", "decisions/triage").code == 0
    begin("steppe.example", "steppe-log")
    peers("steppe.example", needed=1)
    suspend(LAB, "steppe.example", "suspension.sigstore.json", review=True)
    publish("suspension.sigstore.json", log="steppe-log")
    words = ["revisit", "decisions", "--country", "coast.toml", "--log", "coast-public"]
    facts = run_json(capsys, *words, "--log", "steppe-log")
    (one,) = facts["revisited"]
    assert one["rests_on"] == [LAB]
    assert one["changes"][0]["gone"][0]["reason"] == "issuer_under_review"


def test_an_authority_in_good_standing_can_be_asked_for_too(world: Path, capsys: Capsys) -> None:
    assert run(capsys, *DECIDE, "--out", "decisions/triage").code == 0
    words = ["revisit", "decisions", "--country", "coast.toml", "--issuer", LAB]
    facts = run_json(capsys, *words, "--evidence", "steppe")
    (one,) = facts["revisited"]
    assert (one["rests_on"], one["missing"], one["changes"]) == ([LAB], [], [])
    assert run_json(capsys, *words[:-1], "nobody.example")["revisited"] == []


def test_what_a_decision_was_made_from_is_missed_by_name(world: Path, capsys: Capsys) -> None:
    assert run(capsys, *DECIDE, "--out", "decisions/triage").code == 0
    words = ["revisit", "decisions", "--country", "coast.toml", "--issuer", LAB]
    facts = run_json(capsys, *words)
    statement = run_json(capsys, "verify", RESULT)["id"]
    assert facts["revisited"][0]["missing"] == [statement]
    assert "cannot be decided again" in run(capsys, *words).out


# scope


def test_peers_vouch_and_the_reader_sees_for_what(world: Path, capsys: Capsys) -> None:
    peers("coast.example", "steppe.example", needed=2)
    for origin in ("coast.example", "steppe.example"):
        folder, out = f"{origin.split('.')[0]}-log", f"scope.{origin}.sigstore.json"
        begin(origin, folder)
        words = ["scope", "grant", LAB, pub(LAB), "--key", key(origin), "--role", "accredited"]
        measure = ["--measure", "fairness", "--measure", "accuracy.accuracy"]
        assert main([*words, *measure, "--until", "2028-01-01", "--out", out]) == 0
        publish(out, log=folder)
    show = ["scope", "show", "--log", "coast-log"]
    assert run_json(capsys, *show) == []
    (found,) = run_json(capsys, *show, "--log", "steppe-log")
    assert found["subject"] == LAB
    assert found["measures"] == {"accuracy.accuracy": "accredited", "fairness": "accredited"}
    assert "fairness: accredited" in run(capsys, *show, "--log", "steppe-log").out


def test_nobody_grants_scope_to_themselves(world: Path, capsys: Capsys) -> None:
    words = ["scope", "grant", LAB, pub(LAB), "--key", key(LAB), "--role", "accredited"]
    ran = run(capsys, *words, "--measure", "fairness", "--until", "2028-01-01")
    assert ran.code == 2
    assert "nobody grants scope to themselves" in ran.err


def test_every_statement_is_shown_by_verify(world: Path, capsys: Capsys) -> None:
    logged()
    withdraw()
    suspend(LAB, LAB, "suspension.sigstore.json")
    status_list()
    for file, words in {
        "withdrawal.sigstore.json": "a table was mixed up",
        "suspension.sigstore.json": f"Suspends   {LAB}",
        "status.sigstore.json": "lab.steppe.example/log, 1 entry",
    }.items():
        ran = run(capsys, "verify", file)
        assert ran.code == 0
        assert words in ran.out


def test_the_witness_key_of_a_stranger_is_not_counted(world: Path, capsys: Capsys) -> None:
    begin(LAB, "lab-log")
    assert main(["keys", "witness", "mallory.example"]) == 0
    publish(RESULT)
    follow(by="mallory.example")
    facts = run_json(capsys, *DECIDE, "--log", "mallory-public")
    assert facts["standing"]["witnesses"] == 0
    trust(vkey("mallory.example", "witness"), "mallory.example")
    facts = run_json(capsys, *DECIDE, "--log", "mallory-public")
    assert facts["standing"]["witnesses"] == 1
