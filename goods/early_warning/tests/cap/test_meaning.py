"""What a schema cannot see. Each row spoils the good alert in one place and names the rule."""

from __future__ import annotations

import pytest

from early_warning import cap
from goods.early_warning.tests.cap.examples import SQUARE, alert, written

AREA = f"<areaDesc>Coast</areaDesc>\n<polygon>{SQUARE}</polygon>"
POLYGON = f"<polygon>{SQUARE}</polygon>"
SENT = "2026-11-22T06:00:00+03:00"
REFERENCE = "<references>{}</references>\n<info>"
UPDATE = ("<msgType>Alert", "<msgType>Update")
EARLIER = "warnings@coast.example,a.1,2026-11-21T06:00:00+03:00"

Change = tuple[str, str]

ERRORS: dict[str, tuple[str, list[Change]]] = {
    "an identifier with a space": ("M1", [("<identifier>2.49", "<identifier>2 49")]),
    "an identifier with a comma": ("M1", [("<identifier>2.49", "<identifier>2,49")]),
    "an identifier with a &": ("M1", [("<identifier>2.49", "<identifier>&amp;2.49")]),
    "an empty sender": ("M1", [("<sender>warnings@coast.example", "<sender>")]),
    "a restricted message that does not say for whom": ("M2", [("Public<", "Restricted<")]),
    "a private message without addresses": ("M2", [("Public<", "Private<")]),
    "an Update of nothing": ("M3", [UPDATE]),
    "a Cancel of nothing": ("M3", [("<msgType>Alert", "<msgType>Cancel")]),
    "an Ack of nothing": ("M3", [("<msgType>Alert", "<msgType>Ack")]),
    "an Error about nothing": ("M3", [("<msgType>Alert", "<msgType>Error")]),
    "an Update with an empty reference": ("M3", [UPDATE, ("<info>", REFERENCE.format(" "))]),
    "a reference of two parts": ("M4", [UPDATE, ("<info>", REFERENCE.format("a,b"))]),
    "a reference with an empty part": (
        "M4",
        [UPDATE, ("<info>", REFERENCE.format(f"{EARLIER} a,,{SENT}"))],
    ),
    "a reference whose time is none": ("M4", [UPDATE, ("<info>", REFERENCE.format("a,b,now"))]),
    "a reference to the future": (
        "M4",
        [UPDATE, ("<info>", REFERENCE.format("a,b,2026-11-22T06:00:01+03:00"))],
    ),
    "a reference to itself": (
        "M4",
        [
            UPDATE,
            (
                "<info>",
                REFERENCE.format(f"warnings@coast.example,2.49.0.0.999.0.20261122030000.0,{SENT}"),
            ),
        ],
    ),
    "it expires before it is sent": ("M7", [("<expires>2026-11-23", "<expires>2026-10-10")]),
    "it expires when it is sent": ("M7", [("<expires>2026-11-23T12", "<expires>2026-11-22T06")]),
    "it expires before its onset": ("M7", [("<expires>2026-11-23T12", "<expires>2026-11-22T11")]),
    "an event without a name": ("M14", [("<event>Heavy rain", "<event> ")]),
    "a web address without its beginning": ("M15", [("<web>https://coast", "<web>coast")]),
    "no area": ("M18", [("<area>", "<!--"), ("</area>", "-->")]),
    "an area without a name": ("M18", [("<areaDesc>Coast", "<areaDesc>")]),
    "a polygon that is open": ("M20", [(POLYGON, "<polygon>1,1 1,2 2,2 2,1</polygon>")]),
    "a polygon of three points": ("M20", [(POLYGON, "<polygon>1,1 1,2 1,1</polygon>")]),
    "a polygon whose edges cross": ("M20", [(POLYGON, "<polygon>1,1 2,2 1,2 2,1 1,1</polygon>")]),
    "a polygon that encloses nothing": ("M20", [(POLYGON, "<polygon>1,1 2,2 3,3 1,1</polygon>")]),
    "a polygon with spaces in its points": ("M20", [(POLYGON, "<polygon>1, 1 2, 2</polygon>")]),
    "an empty polygon": ("M20", [(POLYGON, "<polygon/>")]),
    "a latitude beyond the pole": ("M20", [("11.5,42.5 11.5", "91.5,42.5 11.5")]),
    "a point that is no number": ("M20", [("11.5,42.5 11.5", "nan,42.5 11.5")]),
    "a polygon over the date line": (
        "M20",
        [(POLYGON, "<polygon>1,179 1,-179 2,-179 2,179 1,179</polygon>")],
    ),
    "a circle without a radius": ("M21", [(POLYGON, "<circle>11.5,42.5</circle>")]),
    "a circle with a negative radius": ("M21", [(POLYGON, "<circle>11.5,42.5 -1</circle>")]),
    "a circle that is no circle": ("M21", [(POLYGON, "<circle>here</circle>")]),
    "a circle larger than the Earth": ("M21", [(POLYGON, "<circle>1,1 40000</circle>")]),
    "a ceiling without an altitude": ("M22", [("</area>", "<ceiling>9</ceiling></area>")]),
    "a ceiling below the altitude": (
        "M22",
        [("</area>", "<altitude>10</altitude><ceiling>9</ceiling></area>")],
    ),
}

