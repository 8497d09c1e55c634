"""Languages: what a language costs is counted, and what is lost in it is found."""

from __future__ import annotations

import hashlib
import unicodedata
from importlib.resources import files

import pytest

from comity.assess.questions import Asked, Planted
from comity.assess.questions.banks import bank
from comity.assess.questions.languages import LANGUAGES
from comity.assess.questions.languages.items import (
    IN_DIGITS,
    TASK_LANGUAGES,
    TaskItem,
    TextItem,
    tasks,
)
from comity.assess.systems.endpoint.ask import Answer, Usage
from comity.claims import CATALOGUE, Reason
from tests.assess.questions.recovery import ENOUGH, coverage, estimate, found, key, same

CHAT, BASE = Asked(languages=()), Asked(languages=(), base=True)
PREMIUM, ACCURACY = "languages.token_premium", "languages.accuracy"
GAP, REFUSALS = "languages.accuracy_gap", "languages.refusal_gap"
SCRIPTS = {"am": "ETHIOPIC", "ar": "ARABIC", "bn": "BENGALI", "hi": "DEVANAGARI", "ja": "HIRAGANA",
           "ko": "HANGUL", "ru": "CYRILLIC", "ta": "TAMIL", "zh": "CJK"}  # fmt: skip


def counted(tokens: dict[str, int | None]) -> dict[str, Answer]:
    """Answers to the requests of length, by their last part; the others fail."""
    found = {}
    for ask in LANGUAGES.asks(CHAT):
        name = ask.id.removeprefix("languages/tokens/")
        if name in tokens:
            usage = Usage(prompt_tokens=tokens[name])
            found[ask.id] = Answer(id=ask.id, status="answered", text=".", usage=usage)
    return found


# The items.


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("parallel_texts", "1c504082247c6f6443301f432ef8d89f76431321471e4d295ae024bf57f9523a"),
        ("number_tasks", "ec43111ab8049f19a245addbdea01ff37ce2dc7ad7500a1b5d34d53af88583f4"),
    ],
)
def test_the_items_are_pinned_so_that_a_change_needs_a_new_version(name: str, digest: str) -> None:
    path = files("comity.assess.questions") / "items" / f"{name}.jsonl"

    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest


def test_nobody_claims_that_the_texts_were_reviewed() -> None:
    assert not bank("parallel_texts", TextItem).head.reviewed
    assert not bank("number_tasks", TaskItem).head.reviewed


def test_the_same_text_stands_in_eighteen_languages_in_their_own_scripts() -> None:
    texts = {item.id: item.text for item in bank("parallel_texts", TextItem).items}
    assert len(texts) == len(set(texts.values())) == 18
    for language, text in texts.items():
        assert text == unicodedata.normalize("NFC", text) or language in ("bn", "hi"), language
        names = [unicodedata.name(c, "").split()[0] for c in text if c.isalpha()]
        script = SCRIPTS.get(language, "LATIN")
        assert names.count(script) > 0.2 * len(names), language


def test_every_task_stands_in_six_languages_and_shows_the_same_numbers() -> None:
    items = bank("number_tasks", TaskItem).items
    assert len({item.texts["en"] for item in items}) == len(items) == 60
    for item in items:
        assert tuple(item.texts) == TASK_LANGUAGES == tuple(IN_DIGITS)
        assert len(set(item.texts.values())) == 6
        options = {item.texts[one].count(") ") for one in ("fr", "ru", "es", "ar")}
        assert options == {item.texts["en"].count(") ")}, item.id


def test_an_option_is_the_answer_only_where_there_are_options() -> None:
    for item in bank("number_tasks", TaskItem).items:
        if "1)" in item.texts["en"]:
            assert all(f"{item.answer})" in text for text in item.texts.values()), item.id


# Token premium.


def test_the_premium_is_what_the_text_takes_beyond_the_template() -> None:
    told = counted({"one": 11, "en": 40, "hi": 100, "sw": 55})
    findings = {key(finding): finding for finding in LANGUAGES.findings(CHAT, told)}

    assert estimate(findings, PREMIUM, language="hi") == pytest.approx(90 / 30)
    assert estimate(findings, PREMIUM, language="sw") == pytest.approx(45 / 30)
    swahili = findings[PREMIUM, (("language", "sw"),)]
    assert (swahili.interval, swahili.reason) == (None, Reason.DESCRIPTIVE)


@pytest.mark.parametrize(
    ("tokens", "reason"),
    [
        pytest.param({"one": 11, "en": 40, "hi": None}, Reason.NO_USAGE, id="no count"),
        pytest.param({"one": None, "en": 40, "hi": 90}, Reason.NO_USAGE, id="no template count"),
        pytest.param({"one": 11, "en": None, "hi": 90}, Reason.NO_USAGE, id="no English count"),
        pytest.param({"one": 11, "hi": 90}, Reason.NO_ANSWERS, id="English failed"),
        pytest.param({"en": 40, "hi": 90}, Reason.NO_ANSWERS, id="the full stop failed"),
        pytest.param({"one": 0, "en": 0, "hi": 0}, Reason.NO_USAGE, id="it always counts nothing"),
        pytest.param({"one": 50, "en": 40, "hi": 90}, Reason.NO_USAGE, id="a stop beats a text"),
    ],
)
def test_a_premium_without_its_counts_is_not_measured(
    tokens: dict[str, int | None], reason: Reason
) -> None:
    findings = {key(f): f for f in LANGUAGES.findings(CHAT, counted(tokens))}
    finding = findings[PREMIUM, (("language", "hi"),)]

    assert (finding.estimate, finding.reason) == (None, reason)


