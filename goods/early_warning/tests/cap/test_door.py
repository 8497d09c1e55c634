"""What attacks its reader is refused with a sentence, before anything is expanded or fetched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InputError
from early_warning import cap
from early_warning.cap.door import MAX_BYTES, open_xml
from goods.early_warning.tests.cap.examples import written

ALERT = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">{}</alert>'
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
)

ATTACKS = {
    "an entity that is never used": ('<!DOCTYPE a [<!ENTITY x "y">]><a/>', "<!DOCTYPE"),
    "an external entity": (
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "<!",
    ),
    "an external document type": ('<!DOCTYPE a SYSTEM "http://peer.example/a.dtd"><a/>', "<!DOC"),
    "a billion laughs": (f"<!DOCTYPE a [{LAUGHS}]><a>&l9;</a>", "<!DOCTYPE"),
    "an entity that nobody declared": ("<a>&x;</a>", "not well-formed"),
    "a huge depth": ("<a>" * 100_000 + "</a>" * 100_000, "not well-formed"),
    "a depth that the parser bears": (ALERT.format("<a>" * 50 + "</a>" * 50), "16 deep"),
    "a huge attribute": (f'<a b="{"c" * 100_000}"/>', "longer than 4,000"),
    "many attributes": ("<a " + " ".join(f'b{n}=""' for n in range(99)) + "/>", "more than 16"),
    "many elements": ("<a>" + "<b/>" * 100_001 + "</a>", "more than 100,000 elements"),
    "an inclusion": (
        '<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd"/></a>',
        "XInclude",
    ),
    "an instruction inside": ("<a><?php echo 1 ?></a>", "processing instruction"),
    "a style sheet inside": ("<a><?xml-stylesheet href='x'?></a>", "processing instruction"),
    "a style sheet after the end": ("<a/><?xml-stylesheet href='x'?>", "processing instruction"),
    "another instruction before": ("<?evil now?><a/>", "processing instruction"),
    "so many style sheets that to look through them takes minutes": (
        "<?xml-stylesheet?>" * 11 + "<a/>",
        "more than 10 processing",
    ),
    "a prefix that nobody declared": ("<cap:alert/>", "Namespace prefix cap"),
    "an encoding that hides its marks": (
        '<?xml version="1.0" encoding="UTF-7"?><a>+ADw-</a>',
        "encoded as UTF-7",
    ),
    "nothing": ("", "not well-formed"),
    "two roots": ("<a/><a/>", "not well-formed"),
    "bytes that are no UTF-8": (b"<a>\xff</a>", "not well-formed"),
    "a zero byte": (b"<a>\x00</a>", "not UTF-8"),
    "two bytes for each letter": ("<a/>".encode("utf-16"), "not UTF-8"),
    "too many bytes": (b" " * (MAX_BYTES + 1), "larger than"),
}


@pytest.mark.parametrize(("data", "words"), ATTACKS.values(), ids=ATTACKS.keys())
def test_the_door_refuses(data: str | bytes, words: str) -> None:
    content = data.encode() if isinstance(data, str) else data
    with pytest.raises(InputError, match=words):
        open_xml(content, where="in.xml")
    verdict = cap.judge(content, where="in.xml")
    assert verdict.kind == "refused"
    assert verdict.why is not None and "in.xml" in verdict.why


def test_a_style_sheet_before_the_alert_is_let_in_and_not_followed() -> None:
    head, _, rest = written().partition("\n")
    data = f'{head}\n<?xml-stylesheet type="text/xsl" href="http://peer.example/x.xsl"?>\n{rest}'
    assert cap.judge(data.encode()).valid


@pytest.mark.parametrize("name", ["UTF-8", "utf-8", "US-ASCII", "ISO-8859-1"])
def test_three_encodings_are_read(name: str) -> None:
    data = f'<?xml version="1.0" encoding="{name}"?><a>x</a>'.encode("ascii")
    assert open_xml(data).text == "x"


def test_latin_1_letters_are_read_as_what_they_are() -> None:
    data = '<?xml version="1.0" encoding="ISO-8859-1"?><a>Usulután</a>'.encode("latin-1")
    assert open_xml(data).text == "Usulután"


def test_a_byte_order_mark_does_no_harm() -> None:
    assert cap.judge(b"\xef\xbb\xbf" + written().encode()).valid


def test_an_error_says_the_line() -> None:
    with pytest.raises(InputError) as caught:
        open_xml(b"<a>\n<b>\n</a>", where="in.xml")
    assert caught.value.where == "in.xml, line 3"


@given(st.binary(max_size=300))
def test_no_bytes_make_the_judge_stumble(data: bytes) -> None:
    assert cap.judge(data).kind in ("refused", "not-cap")


@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=4))
def test_no_spoilt_alert_makes_the_judge_stumble(at: int, noise: bytes) -> None:
    data = written().encode()
    verdict = cap.judge(data[:at] + noise + data[at + len(noise) :])
    assert verdict.valid or verdict.why or verdict.findings
