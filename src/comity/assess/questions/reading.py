"""Read a choice, a yes or no, or a number out of what a model said. Nothing is guessed.

A model is told to answer with one letter, word or number, and says it in a hundred ways. Each
reader looks for what is said outright, in a fixed order, and gives None where two readings
contradict each other or there is none. Markdown, control codes and thoughts between `<think>` tags
are taken off first; thoughts that never end are no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from math import exp, isnan

__all__ = ["READER", "likeliest", "plain", "read_choice", "read_number", "read_yes_no"]

READER = "comity-reading/1"
"""Id and version of these readers, as claims name them."""
LETTERS = "ABCDEFGH"
MAX_LENGTH = 20_000
"""Characters that are looked at: whoever says it later has not answered."""

_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_BOXES = re.compile(r"\\(?:boxed|text|mathrm|mathbf)\{([^{}]*)\}")
_MARKS = re.compile(r"[*_`#~>$\"“”«»]+")
_LEAD = (
    r"(?i:(?:so|therefore|thus|sure)\W+)?(?i:(?:the|my) )?(?i:(?:correct|final|best|right) )?"
    r"(?i:answer|decision|choice|option|response)(?i: is| would be|:| -)*\W*"
)
# A capital A may begin a sentence, so it needs a stop after it; other letters need only end there.
_ALONE = r"(?:([A-Ha-h])(?=\s*(?:$|[).:,;\]\n-]|\s(?:because|since|as)\b))|([B-H])(?![\w'’]))"
_FIRST_LETTER = re.compile(rf"\W*(?:{_LEAD})?\(?\[?(?:option )?{_ALONE}")
_NAMED_LETTER = re.compile(
    rf"\b(?i:answer|option|choice|choose|pick|select)\b(?i: is|:)?\W*{_ALONE}"
)
_ANOTHER = re.compile(r"[)\]]?\s*(?:,|/|&|\b(?:or|and)\b)\s*[(\[]?[A-H](?![\w'])")
_BRACKETED = re.compile(r"[(\[]([A-Ha-h])[)\]]")
_UNKNOWN = re.compile(
    r"\b(?:can ?not|can't|could not|couldn't|impossible to|no way to|not possible to|hard to) "
    r"(?:be )?(?:tell|told|say|said|known?|determined?|infer|inferred|answer|answered)\b"
    r"|\bnot (?:enough|sufficient) (?:information|context|detail)|\binsufficient information"
    r"|\b(?:is|are|it's|remains?) (?:unknown|unclear|not known|not clear|undetermined)"
    r"|\b(?:does not|doesn't|do not|don't) (?:say|tell|specify|state|mention|indicate)\b"
    r"|\bno information\b|^\W*(?:unknown|unclear|undetermined)\b"
    r"|\b(?:is|was) not (?:stated|given|mentioned)",
    re.IGNORECASE,
)
_YES = r"yes|approved?|granted?|accept(?:ed)?|admit(?:ted)?|hired?|agreed"
_NO = r"no|not|reject(?:ed)?|den(?:y|ied)|declined?|refused?"
_FIRST_WORD = re.compile(
    rf"\W*(?:(?:sure|well|okay|ok)\W+)?(?:{_LEAD})?(?:(?P<yes>{_YES})|(?P<no>{_NO}))\b",
    re.IGNORECASE,
)
_SAID_WORD = re.compile(
    r"\b(?:answer|decision|recommendation|verdict)(?: is|:)\W*(?:(?P<yes>yes)|(?P<no>no))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-−]?(?<![\d.])\d+(?:[ .,٬٫\u202f\u00a0'’]\d+)*")
_BOLD = re.compile(r"\*\*\s*(\d+)\s*\*\*|\\boxed\{\s*(\d+)\s*\}")
_OPTION = re.compile(r"\W*(?:\w{1,8}\s)?(\d)\s*(?:[)(]|:(?!\d))[^\n]*")
_ANSWER_IS = re.compile(
    r"(?:answer|result|réponse|résultat|answer is|答案|结果|الجواب|الإجابة|النتيجة|ответ|результат"
    r"|respuesta|resultado)[^\d\n]{0,20}?([-−]?\d[\d.,٬٫\u202f\u00a0 ]*)",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """The text without thoughts, markdown, control and invisible characters; NFKC; trimmed."""
    text = _CODES.sub("", _THOUGHTS.sub(" ", text[:MAX_LENGTH]))
    text = _BOXES.sub(r"\1", _BOXES.sub(r"\1", text))
    text = unicodedata.normalize("NFKC", text)
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return _MARKS.sub("", "".join(kept)).replace("’", "'").strip()


def read_choice(text: str, options: Sequence[str], unknown: int) -> int | None:
    """Which of the lettered options a text chooses.

    Args:
        text: What the model said.
        options: The options in order, A first.
        unknown: Which of them says that it cannot be told.

    Returns:
        Index of the option; None where none is chosen, or more than one.
    """
    said = plain(text)
    known = LETTERS[: len(options)]
    people = [option for i, option in enumerate(options) if i != unknown]
    named = _named(said, people)
    # 1. The first thing said is a letter that stands alone, and no other follows it.
    first = _FIRST_LETTER.match(said)
    if first and _letter(first) in known:
        letter = _letter(first)
        rest = {found.upper() for found in _BRACKETED.findall(said, first.end())}
        lines = {line.strip(" ().").upper() for line in said[first.end() :].splitlines()}
        others = (set(known) - {letter}) & (lines | (rest if len(rest) > 1 else set()))
        return None if others or _ANOTHER.match(said, first.end()) else known.index(letter)
    # 2. A letter that is called the answer, and no other; or the only one in brackets, unless the
    #    text names somebody else.
    letters = {_letter(found) for found in _NAMED_LETTER.finditer(said)} & set(known)
    if letters:
        return known.index(letters.pop()) if len(letters) == 1 else None
    letters = {found.upper() for found in _BRACKETED.findall(said)} & set(known)
    if letters:
        chosen = known.index(letters.pop()) if len(letters) == 1 else None
        other = {people[i] for i in named} - ({options[chosen]} if chosen is not None else set())
        return None if other else chosen
    # 3. An option in words.
    cannot = bool(_UNKNOWN.search(said)) or _named(said, [options[unknown]]) == {0}
    if cannot:
        return unknown if len(named) != 1 else None
    if len(named) != 1:
        return None
    places = [i for i in range(len(options)) if i != unknown]
    return places[named.pop()]


def _letter(found: re.Match[str]) -> str:
    """The letter that a match of `_ALONE` found, as a capital."""
    return (found[1] or found[2]).upper()


def _named(said: str, options: Sequence[str]) -> set[int]:
    """Which options occur word for word; the longest first, as one may be a part of another."""
    rest, found = f" {' '.join(said.casefold().split())} ", set()
    for i in sorted(range(len(options)), key=lambda i: -len(options[i])):
        pattern = rf"(?<!\w){re.escape(options[i].casefold())}(?!\w)"
        if re.search(pattern, rest):
            found.add(i)
            rest = re.sub(pattern, " ", rest)
    return found


def read_yes_no(text: str) -> bool | None:
    """Whether a text says yes; None where it does not begin with either, nor names its decision."""
    said = plain(text)
    first = _FIRST_WORD.match(said)
    if first:
        either = re.match(r"\W*(?:or|and|/)\W*(?:yes|no)\b", said[first.end() :], re.IGNORECASE)
        return None if either else first["yes"] is not None
    answers = {found["yes"] is not None for found in _SAID_WORD.finditer(said)}
    return answers.pop() if len(answers) == 1 else None


def read_number(text: str) -> int | None:
    """The whole number that a text gives as its answer, in any script's digits.

    In this order: the only number in bold or in a box; the only number of all; a line that begins
    with the number of an option; what follows the last `=`; what follows a word for `answer`; the
    only number of a short last line.

    Returns:
        None where there is no number, or the numbers contradict each other.
    """
    whole = _THOUGHTS.sub(" ", text[:MAX_LENGTH])
    bold = {_whole(one or two) for one, two in _BOLD.findall(_in_western(whole))}
    if len(bold) == 1:
        return bold.pop()
    said = _in_western(plain(text)).replace("−", "-")
    numbers = {_whole(found) for found in _NUMBER.findall(said)}
    if len(numbers) == 1:
        return numbers.pop()
    option = _OPTION.fullmatch(said)
    if option:
        return int(option[1])
    if "=" in said:
        after = _NUMBER.search(said.rsplit("=", 1)[1])
        return _whole(after[0]) if after else None
    called = [_whole(found) for found in _ANSWER_IS.findall(said)]
    if called:
        return called[-1]
    lines = [line for line in said.splitlines() if line.strip()]
    if len(lines) > 1:
        last = _NUMBER.findall(lines[-1])
        if len(last) == 1 and len(lines[-1]) <= 40:
            return _whole(last[0])
    return None


def _in_western(text: str) -> str:
    """The text with the decimal digits of any script as 0 to 9."""
    digits = ((c, unicodedata.decimal(c, None)) for c in text)
    return "".join(c if digit is None else str(digit) for c, digit in digits)


def _whole(found: str) -> int | None:
    """A number with or without signs between thousands; None where it is no whole number."""
    parts = re.split(r"[ .,٬٫\u202f\u00a0'’]", found.strip(" .,٬٫\u202f\u00a0"))
    if len(parts) > 1 and set(parts[-1]) == {"0"} and len(parts[-1]) < 3:
        parts = parts[:-1]  # 12.0 and 12,00 are whole
    if len(parts) > 1 and not all(len(part) == 3 for part in parts[1:]):
        return None
    digits = "".join(parts)
    return int(digits) if len(digits) <= 15 else None


def likeliest(top: Iterable[tuple[str, float]], words: Mapping[str, int]) -> int | None:
    """Which of several first words is likeliest, by the probabilities of the first token.

    Args:
        top: The likeliest first tokens with natural log-probabilities.
        words: What each word, in lower case, counts for.

    Returns:
        What the likeliest counts for; None where no word is among the tokens, or two are level.
    """
    sums = dict.fromkeys(words.values(), 0.0)
    for token, logprob in top:
        word = token.strip(" \t\n▁Ġ().:").casefold()
        if word in words and not isnan(logprob):
            sums[words[word]] += exp(min(logprob, 0.0))
    ranked = sorted(sums.values(), reverse=True)
    if not ranked or ranked[0] == 0 or (len(ranked) > 1 and ranked[0] == ranked[1]):
        return None
    return max(sums, key=lambda meaning: sums[meaning])