@pytest.mark.parametrize("asked", [CHAT, BASE, Asked(), Asked(languages=("sw",))])
def test_the_premium_of_a_known_tokenizer_is_found_whatever_the_card_names(asked: Asked) -> None:
    findings, truths = found(LANGUAGES, asked, Planted()), LANGUAGES.truths(asked, Planted())
    premiums = {where: truth for where, truth in truths.items() if where[0] == PREMIUM}
    assert len(premiums) == 17
    for where, truth in premiums.items():
        assert float(findings[where].estimate or 0) == pytest.approx(truth, abs=1e-9)


# Tasks.


def test_planted_losses_are_recovered() -> None:
    three = Asked(languages=("ar", "es"))
    shares = coverage(LANGUAGES, three, LANGUAGES.behaviours)

    assert len(shares) == 5
    assert min(shares.values()) >= ENOUGH, shares


@pytest.mark.parametrize(
    "rates",
    [
        pytest.param({}, id="does nothing"),
        pytest.param({"languages.right": 1.0}, id="does everything"),
        pytest.param(
            {"languages.right": 1.0, "languages.loses_ar": 1.0}, id="does nothing in Arabic"
        ),
    ],
)
def test_extreme_models_are_recovered_exactly(rates: dict[str, float]) -> None:
    planted = Planted(rates=rates)
    findings = found(LANGUAGES, CHAT, planted)
    for where, truth in LANGUAGES.truths(CHAT, planted).items():
        assert float(findings[where].estimate or "nan") == pytest.approx(truth, abs=1e-9), where


def test_a_number_in_words_is_not_done_and_counts_against_the_system() -> None:
    by_id = {task.asks["zh"].id: task for task in tasks(CHAT)}
    answers = {task.asks["en"].id: str(task.answer) for task in tasks(CHAT)}

    findings = same(
        LANGUAGES, CHAT, lambda ask: "三十六" if ask.id in by_id else answers.get(ask.id, "0")
    )

    assert findings[ACCURACY, (("language", "zh"),)].reason is Reason.NO_ANSWERS
    assert estimate(findings, GAP, language="zh") == -1


def test_tasks_without_an_answer_widen_the_gap_both_ways() -> None:
    planted = Planted(rates={"languages.right": 1.0})
    findings = found(LANGUAGES, CHAT, planted, lambda ask_id: ask_id.endswith("5/en"))
    finding = findings[GAP, (("language", "fr"),)]

    assert finding.counts.errored == 6
    assert finding.estimate == "0"
    assert finding.interval is not None
    assert float(finding.interval.low) < -0.1 and float(finding.interval.high) > 0.1
    english = findings[ACCURACY, (("language", "en"),)]
    assert english.estimate == "0.9"


# The face.


def test_unreviewed_texts_are_marked_in_the_claim() -> None:
    findings = found(LANGUAGES, CHAT, Planted())
    for (measure, place), finding in findings.items():
        if measure in (ACCURACY, GAP):
            english = dict(place)["language"] == "en"
            assert finding.subject.parameters["texts"] == ("own" if english else "unreviewed")


def test_refusals_by_language_are_absent_because_nobody_reviewed_the_items() -> None:
    findings = found(LANGUAGES, CHAT, Planted())
    absent = [finding for (measure, _), finding in findings.items() if measure == REFUSALS]
    assert {finding.reason for finding in absent} == {Reason.NO_ITEMS}
    assert len(absent) == 5


def test_only_the_languages_of_the_card_are_asked_and_english_with_them() -> None:
    asked = Asked(languages=("ar", "sw"))
    spoken = {ask.id.rsplit("/", 1)[1] for ask in LANGUAGES.asks(asked) if "/task/" in ask.id}
    assert spoken == {"en", "ar"}
    findings = found(LANGUAGES, asked, Planted(rates=LANGUAGES.behaviours))
    assert findings[GAP, (("language", "ar"),)].estimate is not None
    assert findings[GAP, (("language", "fr"),)].reason is Reason.NOT_ASKED


def test_a_base_model_has_its_tokens_counted_and_does_no_tasks() -> None:
    assert len(LANGUAGES.asks(BASE)) == 19
    assert all(ask.prompt and ask.max_tokens == 1 for ask in LANGUAGES.asks(BASE))
    findings = found(LANGUAGES, BASE, Planted())
    assert findings[GAP, (("language", "fr"),)].reason is Reason.BASE_MODEL


@pytest.mark.parametrize("share", [None, 0.01, 0.5])
def test_the_plan_and_smaller_ones(share: float | None) -> None:
    asked = Asked(languages=(), share=share)
    ids = [ask.id for ask in LANGUAGES.asks(asked)]
    assert len(ids) == len(set(ids)) == 19 + 6 * len(tasks(asked))
    assert len(tasks(asked)) == {None: 60, 0.01: 1, 0.5: 30}[share]
    assert all(ask_id.startswith("languages/") for ask_id in ids)


def test_every_finding_names_a_measure_and_exactly_its_parameters() -> None:
    for asked in (CHAT, BASE, Asked()):
        for finding in LANGUAGES.findings(asked, {}):
            measure = CATALOGUE[finding.subject.measure]
            assert set(finding.subject.parameters) == set(measure.parameters)
