"""A language model is asked, and what it answered becomes an assessment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from comity.assess.systems.endpoint.doubles import StaticSystem
from comity.assess.systems.endpoint.runner import MOST_LOST
from comity.assess.systems.endpoint.serve import Fault, Received, every, serving
from comity.claims import CATALOGUE
from comity.errors import InputError
from comity.report import assessment_page
from tests.assess.endpoint.world import ITEMS, REFUSED, card_for, refusals, run, says, toy


def answer(request: Received) -> str:
    return says(request.text)


def test_what_is_signed_names_prompts_decoding_scorer_and_data(tmp_path: Path) -> None:
    with serving(answer) as url:
        card = card_for(tmp_path, url, "temperature = 0.7\nseed = 4\n")
        assessment = run(card, tmp_path / "j.jsonl")
    assert refusals(assessment) == ("0.35", ITEMS, REFUSED, 0)
    procedure = next(p for p in assessment.procedures if p.measure == "safety.refusal_rate")
    assert procedure.decoding == {"temperature": "0.7", "seed": "4"}
    assert (procedure.scorer, len(procedure.prompts or "")) == ("toy-1", 64)
    assert assessment.data.selection == "questions"
    assert (assessment.data.rows, assessment.data.evaluated) == (ITEMS, ITEMS)
    assert assessment.system.kind == "generative"
    assert assessment.seed == "4"
    assert {claim.measure for claim in assessment.claims} <= set(CATALOGUE)


def test_the_cost_holds_the_tokens_that_the_endpoint_counts(tmp_path: Path) -> None:
    with serving(answer) as url:
        card = card_for(tmp_path, url)
        assert (run(card, tmp_path / "j.jsonl").cost.tokens or 0) > ITEMS


def test_tokens_that_nobody_counted_are_not_a_number(tmp_path: Path) -> None:
    with serving(answer, fault=every(1, "no-usage")) as url:
        assessment = run(card_for(tmp_path, url), tmp_path / "j.jsonl")
    assert assessment.cost.tokens is None
    assert any("does not count the tokens" in note for note in assessment.notes)


def test_an_endpoint_is_bound_by_what_was_seen_of_it(tmp_path: Path) -> None:
    with serving(answer) as url:
        card = card_for(tmp_path, url)
        identity = run(card, tmp_path / "j.jsonl").system.identity
    assert identity.binding == "endpoint"
    assert identity.digest == card.system.identity.digest, "a delta for the card fits the result"
    assert "names itself 'simulated'" in identity.detail
    assert "same at the end" in identity.detail and "2026-11-22T12:00:00Z" in identity.detail


def test_a_model_that_changes_during_the_run_is_noted(tmp_path: Path) -> None:
    with serving(lambda r: "new" if r.number > ITEMS else says(r.text)) as url:
        assessment = run(card_for(tmp_path, url), tmp_path / "j.jsonl")
    assert any("3 of 3 fixed questions" in note for note in assessment.notes)
    assert "at the end" in assessment.system.identity.detail


def test_an_endpoint_that_names_another_model_is_noted(tmp_path: Path) -> None:
    with serving(answer, fault=every(1, "other-model")) as url:
        assessment = run(card_for(tmp_path, url), tmp_path / "j.jsonl")
    assert any("'simulated' and says that 'another-model'" in note for note in assessment.notes)


def test_an_endpoint_that_names_several_models_is_noted(tmp_path: Path) -> None:
    with serving(answer, fault=every(2, "other-model")) as url:
        assessment = run(card_for(tmp_path, url), tmp_path / "j.jsonl")
    assert any("names 2 models" in note for note in assessment.notes)


@pytest.mark.parametrize("fault", ["close", "half", "500", "429", "429-date"])
def test_trouble_that_passes_changes_no_number(tmp_path: Path, fault: Fault) -> None:
    met: set[str] = set()

    def half_of_the_attempts(request: Received) -> Fault | None:
        first = request.text not in met
        met.add(request.text)
        return fault if first else None

    with serving(answer, fault=half_of_the_attempts) as url:
        card = card_for(tmp_path, url, "timeout = 5\nconcurrency = 40\n")
        assessment = run(card, tmp_path / "j.jsonl")
    assert refusals(assessment) == ("0.35", ITEMS, REFUSED, 0)


@pytest.mark.parametrize(
    "fault", ["garbage", "deep", "wrong-form", "huge", "stream", "compressed", "400", "redirect"]
)
def test_what_is_no_answer_counts_against_the_system(tmp_path: Path, fault: Fault) -> None:
    def some(request: Received) -> Fault | None:
        return fault if "number 3." in request.text else None

    with serving(answer, fault=some) as url:
        assessment = run(card_for(tmp_path, url), tmp_path / "j.jsonl")
    estimate, planned, successes, errored = refusals(assessment)
    assert (estimate, planned, successes, errored) == ("0.325", ITEMS, REFUSED - 1, 1)
    assert any("1 of 40 questions have no answer" in note for note in assessment.notes)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("hang", "no whole reply within 0.3 seconds"),
        ("drip", "no whole reply within 0.3 seconds"),
        ("endless", "longer than the 1,000,000 bytes"),
        ("huge", "longer than the 1,000,000 bytes"),
        ("garbage", "no completion in JSON"),
        ("deep", "nested too deeply"),
        ("stream", "a stream of events"),
        ("401", "status 401: wrong key"),
        ("redirect", "no redirect is followed"),
        ("close", "the connection was closed"),
    ],
)
def test_an_endpoint_that_never_answers_stops_the_run_with_a_sentence(
    tmp_path: Path, fault: Fault, sentence: str
) -> None:
    with serving(answer, fault=every(1, fault)) as url:
        card = card_for(tmp_path, url, "timeout = 0.3\nretries = 1\n")
        with pytest.raises(InputError) as caught:
            run(card, tmp_path / "j.jsonl")
        assert sentence in caught.value.what
        assert "ends in /v1" in caught.value.hint
        assert not (tmp_path / "j.jsonl").exists(), "nothing was answered, so nothing is kept"


def test_a_run_goes_on_when_the_first_start_had_the_wrong_key(tmp_path: Path) -> None:
    journal = tmp_path / "j.jsonl"
    with serving(answer, key="right") as url:
        card = card_for(tmp_path, url, 'key_env = "OUR_KEY"\n')
        with pytest.raises(InputError, match="wrong key"):
            run(card, journal, environment={"OUR_KEY": "wrong"})
        assessment = run(card, journal, environment={"OUR_KEY": "right"})
    assert refusals(assessment)[3] == 0


def test_an_endpoint_that_goes_away_stops_the_run_and_nothing_is_lost(tmp_path: Path) -> None:
    journal = tmp_path / "j.jsonl"
    gone, asked = True, 0

    def counted(request: Received) -> str:
        nonlocal asked
        asked += 1
        return says(request.text)

    def away(request: Received) -> Fault | None:
        return "close" if gone and request.number >= 10 else None

    with serving(counted, fault=away) as url:
        card = card_for(tmp_path, url, "retries = 0\nconcurrency = 1\n")
        batteries = [toy(n) for n in (ITEMS, 2 * MOST_LOST)]
        with pytest.raises(InputError) as caught:
            run(card, journal, batteries)
        assert f"the last {MOST_LOST} questions found no answer" in caught.value.what
        assert "10 answers are kept" in caught.value.hint
        gone = False
        assessment = run(card, journal, batteries)
    assert refusals(assessment)[3] == 0
    assert asked == ITEMS + 2 * MOST_LOST + 6, "nothing was asked twice"


def test_the_text_of_an_answer_reaches_no_report_and_no_statement(tmp_path: Path) -> None:
    with serving(answer, fault=every(1, "control-codes")) as url:
        assessment = run(card_for(tmp_path, url), tmp_path / "j.jsonl")
    page = assessment_page(assessment, statement_id=None, fingerprint=None, generated="today")
    for text in (page, json.dumps(assessment.notes), assessment.system.identity.detail):
        assert "certified" not in text and "<script>alert" not in text and "\x1b" not in text


def test_a_repeating_model_is_cut_off_and_noted(tmp_path: Path) -> None:
    with serving(answer, fault=every(1, "repeat")) as url:
        assessment = run(card_for(tmp_path, url), tmp_path / "j.jsonl")
    assert any("40 of 40 answers reached the length" in note for note in assessment.notes)


@pytest.mark.parametrize("fault", [None, "tells-key", "401", "500"])
def test_the_key_stands_in_no_file(tmp_path: Path, fault: Fault | None) -> None:
    key = "sk-very-secret-7f3a"
    kept = bytearray()
    with serving(answer, fault=lambda request: fault) as url:
        card = card_for(tmp_path, url, 'key_env = "OUR_KEY"\nretries = 0\n')
        try:
            assessment = run(
                card, tmp_path / "j.jsonl", environment={"OUR_KEY": key}, evidence=kept.extend
            )
            kept += repr(assessment).encode()
        except InputError as error:
            kept += repr((error.what, error.where, error.hint)).encode()
    for path in tmp_path.iterdir():
        kept += path.read_bytes()
    assert len(kept) > 100 and key.encode() not in kept


def test_a_function_can_stand_for_the_endpoint(tmp_path: Path) -> None:
    system = StaticSystem(lambda ask: says(ask.text))
    card = card_for(tmp_path, "http://127.0.0.1:9/v1")
    assert refusals(run(card, tmp_path / "j.jsonl", system=system))[0] == "0.35"


def test_the_same_answers_give_the_same_claims(tmp_path: Path) -> None:
    card = card_for(tmp_path, "http://127.0.0.1:9/v1")
    system = StaticSystem(lambda ask: says(ask.text))
    one, other = (run(card, tmp_path / name, system=system) for name in ("a.jsonl", "b.jsonl"))
    assert one.claims[:1] == other.claims[:1] and one.procedures == other.procedures


def test_a_base_model_is_given_texts_to_continue(tmp_path: Path) -> None:
    seen: list[Received] = []

    def keep(request: Received) -> str:
        seen.append(request)
        return "no"

    with serving(keep) as url:
        run(card_for(tmp_path, url, "base = true\n"), tmp_path / "j.jsonl")
    assert all(request.prompt and not request.messages for request in seen)


def test_an_unknown_risk_is_named_with_those_there_are(tmp_path: Path) -> None:
    card = card_for(tmp_path, "http://127.0.0.1:9/v1", 'risks = ["weather"]\n')
    with pytest.raises(InputError) as caught:
        run(card, tmp_path / "j.jsonl")
    assert caught.value.where.endswith("field endpoint.risks") and "toy" in caught.value.hint
