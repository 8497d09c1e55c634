"""`comity decide`: verdicts with their chain, the delta, and the run that closes it."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.attest import load_key, load_public_key
from comity.claims.decision import Decision, Delta
from comity.cli import main
from tests.cli.world import DAY, SIGNED, TODAY, card, key, pub, run, run_json, table
from tests.independent.peers import record
from tests.parts import ROOT

Capsys = pytest.CaptureFixture[str]
RESULT = "steppe/result.sigstore.json"
DECIDE = ["decide", RESULT, "--country", "coast.toml", "--on", DAY]


def payload(bundle: Path) -> bytes:
    return base64.b64decode(json.loads(bundle.read_bytes())["dsseEnvelope"]["payload"])


def verdicts(facts: dict[str, Any]) -> dict[str, str]:
    return {one["requirement"]: one["verdict"] for one in facts["decision"]["findings"]}


def refusals(facts: dict[str, Any], requirement: str) -> set[str]:
    findings = {one["requirement"]: one for one in facts["decision"]["findings"]}
    return {one["reason"] for one in findings[requirement]["refused"]}


def edit(file: str, old: str, new: str) -> None:
    text = Path(file).read_text(encoding="utf-8")
    assert old in text
    Path(file).write_text(text.replace(old, new), encoding="utf-8")


# one decision


def test_foreign_measurements_meet_own_marks_and_the_rest_is_left(
    world: Path, capsys: Capsys
) -> None:
    facts = run_json(capsys, *DECIDE)

    assert verdicts(facts) == {
        "right": "satisfied",
        "reach": "satisfied",
        "right-here": "not_tested",
        "notice": "needs_judgement",
    }
    (item,) = facts["decision"]["delta"]["items"]
    assert item["requirements"] == ["right-here"]
    assert item["population"] == {"country": "coast"}
    assert item["n"] >= 500
    assert facts["decision"]["savings"]["assessments"] == 1


def test_the_page_shows_every_chain_in_words_and_symbols(world: Path, capsys: Capsys) -> None:
    told = run(capsys, *DECIDE).out

    assert "✓ Satisfied  Art 1  Decisions are right  [right]" in told
    assert "0.95 (950 of 1,000), 95 % bound 0.9371: satisfied" in told
    assert "by lab.steppe.example, as accredited, bound by declared" in told
    assert "counted under row steppe.example-to-coast.example of agreement" in told
    assert "○ Not tested  Art 3" in told
    assert "it was measured on another population" in told
    assert "? Needs judgement  Art 9" in told
    assert "Left to test" in told
    assert "Saved by recognition: 1,000 items, by 1 assessment" in told
    assert "less than a minute" in told
    assert "No overall score." in told
    assert "the regime is fictional" in told


def test_the_folder_holds_the_signed_decision_the_page_and_the_delta(
    world: Path, capsys: Capsys
) -> None:
    ran = run(capsys, *DECIDE, "--key", key("coast.example"), "--out", "out")

    assert ran.code == 0
    assert {one.name for one in Path("out").iterdir()} == {
        "decision.sigstore.json",
        "decision.html",
        "delta.json",
    }
    assert "comity assess CARD --delta out/delta.json --key KEY --out fresh" in ran.out
    bundle = Path("out/decision.sigstore.json")
    record(bundle.read_bytes(), load_key(Path(key("coast.example"))).public.pem)
    decision = msgspec.json.decode(
        msgspec.json.encode(json.loads(payload(bundle))["predicate"]), type=Decision
    )
    assert decision.authority == "coast.example"
    page = Path("out/decision.html").read_text(encoding="utf-8")
    assert hashlib.sha256(payload(bundle)).hexdigest() in page


def test_others_verify_the_decision_and_read_it_whole(world: Path, capsys: Capsys) -> None:
    assert main([*DECIDE, "--key", key("coast.example"), "--out", "out"]) == 0

    ran = run(capsys, "verify", "out/decision.sigstore.json")

    assert ran.code == 0
    assert f"unproven; the author says {DAY}" in ran.out
    assert "✓ Satisfied  Art 1" in ran.out


def test_others_make_the_page_of_a_decision_themselves(world: Path, capsys: Capsys) -> None:
    assert main([*DECIDE, "--key", key("coast.example"), "--out", "out"]) == 0

    made = run(capsys, "report", "out/decision.sigstore.json", "--out", "mine.html")
    refused = run(capsys, "report", SIGNED[0], "--out", "none.html")

    assert (made.code, "Act of Coast" in Path("mine.html").read_text(encoding="utf-8")) == (0, True)
    assert (refused.code, "of assessments and of decisions alone" in refused.err) == (2, True)
    assert not Path("none.html").exists()


def test_others_verify_an_agreement_and_read_it(world: Path, capsys: Capsys) -> None:
    ran = run(capsys, "verify", SIGNED[0])

    assert ran.code == 0
    assert "what steppe.example measures counts for coast.example" in ran.out


def test_others_verify_an_adoption_and_read_it(world: Path, capsys: Capsys) -> None:
    Path("adopt.toml").write_text(
        'title = "As adopted"\njurisdiction = "coast"\n[[operations]]\n'
        'operation = "drop"\nrequirement = "reach"\nreason = "Told otherwise."\n',
        encoding="utf-8",
    )
    words = ["regimes", "adopt", "adopt.toml", "--base", "coast-act.toml"]
    assert main([*words, "--key", key("coast.example"), "--out", "adopted.sigstore.json"]) == 0
    edit("coast.toml", "overlays = []", 'overlays = ["adopted.sigstore.json"]')

    ran = run(capsys, "verify", "adopted.sigstore.json")
    facts = run_json(capsys, *DECIDE)

    assert (ran.code, "drop reach" in ran.out) == (0, True)
    assert set(verdicts(facts)) == {"right", "right-here", "notice"}


def test_the_sha256_of_the_delta_file_is_the_intent_of_its_run(world: Path) -> None:
    assert main([*DECIDE, "--out", "out"]) == 0

    data = Path("out/delta.json").read_bytes()

    assert hashlib.sha256(data).hexdigest() == msgspec.json.decode(data, type=Delta).digest


def test_deciding_again_from_the_same_inputs_gives_the_same_bytes(world: Path) -> None:
    for out in ("first", "second"):
        assert main([*DECIDE, "--key", key("coast.example"), "--out", out]) == 0

    first, second = Path("first"), Path("second")
    assert payload(first / "decision.sigstore.json") == payload(second / "decision.sigstore.json")
    for name in ("decision.html", "delta.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_a_third_person_with_the_same_inputs_gets_the_same_statement(
    world: Path, capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit("coast.toml", "overlays = []", 'overlays = ["adopted.sigstore.json"]')
    Path("adopt.toml").write_text(
        'title = "As adopted"\njurisdiction = "coast"\n[[operations]]\n'
        'operation = "drop"\nrequirement = "reach"\nreason = "Told otherwise."\n',
        encoding="utf-8",
    )
    Path("standing.toml").write_text('[issuers]\n"east.example" = "suspended"\n', encoding="utf-8")
    words = ["regimes", "adopt", "adopt.toml", "--base", "coast-act.toml"]
    assert main([*words, "--key", key("coast.example"), "--out", "adopted.sigstore.json"]) == 0
    how = ["--standing", "standing.toml", "--use", "triage"]
    assert main([*DECIDE, *how, "--key", key("coast.example"), "--out", "signed"]) == 0
    sent = [
        "coast.toml", "coast-act.toml", "adopted.sigstore.json", *SIGNED, "trust.toml",
        "standing.toml", RESULT, "signed/decision.sigstore.json",
    ]  # fmt: skip
    elsewhere = tmp_path / "elsewhere"
    for name in sent:  # no key is among what was sent
        (elsewhere / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(name, elsewhere / name)
    monkeypatch.chdir(elsewhere)

    verified = run_json(capsys, "verify", "signed/decision.sigstore.json")
    mine = run_json(capsys, *DECIDE, *how)
    edit("coast.toml", f', "{SIGNED[1]}"', "")
    other = run_json(capsys, *DECIDE, *how)

    assert mine["statement"] == verified["id"]
    assert other["statement"] != verified["id"]
    predicate = json.loads(payload(Path("signed/decision.sigstore.json")))["predicate"]
    inputs = predicate["inputs"]
    ids = {name: hashlib.sha256(payload(Path(name))).hexdigest() for name in (*sent[2:5], RESULT)}
    assert [one["statement"] for one in inputs["exhibits"]] == [ids[RESULT]]
    assert [one["statement"] for one in inputs["agreements"]] == [ids[SIGNED[0]]]
    assert inputs["overlays"] == [ids["adopted.sigstore.json"]]
    base = run_json(capsys, "regimes", "show", "coast-act.toml")
    assert predicate["regime"]["base"] == base["digest"]


def test_without_a_key_the_decision_is_written_unsigned(world: Path) -> None:
    assert main([*DECIDE, "--out", "out"]) == 0

    decision = msgspec.json.decode(Path("out/decision.json").read_bytes(), type=Decision)
    assert decision.jurisdiction == "coast"
    assert "not signed" in Path("out/decision.html").read_text(encoding="utf-8")


def test_what_it_is_used_for_is_part_of_the_decision(world: Path, capsys: Capsys) -> None:
    words = ["--use", "health", "--use", "triage", "--on-market-since", "2025-06-01"]

    facts = run_json(capsys, *DECIDE, *words)

    assert facts["decision"]["deployment"] == {
        "on_market_since": "2025-06-01",
        "uses": ["health", "triage"],
    }


# whose word counts


def test_an_agreement_that_one_side_signed_lets_nothing_count(world: Path, capsys: Capsys) -> None:
    edit("coast.toml", f', "{SIGNED[1]}"', "")

    facts = run_json(capsys, *DECIDE)

    assert verdicts(facts)["right"] == "not_tested"
    assert "agreement_not_signed" in refusals(facts, "right")


def test_a_signed_decision_is_no_evidence_for_another_country(world: Path, capsys: Capsys) -> None:
    assert main([*DECIDE, "--key", key("coast.example"), "--out", "out"]) == 0

    facts = run_json(capsys, *DECIDE, "out/decision.sigstore.json")

    (aside,) = facts["decision"]["set_aside"]
    assert (aside["signer"], aside["reason"]) == ("coast.example", "not_a_measurement")


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_a_withdrawn_statement_does_not_count(world: Path, capsys: Capsys, suffix: str) -> None:
    statement = hashlib.sha256(payload(Path(RESULT))).hexdigest()
    text = {
        "toml": f'[statements]\n{statement} = "withdrawn"\n',
        "json": json.dumps({"statements": {statement: "withdrawn"}}),
    }
    Path(f"standing.{suffix}").write_text(text[suffix], encoding="utf-8")

    facts = run_json(capsys, *DECIDE, "--standing", f"standing.{suffix}")

    assert [one["reason"] for one in facts["decision"]["set_aside"]] == ["withdrawn"]
    assert verdicts(facts)["right"] == "not_tested"


def test_a_suspended_laboratory_turns_the_verdict(world: Path, capsys: Capsys) -> None:
    Path("standing.toml").write_text(
        '[issuers]\n"lab.steppe.example" = "suspended"\n', encoding="utf-8"
    )

    before = run_json(capsys, *DECIDE)
    after = run_json(capsys, *DECIDE, "--standing", "standing.toml")

    assert (verdicts(before)["right"], verdicts(after)["right"]) == ("satisfied", "not_tested")
    (aside,) = after["decision"]["set_aside"]
    assert (aside["signer"], aside["reason"]) == ("lab.steppe.example", "issuer_not_live")


def test_only_the_key_that_trust_binds_to_coast_adopts_for_coast(
    world: Path, capsys: Capsys
) -> None:
    Path("adopt.toml").write_text(
        'title = "As adopted"\njurisdiction = "coast"\n[[operations]]\n'
        'operation = "drop"\nrequirement = "reach"\nreason = "Told otherwise."\n',
        encoding="utf-8",
    )
    words = ["regimes", "adopt", "adopt.toml", "--base", "coast-act.toml"]
    assert main([*words, "--key", key("steppe.example"), "--out", "adopted.sigstore.json"]) == 0
    edit("coast.toml", "overlays = []", 'overlays = ["adopted.sigstore.json"]')

    ran = run(capsys, *DECIDE, "--out", "out")

    assert ran.code == 2
    assert "steppe.example may not adopt for coast" in ran.err
    assert not Path("out").exists()


def test_the_same_name_with_another_key_is_not_believed(world: Path, capsys: Capsys) -> None:
    lab = "lab.steppe.example"
    words = ["keys", "new", lab, "--name", lab, "--role", "accredited"]
    assert main([*words, "--out", "swap"]) == 0
    assert main(["assess", "steppe-card.toml", "--key", f"swap/{lab}.key", "--out", "claimed"]) == 0

    ran = run(capsys, "decide", "claimed/result.sigstore.json", "--country", "coast.toml")

    assert ran.code == 1
    assert "rule 3: you trust nobody with the key" in ran.err


def test_an_altered_bundle_stops_the_work_and_is_named(world: Path, capsys: Capsys) -> None:
    bundle = json.loads(Path(RESULT).read_bytes())
    content = payload(Path(RESULT)).replace(b'"0.95"', b'"0.99"', 1)
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(content).decode()
    Path("altered.sigstore.json").write_text(json.dumps(bundle), encoding="utf-8")

    ran = run(capsys, "decide", "altered.sigstore.json", "--country", "coast.toml", "--out", "out")

    assert ran.code == 1
    assert "altered.sigstore.json does not hold, rule 4" in ran.err
    assert not Path("out").exists()


# the worked examples, signed with real keys


def adopt_example(name: str) -> None:
    """Sign a worked example with the keys of this world, and let Coast recognise by it alone."""
    words = ["keys", "new", "isles.example", "--name", "isles.example", "--role", "user"]
    assert main(words) == 0
    text = (ROOT / "examples" / "agreements" / f"{name}.toml").read_text(encoding="utf-8")
    text = text.replace("valid_until = 2030-12-31", "valid_until = 2999-12-31")
    for file in Path("keys").glob("*.pub"):
        placeholder = hashlib.sha256(file.stem.encode()).hexdigest()
        text = text.replace(placeholder, load_public_key(file).spki_sha256)
    Path("example.toml").write_text(text, encoding="utf-8")
    digits = load_public_key(Path(pub("isles.example"))).fingerprint
    trust = ["trust", "add", pub("isles.example"), "--origin", "isles.example", "--name", "Isles"]
    assert main([*trust, "--fingerprint", digits]) == 0
    parties = [o for o in ("coast", "steppe", "isles") if f'jurisdiction = "{o}"' in text]
    for party in parties:
        assert main(["agreement", "sign", "example.toml", "--key", key(f"{party}.example")]) == 0
    files = [f"example.{party}.example.sigstore.json" for party in parties]
    edit("coast.toml", json.dumps(list(SIGNED)), json.dumps(files))


def used(facts: dict[str, Any], requirement: str) -> list[tuple[str, str, str]]:
    """Row, role and binding of what counts."""
    findings = {one["requirement"]: one for one in facts["decision"]["findings"]}
    return [(one["row"], one["role"], one["binding"]) for one in findings[requirement]["used"]]


def test_measurements_that_follow_the_common_profile_count(world: Path, capsys: Capsys) -> None:
    adopt_example("national-differences")

    facts = run_json(capsys, *DECIDE)

    assert used(facts, "right") == [("steppe-to-coast", "accredited", "declared")]
    assert used(facts, "reach") == [("steppe-to-coast", "accredited", "declared")]


def test_measurements_beside_the_exact_use_count_up_to_the_cap(world: Path, capsys: Capsys) -> None:
    adopt_example("caps-and-exact-use")

    facts = run_json(capsys, *DECIDE)

    assert used(facts, "right") == [("steppe-to-coast-other", "independent", "declared")]


def test_a_laboratory_counts_only_while_a_comparison_shows_that_it_measures_alike(
    world: Path, capsys: Capsys
) -> None:
    adopt_example("claimable-uncertainty")
    result = {
        "comparison": "care-selection-2026",
        "origin": "lab.steppe.example",
        "statistic": "e_n",
        "value": "0.4",
        "decided": DAY,
    }
    Path("standing.json").write_text(json.dumps({"comparisons": [result]}), encoding="utf-8")

    without = run_json(capsys, *DECIDE)
    alike = run_json(capsys, *DECIDE, "--standing", "standing.json")

    assert refusals(without, "right") == {"equivalence_unknown"}
    assert used(alike, "right") == [("steppe-to-coast-accuracy", "accredited", "declared")]


# the delta


@pytest.fixture
def left(world: Path) -> Path:
    """What the first decision leaves to test."""
    assert main([*DECIDE, "--out", "first"]) == 0
    return Path("first/delta.json")


def assess_delta(*words: str) -> list[str]:
    lab = ["--key", key("lab.coast.example"), "--out", "own"]
    return ["assess", "coast-card.toml", "--delta", "first/delta.json", *lab, *words]


def test_coast_runs_what_is_left_and_nothing_else(left: Path, capsys: Capsys) -> None:
    facts = run_json(capsys, *assess_delta())

    assessment = facts["assessment"]
    (claim,) = assessment["claims"]
    assert (claim["measure"], claim["slice"]) == ("accuracy.accuracy", {})
    assert assessment["intent"] == hashlib.sha256(left.read_bytes()).hexdigest()


def test_after_the_delta_run_nothing_is_left(left: Path, capsys: Capsys) -> None:
    assert main(assess_delta()) == 0

    again = [*DECIDE, "own/result.sigstore.json", "--delta", str(left)]
    facts = run_json(capsys, *again)

    assert verdicts(facts)["right-here"] == "satisfied"
    assert facts["decision"]["delta"]["items"] == []
    assert facts["decision"]["inputs"]["deltas"] == [hashlib.sha256(left.read_bytes()).hexdigest()]
    assert "counted as an own assessor" in run(capsys, *again).out


def test_fewer_rows_than_the_delta_asks_for_are_told_and_do_not_decide(
    left: Path, capsys: Capsys
) -> None:
    Path("coast.csv").write_text(table(285, 15), encoding="utf-8")

    told = run(capsys, *assess_delta()).out
    facts = run_json(capsys, *DECIDE, "own/result.sigstore.json", "--delta", str(left))

    assert "these are 300, too few to decide" in told
    assert verdicts(facts)["right-here"] == "not_tested"
    assert "too_few_items" in refusals(facts, "right-here")


def test_a_card_that_answers_some_tests_of_a_delta_names_the_others(
    left: Path, capsys: Capsys
) -> None:
    delta = msgspec.json.decode(left.read_bytes())
    (item,) = delta["items"]
    reach = item | {
        "id": "0" * 64,
        "population": "any",
        "procedure": item["procedure"] | {"measure": "safety.refusal_rate"},
    }
    left.write_bytes(msgspec.json.encode(delta | {"items": [item, reach]}))

    told = run(capsys, *assess_delta()).out

    assert "also asks for safety.refusal_rate, which was not tested here" in told


@pytest.mark.parametrize(
    ("card_text", "sentence"),
    [
        pytest.param(
            card("coast.csv", "coast", version="2"),
            "the delta is for another system than Triage 2",
            id="another version of the system",
        ),
        pytest.param(
            card("coast.csv", "isles"),
            "asks for other data than these, which stand for country=isles",
            id="another population",
        ),
        pytest.param(
            card("coast.csv", "coast").replace(
                'prediction = "chosen"', 'score = "chosen"\ncut_off = "0.5"'
            ),
            "measured with another parameter",
            id="another procedure",
        ),
    ],
)
def test_a_delta_that_the_card_cannot_answer_is_refused(
    left: Path, capsys: Capsys, card_text: str, sentence: str
) -> None:
    Path("coast-card.toml").write_text(card_text, encoding="utf-8")

    ran = run(capsys, *assess_delta())

    assert ran.code == 2
    assert sentence in ran.err
    assert not Path("own").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"{", "the file is not JSON", id="half a file"),
        pytest.param(b"[" * 100_000, "Expected `object`", id="a file nested too deeply"),
        pytest.param(b"{}", "missing required field `system`", id="an empty delta file"),
        pytest.param(b'{"items": 3}', "field items", id="items that are a number"),
    ],
)
def test_a_delta_file_that_is_none_is_named(
    left: Path, capsys: Capsys, content: bytes, sentence: str
) -> None:
    left.write_bytes(content)

    ran = run(capsys, *assess_delta())

    assert ran.code == 2
    assert sentence in ran.err
    assert "first/delta.json" in ran.err


def test_a_delta_that_leaves_nothing_is_not_run(left: Path, capsys: Capsys) -> None:
    delta = msgspec.json.decode(left.read_bytes())
    left.write_bytes(msgspec.json.encode(delta | {"items": []}))

    assert "the delta leaves nothing to test" in run(capsys, *assess_delta()).err


# questions that are wrong


def test_files_about_two_systems_need_a_word_which_is_meant(world: Path, capsys: Capsys) -> None:
    Path("newer.toml").write_text(card("coast.csv", "coast", version="2"), encoding="utf-8")
    lab = ["--key", key("lab.coast.example"), "--out", "newer"]
    assert main(["assess", "newer.toml", *lab]) == 0
    both = [*DECIDE, "newer/result.sigstore.json"]

    ran = run(capsys, *both)
    by_card = run_json(capsys, *both, "--system", "newer.toml")
    by_file = run_json(capsys, *both, "--system", RESULT)

    assert (ran.code, "about 2 systems: Triage 1 and Triage 2" in ran.err) == (2, True)
    assert by_card["decision"]["system"]["version"] == "2"
    assert "model_changed" in refusals(by_card, "right")
    assert by_file["decision"]["system"]["version"] == "1"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["decide"], "no signed file was named", id="nothing but the verb"),
        pytest.param(
            ["decide", "--country", "coast.toml"], "no signed file was named", id="no file"
        ),
        pytest.param(
            ["decide", RESULT], "country.toml: there is no such country file", id="no country"
        ),
        pytest.param(
            ["decide", SIGNED[0], "--country", "coast.toml"],
            "none of the files is an assessment",
            id="nothing but an agreement",
        ),
        pytest.param(
            [*DECIDE, "--system", SIGNED[0]],
            "is no assessment of a system",
            id="an agreement where a system belongs",
        ),
        pytest.param(
            [*DECIDE, "--key", key("coast.example")],
            "a signed decision needs a folder",
            id="a key without a folder",
        ),
        pytest.param(
            [*DECIDE, "--out", "out", "--key", key("steppe.example")],
            "this is the key of steppe.example, and another decides here: coast.example",
            id="the key of another country",
        ),
        pytest.param(
            [*DECIDE[:-1], "2999-01-01", "--out", "out", "--key", key("coast.example")],
            "2999-01-01 has not come yet",
            id="signing a day that has not come",
        ),
        pytest.param([*DECIDE, "--out", "steppe"], "never overwritten", id="a folder that is full"),
        pytest.param([*DECIDE[:-1], "yesterday"], "'yesterday' does not match", id="no day"),
        pytest.param(
            [*DECIDE, "--use", "all uses"], "--use, field uses[0]", id="a use that is no key"
        ),
        pytest.param(
            [*DECIDE, "--standing", "coast.toml"], "coast.toml", id="a standing file that is none"
        ),
        pytest.param(
            [*DECIDE, "--across", "example-coast"],
            "one regime alone cannot be compared",
            id="one regime across nothing",
        ),
        pytest.param([*DECIDE, "--across"], "requires an argument", id="across nothing"),
        pytest.param(
            [*DECIDE, "--across", "example-coast", "example-coast"],
            "example-coast is named twice",
            id="one regime beside itself",
        ),
        pytest.param(
            [*DECIDE, "--key", "k", "--across", "example-coast", "example-steppe"],
            "nothing to sign",
            id="signing a comparison",
        ),
        pytest.param(
            [*DECIDE, "--across", "example-coast", "nowhere"],
            "no regime 'nowhere' ships with Comity",
            id="a regime that does not ship",
        ),
        pytest.param(
            [*DECIDE, "--across", "example-coast", "x" * 400],
            "ships with Comity",
            id="a name that no file can have",
        ),
        pytest.param(
            [*DECIDE, "--use", "two words"], "it is not a short name", id="a use in two words"
        ),
    ],
)
def test_a_wrong_question_gets_a_sentence_and_writes_nothing(
    world: Path, capsys: Capsys, words: list[str], sentence: str
) -> None:
    ran = run(capsys, *words)

    assert ran.code == 2
    assert sentence in ran.err
    assert not Path("out").exists()


def test_looking_ahead_unsigned_is_allowed(world: Path, capsys: Capsys) -> None:
    ahead = str(TODAY + datetime.timedelta(days=366))

    facts = run_json(capsys, *DECIDE[:-1], ahead)

    assert facts["decision"]["decided"] == ahead
    assert "too_old" in refusals(facts, "right")


def test_errors_for_machines_are_json(world: Path, capsys: Capsys) -> None:
    told = run_json(capsys, "decide", RESULT)

    assert told["error"]["where"] == "country.toml"


# one system under many regimes


def test_two_countries_look_at_one_system(world: Path, capsys: Capsys) -> None:
    steppe = Path("coast.toml").read_text(encoding="utf-8")
    for old, new in (
        ('"Coast"', '"Steppe"'),
        ('jurisdiction = "coast"', 'jurisdiction = "steppe"'),
        ("coast-act", "steppe-act"),
    ):
        steppe = steppe.replace(old, new)
    Path("steppe.toml").write_text(steppe, encoding="utf-8")

    topics = run_json(capsys, *DECIDE, "--across", "coast.toml", "steppe.toml")
    told = run(capsys, *DECIDE, "--across", "coast.toml", "steppe.toml").out

    (right,) = [one for one in topics if one["topic"] == "right"]
    assert [(cell["regime"], cell["verdict"]) for cell in right["cells"]] == [
        ("coast", "satisfied"),
        ("steppe", "not_satisfied"),
    ]
    assert right["relations"] == [{"between": ["coast", "steppe"], "relation": "different_number"}]
    assert "✗ not satisfied" in told
    assert "different number" in told


def test_shipped_regimes_borrow_trust_and_agreements_of_the_country(
    world: Path, capsys: Capsys
) -> None:
    names = ["--across", "example-coast", "example-steppe", "--out", "sheet"]

    ran = run(capsys, *DECIDE, *names)

    assert ran.code == 0
    assert "example-steppe" in ran.out
    page = Path("sheet/divergence.html").read_text(encoding="utf-8")
    assert "Triage" in page


def test_signed_files_after_the_names_are_the_evidence(world: Path, capsys: Capsys) -> None:
    names = ["--across", "coast.toml", "example-steppe"]

    first = run_json(capsys, *DECIDE, *names)
    names.insert(2, RESULT)
    last = run_json(capsys, "decide", "--country", "coast.toml", "--on", DAY, *names)

    assert first == last


def test_texts_alone_are_compared_without_a_country(world: Path, capsys: Capsys) -> None:
    topics = run_json(capsys, "decide", "--across", "example-coast", "steppe-act.toml")

    assert {cell["verdict"] for topic in topics for cell in topic["cells"]} == {None}
    regimes = {cell["regime"] for topic in topics for cell in topic["cells"]}
    assert regimes == {"example-coast", "steppe-act"}
