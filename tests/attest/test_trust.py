"""The trust file: what it may say, and what is refused with a sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_sign_seed_keypair

from comity.attest import Authority, Trust, TrustedKey, add_to_trust, load_trust, parse_trust
from comity.attest.toml import toml_line
from comity.attest.vkey import NoteKey
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


# Logs and witnesses.

LOG = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def vkey(name: str, kind: int, key: bytes) -> str:
    return NoteKey(name=name, kind=kind, public=key).vkey  # type: ignore[arg-type]


FIRST, SECOND, THIRD = (crypto_sign_seed_keypair(bytes([number]) * 32)[0] for number in range(1, 4))


def kept(origin: str, *, log: str = "", witness: str = "", name: str = "") -> str:
    lines = [f'[[authority]]\norigin = "{origin}"\nname = "{name or origin}"']
    lines += [f'log = "{log}"'] if log else []
    lines += [f'witness = "{witness}"'] if witness else []
    return "\n".join(lines) + "\n"


def test_an_authority_may_keep_a_log_and_witness_others() -> None:
    text = kept("a.test", log=vkey("a.test/log", 1, FIRST), witness=vkey("a.test", 4, SECOND))
    trust = parse_trust(text + "[quorum]\nwitnesses = 2\nmax_age_hours = 6\n")
    keeper = trust.keeper_of("a.test/log")
    assert keeper is not None
    assert keeper.origin == "a.test"
    assert [key.public for key in trust.log_keys("a.test/log")] == [FIRST]
    assert [(who, key.public) for who, key in trust.witnesses] == [("a.test", SECOND)]
    assert (trust.quorum.witnesses, trust.quorum.max_age_hours) == (2, 6)


def test_a_stranger_s_log_has_no_keys() -> None:
    assert (Trust().log_keys("a.test/log"), Trust().keeper_of("a.test/log")) == ((), None)
    assert (Trust().quorum.witnesses, Trust().quorum.max_age_hours) == (1, 48)


def test_while_a_log_changes_its_key_it_stands_in_two_blocks() -> None:
    text = kept("a.test", log=vkey("a.test/log", 1, FIRST))
    text += kept("a.test", log=vkey("a.test/log", 1, SECOND))
    assert [key.public for key in parse_trust(text).log_keys("a.test/log")] == [FIRST, SECOND]


BAD_LOGS = [
    pytest.param(kept("a.test"), "a key of its own", id="an authority without any key"),
    pytest.param(kept("a.test", log="a+b"), "not the public key of a log", id="no key"),
    pytest.param(kept("a.test", log=LOG[:-1] + "X"), "copied wrongly", id="a misspelt key"),
    pytest.param(
        kept("a.test", log=vkey("a.test", 4, FIRST)), "another purpose", id="a witness's as a log's"
    ),
    pytest.param(
        kept("a.test", witness=vkey("a.test", 1, FIRST)), "another purpose", id="and the other way"
    ),
    pytest.param(
        kept("a.test", log=vkey("\u0430.test/log", 1, FIRST)),
        "only ASCII",
        id="a look-alike letter",
    ),
    pytest.param(
        kept("a.test", log=vkey("a.test/log\u200b", 1, FIRST)), "only ASCII", id="an unseen letter"
    ),
    pytest.param(
        kept("a.test", witness=vkey("a.te\u017ft", 4, FIRST)), "only ASCII", id="a witness's, too"
    ),
    pytest.param(
        kept("a.test", log=vkey("a.test/log", 1, FIRST), witness=vkey("a.test", 4, FIRST)),
        "one key per purpose",
        id="one key for both",
    ),
    pytest.param(
        kept("a.test", witness=vkey("a.test", 4, FIRST))
        + kept("b.test", witness=vkey("b.test", 4, FIRST)),
        "one key per purpose",
        id="one witness's key under two names",
    ),
    pytest.param(
        kept("a.test", log=vkey("log", 1, FIRST)) + kept("b.test", log=vkey("log", 1, SECOND)),
        "given to two authorities",
        id="one log of two authorities",
    ),
    pytest.param("[quorum]\nwitnesses = 0", ">= 1", id="a quorum of nobody"),
    pytest.param("[quorum]\nwitnesses = 91", "<= 90", id="a quorum that no note can hold"),
    pytest.param("[quorum]\nwitness = 2", "unknown field", id="a misspelt quorum"),
]


@pytest.mark.parametrize(("text", "words"), BAD_LOGS)
def test_a_log_or_a_witness_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_trust(text, where="trust.toml")
    assert words in str(caught.value)


def test_logs_and_witnesses_are_added_as_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "trust.toml"
    log, witness = vkey("a.test/log", 1, FIRST), vkey("a.test", 4, SECOND)
    one = Authority(origin="a.test", name="A", log=log, witness=witness)
    assert add_to_trust(path, one) == load_trust(path)
    assert load_trust(path).authorities == (one,)
    again = Authority(origin="b.test", name="B", log=vkey("b.test", 1, THIRD))
    add_to_trust(path, again)
    assert load_trust(path).authorities == (one, again)


PEERS = """
[peers]
origins = ["lab.example"]
needed = 1
"""


def trust_text(more: str) -> str:
    key = KEY.public.base64
    return f"""
[[authority]]
origin = "lab.example"
name = "Laboratory A"
  [[authority.key]]
  public_key = "{key}"
{more}"""


def test_without_a_word_about_peers_nobody_is_one() -> None:
    assert parse_trust(trust_text("")).peers.origins == ()


def test_peers_are_named_with_how_many_are_needed() -> None:
    peers = parse_trust(trust_text(PEERS)).peers
    assert (peers.origins, peers.needed) == (("lab.example",), 1)


@pytest.mark.parametrize(
    "change, sentence",
    [
        (("needed = 1", ""), "needed"),
        (("needed = 1", "needed = 0"), ">= 1"),
        (("needed = 1", "needed = 2"), "more than there are peers"),
        (('["lab.example"]', '["lab.example", "lab.example"]'), "somebody twice"),
        (('["lab.example"]', '["east.example"]'), "no authority of this file"),
    ],
    ids=["how many is not said", "nobody is enough", "more than there are", "one twice",
         "a stranger"],
)  # fmt: skip
def test_no_peers(change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        parse_trust(trust_text(PEERS.replace(*change)))
