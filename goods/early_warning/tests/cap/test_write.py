"""The same alert gives the same bytes, and none with an error leaves."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InputError
from early_warning import cap
from goods.early_warning.tests.cap.examples import alert

GOLDEN = "db76fbd6eb336b5a074e3f5aa4b78591d2b80a45a5d6be7a5c0a36276ca53050"
XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")) | st.sampled_from("\t\n\r"),
    max_size=80,
)


def with_description(text: str) -> cap.Alert:
    good = alert()
    info = msgspec.structs.replace(good.infos[0], description=text)
    return msgspec.structs.replace(good, infos=(info,))


def test_the_bytes_are_these_on_every_machine() -> None:
    data = cap.write_alert(alert("en"))
    assert data == cap.write_alert(alert("en"))
    assert data.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">\n'
        b"<identifier>2.49.0.0.999.0.20261122030000.0</identifier>\n"
        b"<sender>warnings@coast.example</sender>\n"
    )
    assert hashlib.sha256(data).hexdigest() == GOLDEN


@given(XML_TEXT)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    written = cap.write_alert(with_description(text))
    assert cap.read_alert(written).infos[0].description == text


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\ufffe", "\ud800"])
def test_what_xml_cannot_hold_is_refused(bad: str) -> None:
    with pytest.raises(InputError, match=r"the character U\+"):
        cap.write_alert(with_description(f"rain{bad}"))


def test_an_alert_with_an_error_is_not_written() -> None:
    good = alert()
    info = msgspec.structs.replace(good.infos[0], expires="2026-11-22T05:00:00+03:00", areas=())
    with pytest.raises(InputError, match=r"not after sent.*rule M7") as caught:
        cap.write_alert(msgspec.structs.replace(good, infos=(info,)))
    assert caught.value.where == "alert/info[1]/expires"
    assert "one of 4" in caught.value.hint


def test_an_alert_that_is_not_cap_is_not_written() -> None:
    with pytest.raises(InputError, match="rule S7"):
        cap.write_alert(msgspec.structs.replace(alert(), status="Real"))


def test_markup_in_a_text_stays_text() -> None:
    written = cap.write_alert(with_description("</description></info><info>& ]]>"))
    assert len(cap.read_alert(written).infos) == 1
