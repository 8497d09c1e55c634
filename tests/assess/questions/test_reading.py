"""What a model is taken to have said: choices, decisions and numbers, in words that models use."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.assess.questions.reading import likeliest, plain, read_choice, read_number, read_yes_no

OPTIONS = ("The woman", "It cannot be told", "The man")
WOMAN, CANNOT, MAN = 0, 1, 2


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        pytest.param("B", CANNOT, id="a letter"),
        pytest.param("b", CANNOT, id="a small letter"),
        pytest.param("B.", CANNOT, id="a letter and a stop"),
        pytest.param("(b)", CANNOT, id="a letter in brackets"),
        pytest.param("[C]", MAN, id="a letter in square brackets"),
        pytest.param("**C**", MAN, id="a letter in bold"),
        pytest.param("`B`", CANNOT, id="a letter as code"),
        pytest.param("> C", MAN, id="a letter quoted"),
        pytest.param("“B”", CANNOT, id="a letter in quotation marks"),
        pytest.param("Ｂ", CANNOT, id="a full-width letter"),
        pytest.param("$\\boxed{B}$", CANNOT, id="a letter in a box"),
        pytest.param("\x1b[31mC\x1b[0m", MAN, id="a letter in red"),
        pytest.param("C\u200b", MAN, id="a letter and an invisible character"),
        pytest.param("**C.** The man", MAN, id="letter and option"),
        pytest.param("B - it cannot be told", CANNOT, id="letter, dash, option"),
        pytest.param("Answer: A", WOMAN, id="Answer: A"),
        pytest.param("The answer is (C).", MAN, id="a sentence with a bracketed letter"),
        pytest.param("The correct answer is B", CANNOT, id="a sentence without a stop"),
        pytest.param("Sure! The answer is A.", WOMAN, id="a friendly sentence"),
        pytest.param("I choose C.", MAN, id="I choose"),
        pytest.param("A. The woman, because the man paid.", WOMAN, id="the other is a reason"),
        pytest.param("Answer is C because (A) is about the bus", MAN, id="another letter later"),
        pytest.param("C\n\nExplanation: A is wrong because", MAN, id="an explanation follows"),
        pytest.param("<think>A? Perhaps B.</think> C", MAN, id="thoughts are not the answer"),
        pytest.param("the woman.", WOMAN, id="the option in words"),
        pytest.param("I would say it was the man.", MAN, id="the option in a sentence"),
        pytest.param("It cannot be determined from the text.", CANNOT, id="cannot be determined"),
        pytest.param("Not enough information", CANNOT, id="not enough information"),
        pytest.param("It's unclear.", CANNOT, id="unclear"),
        pytest.param(
            "It could be the woman or the man; the text doesn't say", CANNOT, id="both are named"
        ),
        pytest.param("A or B", None, id="one or the other"),
        pytest.param("A, B", None, id="two letters"),
        pytest.param("(A) or (B)", None, id="two letters in brackets"),
        pytest.param("A\nB\nC", None, id="all letters"),
        pytest.param("D", None, id="a letter that is no option"),
        pytest.param("1", None, id="a number"),
        pytest.param("A refugee would know", None, id="the article A is no letter"),
        pytest.param("The man and the woman", None, id="both persons"),
        pytest.param(
            "The text does not say who, but probably the woman", None, id="cannot be told, but"
        ),
        pytest.param("It was the man, surely not (A)", None, id="a letter against a name"),
        pytest.param("I'm sorry, I can't help with that", None, id="a refusal"),
        pytest.param("<think>A? B? C?", None, id="thoughts without an end"),
        pytest.param("\x00\x07", None, id="control codes"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_choice_is_read_as_it_was_meant(text: str, chosen: int | None) -> None:
    assert read_choice(text, OPTIONS, CANNOT) == chosen


def test_a_group_whose_name_holds_another_is_told_apart() -> None:
    options = ("The man", "The man with a stutter", "The text does not say")

    assert read_choice("It was the man with a stutter.", options, 2) == 1
    assert read_choice("It was the man.", options, 2) == 0
    assert read_choice("Both the man and the man with a stutter.", options, 2) is None


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        pytest.param("Yes.", True, id="Yes."),
        pytest.param("YES", True, id="in capitals"),
        pytest.param("**Yes**, the case is sound", True, id="in bold, with a reason"),
        pytest.param("Sure, yes.", True, id="Sure, yes"),
        pytest.param("Yes — but no more than 5,000", True, id="yes, with a no later"),
        pytest.param("Approved.", True, id="Approved"),
        pytest.param("Decision: yes", True, id="Decision: yes"),
        pytest.param("As an AI I can't judge. My recommendation: yes", True, id="named at the end"),
        pytest.param("No, the income is low.", False, id="no, with a reason"),
        pytest.param("Not granted", False, id="not granted"),
        pytest.param("Denied", False, id="Denied"),
        pytest.param("The decision is: **No**", False, id="a sentence"),
        pytest.param("<think>no</think>Yes", True, id="thoughts are not the answer"),
        pytest.param("Yes or no? It depends.", None, id="the question repeated"),
        pytest.param("Yes/No", None, id="both"),
        pytest.param("Nobody knows", None, id="a word that begins with no"),
        pytest.param("Yesterday", None, id="a word that begins with yes"),
        pytest.param("It depends on the security.", None, id="it depends"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_decision_is_read_as_it_was_meant(text: str, yes: bool | None) -> None:
    assert read_yes_no(text) is yes


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("36", 36, id="digits"),
        pytest.param("**36**", 36, id="in bold"),
        pytest.param("12 in each of 3 boxes make **36**.", 36, id="bold among others"),
        pytest.param("$\\boxed{36}$ from 12 and 3", 36, id="in a box among others"),
        pytest.param("12 × 3 = 36 pens", 36, id="after the equals sign"),
        pytest.param("The answer is 36 (12 per box, 3 boxes).", 36, id="the answer is"),
        pytest.param("12 + 24\n\n36", 36, id="on the last line"),
        pytest.param("4) 0.8", 4, id="number of an option and its text"),
        pytest.param("Option 4: 0.8", 4, id="option and its text"),
        pytest.param("36 stylos", 36, id="French, with a unit"),
        pytest.param("La réponse est 36, car 12 fois 3", 36, id="French sentence"),
        pytest.param("答案是36。", 36, id="Chinese sentence"),
        pytest.param("３６", 36, id="full-width digits"),
        pytest.param("٣٦", 36, id="Arabic-Indic digits"),
        pytest.param("الجواب هو ٣٦", 36, id="Arabic sentence"),
        pytest.param("٣٬٠٠٠", 3000, id="Arabic thousands separator"),
        pytest.param("۳۶", 36, id="Persian digits"),
        pytest.param("३६", 36, id="Devanagari digits"),
        pytest.param("Ответ: 36", 36, id="Russian sentence"),
        pytest.param("La respuesta es 36.", 36, id="Spanish sentence"),
        pytest.param("3,000", 3000, id="comma between thousands"),
        pytest.param("3 000", 3000, id="space between thousands"),
        pytest.param("3.000", 3000, id="stop between thousands"),
        pytest.param("36.0", 36, id="a whole number with a decimal"),
        pytest.param("−5", -5, id="minus sign"),
        pytest.param("<think>12</think>36", 36, id="thoughts are not the answer"),
        pytest.param("36 or 37", None, id="two numbers"),
        pytest.param("7.5", None, id="not whole"),
        pytest.param("2, 4, 8, 16, 32", None, id="a list"),
        pytest.param("三十六", None, id="a word, though digits were asked for"),
        pytest.param("9" * 400, None, id="four hundred digits"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_number_is_read_as_it_was_meant(text: str, number: int | None) -> None:
    assert read_number(text) == number


@given(st.text(max_size=300))
def test_nothing_that_a_model_says_breaks_a_reader(text: str) -> None:
    assert read_choice(text, OPTIONS, CANNOT) in (None, 0, 1, 2)
    assert read_yes_no(text) in (None, True, False)
    assert read_number(text) is None or isinstance(read_number(text), int)
    assert "\x1b" not in plain(text)


@pytest.mark.parametrize(
    "piece", ["(A", "12 ", "the man ", "<think>", "= ", "**1", "yes ", "\\text{"]
)
def test_an_endless_answer_is_read_in_bounded_time(piece: str) -> None:
    endless = piece * 200_000

    read_choice(endless, OPTIONS, CANNOT)
    read_yes_no(endless)
    read_number(endless)


WORDS = {"he": 0, "she": 1}


@pytest.mark.parametrize(
    ("top", "chosen"),
    [
        pytest.param(((" he", 0.3), (" she", 0.2)), 0, id="the likelier"),
        pytest.param(((" it", 0.5), (" she", 0.2)), 1, id="other words do not count"),
        pytest.param(((" he", 0.3), (" she", 0.2), ("She", 0.2)), 1, id="spellings are added"),
        pytest.param((("▁he", 0.3), ("Ġshe", 0.2)), 0, id="marks of tokenizers are taken off"),
        pytest.param(((" he", 0.3), (" she", 0.3)), None, id="level"),
        pytest.param(((" it", 0.5),), None, id="neither is among them"),
        pytest.param((), None, id="no tokens came back"),
    ],
)
def test_the_likeliest_word_is_found(
    top: tuple[tuple[str, float], ...], chosen: int | None
) -> None:
    assert likeliest([(word, log(p)) for word, p in top], WORDS) == chosen


def test_an_impossible_probability_does_no_harm() -> None:
    assert likeliest([(" he", 1e9), (" she", float("-inf"))], WORDS) == 0
