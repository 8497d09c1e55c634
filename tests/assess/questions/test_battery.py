"""What every battery of questions keeps to, and that each finds the truth that was planted."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from comity.assess.batteries.finding import Subject
from comity.assess.questions import BATTERIES, Asked, Battery, Planted
from comity.assess.questions.battery import Tally, chat, portion, prompts_digest, rate, tally
from comity.assess.questions.environment import ENVIRONMENT
from comity.assess.questions.misuse import MISUSE
from comity.assess.questions.private_data import PRIVATE_DATA
from comity.assess.questions.safety import SAFETY
from comity.assess.systems.endpoint.ask import Answer, Ask, Message
from comity.claims import CATALOGUE, Reason
from tests.assess.questions.simulated import ask, missed, read

OURS = (MISUSE, SAFETY, PRIVATE_DATA, ENVIRONMENT)
INSTRUCTED = (MISUSE, SAFETY, PRIVATE_DATA)
SEEDS = 60
DRAWN = 0.978892543
"""One draw, calculated once: a simulated model is the same in every version and laboratory."""
SUBJECT = Subject("safety.refusal_rate", {}, {})

by_risk = pytest.mark.parametrize("battery", OURS, ids=lambda battery: battery.risk)
by_instructed = pytest.mark.parametrize("battery", INSTRUCTED, ids=lambda battery: battery.risk)


def asks(n: int) -> list[Ask]:
    return [chat(Asked(), f"x/{i}", "question", max_tokens=5) for i in range(n)]


def answered(name: str, text: str) -> Answer:
    return Answer(id=name, status="answered", text=text)


# --- the banks

BANKS = {
    "environment": (40, "33d11f15"),
    "misuse": (110, "febf6f65"),
    "private_anonymous": (40, "1d41bd65"),
    "private_flows": (30, "67cccfe3"),
    "private_secrets": (40, "73eb7157"),
    "refusal_labels": (307, "f2ec963e"),
    "safety_answer": (520, "b6cd418e"),
    "safety_override": (40, "f68a0a3e"),
    "safety_refuse": (320, "15b3b697"),
    "safety_spellings": (40, "71272805"),
    "safety_unknown": (40, "719d2f50"),
}
"""Items, and the first digits of the file's SHA-256: whoever changes one raises its version."""


@pytest.mark.parametrize("name", BANKS)
def test_a_bank_is_the_one_that_claims_name(name: str) -> None:
    data = (files("comity.assess.questions") / "items" / f"{name}.jsonl").read_bytes()
    items, digest = BANKS[name]
    assert data.count(b"\n") - 1 == items
    assert hashlib.sha256(data).hexdigest()[:8] == digest
    assert b'"version": 1' in data.splitlines()[0]


def test_the_rules_of_the_scorer_are_the_ones_that_claims_name() -> None:
    data = (files("comity.assess.questions") / "items" / "refusal_rules.toml").read_bytes()
    assert hashlib.sha256(data).hexdigest()[:8] == "4a543ce1"


@pytest.mark.parametrize(
    "name", [name for name in BANKS if name.startswith(("misuse", "safety_refuse", "private_anon"))]
)
def test_a_request_to_refuse_is_one_short_sentence_of_intent(name: str) -> None:
    text = (files("comity.assess.questions") / "items" / f"{name}.jsonl").read_text("utf-8")
    for found in re.findall(r'"(?:refuse|text)": "([^"]*)"', text):
        assert len(found) <= 125, found
        # No quantities, no substances by formula: a digit would be a sign of either.
        assert not re.search(r"\d\s?(g|kg|ml|mg|%)\b|[A-Z][a-z]?\d", found), found


# --- the requests


@by_risk
def test_requests_are_unique_named_by_risk_and_the_same_every_time(battery: Battery) -> None:
    planned = battery.asks(Asked())
    assert len({one.id for one in planned}) == len(planned) > 0
    assert all(one.id.startswith(f"{battery.risk}/") for one in planned)
    assert planned == battery.asks(Asked())


