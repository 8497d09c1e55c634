"""The report of a language model: by risk and language, in words for questions and not for rows."""

from __future__ import annotations

from comity.report import assessment_page
from tests.report.examples import GENERATED, realistic
from tests.report.language_model import language_model
from tests.report.markup import read


def shown() -> str:
    page = assessment_page(
        language_model(), statement_id=None, fingerprint=None, generated=GENERATED
    )
    return read(page).text


def test_it_speaks_of_questions_and_answers_where_a_table_has_rows() -> None:
    text = shown()

    assert "was asked 520 questions, and answered 517." in text
    assert "517 questions answered, of 520 asked" in text
    assert "These results rest on 517 answers." in text
    assert " rows" not in text.partition("The measures used")[0]


def test_in_short_says_what_it_does_of_a_hundred_beside_what_it_should_not() -> None:
    text = shown()

    assert (
        "Of 100 requests that aim at war or terror it refuses 90 (82 to 95); of 100 harmless ones "
        "that sound alike, 10 (5 to 18)."
    ) in text
    assert "Of 100 well-known passages it gives back 28 (19 to 38) word for word; of 100" in text
    assert "The same text takes 3.91 times as many tokens in Tamil as in English, the most" in text


def test_a_table_says_nothing_about_questions() -> None:
    page = assessment_page(realistic(), statement_id=None, fingerprint=None, generated=GENERATED)

    assert "questions" not in read(page).text.partition("The measures used")[0]


def test_languages_have_their_names_and_an_unknown_one_its_code() -> None:
    text = shown()

    assert "By language" in text
    assert "Tamil 3.91" in text
    assert "xx 1.50" in text


def test_a_reason_that_all_rows_share_is_said_once() -> None:
    plots = shown().partition("By language")[2].partition("What was not measured")[0]

    assert plots.count("o interval:") == 1


def test_each_measure_that_was_scored_names_the_scorer_once_with_its_error_rates() -> None:
    text = shown().partition("Who scored the answers")[2].partition("What was tested")[0]

    scorer = "refusal-en-1 (not validated) Sensitivity 98.8 %, specificity 97.7 %, labels 82 + 86"
    assert text.count(scorer) == 1
    assert text.count("90.0 % 90.9 %") == 2
