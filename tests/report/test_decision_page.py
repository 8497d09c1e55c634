"""What the page of a decision says, as text; how it behaves stands in `tests/browser`."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import msgspec
import pytest
from msgspec.structs import replace

from comity.claims import Assessment
from comity.claims.decision import Decision, Refused
from comity.claims.grounds import Ground, Refusal
from comity.report import decision_page
from comity.report.decision_words import COUNTED, MEANINGS, VERDICTS
from tests.report import decisions, examples
from tests.report.decisions import mark


def page(decision: Decision, assessments: dict[str, Assessment] | None = None, **more: str) -> str:
    values = {"statement_id": None, "fingerprint": None, "generated": "2026-11-21", **more}
    held = decisions.assessments() if assessments is None else assessments
    return decision_page(decision, assessments=held, **values)  # type: ignore[arg-type]


def text(html: str) -> str:
    """What a reader sees, without style, script and attributes."""
    html = html.replace("<br>", " ")
    bare = re.sub(r"<(style|script|title)>.*?</\1>|<[^>]+>", "", html, flags=re.DOTALL)
    return " ".join(unescape(bare).replace("\u202f", " ").split())


@pytest.mark.parametrize("made", decisions.ALL.values(), ids=decisions.ALL.keys())
def test_the_same_decision_gives_the_same_page(made: Callable[[], Decision]) -> None:
    assert page(made()) == page(made())


def test_the_opening_counts_verdicts_in_words_and_gives_no_score() -> None:
    said = text(page(decisions.realistic()))
    assert (
        "10 requirements were looked at, each by itself: 1 not satisfied, 2 marginal, 2 not "
        "tested, 2 left to a person's judgement, 2 satisfied, 1 not applicable." in said
    )
    assert "There is no overall score." in said


def test_every_verdict_has_a_word_a_meaning_and_a_drawing() -> None:
    html = page(decisions.realistic())
    assert set(VERDICTS) == set(MEANINGS) == set(COUNTED)
    for verdict in VERDICTS:
        assert f'id="v-{verdict}"' in html


def test_what_needs_action_stands_first_and_keeps_the_regimes_order_within() -> None:
    html = page(decisions.realistic())
    assert re.findall(r'<article class="finding \w+" id="r-(\w+)"', html) == [
        "reach", "accuracy", "exact", "mongolian", "gap", "oversight", "unread",
        "literal", "overall", "military",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("The value is 38.2 %, 386 of 1 010 planned items", id="this number"),
        pytest.param("which stands in statement", id="from this statement"),
        pytest.param(
            "measured by Laboratory A (lab.coast.example), which counts as independent laboratory",
            id="by this laboratory in this role",
        ),
        pytest.param(
            "recognised here under row coast-to-steppe of agreement",
            id="under this row of this agreement",
        ),
        pytest.param(
            "recognised here because this authority lists the laboratory as its own",
            id="or as an own assessor",
        ),
        pytest.param(
            "3 claims of lab.coast.example in statement ", id="what was refused, and how many"
        ),
        pytest.param("it has expired: valid until 2026-06-30.", id="why it was refused"),
        pytest.param(
            "Recognised measurements disagree; the worst one counts.", id="notes in words"
        ),
        pytest.param(
            "A sample that decides with probability 0.80 if the truth is 0.93.",
            id="how large a sample is left to test, and why",
        ),
        pytest.param(
            "Not within the budget: no 10000 items decide if the truth is 0.9.",
            id="or that none within the budget decides",
        ),
        pytest.param(
            "signed by authority.coast.example: it is no assessment; what somebody else decided "
            "is never evidence.",
            id="what was set aside",
        ),
        pytest.param(
            "comity assess system.toml --delta delta.json --key laboratory.key --out fresh",
            id="the whole command that runs what is left",
        ),
        pytest.param("--on 2026-11-21 --use care", id="how to decide again"),
        pytest.param("signed by coast.example, steppe.example", id="who signed what went in"),
        pytest.param("This decision is not signed.", id="that nothing was signed"),
    ],
)
def test_the_page_says(sentence: str) -> None:
    assert sentence in text(page(decisions.realistic()))


@pytest.mark.parametrize("refusal", Refusal, ids=lambda one: one.value)
def test_each_reason_for_a_refusal_is_told(refusal: Refusal) -> None:
    refused = Refused(
        statement=decisions.OLD, laboratory="lab.example", claims=1, reason=refusal, detail=""
    )
    found = decisions.finding(
        "r", "not_tested", Ground.NO_CLAIM_COUNTS, "R", refused=(refused,)
    )  # fmt: skip
    assert f": {refusal.sentence}." in text(page(decisions.decision((found,))))


@pytest.mark.parametrize(
    ("cpu", "seconds", "lines"),
    [
        pytest.param("0.000046", "0.52", ["Items"], id="no time worth a line"),
        pytest.param("5213.5", "0", ["Items", "Processor time"], id="no time of waiting"),
        pytest.param("0", "181440", ["Items", "Time"], id="hardly any processor time"),
    ],
)
def test_what_was_saved_is_told_in_items_and_in_time_from_a_minute_on(
    cpu: str, seconds: str, lines: list[str]
) -> None:
    one = decisions.realistic()
    short = [replace(item, cpu_seconds="0.52") for item in one.delta.items]
    made = replace(
        one,
        savings=replace(one.savings, cpu_seconds=cpu, seconds=seconds),
        delta=replace(one.delta, items=tuple(short)),
    )

    shown = page(made)

    table = shown.partition('<table class="balance">')[2].partition("</table>")[0]
    assert re.findall(r'<th scope="row">([^<]*)', table) == lines
    assert "less than a minute" in shown
    assert not re.search(r"\b0\.\d+\W*s\b", text(shown))


def test_a_short_digest_leads_to_the_whole_one() -> None:
    html = page(decisions.realistic())
    targets = set(re.findall(r'href="#([^"]+)"', html)) - {f"v-{one}" for one in VERDICTS}
    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', html))


def test_a_fictional_regime_is_stamped_wherever_it_is_named() -> None:
    html = page(decisions.realistic())
    assert "<title>[Fictional regime]" in html
    assert html.count("Fictional regime") == 4  # title, stamp, name, foot


def test_a_real_regime_bears_no_stamp() -> None:
    real = decisions.realistic()
    regime = msgspec.structs.replace(real.regime, fictional=False)
    html = page(msgspec.structs.replace(real, regime=regime))
    assert "Fictional" not in text(html)
    assert 'class="stamp"' not in html


def test_without_the_assessments_names_are_missing_and_no_reason_is() -> None:
    said = text(page(decisions.realistic(), {}))
    assert "Laboratory A" not in said
    assert "measured by lab.coast.example, which counts as independent laboratory" in said
    assert "The value does not meet the mark." in said


def test_an_empty_regime_decides_nothing_and_says_so() -> None:
    said = text(page(decisions.empty()))
    assert "No requirement was looked at, so nothing was decided." in said
    assert "The regime has no requirements: nothing was decided." in said
    assert "tests are left" not in said


@pytest.mark.parametrize("verdict", ["needs_judgement", "not_tested", "not_applicable"])
def test_nothing_is_drawn_against_a_mark_that_did_not_decide(verdict: str) -> None:
    found = decisions.tested("r", "R", 900, 1_000, mark("at_least", "0.8"))
    found = msgspec.structs.replace(found, verdict=verdict)
    assert "data-what-if" not in page(decisions.decision((found,)))


def test_a_regime_that_is_not_the_one_that_decided_is_not_quoted() -> None:
    regime = decisions.regime("It must be kind to owls.")
    found = decisions.finding("kind", "needs_judgement", Ground.NOT_FOR_A_MACHINE, "Kindness")
    decided = decisions.decision((found,))
    other = decision_page(
        decided, assessments={}, regime=regime, statement_id=None, fingerprint=None, generated=""
    )
    assert "owls" not in other
    same = msgspec.structs.replace(decided.regime, flat=regime.digest)
    own = decision_page(
        msgspec.structs.replace(decided, regime=same),
        assessments={}, regime=regime, statement_id=None, fingerprint=None, generated="",
    )  # fmt: skip
    assert "It must be kind to owls." in own


def test_hostile_names_are_text_and_nothing_more() -> None:
    html = page(decisions.hostile())
    assert html.count("<script>") == 1
    assert html.count("</article>") == len(decisions.hostile().findings)
    assert "\u202e" not in html
    assert examples.ARABIC in html