@by_risk
def test_a_smaller_plan_is_a_part_of_the_whole_and_can_still_be_read(battery: Battery) -> None:
    whole = battery.asks(Asked())
    part = battery.asks(Asked(share=0.05))
    assert set(part) < set(whole) and len(part) < len(whole) / 5
    planted = Planted(rates=battery.behaviours)
    found = read(battery, Asked(share=0.05), ask(battery, Asked(share=0.05), planted))
    assert {one.counts.errored for one in found.values()} == {0}


@by_risk
def test_every_measure_is_in_the_catalogue_with_the_parameters_it_uses(battery: Battery) -> None:
    for finding in battery.findings(Asked(), {}):
        measure = CATALOGUE[finding.subject.measure]
        assert finding.subject.parameters.keys() <= set(measure.parameters)


@by_risk
def test_an_endpoint_that_never_answers_is_not_measured(battery: Battery) -> None:
    for finding in battery.findings(Asked(), {}):
        assert finding.estimate is None and finding.reason is not None
        assert finding.counts.errored == finding.counts.planned


@by_instructed
@pytest.mark.parametrize(
    "text", ["", "\x00\x1b[2J", "?" * 500, "ha " * 400, "<think>and then"], ids=range(5)
)
def test_from_garbage_neither_refusals_nor_choices_are_read(battery: Battery, text: str) -> None:
    asked = Asked(share=0.1)
    given = {one.id: answered(one.id, text) for one in battery.asks(asked)}
    # Whether a marker word or a secret stands in a text can be told of any text.
    by_word = {"safety.override_rate", "private_data.leak_rate", "private_data.withheld_rate"}
    found = [one for one in battery.findings(asked, given) if one.subject.measure not in by_word]
    assert found
    for finding in found:
        assert (finding.estimate, finding.reason) == (None, Reason.NO_ANSWERS)
        assert finding.counts.invalid == finding.counts.planned


@by_instructed
def test_a_base_model_is_not_asked_and_each_measure_says_why(battery: Battery) -> None:
    asked = Asked(base=True, languages=("en", "sw"))
    assert battery.asks(asked) == ()
    found = read(battery, asked, {})
    measures = {one.subject.measure for one in battery.findings(Asked(), {})}
    assert {measure for measure, where in found if not where} == measures
    assert {one.reason for one in found.values()} == {Reason.BASE_MODEL}


@by_instructed
def test_a_language_without_reviewed_items_is_named_and_not_measured(battery: Battery) -> None:
    asked = Asked(languages=("en", "sw"))
    found = read(battery, asked, ask(battery, asked, Planted(rates=battery.behaviours)))
    swahili = [one for (_, where), one in found.items() if ("language", "sw") in where]
    assert swahili and {one.reason for one in swahili} == {Reason.NO_ITEMS}
    only = Asked(languages=("mn",))
    assert battery.asks(only) == ()
    assert {one.reason for one in read(battery, only, {}).values()} == {Reason.NO_ITEMS}


def test_a_card_that_names_no_language_gets_all_that_there_is() -> None:
    assert MISUSE.asks(Asked(languages=())) == MISUSE.asks(Asked())


def test_the_system_prompt_comes_first_and_belongs_to_the_system_not_to_the_procedure() -> None:
    asked = Asked(system_prompt="You sell shoes.")
    for battery in OURS:
        plain, shod = battery.asks(Asked()), battery.asks(asked)
        assert all(one.messages[0].content.startswith("You sell shoes.") for one in shod)
        assert prompts_digest(shod, "You sell shoes.") == prompts_digest(plain)
        assert prompts_digest(shod) != prompts_digest(plain)


def test_another_word_in_one_request_is_another_procedure() -> None:
    planned = list(MISUSE.asks(Asked()))
    other = replace(planned[0], messages=(Message("user", "Something else"),))
    assert prompts_digest([other, *planned[1:]]) != prompts_digest(planned)


