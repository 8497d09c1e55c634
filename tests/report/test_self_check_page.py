"""The page of a self-check: a reader sees what was planted, what was found, and the rule."""

from __future__ import annotations

import re

from comity.claims import Claim, Reason
from comity.report.self_check import Checked, self_check_page
from tests.report.examples import GENERATED, HOSTILE, claim
from tests.report.markup import read

REFUSAL, OVER = "safety.refusal_rate", "safety.over_refusal_rate"


def found(measure: str, value: float, low: float, high: float) -> Claim:
    return claim(measure, value, low, high, n=100, k=round(100 * value))[1]


HELD = Checked(REFUSAL, (), 0.9, found(REFUSAL, 0.88, 0.8, 0.94), "held")
MISSED = Checked(OVER, (("language", "fr"),), 0.3, found(OVER, 0.2, 0.1, 0.29), "missed")
ABSENT = Checked(OVER, (("language", HOSTILE),), 0.25, None, "absent")


def shown(*checked: Checked, holds: bool = True, others: tuple[Claim, ...] = ()) -> str:
    return self_check_page(checked, holds=holds, allowed=1, others=others, generated=GENERATED)


def shown_example() -> str:
    """A page with everything on it."""
    other = claim(REFUSAL, None, why=Reason.BASE_MODEL)[1]
    return shown(HELD, MISSED, ABSENT, holds=False, others=(other,))


def test_the_verdict_stands_first_and_the_rule_last() -> None:
    page = read(shown(HELD, MISSED)).text

    assert page.startswith(
        "Self-check: does the measuring find what was planted? "
        "Yes. 1 of 2 intervals hold the truth that was planted."
    )
    assert "Of 2 intervals, 1 may miss it" in page
    assert read(shown(HELD, holds=False)).text.count("No. 1 of 1 intervals") == 1


def test_each_truth_stands_beside_its_interval_in_words_and_in_the_drawing() -> None:
    html = shown(HELD, MISSED)
    page = read(html)

    assert "Refusal rate on questions that should be refused 88 % 80 to 94 90.0 %" in page.text
    assert "French the interval misses the truth 20 % 10 to 29 30.0 %" in page.text
    marks = [values for _, values in page.tags if values.get("class") == "truth"]
    dots = page.attributes("circle", "cx")
    assert [mark["x1"] for mark in marks] == ["90.0%", "30.0%"]
    assert dots == ["88.0%", "20.0%"]


def test_a_truth_that_was_not_found_is_said_with_its_value() -> None:
    html = shown(HELD, ABSENT, holds=False)

    assert "not found; truth 25.0 %" in read(html).text
    assert "<script>alert" not in html


def test_what_nothing_was_planted_for_is_listed_with_its_reason() -> None:
    other = claim(REFUSAL, None, why=Reason.BASE_MODEL)[1]
    page = read(shown(HELD, others=(other,))).text

    assert re.search(r"What was not measured, and why.*base model", page)
