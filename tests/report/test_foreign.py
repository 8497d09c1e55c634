"""Foreign text can be read and cannot mislead."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.report import foreign

CASES = [
    pytest.param("Laboratory A", "Laboratory A", id="plain text stays"),
    pytest.param("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;", id="markup is escaped"),
    pytest.param("\u202egpj", '<span class="unseen">U+202E</span>gpj', id="an override is shown"),
    pytest.param("a\u200bb", 'a<span class="unseen">U+200B</span>b', id="a hidden space is shown"),
    pytest.param("\x00\x00", '<span class="unseen">U+0000 ×2</span>', id="a run is shown once"),
    pytest.param("می\u200cخواهم", "می\u200cخواهم", id="a joiner belongs to Persian spelling"),
    pytest.param("\u0600", "\u0600", id="an Arabic sign prints"),
    pytest.param("e\u0301\u0302", "e\u0301\u0302", id="a few accents stay"),
    pytest.param(
        "e" + "\u0301" * 9,
        'e<span class="unseen">U+0301 ×9</span>',
        id="a pile of accents is shown",
    ),
    pytest.param("a\nb", 'a<span class="unseen">U+000A</span>b', id="a line break in a name"),
]


@pytest.mark.parametrize(("text", "shown"), CASES)
def test_what_a_reader_sees(text: str, shown: str) -> None:
    assert str(foreign(text)) == f'<bdi class="foreign">{shown}</bdi>'


def test_long_texts_keep_their_lines() -> None:
    assert str(foreign("a\n\nb", lines=True)) == '<bdi class="foreign">a<br><br>b</bdi>'


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    inside = str(foreign(text))[len('<bdi class="foreign">') : -len("</bdi>")]
    for character in inside:
        hidden = unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
        assert not hidden
        assert unicodedata.bidirectional(character) not in {
            *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        }
    assert inside.count("<") == inside.count("<span class=") + inside.count("</span>")