# --- counting


def test_each_planned_request_has_one_fate() -> None:
    given = {
        "x/0": answered("x/0", "yes"),
        "x/1": answered("x/1", "no"),
        "x/2": answered("x/2", "hm"),
        "x/3": Answer(id="x/3", status="errored", error="time-out"),
    }
    says = {"yes": True, "no": False}
    found = tally(asks(5), given, lambda ask, text: says.get(text))
    assert found == Tally(planned=5, scored=2, successes=1, invalid=1, errored=2)


def test_what_is_missing_counts_against_a_rate_of_which_more_is_better() -> None:
    whole = rate(SUBJECT, Tally(10, 10, 5, 0, 0), "higher", missing=Reason.NO_ANSWERS)
    found = rate(SUBJECT, Tally(10, 6, 5, 2, 2), "higher", missing=Reason.NO_ANSWERS)
    assert found.estimate == whole.estimate == "0.5"
    assert found.interval == whole.interval


def test_what_is_missing_counts_against_a_rate_of_which_less_is_better() -> None:
    found = rate(SUBJECT, Tally(10, 6, 3, 2, 2), "lower", missing=Reason.NO_ANSWERS)
    worst = rate(SUBJECT, Tally(10, 10, 7, 0, 0), "lower", missing=Reason.NO_ANSWERS)
    best = rate(SUBJECT, Tally(10, 10, 3, 0, 0), "lower", missing=Reason.NO_ANSWERS)
    assert found.interval and worst.interval and best.interval
    assert found.estimate == "0.5"
    assert (found.interval.low, found.interval.high) == (best.interval.low, worst.interval.high)


def test_nothing_scored_is_no_rate() -> None:
    found = rate(SUBJECT, Tally(4, 0, 0, 1, 3), "lower", missing=Reason.NO_ANSWERS)
    assert (found.estimate, found.reason, found.counts.errored) == (None, Reason.NO_ANSWERS, 3)


@given(st.integers(1, 60), st.floats(0.001, 1))
def test_a_portion_is_spread_and_never_empty(n: int, share: float) -> None:
    chosen = portion(Asked(share=share), range(n))
    assert 1 <= len(chosen) <= n and len(set(chosen)) == len(chosen)
    assert list(chosen) == sorted(chosen)
    gaps = [b - a for a, b in pairwise(chosen)]
    assert not gaps or max(gaps) - min(gaps) <= 1


@given(st.integers(1, 60), st.floats(0.001, 1))
def test_with_a_seed_as_many_are_drawn_by_it_in_their_order(n: int, share: float) -> None:
    drawn = portion(Asked(share=share, item_seed="ab" * 32), range(n))
    assert len(drawn) == len(portion(Asked(share=share), range(n)))
    assert list(drawn) == sorted(set(drawn)) and set(drawn) <= set(range(n))


def test_the_seed_alone_draws() -> None:
    seeds = [hashlib.sha256(bytes([n])).hexdigest() for n in range(200)]
    drawn = [portion(Asked(share=0.25, item_seed=seed), range(40)) for seed in seeds]
    assert drawn == [portion(Asked(share=0.25, item_seed=seed), range(40)) for seed in seeds]
    # Each item is wanted 50 times; five standard deviations are 31.
    assert all(20 < sum(item in one for one in drawn) < 81 for item in range(40))


def test_the_draw_is_the_one_that_is_documented() -> None:
    head = bytes.fromhex("ab" * 32) + b"\0"
    first = sorted(range(8), key=lambda n: hashlib.sha256(head + b"%d" % n).hexdigest())[:2]
    assert portion(Asked(share=0.25, item_seed="ab" * 32), range(8)) == tuple(sorted(first))


def test_without_a_share_a_seed_changes_nothing() -> None:
    assert portion(Asked(item_seed="ab" * 32), range(9)) == tuple(range(9))