WARNINGS: dict[str, tuple[str, list[Change]]] = {
    "a restriction on a public message": (
        "M2",
        [("<info>", "<restriction>staff</restriction>\n<info>")],
    ),
    "a first Alert that refers": ("M3", [("<info>", REFERENCE.format(EARLIER))]),
    "an exercise without a name": ("M5", [("<status>Test", "<status>Exercise")]),
    "a Draft for the public": ("M5", [("<status>Test", "<status>Draft")]),
    "a System message for the public": ("M5", [("<status>Test", "<status>System")]),
    "no end": ("M8", [("<expires>2026-11-23T12:00:00+03:00</expires>\n", "")]),
    "an onset before it is sent": ("M9", [("<onset>2026-11-22T12", "<onset>2026-11-22T05")]),
    "an onset before it takes effect": (
        "M9",
        [("<effective>2026-11-22T06", "<effective>2026-11-22T13")],
    ),
    "UTC with a plus": ("M10", [(f"<sent>{SENT}", "<sent>2026-11-22T03:00:00+00:00")]),
    "a language of four letters": ("M11", [("<language>en", "<language>engl")]),
    "HTML in the text": ("M16", [("<description>", "<description>&lt;b&gt;Now&lt;/b&gt; ")]),
    "an HTML entity in the text": ("M16", [("<description>", "<description>&amp;nbsp;")]),
    "an area in words alone": (
        "M19",
        [
            (POLYGON, ""),
            ("<geocode>\n<valueName>P-code</valueName>\n<value>XC01</value>\n</geocode>", ""),
        ],
    ),
    "a circle that warns nobody": ("M21", [(POLYGON, "<circle>11.5,42.5 0</circle>")]),
    "a resource of no media type": (
        "M17",
        [
            (
                "<area>",
                "<resource><resourceDesc>map</resourceDesc><mimeType>map</mimeType>"
                "<uri>https://a.example/map</uri></resource><area>",
            )
        ],
    ),
    "a resource that is nowhere": (
        "M17",
        [
            (
                "<area>",
                "<resource><resourceDesc>map</resourceDesc><mimeType>image/png</mimeType>"
                "<uri>map.png</uri></resource><area>",
            )
        ],
    ),
}


def spoilt(changes: list[Change]) -> bytes:
    text = written()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()


def found(data: bytes, level: str) -> set[str]:
    verdict = cap.judge(data)
    assert verdict.alert is not None, (verdict.why, verdict.findings)
    return {f.rule for f in verdict.findings if f.profile == "cap" and f.level == level}


def test_the_good_alert_has_nothing_wrong_at_all() -> None:
    assert cap.judge(written().encode()).findings == ()


