"""The trust file: what it may say, and what is refused with a sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.attest import Authority, Trust, TrustedKey, add_to_trust, load_trust, parse_trust
from comity.attest.toml import toml_line
from comity.errors import InputError
from tests.attest.example import KEY, OTHER_KEY

ONE, TWO = KEY.public.base64, OTHER_KEY.public.base64


def block(origin: str = "lab.example", key: str = ONE, more: str = "", days: str = "") -> str:
    return f"""
[[authority]]
origin = "{origin}"
name = "Laboratory"
{more}
[[authority.key]]
public_key = "{key}"
{days}
"""


def authority(origin: str = "lab.example", key: str = ONE, name: str = "Laboratory") -> Authority:
    return Authority(origin=origin, name=name, keys=(TrustedKey(public_key=key),))


@pytest.mark.parametrize("text", ["", "\n\n", "# nobody yet\n", "\ufeff"])
def test_an_empty_trust_file_trusts_nobody(tmp_path: Path, text: str) -> None:
    path = tmp_path / "trust.toml"
    path.write_text(text, encoding="utf-8")
    assert load_trust(path) == Trust()
    assert load_trust(path).by_hint == {}


def test_a_key_is_found_by_the_digest_of_its_spki_bytes() -> None:
    trust = parse_trust(block() + block("other.example", TWO))
    found, key = trust.by_hint[OTHER_KEY.public.hint]
    assert (found.origin, key.public) == ("other.example", OTHER_KEY.public)
    assert len(trust.by_hint) == 2


def test_a_key_may_stand_as_pem() -> None:
    text = block().replace(f'"{ONE}"', f'"""\n{KEY.public.pem}"""')
    assert KEY.public.hint in parse_trust(text).by_hint


def test_an_authority_may_have_two_keys_in_one_block_or_two() -> None:
    together = block() + f'[[authority.key]]\npublic_key = "{TWO}"\n'
    apart = block() + block(key=TWO)
    for text in (together, apart):
        owners = {found.origin for found, _ in parse_trust(text).by_hint.values()}
        assert owners == {"lab.example"}
        assert len(parse_trust(text).by_hint) == 2


BAD = [
    pytest.param("authority = 1", "Expected `array`", id="not a list of authorities"),
    pytest.param("[[authority]", "not TOML", id="not TOML"),
    pytest.param("a = " + "[" * 5000, "nested too deeply", id="brackets 5,000 deep"),
    pytest.param("a = " + "9" * 5000, "not TOML", id="a number of 5,000 digits"),
    pytest.param("\n" + "a." * 300 + "a = 1", "line 2: the line has more than 100 dots", id="dots"),
    pytest.param("trust = true", "unknown field `trust`", id="an unknown table"),
    pytest.param(block(more="colour = 1"), "unknown field `colour`", id="an unknown field"),
    pytest.param(block(more='role = "king"'), "Invalid enum value", id="an unknown role"),
    pytest.param(block(origin="Lab"), "not allowed here", id="an origin in capitals"),
    pytest.param(block(key="AAAA"), "not a public key", id="a key that is none"),
    pytest.param(block(days="valid_until = 2020-13-01"), "not TOML", id="a month of 13"),
    pytest.param(block(days='valid_until = "soon"'), "valid_until", id="a day that is none"),
    pytest.param(
        block(days="valid_from = 2027-01-02\nvalid_until = 2027-01-01"),
        "`valid_until` lies before `valid_from`",
        id="a key that ends before it begins",
    ),
    pytest.param(
        block() + block("other.example"),
        "is given to lab.example and again to other.example",
        id="one key under two authorities",
    ),
    pytest.param(block() + block(), "again to lab.example", id="one key twice"),
    pytest.param(
        block() + block(key=TWO, more='role = "accredited"'),
        "listed twice, with another name, role or jurisdiction",
        id="one authority in two roles",
    ),
    pytest.param(
        '[[authority]]\norigin = "lab.example"', "missing required field", id="half a block"
    ),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_what_is_no_trust_file_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_trust(text, where="trust.toml")
    assert words in str(caught.value)
    assert caught.value.where.startswith("trust.toml")


def test_an_absent_trust_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such trust file"):
        load_trust(tmp_path / "trust.toml")


def test_adding_keeps_what_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "trust.toml"
    path.write_text("# called them on Monday" + block())
    trust = add_to_trust(path, authority("other.example", TWO))
    text = path.read_text()
    assert text.startswith("# called them on Monday")
    assert load_trust(path) == trust
    assert [a.origin for a in trust.authorities] == ["lab.example", "other.example"]


def test_adding_makes_the_file_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "trust.toml"
    entry = Authority(
        origin="lab.example",
        name="Labor „A“",
        role="independent",
        jurisdiction="DE",
        keys=(
            TrustedKey(public_key=ONE, valid_from=date(2026, 1, 1), valid_until=date(2027, 1, 1)),
        ),
    )
    add_to_trust(path, entry)
    assert load_trust(path) == Trust(authorities=(entry,))


def test_adding_a_contradiction_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "trust.toml"
    add_to_trust(path, authority())
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"again to thief\.example"):
        add_to_trust(path, authority("thief.example"))
    with pytest.raises(InputError, match="another name"):
        add_to_trust(path, authority(key=TWO, name="Another"))
    assert path.read_bytes() == before


@given(st.text(max_size=200))
def test_any_text_survives_the_way_through_toml(name: str) -> None:
    import tomllib

    assert tomllib.loads(toml_line("name", name)) == {"name": name}


def test_half_a_character_is_refused() -> None:
    with pytest.raises(InputError, match="not proper Unicode"):
        toml_line("name", "\ud800")