@pytest.mark.parametrize("battery", BATTERIES, ids=lambda battery: battery.risk)
def test_whatever_is_drawn_is_asked_the_same_way(battery: Battery) -> None:
    drawn = battery.asks(Asked(share=0.3, item_seed="ab" * 32))
    spread = battery.asks(Asked(share=0.3))
    judged = ("misuse/", "safety/refuse/", "safety/answer/", "private_data/anonymous/")
    whole = {ask.id: ask for ask in battery.asks(Asked())}
    assert drawn != spread or battery.risk == "languages"  # English alone: no tasks
    for one in (*drawn, *spread):
        assert one.id in whole
        if one.id.startswith(judged):  # so that a labelling sheet finds them by the whole plan
            assert one == whole[one.id]


# --- the simulated model


def test_draws_are_the_same_everywhere_and_differ_by_request_behaviour_and_seed() -> None:
    planted = Planted()
    assert planted.draw("misuse/000/refuse", "misuse.refuses") == pytest.approx(DRAWN)
    draws = {
        planted.draw("a", "b"),
        planted.draw("a", "c"),
        planted.draw("b", "b"),
        Planted(seed="other").draw("a", "b"),
    }
    assert len(draws) == 4
    assert Planted().draw("a", "b") == planted.draw("a", "b")


def test_draws_are_uniform() -> None:
    tenths = Counter(int(10 * Planted().draw(str(i), "x")) for i in range(10_000))
    assert set(tenths) == set(range(10))
    assert all(880 <= n <= 1_120 for n in tenths.values())


def test_what_no_rate_is_planted_for_never_happens() -> None:
    assert not any(Planted().shows(str(i), "x") for i in range(1_000))
    assert all(Planted(rates={"x": 1.0}).shows(str(i), "x") for i in range(1_000))


@by_risk
def test_every_truth_is_found_and_every_request_has_a_reply(battery: Battery) -> None:
    planted = Planted(rates=battery.behaviours)
    assert battery.replies(Asked(), planted).keys() == {one.id for one in battery.asks(Asked())}
    found = read(battery, Asked(), ask(battery, Asked(), planted))
    for key, truth in battery.truths(Asked(), planted).items():
        finding = found[key]
        assert finding.estimate is not None
        if finding.interval is None:
            assert float(finding.estimate) == pytest.approx(truth)


@by_instructed
@pytest.mark.parametrize("rate", [0.0, 1.0], ids=["never", "always"])
def test_a_model_that_never_or_always_does_it_is_scored_without_any_error(
    battery: Battery, rate: float
) -> None:
    planted = Planted(rates=dict.fromkeys(battery.behaviours, rate))
    found = read(battery, Asked(), ask(battery, Asked(), planted))
    for key, truth in battery.truths(Asked(), planted).items():
        assert found[key].estimate is not None
        assert float(found[key].estimate or "") == pytest.approx(truth), key


@by_instructed
def test_planted_truths_lie_in_their_intervals_as_often_as_promised(battery: Battery) -> None:
    asked = Asked(share=0.2 if battery is SAFETY else 0.6)
    misses: Counter[str] = Counter()
    for seed in range(SEEDS):
        planted = Planted(rates=battery.behaviours, seed=str(seed))
        misses.update(name for name, out in missed(battery, asked, planted).items() if out)
    # One that misses in 5 % of all cases misses more than 9 times of 60 once in 1,000 trials.
    assert all(n <= 9 for n in misses.values()), misses


@by_instructed
def test_a_wrong_truth_does_not_lie_in_them(battery: Battery) -> None:
    out = missed(battery, Asked(), Planted(rates=dict.fromkeys(battery.behaviours, 0.5)), off=0.4)
    assert out and all(out.values())


def test_all_batteries_of_the_house_have_different_names() -> None:
    assert len({battery.risk for battery in BATTERIES}) == len(BATTERIES) == 7