@pytest.mark.parametrize(("rule", "changes"), ERRORS.values(), ids=ERRORS.keys())
def test_an_error_is(rule: str, changes: list[Change]) -> None:
    data = spoilt(changes)
    assert found(data, "error") == {rule}
    assert not cap.judge(data).valid


@pytest.mark.parametrize(("rule", "changes"), WARNINGS.values(), ids=WARNINGS.keys())
def test_a_warning_is(rule: str, changes: list[Change]) -> None:
    data = spoilt(changes)
    assert found(data, "warning") == {rule}
    assert found(data, "error") == set()


def test_a_public_alert_that_says_nothing_is_an_error() -> None:
    head = written().partition("<info>")[0]
    assert found(f"{head}</alert>".encode(), "error") == {"M6"}


def test_a_cancel_may_come_after_its_end() -> None:
    data = spoilt(
        [
            ("<msgType>Alert", "<msgType>Cancel"),
            ("<info>", REFERENCE.format(EARLIER)),
            ("<expires>2026-11-23", "<expires>2026-11-21"),
        ]
    )
    assert (found(data, "error"), found(data, "warning")) == (set(), {"M7"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<severity>Severe", "<severity>Minor"),
        ("<urgency>Future", "<urgency>Immediate"),
        ("<certainty>Likely", "<certainty>Possible"),
        ("<category>Met", "<category>Fire"),
        ("<onset>2026-11-22T12", "<onset>2026-11-22T13"),
        ("<expires>2026-11-23T12", "<expires>2026-11-23T13"),
    ],
)
def test_languages_must_not_contradict_each_other(old: str, new: str) -> None:
    text = cap.write_alert(alert("en", "fr")).decode()
    english, french = text.rsplit("<info>", 1)
    assert old in french
    data = f"{english}<info>{french.replace(old, new, 1)}".encode()
    assert found(data, "error") == {"M12"}


def test_the_same_moment_in_another_zone_is_no_contradiction() -> None:
    text = cap.write_alert(alert("en", "fr")).decode()
    english, french = text.rsplit("<info>", 1)
    french = french.replace("<onset>2026-11-22T12:00:00+03:00", "<onset>2026-11-22T09:00:00-00:00")
    assert found(f"{english}<info>{french}".encode(), "error") == set()


def test_a_language_that_is_told_less_is_a_warning() -> None:
    text = cap.write_alert(alert("en", "fr")).decode()
    head, english, french = text.split("<info>")
    data = f"{head}<info>{english}<info>{english}<info>{french}".encode()
    assert found(data, "warning") == {"M12"}


def test_two_events_in_one_language_are_a_warning() -> None:
    text = written()
    head, english = text.split("<info>")
    other = english.replace("<event>Heavy rain", "<event>Strong wind")
    data = f"{head}<info>{english.removesuffix(chr(10)).removesuffix('</alert>')}<info>{other}"
    assert found(data.encode(), "warning") == {"M13"}


def test_a_flood_of_warnings_hides_no_error() -> None:
    head, english = written().split("<info>")
    english = english.removesuffix("</alert>\n")
    endless = english.replace("<expires>2026-11-23T12:00:00+03:00</expires>\n", "")
    last = english.replace("<event>Heavy rain", "<event>")
    data = head + f"<info>{endless}" * 500 + f"<info>{last}</alert>"
    assert {one.rule for one in cap.judge(data.encode()).errors("cap")} == {"M14"}


def test_a_finding_says_place_rule_and_source() -> None:
    (finding,) = cap.judge(spoilt([("<expires>2026-11-23", "<expires>2026-10-10")])).errors("cap")[
        :1
    ]
    assert str(finding) == (
        "alert/info[1]/expires: it expires at 2026-10-10T12:00:00+03:00, not after sent, "
        "2026-11-22T06:00:00+03:00 [M7, error; CAP 1.2, section 3.2.2]"
    )
